"""The one composition root: plans, HTTP, the duty office, console."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI

from api import errors
from api.drills.drills import Drills
from api.drills.record import FOLDER
from api.gazettes import Gazettes, clause_data
from api.http import desk_routes, docs, events, openapi, plans, security, wings
from api.http.streams import ended_by_signals
from api.library import Library
from api.office import Office
from api.settings import Settings, read_settings
from api.wings import Wings


def create_app(
    library: Library | None = None,
    settings: Settings | None = None,
    *,
    console: bool = True,
    office: Office | None = None,
    drills: bool | None = None,
) -> FastAPI:
    """The application over these plans (default: those that come with Yuan and the office's own).

    office: the duty office on its store, started and stopped with the application; without one there are plans and
    assessments alone. Without the console it is the API alone. drills: whether exercises are played in this process; as a rule
    in the one that has the console, for their clocks run in it.
    """
    library = library or Library()
    app = FastAPI(
        title="Yuan 预案",
        version="0.1.0",
        description="按预案原文的条件研判级别，列出任务、签发人和时限；登记事件，签发决定，督办任务，留存值班日志。",
        docs_url=None,
        redoc_url=None,
        lifespan=None if office is None else _lifespan(office),
    )
    app.state.library = library
    app.state.settings = settings = settings or read_settings()
    errors.install(app)
    openapi.install(app, library)
    docs.install(app)
    app.include_router(plans.router)
    routers = [plans.router]
    if office is not None:
        security.install(app, office.people)
        wings.install(app, Wings(office.people))
        app.state.drills = _drills(app, library, settings, office) if (console if drills is None else drills) else None
        routers += [*security.ROUTERS, *desk_routes.install(app, office)]
    errors.install_fallback(app, routers)
    if console:
        from api.console import mount

        gazettes = None if settings.gazettes is None else Gazettes(settings.gazettes)
        mount(app, library, lambda plan, clause: clause_data(plan, clause, gazettes), office, settings.jurisdiction)
    return app


def _drills(app: FastAPI, library: Library, settings: Settings, office: Office) -> Drills:
    """The exercises beside an office, in a folder of their own. Screens of the office are told when they begin, branch or end."""
    found = Drills(settings.data_dir.expanduser() / FOLDER, library, app.state.wings, office.desk.clock)
    found.told = office.people.changes.tell
    return found


def _lifespan(office: Office) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Start the office before the first request, and stop it after the last."""

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        await to_thread.run_sync(office.start)
        try:
            with ended_by_signals(events.streams_of(app).close, app.state.wings.end_streams):
                yield
        finally:
            if app.state.drills is not None:
                await to_thread.run_sync(app.state.drills.close)
            app.state.wings.close()
            await to_thread.run_sync(office.stop)

    return running
