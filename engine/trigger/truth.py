"""Held, failed or unknown: the exact truth of one condition over all that the unknown facts may still be."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NoReturn

from engine.plan.condition import All, Any, Condition, InForce, Level, ScaleIs, resolve, rewrite, walk
from engine.plan.model import Plan
from engine.trigger.facts import Facts
from engine.trigger.judge import Judge, judge
from engine.trigger.rules import Flattener, Rule

NOW = "now"


class Truth(StrEnum):
    """Three values. It has no truth value of its own: unknown is neither."""

    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth is held, failed or unknown: compare it")


def settle(condition: Condition, in_force: Mapping[str, Level]) -> Condition:
    """A condition whose switches are set, with what is in force written in. A scale that is not named has nothing in force."""

    def write_in(part: Condition) -> Condition:
        if not isinstance(part, InForce):
            return part
        return All((), part.basis) if in_force.get(part.scale) in part.levels else Any((), part.basis)

    return rewrite(condition, write_in)


def truth(
    plan: Plan,
    condition: Condition,
    facts: Facts,
    *,
    choices: Mapping[str, str] | None = None,
    in_force: Mapping[str, Level] | None = None,
) -> Truth:
    """The exact truth of a condition: held if it holds whatever the unknown facts are, failed if it never can."""
    if isinstance(condition, ScaleIs):
        possible = judge(plan, choices).outcome(facts).possible[condition.scale]
        inside = sum(1 for level in possible if level in condition.levels)
        return Truth.HELD if inside == len(possible) else Truth.UNKNOWN if inside else Truth.FAILED
    if any(isinstance(node, InForce) for node in walk(condition)):
        condition = settle(resolve(condition, dict(choices or {})), in_force or {})
    key = ("truth", condition, tuple(sorted((choices or {}).items())))
    compiled: Judge | None = plan.memo.get(key)
    if compiled is None:
        flattener = Flattener(plan, choices or {})
        inlined = flattener.inline(resolve(condition, dict(choices or {})))
        compiled = plan.memo[key] = Judge(plan, {NOW: (Rule(NOW, 1, inlined, ()),)}, {NOW: 1})
    ranks = compiled.outcome(facts).ranks[NOW]
    return Truth.UNKNOWN if len(ranks) == 2 else Truth.HELD if ranks == (1,) else Truth.FAILED
