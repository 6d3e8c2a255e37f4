"""The facts of an incident as they count now: of each indicator the latest observation, corrections included.

The latest by the time of observation stands, whenever it was entered; of the same source and time the later entry. Two
sources that give different values for the same time disagree: the value is one of the two (`one_of`). A series grows
hour by hour, and a later report of an hour replaces the earlier one (a new forecast). An area's facts count one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.incident.state import FactEntry, Incident
from engine.plan.finding import FactInvalid
from engine.plan.model import Indicator, Plan
from engine.trigger.facts import Facts, parse_time, validate

MOST_KEPT = 64
"""So many incidents' facts are kept as they count, a plan: time passes far more often than facts come in."""


@dataclass(frozen=True, slots=True)
class Known:
    """Facts of one plan: as the contract's JSON, validated, and the entries behind each indicator."""

    raw: Mapping[str, Any]
    facts: Facts
    entries: Mapping[str, tuple[int, ...]]


def facts_now(incident: Incident, plan: Plan) -> Known:
    """What is known of the plan's indicators."""
    kept: dict[int, tuple[Mapping[str, Any], Known]] = plan.memo.setdefault("facts now", {})
    found = kept.get(id(incident.facts))
    if found is None or found[0] is not incident.facts:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        found = kept[id(incident.facts)] = (incident.facts, _now(incident, plan))
    return found[1]


def _now(incident: Incident, plan: Plan) -> Known:
    raw: dict[str, Any] = {}
    behind: dict[str, tuple[int, ...]] = {}
    for key, indicator in plan.indicators.items():
        listed = [one for one in incident.facts.get(key, ()) if counts_for(one, plan)]
        if not listed:
            continue
        if indicator.type == "series":
            raw[key], behind[key] = _series(listed)
        elif indicator.type == "areas":
            raw[key], behind[key] = _areas(listed)
        else:
            raw[key], behind[key] = _standing(listed)
    return Known(raw, validate(plan, raw), behind)


def counts_for(one: FactEntry, plan: Plan) -> bool:
    """Whether an entry says something about this plan, and was not withdrawn."""
    return one.value is not None and one.plan in (None, plan.id)


def check_fact(plan: Plan, indicator: str, value: Any) -> Indicator:
    """Raises FactInvalid unless the value is one that the indicator may have."""
    if value is None:
        raise FactInvalid("没有值", where=f"facts.{indicator}", remedy="填一个值；撤回已填的，用更正")
    validate(plan, {indicator: value})
    return plan.indicators[indicator]


def _standing(listed: Iterable[FactEntry]) -> tuple[Any, tuple[int, ...]]:
    """The observation that stands, wrapped with its source and time; and its entries."""
    given = list(listed)
    last = max(given, key=lambda one: (one.observed_at, one.entry))
    of_source: dict[str, FactEntry] = {one.source: one for one in given if one.observed_at == last.observed_at}
    rivals = [one for one in of_source.values() if one.value != last.value]
    value = last.value
    if rivals:
        value = _either(tuple(one.value for one in of_source.values()))
    source = "；".join(dict.fromkeys([*(one.source for one in rivals), last.source])) if rivals else last.source
    entries = tuple(one.entry for one in of_source.values()) if rivals else (last.entry,)
    return {"value": value, "source": source, "observed_at": last.observed_at.isoformat()}, entries


def _either(values: tuple[Any, ...]) -> Any:
    """What is sure when two sources disagree about the same time: one of their values, or everything between the ends of their ranges."""
    if all(not isinstance(one, dict) for one in values):
        return {"one_of": list(values)}
    lows, highs = [], []
    for one in values:
        low, high = _ends(one)
        if isinstance(low, str) or isinstance(high, str):
            return {"one_of": [part for one in values for part in (one["one_of"] if isinstance(one, dict) else [one])]}
        lows.append(low)
        highs.append(high)
    if None in highs:
        return {"at_least": min(low or 0 for low in lows)}
    if None in lows:
        return {"at_most": max(highs)}
    return {"between": [min(lows), max(highs)]}


def _ends(value: Any) -> tuple[Any, Any]:
    """The lowest and highest number that a value leaves open; None: no end."""
    match value:
        case {"at_least": low}:
            return low, None
        case {"at_most": high}:
            return None, high
        case {"between": [low, high]}:
            return low, high
        case {"one_of": listed}:
            return min(listed), max(listed)
        case _:
            return value, value


def _series(listed: Iterable[FactEntry]) -> tuple[Any, tuple[int, ...]]:
    points: dict[Any, list[Any]] = {}
    entries: dict[Any, int] = {}
    last = None
    for one in sorted(listed, key=lambda one: (one.observed_at, one.entry)):
        last = one
        for point in one.value:
            hour = parse_time(point[0], one.indicator)
            points[hour], entries[hour] = point, one.entry
    if last is None:
        return [], ()
    value = [points[hour] for hour in sorted(points)]
    marked = {"value": value, "source": last.source, "observed_at": last.observed_at.isoformat()}
    return marked, tuple(sorted(set(entries.values())))


def _areas(listed: Iterable[FactEntry]) -> tuple[Any, tuple[int, ...]]:
    cells: dict[tuple[str, str], list[FactEntry]] = {}
    for one in listed:
        for area, row in one.value.items():
            for part, value in (row or {}).items():
                bare = value["value"] if isinstance(value, dict) and "value" in value else value
                if bare is not None:
                    cell = FactEntry(one.entry, one.indicator, bare, one.source, one.observed_at, one.by)
                    cells.setdefault((area, part), []).append(cell)
    found: dict[str, dict[str, Any]] = {}
    entries: set[int] = set()
    for (area, part), entered in cells.items():
        found.setdefault(area, {})[part], used = _standing(entered)
        entries.update(used)
    return found, tuple(sorted(entries))
