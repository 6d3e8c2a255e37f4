"""Indicators that follow from a series, from concentrations or from the date, and facts too old to count.

Source of the rules: the contract's `derivation` of each vocabulary; HJ 633-2012 for sub-indices.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from engine.plan.condition import Level, Scalar
from engine.plan.model import NO_CHOICES, Merge, Plan
from engine.trigger.facts import CHINA, Facts, Mark, Partial, Point, area_mark
from engine.trigger.index import LEAST_OF_DAY, IndexValue, aqi_of_means, day_index, hour_index
from engine.trigger.solar_terms import season_of
from engine.trigger.track import DAY_HOURS, HOUR, Hourly, Measure, Track, measure_of
from engine.trigger.window import Past


class Source(NamedTuple):
    """Which hourly values a measure works on: of which series, made how."""

    series: str
    of: str
    rounded: str | None
    least_hours: int


NO_TRACKS: Mapping[Source, Hourly | None] = {}


def prepare(
    plan: Plan,
    facts: Facts,
    at: datetime.datetime | None,
    in_force: Mapping[str, Level] | None = None,
    *,
    choices: Mapping[str, str] = NO_CHOICES,
    episode: bool = False,
    tracks: Mapping[Source, Hourly | None] = NO_TRACKS,
) -> Facts:
    """The facts as they count: without those that are too old, with those that follow from others.

    choices: reading id -> letter of an alternative (absent: the plan's own reading).
    episode: spells that the plan counts as one are merged; a single assessment does not merge them.
    tracks: hourly values that are at hand already, in place of those that would be made of the facts' series.
    """
    if facts.marks and at is not None:
        facts = _without_stale(plan, facts, at)
    if not derives(plan):
        return facts
    rules = _rules(plan, choices)
    return _derive(plan, facts, at, in_force or {}, rules, rules.merges if episode else {}, tracks)


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


class Rules(NamedTuple):
    """How indicators are derived under one choice of readings, in the plan's order, and which spells an episode merges."""

    by_date: tuple[tuple[str, Mapping[str, Any]], ...]
    measures: tuple[tuple[str, Source, Measure], ...]
    merges: Mapping[str, Merge]


def _rules(plan: Plan, choices: Mapping[str, str]) -> Rules:
    """The plan's derivations under these choices, typed once for those choices that matter here."""
    if choices:
        matter = plan.memo.get("derivation readings")
        if matter is None:
            matter = {reading for one in plan.indicators.values() if one.derived_from for reading in one.derived_from.by_reading}
            matter |= {reading for merge in plan.lifecycle.merges for reading in merge.by_reading}
            plan.memo["derivation readings"] = matter
        key = ("derivations", tuple(sorted(item for item in choices.items() if item[0] in matter)))
    else:
        key = ("derivations", ())
    found: Rules | None = plan.memo.get(key)
    if found is None:
        dates, measures = [], []
        for name, indicator in plan.indicators.items():
            spec = None if indicator.derived_from is None else indicator.derived_from.read(choices)
            if spec is None:
                continue
            if "at" in spec:
                dates.append((name, {"at": spec["at"], "of": {value: spec[value] for value in indicator.values}}))
            else:
                source = Source(spec["series"], spec["of"], spec.get("round"), int(spec.get("least_hours", DAY_HOURS)))
                measures.append((name, source, measure_of(spec)))
        merges = {
            merge.indicator: merge for merge in (one.read(choices) for one in plan.lifecycle.merges) if merge.count != "apart"
        }
        found = plan.memo[key] = Rules(tuple(dates), tuple(measures), merges)
    return found


def _derive(
    plan: Plan,
    facts: Facts,
    at: datetime.datetime | None,
    in_force: Mapping[str, Level],
    rules: Rules,
    merges: Mapping[str, Merge],
    at_hand: Mapping[Source, Hourly | None],
) -> Facts:
    found: dict[str, Scalar | Partial | None] = {}
    for key, spec in rules.by_date:
        if not _given(facts, key):
            found[key] = _by_date(spec, at)
    tracks: dict[Source, Hourly | None] = dict(at_hand)
    for key, source, what in rules.measures:
        if _given(facts, key):
            continue
        if source not in tracks:
            tracks[source] = track_of(plan, facts, source)
        track = tracks[source]
        found[key] = None if track is None else track.measure(what, at, in_force, merges.get(key))
    known, partial = dict(facts.known), dict(facts.partial)
    for key, value in found.items():
        if isinstance(value, Partial):
            partial[key] = value
        elif value is not None:
            known[key] = value
    derived = facts.derived.union(key for key, value in found.items() if value is not None)
    return replace(facts, known=known, partial=partial, derived=derived)


def _given(facts: Facts, key: str) -> bool:
    return key in facts.known or key in facts.partial or key in facts.missing


def _by_date(spec: Mapping[str, Any], at: datetime.datetime | None) -> str | None:
    """The enum value whose months hold the local month of `at`, or whose solar terms hold the last one begun by its local day."""
    if at is None:
        return None
    local = at.astimezone(CHINA)
    if spec["at"] == "solar_term":
        return season_of(local.date(), spec["of"])
    return next((value for value, months in spec["of"].items() if str(local.month) in months), None)


def made_of(source: Source, given: Collection[str]) -> str:
    """How the values are made where these series are given: as it says, or as an index of the concentrations."""
    if source.series in given and source.of != "index_of_means":
        return source.of
    return "index_of_hour" if source.of == "value" else "index_of_means"


def track_of(plan: Plan, facts: Facts, source: Source) -> Track | None:
    """The hourly values that a measure works on; None where nothing was given."""
    how = made_of(source, {key for key, points in facts.series.items() if points})
    if how in ("value", "trailing_24h_mean"):
        points = facts.series[source.series]
        hours = _hours(points)
        if how == "value":
            return Track(points[0][0], hours, hours, _listed(points), None in hours)
        means = _means(hours, source.least_hours)
        gaps = None in hours if source.least_hours == DAY_HOURS else None in means[source.least_hours - 1 :]
        return Track(points[0][0], _rounded(means, source.rounded), hours, _listed(points), gaps)
    use = plan.index_uses.get(source.series)
    if use is None:
        return None
    given = {pollutant: facts.series[key] for pollutant, key in use.pollutants.items() if facts.series.get(key)}
    if not given:
        return None
    first = min(points[0][0] for points in given.values())
    last = max(points[-1][0] for points in given.values())
    count = int((last - first) / HOUR) + 1
    rows = {pollutant: _aligned(points, first, count) for pollutant, points in given.items()}
    listed = sorted({int((time - first) / HOUR) for points in given.values() for time, _ in points})
    if how == "index_of_hour":
        one_hour = (hour_index(use.index, {pollutant: row[n] for pollutant, row in rows.items()}) for n in range(count))
        values = [None if one is None else float(one.value) for one in one_hour]
        return Track(first, values, values, listed, None in values)
    found = aqi_of_means(use.index, rows, count)
    # Hours are missing only where too many are: 20 of 24 are enough for a mean.
    return Track(first, found, found, listed, None in found[LEAST_OF_DAY - 1 :])


def _means(hours: list[float | None], least: int) -> list[float | None]:
    """The plain mean of the 24 hours up to each; None where fewer than `least` of them have a value."""
    found: list[float | None] = []
    if least == DAY_HOURS:
        since = 0  # the hour after the last one without a value
        for n, value in enumerate(hours):
            if value is None:
                since = n + 1
            found.append(None if n - since < DAY_HOURS - 1 else math.fsum(hours[n - DAY_HOURS + 1 : n + 1]) / DAY_HOURS)  # type: ignore[arg-type]
        return found
    for n in range(len(hours)):
        valid = [value for value in hours[max(0, n - DAY_HOURS + 1) : n + 1] if value is not None]
        found.append(None if len(valid) < least else math.fsum(valid) / len(valid))
    return found


def _rounded(values: list[float | None], how: str | None) -> list[float | None]:
    """Whole numbers: a half goes up (`nearest`), or anything above does (`up`)."""
    if how is None:
        return values
    return [None if value is None else float(math.ceil(value) if how == "up" else math.floor(value + 0.5)) for value in values]


def sources(plan: Plan, choices: Mapping[str, str] = NO_CHOICES) -> tuple[Source, ...]:
    """The hourly values that the plan's measures work on under these choices."""
    return tuple(dict.fromkeys(source for _, source, _ in _rules(plan, choices).measures))


def past_of(source: Source, how: str, track: Track) -> Past:
    """A whole track to be seen hour by hour, with what counts as missing in it. how: as `made_of` says."""
    if how == "trailing_24h_mean":
        return Past(track, None if source.least_hours == DAY_HOURS else source.least_hours - 1)
    return Past(track, LEAST_OF_DAY - 1 if how == "index_of_means" else 0)


def tracks(plan: Plan, facts: Facts, series: str) -> dict[str, Track]:
    """What the plan's measures make of a series that was given, to be drawn: by how it is made (`value`, `trailing_24h_mean`)."""
    sources = dict.fromkeys(source for _, source, _ in _rules(plan, {}).measures if source.series == series)
    found = ((source.of, track_of(plan, facts, source)) for source in sources)
    return {of: track for of, track in found if track is not None}


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
