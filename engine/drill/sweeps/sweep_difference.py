"""Two plans, two versions or two readings over the same cases: where they differ, with a smallest example of each difference."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from engine.assess import assess
from engine.drill.sweeps.sweep import Sweep, Tally, tally
from engine.drill.sweeps.variable import Variable, find_variable
from engine.plan.condition import Bounds, Level, Scalar
from engine.plan.finding import FactInvalid, UnknownName
from engine.plan.measure import Number, plain
from engine.plan.model import Plan
from engine.trigger.cells import Cut, make_domain
from engine.trigger.facts import Facts, Partial
from engine.trigger.judge import judge

Ranks = tuple[int, ...]
Pair = tuple[Ranks, Ranks]
"""The possible ranks of a scale on one side and on the other."""
MOST_ROUNDS = 50
NEVER = -1


@dataclass(frozen=True)
class Comparison:
    """The same cases under two sides. The sides vary the same indicators in the same way."""

    one: Sweep
    two: Sweep

    @cached_property
    def scales(self) -> tuple[str, ...]:
        """The scales that both sides have."""
        return tuple(scale for scale in self.one.scales if scale in self.two.scales)


@dataclass(frozen=True)
class Contrast:
    """Counts of cases on both sides and by pairs, and the first case of each pair. Adding is in any order."""

    one: Tally
    two: Tally
    pairs: Mapping[str, Mapping[Pair, tuple[int, int]]]
    """Scale -> what both sides say -> how many cases, and the number of the first where they differ."""

    @property
    def cases(self) -> int:
        return self.one.cases

    def __add__(self, other: Contrast) -> Contrast:
        scales = dict.fromkeys((*self.pairs, *other.pairs))
        pairs = {scale: _merged(self.pairs.get(scale, {}), other.pairs.get(scale, {})) for scale in scales}
        return Contrast(self.one + other.one, self.two + other.two, pairs)

    def table(self, scale: str) -> dict[tuple[int, int], int]:
        """Cases by the rank on one side and on the other."""
        found: dict[tuple[int, int], int] = {}
        for (one, two), (count, _) in self.pairs.get(scale, {}).items():
            found[one[0], two[0]] = found.get((one[0], two[0]), 0) + count
        return dict(sorted(found.items()))

    def differing(self, scale: str) -> int:
        """Cases whose levels differ."""
        return sum(count for (one, two), count in self.table(scale).items() if one != two)

    def differing_in_possible(self, scale: str) -> int:
        """Cases whose levels agree, but not the levels still possible."""
        return sum(count for (one, two), (count, _) in self.pairs.get(scale, {}).items() if one != two and one[0] == two[0])

    def firsts(self, scale: str) -> dict[tuple[int, int], int]:
        """For each pair of ranks that differ the first case; pairs of equal ranks for what differs in the possible levels alone."""
        found: dict[tuple[int, int], int] = {}
        for (one, two), (_, first) in self.pairs.get(scale, {}).items():
            if one != two:
                key = (one[0], two[0])
                found[key] = min(first, found.get(key, first))
        return dict(sorted(found.items()))


@dataclass(frozen=True)
class Example:
    """A smallest case of a difference: every fact in it is needed, and none is further from normal than needed.

    levels, possible: on the two sides, as single assessments give them.
    """

    scale: str
    facts: tuple[tuple[Variable, Scalar | Partial], ...]
    series: tuple[str, ...]
    levels: tuple[Level, Level]
    possible: tuple[tuple[Level, ...], tuple[Level, ...]]
    clauses: tuple[tuple[str, ...], tuple[str, ...]]
    given: Facts


def other_side(sweep: Sweep, plan: Plan, given: Facts, choices: Mapping[str, str]) -> Sweep:
    """The same sweep under another plan, version or readings. Raises UnknownName where the plan does not have what is varied."""
    for one in sweep.variables:
        try:
            other = find_variable(plan, one.name, f"vary.{one.name}").indicator
        except FactInvalid as error:
            raise UnknownName(
                f"《{plan.title}》没有可以一样变动的指标“{one.name}”（{one.label}）",
                where="against",
                remedy="两边比较要变动同样的指标：换一个指标，或换一份预案",
            ) from error
        own = one.indicator
        if (other.type, other.unit) != (own.type, own.unit) or not set(own.values) <= set(other.values):
            raise UnknownName(f"两份预案的“{one.name}”类型、单位或取值不同", where="against", remedy="换一个指标，或换一份预案")
    scales = tuple(scale for scale in sweep.scales if scale in plan.scales)
    if not scales:
        raise UnknownName(
            f"《{plan.title}》没有同名的等级体系", where="against", remedy=f"它有：{'、'.join(plan.scales)}；换一份预案"
        )
    return replace(sweep, plan=plan, given=given, choices=choices, scales=scales)


def contrast_cases(comparison: Comparison, start: int, count: int) -> Contrast:
    """The counts of `count` cases from `start` on, on both sides."""
    one, two = comparison.one, comparison.two
    columns, others = one.cases.columns(start, count), two.cases.columns(start, count)
    first, second = one.judge(columns, count), two.judge(others, count)
    pairs: dict[str, dict[Pair, tuple[int, int]]] = {}
    for scale in comparison.scales:
        (codes, said), (others_codes, others_said) = first.of(scale), second.of(scale)
        wide = len(others_said)
        joint = codes.astype(np.int64) * wide + others_codes
        counts = np.bincount(joint)
        into = pairs[scale] = {}
        for code in np.flatnonzero(counts).tolist():
            key = (said[code // wide][0], others_said[code % wide][0])
            place = NEVER if key[0] == key[1] else start + int(np.argmax(joint == code))
            known = into.get(key, (0, place))
            into[key] = (known[0] + int(counts[code]), min(known[1], place))
    return Contrast(tally(one, first, count), tally(two, second, count), pairs)


def _merged(one: Mapping[Pair, tuple[int, int]], two: Mapping[Pair, tuple[int, int]]) -> Mapping[Pair, tuple[int, int]]:
    found = dict(one)
    for key, (count, first) in two.items():
        known = found.get(key, (0, first))
        found[key] = (known[0] + count, min(known[1], first))
    return found


def examples(comparison: Comparison, contrast: Contrast) -> tuple[Example, ...]:
    """For each scale and each pair of levels that differ (or of possible levels, where the levels agree) a smallest example."""
    return tuple(
        _Shrink(comparison, scale, pair).smallest(first)
        for scale in comparison.scales
        for pair, first in contrast.firsts(scale).items()
    )


class _Shrink:
    """Makes a case smaller as long as both sides still say what makes the difference."""

    def __init__(self, comparison: Comparison, scale: str, pair: tuple[int, int]) -> None:
        self.comparison = comparison
        self.scale = scale
        self.pair = pair
        self.plan = comparison.one.plan

    def smallest(self, number: int) -> Example:
        """The smallest case that can be come to from this one, step by step."""
        one = self.comparison.one
        facts = one.as_given(one.cases.case(number))
        for _ in range(MOST_ROUNDS):
            smaller = self._smaller(facts)
            if smaller is None:
                break
            facts = smaller
        return self._example(facts)

    def _smaller(self, facts: Facts) -> Facts | None:
        """One step: a fact left out, or as it normally is, or nearer to that. None where there is none."""
        listed = list(_variables(self.plan, facts))
        for variable in listed:
            left = variable.without(facts)
            if self._stands(left):
                return left
        for key in facts.series:
            left = replace(facts, series={name: points for name, points in facts.series.items() if name != key})
            if self._stands(left):
                return left
        for variable in listed:
            value = variable.of(facts)
            if isinstance(value, Partial) or value is None:
                continue
            for nearer in self._nearer(variable, value, facts):
                changed = variable.put(facts, nearer)
                if self._stands(changed):
                    return changed
        return None

    def _nearer(self, variable: Variable, value: Scalar, facts: Facts) -> Iterator[Scalar]:
        """What is normal, then values nearer to it than this one, the nearest first: one for each cell of the two sides."""
        normal = variable.indicator.normal
        if value == normal and type(value) is type(normal):
            return
        yield normal
        if isinstance(value, bool | str) or isinstance(normal, bool | str):
            return
        cuts: set[Cut] = set()
        for side in (self.comparison.one, self.comparison.two):
            compiled = judge(side.plan, side.choices)
            if variable.key in compiled.domains:
                cuts |= set(compiled.domain(variable.key, facts).cuts)
        domain = make_domain(variable.key, variable.indicator, cuts, variable.areas)
        now, goal = domain.cell(value), domain.cell(normal)
        for cell in range(goal, now, 1 if goal < now else -1):
            yield nearest_in(domain.interval(cell), rising=goal < now, whole=variable.whole)
        if now != goal:
            nearest = nearest_in(domain.interval(now), rising=goal < now, whole=variable.whole)
            if abs(nearest - normal) < abs(value - normal):
                yield nearest

    def _stands(self, facts: Facts) -> bool:
        """Whether the two sides still differ in the same way on these facts."""
        one, two = self._ranks(self.comparison.one, facts), self._ranks(self.comparison.two, facts)
        return one != two and (one[0], two[0]) == self.pair

    def _ranks(self, side: Sweep, facts: Facts) -> Ranks:
        found = assess(side.plan, facts, side.at, readings=side.choices, in_force=side.in_force)
        return found.outcome.ranks[self.scale]

    def _example(self, facts: Facts) -> Example:
        sides = [
            assess(side.plan, facts, side.at, readings=side.choices, in_force=side.in_force)
            for side in (self.comparison.one, self.comparison.two)
        ]
        one, two = sides
        known = tuple((found, value) for found in _variables(self.plan, facts) if (value := found.of(facts)) is not None)
        return Example(
            self.scale,
            known,
            tuple(facts.series),
            (one.levels[self.scale], two.levels[self.scale]),
            (one.possible[self.scale], two.possible[self.scale]),
            (one.basis(self.scale), two.basis(self.scale)),
            facts,
        )


def nearest_in(bounds: Bounds, *, rising: bool, whole: bool) -> Number:
    """The end of a cell that is met first, coming up from below (or down from above); a short number just past an end that is left out."""
    end, is_open, far = (bounds.low, bounds.low_open, bounds.high) if rising else (bounds.high, bounds.high_open, bounds.low)
    if end is None:
        assert far is not None
        return far
    if not is_open:
        return end
    sign = 1 if rising else -1
    room = math.inf if far is None else abs(far - end)
    step = Fraction(1) if whole else next(Fraction(1, 10**n) for n in range(12) if Fraction(1, 10**n) < room)
    return plain(Fraction(repr(end)) + sign * step)


def _variables(plan: Plan, facts: Facts) -> Iterator[Variable]:
    """What is known, one by one, areas apart."""
    for key in (*facts.known, *facts.partial):
        yield Variable(key, plan, plan.indicators[key])
    for areas, rows in facts.areas.items():
        for area, row in rows.items():
            for name in row:
                yield Variable(f"{areas}.{area}.{name}", plan, plan.indicators[areas].parts[name], areas, area)
