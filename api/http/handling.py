"""`/api/v1/incidents/{incident_id}/…`: its plans and their versions, owner, links, merging, splitting, phases, moments, its end."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.desk.desk import Done
from api.http.at_desk import WRITTEN_EXAMPLE, AtDesk, TheDesk, check_same
from api.http.fields import Body, Id
from api.http.incidents import OpenBody, opening
from api.http.strict import READS, WRITES, IncidentId, Line, PlanId, Post, StrictRoute, Text, Time, example
from engine.contract.comparison import version_data
from engine.incident import command as cmd
from engine.incident.state import Incident
from engine.incident.version import differences
from engine.plan.finding import UnknownName
from engine.plan.model import Plan

router = APIRouter(prefix="/api/v1/incidents/{incident_id}", tags=["handling"], route_class=StrictRoute)
WRITTEN = WRITES | example(WRITTEN_EXAMPLE)
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$", description="版本的校验值，或它的开头")]
Reason = Annotated[Text, Field(description="理由")]


class PlanBody(Body):
    """One more plan, in the version in force today."""

    plan: PlanId
    reason: Annotated[str, Field(max_length=2000)] = ""


class VersionBody(Body):
    """Another version of a plan, signed."""

    plan: PlanId
    digest: Digest
    post: Post
    reason: Reason


class OwnerBody(Body):
    """Who is responsible from now on."""

    person: Id


class LinkBody(Body):
    """Another incident that has to do with this one, and how."""

    incident: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$")]
    words: Line


class MergeBody(Body):
    """The incident that this one goes on in."""

    into: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$")]
    reason: Reason


class SplitBody(Body):
    """A part that goes on as an incident of its own."""

    report: Text
    reason: Reason
    title: Line | None = None
    source: Line | None = None
    place: Line | None = None
    plans: Annotated[list[PlanId], Field(max_length=20, description="不写则为原事件的预案", default_factory=list)]


class PhaseBody(Body):
    """A move to another phase: one of the plan's transitions that goes with no level."""

    plan: PlanId
    do: Line
    post: Post
    reason: Text | None = None


class MomentBody(Body):
    """Something happened that deadlines run from."""

    plan: PlanId
    moment: Line
    happened_at: Annotated[Time | None, Field(description="不写则为现在")] = None


class EndBody(Body):
    """The end of handling, signed."""

    post: Post
    reason: Reason


class ReasonBody(Body):
    """Why."""

    reason: Reason


@router.post("/plans", responses=WRITTEN)
def add_plan(incident_id: IncidentId, body: PlanBody, at_desk: TheDesk) -> dict[str, Any]:
    """Put the incident under one more plan; the facts that it knows count for it at once."""
    command = cmd.AddPlan(at_desk.plan(body.plan, "body.plan"), body.reason)
    return at_desk.written(at_desk.do(incident_id, command))


@router.get("/version-change", responses=READS)
def compare_version(
    incident_id: IncidentId,
    at_desk: TheDesk,
    plan: Annotated[str, Query(max_length=200, description="预案的 id")],
    digest: Annotated[str | None, Query(pattern=r"^[0-9a-f]{8,64}$", description="不写则为今天施行的版本")] = None,
) -> dict[str, Any]:
    """What another version of a plan would change: levels, duties, deadlines. Records nothing."""
    state = at_desk.incident(incident_id)
    before, after = _two_versions(at_desk, state, plan, digest)
    return version_data(before, after, differences(before, after, state.courses[plan], state, at_desk.now))


def _two_versions(at_desk: AtDesk, state: Incident, plan_id: str, digest: str | None) -> tuple[Plan, Plan]:
    course = state.courses.get(plan_id)
    if course is None:
        known = "、".join(state.courses) or "（无）"
        raise UnknownName(f"本事件没有启用预案“{plan_id}”", where="plan", remedy=f"本事件的预案：{known}")
    return at_desk.desk.versions[course.digest], at_desk.version(plan_id, digest)


@router.post("/version-change", responses=WRITTEN)
def change_version(incident_id: IncidentId, body: VersionBody, at_desk: TheDesk) -> dict[str, Any]:
    """Go over to another version of a plan: signed by the head of its command; the journal keeps what it changed."""
    _, after = _two_versions(at_desk, at_desk.incident(incident_id), body.plan, body.digest)
    return at_desk.written(at_desk.do(incident_id, cmd.MoveVersion(after, body.post, body.reason)))


@router.post("/owner", responses=WRITTEN)
def set_owner(incident_id: IncidentId, body: OwnerBody, at_desk: TheDesk) -> dict[str, Any]:
    """Make a person of this place responsible."""
    person = at_desk.person(body.person, at_desk.incident(incident_id).jurisdiction, "body.person")
    return at_desk.written(at_desk.do(incident_id, cmd.SetOwner(person.id, person.name)))


@router.post("/links", responses=WRITTEN)
def link_incident(incident_id: IncidentId, body: LinkBody, at_desk: TheDesk) -> dict[str, Any]:
    """Say that another incident has to do with this one."""
    at_desk.incident(body.incident)
    return at_desk.written(at_desk.do(incident_id, cmd.Link(body.incident, body.words)))


@router.post("/merge", responses=WRITTEN)
def merge_incident(incident_id: IncidentId, body: MergeBody, at_desk: TheDesk) -> dict[str, Any]:
    """Let the incident go on in another: both journals say so, in one step, and the facts come along."""
    at_desk.incident(incident_id)
    at_desk.incident(body.into)
    found = at_desk.desk.merge(incident_id, body.into, body.reason, at_desk.actor, at_desk.key)
    return _both(at_desk, cmd.MergeInto(body.into, body.reason), found, "into")


@router.post("/split", responses=WRITTEN)
def split_incident(incident_id: IncidentId, body: SplitBody, at_desk: TheDesk) -> dict[str, Any]:
    """Let a part go on as an incident of its own: both journals say so."""
    state = at_desk.incident(incident_id)
    report = OpenBody(
        report=body.report,
        source=body.source or f"由 {incident_id} 分出",
        title=body.title,
        place=body.place or state.place,
        plans=body.plans or list(state.courses),
    )
    command = opening(at_desk, report, state.jurisdiction)
    found = at_desk.desk.split(incident_id, command, body.reason, at_desk.actor, at_desk.key)
    return _both(at_desk, cmd.SplitOff(found[1].state.id, None, body.reason), found, "part")


def _both(at_desk: AtDesk, command: cmd.Command, found: tuple[Done, Done], other: str) -> dict[str, Any]:
    """What was recorded in both journals."""
    check_same(command, at_desk.actor, at_desk.key, found[0].entries or found[1].entries)
    return {**at_desk.written(found[0]), other: at_desk.written(found[1])}


@router.post("/phase", responses=WRITTEN)
def move_phase(incident_id: IncidentId, body: PhaseBody, at_desk: TheDesk) -> dict[str, Any]:
    """Move to another phase of a plan, where no level changes."""
    return at_desk.written(at_desk.do(incident_id, cmd.MovePhase(body.plan, body.do, body.post, body.reason)))


@router.post("/moments", responses=WRITTEN)
def record_moment(incident_id: IncidentId, body: MomentBody, at_desk: TheDesk) -> dict[str, Any]:
    """Record that something happened that deadlines run from."""
    command = cmd.RecordMoment(body.plan, body.moment, body.happened_at or at_desk.now)
    return at_desk.written(at_desk.do(incident_id, command))


@router.post("/end", responses=WRITTEN)
def end_incident(incident_id: IncidentId, body: EndBody, at_desk: TheDesk) -> dict[str, Any]:
    """End the handling. Levels that a plan lifts must be lifted before."""
    return at_desk.written(at_desk.do(incident_id, cmd.End(body.post, body.reason)))


@router.post("/archive", responses=WRITTEN)
def archive_incident(incident_id: IncidentId, body: ReasonBody, at_desk: TheDesk) -> dict[str, Any]:
    """Close the record of an incident that has ended: nothing can be added."""
    return at_desk.written(at_desk.do(incident_id, cmd.Archive(body.reason)))
