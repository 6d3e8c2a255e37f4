"""The one composition root: plans, HTTP, console."""

from __future__ import annotations

from fastapi import FastAPI

from api import errors
from api.gazettes import Gazettes, clause_data
from api.http import docs, openapi, plans
from api.library import Library
from api.settings import Settings, read_settings


def create_app(library: Library | None = None, settings: Settings | None = None, *, console: bool = True) -> FastAPI:
    """The application over these plans (default: those that come with Yuan and the office's own). Without the console it is the API alone."""
    library = library or Library()
    app = FastAPI(
        title="Yuan 预案",
        version="0.1.0",
        description="按预案原文的条件研判级别，列出任务、签发人和时限。",
        docs_url=None,
        redoc_url=None,
    )
    app.state.library = library
    app.state.settings = settings = settings or read_settings()
    errors.install(app)
    openapi.install(app, library)
    docs.install(app)
    app.include_router(plans.router)
    errors.install_fallback(app, (plans.router,))
    if console:
        from api.console import mount

        gazettes = None if settings.gazettes is None else Gazettes(settings.gazettes)
        mount(app, library, lambda plan, clause: clause_data(plan, clause, gazettes))
    return app
