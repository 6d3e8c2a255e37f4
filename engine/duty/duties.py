"""The duties in force at a level, those that may still come, and which of them cannot wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.plan.condition import All, Condition, Level
from engine.plan.model import NO_CHOICES, Act, Due, Duty, Plan, stands
from engine.trigger.facts import Facts
from engine.trigger.truth import Truth, truth

SHORT_HOURS = 2
NOTHING: Mapping[str, Level] = {}


@dataclass(frozen=True, slots=True)
class DutyInForce:
    """A duty at a level. `level` is lower than asked where the duty was taken over; `applies`: the truth of its `when`."""

    duty: Duty
    scale: str
    level: str
    applies: Truth

    @property
    def cannot_wait(self) -> bool:
        """The clause says at once, or sets two hours or less."""
        return self.duty.immediate or is_short(self.duty.due)


def is_short(due: Due | None) -> bool:
    """Whether a deadline is within two hours."""
    if due is None or due.kind != "within":
        return False
    match = re.fullmatch(r"PT([\d.]+)([MH])", str(due.value))
    return match is not None and float(match.group(1)) * (1 if match.group(2) == "H" else 1 / 60) <= SHORT_HOURS


def duties_at(
    plan: Plan,
    scale: str,
    level: str,
    facts: Facts | None = None,
    *,
    choices: Mapping[str, str] | None = None,
    in_force: Mapping[str, Level] = NOTHING,
) -> tuple[DutyInForce, ...]:
    """Every duty in force at a level and no other, in the plan's order; those taken over follow with their own level.

    With facts, a duty whose condition cannot hold is left out. Raises UnknownName for a scale or level that is not there.
    """
    level = plan.level(scale, level)
    choices = choices or NO_CHOICES
    found: list[DutyInForce] = []
    seen: set[str] = set()
    for duty, at in _standing(plan, scale, level, choices):
        if duty.id in seen:
            continue
        applies = Truth.HELD
        if duty.when is not None:
            now = {scale: level, **in_force}
            applies = truth(plan, duty.when, facts or Facts(), choices=choices, in_force=now)
            if facts is not None and applies is Truth.FAILED:
                continue
        seen.add(duty.id)
        found.append(DutyInForce(duty, scale, at, applies))
    return tuple(found)


def _standing(plan: Plan, scale: str, level: str, choices: Mapping[str, str]) -> tuple[tuple[Duty, str], ...]:
    """The duties of a level and of those that it takes over, each with its level, whatever the facts; worked out once."""
    key = ("duties", scale, level, tuple(sorted(choices.items())))
    if key not in plan.memo:
        plan.memo[key] = tuple(
            (replace(own, when=_all(*conditions, own.when)) if conditions else own, at)
            for at, conditions in _levels_with(plan, scale, level, choices).items()
            for own in plan.duties_under(choices)
            if _stands(plan, own, scale, at, choices)
        )
    found: tuple[tuple[Duty, str], ...] = plan.memo[key]
    return found


def _all(*conditions: Condition | None) -> Condition:
    """The conditions that there are, together."""
    parts = tuple(one for one in conditions if one is not None)
    return parts[0] if len(parts) == 1 else All(parts)


def _levels_with(plan: Plan, scale: str, level: str, choices: Mapping[str, str]) -> dict[str, tuple[Condition, ...]]:
    """The level, then those whose duties it takes over, and theirs; with each the conditions of being taken over."""
    found: dict[str, tuple[Condition, ...]] = {level: ()}
    front = [level]
    for one in front:
        for takeover in plan.scale(scale).takes_over:
            if takeover.level == one and takeover.source not in found and stands(takeover.under, choices):
                found[takeover.source] = (*found[one], *([] if takeover.when is None else [takeover.when]))
                front.append(takeover.source)
    return found


def _stands(plan: Plan, duty: Duty, scale: str, level: str, choices: Mapping[str, str]) -> bool:
    """Whether the duty stands at this level, on this scale or on one that goes with it level for level."""
    if level in duty.at.get(scale, ()):
        return True
    follows = plan.scale(scale).follows
    if follows is not None:
        leading = [of for of, to in follows.map_under(choices).items() if to == level]
        # Where several levels lead to this one, what stands at only some of them is theirs alone.
        if leading and all(of in duty.at.get(follows.scale, ()) for of in leading):
            return True
    for other in plan.scales.values():
        if other.follows is not None and other.follows.scale == scale:
            to = other.follows.map_under(choices).get(level)
            if to is not None and to in duty.at.get(other.id, ()):
                return True
    return False


def duties_that_may_come(
    plan: Plan,
    scale: str,
    established: Level,
    possible: tuple[Level, ...],
    facts: Facts,
    *,
    choices: Mapping[str, str] | None = None,
) -> tuple[DutyInForce, ...]:
    """The duties of levels that are still possible and that are not in force at the established one; the pressing ones first."""
    now = {one.duty.id for one in duties_at(plan, scale, established, facts, choices=choices)} if established else set()
    found: dict[str, DutyInForce] = {}
    for level in possible:
        if level is None or level == established:
            continue
        for one in duties_at(plan, scale, level, facts, choices=choices):
            if one.duty.id not in now:
                found.setdefault(one.duty.id, one)
    return tuple(sorted(found.values(), key=lambda one: not one.cannot_wait))


def acts_at(plan: Plan, scale: str, level: Level, choices: Mapping[str, str] = NO_CHOICES) -> tuple[Act, ...]:
    """Who proposes, decides, signs and publishes a level: the procedure's entries for it, those of no scale included."""
    found = []
    pairs = _same_levels(plan, scale, level, choices)
    for act in plan.procedure_under(choices):
        if act.scale is None or any(act.scale == one and (act.every_level or at in act.levels) for one, at in pairs):
            found.append(act)
    return tuple(found)


def _same_levels(plan: Plan, scale: str, level: Level, choices: Mapping[str, str]) -> list[tuple[str, Level]]:
    """The scale and level, and those that go with them level for level."""
    found: list[tuple[str, Level]] = [(scale, level)]
    follows = plan.scale(scale).follows
    if follows is not None:
        found += [(follows.scale, of) for of, to in follows.map_under(choices).items() if to == level]
    for other in plan.scales.values():
        if other.follows is not None and other.follows.scale == scale and level is not None:
            to = other.follows.map_under(choices).get(level)
            if to is not None:
                found.append((other.id, to))
    return found
