"""Headers that keep a browser out of trouble, on every answer."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.place import route_path, under_api

PAGE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""For the console: NiceGUI writes its scripts into the page, and Vue compiles templates there; all from our own origin."""
DATA = "default-src 'none'; frame-ancestors 'none'"

BOTH = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
Raw = list[tuple[bytes, bytes]]


def _raw(headers: dict[str, str]) -> Raw:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


ALWAYS: dict[tuple[bool, bool], Raw] = {
    (api, https): _raw(
        BOTH
        | {"Content-Security-Policy": DATA if api else PAGE}
        | ({"Cache-Control": "no-store"} if api else {})
        | (HTTPS if https else {})
    )
    for api in (False, True)
    for https in (False, True)
}
"""By whether it is under /api, and over https; made once, for they go on every answer."""


class Headers:
    """ASGI middleware around everything, errors too. Its headers stand in place of a handler's own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = ALWAYS[under_api(route_path(scope)), scope["scheme"] == "https"]
        names = {name for name, _ in ours}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                theirs = [one for one in message.get("headers", ()) if one[0].lower() not in names]
                message = {**message, "headers": [*theirs, *ours]}
            await send(message)

        await self._app(scope, receive, with_headers)
