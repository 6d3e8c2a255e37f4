"""What a person may decide on a scale, as JSON: each level with its signers and its effect, or why it cannot be decided now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from engine.assess import Assessment, assess
from engine.contract.assessment import effects_data
from engine.contract.signing import effect_data, length
from engine.contract.work import NOBODY
from engine.counterfactual import questions
from engine.duty.duties import DutyInForce
from engine.explain import facts_behind, grounds
from engine.incident.assignment import in_force
from engine.incident.chain import Entry
from engine.incident.command import Actor, Sign
from engine.incident.decide import decide
from engine.incident.event import Decided, Proposed, Superseded, from_data
from engine.incident.fact import facts_now
from engine.incident.proposal import FACTS, KEEP, combined, leading, may_sign
from engine.incident.state import Course, Incident
from engine.lifecycle.machine import LIFT, LOWER, RAISE, move_kind
from engine.plan.condition import Level
from engine.plan.finding import YuanError
from engine.plan.model import Plan, Scale
from engine.plan.words import condition_word, due_word, level_word

Json = dict[str, Any]
KINDS = {RAISE: "升级", LOWER: "降级", LIFT: "解除", KEEP: "维持"}
TRIAL = "试签，不记录"


def leading_scales(plan: Plan) -> tuple[Scale, ...]:
    """The scales that are decided on; the others move along."""
    return tuple(leading(plan))


def choices_data(
    incident: Incident, plans: Mapping[str, Plan], plan: Plan, scale_id: str, at: datetime, posts: Collection[str] = ()
) -> list[Json]:
    """Every level that can be thought of for a scale, the proposed one first, then low to high.

    Each is tried on the core, and nothing recorded: `refused` says why it cannot be decided now. posts: the reader's.
    """
    course, scale = incident.courses[plan.id], plan.scale(scale_id)
    pending = course.pending.get(scale_id)
    levels: list[Level] = [None, *scale.levels]
    if pending is not None:
        levels.sort(key=lambda level: level != pending.level)
    return [_choice(incident, plans, plan, scale, _proposed(plan, course, scale, level), at, posts) for level in levels]


def _proposed(plan: Plan, course: Course, scale: Scale, level: Level) -> Proposed:
    """The pending proposal where it is for this level; else what signing the level comes to."""
    pending = course.pending.get(scale.id)
    if pending is not None and pending.level == level:
        return pending
    before = course.levels.get(scale.id)
    imposed = course.imposed.get(scale.id) if pending is None else pending.imposed
    return Proposed(
        id="",
        plan=plan.id,
        scale=scale.id,
        before=before,
        level=level,
        kind=move_kind(plan, scale.id, before, level) or KEEP,
        own=level,
        imposed=imposed,
        levels=combined(plan, course, scale, level, imposed),
        clauses=(),
        facts=(),
        possible=(),
        signers=may_sign(plan, course, scale, level),
    )


def _choice(
    incident: Incident, plans: Mapping[str, Plan], plan: Plan, scale: Scale, one: Proposed, at: datetime, posts: Collection[str]
) -> Json:
    mine = [post for post in one.signers if post in posts]
    found: Json = {
        "level": one.level,
        "level_name": level_word(scale, one.level),
        "kind": one.kind,
        "kind_name": KINDS[one.kind],
        "as_proposed": bool(one.id),
        "signers": list(one.signers),
        "mine": mine,
        "refused": None,
        "effect": None,
    }
    pending = incident.courses[plan.id].pending.get(scale.id)
    post = (mine or list(one.signers))[0]
    trial = Sign(plan.id, scale.id, one.level, post, None if pending is None else pending.id, TRIAL)
    try:
        decide(incident, trial, Actor("", "", {post: None}), at, plans)
    except YuanError as error:
        return {**found, "refused": error.message}
    return {**found, "effect": effect_data(incident, plan, one, post)}


def units_data(incident: Incident, plan: Plan, levels: Mapping[str, Level]) -> list[Json]:
    """The units that have duties once these levels are in force: how many, how many of them new, and the shortest deadline."""
    course = incident.courses[plan.id]
    after = Course(plan.id, plan.digest, plan.title, course.phase, course.phase_word, levels=levels)
    running = {one.assigned.duty for one in course.duties.values() if one.ended_at is None}
    found: dict[str, list[DutyInForce]] = {}
    for one in in_force(plan, after, facts_now(incident, plan)):
        found.setdefault(one.duty.unit_id or one.duty.unit or "", []).append(one)
    listed = [_unit(plan, duties, running) for duties in found.values()]
    return sorted(listed, key=lambda one: (one["unit"] == NOBODY, one["new"] == 0, one["seconds"] is None, one["seconds"] or 0))


def _unit(plan: Plan, duties: list[DutyInForce], running: Collection[str]) -> Json:
    fresh = [one for one in duties if one.duty.id not in running]
    timed = [
        (seconds, n) for n, one in enumerate(fresh) if not one.duty.standing and (seconds := length(one.duty.due)) is not None
    ]
    first = fresh[min(timed)[1]] if timed else None
    return {
        "unit": duties[0].duty.unit or NOBODY,
        "unit_id": duties[0].duty.unit_id,
        "duties": len(duties),
        "new": len(fresh),
        "immediate": sum(1 for one in fresh if one.duty.immediate),
        "seconds": None if first is None else length(first.duty.due),
        "due_words": None if first is None else due_word(first.duty.due, plan.moments),
        "action": None if first is None else first.duty.action,
    }


def why_data(incident: Incident, plan: Plan, one: Proposed, at: datetime) -> Json:
    """Why this is proposed, and what is not known: grounds or the plan's rule, open questions, readings that would change it."""
    assessment = assess(plan, facts_now(incident, plan).facts, at, in_force=incident.courses[plan.id].own)
    return {
        "grounds": _grounds(assessment, one) if one.kind == RAISE and one.cause == FACTS else [],
        "rule": _rule(plan, one),
        "questions": [
            {"label": question.label, "answers": _answers(question.answers, plan.scale(one.scale))}
            for question in questions(assessment)
            if len({answer.possible[one.scale] for answer in question.answers}) > 1
        ],
        "reading_effects": [
            effect for effect in effects_data(assessment) if effect["levels"].get(one.scale) != assessment.levels[one.scale]
        ],
    }


def _grounds(assessment: Assessment, one: Proposed) -> list[Json]:
    lines: dict[str, Json] = {}
    for chain in grounds(assessment, one.scale):
        for reason in chain:
            for leaf in facts_behind(reason):
                lines[leaf.text] = {"text": leaf.text, "fact": leaf.fact, "clause": reason.clause or leaf.clause}
    return list(lines.values())


def _rule(plan: Plan, one: Proposed) -> Json | None:
    """The plan's condition for lowering or lifting."""
    rule = plan.lifecycle.levels.get(one.scale, {}).get(one.kind)
    if rule is None or one.kind == RAISE:
        return None
    return {"clause": rule.clause, "words": None if rule.when is None else condition_word(plan, rule.when)}


def _answers(answers: Iterable[Any], scale: Scale) -> list[Json]:
    return [{"answer": one.words, "possible": [level_word(scale, level) for level in one.possible[scale.id]]} for one in answers]


def ending_of(entries: Iterable[Entry], proposal: str) -> tuple[Proposed | None, Entry | None, tuple[Entry, ...]]:
    """A proposal as it was made, the entry that ended it (a decision, or that newer facts overtook it), and those facts."""
    made: Proposed | None = None
    listed = list(entries)
    for entry in listed:
        if entry.kind not in ("proposed", "decided", "superseded"):
            continue
        event = from_data(entry.kind, entry.body)
        if isinstance(event, Proposed) and event.id == proposal:
            made = event
        if isinstance(event, Decided | Superseded) and event.proposal == proposal:
            behind = tuple(one for one in listed if one.at == entry.at and one.kind in ("fact_observed", "fact_corrected"))
            return made, entry, behind
    return made, None, ()
