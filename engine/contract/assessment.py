"""Assessments as the contract's JSON, bare and explained."""

from __future__ import annotations

from typing import Any

from engine.assess import Assessment
from engine.contract.duties import act_data, duty_data
from engine.contract.plan import reading_data
from engine.counterfactual import Distance, Question, distances, questions, ways_out
from engine.duty.duties import acts_at, duties_at, duties_that_may_come
from engine.explain import ReadingEffect, grounds, merged_spells, reading_effects, readings_used, reasons
from engine.plan.model import Plan, Scale
from engine.plan.words import UNKNOWN, level_word
from engine.trigger.derive import index_now
from engine.trigger.facts import CHINA, Mark
from engine.trigger.index import IndexValue
from engine.trigger.reason import Reason, fact_word

Json = dict[str, Any]


def assessment_data(assessment: Assessment) -> Json:
    """`levels`, `possible`, `basis` per scale."""
    return {
        "levels": dict(assessment.levels),
        "possible": {scale: list(levels) for scale, levels in assessment.possible.items()},
        "basis": {scale: [{"clause": clause} for clause in assessment.basis(scale)] for scale in assessment.levels},
    }


def explained_data(assessment: Assessment) -> Json:
    """The assessment with reasons, distances, questions, signers and duties."""
    plan = assessment.plan
    return {
        **assessment_data(assessment),
        "plan": plan.id,
        "title": plan.title,
        "digest": plan.digest,
        "at": None if assessment.at is None else assessment.at.isoformat(),
        "readings_chosen": dict(assessment.choices),
        "facts": facts_data(assessment),
        "scales": {scale: _scale_data(assessment, scale) for scale in plan.scales},
        "reading_effects": effects_data(assessment),
        "merged": _merged_data(assessment),
        "indexes": _indexes_data(assessment),
        "questions": [_question_data(assessment.plan, question) for question in questions(assessment)],
    }


def _scale_data(assessment: Assessment, scale_id: str) -> Json:
    plan = assessment.plan
    scale = plan.scale(scale_id)
    level = assessment.levels[scale_id]
    may = duties_that_may_come(plan, scale_id, level, assessment.possible[scale_id], assessment.facts, choices=assessment.choices)
    return {
        "label": scale.label,
        "level": level,
        "level_name": level_word(scale, level),
        "possible_names": [level_word(scale, one) for one in assessment.possible[scale_id]],
        "grounds": [[_reason_data(reason) for reason in chain] for chain in grounds(assessment, scale_id)],
        "reasons": [
            {
                "level": one.level,
                "level_name": level_word(scale, one.level),
                "state": one.state,
                "triggers": [_reason_data(reason) for reason in one.triggers],
            }
            for one in reasons(assessment, scale_id)
        ],
        "up": _ways_up(assessment, scale),
        "down": [_distance_data(plan, one) for one in ways_out(assessment, scale_id)],
        "readings": [reading_data(plan.readings[reading]) for reading in readings_used(assessment, scale_id)],
        "procedure": [act_data(act) for act in acts_at(plan, scale_id, level, assessment.choices)] if level else [],
        "duties": [
            duty_data(plan, one)
            for one in duties_at(
                plan, scale_id, level, assessment.facts, choices=assessment.choices, in_force=assessment.in_force
            )
        ]
        if level
        else [],
        "may_come": [{**duty_data(plan, one), "cannot_wait": one.cannot_wait} for one in may],
    }


def _ways_up(assessment: Assessment, scale: Scale) -> list[Json]:
    """The smallest ways to each level above the present one, the next level first."""
    rank = scale.rank(assessment.levels[scale.id])
    return [
        _distance_data(assessment.plan, one) for level in scale.levels[rank:] for one in distances(assessment, scale.id, level)
    ]


def _distance_data(plan: Plan, distance: Distance) -> Json:
    return {
        "level": distance.level,
        "clause": distance.clause,
        "words": "，且".join(change.words(plan) for change in distance.changes),
        "changes": [
            {
                "indicator": change.indicator,
                "area": change.area,
                "now": change.now,
                "to": change.to,
                "beyond": change.beyond,
                "rising": change.rising,
                "words": change.words(plan),
            }
            for change in distance.changes
        ],
    }


def _question_data(plan: Plan, question: Question) -> Json:
    return {
        "indicator": question.indicator,
        "area": question.area,
        "label": question.label,
        "open": round(question.open, 3),
        "answers": [
            {
                "answer": answer.words,
                "levels": dict(answer.levels),
                "possible": {scale: list(levels) for scale, levels in answer.possible.items()},
            }
            for answer in question.answers
        ],
    }


def _reason_data(reason: Reason) -> Json:
    found: Json = {
        "text": reason.text,
        "truth": str(reason.truth),
        "clause": reason.clause,
        "readings": list(reason.readings),
        "indicator": reason.indicator,
        "fact": reason.fact,
        "unknown": reason.unknown,
        "margin": reason.margin,
        "unit": reason.unit,
    }
    if reason.mark is not None:
        found |= _mark_data(reason.mark)
    if reason.areas is not None:
        found["areas"] = {area: str(truth) for area, truth in reason.areas.items()}
    if reason.parts:
        found["parts"] = [_reason_data(part) for part in reason.parts]
    return found


def _mark_data(mark: Mark) -> Json:
    return {
        "source": mark.source,
        "observed_at": None if mark.observed_at is None else mark.observed_at.astimezone(CHINA).isoformat(),
    }


def facts_data(assessment: Assessment) -> Json:
    """Each indicator's fact in words, with why it is unknown, and whether it was derived."""
    plan, facts = assessment.plan, assessment.facts
    found: Json = {}
    for key, indicator in plan.indicators.items():
        if indicator.type in ("series", "areas"):
            continue
        entry: Json = {"fact": fact_word(plan, key, facts), "derived": key in facts.derived}
        if key not in facts.known:
            partial = facts.partial.get(key)
            why = facts.missing.get(key, "never") if partial is None else "conflicting" if partial.conflicting else "partial"
            entry |= {"unknown": why, "why": UNKNOWN[why]}
        if key in facts.marks:
            entry |= _mark_data(facts.marks[key])
        found[key] = entry
    return found


def effects_data(assessment: Assessment) -> list[Json]:
    """The readings that the levels depend on, with the levels under each alternative that would change them."""
    return [_effect_data(effect) for effect in reading_effects(assessment)]


def fixed_data(plan: Plan) -> list[Json]:
    """The alternatives that can not be switched, each with its reason."""
    return [
        {"reading": reading.id, "alternative": letter, "words": reading.words(letter), "fixed": why}
        for reading in plan.readings.values()
        for letter, why in reading.fixed.items()
    ]


def _indexes_data(assessment: Assessment) -> Json:
    """The indices computed from concentrations at the present hour, with edition and primary pollutants."""

    def value(found: IndexValue | None) -> Json | None:
        return None if found is None else {"value": found.value, "primary": list(found.primary)}

    now = index_now(assessment.plan, assessment.given, assessment.at)
    return {series: {"edition": one.edition, "day": value(one.day), "hour": value(one.hour)} for series, one in now.items()}


def _merged_data(assessment: Assessment) -> Json | None:
    """The levels that an episode would have, where it merges spells that this assessment keeps apart."""
    merged = merged_spells(assessment)
    if merged is None:
        return None
    possible = {scale: list(levels) for scale, levels in merged.possible.items()}
    return {"clauses": list(merged.clauses), "levels": dict(merged.levels), "possible": possible}


def _effect_data(effect: ReadingEffect) -> Json:
    return {
        "reading": effect.reading,
        "alternative": effect.alternative,
        "words": effect.words,
        "levels": dict(effect.levels),
        "possible": {scale: list(levels) for scale, levels in effect.possible.items()},
    }
