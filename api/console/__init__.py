"""The web console: one page at `/`, with every asset from this machine."""

from __future__ import annotations

from fastapi import FastAPI
from nicegui import app as pages
from nicegui import ui
from starlette.exceptions import HTTPException

from api.console import texts
from api.console.clause import ReadClause
from api.console.page import Console
from api.library import Library

KEPT = 60
"""Seconds for which a case outlives its connection; longer ones would be noticed later when they break."""


def mount(app: FastAPI, library: Library, read: ReadClause) -> None:
    """Put the console at `/` of the application, after its other routes. Each browser tab gets a state of its own.

    Addresses that do not exist are answered as the application answers them. No storage and no cookies are used.
    NiceGUI keeps one set of pages a process: of several applications in one process, the last one's plans are shown.
    """

    @ui.page("/")
    def index() -> None:
        Console(library.current(), read)

    answer = app.exception_handlers.get(HTTPException)
    if answer is not None:
        pages.add_exception_handler(404, answer)
    if pages.middleware_stack is not None:
        app.mount("/", pages)
        return
    ui.run_with(
        app, title=texts.TITLE, language="zh-CN", dark=True, tailwind=False, show_welcome_message=False, reconnect_timeout=KEPT
    )
