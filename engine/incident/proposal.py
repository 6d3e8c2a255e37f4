"""What the engine recommends now: for each scale that moves by itself, the level that the plan's own rules lead to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.assess import Assessment, assess
from engine.explain import facts_behind, grounds, readings_used
from engine.incident.event import Proposed
from engine.incident.fact import Known
from engine.incident.state import Course
from engine.lifecycle.episode import InForce, Step, advance
from engine.lifecycle.machine import LIFT, LOWER, RAISE, move_kind, rules_of
from engine.lifecycle.signers import RECORDERS, signers
from engine.plan.condition import Compare, Condition, Count, Level, Member, Sum, walk
from engine.plan.model import LevelRule, Plan, Scale
from engine.plan.words import level_word

KEEP = "keep"
KIND_WORDS = {RAISE: "升至", LOWER: "降至", LIFT: "解除", KEEP: "维持"}
NOTICE, FACTS, PROVISIONAL = "notice", "facts", "provisional_end"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a scale should go: the level, and its two branches."""

    scale: Scale
    level: Level
    own: Level
    imposed: Level
    cause: str


def leading(plan: Plan) -> Iterator[Scale]:
    """The scales that move by themselves: not those that follow another or are the highest of several."""
    return (scale for scale in plan.scales.values() if scale.follows is None and not scale.highest_of)


def in_force(course: Course) -> InForce:
    return InForce(dict(course.own), dict(course.imposed))


def combined(plan: Plan, course: Course, scale: Scale, own: Level, imposed: Level) -> dict[str, Level]:
    """The level of every scale with these two branches of one."""
    state = InForce({**course.own, scale.id: own}, {**course.imposed, scale.id: imposed})
    return state.levels(plan, course.readings)


def may_sign(plan: Plan, course: Course, scale: Scale, level: Level) -> tuple[str, ...]:
    """The posts that may sign a level now. To leave it as it is, is for those who may sign what is proposed, or was signed and waits."""
    before, ahead, pending = course.levels.get(scale.id), course.ahead(scale.id), course.pending.get(scale.id)
    if level == before and ahead is None and pending is not None:
        return pending.signers
    return signers(plan, scale.id, before, ahead.level if ahead is not None and level == before else level, course.readings)


def targets(plan: Plan, course: Course, known: Known, at: datetime) -> dict[str, Target]:
    """For each leading scale where the facts and the plan's rules lead, if every proposal were approved."""
    after = advance(plan, in_force(course), Step(at, known.facts), course.readings)
    found = {}
    for scale in leading(plan):
        own, imposed = after.own.get(scale.id), after.imposed.get(scale.id)
        cause = FACTS if own != course.own.get(scale.id) else NOTICE
        level = scale.level_at(max(scale.rank(own), scale.rank(imposed)))
        found[scale.id] = Target(scale, level, own, imposed, cause)
    return found


def propose(plan: Plan, course: Course, target: Target, known: Known, at: datetime, number: int) -> Proposed:
    """The proposal that leads to a target, with its grounds and signers."""
    scale = target.scale
    before = course.levels.get(scale.id)
    kind = move_kind(plan, scale.id, before, target.level) or KEEP
    assessment = assess(plan, known.facts, at, readings=course.readings, in_force=course.own)
    rule = rules_of(plan, scale.id, course.readings).get(LIFT if kind == LIFT else LOWER)
    clauses = _clauses(scale, kind, target, assessment, rule)
    named = may_sign(plan, course, scale, target.level)
    if target.cause == NOTICE:
        named = tuple(dict.fromkeys((*named, *RECORDERS)))
    return Proposed(
        id=f"P{number}",
        plan=plan.id,
        scale=scale.id,
        before=before,
        level=target.level,
        kind=kind,
        own=target.own,
        imposed=target.imposed,
        levels=combined(plan, course, scale, target.own, target.imposed),
        clauses=clauses,
        facts=_entries(assessment, scale, known)
        if kind == RAISE and target.cause == FACTS
        else _entries_of_rule(plan, scale, target, known, rule),
        possible=assessment.possible[scale.id],
        signers=named,
        readings=tuple(one for one in readings_used(assessment, scale.id) if one in _grounding(assessment, scale)),
        cause=target.cause,
        words=_words(plan, scale, kind, before, target.level),
    )


def _clauses(scale: Scale, kind: str, target: Target, assessment: Assessment, rule: LevelRule | None) -> tuple[str, ...]:
    if kind == RAISE:
        return assessment.basis(scale.id)
    if target.cause == NOTICE:
        imposed = [one.clause for triggers in scale.triggers.values() for one in triggers if one.imposed]
        return tuple(dict.fromkeys(imposed))
    return () if rule is None else (rule.clause,)


def _entries(assessment: Assessment, scale: Scale, known: Known) -> tuple[int, ...]:
    """The entries that report the facts which bear the level out."""
    found: set[int] = set()
    for chain in grounds(assessment, scale.id):
        for reason in chain:
            for leaf in facts_behind(reason):
                for key in _sources(assessment.plan, str(leaf.indicator)):
                    found.update(known.entries.get(key, ()))
    return tuple(sorted(found))


def _entries_of_rule(plan: Plan, scale: Scale, target: Target, known: Known, rule: LevelRule | None) -> tuple[int, ...]:
    """The entries behind the condition under which the plan lowers or lifts, or behind a notice from above."""
    if target.cause == NOTICE:
        conditions = [one.condition for triggers in scale.triggers.values() for one in triggers if one.imposed]
    else:
        conditions = [] if rule is None or rule.when is None else [rule.when]
    found: set[int] = set()
    for condition in conditions:
        for node in walk(condition):
            for key in _indicators(node):
                for source in _sources(plan, key):
                    found.update(known.entries.get(source, ()))
    return tuple(sorted(found))


def _indicators(node: Condition) -> tuple[str, ...]:
    match node:
        case Compare(key) | Member(key) | Count(areas=key):
            return (key,)
        case Sum(keys):
            return keys
        case _:
            return ()


def _sources(plan: Plan, key: str) -> Iterator[str]:
    """The indicator, the areas that it belongs to, and the series that it is derived from."""
    name = key.split(".", 1)[0]
    yield name
    indicator = plan.indicators.get(name)
    if indicator is not None and indicator.derived_from is not None:
        for value in indicator.derived_from.spec.values():
            if isinstance(value, str) and value in plan.indicators:
                yield value
                use = plan.index_uses.get(value)
                yield from () if use is None else use.pollutants.values()


def _grounding(assessment: Assessment, scale: Scale) -> set[str]:
    return {name for chain in assessment.grounds[scale.id] for trigger in chain for name in trigger.readings}


def _words(plan: Plan, scale: Scale, kind: str, before: Level, level: Level) -> str:
    word = KIND_WORDS[kind]
    if kind == LIFT:
        return f"{word}{scale.short}{level_word(scale, before)}"
    if kind == RAISE and before is None:
        word = "达到"
    return f"{scale.short}{word}{level_word(scale, level)}"
