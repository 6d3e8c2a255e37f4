"""Which facts stand together in the form, and which scale is shown first: read off the plan's own conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.console import texts
from engine.assess import Assessment
from engine.plan.condition import Compare, Condition, InForce, Member, ScaleIs, Sum, walk
from engine.plan.model import Indicator, Plan, Scale


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under one heading: those that one scale asks for directly."""

    heading: str
    clause: str
    facts: tuple[tuple[str, Indicator], ...]


def conditions(scale: Scale) -> Iterator[Condition]:
    """Every condition of a scale's triggers, inner ones included."""
    for triggers in scale.triggers.values():
        for trigger in triggers:
            yield from walk(trigger.condition)


def scale_of_facts(plan: Plan) -> dict[str, str]:
    """For each indicator (areas' as "counties.rain") the first scale that asks for it directly."""
    found: dict[str, str] = {}
    for scale in plan.scales.values():
        for condition in conditions(scale):
            match condition:
                case Compare(key) | Member(key):
                    found.setdefault(key, scale.id)
                case Sum(keys):
                    for key in keys:
                        found.setdefault(key, scale.id)
    return found


def fact_groups(plan: Plan) -> list[FactGroup]:
    """Single facts by the scale that asks for them; those that no scale asks for last."""
    asked = scale_of_facts(plan)
    single = {key: indicator for key, indicator in plan.indicators.items() if indicator.type not in ("series", "areas")}
    groups = [
        FactGroup(scale.label, scale.clause, tuple((key, one) for key, one in single.items() if asked.get(key) == scale.id))
        for scale in plan.scales.values()
    ]
    groups.append(FactGroup(texts.OTHER_GROUP, "", tuple((key, one) for key, one in single.items() if key not in asked)))
    return [group for group in groups if group.facts]


def area_groups(plan: Plan, areas: str) -> list[FactGroup]:
    """An areas indicator's own facts, by scale."""
    asked = scale_of_facts(plan)
    parts = plan.indicators[areas].parts
    groups = [
        FactGroup(
            scale.label, scale.clause, tuple((key, one) for key, one in parts.items() if asked.get(f"{areas}.{key}") == scale.id)
        )
        for scale in plan.scales.values()
    ]
    groups.append(
        FactGroup(texts.OTHER_GROUP, "", tuple((key, one) for key, one in parts.items() if f"{areas}.{key}" not in asked))
    )
    return [group for group in groups if group.facts]


def rests_on(plan: Plan) -> Mapping[str, frozenset[str]]:
    """For each scale the scales that it follows from, through any number of steps."""
    direct = {
        scale.id: {one.scale for one in conditions(scale) if isinstance(one, ScaleIs)}
        | set(scale.highest_of)
        | ({scale.follows.scale} if scale.follows else set())
        for scale in plan.scales.values()
    }

    def below(scale: str, seen: frozenset[str]) -> frozenset[str]:
        for one in direct[scale] - seen - {scale}:
            seen = below(one, seen | {one})
        return seen

    return {scale: below(scale, frozenset()) for scale in plan.scales}


def main_scale(assessment: Assessment) -> str:
    """The scale to show first: one with a level before one without, then the one that most others lead to."""
    below = rests_on(assessment.plan)
    order = list(assessment.plan.scales)
    return max(order, key=lambda scale: (assessment.levels[scale] is not None, len(below[scale]), order.index(scale)))


def scales_in_force(plan: Plan) -> list[Scale]:
    """The scales whose level in force now some fact or duty is measured against."""
    asked = {one.scale for scale in plan.scales.values() for one in conditions(scale) if isinstance(one, InForce)}
    asked |= {one.scale for duty in plan.duties if duty.when is not None for one in walk(duty.when) if isinstance(one, InForce)}
    levels = {
        level
        for indicator in plan.indicators.values()
        if indicator.derived_from is not None and isinstance(test := indicator.derived_from.spec.get("test"), Mapping)
        for level in test
    }
    return [scale for scale in plan.scales.values() if scale.id in asked or levels & set(scale.levels)]
