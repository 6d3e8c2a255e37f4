"""Scales flattened to rules: (level, condition on facts), with the triggers that lead there.

A scale that rests on another is inlined, so that its level too is the highest of the rules that hold. `grade: IV` means
exactly that level; where higher grades lead to the same or a higher level anyway, its own rules are enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.plan.condition import All, Any, Condition, Level, Not, ScaleIs, resolve, rewrite
from engine.plan.model import Plan, Scale, Trigger


@dataclass(frozen=True, slots=True)
class Rule:
    """Where `condition` holds, the scale is at least at `rank`. `chain`: the trigger, then those of the scales below it."""

    scale: str
    rank: int
    condition: Condition
    chain: tuple[Trigger, ...]


class Flattener:
    """Rules of a plan's scales under some choice of readings."""

    def __init__(self, plan: Plan, choices: Mapping[str, str]) -> None:
        self.plan = plan
        self.choices = dict(choices)
        self._rules: dict[str, tuple[Rule, ...]] = {}

    def rules(self, scale_id: str) -> tuple[Rule, ...]:
        """The scale's rules, lowest rank first."""
        if scale_id not in self._rules:
            scale = self.plan.scales[scale_id]
            found: list[Rule] = []
            for level in scale.levels:
                for trigger in scale.triggers.get(level, ()):
                    condition = resolve(trigger.condition, self.choices)
                    for part in disjuncts(condition):
                        found.extend(self._split(scale, scale.rank(level), part, trigger))
            self._rules[scale_id] = tuple(found)
        return self._rules[scale_id]

    def _split(self, scale: Scale, rank: int, part: Condition, trigger: Trigger) -> list[Rule]:
        if isinstance(part, ScaleIs) and part.levels and None not in part.levels:
            other = self.plan.scales[part.scale]
            ranks = {other.rank(level) for level in part.levels}
            if self._covered_above(scale, rank, other, ranks):
                return [
                    Rule(scale.id, rank, rule.condition, (trigger, *rule.chain))
                    for rule in self.rules(other.id)
                    if rule.rank in ranks
                ]
        return [Rule(scale.id, rank, self.inline(part), (trigger,))]

    def _covered_above(self, scale: Scale, rank: int, other: Scale, ranks: set[int]) -> bool:
        """Whether every higher level of `other` leads `scale` to this rank or higher by a trigger of its own."""
        covered = set(ranks)
        for level in scale.levels[rank - 1 :]:
            for trigger in scale.triggers.get(level, ()):
                for part in disjuncts(resolve(trigger.condition, self.choices)):
                    if isinstance(part, ScaleIs) and part.scale == other.id:
                        covered |= {other.rank(found) for found in part.levels}
        return all(above in covered for above in range(min(ranks), len(other.levels) + 1))

    def inline(self, condition: Condition) -> Condition:
        """The condition with every reference to a scale written out in facts."""
        return rewrite(
            condition, lambda part: self._level_condition(part.scale, part.levels) if isinstance(part, ScaleIs) else part
        )

    def _level_condition(self, scale_id: str, levels: frozenset[Level]) -> Condition:
        scale = self.plan.scales[scale_id]
        ranks = sorted(scale.rank(level) for level in levels)
        runs: list[tuple[int, int]] = []
        for rank in ranks:
            if runs and runs[-1][1] == rank - 1:
                runs[-1] = (runs[-1][0], rank)
            else:
                runs.append((rank, rank))
        top = len(scale.levels)
        parts: list[Condition] = []
        for low, high in runs:
            both: list[Condition] = []
            if low > 0:
                both.append(self._at_least(scale_id, low))
            if high < top:
                both.append(Not(self._at_least(scale_id, high + 1)))
            parts.append(All(tuple(both)))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _at_least(self, scale_id: str, rank: int) -> Condition:
        return Any(tuple(rule.condition for rule in self.rules(scale_id) if rule.rank >= rank))


def disjuncts(condition: Condition) -> tuple[Condition, ...]:
    """The parts of an `any` at the top, and of those within it; else the condition itself."""
    if isinstance(condition, Any):
        return tuple(part for inner in condition.parts for part in disjuncts(inner))
    return (condition,)
