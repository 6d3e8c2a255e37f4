"""A deadline's occurrences one by one: which were met, met late, missed, and which are still to come."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engine.duty.deadlines import TICK, deadline_at
from engine.plan.model import Due

Fate = Literal["met", "late", "missed", "open"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One limit. number: 1, 2, …; of a single deadline 1. opens_at: from when on it could be met. done_at: when it was, in time or late.

    open: not yet due. missed: its time has passed, and it was not done, or not before the next one's time came.
    """

    number: int
    opens_at: datetime.datetime
    due_at: datetime.datetime
    fate: Fate = "open"
    done_at: datetime.datetime | None = None


def occurrences(
    due: Due | None,
    start: datetime.datetime | None,
    done: Sequence[datetime.datetime],
    now: datetime.datetime,
    ended: datetime.datetime | None = None,
    *,
    standing: bool = False,
) -> tuple[Occurrence, ...]:
    """Every occurrence up to and including the one that runs at `now`. Arguments as of `deadline_at`, whose rule this follows.

    A single deadline has one. One whose time has passed undone is missed, the last one too. None where no deadline runs.
    """
    first = deadline_at(due, start, (), start or now, ended, standing=standing)
    if first.due_at is None or start is None or start > now:
        return ()
    acts = sorted(one for one in done if start <= one <= now)
    if first.period is None:
        return (_once(Occurrence(1, first.since or start, first.due_at), acts, now),)
    found = _limits(due, start, now, ended)
    for n, act in enumerate(acts):
        before = deadline_at(due, start, acts[:n], act, ended)
        after = deadline_at(due, start, acts[: n + 1], act, ended)
        if before.period is None or after.period is None:
            continue
        if after.period.met > before.period.met:
            _settle(found, after.period.number, "met", act)
        elif after.period.met_late > before.period.met_late:
            _settle(found, before.period.number, "late", act)
    return tuple(replace(one, fate="missed") if one.fate == "open" and one.due_at < now else one for one in found)


def _once(one: Occurrence, acts: Sequence[datetime.datetime], now: datetime.datetime) -> Occurrence:
    if acts:
        return replace(one, fate="met" if acts[0] <= one.due_at else "late", done_at=acts[0])
    return replace(one, fate="missed") if now > one.due_at else one


def _limits(
    due: Due | None, start: datetime.datetime, now: datetime.datetime, ended: datetime.datetime | None
) -> list[Occurrence]:
    found: list[Occurrence] = []
    moment = start
    while True:
        deadline = deadline_at(due, start, (), moment, ended)
        period = deadline.period
        if deadline.due_at is None or period is None:
            return found
        if not found:
            found.append(Occurrence(period.number, period.opens_at, deadline.due_at))
        if found[-1].due_at >= now or period.next_at is None:
            return found
        found.append(Occurrence(period.number + 1, found[-1].due_at, period.next_at))
        moment = found[-1].due_at + TICK


def _settle(found: list[Occurrence], number: int, fate: Fate, act: datetime.datetime) -> None:
    for n, one in enumerate(found):
        if one.number == number and one.fate == "open":
            found[n] = replace(one, fate=fate, done_at=act)
