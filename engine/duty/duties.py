"""The duties in force at a level, those that may still come, and which of them cannot wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.plan.condition import Level
from engine.plan.model import Act, Due, Duty, Plan
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
    found: list[DutyInForce] = []
    seen: set[str] = set()
    for at in _levels_with(plan, scale, level):
        for duty in plan.duties:
            if duty.id in seen or not _stands(plan, duty, scale, at):
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


def _levels_with(plan: Plan, scale: str, level: str) -> list[str]:
    """The level, then those whose duties it takes over, and theirs."""
    found = [level]
    for one in found:
        found.extend(t.source for t in plan.scale(scale).takes_over if t.level == one and t.source not in found)
    return found


def _stands(plan: Plan, duty: Duty, scale: str, level: str) -> bool:
    """Whether the duty stands at this level, on this scale or on one that goes with it level for level."""
    if level in duty.at.get(scale, ()):
        return True
    follows = plan.scale(scale).follows
    if follows is not None and any(to == level and of in duty.at.get(follows.scale, ()) for of, to in follows.map.items()):
        return True
    for other in plan.scales.values():
        if other.follows is not None and other.follows.scale == scale:
            to = other.follows.map.get(level)
            if to is not None and to in duty.at.get(other.id, ()):
                return True
    return False


def duties_that_may_come(
    plan: Plan, scale: str, established: Level, possible: tuple[Level, ...], facts: Facts
) -> tuple[DutyInForce, ...]:
    """The duties of levels that are still possible and that are not in force at the established one; the pressing ones first."""
    now = {one.duty.id for one in duties_at(plan, scale, established, facts)} if established else set()
    found: dict[str, DutyInForce] = {}
    for level in possible:
        if level is None or level == established:
            continue
        for one in duties_at(plan, scale, level, facts):
            if one.duty.id not in now:
                found.setdefault(one.duty.id, one)
    return tuple(sorted(found.values(), key=lambda one: not one.cannot_wait))


def acts_at(plan: Plan, scale: str, level: Level) -> tuple[Act, ...]:
    """Who proposes, decides, signs and publishes a level: the procedure's entries for it, those of no scale included."""
    found = []
    pairs = _same_levels(plan, scale, level)
    for act in plan.procedure:
        if act.scale is None or any(act.scale == one and (act.every_level or at in act.levels) for one, at in pairs):
            found.append(act)
    return tuple(found)


def _same_levels(plan: Plan, scale: str, level: Level) -> list[tuple[str, Level]]:
    """The scale and level, and those that go with them level for level."""
    found: list[tuple[str, Level]] = [(scale, level)]
    follows = plan.scale(scale).follows
    if follows is not None:
        found += [(follows.scale, of) for of, to in follows.map.items() if to == level]
    for other in plan.scales.values():
        if other.follows is not None and other.follows.scale == scale and level is not None and level in other.follows.map:
            found.append((other.id, other.follows.map[level]))
    return found
