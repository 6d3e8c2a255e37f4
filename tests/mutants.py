"""Small mistakes in a plan's triggers: each threshold one unit off, each inclusivity flipped, each set of values off by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from engine.plan import condition as c
from engine.plan.model import Plan, Trigger
from engine.plan.words import bounds_word
from tests.engine.walker import indicator_of


@dataclass(frozen=True)
class Mutant:
    """One mistake in one trigger. `place`: scale, level, clause; `what`: the threshold and what became of it."""

    scale: str
    level: str
    at: int
    clause: str
    what: str
    condition: c.Condition
    readings: tuple[tuple[str, str], ...]
    """The readings under which the mutated branch is taken at all."""

    @property
    def place(self) -> str:
        return f"{self.scale} {self.level} [{self.clause}] {self.what}" + (
            f"（读法 {dict(self.readings)}）" if self.readings else ""
        )

    def applied(self, plan: Plan, only: frozenset[str] | None = None) -> Plan:
        """The plan with this mistake, with a fresh memo; `only`: just these scales of it."""
        scales = {key: scale for key, scale in plan.scales.items() if only is None or key in only}
        of = scales[self.scale]
        triggers = list(of.triggers[self.level])
        triggers[self.at] = replace(triggers[self.at], condition=self.condition)
        scales[self.scale] = replace(of, triggers={**of.triggers, self.level: tuple(triggers)})
        return replace(plan, scales=scales, memo={})


def mutants(plan: Plan) -> Iterator[Mutant]:
    """Every mutant of every trigger; scales that follow others or are the highest of them have none of their own."""
    for scale in plan.scales.values():
        if scale.follows is not None or scale.highest_of:
            continue
        for level in scale.levels:
            for at, trigger in enumerate(scale.triggers.get(level, ())):
                yield from _of_trigger(plan, trigger, at)


def _of_trigger(plan: Plan, trigger: Trigger, at: int) -> Iterator[Mutant]:
    for what, condition, readings in _changed(plan, trigger.condition):
        yield Mutant(trigger.scale, trigger.level, at, trigger.clause, what, condition, tuple(sorted(readings.items())))


Changed = tuple[str, c.Condition, dict[str, str]]


def _changed(plan: Plan, condition: c.Condition) -> Iterator[Changed]:
    """The condition with one mistake somewhere in it."""
    match condition:
        case c.Compare(key, bounds):
            indicator = indicator_of(plan, key)
            for what, wrong in _bounds(bounds, whole=indicator.type == "integer", unit=indicator.unit or "1"):
                yield f"{indicator.short} {what}", replace(condition, bounds=wrong), {}
        case c.Sum(keys, bounds):
            first, second = (indicator_of(plan, key) for key in keys)
            for what, wrong in _bounds(bounds, whole=True, unit=first.unit or "1"):
                yield f"{first.short}+{second.short} {what}", replace(condition, bounds=wrong), {}
        case c.Count(areas, bounds, where):
            for what, wrong in _bounds(bounds, whole=True, unit="1"):
                if _reachable(wrong, len(condition.among or plan.indicators[areas].areas)):
                    yield f"个数 {what}", replace(condition, bounds=wrong), {}
            for what, part, readings in _changed(plan, where):
                yield what, replace(condition, where=part), readings
        case c.Member(key, values):
            indicator = indicator_of(plan, key)
            order: list[Any] = [False, True] if indicator.type == "boolean" else list(indicator.values)
            for what, wrong_values in _members(order, values, flip=indicator.type == "boolean"):
                yield f"{indicator.short} {what}", replace(condition, values=wrong_values), {}
        case c.ScaleIs(scale, levels):
            for what, wrong_values in _members([None, *plan.scales[scale].levels], levels, flip=False):
                yield f"{scale} {what}", replace(condition, levels=wrong_values), {}
        case c.All(parts) | c.Any(parts):
            for n, inner in enumerate(parts):
                for what, part, readings in _changed(plan, inner):
                    yield what, replace(condition, parts=(*parts[:n], part, *parts[n + 1 :])), readings
        case c.Not(inner):
            for what, part, readings in _changed(plan, inner):
                yield what, replace(condition, part=part), readings
        case c.Switch(reading, options):
            for n, (letter, inner) in enumerate(options):
                for what, part, readings in _changed(plan, inner):
                    taken = {} if letter == "chosen" else {reading: letter}
                    yield (
                        what,
                        replace(condition, options=(*options[:n], (letter, part), *options[n + 1 :])),
                        {**taken, **readings},
                    )


def _bounds(bounds: c.Bounds, *, whole: bool, unit: str) -> Iterator[tuple[str, c.Bounds]]:
    """One end a unit down or up, or the other inclusivity (for whole numbers that is the same as a unit)."""
    before = bounds_word(bounds, unit)
    wrong = []
    if bounds.low is not None:
        step = _unit(bounds.low)
        wrong += [
            replace(bounds, low=_shift(bounds.low, -step)),
            replace(bounds, low=_shift(bounds.low, step)),
            replace(bounds, low_open=not bounds.low_open),
        ]
    if bounds.high is not None:
        step = _unit(bounds.high)
        wrong += [
            replace(bounds, high=_shift(bounds.high, -step)),
            replace(bounds, high=_shift(bounds.high, step)),
            replace(bounds, high_open=not bounds.high_open),
        ]
    for one in wrong:
        yield f"{before} → {bounds_word(one, unit)}", one


def _unit(value: float) -> Decimal:
    """One unit; of a number printed with decimals one of its last digit."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(0, int(exponent)))


def _shift(value: float, step: Decimal) -> float:
    exact = Decimal(repr(value)) + step
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _reachable(bounds: c.Bounds, areas: int) -> bool:
    """A count that no number of areas can meet is an error of the plan file, not a mutant."""
    return any(n in bounds for n in range(areas + 1))


def _members(order: list[Any], values: frozenset[Any], *, flip: bool) -> Iterator[tuple[str, frozenset[Any]]]:
    """A boolean turned round; of ordered values each border moved by one, outwards and inwards."""
    if flip:
        yield "取反", frozenset(set(order) - values)
        return
    inside = [value in values for value in order]
    for n, value in enumerate(order):
        near = [inside[m] for m in (n - 1, n + 1) if 0 <= m < len(order)]
        if inside[n] and (False in near or len(values) == 1):
            yield f"不再含 {value}", values - {value}
        if not inside[n] and True in near:
            yield f"又含 {value}", values | {value}
