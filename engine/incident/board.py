"""Every duty of an incident with where its deadline stands, and the board over many incidents."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from engine.duty.deadlines import Deadline, deadline_at, next_change
from engine.incident.event import Assigned
from engine.incident.state import DutyState, Incident
from engine.plan.model import Due

SETTLED = ("not_applicable", "impossible")
MINUTE = timedelta(minutes=1)
ON_BOARD = ("overdue", "due_soon", "running")


@dataclass(frozen=True, slots=True)
class Row:
    """A duty of an incident under a plan, and its deadline at a time."""

    incident: str
    plan: str
    duty: DutyState
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Deadlines:
    """An incident's rows that wait for something, soonest first; they hold until `until` (None: for ever) if nothing happens."""

    incident: str
    seq: int
    rows: tuple[Row, ...]
    until: datetime | None


def due_of(assigned: Assigned) -> Due | None:
    """The deadline as the plan prints it."""
    if assigned.due_kind is None or assigned.due_value is None:
        return None
    return Due(assigned.due_kind, assigned.due_value, assigned.moment)  # type: ignore[arg-type]


def deadline_of(duty: DutyState, now: datetime) -> Deadline:
    """Where a duty's deadline stands. One that does not apply or cannot be done waits for nobody."""
    one = duty.assigned
    if duty.step in SETTLED:
        return Deadline("none")
    return deadline_at(due_of(one), one.starts, done_at(duty), now, duty.ended_at, standing=one.standing)


def done_at(duty: DutyState) -> tuple[datetime, ...]:
    """When a duty was done, as it counts for its deadline; in the order in which it was recorded."""
    return tuple(_not_before(at, duty.assigned.starts) for at in duty.done)


def _not_before(at: datetime, starts: datetime | None) -> datetime:
    """A time that was written down to the minute is not before a start within that minute."""
    return starts if starts is not None and timedelta(0) < starts - at < MINUTE else at


def rows(incident: Incident, now: datetime) -> tuple[Row, ...]:
    """Every duty that somebody waits for, in the order of its plans, with its deadline."""
    if incident.status != "open":
        return ()
    every = (
        Row(incident.id, course.plan, duty, deadline_of(duty, now))
        for course in incident.courses.values()
        for duty in course.duties.values()
    )
    return tuple(row for row in every if is_waited_for(row))


def is_waited_for(row: Row) -> bool:
    """In force; or ended with its level when it was overdue already: what was missed stays to be seen until it is answered."""
    duty, deadline = row.duty, row.deadline
    if duty.ended_at is None:
        return True
    return deadline.state == "overdue" and deadline.due_at is not None and deadline.due_at < duty.ended_at


def deadlines(incident: Incident, now: datetime) -> Deadlines:
    """The rows for the board, and how long they hold."""
    found = rows(incident, now)
    waiting = sorted((row for row in found if row.deadline.state in ON_BOARD), key=_due)
    following = [at for row in found if (at := next_change(row.deadline)) is not None]
    return Deadlines(incident.id, incident.seq, tuple(waiting), min(following, default=None))


def board(of_incidents: Iterable[Deadlines], most: int) -> tuple[Row, ...]:
    """The `most` soonest rows over all incidents, overdue ones first."""
    return tuple(islice(heapq.merge(*(one.rows for one in of_incidents), key=_due), most))


def remaining(row: Row, now: datetime) -> timedelta | None:
    """Until the limit; negative when it has passed."""
    return None if row.deadline.due_at is None else row.deadline.due_at - now


def _due(row: Row) -> datetime:
    assert row.deadline.due_at is not None  # a row that waits has a limit
    return row.deadline.due_at
