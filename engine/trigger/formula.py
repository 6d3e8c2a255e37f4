"""Conditions lowered to formulas over cells, and their value once every cell is chosen.

A literal says that a key's cell is in a mask. Keys are indicators ("deaths"), area indicators ("counties.rain_past_24h")
and sums ("deaths+serious_injuries"). A count says how many areas satisfy a predicate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.plan.condition import All, Any, Compare, Condition, Count, InForce, Member, Not, Sum, walk
from engine.plan.model import Indicator, Plan
from engine.trigger.cells import Cut, Domain, cuts_of, make_domain


@dataclass(frozen=True, slots=True)
class Literal:
    key: str
    mask: int


@dataclass(frozen=True, slots=True)
class CountIs:
    """The number of areas that satisfy `predicate` is in the mask `counts` (bit n: n areas). `among`: of these (empty: of all)."""

    areas: str
    predicate: Formula
    counts: int
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    part: Formula


Formula = Literal | CountIs | And | Or | Negation
Cells = Mapping[str, int]


def sum_key(indicators: tuple[str, str]) -> str:
    return "+".join(sorted(indicators))


def make_domains(plan: Plan, conditions: Iterable[Condition]) -> dict[str, Domain]:
    """The domains of every indicator that the conditions name, cut at every threshold in them."""
    cuts: dict[str, set[Cut]] = {}
    pairs: dict[str, tuple[str, str]] = {}
    for condition in conditions:
        for node in walk(condition):
            match node:
                case Compare(indicator, bounds):
                    whole = _indicator(plan, indicator)[0].type == "integer"
                    cuts.setdefault(indicator, set()).update(cuts_of(bounds, whole=whole))
                case Sum(indicators, bounds):
                    key = sum_key(indicators)
                    pairs[key] = indicators
                    cuts.setdefault(key, set()).update(cuts_of(bounds, whole=True))
                    for indicator in indicators:
                        cuts.setdefault(indicator, set())
                case Member(name):
                    cuts.setdefault(name, set())
                case _:
                    pass
    found = {}
    for key, own in cuts.items():
        of, areas = _indicator(plan, pairs[key][0] if key in pairs else key)
        found[key] = make_domain(key, of, own, areas)
    return found


def _indicator(plan: Plan, key: str) -> tuple[Indicator, str | None]:
    if "." in key:
        areas, name = key.split(".", 1)
        return plan.indicators[areas].parts[name], areas
    return plan.indicators[key], None


def lower(condition: Condition, domains: Mapping[str, Domain], plan: Plan) -> Formula:
    """The formula of a condition whose scales are inlined and whose switches are set."""
    match condition:
        case Compare(indicator, bounds):
            return Literal(indicator, domains[indicator].within(bounds))
        case Member(indicator, values):
            return Literal(indicator, domains[indicator].among(values))
        case Sum(indicators, bounds):
            key = sum_key(indicators)
            return Literal(key, domains[key].within(bounds))
        case Count(areas, bounds, where, _, among):
            total = len(plan.indicators[areas].areas)
            counts = sum(1 << n for n in range(total + 1) if n in bounds)
            return CountIs(areas, lower(where, domains, plan), counts, among)
        case All(parts):
            return And(tuple(lower(part, domains, plan) for part in parts))
        case Any(parts):
            return Or(tuple(lower(part, domains, plan) for part in parts))
        case Not(part):
            return Negation(lower(part, domains, plan))
        case InForce():
            raise TypeError("what is in force is settled before a condition is lowered")
        case _:
            raise TypeError(f"{type(condition).__name__} is settled before a condition is lowered")


def keys_of(formula: Formula) -> frozenset[str]:
    """Every key that the formula depends on; a sum brings its summands."""
    match formula:
        case Literal(key):
            return frozenset((key, *key.split("+"))) if "+" in key else frozenset((key,))
        case CountIs(predicate=predicate):
            return keys_of(predicate)
        case And(parts) | Or(parts):
            return frozenset().union(*(keys_of(part) for part in parts))
        case Negation(part):
            return keys_of(part)


def counts_in(formula: Formula) -> list[CountIs]:
    match formula:
        case CountIs():
            return [formula]
        case And(parts) | Or(parts):
            return [found for part in parts for found in counts_in(part)]
        case Negation(part):
            return counts_in(part)
        case _:
            return []


def holds(formula: Formula, cells: Cells, counts: Mapping[CountIs, bool] | None = None) -> bool:
    """The formula's value with every key's cell chosen, and every count decided."""
    match formula:
        case Literal(key, mask):
            return mask >> cells[key] & 1 == 1
        case And(parts):
            return all(holds(part, cells, counts) for part in parts)
        case Or(parts):
            return any(holds(part, cells, counts) for part in parts)
        case Negation(part):
            return not holds(part, cells, counts)
        case CountIs():
            assert counts is not None
            return counts[formula]


Residual = Formula | bool


def restrict(formula: Residual, key: str, cell: int) -> Residual:
    """The formula once a key's cell is chosen, simplified."""
    if isinstance(formula, bool):
        return formula
    match formula:
        case Literal(own, mask):
            return mask >> cell & 1 == 1 if own == key else formula
        case And(parts) | Or(parts):
            deciding = isinstance(formula, Or)
            kept = []
            same = True
            for part in parts:
                left = restrict(part, key, cell)
                if left is deciding:
                    return deciding
                same = same and left is part
                if not isinstance(left, bool):
                    kept.append(left)
            if same and kept:
                return formula
            if not kept:
                return not deciding
            return kept[0] if len(kept) == 1 else type(formula)(tuple(kept))
        case Negation(part):
            left = restrict(part, key, cell)
            return not left if isinstance(left, bool) else formula if left is part else Negation(left)
        case CountIs():
            return formula


def keys_in_order(formula: Formula) -> list[str]:
    """The keys as they first come, so that keys of one condition stand together."""
    match formula:
        case Literal(key):
            return [key]
        case And(parts) | Or(parts):
            return list(dict.fromkeys(key for part in parts for key in keys_in_order(part)))
        case Negation(part):
            return keys_in_order(part)
        case CountIs(predicate=predicate):
            return keys_in_order(predicate)


def literals_in(formula: Formula) -> list[Literal]:
    match formula:
        case Literal():
            return [formula]
        case And(parts) | Or(parts):
            return [found for part in parts for found in literals_in(part)]
        case Negation(part):
            return literals_in(part)
        case CountIs(predicate=predicate):
            return literals_in(predicate)
