"""Conditions of a scenario on the state of the exercise: whether an inject is given, whether a contingency is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.incident.board import deadline_of
from engine.incident.state import Course, DutyState, Incident
from engine.plan.model import Plan


@dataclass(frozen=True, slots=True)
class LevelAtLeast:
    """The level in force of a scale is this one or a higher; None: none is in force. plan None: of any plan with the scale."""

    scale: str
    level: str | None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Waits:
    """A proposal waits for a signature: on this scale, to this level (None: any)."""

    scale: str
    level: str | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class DutyIs:
    """A duty of this clause (of this unit, with these words) is done, or overdue, or assigned."""

    clause: str
    state: str
    unit: str | None = None
    has: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An inject was given (its own text, or what it has instead)."""

    inject: str


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class NotSo:
    part: Cue


Cue = LevelAtLeast | Waits | DutyIs | Given | AllOf | AnyOf | NotSo


def parts_of(cue: Cue) -> Iterator[Cue]:
    """The condition and every one within it."""
    yield cue
    match cue:
        case AllOf(parts) | AnyOf(parts):
            for one in parts:
                yield from parts_of(one)
        case NotSo(part):
            yield from parts_of(part)


def holds(cue: Cue, incident: Incident, plans: Mapping[str, Plan], given: Mapping[str, datetime], at: datetime) -> bool:
    """Whether it is so now. plans: by digest. given: injects that were given, with the time."""
    match cue:
        case AllOf(parts):
            return all(holds(one, incident, plans, given, at) for one in parts)
        case AnyOf(parts):
            return any(holds(one, incident, plans, given, at) for one in parts)
        case NotSo(part):
            return not holds(part, incident, plans, given, at)
        case Given(inject):
            return inject in given
        case LevelAtLeast(scale, level, plan):
            return any(
                _reaches(plans[course.digest], scale, course.levels.get(scale), level)
                for course in _courses(incident, plan, plans, scale)
            )
        case Waits(scale, level, plan):
            pending = (course.pending.get(scale) for course in _courses(incident, plan, plans, scale))
            return any(one is not None and level in (None, one.level) for one in pending)
        case DutyIs():
            return any(
                _is(one, cue.state, at)
                for course in incident.courses.values()
                for one in course.duties.values()
                if _meant(one, cue)
            )


def _courses(incident: Incident, plan: str | None, plans: Mapping[str, Plan], scale: str) -> list[Course]:
    return [one for one in incident.courses.values() if plan in (None, one.plan) and scale in plans[one.digest].scales]


def _reaches(plan: Plan, scale: str, now: str | None, level: str | None) -> bool:
    found = plan.scales[scale]
    return now is None if level is None else found.rank(now) >= found.rank(level)


def _meant(duty: DutyState, cue: DutyIs) -> bool:
    one = duty.assigned
    return one.clause == cue.clause and cue.unit in (None, one.unit) and (cue.has is None or cue.has in one.action)


def _is(duty: DutyState, state: str, at: datetime) -> bool:
    if state == "assigned":
        return duty.ended_at is None
    if state == "done":
        return bool(duty.done)
    return deadline_of(duty, at).state == state
