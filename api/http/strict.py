"""JSON bodies read strictly: within a limit, no key twice, no half characters. What comes in is checked before it is typed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Path, Query, Request
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from api.errors import TooLarge
from api.http.answers import Error, errors
from api.http.body import MOST_BODY
from api.http.fields import When
from api.reading import BadInput, parse_json
from engine.trigger.facts import CHINA

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRoute(APIRoute):
    """A route whose body, if it has one, is parsed as `parse_json` does."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            body = await _body(request)
            request._body = body
            if body:
                request._json = parse_json(body, "body")
            return await handle(request)

        return strictly


async def _body(request: Request) -> bytes:
    parts = bytearray()
    try:
        async for part in request.stream():
            parts += part
            if len(parts) > MOST_BODY:
                raise TooLarge(f"请求体超过 {MOST_BODY // 1_000_000} MB", where="body", remedy="分成几次提交")
    except ClientDisconnect:
        raise BadInput("请求没有传完", where="body", remedy="重新提交") from None
    return bytes(parts)


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("要写在一行内，不含控制字符")
    return text


def _local(moment: datetime) -> datetime:
    return moment.astimezone(CHINA)


def _unescaped(text: Any) -> Any:
    """A `+` in an address arrives as a space."""
    return text.replace(" ", "+") if isinstance(text, str) else text


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_one_line)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Post = Annotated[Line, Field(max_length=64, description="职务，与预案所写一致")]
PlanId = Annotated[str, Field(min_length=1, max_length=200, description="预案的 id")]
Time = Annotated[When, AfterValidator(_local)]
PastMoment = Annotated[
    Time | None,
    BeforeValidator(_unescaped),
    Query(description="当时的样子：这个时刻日志里有什么就是什么，如 2026-11-22T08:30:00+08:00"),
]
IncidentId = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,40}$", description="事件的编号")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,128}$",
        description="幂等键：没有得到回答时，用同一个键重发，不会记两遍",
    ),
]

READS = errors(401, 403, 404, 422, 503)
WRITES: dict[int | str, dict[str, Any]] = {
    **errors(400, 401, 403, 404, 409, 422, 503),
    413: {"model": Error, "description": "请求体太大"},
}


def example(*answers: Any, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """An example of the answer, for the OpenAPI document."""
    return {status: {"content": {"application/json": {"example": answers[0]}}}}
