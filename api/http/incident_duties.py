"""`/api/v1/incidents/{incident_id}/duties` and `/api/v1/deadlines`: who must do what by when, and how far it is."""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import Annotated, Any
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field

from api.desk.desk import Desk
from api.http.at_desk import WRITTEN_EXAMPLE, TheDesk
from api.http.fields import Body
from api.http.strict import READS, WRITES, IncidentId, PastMoment, StrictRoute, Text, Time, example
from engine.contract.incident import duties_data
from engine.contract.moment import stamp
from engine.contract.work import by_unit, work_data
from engine.incident.assignment import open_duties
from engine.incident.board import board
from engine.incident.command import MarkDuty
from engine.incident.event import DutyStep
from engine.incident.state import Incident
from engine.plan.model import Plan

router = APIRouter(prefix="/api/v1", tags=["duties"], route_class=StrictRoute)
SHOWN = 20
"""How many incidents are named beside a unit; the count is of all."""


class StepBody(Body):
    """How far a duty is. Not applicable and impossible need a note."""

    step: DutyStep
    happened_at: Annotated[Time | None, Field(description="什么时候；不写则为现在")] = None
    note: Text | None = None


@router.get("/incidents/{incident_id}/duties", responses=READS)
def list_duties(
    incident_id: IncidentId,
    at_desk: TheDesk,
    ended: Annotated[bool, Query(description="连同已经结束的任务")] = False,
    at: PastMoment = None,
) -> dict[str, Any]:
    """The duties in force, by unit, each with its state and deadline."""
    state, now = at_desk.incident(incident_id, at), at or at_desk.now
    duties = duties_data(state, at_desk.desk.versions, now, at_desk.names, ended=ended)
    return {"incident": incident_id, "at": stamp(now), "duties": len(duties), "units": by_unit(duties)}


@router.post("/incidents/{incident_id}/duties/{key}/steps", responses=WRITES | example(WRITTEN_EXAMPLE))
def mark_duty(
    incident_id: IncidentId,
    key: Annotated[str, Path(max_length=200, description="任务清单里的 key（放进地址要转义）")],
    body: StepBody,
    at_desk: TheDesk,
) -> dict[str, Any]:
    """Record a step of a duty: notified, acknowledged, started, done, not applicable, impossible."""
    command = MarkDuty(key, body.step, body.happened_at or at_desk.now, body.note)
    return at_desk.written(at_desk.do(incident_id, command))


@router.get("/deadlines", tags=["deadlines"], responses=READS)
def list_deadlines(
    request: Request,
    at_desk: TheDesk,
    limit: Annotated[int, Query(ge=1, le=1000, description="至多多少条")] = 100,
    jurisdiction: Annotated[str | None, Query(max_length=64, description="只看这个辖区的")] = None,
) -> dict[str, Any]:
    """The board over all open incidents, the soonest limit first; how many wait; units that are wanted in several incidents at once."""
    now, versions = at_desk.now, at_desk.desk.versions
    states = {one.id: one for one in at_desk.open_incidents(jurisdiction)}
    waiting = [one for one in at_desk.desk.states.deadlines(now) if one.incident in states]
    counts = {"overdue": 0, "due_soon": 0, "running": 0}
    for one in waiting:
        for row in one.rows:
            counts[row.deadline.state] += 1
    rows = []
    for row in board(waiting, limit):
        state = states[row.incident]
        plan: Plan = versions[state.courses[row.plan].digest]
        shown = work_data(row, plan, now, {})
        del shown["steps"]
        rows.append({"title": state.title, "jurisdiction": state.jurisdiction, **shown})
    units = _engagements(request, at_desk.desk).several(list(states.values()), len(at_desk.desk.states.open()))
    return {"at": stamp(now), "counts": counts, "rows": rows, "units": units}


class Engagements:
    """Which units each incident engages, worked out anew only where something happened."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._units: dict[str, tuple[int, dict[str, str]]] = {}

    def several(self, incidents: list[Incident], running: int) -> list[dict[str, Any]]:
        """Units with duties in two of these incidents or more, the most engaged first. running: how many there are in all."""
        found: dict[str, list[str]] = defaultdict(list)
        names: dict[str, str] = {}
        with self._lock:
            if len(self._units) > 2 * running + 100:
                self._units.clear()  # those that ended
            for state in incidents:
                units = self._of(state)
                names |= units
                for unit in units:
                    found[unit].append(state.id)
        return [
            {"unit": names[unit], "unit_id": unit, "count": len(listed), "incidents": listed[:SHOWN]}
            for unit, listed in sorted(found.items(), key=lambda one: -len(one[1]))
            if len(listed) > 1
        ]

    def _of(self, state: Incident) -> dict[str, str]:
        known = self._units.get(state.id)
        if known is None or known[0] != state.seq:
            engaged = {
                one.assigned.unit_id: one.assigned.unit or one.assigned.unit_id
                for course in state.courses.values()
                for one in open_duties(course)
                if one.assigned.unit_id is not None
            }
            known = self._units[state.id] = (state.seq, engaged)
        return known[1]


def _engagements(request: Request, desk: Desk) -> Engagements:
    """One for each desk that the application serves."""
    state = request.app.state
    if not hasattr(state, "engagements"):
        state.engagements = WeakKeyDictionary()
    found: Engagements = state.engagements.setdefault(desk, Engagements())
    return found
