"""A plan as the contract's JSON: what `show` prints."""

from __future__ import annotations

from typing import Any

from engine.contract.duties import procedure_data
from engine.plan.condition import Condition
from engine.plan.ledger import ledger
from engine.plan.model import NO_CHOICES, Body, Group, Indicator, Plan, Reading, Scale, stands
from engine.plan.words import condition_word

Json = dict[str, Any]


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
        "moment_events": {
            key: event.kind if event.scale is None else {event.scale: event.kind} for key, event in plan.moment_events.items()
        },
        "readings": [reading_data(reading) for reading in plan.readings.values()],
        "duties": len(plan.duties_under()),
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
    if any(stands(one.under, NO_CHOICES) for one in scale.takes_over):
        found["takes_over"] = [
            {"level": one.level, "from": one.source, "clause": one.clause}
            for one in scale.takes_over
            if stands(one.under, NO_CHOICES)
        ]
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
        found["derived_from"] = {key: _numbers(value) for key, value in indicator.derived_from.spec.items()}
        if indicator.derived_from.by_reading:
            found["derived_by_reading"] = {
                reading: {
                    letter: None if changed is None else {key: _numbers(value) for key, value in changed.items()}
                    for letter, changed in options.items()
                }
                for reading, options in indicator.derived_from.by_reading.items()
            }
    return found


def _numbers(value: Any) -> Any:
    """A list of months as numbers; anything else as it is."""
    return [int(one) if one.isdecimal() else one for one in value] if isinstance(value, list) else value


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


def reading_data(reading: Reading) -> Json:
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
                "goes_with": None if one.goes_with is None else dict([one.goes_with]),
            }
            for one in plan.lifecycle.transitions
        ],
        "levels": {
            scale: {kind: {"clause": rule.clause, "when": when(rule.when)} for kind, rule in rules.items()}
            for scale, rules in plan.lifecycle.levels.items()
        },
    }
