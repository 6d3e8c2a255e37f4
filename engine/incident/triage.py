"""Which plans an event concerns: every plan of the jurisdiction assessed with the facts that it knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.assess import Assessment, assess
from engine.plan.finding import FactInvalid
from engine.plan.model import Plan
from engine.plan.spelling import nearest
from engine.trigger.facts import validate

APPLIES, MAY_APPLY, DOES_NOT, SILENT = "applies", "may_apply", "does_not", "silent"


@dataclass(frozen=True, slots=True)
class Concern:
    """One plan's answer. verdict: a level is established; is still possible with what is known; is ruled out; nothing of it is known."""

    plan: Plan
    verdict: str
    known: tuple[str, ...]
    assessment: Assessment | None


def concerns(plans: Iterable[Plan], facts: Mapping[str, Any], at: datetime | None) -> tuple[Concern, ...]:
    """Every plan's answer, those that apply first. A fact that no plan has is an error: FactInvalid."""
    listed = list(plans)
    every = {key for plan in listed for key in plan.indicators}
    for key in facts:
        if key not in every:
            near = nearest(key, sorted(every))
            raise FactInvalid(
                f"没有一份预案有指标“{key}”", where=f"facts.{key}", remedy=f"是不是“{near}”？" if near else "见各预案的指标表"
            )
    found = [_concern(plan, facts, at) for plan in listed]
    order = (APPLIES, MAY_APPLY, DOES_NOT, SILENT)
    return tuple(sorted(found, key=lambda one: (order.index(one.verdict), -len(one.known))))


def _concern(plan: Plan, facts: Mapping[str, Any], at: datetime | None) -> Concern:
    own = {key: value for key, value in facts.items() if key in plan.indicators and value is not None}
    if not own:
        return Concern(plan, SILENT, (), None)
    assessment = assess(plan, validate(plan, own), at)
    if any(level is not None for level in assessment.levels.values()):
        verdict = APPLIES
    elif any(level is not None for levels in assessment.possible.values() for level in levels):
        verdict = MAY_APPLY
    else:
        verdict = DOES_NOT
    return Concern(plan, verdict, tuple(own), assessment)
