"""An exercise against the one before it: what got better, what got worse, in two evaluations of the same expected actions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from engine.drill.review.evaluation import Evaluation
from engine.drill.review.expected import WORTH, Expected

Key = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One expected action in both plays: how it went then and now."""

    then: Expected
    now: Expected


@dataclass(frozen=True, slots=True)
class Progress:
    """better, worse: actions that count in both; fresh, gone: in one alone. score: the difference, None where one has none."""

    then: Evaluation
    now: Evaluation
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    same: int
    fresh: tuple[Expected, ...]
    gone: tuple[Expected, ...]

    @property
    def score(self) -> float | None:
        then, now = self.then.total.score, self.now.total.score
        return None if then is None or now is None else round(now - then, 1)

    @property
    def units(self) -> dict[str, tuple[float | None, float | None]]:
        """Each unit's score then and now, where they differ."""
        then, now = self.then.by_unit, self.now.by_unit
        found = {
            unit: (then[unit].score if unit in then else None, now[unit].score if unit in now else None)
            for unit in dict.fromkeys([*then, *now])
        }
        return {unit: pair for unit, pair in found.items() if pair[0] != pair[1]}


def progress(then: Evaluation, now: Evaluation) -> Progress:
    """What changed since the last play. The same outcome, sooner or later, is no change; late by more or less is."""
    before, after = _counted(then.expected), _counted(now.expected)
    better: list[Change] = []
    worse: list[Change] = []
    same = 0
    for key, one in after.items():
        earlier = before.get(key)
        if earlier is None:
            continue
        gain = _worth(one) - _worth(earlier)
        if gain == 0:
            same += 1
        else:
            (better if gain > 0 else worse).append(Change(earlier, one))
    return Progress(
        then,
        now,
        tuple(better),
        tuple(worse),
        same,
        tuple(one for key, one in after.items() if key not in before),
        tuple(one for key, one in before.items() if key not in after),
    )


def _counted(expected: Iterable[Expected]) -> dict[Key, Expected]:
    """By what names an action in any play: the duty and its occurrence; of proposals scale, level and how often before."""
    seen: Counter[tuple[str, str, str, str]] = Counter()
    found: dict[Key, Expected] = {}
    for one in expected:
        if one.outcome not in WORTH:
            continue
        name = (one.kind, one.plan, one.duty or one.scale, "" if one.duty else str(one.level))
        number = one.number
        if one.kind == "decision" or (*name, number) in found:
            seen[name] += 1
            number = seen[name] if one.kind == "decision" else number + 1_000 * seen[name]
        found[*name, number] = one
    return found


def _worth(one: Expected) -> float:
    """Late by an hour is worse than late by a minute, and better than never."""
    late = one.late_by
    if late is None:
        return float(WORTH[one.outcome])
    return float(WORTH[one.outcome]) * math.pow(0.5, late.total_seconds() / 86_400)
