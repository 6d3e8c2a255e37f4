"""Request bodies: JSON within a limit, and lines of a stream of any length."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from anyio import to_thread
from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.cases import MOST_LINE
from api.errors import TooLarge
from api.reading import BadInput, parse_json

MOST_BODY = 5_000_000
Lines = list[bytes | None]


async def json_body(request: Request) -> Any:
    """The body as JSON. Raises TooLarge or BadInput; reading stops at the limit."""
    parts = bytearray()
    try:
        async for part in request.stream():
            parts += part
            if len(parts) > MOST_BODY:
                raise TooLarge(
                    f"请求体超过 {MOST_BODY // 1_000_000} MB", where="body", remedy="分成几次，或用 /assess/batch 逐行提交"
                )
    except ClientDisconnect:
        raise BadInput("请求没有传完", where="body", remedy="重新提交") from None
    return parse_json(bytes(parts), "body")


class LineResponse(Response):
    """Answers the lines of the request as they come, in constant memory.

    It reads the request itself: a streaming response beside a request that is still being read would take its messages.
    """

    media_type = "application/x-ndjson"

    def __init__(self, answer: Callable[[Lines], bytes], status_code: int = 200) -> None:
        super().__init__(status_code=status_code)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in self.raw_headers if name != b"content-length"]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        async for lines in _lines(receive):
            body = await to_thread.run_sync(self._answer, lines)
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _lines(receive: Receive) -> AsyncIterator[Lines]:
    """The body's lines, as many at a time as have come; None stands for one that is over the limit."""
    rest = bytearray()
    skipping = False
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        more = message.get("more_body", False)
        rest += message.get("body", b"")
        found: Lines = []
        *whole, last = rest.split(b"\n")
        for line in whole:
            found.append(None if skipping else bytes(line))
            skipping = False
        rest = bytearray(last)
        if len(rest) > MOST_LINE:
            rest.clear()
            skipping = True
        if not more and (skipping or rest.strip()):
            found.append(None if skipping else bytes(rest))
        if found:
            yield found
