"""Duties and the procedure as the contract's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.duty.by_unit import Clash, MergedDuty, UnitDuty
from engine.duty.duties import DutyInForce
from engine.duty.effects import DutyEffect
from engine.plan.model import Act, Due, Plan
from engine.plan.words import condition_word, due_word
from engine.trigger.truth import Truth

Json = dict[str, Any]


def duty_data(plan: Plan, one: DutyInForce) -> Json:
    """One duty in the contract's form."""
    duty = one.duty
    found: Json = {
        "id": duty.id,
        "unit": duty.unit,
        "unit_id": duty.unit_id,
        "action": duty.action,
        "clause": duty.clause,
        "level": one.level,
        "due": due_data(duty.due),
    }
    if duty.due is not None and duty.due.moment is not None:
        found["from"] = plan.moments[duty.due.moment]
    if duty.due is not None:
        found["due_words"] = due_word(duty.due, plan.moments)
    if duty.quantity:
        found["quantity"] = dict(duty.quantity)
    if duty.when is not None:
        found["when"] = {"text": condition_word(plan, duty.when), "truth": str(one.applies)}
    if duty.standing:
        found["standing"] = True
    if duty.immediate:
        found["immediate"] = True
    if duty.group is not None:
        found["group"] = duty.group
    if duty.readings:
        found["readings"] = list(duty.readings)
    if duty.note is not None:
        found["note"] = duty.note
    return found


def duty_effects_data(plan: Plan, effects: Iterable[DutyEffect]) -> list[Json]:
    """What each alternative adds to the duties and the procedure of a level, removes and changes."""
    return [
        {
            "reading": effect.reading,
            "alternative": effect.alternative,
            "words": effect.words,
            "added": [duty_data(plan, one) for one in effect.added],
            "removed": [duty_data(plan, one) for one in effect.removed],
            "changed": [{"now": duty_data(plan, now), "then": duty_data(plan, then)} for now, then in effect.changed],
            "procedure_added": [act_data(act) for act in effect.acts_added],
            "procedure_removed": [act_data(act) for act in effect.acts_removed],
        }
        for effect in effects
    ]


def due_data(due: Due | None) -> Json | None:
    """Null, or the one key of the deadline."""
    return None if due is None else {due.kind: due.value}


def act_data(act: Act) -> Json:
    """One entry of the procedure, with the levels that it is for ("any", or a list)."""
    found: Json = {
        "scale": act.scale,
        "level": "any" if act.every_level else list(act.levels),
        "step": act.step,
        "who": act.who,
        "clause": act.clause,
    }
    for key in ("of", "form", "does", "within"):
        if getattr(act, key) is not None:
            found[key] = getattr(act, key)
    if act.readings:
        found["readings"] = list(act.readings)
    return found


def procedure_data(plan: Plan) -> list[Json]:
    """One entry for each clause, subject and level."""
    return [
        {**act_data(act), "level": level}
        for act in plan.procedure_under()
        for level in (["any"] if act.every_level else act.levels)
    ]


def unit_duty_data(one: UnitDuty) -> Json:
    """A unit's duty with its plan and everywhere that it stands."""
    first = next(iter(one.at.items()))
    bare = duty_data(one.plan, DutyInForce(one.duty, first[0], first[1][0], Truth.HELD))
    del bare["level"]
    return {"plan": one.plan.id, **bare, "at": {scale: list(levels) for scale, levels in one.at.items()}}


def merged_data(merged: Mapping[str, list[MergedDuty]], clashes: Iterable[Clash]) -> Json:
    """The duties of several plans in force by unit, and the clashes."""
    return {
        "units": {
            unit or "": [
                {"plan": one.where.plan.id, "scale": one.where.scale, **duty_data(one.where.plan, one.one)} for one in listed
            ]
            for unit, listed in merged.items()
        },
        "clashes": [
            {"unit": clash.unit, "kind": clash.kind, "words": clash.words, "plans": list(clash.plans)} for clash in clashes
        ],
    }
