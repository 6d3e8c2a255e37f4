"""Warned and happened: which levels came in force in time, late, for nothing, and which never did.

Definitions, for each level of a scale that moves by itself:
- it *happens* at a row where measured values by themselves (no forecast; or true values so far ahead as the run's
  `reference` says) establish this level or a higher one by the plan's own triggers. Such rows less than a day apart are one event;
- it was *in time* if this level or a higher one was in force when the event began, *late* if it came in force during the event,
  *missed* if at no row of it;
- lead: hours from when it came in force to the beginning of the event, below 0 where late. An event that falls into a
  warning that had an event before has no lead of its own (*standing*);
- a warning at this level or above is *false* if the level did not happen while it was in force, nor within a day after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.drill.backtests.backtest import Run
from engine.drill.backtests.episodes import stretches, time_at

WINDOW = 24
"""Hours within which two events are one, and within which a warning that has ended may still prove right."""
IN_TIME, STANDING, LATE, MISSED, FALSE = "in_time", "standing", "late", "missed", "false"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One event, or one false warning: from when to when it happened and was in force; lead in hours."""

    kind: str
    event: tuple[datetime, datetime] | None
    warning: tuple[datetime, datetime] | None
    lead: int | None


@dataclass(frozen=True, slots=True)
class Score:
    """How a level was warned of. verdicts in the order of time."""

    rank: int
    events: int
    warnings: int
    verdicts: tuple[Verdict, ...]

    def count(self, *kinds: str) -> int:
        return sum(one.kind in kinds for one in self.verdicts)

    @property
    def leads(self) -> list[int]:
        """Lead times in hours, shortest first."""
        return sorted(one.lead for one in self.verdicts if one.lead is not None)


def scores(run: Run, scale: str) -> tuple[Score, ...]:
    """One score for each level, the lowest first."""
    return tuple(_score(run, scale, rank) for rank in range(1, len(run.plan.scales[scale].levels) + 1))


def _score(run: Run, scale: str, rank: int) -> Score:
    slack = -(-WINDOW // run.unit)
    events = stretches(run.happened[scale], rank, joined=slack)
    warnings = stretches(run.ranks[scale], rank)
    verdicts: list[tuple[int, Verdict]] = []
    used: set[tuple[int, int]] = set()
    for event in events:
        met = [one for one in warnings if one[0] < event[1] and event[0] < one[1]]
        if not met:
            verdicts.append((event[0], Verdict(MISSED, _times(run, event), None, None)))
            continue
        first = met[0]
        if first in used:
            kind, lead = STANDING, None
        else:
            kind, lead = (LATE if first[0] > event[0] else IN_TIME), (event[0] - first[0]) * run.unit
        used.update(met)
        verdicts.append((event[0], Verdict(kind, _times(run, event), _times(run, first), lead)))
    for warning in warnings:
        if not any(event[0] < warning[1] + slack and warning[0] < event[1] for event in events):
            verdicts.append((warning[0], Verdict(FALSE, None, _times(run, warning), None)))
    ordered = tuple(one for _, one in sorted(verdicts, key=lambda one: one[0]))
    return Score(rank, len(events), len(warnings), ordered)


def _times(run: Run, found: tuple[int, int]) -> tuple[datetime, datetime]:
    return time_at(run, found[0]), time_at(run, found[1])
