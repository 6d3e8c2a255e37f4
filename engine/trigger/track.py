"""What can be measured on hourly values: the largest, the one now, and runs of hours that pass a test, counted as the plan reads it."""

from __future__ import annotations

import datetime
import functools
import operator
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.plan.condition import Bounds, Level
from engine.plan.model import Merge
from engine.trigger.facts import CHINA, Partial

HOUR = datetime.timedelta(hours=1)
DAY_HOURS = 24
SIGNS: dict[str, Callable[[float, float], bool]] = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
Test = Callable[[float], bool]
Run = tuple[int, int]
"""First and last hour of unbroken hours that pass a test."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What an indicator measures, under one choice of readings. The words are those of `derived_from` in plans/README.md.

    by_level: the test, by the level in force. count: how the hours of a run are counted. part: which hours of the series count.
    """

    kind: str
    test: Test | None = None
    by_level: Mapping[str, Test] | None = None
    count: str = "covered"
    part: str = "ongoing"


def measure_of(spec: Mapping[str, object]) -> Measure:
    """A checked `derived_from` on a series, typed."""
    test = spec.get("test")
    by_level = {level: make_test(str(one)) for level, one in test.items()} if isinstance(test, Mapping) else None
    single = make_test(str(test)) if isinstance(test, str) else None
    return Measure(str(spec["measure"]), single, by_level, str(spec.get("count", "covered")), str(spec.get("part", "ongoing")))


@functools.cache
def make_test(text: str) -> Test:
    """`"> 200"` as a function; always the same one."""
    sign, number = text.split()
    compare, limit = SIGNS[sign], float(number)
    return lambda value: compare(value, limit)


class Hourly(ABC):
    """Values an hour apart from `first`, and what the plans measure on them. Hours are counted from there."""

    __slots__ = ()
    first: datetime.datetime

    def measure(
        self, what: Measure, at: datetime.datetime | None, in_force: Mapping[str, Level], merge: Merge | None = None
    ) -> float | Partial | None:
        now = self.hour_of(at)
        match what.kind:
            case "max":
                return self._bounded(self.largest())
            case "max_from_now":
                return self._bounded(self.largest_from(now))
            case "at_now":
                return None if at is None or at < self.first else self.value(now)
            case "longest_run":
                return self._longest_run(what, now, 0 if at is None or at < self.first else now + 1, merge)
            case "run_from_now":
                return self._run_from_now(what, at, now, in_force)
        raise ValueError(f"measure {what.kind}")

    @abstractmethod
    def hour_of(self, at: datetime.datetime | None) -> int:
        """The last point's hour at or before `at`; the first where `at` is absent or earlier."""

    @abstractmethod
    def value(self, hour: int) -> float | None:
        """The value of an hour."""

    @abstractmethod
    def largest(self) -> float | None:
        """The largest of all hours."""

    @abstractmethod
    def largest_from(self, hour: int) -> float | None:
        """The largest value from this hour on."""

    @abstractmethod
    def after(self, hour: int) -> Iterable[float | None]:
        """The values after this hour."""

    @abstractmethod
    def known_from(self, hour: int) -> bool:
        """Whether any hour from this one on has a value."""

    @abstractmethod
    def has_gaps(self) -> bool:
        """Whether an hour is missing."""

    @abstractmethod
    def runs(self, test: Test, *, missing: bool = False) -> list[Run]:
        """The unbroken runs of hours that pass the test. `missing`: what an hour without a value does."""

    def _bounded(self, value: float | None) -> float | Partial | None:
        if value is None:
            return None
        return Partial((Bounds(value, False, None, False),)) if self.has_gaps() else value

    def _longest_run(self, what: Measure, now: int, ahead: int, merge: Merge | None) -> float | Partial | None:
        """Hours of the longest run that counts. `ahead`: the first hour that is forecast.

        `ongoing`: runs that have not ended before now, from their first hour. `forecast`: of those only the hours to
        come. `all`: every run. Runs that a merge makes one spell are added up (`sum`), or filled from end to end.
        """
        assert what.test is not None
        start = {"ongoing": now, "forecast": ahead, "all": 0}[what.part]
        if not self.known_from(start):
            return None
        runs = self.runs(what.test)
        spells = [(run,) for run in runs] if merge is None else self._merged(runs, merge)
        counted = [spell for spell in spells if spell[-1][1] >= start]
        since = ahead if what.part == "forecast" else -DAY_HOURS
        if what.count in ("blocks", "calendar_days"):
            days = what.count == "calendar_days"
            if merge is None or merge.count == "whole":
                return self._bounded(DAY_HOURS * self._blocks((run for spell in spells for run in spell), start, since, days))
            sums = (sum(self._blocks((run,), start, since, days) for run in spell) for spell in counted)
            return self._bounded(DAY_HOURS * max(sums, default=0))
        return self._bounded(max((_hours_of(spell, what.count, since) for spell in counted), default=0))

    def _merged(self, runs: list[Run], merge: Merge) -> list[tuple[Run, ...]]:
        """Runs as one spell, unless the merge's test passes for its hours in a row between them.

        An hour without a value may have passed: it does not prove that the two were one.
        """
        breaks = [run for run in self.runs(make_test(merge.test), missing=True) if run[1] - run[0] + 1 >= merge.hours]
        found: list[tuple[Run, ...]] = []
        seen = 0
        for run in runs:
            while seen < len(breaks) and found and breaks[seen][0] <= found[-1][-1][1]:
                seen += 1
            if not found or (seen < len(breaks) and breaks[seen][1] < run[0]):
                found.append((run,))
            elif merge.count == "whole":
                found[-1] = ((found[-1][0][0], run[1]),)
            else:
                found[-1] = (*found[-1], run)
        return found

    def _blocks(self, runs: Iterable[Run], start: int, since: int, days: bool) -> int:
        """The most 24-hour blocks end to end, each with a mean that passes; the last ends at `start` or later, none begins before `since`.

        days: only blocks from midnight to midnight, local time. A mean stands at the last hour of its block.
        """
        midnight = -self.first.astimezone(CHINA).hour % DAY_HOURS
        chains: dict[int, int] = {}
        for first, last in runs:
            for hour in range(max(first, since + DAY_HOURS - 1), last + 1):
                if not days or hour % DAY_HOURS == midnight:
                    chains[hour] = chains.get(hour - DAY_HOURS, 0) + 1
        return max((length for hour, length in chains.items() if hour >= start), default=0)

    def _run_from_now(
        self, what: Measure, at: datetime.datetime | None, now: int, in_force: Mapping[str, Level]
    ) -> float | Partial | None:
        test = what.test
        if what.by_level is not None:
            test = next(
                (what.by_level[level] for level in in_force.values() if level is not None and level in what.by_level), None
            )
        current = self.value(now)
        if test is None or at is None or at < self.first or current is None:
            return None
        if not test(current):
            return 0
        count = 0
        for value in self.after(now):
            if value is None:
                return Partial((Bounds(count, False, None, False),))
            if not test(value):
                break
            count += 1
        return count


@dataclass(frozen=True, slots=True)
class Track(Hourly):
    """Values an hour apart from `first`; None where there is none. `listed`: the hours that have a point. `gaps`: some hour is missing."""

    first: datetime.datetime
    values: list[float | None]
    hours: list[float | None]
    listed: list[int]
    gaps: bool

    def hour_of(self, at: datetime.datetime | None) -> int:
        if at is None or at < self.first:
            return 0
        return self.listed[bisect_right(self.listed, int((at - self.first) / HOUR)) - 1]

    def value(self, hour: int) -> float | None:
        return self.values[hour]

    def largest(self) -> float | None:
        return max((v for v in self.hours if v is not None), default=None)

    def largest_from(self, hour: int) -> float | None:
        return max((v for v in self.values[hour:] if v is not None), default=None)

    def after(self, hour: int) -> Iterable[float | None]:
        return self.values[hour + 1 :]

    def known_from(self, hour: int) -> bool:
        return any(value is not None for value in self.values[hour:])

    def has_gaps(self) -> bool:
        return self.gaps

    def runs(self, test: Test, *, missing: bool = False) -> list[Run]:
        return runs_of(self.values, test, missing=missing)


def runs_of(values: Iterable[float | None], test: Test, *, missing: bool = False, start: int = 0) -> list[Run]:
    """The unbroken runs of values that pass the test, numbered from `start`. `missing`: what None does."""
    found: list[Run] = []
    begun = -1
    for n, value in enumerate(values, start):
        if missing if value is None else test(value):
            if begun < 0:
                begun = n
        elif begun >= 0:
            found.append((begun, n - 1))
            begun = -1
    if begun >= 0:
        found.append((begun, n))
    return found


def _hours_of(spell: tuple[Run, ...], count: str, since: int) -> int:
    """The hours of a spell from `since` on: those that its windows cover (n means cover n + 23), its means, or from the first mean to the last."""
    if count == "covered":
        found, end = 0, since - 1
        for first, last in spell:
            found += last - max(first - DAY_HOURS + 1, end + 1) + 1
            end = last
        return found
    lengths = [last - max(first, since) + 1 for first, last in spell if last >= since]
    return sum(lengths) if count == "hours" else sum(length - 1 for length in lengths)
