"""Which plans an event concerns: every plan of the jurisdiction assessed with the facts that it knows; and those its report speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.assess import Assessment, assess
from engine.incident.fact import facts_now
from engine.incident.mention import NOTHING, Mention, mentions
from engine.incident.state import Incident
from engine.plan.finding import FactInvalid
from engine.plan.model import Plan
from engine.plan.spelling import nearest
from engine.trigger.facts import validate

APPLIES, MAY_APPLY, DOES_NOT, SILENT = "applies", "may_apply", "does_not", "silent"
ORDER = (APPLIES, MAY_APPLY, DOES_NOT, SILENT)


@dataclass(frozen=True, slots=True)
class Concern:
    """One plan's answer. verdict: a level is established; is still possible with what is known; is ruled out; nothing of it is known.

    mention: what the report says of it, which decides nothing.
    """

    plan: Plan
    verdict: str
    known: tuple[str, ...]
    assessment: Assessment | None
    mention: Mention = NOTHING


def concerns(plans: Iterable[Plan], facts: Mapping[str, Any], at: datetime | None, report: str = "") -> tuple[Concern, ...]:
    """Every plan's answer, those that apply first. A fact that no plan has is an error: FactInvalid."""
    listed = list(plans)
    every = {key for plan in listed for key in plan.indicators}
    for key in facts:
        if key not in every:
            near = nearest(key, sorted(every))
            raise FactInvalid(
                f"没有一份预案有指标“{key}”", where=f"facts.{key}", remedy=f"是不是“{near}”？" if near else "见各预案的指标表"
            )
    said = mentions(listed, report)
    return _ranked(_concern(plan, facts, at, said[plan.id]) for plan in listed)


def concerns_of(
    plans: Iterable[Plan], incident: Incident, at: datetime | None, tried: Mapping[str, Any] | None = None
) -> tuple[Concern, ...]:
    """The same for an incident: by the facts that it knows, those that are tried with them, and its report.

    Facts that a plan reads as something else say nothing to it.
    """
    listed = list(plans)
    said = mentions(listed, f"{incident.title}\n{incident.report}")
    found = []
    for plan in listed:
        try:
            found.append(_concern(plan, {**facts_now(incident, plan).raw, **(tried or {})}, at, said[plan.id]))
        except FactInvalid:
            found.append(Concern(plan, SILENT, (), None, said[plan.id]))
    return _ranked(found)


def _ranked(found: Iterable[Concern]) -> tuple[Concern, ...]:
    """By what the facts say, then by how many there are; what the words say orders only the rest."""
    return tuple(sorted(found, key=lambda one: (ORDER.index(one.verdict), -len(one.known), -one.mention.weight)))


def _concern(plan: Plan, facts: Mapping[str, Any], at: datetime | None, mention: Mention) -> Concern:
    own = {key: value for key, value in facts.items() if key in plan.indicators and value is not None}
    if not own:
        return Concern(plan, SILENT, (), None, mention)
    assessment = assess(plan, validate(plan, own), at)
    if any(level is not None for level in assessment.levels.values()):
        verdict = APPLIES
    elif any(level is not None for levels in assessment.possible.values() for level in levels):
        verdict = MAY_APPLY
    else:
        verdict = DOES_NOT
    return Concern(plan, verdict, tuple(own), assessment, mention)
