"""A second opinion on levels: brute force over representatives, sharing no code with engine/trigger.

It reads a plan's scales and conditions and the contract's raw facts, tries every completion of the unknown facts on values
around every threshold, and evaluates each condition with plain Python. A scale's level is its highest level one of whose
triggers holds; a reference to another scale means exactly that level.

The representatives meet every cell: each number that a condition or a fact names, a value between every two neighbours and
one beyond each end; for counts that are added up, every whole number up to one more than the largest total asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise, product
from typing import Any

from engine.plan import condition as c
from engine.plan.model import Indicator, Plan

Variable = tuple[str, str | None]
"""An indicator, and the area it is measured in: ("deaths", None), ("counties.rain_past_24h", "应县")."""

Values = dict[Variable, Any]
Raw = Mapping[str, Any]
MOST = 20_000


class TooMany(Exception):
    """More completions remain than are walked."""


def indicator_of(plan: Plan, key: str) -> Indicator:
    areas, _, name = key.partition(".")
    return plan.indicators[areas].parts[name] if name else plan.indicators[key]


def picked(condition: c.Condition, choices: Mapping[str, str]) -> Iterator[c.Condition]:
    """The condition's nodes, at a switch those of the option taken only."""
    yield condition
    match condition:
        case c.All(parts) | c.Any(parts):
            for part in parts:
                yield from picked(part, choices)
        case c.Not(part) | c.Count(where=part):
            yield from picked(part, choices)
        case c.Switch():
            yield from picked(option(condition, choices), choices)


def option(switch: c.Switch, choices: Mapping[str, str]) -> c.Condition:
    options = dict(switch.options)
    return options.get(choices.get(switch.reading, ""), options["chosen"])


def known(raw: Raw, variable: Variable) -> Any:
    """The raw fact of a variable: a value, partial knowledge (a mapping) or None."""
    key, area = variable
    areas, _, name = key.partition(".")
    fact = ((raw.get(areas) or {}).get(area) or {}).get(name) if name else raw.get(key)
    return fact.get("value") if isinstance(fact, Mapping) and "value" in fact else fact


def allows(indicator: Indicator, fact: Any, value: Any) -> bool:
    """Whether a value agrees with what is known."""
    if not isinstance(fact, Mapping):
        return fact is None or fact == value
    place: Callable[[Any], Any] = indicator.values.index if indicator.type == "enum" else lambda one: one
    match dict(fact):
        case {"at_least": low}:
            return place(value) >= place(low)
        case {"at_most": high}:
            return place(value) <= place(high)
        case {"between": [low, high]}:
            return place(low) <= place(value) <= place(high)
        case {"one_of": values}:
            return value in values
    raise ValueError(fact)


def numbers_in(fact: Any) -> set[float]:
    if not isinstance(fact, Mapping):
        return set()
    return {one for given in fact.values() for one in (given if isinstance(given, list) else [given])}


class Walker:
    """Levels of one plan under some choice of readings."""

    def __init__(self, plan: Plan, choices: Mapping[str, str] | None = None) -> None:
        self.plan = plan
        self.choices = choices or {}
        self.thresholds: dict[str, set[float]] = {}
        self.summed: dict[str, int] = {}
        self._used: dict[str, tuple[Variable, ...]] = {}
        for scale in plan.scales:
            self.used(scale)

    # --- what a scale depends on ---------------------------------------------------------------------------------

    def used(self, scale: str) -> tuple[Variable, ...]:
        """The variables that a scale's level depends on, those of the scales that it refers to included."""
        if scale not in self._used:
            found: dict[Variable, None] = {}
            for triggers in self.plan.scales[scale].triggers.values():
                for trigger in triggers:
                    for node in picked(trigger.condition, self.choices):
                        found.update(dict.fromkeys(self._variables(node)))
            self._used[scale] = tuple(found)
        return self._used[scale]

    def _variables(self, node: c.Condition) -> list[Variable]:
        match node:
            case c.Compare(key, bounds):
                self.thresholds.setdefault(key, set()).update(end for end in (bounds.low, bounds.high) if end is not None)
                return self._places(key)
            case c.Member(key):
                return self._places(key)
            case c.Sum(keys, bounds):
                top = max(int(end) for end in (bounds.low, bounds.high) if end is not None) + 1
                for key in keys:
                    self.summed[key] = max(self.summed.get(key, 0), top)
                return [(key, None) for key in keys]
            case c.ScaleIs(other):
                return list(self.used(other))
        return []

    def _places(self, key: str) -> list[Variable]:
        areas, _, name = key.partition(".")
        return [(key, area) for area in self.plan.indicators[areas].areas] if name else [(key, None)]

    # --- representatives ------------------------------------------------------------------------------------------

    def representatives(self, variable: Variable, fact: Any) -> list[Any]:
        """Values that meet every cell that the fact allows."""
        key, _ = variable
        indicator = indicator_of(self.plan, key)
        values: list[Any]
        match indicator.type:
            case "boolean":
                values = [False, True]
            case "enum":
                values = list(indicator.values)
            case _:
                values = self._numbers(indicator, key, fact)
        return [value for value in values if allows(indicator, fact, value)]

    def _numbers(self, indicator: Indicator, key: str, fact: Any) -> list[float]:
        marks = sorted(self.thresholds.get(key, set()) | numbers_in(fact) | (set() if indicator.signed else {0}) or {0})
        if indicator.type == "integer":
            found = {value + step for value in marks for step in (-1, 0, 1)}
            if key in self.summed:
                found |= set(range(self.summed[key] + 1))
        else:
            found = {*marks, marks[0] - 1, marks[-1] + 1, *((low + high) / 2 for low, high in pairwise(marks))}
        return sorted(value for value in found if indicator.signed or value >= 0)

    # --- levels --------------------------------------------------------------------------------------------------

    def level(self, scale: str, values: Values, memo: dict[Any, c.Level] | None = None) -> c.Level:
        """The level that complete values come to."""
        key = (scale, *(values[variable] for variable in self._used[scale]))
        if memo is not None and key in memo:
            return memo[key]
        found = None
        of = self.plan.scales[scale]
        for level in reversed(of.levels):
            if any(self.holds(trigger.condition, values, None, memo) for trigger in of.triggers.get(level, ())):
                found = level
                break
        if memo is not None:
            memo[key] = found
        return found

    def holds(
        self, condition: c.Condition, values: Values, area: str | None = None, memo: dict[Any, c.Level] | None = None
    ) -> bool:
        """A condition's value on complete values, within one area where it is asked of areas."""
        match condition:
            case c.Compare(key, bounds):
                return inside(values[key, area if "." in key else None], bounds)
            case c.Member(key, members):
                return values[key, area if "." in key else None] in members
            case c.Sum((one, two), bounds):
                return inside(values[one, None] + values[two, None], bounds)
            case c.Count(areas, bounds, where, _, among):
                counted = among or self.plan.indicators[areas].areas
                return inside(sum(self.holds(where, values, one, memo) for one in counted), bounds)
            case c.ScaleIs(scale, levels):
                return self.level(scale, values, memo) in levels
            case c.All(parts):
                return all(self.holds(part, values, area, memo) for part in parts)
            case c.Any(parts):
                return any(self.holds(part, values, area, memo) for part in parts)
            case c.Not(part):
                return not self.holds(part, values, area, memo)
            case c.Switch():
                return self.holds(option(condition, self.choices), values, area, memo)
        raise TypeError(type(condition).__name__)

    # --- completions -----------------------------------------------------------------------------------------------

    def choices_of(self, scale: str, raw: Raw) -> dict[Variable, list[Any]]:
        """The representatives of every variable of the scale that the facts allow."""
        found = {}
        for variable in self._used[scale]:
            fact = known(raw, variable)
            found[variable] = self.representatives(variable, fact) if fact is None or isinstance(fact, Mapping) else [fact]
        return found

    def completions(self, scale: str, raw: Raw, most: int = MOST) -> Iterator[Values]:
        """Every completion that matters to the scale. Raises TooMany."""
        choices = self.choices_of(scale, raw)
        if math.prod(len(values) for values in choices.values()) > most:
            raise TooMany(scale)
        for values in product(*choices.values()):
            yield dict(zip(choices, values, strict=True))

    def possible(self, scale: str, raw: Raw, most: int = MOST) -> tuple[c.Level, ...]:
        """Every level that the facts leave possible, lowest first. Raises TooMany."""
        memo: dict[Any, c.Level] = {}
        found = {self.level(scale, values, memo) for values in self.completions(scale, raw, most)}
        return tuple(sorted(found, key=self.plan.scales[scale].rank))

    def truths(self, condition: c.Condition, raw: Raw, scale: str, most: int = MOST) -> set[bool]:
        """The values that a condition of the scale can take. Raises TooMany."""
        memo: dict[Any, c.Level] = {}
        return {self.holds(condition, values, None, memo) for values in self.completions(scale, raw, most)}


def inside(value: float, bounds: c.Bounds) -> bool:
    """Whether a number lies within bounds, written out."""
    if bounds.low is not None and not (value > bounds.low if bounds.low_open else value >= bounds.low):
        return False
    return bounds.high is None or (value < bounds.high if bounds.high_open else value <= bounds.high)
