"""Two runs side by side, and a run beside what was really decided."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.drill.backtests.backtest import Change, Run
from engine.drill.backtests.episodes import episodes, stretches, time_at
from engine.drill.backtests.record import BadSeries
from engine.plan.model import Scale
from engine.trigger.track import HOUR

Hours = dict[tuple[int, int], int]
"""(rank on one side, rank on the other) -> hours."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows at which two runs differ, both unchanged; what made them differ there: the changes of either side at its first row."""

    start: datetime
    end: datetime
    ranks: tuple[int, int]
    causes: tuple[tuple[Change, ...], tuple[Change, ...]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same rows, one scale."""

    hours: Hours
    stretches: tuple[Stretch, ...]

    @property
    def differing(self) -> int:
        """Hours in which they differ."""
        return sum(hours for (one, other), hours in self.hours.items() if one != other)


def compare(one: Run, other: Run, scale: str) -> Comparison:
    """Where two runs differ. Raises BadSeries for runs that can not be compared."""
    if scale not in other.plan.scales or other.plan.scales[scale].levels != one.plan.scales[scale].levels:
        raise BadSeries(
            f"两份预案的“{one.plan.scales[scale].label}”级别不同，不能对照",
            where="--against",
            remedy="用同一预案的另一版本，级别须相同",
        )
    if one.rows != other.rows or one.record.first != other.record.first:
        raise BadSeries("两次回测的时段或步长不同，不能对照", where="--against", remedy="用同一序列、同一时段")
    left, right = one.ranks[scale], other.ranks[scale]
    hours = Counter(zip(left, right, strict=True))
    found = []
    begun = 0
    for n in range(1, len(left) + 1):
        if n < len(left) and (left[n], right[n]) == (left[begun], right[begun]):
            continue
        if left[begun] != right[begun]:
            row = one.rows[begun]
            causes = (_changes(one, scale, row), _changes(other, scale, row))
            found.append(Stretch(time_at(one, begun), time_at(one, n), (left[begun], right[begun]), causes))
        begun = n
    return Comparison({pair: count * one.unit for pair, count in sorted(hours.items())}, tuple(found))


def _changes(run: Run, scale: str, row: int) -> tuple[Change, ...]:
    return tuple(change for change in run.changes if change.scale == scale and change.row == row)


@dataclass(frozen=True, slots=True)
class Decided:
    """A level that was really in force, from `start` until `end`."""

    rank: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """One real episode and the run's that overlaps it. earlier: hours by which the run began, and ended, before the real one."""

    start: datetime
    end: datetime
    rank: int
    own: tuple[datetime, datetime, int] | None
    earlier: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A run beside real decisions: hours by (rank of the run, real rank), real episodes in turn, the run's own without a real one."""

    hours: Hours
    beside: tuple[Beside, ...]
    alone: tuple[tuple[datetime, datetime, int], ...]

    @property
    def share(self) -> float:
        """The share of hours in which both were at the same level."""
        total = sum(self.hours.values())
        return sum(hours for (own, real), hours in self.hours.items() if own == real) / total if total else 1.0


def beside_decisions(run: Run, scale: Scale, decided: Sequence[Decided]) -> Agreement:
    """How a run agrees with what was decided. Where decisions overlap, the highest was in force."""
    ranks = real_ranks(run, decided)
    hours = Counter(zip(run.ranks[scale.id], ranks, strict=True))
    own = [(one.start, one.end, one.highest) for one in episodes(run, scale.id)]
    beside = []
    met: set[int] = set()
    for first, last in stretches(bytes(ranks)):
        start, end = time_at(run, first), time_at(run, last)
        over = [n for n, one in enumerate(own) if one[0] < end and start < one[1]]
        met.update(over)
        if not over:
            beside.append(Beside(start, end, max(ranks[first:last]), None, None))
            continue
        ours = (own[over[0]][0], own[over[-1]][1], max(own[n][2] for n in over))
        earlier = (round((start - ours[0]) / HOUR), round((end - ours[1]) / HOUR))
        beside.append(Beside(start, end, max(ranks[first:last]), ours, earlier))
    return Agreement(
        {pair: count * run.unit for pair, count in sorted(hours.items())},
        tuple(beside),
        tuple(one for n, one in enumerate(own) if n not in met),
    )


def real_ranks(run: Run, decided: Sequence[Decided]) -> bytearray:
    """The real rank at each row looked at: a level holds from its start until before its end."""
    times = [time_at(run, n) for n in range(len(run.rows))]
    found = bytearray(len(times))
    for one in decided:
        for n in range(bisect_left(times, one.start), bisect_left(times, one.end)):
            found[n] = max(found[n], one.rank)
    return found
