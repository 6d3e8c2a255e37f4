"""A limit on the body of a request, whether it says its length or not."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope


class BodyTooLarge(HTTPException):
    """More came than the route takes. An HTTPException, because FastAPI turns any other error of reading into a 400."""

    def __init__(self, most: int) -> None:
        super().__init__(413, f"请求体超过 {most} 字节")


def limited(scope: Scope, receive: Receive, most: int) -> Receive:
    """Receive no more than this. Raises BodyTooLarge, at once where the request says its length."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > most:
            raise BodyTooLarge(most)
    came = 0

    async def receive_some() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise BodyTooLarge(most)
        return message

    return receive_some
