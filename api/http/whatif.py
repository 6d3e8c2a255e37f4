"""`/api/v1/triage` and `/api/v1/incidents/{incident_id}/what-if`: questions that record nothing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from api.http.at_desk import TheDesk
from api.http.fields import Body, Short
from api.http.strict import READS, WRITES, IncidentId, PlanId, StrictRoute, Time
from api.people.actor import EVERYWHERE
from engine.contract.comparison import concerns_data, difference_data
from engine.contract.moment import stamp
from engine.incident.triage import concerns, concerns_of
from engine.incident.whatif import what_if

router = APIRouter(prefix="/api/v1", tags=["questions"], route_class=StrictRoute)
ASKED = {status: one for status, one in WRITES.items() if status != 409}


class TriageBody(Body):
    """An event as far as it is known."""

    facts: Annotated[dict[str, Any], Field(max_length=500, description="指标 → 值，任何预案的指标都可以")]
    report: Annotated[str, Field(max_length=10000, description="接报的原话：没有事实时，按其中与预案相同的词排先后")] = ""
    at: Annotated[Time | None, Field(description="什么时候；不写则为现在")] = None
    jurisdiction: Annotated[Short | None, Field(description="哪个辖区的预案；不写则为自己的，* 为全部")] = None


class WhatIfBody(Body):
    """Facts and readings that are to be tried."""

    facts: Annotated[dict[str, Any], Field(max_length=200, description="指标 → 值；null：假设不知道", default_factory=dict)]
    readings: Annotated[
        dict[PlanId, dict[str, str]],
        Field(max_length=20, description='预案 → {读法: 取法}，如 {"a": "chosen"}', default_factory=dict),
    ]


@router.post("/triage", responses=ASKED)
def triage_event(body: TriageBody, at_desk: TheDesk) -> dict[str, Any]:
    """Which plans an event concerns: every plan of the place, those that apply first, and why."""
    own = body.jurisdiction or at_desk.caller.actor.jurisdiction
    at = body.at or at_desk.now
    found = concerns(at_desk.plans_of(None if own == EVERYWHERE else own), body.facts, at, body.report)
    return {"at": stamp(at), "plans": concerns_data(found)}


@router.get("/incidents/{incident_id}/triage", responses=READS)
def triage_incident(incident_id: IncidentId, at_desk: TheDesk) -> dict[str, Any]:
    """Which plans of its place an incident concerns, by the facts that it knows, then by the words of its report; `running`: it is handled under them already."""
    state = at_desk.incident(incident_id)
    found = concerns_of(at_desk.plans_of(state.jurisdiction), state, at_desk.now)
    plans = [{**one, "running": one["plan"] in state.courses} for one in concerns_data(found)]
    return {"incident": incident_id, "at": stamp(at_desk.now), "plans": plans}


@router.post("/incidents/{incident_id}/what-if", responses=ASKED)
def ask_what_if(incident_id: IncidentId, body: WhatIfBody, at_desk: TheDesk) -> dict[str, Any]:
    """What other facts or readings would change, plan by plan: levels, possible levels, signers, duties, deadlines. Records nothing."""
    state = at_desk.incident(incident_id)
    found = what_if(state, at_desk.desk.versions, body.facts, body.readings, at_desk.now)
    return {"incident": incident_id, "seq": state.seq, "at": stamp(at_desk.now), "plans": [difference_data(one) for one in found]}
