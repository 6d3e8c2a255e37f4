"""The way into a wing: `/drill/<key>/…` is served as `/…` is, by the office of that key."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.place import route_path
from api.office import Office
from api.people.refusal import Missing
from api.people.service import PeopleService
from api.wings import UNDER, Wing, Wings

WING = "wing"
"""Under which name the wing of a request stands in its state."""
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]


class Doors:
    """ASGI middleware around everything. A request to a wing goes on with the wing in its state, and the wing's address as root path.

    One to a wing that is not there goes on as it is: no route has its address.
    """

    def __init__(self, app: ASGIApp, wings: Wings) -> None:
        self._app = app
        self._wings = wings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"} and (path := route_path(scope)).startswith(UNDER):
            key, _, rest = path.removeprefix(UNDER).partition("/")
            wing = self._wings.find(key)
            if wing is not None:
                root = scope.get("root_path", "") + wing.path
                state = {**(scope.get("state") or {}), WING: wing}
                scope = {**scope, "root_path": root, "path": f"{root}/{rest}", "state": state}
        await self._app(scope, receive, send)


def wing_of(scope: Scope) -> Wing | None:
    """The wing that a request goes to; None for the live office."""
    found: dict[str, Any] = scope.get("state") or {}
    return found.get(WING)


def office_of(request: Request) -> Office:
    """The office that a request goes to."""
    wing = wing_of(request.scope)
    office: Office = request.app.state.office if wing is None else wing.office
    return office


def people_of(request: Request) -> PeopleService:
    """The people of that office."""
    wing = wing_of(request.scope)
    people: PeopleService = request.app.state.people if wing is None else wing.office.people
    return people


def base_of(request: Request) -> str:
    """What stands before every address of the wing that a request goes to; nothing at the live office."""
    return "" if wing_of(request.scope) is None else str(request.scope["root_path"])


def install(app: FastAPI, wings: Wings) -> None:
    """Let the application serve wings, which are added and removed while it runs. To be called after `security.install`."""
    app.state.wings = wings
    inner = app.build_middleware_stack
    app.build_middleware_stack = lambda: Doors(inner(), wings)  # type: ignore[method-assign]

    @app.api_route("/drill/{key}", methods=METHODS, include_in_schema=False)
    @app.api_route("/drill/{key}/{rest:path}", methods=METHODS, include_in_schema=False)
    def no_wing(key: str, rest: str = "") -> None:
        raise Missing("没有这个推演，或已结束", where="drill", remedy="回实况值班台，从“推演”一屏进入")
