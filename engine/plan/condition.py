"""The conditions that a plan may state: a closed set of frozen nodes, each with the clause and readings it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.plan.measure import Number

Level = str | None
Scalar = str | bool | Number


@dataclass(frozen=True, slots=True)
class Bounds:
    """An interval of quantities. `low_open` excludes the low end (over), `high_open` the high end (below)."""

    low: Number | None = None
    low_open: bool = False
    high: Number | None = None
    high_open: bool = False

    def __contains__(self, value: Number) -> bool:
        if self.low is not None and (value < self.low or (self.low_open and value == self.low)):
            return False
        return self.high is None or not (value > self.high or (self.high_open and value == self.high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a condition rests on, besides the facts."""

    clause: str | None = None
    readings: tuple[str, ...] = ()
    note: str | None = None


NO_BASIS = Basis()


@dataclass(frozen=True, slots=True)
class Compare:
    """A quantity within bounds."""

    indicator: str
    bounds: Bounds
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class Member:
    """A boolean or enum that is one of some values (booleans as True and False)."""

    indicator: str
    values: frozenset[str | bool]
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of two counts within bounds (死亡和重伤合计)."""

    indicators: tuple[str, str]
    bounds: Bounds
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class Count:
    """How many areas satisfy `where`, each by itself, within bounds (N个以上县). `among`: only these areas count (empty: all)."""

    areas: str
    bounds: Bounds
    where: Condition
    basis: Basis = NO_BASIS
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScaleIs:
    """The level of another scale of the same plan is one of `levels` (None: no level)."""

    scale: str
    levels: frozenset[Level]
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class InForce:
    """The level in force now, before any decision on these facts, is one of `levels`."""

    scale: str
    levels: frozenset[Level]
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Condition, ...]
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition
    basis: Basis = NO_BASIS


@dataclass(frozen=True, slots=True)
class Switch:
    """A condition that depends on how an ambiguous clause is read; `options` holds `chosen` and the alternatives a, b, …"""

    reading: str
    options: tuple[tuple[str, Condition], ...]
    basis: Basis = NO_BASIS

    def pick(self, choices: dict[str, str]) -> Condition:
        """The option for the reading chosen; one that changes nothing here is not written out, and the default holds."""
        options = dict(self.options)
        return options.get(choices.get(self.reading, "chosen"), options["chosen"])


Condition = Compare | Member | Sum | Count | ScaleIs | InForce | All | Any | Not | Switch


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and everything below it."""
    yield condition
    for part in parts_of(condition):
        yield from walk(part)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    match condition:
        case All(parts) | Any(parts):
            return parts
        case Not(part):
            return (part,)
        case Count(where=where):
            return (where,)
        case Switch(options=options):
            return tuple(part for _, part in options)
        case _:
            return ()


def rewrite(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    """The condition with `change` made of every part that is no all, any, not or count."""
    match condition:
        case All(parts, basis):
            return All(tuple(rewrite(part, change) for part in parts), basis)
        case Any(parts, basis):
            return Any(tuple(rewrite(part, change) for part in parts), basis)
        case Not(part, basis):
            return Not(rewrite(part, change), basis)
        case Count(areas, bounds, where, basis, among):
            return Count(areas, bounds, rewrite(where, change), basis, among)
        case _:
            return change(condition)


def resolve(condition: Condition, choices: dict[str, str]) -> Condition:
    """The condition with every switch set by the readings chosen (absent: the default reading)."""
    return rewrite(condition, lambda part: resolve(part.pick(choices), choices) if isinstance(part, Switch) else part)
