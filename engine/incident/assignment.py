"""The duties that the levels in force put on units, and from when each deadline runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from engine.duty.duties import DutyInForce, duties_at
from engine.incident.event import Assigned, DutiesChanged
from engine.incident.fact import Known
from engine.incident.state import Course, DutyState, Incident
from engine.lifecycle.machine import move_kind
from engine.plan.condition import Level
from engine.plan.model import Plan
from engine.trigger.truth import Truth

REPORT = "report"


def changes(plan: Plan, incident: Incident, known: Known, at: datetime, renewed: Iterable[str] = ()) -> DutiesChanged | None:
    """The duties to assign and to end now. renewed: moments that have just happened (again): what runs from them starts anew."""
    course = incident.courses[plan.id]
    wanted = {one.duty.id: one for one in in_force(plan, course, known, course.readings)}
    active = {one.assigned.duty: one for one in course.duties.values() if one.ended_at is None}
    again = {
        duty for duty, state in active.items()
        if duty in wanted and state.assigned.moment in set(renewed) and state.assigned.starts is not None
    }  # fmt: skip
    ended = tuple(state.assigned.key for duty, state in active.items() if duty not in wanted or duty in again)
    fresh = [one for duty, one in wanted.items() if duty not in active or duty in again]
    assigned = tuple(_assigned(plan, incident, course, one, at) for one in fresh)
    return DutiesChanged(plan.id, assigned, ended, at) if assigned or ended else None


def in_force(plan: Plan, course: Course, known: Known, choices: Mapping[str, str] | None = None) -> Iterator[DutyInForce]:
    """Every duty of the levels in force, once each."""
    seen: set[str] = set()
    for scale in plan.scales:
        level = course.levels.get(scale)
        if level is None:
            continue
        for one in duties_at(plan, scale, level, known.facts, choices=choices, in_force=course.levels):
            if one.duty.id not in seen:
                seen.add(one.duty.id)
                yield one


def _assigned(plan: Plan, incident: Incident, course: Course, one: DutyInForce, at: datetime) -> Assigned:
    duty = one.duty
    due = duty.due
    starts: datetime | None = None
    if due is not None:
        starts = at if due.moment is None else moment_of(plan, incident, course.moments, due.moment)
    return Assigned(
        key=f"{plan.id}:{duty.id}:{incident.assignments + 1}",
        duty=duty.id,
        unit=duty.unit,
        unit_id=duty.unit_id,
        action=duty.action,
        clause=duty.clause,
        scale=one.scale,
        level=one.level,
        due_kind=None if due is None else due.kind,
        due_value=None if due is None else due.value,
        moment=None if due is None else due.moment,
        starts=starts,
        immediate=duty.immediate,
        standing=duty.standing,
        sure=one.applies is Truth.HELD,
        note=duty.note,
    )


def moment_of(plan: Plan, incident: Incident, moments: Mapping[str, datetime], moment: str) -> datetime | None:
    """When a moment happened: as recorded, or with the first report where the plan says so."""
    found = moments.get(moment)
    event = plan.moment_events.get(moment)
    if found is None and event is not None and event.kind == REPORT:
        return incident.reported_at
    return found


def moments_made(plan: Plan, before: Mapping[str, Level], after: Mapping[str, Level]) -> tuple[str, ...]:
    """The moments that a change of levels makes happen, perhaps again."""
    found = []
    for moment, event in plan.moment_events.items():
        if event.scale is None or before.get(event.scale) == after.get(event.scale):
            continue
        if event.kind in (move_kind(plan, event.scale, before.get(event.scale), after.get(event.scale)), "decided"):
            found.append(moment)
    return tuple(found)


def open_duties(course: Course) -> Iterator[DutyState]:
    """The duties that are still in force."""
    return (one for one in course.duties.values() if one.ended_at is None)
