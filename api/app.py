"""The one composition root: plans, HTTP, console."""

from __future__ import annotations

from fastapi import FastAPI

from api import errors
from api.http import openapi, plans
from api.library import library
from engine.plan.load import Loaded


def create_app(loaded: Loaded | None = None, *, console: bool = True) -> FastAPI:
    """The application over these plans (default: those that come with Yuan). Without the console it is the API alone."""
    loaded = loaded or library()
    app = FastAPI(
        title="Yuan 预案", version="0.1.0", description="按预案原文的条件研判级别，列出任务、签发人和时限。", redoc_url=None
    )
    app.state.loaded = loaded
    errors.install(app)
    openapi.install(app, loaded)
    app.include_router(plans.router)
    if console:
        from api.console import mount

        mount(app, loaded)
    return app
