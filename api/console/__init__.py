"""The web console: one page at `/`, with every asset from this machine."""

from __future__ import annotations

from fastapi import FastAPI
from nicegui import ui

from api.console import texts
from api.console.page import Console
from engine.plan.load import Loaded


def mount(app: FastAPI, loaded: Loaded) -> None:
    """Put the console at `/` of the application. Each browser tab gets a state of its own."""

    @ui.page("/")
    def index() -> None:
        Console(loaded)

    ui.run_with(app, title=texts.TITLE, language="zh-CN", dark=True, tailwind=False, show_welcome_message=False)
