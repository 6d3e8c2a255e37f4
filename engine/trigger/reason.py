"""The reason tree: every condition of a trigger as held, failed or unknown, with fact, threshold and margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.plan.condition import (
    All,
    Any,
    Bounds,
    Compare,
    Condition,
    Count,
    InForce,
    Level,
    Member,
    Not,
    Scalar,
    ScaleIs,
    Sum,
    parts_of,
    resolve,
)
from engine.plan.measure import Number, words
from engine.plan.model import Plan, Trigger
from engine.plan.words import condition_word, find_indicator, value_word
from engine.trigger.facts import Facts, Mark, Partial
from engine.trigger.truth import Truth, truth


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition. `margin`: signed distance to the nearest bound in the plan's unit (below zero: short of it).

    areas: for a count, each area's truth. unknown: why a fact is unknown (never, stale, conflicting, partial).
    """

    text: str
    truth: Truth
    clause: str | None = None
    readings: tuple[str, ...] = ()
    indicator: str | None = None
    fact: str | None = None
    mark: Mark | None = None
    margin: Number | None = None
    unit: str | None = None
    unknown: str | None = None
    areas: Mapping[str, Truth] | None = None
    parts: tuple[Reason, ...] = ()


def trigger_reason(
    plan: Plan, trigger: Trigger, facts: Facts, choices: Mapping[str, str], in_force: Mapping[str, Level]
) -> Reason:
    """The reason tree of a trigger."""
    found = reason(plan, resolve(trigger.condition, dict(choices)), facts, choices, in_force)
    return Reason(
        found.text, found.truth, trigger.clause, tuple(dict.fromkeys((*trigger.readings, *found.readings))), found.indicator, found.fact,
        found.mark, found.margin, found.unit, found.unknown, found.areas, found.parts,
    )  # fmt: skip


def reason(plan: Plan, condition: Condition, facts: Facts, choices: Mapping[str, str], in_force: Mapping[str, Level]) -> Reason:
    """The reason tree of a condition whose switches are set. Each node's truth is exact."""
    held = truth(plan, condition, facts, choices=choices, in_force=in_force)
    text = condition_word(plan, condition)
    clause, readings = condition.basis.clause, condition.basis.readings
    match condition:
        case Compare(key, bounds):
            indicator = find_indicator(plan, key)
            value = facts.of(key)
            margin = bounds_margin(bounds, value) if isinstance(value, int | float) else None
            return Reason(
                text,
                held,
                clause,
                readings,
                key,
                fact_word(plan, key, facts),
                facts.marks.get(key),
                margin,
                indicator.unit,
                why_unknown(facts, key),
            )
        case Member(key):
            return Reason(
                text,
                held,
                clause,
                readings,
                key,
                fact_word(plan, key, facts),
                facts.marks.get(key),
                unknown=why_unknown(facts, key),
            )
        case Sum(keys, bounds):
            values = [facts.of(key) for key in keys]
            margin = bounds_margin(bounds, sum(values)) if all(isinstance(v, int | float) for v in values) else None  # type: ignore[arg-type]
            fact = " + ".join(fact_word(plan, key, facts) for key in keys)
            unknown = next((why for key in keys if (why := why_unknown(facts, key))), None)
            return Reason(
                text, held, clause, readings, "+".join(keys), fact, None, margin, plan.indicators[keys[0]].unit, unknown
            )
        case Count(areas_id, _, where, _, among):
            counted = among or plan.indicators[areas_id].areas
            areas = {area: area_truth(plan, areas_id, area, where, facts, choices) for area in counted}
            count = sum(1 for one in areas.values() if one is Truth.HELD)
            maybe = sum(1 for one in areas.values() if one is Truth.UNKNOWN)
            fact = f"{count}个满足" + (f"，另有{maybe}个未知" if maybe else "")
            return Reason(text, held, clause, readings, areas_id, fact, areas=areas)
        case ScaleIs() | InForce():
            return Reason(text, held, clause, readings)
        case All() | Any() | Not():
            parts = tuple(reason(plan, part, facts, choices, in_force) for part in parts_of(condition))
            return Reason(text, held, clause, readings, parts=parts)
        case _:
            raise TypeError(type(condition).__name__)


def area_truth(plan: Plan, areas_id: str, area: str, where: Condition, facts: Facts, choices: Mapping[str, str]) -> Truth:
    """Whether one area satisfies a condition."""
    return truth(plan, where, area_facts(areas_id, area, facts), choices=choices)


def area_facts(areas_id: str, area: str, facts: Facts) -> Facts:
    """The city-wide facts with one area's: its indicators are then plain keys such as "counties.rain_past_24h"."""
    row = facts.areas.get(areas_id, {}).get(area, {})
    return Facts(
        known={**facts.known, **{f"{areas_id}.{key}": value for key, value in row.items() if not isinstance(value, Partial)}},
        partial={**facts.partial, **{f"{areas_id}.{key}": value for key, value in row.items() if isinstance(value, Partial)}},
    )


def why_unknown(facts: Facts, key: str) -> str | None:
    """Why a fact does not settle its conditions; None if it is known."""
    if key in facts.known:
        return None
    partial = facts.partial.get(key)
    if partial is not None:
        return "conflicting" if partial.conflicting else "partial"
    return facts.missing.get(key, "never")


def fact_word(plan: Plan, key: str, facts: Facts, area: str | None = None) -> str:
    """A fact as an officer reads it; partial knowledge as its range."""
    indicator = find_indicator(plan, key)
    value = facts.of(key, area)
    if value is None:
        return "未知"
    if not isinstance(value, Partial):
        return value_word(indicator, value)
    if value.values:
        return "或".join(value_word(indicator, one) for one in sorted(value.values, key=str))
    return "或".join(_range_word(bounds, indicator.unit or "1") for bounds in value.intervals)


def _range_word(bounds: Bounds, unit: str) -> str:
    if bounds.low is not None and bounds.low == bounds.high:
        return words(bounds.low, unit)
    if bounds.high is None:
        return f"至少{words(bounds.low or 0, unit)}"
    if not bounds.low:
        return f"至多{words(bounds.high, unit)}"
    return f"{words(bounds.low, unit)}到{words(bounds.high, unit)}"


def bounds_margin(bounds: Bounds, value: Scalar) -> Number:
    """How far inside the bounds a value is (0 or more), or how far outside (below 0)."""
    assert isinstance(value, int | float)
    gaps = []
    if bounds.low is not None:
        gaps.append(value - bounds.low)
    if bounds.high is not None:
        gaps.append(bounds.high - value)
    return min(gaps)
