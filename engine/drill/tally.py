"""How many deadlines of an incident were met, late, missed, or are still open at a moment: occurrences, not duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.incident.board import deadline_of
from engine.incident.state import DutyState, Incident


@dataclass(frozen=True, slots=True)
class Tally:
    """Occurrences that have come due by then: met, met late, missed (an overdue one is missed so far); and those still open."""

    met: int = 0
    late: int = 0
    missed: int = 0
    open: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.met + other.met, self.late + other.late, self.missed + other.missed, self.open + other.open)


NOTHING = Tally()
OF_STATE = {
    "met": Tally(met=1),
    "met_late": Tally(late=1),
    "overdue": Tally(missed=1),
    "running": Tally(open=1),
    "due_soon": Tally(open=1),
}


def tally(incident: Incident, at: datetime) -> Tally:
    """All deadlines of the incident together."""
    found = NOTHING
    for course in incident.courses.values():
        for duty in course.duties.values():
            found += tally_of(duty, at)
    return found


def tally_of(duty: DutyState, at: datetime) -> Tally:
    """The deadlines of one duty. One that ended before it was due counts for nothing; nor does one that does not apply."""
    end = at if duty.ended_at is None else min(at, duty.ended_at)
    deadline = deadline_of(duty, at)
    if deadline.period is not None:
        period = deadline.period
        current = NOTHING if duty.ended_at is not None else Tally(missed=1) if deadline.state == "overdue" else Tally(open=1)
        if duty.ended_at is not None and deadline.state == "overdue":
            current = Tally(missed=1)
        return Tally(period.met, period.met_late, period.missed) + current
    found = OF_STATE.get(deadline.state, NOTHING)
    if duty.ended_at is not None and not duty.done and (deadline.due_at is None or deadline.due_at > end):
        return NOTHING
    return found
