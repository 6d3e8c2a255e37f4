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
from api.library import Library
from api.office import Office
from engine.plan.finding import YuanError

KEPT = 60
"""Seconds for which a page outlives its connection; longer ones would be noticed later when they break."""
SCRIPTS = tuple(Path(__file__).with_name(name) for name in ("console.js", "choose.js", "facts.js"))


def mount(app: FastAPI, library: Library, read: ReadClause, office: Office | None = None, own: str | None = None) -> None:
    """Put the console at `/` of the application, after its other routes.

    With an office: all screens, behind the login. Without one: the page that assesses typed facts, alone.
    Addresses that do not exist are answered as the application answers them. NiceGUI keeps one set of pages a process: of
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
        pages.add_exception_handler(404, answer)
    if pages.middleware_stack is not None:
        app.mount("/", pages)
        return
    ui.run_with(
        app, title=texts.TITLE, language="zh-CN", dark=True, tailwind=False, show_welcome_message=False, reconnect_timeout=KEPT
    )


def _office(app: FastAPI, library: Library, read: ReadClause, office: Office, own: str | None) -> None:
    from api.console.demo_parts import demo_logins
    from api.console.hub import Hub
    from api.console.login import login_page
    from api.console.recent_log import keep_recent
    from api.console.screen import Screen
    from api.console.screens import SCREENS
    from api.console.screens.incident_series import add_series_drawing
    from api.console.tab import Tab, refused
    from api.console.visit import Place, visit_of

    hub = Hub(office.live)
    place = Place(library, office, own, read, app.state.settings, lambda: hub.tabs)
    keep_recent()
    add_series_drawing(app, place)

    @app.get("/login", include_in_schema=False)
    def login() -> HTMLResponse:
        return HTMLResponse(login_page(None if office.demo is None else demo_logins(office.demo)))

    @app.get("/console.js", include_in_schema=False)
    def script() -> Response:
        return Response(
            b"\n".join(one.read_bytes() for one in SCRIPTS), media_type="text/javascript", headers={"Cache-Control": "no-cache"}
        )

    def add(kind: type[Screen]) -> None:
        @ui.page(kind.path, title=f"{kind.title} · 值班台", response_timeout=20)
        def show(request: Request, client: Client) -> Response | None:
            visit = visit_of(place, request)
            if visit is None:
                return RedirectResponse(f"/login?next={request.url.path}", 303)
            roles = visit.at_desk().caller.actor.roles
            if not roles & kind.roles:
                refused("您的角色不能看这一屏", "需要别的角色，请管理员授予")
                return None
            try:
                Tab(kind(visit), SCREENS, hub, client).draw()
            except YuanError as error:
                refused(error.message, error.remedy)
            return None

    for kind in SCREENS:
        add(kind)

    @ui.page("/plans/{plan_id}/assess", title="研判 · 值班台")
    def assess(request: Request, plan_id: str) -> Response | None:
        if visit_of(place, request) is None:
            return RedirectResponse(f"/login?next={request.url.path}", 303)
        loaded = library.current()
        if plan_id not in loaded.plans:
            refused(f"没有预案“{plan_id}”", "从“预案”一屏选")
            return None
        Console(loaded, read, plan_id, f"/plans/{plan_id}")
        return None
