"""The engine's values as the contract's JSON: what the command line, HTTP and programs get."""

from __future__ import annotations

from typing import Any

from engine.assess import Assessment
from engine.counterfactual import Distance, Question, distances, questions, ways_out
from engine.duty.duties import DutyInForce, acts_at, duties_at, duties_that_may_come
from engine.explain import grounds, readings_used, reasons
from engine.plan.condition import Condition
from engine.plan.finding import YuanError
from engine.plan.ledger import ledger
from engine.plan.model import Act, Body, Due, Group, Indicator, Plan, Reading, Scale
from engine.plan.words import UNKNOWN, condition_word, due_word, level_word
from engine.trigger.facts import CHINA, Mark
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
        "questions": [_question_data(assessment.plan, question) for question in questions(assessment)],
    }


def _scale_data(assessment: Assessment, scale_id: str) -> Json:
    plan = assessment.plan
    scale = plan.scale(scale_id)
    level = assessment.levels[scale_id]
    may = duties_that_may_come(plan, scale_id, level, assessment.possible[scale_id], assessment.facts)
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
        "readings": [_reading_data(plan.readings[reading]) for reading in readings_used(assessment, scale_id)],
        "procedure": [act_data(act) for act in acts_at(plan, scale_id, level)] if level else [],
        "duties": [duty_data(plan, one) for one in duties_at(plan, scale_id, level, assessment.facts)] if level else [],
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


# --- duties and procedure --------------------------------------------------------------------------------------------


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


def due_data(due: Due | None) -> Json | None:
    """Null, or the one key of the deadline."""
    return None if due is None else {due.kind: due.value}


def act_data(act: Act) -> Json:
    """One entry of the procedure; `level` as the plan file says it ("any", or one level an entry)."""
    found: Json = {
        "scale": act.scale,
        "level": "any" if act.every_level else act.levels[0],
        "step": act.step,
        "who": act.who,
        "clause": act.clause,
    }
    for key in ("form", "does", "within"):
        if getattr(act, key) is not None:
            found[key] = getattr(act, key)
    if act.readings:
        found["readings"] = list(act.readings)
    return found


def procedure_data(plan: Plan) -> list[Json]:
    """One entry for each clause, subject and level."""
    return [{**act_data(act), "level": level} for act in plan.procedure for level in (["any"] if act.every_level else act.levels)]


# --- the plan ----------------------------------------------------------------------------------------------------------


def plan_data(plan: Plan) -> Json:
    """A plan as data: the contract's `show`."""
    return {
        **plan_summary(plan),
        "clauses": ledger(plan),
        "scales": {key: _scale_definition(plan, scale) for key, scale in plan.scales.items()},
        "indicators": {key: indicator_data(indicator) for key, indicator in plan.indicators.items()},
        "organization": {
            "command": _body_data(plan.organization.command),
            "on_site_command": _body_data(plan.organization.on_site_command),
            "groups": [_group_data(group) for group in plan.organization.groups],
        },
        "procedure": procedure_data(plan),
        "lifecycle": lifecycle_data(plan),
        "moments": dict(plan.moments),
        "readings": [_reading_data(reading) for reading in plan.readings.values()],
        "duties": len(plan.duties),
    }


def plan_summary(plan: Plan) -> Json:
    document = plan.document
    return {
        "plan": plan.id,
        "title": plan.title,
        "jurisdiction": plan.jurisdiction,
        "document": {
            "number": document.number,
            "issued": document.issued.isoformat(),
            "in_force": document.in_force.isoformat(),
            "supersedes": list(document.supersedes),
        },
        "digest": plan.digest,
    }


def _scale_definition(plan: Plan, scale: Scale) -> Json:
    found: Json = {
        "label": scale.label,
        "levels": list(scale.levels),
        "names": list(scale.names),
        "clause": scale.clause,
        "triggers": {
            level: [
                {"clause": trigger.clause, "text": condition_word(plan, trigger.condition), "readings": list(trigger.readings)}
                for trigger in scale.triggers.get(level, ())
            ]
            for level in scale.levels
        },
    }
    if scale.follows is not None:
        found["follows"] = {"scale": scale.follows.scale, "map": dict(scale.follows.map)}
    if scale.highest_of:
        found["highest_of"] = list(scale.highest_of)
    if scale.takes_over:
        found["takes_over"] = [{"level": one.level, "from": one.source, "clause": one.clause} for one in scale.takes_over]
    return found


def indicator_data(indicator: Indicator) -> Json:
    """An indicator as the vocabulary has it, with what the plan file adds."""
    found: Json = {"type": indicator.type}
    if indicator.unit is not None:
        found["unit"] = indicator.unit
    if indicator.values or indicator.areas:
        found["values"] = list(indicator.values or indicator.areas)
    if indicator.value_labels:
        found["value_labels"] = list(indicator.value_labels)
    found |= {"label": indicator.label, "clause": indicator.clause}
    if indicator.parts:
        found["indicators"] = {key: indicator_data(part) for key, part in indicator.parts.items()}
    if indicator.type not in ("series", "areas"):
        found["normal"] = indicator.normal
    for key in ("max_age", "index", "hint"):
        if getattr(indicator, key) is not None:
            found[key] = getattr(indicator, key)
    if indicator.derived_from is not None:
        found["derived_from"] = dict(indicator.derived_from.spec)
    return found


def _body_data(body: Body | None) -> Json | None:
    if body is None:
        return None
    return {
        "name": body.name,
        "head": list(body.head),
        "deputies": list(body.deputies),
        "members": list(body.members),
        "office": body.office,
        "office_name": body.office_name,
        "office_head": body.office_head,
        "clause": body.clause,
    }


def _group_data(group: Group) -> Json:
    return {
        "name": group.name,
        "lead": list(group.lead),
        "members": list(group.members),
        "does": group.does,
        "clause": group.clause,
    }


def _reading_data(reading: Reading) -> Json:
    return {
        "id": reading.id,
        "clause": reading.clause,
        "question": reading.question,
        "chosen": reading.chosen,
        "alternatives": list(reading.alternatives),
        "because": reading.because,
    }


def lifecycle_data(plan: Plan) -> Json:
    def when(condition: Condition | None) -> str | None:
        return None if condition is None else condition_word(plan, condition)

    return {
        "start": plan.lifecycle.start,
        "phases": dict(plan.lifecycle.phases),
        "transitions": [
            {
                "do": one.do,
                "label": one.label,
                "from": list(one.sources),
                "to": one.target,
                "when": when(one.when),
                "clause": one.clause,
            }
            for one in plan.lifecycle.transitions
        ],
        "levels": {
            scale: {kind: {"clause": rule.clause, "when": when(rule.when)} for kind, rule in rules.items()}
            for scale, rules in plan.lifecycle.levels.items()
        },
    }


def error_data(error: YuanError) -> dict[str, str]:
    """The one shape of an error: code, message, where, remedy."""
    return {"code": error.code, "message": error.message, "where": error.where, "remedy": error.remedy}
