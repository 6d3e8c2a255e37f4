"""The error answers of a route, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

MEANING = {
    400: "请求体不是 JSON",
    401: "没有登录，或登录已过期",
    403: "没有这个权限：需要的角色、令牌范围或辖区见 message",
    404: "没有这一项",
    409: "与已有的记录冲突",
    413: "请求体太大",
    422: "值不对",
    429: "尝试过多；Retry-After 给出还要等的秒数",
    503: "数据库暂时不能用",
}


class Error(BaseModel):
    """The one shape of an error."""

    code: str
    message: str
    where: str
    remedy: str


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These error answers, each with its meaning."""
    return {status: {"model": Error, "description": MEANING[status]} for status in statuses}


GUARDED = errors(401, 403, 422, 503)
CHANGING = errors(401, 403, 404, 409, 413, 422, 503)
