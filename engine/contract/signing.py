"""Proposals with what signing them would do, and decisions, as JSON."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from engine.contract.known import value_words
from engine.contract.moment import seconds, stamp
from engine.contract.plan import reading_data
from engine.contract.stricter import replaced
from engine.contract.work import count_units
from engine.duty.duties import DutyInForce
from engine.incident.assignment import in_force, moments_made
from engine.incident.event import Decided, Proposed
from engine.incident.fact import facts_now
from engine.incident.proposal import combined
from engine.incident.state import Course, Incident
from engine.lifecycle.machine import RAISE
from engine.plan.condition import Level
from engine.plan.model import Due, Plan, Scale
from engine.plan.words import due_word, level_word

Json = dict[str, Any]
VERBS = {"raise": "签发", "lower": "签发", "lift": "解除", "keep": "维持"}


def proposal_data(incident: Incident, plan: Plan, one: Proposed, at: datetime, posts: Collection[str] = ()) -> Json:
    """A pending proposal: what, why, who may sign, and the effect of signing. posts: those that the reader may sign in."""
    course = incident.courses[plan.id]
    scale = plan.scale(one.scale)
    mine = [post for post in one.signers if post in posts]
    return {
        "id": one.id,
        "incident": incident.id,
        "title": incident.title,
        "jurisdiction": incident.jurisdiction,
        "plan": plan.id,
        "plan_title": plan.title,
        "scale": scale.id,
        "scale_label": scale.short,
        "kind": one.kind,
        "cause": one.cause,
        "words": one.words,
        "before": one.before,
        "before_name": level_word(scale, one.before),
        "level": one.level,
        "level_name": level_word(scale, one.level),
        "possible": list(one.possible),
        "possible_names": [level_word(scale, level) for level in one.possible],
        "clauses": list(one.clauses),
        "readings": [reading_data(plan.readings[key]) for key in one.readings if key in plan.readings],
        "facts": _facts(incident, plan, one),
        "signers": list(one.signers),
        "mine": mine,
        "proposed_at": stamp(course.pending_since.get(scale.id)),
        "age_s": seconds(course.pending_since.get(scale.id), at),
        "effect": effect_data(incident, plan, one, (mine or list(one.signers))[0]),
    }


def _facts(incident: Incident, plan: Plan, proposal: Proposed) -> list[Json]:
    """The reports that bear it out."""
    return [
        {
            "entry": one.entry,
            "indicator": key,
            "label": plan.indicators[key].short if key in plan.indicators else key,
            "words": value_words(plan, key, one.value),
            "source": one.source,
            "observed_at": stamp(one.observed_at),
        }
        for key, listed in incident.facts.items()
        for one in listed
        if one.entry in proposal.facts
    ]


def effect_data(incident: Incident, plan: Plan, one: Proposed, signer: str) -> Json:
    """What signing does, as data and in one sentence: signer, levels, units, duties, the shortest deadline."""
    course = incident.courses[plan.id]
    known = facts_now(incident, plan)
    levels = combined(plan, course, plan.scale(one.scale), one.own, one.imposed)
    after = Course(plan.id, plan.digest, plan.title, course.phase, course.phase_word, levels=levels)
    then = list(in_force(plan, after, known, course.readings))
    running = {state.assigned.duty: state.assigned for state in course.duties.values() if state.ended_at is None}
    fresh = [duty for duty in then if duty.duty.id not in running]
    anew = moments_made(plan, course.levels, levels)
    again = [one for one in then if one.duty.id in running and running[one.duty.id].moment in anew]
    kept = {one.duty.id for one in then}
    stricter = (
        replaced((one for duty, one in running.items() if duty not in kept), (one.duty for one in fresh))
        if one.kind == RAISE
        else ()
    )
    shortest = _shortest([*fresh, *again])
    moved = [
        _level_change(other, course.levels.get(key), levels.get(key))
        for key, other in plan.scales.items()
        if key != one.scale and course.levels.get(key) != levels.get(key)
    ]
    found: Json = {
        "signer": signer,
        "level": one.level,
        "level_name": level_word(plan.scale(one.scale), one.level),
        "also": moved,
        "units": count_units((one.duty.unit_id, one.duty.unit) for one in then),
        "duties": len(then),
        "new_duties": len(fresh),
        "ended_duties": len(running.keys() - kept),
        "restarted": len(again),
        "stricter": [{"unit": duty.unit, "action": duty.action, "before": old.action} for old, duty in stricter],
        "immediate": sum(1 for duty in fresh if duty.duty.immediate),
        "shortest": None if shortest is None else _deadline_data(plan, shortest),
    }
    return {**found, "words": _sentence(plan, one, found)}


def _level_change(scale: Scale, before: Level, after: Level) -> Json:
    return {
        "scale": scale.id,
        "label": scale.short,
        "before": before,
        "before_name": level_word(scale, before),
        "level": after,
        "level_name": level_word(scale, after),
    }


def _sentence(plan: Plan, one: Proposed, effect: Json) -> str:
    scale = plan.scale(one.scale)
    level = one.before if one.kind == "lift" else one.level
    parts = [f"将以{effect['signer']}{VERBS[one.kind]}{scale.short}{level_word(scale, level)}"]
    for also in effect["also"]:
        if also["level"] is None:
            parts.append(f"终止{also['label']}{also['before_name']}")
        else:
            parts.append(f"{'启动' if also['before'] is None else '改为'}{also['label']}{also['level_name']}")
    if effect["duties"]:
        parts.append(f"{effect['units']}个单位、{effect['duties']}项任务")
    if effect["ended_duties"]:
        parts.append(f"结束{effect['ended_duties']}项任务")
    if effect["stricter"]:
        first = next((each for each in effect["stricter"] if each["unit"]), effect["stricter"][0])
        parts.append(f"{len(effect['stricter'])}项要求更严（如{first['unit'] or ''}{first['action']}）")
    if effect["restarted"]:
        parts.append(f"{effect['restarted']}项时限重新起算")
    if effect["shortest"] is not None:
        short = effect["shortest"]
        parts.append(f"最紧的：{short['unit'] or ''}{short['action']}（{short['due_words']}）")
    return "，".join(parts)


def length(due: Due | None) -> int | None:
    """How long a single deadline leaves, in seconds; None for none, a recurring one, or one in months or working days."""
    match = None if due is None or due.kind != "within" else re.fullmatch(r"P(?:T([\d.]+)([MH])|([\d.]+)D)", str(due.value))
    if match is None:
        return None
    number, unit, days = match.groups()
    return int(float(days) * 86400) if days else int(float(number) * (60 if unit == "M" else 3600))


def _shortest(duties: list[DutyInForce]) -> DutyInForce | None:
    timed = [(left, n) for n, one in enumerate(duties) if not one.duty.standing and (left := length(one.duty.due)) is not None]
    return duties[min(timed)[1]] if timed else None


def _deadline_data(plan: Plan, one: DutyInForce) -> Json:
    duty = one.duty
    return {
        "unit": duty.unit,
        "action": duty.action,
        "clause": duty.clause,
        "due_words": due_word(duty.due, plan.moments),
        "seconds": length(duty.due),
    }


def decision_data(plan: Plan, one: Decided, entry: int | None = None) -> Json:
    """A decision as signed."""
    scale = plan.scales.get(one.scale)

    def name(level: Level) -> str:
        return level_word(scale, level) if scale is not None and level in (None, *scale.levels) else str(level)

    return {
        "id": one.id,
        "entry": entry,
        "plan": one.plan,
        "scale": one.scale,
        "level": one.level,
        "level_name": name(one.level),
        "approved": one.approved,
        "prevails": one.prevails,
        "proposal": one.proposal,
        "proposed": one.proposed,
        "proposed_name": None if one.proposal is None else name(one.proposed),
        "reason": one.reason,
        "post": one.post,
        "name": one.name,
        "authority": one.authority,
        "decided_at": stamp(one.decided_at),
        "effective_from": stamp(one.effective_from),
        "until": stamp(one.until),
        "area": one.area,
    }
