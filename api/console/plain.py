"""Pages without a screen, in plain HTML with no socket: what leads nowhere, and what somebody may not see."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable

from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import Response

from api.console.markup import Markup, tag
from api.console.office_style import OFFICE_STYLE
from api.errors import STATUS
from api.http.security import STATUS as STATUS_OF_REFUSALS
from engine.plan.finding import YuanError

Answer = Callable[[Request, Exception], Response | Awaitable[Response]]
DRESS = 'document.body.classList.toggle("body--dark", localStorage.getItem("yuan-light") !== "on");'
"""In the theme that was chosen at this browser."""


def plain_page(title: str, body: Markup, script: str = "") -> str:
    """The whole document."""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">{tag("title", f"{title} · 值班台")}'
        f'<meta name="viewport" content="width=device-width"><style>{OFFICE_STYLE}</style></head>'
        f'<body class="body--dark">{body}<script>{script}{DRESS}</script></body></html>'
    )


def refusal(words: str, remedy: str, status: int, base: str = "") -> HTMLResponse:
    """A page that says why there is no screen, what to do, and how to go on; in a drill, back to it or to the live office."""
    drill = tag("a", "回推演", href=f"{base}/") if base else None
    body = tag("main", tag("h1", words), tag("p", remedy), drill, tag("a", "回值班台", href="/"), class_="yuan refused")
    return HTMLResponse(plain_page(words, body), status)


def refusal_of(error: YuanError, base: str = "") -> HTMLResponse:
    """The same for what a screen could not show."""
    status = {**STATUS, **STATUS_OF_REFUSALS, "unknown-name": 404}.get(error.code, 500)
    return refusal(error.message, error.remedy, status, base)


def nowhere(answer: Answer) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Of an address that leads nowhere: a page to who reads pages; to programs, what the interface answers."""

    async def to_whom(request: Request, error: Exception) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            return refusal("没有这个地址", f"{request.url.path} 不是值班台的一屏。检查地址，或从值班台进去", 404)
        found = answer(request, error)
        return await found if isawaitable(found) else found

    return to_whom
