"""Comparisons as JSON: a running incident with other facts or readings, another version of a plan, every plan for one event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.contract.duties import due_data, duty_data
from engine.contract.signing import length
from engine.contract.work import count_units
from engine.duty.duties import DutyInForce
from engine.explain import facts_behind, grounds
from engine.incident.event import Levels
from engine.incident.triage import Concern
from engine.incident.version import Differences
from engine.incident.whatif import Difference, Outcome
from engine.plan.model import Plan
from engine.plan.words import due_word, level_word

Json = dict[str, Any]
VERDICT_WORDS = {"applies": "适用", "may_apply": "可能适用", "does_not": "不适用", "silent": "没有相关的事实"}


def difference_data(one: Difference) -> Json:
    """One plan as it is and as it would be: levels, possible levels, signers, duties, deadlines."""
    plan, now, then = one.plan, one.now, one.then
    levels = [
        {
            "scale": key,
            "label": scale.short,
            "now": now.levels.get(key),
            "now_name": level_word(scale, now.levels.get(key)),
            "then": then.levels.get(key),
            "then_name": level_word(scale, then.levels.get(key)),
        }
        for key, scale in plan.scales.items()
        if now.levels.get(key) != then.levels.get(key)
    ]
    both = [(now.duties[key], duty) for key, duty in then.duties.items() if key in now.duties]
    moved = [(before, after) for before, after in both if before.duty.due != after.duty.due]
    timed = sorted((left, duty.duty.id, duty) for duty in one.added if (left := length(duty.duty.due)) is not None)
    return {
        "plan": plan.id,
        "title": plan.title,
        "same": _same(now, then) and not levels and not one.added and not one.removed and not moved,
        "now": _outcome_data(plan, now),
        "then": _outcome_data(plan, then),
        "levels": levels,
        "added": [duty_data(plan, duty) for duty in one.added],
        "removed": [duty_data(plan, duty) for duty in one.removed],
        "deadlines": [_deadline_data(plan, duty) for _, _, duty in timed],
        "moved": [
            {
                **_deadline_data(plan, after),
                "before": due_data(before.duty.due),
                "before_words": due_word(before.duty.due, plan.moments),
            }
            for before, after in moved
        ],
    }


def _same(now: Outcome, then: Outcome) -> bool:
    return now.assessment.possible == then.assessment.possible and now.signers == then.signers


def _outcome_data(plan: Plan, one: Outcome) -> Json:
    return {
        "levels": dict(one.levels),
        "level_names": level_names(plan, one.levels),
        "possible": {key: list(found) for key, found in one.assessment.possible.items()},
        "basis": {key: list(one.assessment.basis(key)) for key in plan.scales},
        "signers": {key: list(posts) for key, posts in one.signers.items()},
        "units": count_units((duty.duty.unit_id, duty.duty.unit) for duty in one.duties.values()),
        "duties": len(one.duties),
    }


def level_names(plan: Plan, levels: Mapping[str, str | None]) -> dict[str, str]:
    """Each scale's level in words."""
    return {key: level_word(scale, levels.get(key)) for key, scale in plan.scales.items()}


def _deadline_data(plan: Plan, one: DutyInForce) -> Json:
    duty = one.duty
    return {
        "duty": duty.id,
        "unit": duty.unit,
        "action": duty.action,
        "clause": duty.clause,
        "due": due_data(duty.due),
        "due_words": due_word(duty.due, plan.moments),
    }


def version_data(before: Plan, after: Plan, found: Differences) -> Json:
    """What another version of a plan would change in a running incident."""
    levels: Levels = found.carried[0]
    return {
        "plan": after.id,
        "title": after.title,
        "before": _version(before),
        "after": _version(after),
        "same": before.digest == after.digest,
        "words": list(found.words),
        "levels": dict(levels),
        "level_names": level_names(after, levels),
    }


def _version(plan: Plan) -> Json:
    document = plan.document
    return {"digest": plan.digest, "title": plan.title, "number": document.number, "in_force": document.in_force.isoformat()}


def concerns_data(concerns: Iterable[Concern]) -> list[Json]:
    """Every plan's answer to an event, and why."""
    return [_concern_data(one) for one in concerns]


def _concern_data(one: Concern) -> Json:
    plan, assessment = one.plan, one.assessment
    found: Json = {
        "plan": plan.id,
        "title": plan.title,
        "digest": plan.digest,
        "verdict": one.verdict,
        "verdict_name": VERDICT_WORDS[one.verdict],
        "known": list(one.known),
        "mentions": list(one.mention.words),
    }
    if assessment is None:
        return {**found, "scales": [], "words": VERDICT_WORDS[one.verdict]}
    scales = [
        {
            "scale": key,
            "label": scale.short,
            "level": assessment.levels[key],
            "level_name": level_word(scale, assessment.levels[key]),
            "possible": list(assessment.possible[key]),
            "possible_names": [level_word(scale, level) for level in assessment.possible[key]],
            "clauses": list(assessment.basis(key)),
            "because": list(
                dict.fromkeys(leaf.text for chain in grounds(assessment, key) for why in chain for leaf in facts_behind(why))
            ),
        }
        for key, scale in plan.scales.items()
    ]
    return {**found, "scales": scales, "words": _concern_words(one.verdict, scales)}


def _concern_words(verdict: str, scales: list[Json]) -> str:
    if verdict == "applies":
        parts = [
            f"{one['label']}{one['level_name']}（{'、'.join(one['clauses'])}）" for one in scales if one["level"] is not None
        ]
    elif verdict == "may_apply":
        parts = [
            f"{one['label']}还可能达到{'、'.join(one['possible_names'][1:] if one['possible'][0] is None else one['possible_names'])}"
            for one in scales
            if any(level is not None for level in one["possible"])
        ]
    else:
        parts = ["按已知事实，各级条件都不成立"]
    return "；".join(parts)
