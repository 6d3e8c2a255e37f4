"""One JSON shape for every error: code, message, where, remedy."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.reading import BadInput, parse_json
from engine.contract import error_data
from engine.plan.finding import UnknownName, YuanError

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]
log = logging.getLogger("yuan")
STATUS = {
    "bad-input": 400,
    "bad-folder": 500,
    "bad-setting": 500,
    "fact-invalid": 422,
    "unknown-name": 422,
    "too-complex": 422,
    "scenario-invalid": 422,
    "bad-exchange": 422,
    "bad-issue": 422,
    "illegal-move": 409,
    "conflict": 409,
    "refused": 409,
    "not-yours": 403,
    "key-reused": 409,
    "no-incident": 404,
    "bad-journal": 500,
    "already-there": 409,
    "not-empty": 409,
    "store-unavailable": 503,
    "store-damaged": 500,
    "too-large": 413,
}
PARAMETER_WORDS = {
    "missing": "缺少这个参数",
    "extra_forbidden": "不认识的键",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "timezone_aware": "时间要写明时区，如 +08:00",
    "literal_error": "不是可用的值",
}
"""What pydantic finds wrong with a parameter."""
HTTP_WORDS = {
    404: ("not-found", "没有这个地址", "见 /docs 列出的地址"),
    405: ("not-allowed", "这个地址不支持这种方法", "见 /docs"),
}


class TooLarge(YuanError):
    """A body over the limit."""

    code = "too-large"


def install_fallback(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Answer for every address under /api that no route has, before a page mounted at `/` would: 404, or 405 for a wrong method."""

    @app.api_route("/api/{rest:path}", methods=METHODS, include_in_schema=False)
    def no_route(request: Request, rest: str) -> None:
        known = any(route.matches(request.scope)[0] is Match.PARTIAL for router in routers for route in router.routes)
        raise HTTPException(405 if known else 404)


def install(app: FastAPI) -> None:
    """Answer every error in the one shape."""

    @app.exception_handler(YuanError)
    def of_yuan(request: Request, error: YuanError) -> JSONResponse:
        missing = isinstance(error, UnknownName) and error.where == "plan"
        return JSONResponse(error_data(error), 404 if missing else STATUS.get(error.code, 500))

    @app.exception_handler(HTTPException)
    def of_http(request: Request, error: HTTPException) -> JSONResponse:
        code, message, remedy = HTTP_WORDS.get(error.status_code, ("http", str(error.detail), "见 /docs"))
        return JSONResponse(
            {"code": code, "message": message, "where": request.url.path, "remedy": remedy},
            error.status_code,
            headers=error.headers,
        )

    @app.exception_handler(RequestValidationError)
    def of_request(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        if first["type"] == "json_invalid" and isinstance(error.body, str):
            try:
                parse_json(error.body, "body")
            except BadInput as wrong:
                return JSONResponse(error_data(wrong), 422)
        where = ".".join(str(part) for part in first["loc"])
        message = PARAMETER_WORDS.get(first["type"], "这个参数的值不对")
        if first["type"] == "value_error":
            message = str(first["ctx"]["error"])
        return JSONResponse({"code": "bad-input", "message": message, "where": where, "remedy": "见 /docs 中这个参数的写法"}, 422)

    @app.exception_handler(Exception)
    def of_anything(request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error at %s", request.url.path, exc_info=error)
        return JSONResponse(
            {
                "code": "internal",
                "message": "程序出错，本次请求没有结果",
                "where": request.url.path,
                "remedy": "看服务日志并报告",
            },
            500,
        )
