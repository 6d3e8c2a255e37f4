"""The web console: every screen of the duty office, with every asset from this machine."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from nicegui import Client, ui
from nicegui import app as pages
from starlette.exceptions import HTTPException
from starlette.requests import Request

from api.console import texts
from api.console.clause import ReadClause
from api.console.page import Console
from api.console.plain import nowhere, refusal, refusal_of
from api.http.wings import base_of
from api.library import Library
from api.office import Office
from api.people.guests import LIVE_ONLY
from api.wings import NOT_IN_CAST
from engine.plan.finding import YuanError

KEPT = 60
"""Seconds for which a page outlives its connection; longer ones would be noticed later when they break."""
SCRIPTS = tuple(Path(__file__).with_name(name) for name in ("console.js", "choose.js", "facts.js"))


def mount(app: FastAPI, library: Library, read: ReadClause, office: Office | None = None, own: str | None = None) -> None:
    """Put the console at `/` of the application, after its other routes.

    With an office: all screens, behind the login. Without one: the page that assesses typed facts, alone.
    Addresses that do not exist are answered as the application answers them, to people with a page. NiceGUI keeps one set of pages a process: of
    several applications in one process, the last one's are shown.
    """
    if office is None:

        @ui.page("/")
        def index() -> None:
            Console(library.current(), read)

    else:
        _office(app, library, read, office, own)
    answer = app.exception_handlers.get(HTTPException)
    if answer is not None:
        pages.add_exception_handler(404, nowhere(answer))
    if pages.middleware_stack is not None:
        app.mount("/", pages)
        return
    ui.run_with(
        app, title=texts.TITLE, language="zh-CN", dark=True, tailwind=False, show_welcome_message=False, reconnect_timeout=KEPT
    )


def _office(app: FastAPI, library: Library, read: ReadClause, office: Office, own: str | None) -> None:
    from api.console.backtests import add_backtests
    from api.console.demo_parts import demo_logins
    from api.console.hub import Hub
    from api.console.login import login_page
    from api.console.recent_log import keep_recent
    from api.console.rooms import Room, Rooms
    from api.console.screen import Screen
    from api.console.screens import IN_DRILLS, SCREENS
    from api.console.screens.incident_series import add_series_drawing
    from api.console.screens.sweep_export import add_sweep_page
    from api.console.tab import Tab, own_landmarks
    from api.console.visit import Place, visit_of

    hub = Hub(office.live, office.people.changes)
    place = Place(library, office, own, read, app.state.settings, lambda: hub.tabs, drills=getattr(app.state, "drills", None))
    rooms = Rooms(Room(place, hub), app.state.wings)
    keep_recent()
    add_series_drawing(app, rooms)
    add_sweep_page(app, rooms)
    add_backtests(app, rooms)

    @app.get("/login", include_in_schema=False)
    def login() -> HTMLResponse:
        return HTMLResponse(login_page(None if office.demo is None else demo_logins(office.demo)))

    @app.get("/console.js", include_in_schema=False)
    def script() -> Response:
        return Response(
            b"\n".join(one.read_bytes() for one in SCRIPTS), media_type="text/javascript", headers={"Cache-Control": "no-cache"}
        )

    def add(path: str, live: type[Screen] | None, in_wing: type[Screen] | None) -> None:
        some = live or in_wing
        assert some is not None

        @ui.page(path, title=f"{some.title} · 值班台", response_timeout=20)
        def show(request: Request, client: Client) -> Response | None:
            room, base = rooms.of(request), base_of(request)
            visit = visit_of(room.place, request)
            if visit is None:
                return RedirectResponse(f"/login?next={request.url.path}", 303)
            roles = visit.at_desk().caller.actor.roles
            if base and not roles:
                return refusal(*NOT_IN_CAST, 403)
            kind = in_wing if base else live
            if kind is None:
                return refusal(LIVE_ONLY, "回实况值班台办理", 403, base) if base else refusal("没有这个地址", "从值班台进去", 404)
            if not roles & kind.roles:
                return refusal("您的角色不能看这一屏", "需要别的角色，请管理员授予", 403, base)
            try:
                Tab(kind(visit), IN_DRILLS if base else SCREENS, room.hub, client).draw()
            except YuanError as error:
                return refusal_of(error, base)
            return None

    live, in_wing = ({one.path: one for one in listed} for listed in (SCREENS, IN_DRILLS))
    for path in {**live, **in_wing}:
        add(path, live.get(path), in_wing.get(path))

    @ui.page("/plans/{plan_id}/assess", title="研判 · 值班台")
    def assess(request: Request, client: Client, plan_id: str) -> Response | None:
        if base := base_of(request):
            return refusal(LIVE_ONLY, "回实况值班台办理", 403, base)
        if visit_of(place, request) is None:
            return RedirectResponse(f"/login?next={request.url.path}", 303)
        loaded = library.current()
        if plan_id not in loaded.plans:
            return refusal(f"没有预案“{plan_id}”", "从“预案”一屏选", 404)
        own_landmarks(client)
        Console(loaded, read, plan_id, f"/plans/{plan_id}")
        return None
