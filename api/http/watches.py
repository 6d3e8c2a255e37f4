"""`/api/v1/watches`: plans watched in the routine state, and incidents that come out of a watch."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from api.http.at_desk import WRITTEN_EXAMPLE, AtDesk, TheDesk, check_same
from api.http.facts import FACTS_EXAMPLE, FactsBody, observe
from api.http.fields import Body, Short
from api.http.incidents import OpenBody, begun, first_words, opening
from api.http.strict import READS, WRITES, IncidentId, Line, PlanId, StrictRoute, Text, Time, example
from api.store.failure import NoIncident
from engine.contract.incident import incident_data, incident_row
from engine.incident.state import Incident

router = APIRouter(prefix="/api/v1/watches", tags=["watches"], route_class=StrictRoute)


class WatchBody(Body):
    """What is watched, and under which plans."""

    title: Line
    plans: Annotated[list[PlanId], Field(min_length=1, max_length=20)]
    report: Annotated[Text, Field(description="为什么监测")] = "常态监测"
    source: Line | None = None
    jurisdiction: Annotated[Short | None, Field(description="辖区；不写则为自己的")] = None


class FromWatchBody(Body):
    """The incident that comes out of a watch. Whatever is not said is as the watch has it."""

    report: Text | None = None
    source: Line | None = None
    title: Line | None = None
    reported_at: Time | None = None
    place: Line | None = None
    plans: Annotated[list[PlanId], Field(max_length=20, default_factory=list)]


@router.get("", responses=READS)
def list_watches(at_desk: TheDesk) -> list[dict[str, Any]]:
    """The watches that run, with their proposals."""
    watches = [one for one in at_desk.open_incidents() if one.watch]
    return [incident_row(one, at_desk.desk.versions, at_desk.now, None) for one in watches]


@router.post("", status_code=201, responses=WRITES | example(WRITTEN_EXAMPLE, status=201))
def open_watch(body: WatchBody, at_desk: TheDesk) -> dict[str, Any]:
    """Begin to watch: facts are assessed as they come; a proposal is one to open an incident."""
    report = OpenBody(title=body.title, report=body.report, source=body.source or at_desk.actor.name, plans=body.plans)
    command = opening(at_desk, report, at_desk.jurisdiction(body.jurisdiction), watch=True)
    return at_desk.written(begun(at_desk, command))


@router.get("/{incident_id}", responses=READS)
def show_watch(incident_id: IncidentId, at_desk: TheDesk) -> dict[str, Any]:
    """A watch whole."""
    state = _watch(at_desk, incident_id)
    return incident_data(state, at_desk.desk.versions, at_desk.now, at_desk.names, at_desk.posts)


@router.post("/{incident_id}/facts", responses=WRITES | example(FACTS_EXAMPLE))
def watch_facts(incident_id: IncidentId, body: FactsBody, at_desk: TheDesk) -> dict[str, Any]:
    """Facts into a watch."""
    _watch(at_desk, incident_id)
    return at_desk.written(observe(at_desk, incident_id, body))


@router.post("/{incident_id}/incident", status_code=201, responses=WRITES | example(WRITTEN_EXAMPLE, status=201))
def open_from_watch(incident_id: IncidentId, body: FromWatchBody, at_desk: TheDesk) -> dict[str, Any]:
    """Open an incident out of a watch: its facts come along, and each names the other."""
    watch = _watch(at_desk, incident_id)
    pending = [one.words for course in watch.courses.values() for one in course.pending.values()]
    text = body.report or f"常态监测“{watch.title}”：{'；'.join(pending) or '转为事件'}"
    report = OpenBody(
        report=text,
        source=body.source or f"常态监测 {incident_id}",
        title=body.title or first_words(watch.title),
        reported_at=body.reported_at,
        place=body.place or watch.place,
        plans=body.plans or list(watch.courses),
    )
    command = opening(at_desk, report, watch.jurisdiction)
    done = at_desk.desk.open_from_watch(incident_id, command, at_desk.actor, at_desk.key)
    check_same(command, at_desk.actor, at_desk.key, done.entries)
    return at_desk.written(done)


def _watch(at_desk: AtDesk, incident_id: str) -> Incident:
    state = at_desk.incident(incident_id)
    if not state.watch:
        raise NoIncident(f"没有常态监测“{incident_id}”", where="watch", remedy="见 GET /api/v1/watches")
    return state
