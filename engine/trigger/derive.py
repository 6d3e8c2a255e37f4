"""Indicators that follow from a series, from concentrations or from the date, and facts too old to count.

Source of the rules: the contract's `derivation` of each vocabulary; HJ 633-2012 for sub-indices.
"""

from __future__ import annotations

import datetime
import math
import operator
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from engine.plan.condition import Bounds, Level, Scalar
from engine.plan.model import Indicator, Merge, Plan
from engine.trigger.facts import CHINA, Facts, Mark, Partial, Point, area_mark
from engine.trigger.index import LEAST_OF_DAY, IndexValue, aqi_of_means, day_index, hour_index

HOUR = datetime.timedelta(hours=1)
DAY_HOURS = 24
TESTS: dict[str, Callable[[float, float], bool]] = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def prepare(
    plan: Plan,
    facts: Facts,
    at: datetime.datetime | None,
    in_force: Mapping[str, Level] | None = None,
    *,
    episode: bool = False,
) -> Facts:
    """The facts as they count: without those that are too old, with those that follow from others.

    episode: spells that the plan counts as one are merged; a single assessment does not merge them.
    """
    if facts.marks and at is not None:
        facts = _without_stale(plan, facts, at)
    if not derives(plan):
        return facts
    merges = {merge.indicator: merge for merge in plan.lifecycle.merges} if episode else {}
    return _derive(plan, facts, at, in_force or {}, merges)


def derives(plan: Plan) -> bool:
    """Whether any indicator of the plan is derived."""
    if "derives" not in plan.memo:
        plan.memo["derives"] = any(indicator.derived_from for indicator in plan.indicators.values())
    return bool(plan.memo["derives"])


def _without_stale(plan: Plan, facts: Facts, at: datetime.datetime) -> Facts:
    stale = {key for key, mark in facts.marks.items() if _too_old(_max_age(plan, key), mark, at)}
    if not stale:
        return facts
    return replace(
        facts,
        known={key: value for key, value in facts.known.items() if key not in stale},
        partial={key: value for key, value in facts.partial.items() if key not in stale},
        areas={
            areas: {
                area: {key: value for key, value in row.items() if area_mark(f"{areas}.{key}", area) not in stale}
                for area, row in rows.items()
            }
            for areas, rows in facts.areas.items()
        },
        series={key: value for key, value in facts.series.items() if key not in stale},
        missing={**facts.missing, **dict.fromkeys(stale, "stale")},
    )


def _max_age(plan: Plan, mark: str) -> int | None:
    areas, _, name = mark.partition("@")[0].partition(".")
    indicator = plan.indicators[areas]
    return (indicator.parts[name] if name else indicator).max_age


def _too_old(age: int | None, mark: Mark, at: datetime.datetime) -> bool:
    return age is not None and mark.observed_at is not None and (at - mark.observed_at).total_seconds() > age


def _derive(
    plan: Plan, facts: Facts, at: datetime.datetime | None, in_force: Mapping[str, Level], merges: Mapping[str, Merge]
) -> Facts:
    known, partial, derived = dict(facts.known), dict(facts.partial), set(facts.derived)
    tracks: dict[tuple[str, str], Track | None] = {}
    for key, indicator in plan.indicators.items():
        if indicator.derived_from is None or key in facts.known or key in facts.partial or key in facts.missing:
            continue
        spec = indicator.derived_from.spec
        if "at" in spec:
            value: Scalar | Partial | None = _by_month(indicator, at)
        else:
            name = (spec["series"], spec["of"])
            if name not in tracks:
                tracks[name] = _track(plan, facts, *name)
            track = tracks[name]
            value = None if track is None else track.measure(spec, at, in_force, merges.get(key))
        if isinstance(value, Partial):
            partial[key] = value
            derived.add(key)
        elif value is not None:
            known[key] = value
            derived.add(key)
    return replace(facts, known=known, partial=partial, derived=frozenset(derived))


def _by_month(indicator: Indicator, at: datetime.datetime | None) -> str | None:
    """The enum value whose months hold the local month of `at`."""
    if at is None or indicator.derived_from is None:
        return None
    month = str(at.astimezone(CHINA).month)
    return next((value for value in indicator.values if month in indicator.derived_from.spec[value]), None)


def _track(plan: Plan, facts: Facts, series: str, of: str) -> Track | None:
    """The hourly values that a measure works on; None where nothing was given."""
    points = facts.series.get(series)
    if points:
        hours = _hours(points)
        if of == "value":
            return Track(points[0][0], hours, hours, _listed(points), None in hours)
        means = [
            None if n < DAY_HOURS - 1 or None in (window := hours[n - DAY_HOURS + 1 : n + 1]) else math.fsum(window) / DAY_HOURS  # type: ignore[arg-type]
            for n in range(len(hours))
        ]
        return Track(points[0][0], means, hours, _listed(points), None in hours)
    use = plan.index_uses.get(series)
    if use is None or of == "value":
        return None
    given = {pollutant: facts.series[key] for pollutant, key in use.pollutants.items() if facts.series.get(key)}
    if not given:
        return None
    first = min(points[0][0] for points in given.values())
    last = max(points[-1][0] for points in given.values())
    count = int((last - first) / HOUR) + 1
    rows = {pollutant: _aligned(points, first, count) for pollutant, points in given.items()}
    found = aqi_of_means(use.index, rows, count)
    # Hours are missing only where too many are: 20 of 24 are enough for a mean.
    listed = sorted({int((time - first) / HOUR) for points in given.values() for time, _ in points})
    return Track(first, found, found, listed, None in found[LEAST_OF_DAY - 1 :])


@dataclass(frozen=True, slots=True)
class IndexNow:
    """An index at the present hour, computed from concentrations: over 24 hours and of the hour, each with its primary pollutants."""

    edition: str
    day: IndexValue | None
    hour: IndexValue | None


def index_now(plan: Plan, facts: Facts, at: datetime.datetime | None) -> dict[str, IndexNow]:
    """For each index series that was not given itself: its value now, where concentrations were given. Now as for series."""
    found = {}
    for series, use in plan.index_uses.items():
        given = {pollutant: facts.series[key] for pollutant, key in use.pollutants.items() if facts.series.get(key)}
        if not given or facts.series.get(series):
            continue
        first = min(points[0][0] for points in given.values())
        listed = sorted({int((time - first) / HOUR) for points in given.values() for time, _ in points})
        now = Track(first, [], [], listed, False).hour_of(at)
        rows = {pollutant: _aligned(points, first, listed[-1] + 1) for pollutant, points in given.items()}
        found[series] = IndexNow(
            use.index.edition, day_index(use.index, rows, now), hour_index(use.index, {p: row[now] for p, row in rows.items()})
        )
    return found


def _listed(points: tuple[Point, ...]) -> list[int]:
    """The hours that have a point, also one without a value, counted from the first."""
    return [int((time - points[0][0]) / HOUR) for time, _ in points]


def _hours(points: tuple[Point, ...]) -> list[float | None]:
    return _aligned(points, points[0][0], int((points[-1][0] - points[0][0]) / HOUR) + 1)


def _aligned(points: tuple[Point, ...], first: datetime.datetime, count: int) -> list[float | None]:
    row: list[float | None] = [None] * count
    for time, value in points:
        row[int((time - first) / HOUR)] = value
    return row


@dataclass(frozen=True, slots=True)
class Track:
    """Values an hour apart from `first`; None where there is none. `listed`: the hours that have a point. `gaps`: some hour is missing."""

    first: datetime.datetime
    values: list[float | None]
    hours: list[float | None]
    listed: list[int]
    gaps: bool

    def measure(
        self, spec: Mapping[str, object], at: datetime.datetime | None, in_force: Mapping[str, Level], merge: Merge | None = None
    ) -> float | Partial | None:
        now = self.hour_of(at)
        match spec["measure"]:
            case "max":
                return self._bounded(max((v for v in self.hours if v is not None), default=None))
            case "max_from_now":
                return self._bounded(max((v for v in self.values[now:] if v is not None), default=None))
            case "at_now":
                return None if at is None or at < self.first else self.values[now]
            case "longest_run":
                return self._longest_run(_test(str(spec["test"])), now, merge)
            case "run_from_now":
                return self._run_from_now(spec["test"], at, now, in_force)
        raise ValueError(f"measure {spec['measure']}")

    def hour_of(self, at: datetime.datetime | None) -> int:
        """The last point's hour at or before `at`; the first where `at` is absent or earlier."""
        if at is None or at < self.first:
            return 0
        return self.listed[bisect_right(self.listed, int((at - self.first) / HOUR)) - 1]

    def _bounded(self, value: float | None) -> float | Partial | None:
        if value is None:
            return None
        return Partial((Bounds(value, False, None, False),)) if self.gaps else value

    def _longest_run(self, test: Callable[[float], bool], now: int, merge: Merge | None) -> float | Partial | None:
        """Hours covered by the longest run that has not ended before now: n means cover n + 23 hours."""
        if all(value is None for value in self.values[now:]):
            return None
        runs = self._runs(test)
        if merge is not None:
            runs = self._merged(runs, _test(merge.test), merge.hours)
        longest = max((last - first + 1 for first, last in runs if last >= now), default=0)
        return self._bounded(longest + DAY_HOURS - 1 if longest else 0)

    def _runs(self, test: Callable[[float], bool], *, missing: bool = False) -> list[tuple[int, int]]:
        """The unbroken runs of hours that pass the test, as first and last hour. `missing`: what an hour without a value does."""
        found: list[tuple[int, int]] = []
        for n, value in enumerate(self.values):
            if not (missing if value is None else test(value)):
                continue
            if found and found[-1][1] == n - 1:
                found[-1] = (found[-1][0], n)
            else:
                found.append((n, n))
        return found

    def _merged(self, runs: list[tuple[int, int]], apart: Callable[[float], bool], hours: int) -> list[tuple[int, int]]:
        """Runs as one from the first hour to the last, unless `apart` passes for `hours` in a row between them.

        An hour without a value may have passed: it does not prove that the two were one.
        """
        breaks = [(first, last) for first, last in self._runs(apart, missing=True) if last - first + 1 >= hours]
        found: list[tuple[int, int]] = []
        for first, last in runs:
            if found and not any(found[-1][1] < start and end < first for start, end in breaks):
                found[-1] = (found[-1][0], last)
            else:
                found.append((first, last))
        return found

    def _run_from_now(
        self, tests: object, at: datetime.datetime | None, now: int, in_force: Mapping[str, Level]
    ) -> float | Partial | None:
        if isinstance(tests, Mapping):
            tests = next((tests[level] for level in in_force.values() if level in tests), None)
        current = self.values[now]
        if tests is None or at is None or at < self.first or current is None:
            return None
        test = _test(str(tests))
        if not test(current):
            return 0
        count = 0
        for value in self.values[now + 1 :]:
            if value is None:
                return Partial((Bounds(count, False, None, False),))
            if not test(value):
                break
            count += 1
        return count


def _test(text: str) -> Callable[[float], bool]:
    """`"> 200"` as a function."""
    sign, number = text.split()
    compare, limit = TESTS[sign], float(number)
    return lambda value: compare(value, limit)
