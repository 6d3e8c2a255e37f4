"""The routes of the duty office, put into the application in one place."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from api.http import (
    decisions,
    demo,
    drill_files,
    drill_stage,
    drills,
    events,
    facts,
    handling,
    handovers,
    incident_duties,
    incidents,
    journal,
    sweeps,
    watches,
    whatif,
)
from api.http.once import Once
from api.office import Office

ROUTERS: tuple[APIRouter, ...] = (
    incidents.router,
    handling.router,
    facts.router,
    decisions.router,
    incident_duties.router,
    journal.router,
    watches.router,
    whatif.router,
    sweeps.router,
    handovers.router,
    events.router,
    demo.router,
    drills.router,
    drill_files.router,
    drill_stage.router,
)


def install(app: FastAPI, office: Office) -> tuple[APIRouter, ...]:
    """Add every router of the office; handlers find it at `app.state.office`."""
    app.state.office = office
    app.state.once = Once()
    events.install(app, office.live)
    for router in ROUTERS:
        app.include_router(router)
    return ROUTERS
