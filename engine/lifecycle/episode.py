"""The levels in force through an episode, when every proposal is approved at once.

A scale goes up at once, to what the facts establish. It comes down only by the plan's own rule, whose condition the facts
must establish, and only to the highest level that is still possible: what is unknown never lowers. A plan that prints no
such rule holds its level. Where a level can be imposed by a notice from above, the notice is a branch of its own: it
stands as it was last given, and the higher of the two branches is in force. Each of these rules may be read otherwise
(`choices`: reading id -> letter of an alternative).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.lifecycle.machine import LIFT, LOWER, rules_of
from engine.plan.condition import Level
from engine.plan.finding import UnknownName
from engine.plan.model import NO_CHOICES, LevelRule, NoticeRule, Plan, Scale
from engine.trigger.derive import prepare
from engine.trigger.facts import Facts
from engine.trigger.judge import Judge, Outcome, keep_few
from engine.trigger.rules import Flattener, Rule
from engine.trigger.truth import Truth, truth

PLAIN = NoticeRule("")
"""A notice where the plan prints nothing of its effect: a floor, lifted alone."""


@dataclass(frozen=True, slots=True)
class Step:
    """All that is known at a time; nothing carries over from the step before."""

    at: datetime.datetime | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class InForce:
    """What is in force: the jurisdiction's own levels, and those imposed by a notice."""

    own: Mapping[str, Level]
    imposed: Mapping[str, Level]

    def levels(self, plan: Plan, choices: Mapping[str, str] = NO_CHOICES) -> dict[str, Level]:
        """The level of every scale: the higher branch, and the scales that follow or are the highest of others."""
        found: dict[str, Level] = {}
        for scale in sorted(plan.scales.values(), key=lambda one: bool(one.highest_of)):
            if scale.follows is None:
                parts = (scale.rank(found[part]) for part in scale.highest_of)
                ranks = (scale.rank(self.own.get(scale.id)), scale.rank(self.imposed.get(scale.id)), *parts)
                found[scale.id] = scale.level_at(max(ranks))
        for scale in plan.scales.values():
            if scale.follows is not None:
                leader = found[scale.follows.scale]
                found[scale.id] = None if leader is None else scale.follows.map_under(choices).get(leader)
        return {scale: found[scale] for scale in plan.scales}


def begin(plan: Plan, initial: Mapping[str, Level]) -> InForce:
    """What is in force before the first step. Scales that follow are filled in; named beside their leader they must agree.

    Raises UnknownName.
    """
    named = {name: None if level is None else plan.level(name, level) for name, level in initial.items()}
    state = InForce({name: level for name, level in named.items() if plan.scale(name).follows is None}, {})
    levels = state.levels(plan)
    for name, level in named.items():
        follows = plan.scale(name).follows
        if follows is not None and levels[name] != level:
            raise UnknownName(
                f"“{plan.scales[name].label}”随“{plan.scales[follows.scale].label}”，二者不一致",
                where=f"initial.{name}",
                remedy=f"只写 {follows.scale} 的级别",
            )
    return state


def levels_through(
    plan: Plan, steps: Iterable[Step], initial: Mapping[str, Level], choices: Mapping[str, str] = NO_CHOICES
) -> list[dict[str, Level]]:
    """The levels in force after each step."""
    state = begin(plan, initial)
    found = []
    for step in steps:
        state = advance(plan, state, step, choices)
        found.append(state.levels(plan, choices))
    return found


def advance(plan: Plan, state: InForce, step: Step, choices: Mapping[str, str] = NO_CHOICES) -> InForce:
    """What is in force after one more step."""
    return settle(plan, state, prepare(plan, step.facts, step.at, state.own, choices=choices, episode=True), choices)


def established(plan: Plan, facts: Facts, choices: Mapping[str, str] = NO_CHOICES) -> Outcome:
    """What prepared facts establish by the plan's own rules, notices from above left aside."""
    return _judges(plan, choices)[0].outcome(facts)


def settle(plan: Plan, state: InForce, facts: Facts, choices: Mapping[str, str] = NO_CHOICES) -> InForce:
    """What is in force after facts that were prepared for this state (`prepare` with what is in force, as of an episode)."""
    own_judge, imposed_judge = _judges(plan, choices)
    local, notices = own_judge.outcome(facts), imposed_judge.outcome(facts)
    own: dict[str, Level] = {}
    imposed: dict[str, Level] = {}
    for scale in plan.scales.values():
        if scale.follows is not None:
            continue
        own[scale.id] = _own(plan, scale, state, local.ranks[scale.id], facts, choices)
        if scale.id in notices.ranks:
            before = state.imposed.get(scale.id)
            imposed[scale.id] = after = _imposed(scale, before, notices.ranks[scale.id])
            rule = plan.lifecycle.notices.get(scale.id, PLAIN).read(choices)
            own[scale.id] = _beside_notice(scale, own[scale.id], before, after, rule)
    return InForce(own, imposed)


def _own(plan: Plan, scale: Scale, state: InForce, ranks: tuple[int, ...], facts: Facts, choices: Mapping[str, str]) -> Level:
    """The jurisdiction's own level after a step."""
    now = scale.rank(state.own.get(scale.id))
    least, most = ranks[0], ranks[-1]
    if least >= now:
        return scale.level_at(least)
    rules = rules_of(plan, scale.id, choices)
    if most == 0 and _established(plan, rules.get(LIFT), facts, state, choices):
        return None
    lower = rules.get(LOWER)
    if lower is not None and _established(plan, lower, facts, state, choices):
        lowest = now - 1 if lower.steps == "one" else 1
        return scale.level_at(min(now, max(most, lowest, 1)))
    return scale.level_at(now)


def _established(plan: Plan, rule: LevelRule | None, facts: Facts, state: InForce, choices: Mapping[str, str]) -> bool:
    """Whether a rule's condition is established by facts; one that leaves it to a person never is."""
    if rule is None or rule.when is None:
        return False
    return truth(plan, rule.when, facts, choices=choices, in_force=state.own) is Truth.HELD


def _beside_notice(scale: Scale, own: Level, before: Level, after: Level, rule: NoticeRule) -> Level:
    """The own level, once a notice has had its effect on it: while it stands, and when it is lifted."""
    if before is not None and after is None and rule.ends == "everything":
        return None
    if after is not None and rule.effect == "binding":
        return scale.level_at(min(scale.rank(own), scale.rank(after)))
    return own


def _imposed(scale: Scale, now: Level, ranks: tuple[int, ...]) -> Level:
    """The level that a notice imposes: as given; unchanged while it is unknown, but never below what it is sure to be."""
    return scale.level_at(ranks[0]) if len(ranks) == 1 else scale.level_at(max(scale.rank(now), ranks[0]))


def _judges(plan: Plan, choices: Mapping[str, str]) -> tuple[Judge, Judge]:
    """The plan's rules without notices from above, and those notices alone."""
    key = ("episode", tuple(sorted(choices.items())))
    if choices:
        keep_few(plan, key[1])
    if key not in plan.memo:
        flattener = Flattener(plan, choices)
        rules = {scale: flattener.rules(scale) for scale in plan.scales}
        sizes = {scale: len(plan.scales[scale].levels) for scale in rules}
        own = {scale: tuple(rule for rule in found if not _is_imposed(rule)) for scale, found in rules.items()}
        imposed = {
            scale: notices for scale, found in rules.items() if (notices := tuple(rule for rule in found if _is_imposed(rule)))
        }
        plan.memo[key] = (Judge(plan, own, sizes), Judge(plan, imposed, sizes))
    found: tuple[Judge, Judge] = plan.memo[key]
    return found


def _is_imposed(rule: Rule) -> bool:
    return any(trigger.imposed for trigger in rule.chain)
