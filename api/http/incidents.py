"""`/api/v1/incidents`: the list, a first report, an incident whole, as it is or as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from api.desk.desk import Done
from api.http.at_desk import WRITTEN_EXAMPLE, AtDesk, TheDesk, check_same
from api.http.fields import Body, Short
from api.http.strict import READS, WRITES, IncidentId, Line, PastMoment, PlanId, StrictRoute, Text, Time, example
from api.people.actor import EVERYWHERE
from engine.contract.incident import incident_data, incident_row
from engine.incident.command import Open
from engine.incident.state import Incident

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"], route_class=StrictRoute)
PAGE = 200
TITLE = 30
ROW_EXAMPLE = {
    "incidents": [
        {
            "id": "20261122-001",
            "title": "某处险情",
            "status": "open",
            "status_name": "处置中",
            "age_s": 5400,
            "owner": {"id": "id7", "name": "值班员甲"},
            "plans": [{"plan": "some-plan", "levels": {"response": {"level": "II", "level_name": "Ⅱ级"}}}],
            "proposals": 1,
            "next_deadline": {"unit": "某办公室", "action": "书面初报", "deadline": {"state": "due_soon", "remaining_s": 600}},
        }
    ],
    "next": None,
}


class OpenBody(Body):
    """A first report. `report` and `source` are enough; plans can follow when it is clear what it is."""

    report: Annotated[Text, Field(description="报告的内容，照说的记")]
    source: Annotated[Line, Field(description="谁报的，怎么报的")]
    title: Annotated[Line | None, Field(description="不写则取报告的第一句")] = None
    reported_at: Annotated[Time | None, Field(description="接报时间；不写则为现在")] = None
    place: Annotated[Line | None, Field(description="地点")] = None
    plans: Annotated[list[PlanId], Field(max_length=20, description="启用哪些预案；可以以后再加", default_factory=list)]
    jurisdiction: Annotated[Short | None, Field(description="辖区；不写则为自己的")] = None


@router.get("", responses=READS | example(ROW_EXAMPLE))
def list_incidents(
    at_desk: TheDesk,
    status: Annotated[Literal["open", "ended", "merged", "archived"] | None, Query(description="只看这种状态的")] = None,
    plan: Annotated[str | None, Query(max_length=200, description="只看启用了这份预案的")] = None,
    jurisdiction: Annotated[str | None, Query(max_length=64, description="只看这个辖区的")] = None,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="上一页答复中的 next，用来翻页")] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = 50,
) -> dict[str, Any]:
    """Incidents, the one opened last first: levels in force by plan, phase, age, owner, next deadline, unsigned proposals.

    `next` is what `before` takes for the next page; null at the end.
    """
    own = at_desk.caller.actor.jurisdiction
    place = jurisdiction if own == EVERYWHERE else own
    if jurisdiction is not None and not at_desk.sees(jurisdiction):
        return {"incidents": [], "next": None}
    soonest = {one.incident: one.rows[0] for one in at_desk.desk.states.deadlines(at_desk.now) if one.rows}
    found: list[dict[str, Any]] = []
    last = None
    for position, state in _listed(at_desk, status, place, before, limit + 1):
        if plan is not None and plan not in state.courses:
            continue
        if len(found) == limit:
            return {"incidents": found, "next": last}
        found.append(incident_row(state, at_desk.desk.versions, at_desk.now, soonest.get(state.id)))
        last = position
    return {"incidents": found, "next": None}


def _listed(
    at_desk: AtDesk, status: str | None, place: str | None, before: int | None, batch: int
) -> Iterator[tuple[int, Incident]]:
    """Incidents with their position, newest first, watches left out."""
    while True:
        page = at_desk.desk.journal.incidents(status, place, before, batch)
        for one in page:
            if one.kind == "live":
                yield one.position, at_desk.desk.incident(one.id)
        if len(page) < batch:
            return
        before = page[-1].position


@router.post("", status_code=201, responses=WRITES | example(WRITTEN_EXAMPLE, status=201))
def open_incident(body: OpenBody, at_desk: TheDesk) -> dict[str, Any]:
    """Take down a first report: an incident begins, under the versions of the plans that are in force today."""
    command = opening(at_desk, body, at_desk.jurisdiction(body.jurisdiction))
    return at_desk.written(begun(at_desk, command))


def begun(at_desk: AtDesk, command: Open) -> Done:
    """Open it, or answer what the same request came to before."""
    done = at_desk.desk.open(command, at_desk.actor, at_desk.key)
    check_same(command, at_desk.actor, at_desk.key, done.entries)
    return done


def opening(at_desk: AtDesk, body: OpenBody, jurisdiction: str, *, watch: bool = False) -> Open:
    """The command of a first report."""
    return Open(
        title=body.title or first_words(body.report),
        jurisdiction=jurisdiction,
        report=body.report,
        source=body.source,
        reported_at=body.reported_at or at_desk.now,
        plans=tuple(at_desk.plan(one, "body.plans") for one in dict.fromkeys(body.plans)),
        place=body.place,
        watch=watch,
    )


def first_words(report: str) -> str:
    """A title from a report: its first sentence, shortened."""
    first = " ".join(re.split(r"[。；！？\n]", report.strip("。；！？\n "), maxsplit=1)[0].split())
    plain = "".join(one for one in first if one.isprintable()) or "接报"
    return plain if len(plain) <= TITLE else f"{plain[:TITLE]}…"


@router.get("/{incident_id}", responses=READS)
def show_incident(incident_id: IncidentId, at_desk: TheDesk, at: PastMoment = None) -> dict[str, Any]:
    """An incident whole: levels, phase, proposals, decisions, facts as they count, duties with their deadlines, links.

    With `at` everything is as it stood then. A moment before the incident was opened is an error.
    """
    state = at_desk.incident(incident_id, at)
    return incident_data(state, at_desk.desk.versions, at or at_desk.now, at_desk.names, at_desk.posts)
