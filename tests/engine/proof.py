"""A plan's levels as z3 terms: a translation of its own, for completions too many to walk and for proofs over all facts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import z3

from engine.plan import condition as c
from engine.plan.model import Indicator, Plan
from tests.engine.walker import Raw, Values, Variable, indicator_of, known


def number(value: float) -> z3.ArithRef:
    exact = Fraction(value)
    return z3.IntVal(int(exact)) if exact.denominator == 1 else z3.RealVal(exact)


def inside(term: z3.ArithRef, bounds: c.Bounds) -> z3.BoolRef:
    tests = []
    if bounds.low is not None:
        tests.append(term > number(bounds.low) if bounds.low_open else term >= number(bounds.low))
    if bounds.high is not None:
        tests.append(term < number(bounds.high) if bounds.high_open else term <= number(bounds.high))
    return z3.And(*tests)


class Terms:
    """Variables and levels of a plan. Without `choices`, readings are variables too, so that a proof covers all of them."""

    def __init__(self, plan: Plan, choices: Mapping[str, str] | None = None) -> None:
        self.plan = plan
        self.choices = choices
        self.domains: list[z3.BoolRef] = []
        self._variables: dict[Variable, Any] = {}
        self._readings: dict[str, z3.ArithRef] = {}
        self._ranks: dict[str, z3.ArithRef] = {}

    def variable(self, variable: Variable) -> Any:
        """The z3 constant of a variable; an enum is the index of its value."""
        if variable not in self._variables:
            indicator = indicator_of(self.plan, variable[0])
            name = "@".join(part for part in variable if part)
            match indicator.type:
                case "boolean":
                    self._variables[variable] = z3.Bool(name)
                case "enum":
                    term = self._variables[variable] = z3.Int(name)
                    self.domains += [term >= 0, term < len(indicator.values)]
                case kind:
                    term = self._variables[variable] = z3.Int(name) if kind == "integer" else z3.Real(name)
                    if not indicator.signed:
                        self.domains.append(term >= 0)
        return self._variables[variable]

    def reading(self, reading: str) -> z3.ArithRef:
        """The z3 constant of a reading's choice: 0 for the chosen one, 1 for a, 2 for b, …"""
        if reading not in self._readings:
            term = self._readings[reading] = z3.Int(f"reading {reading}")
            self.domains.append(
                z3.Or(term == 0, *(term == letter_index(letter) for letter in self.plan.switches().get(reading, ())))
            )
        return self._readings[reading]

    def rank(self, scale: str) -> z3.ArithRef:
        """The rank of a scale's level: 0 for none."""
        if scale not in self._ranks:
            of = self.plan.scales[scale]
            term: z3.ArithRef = z3.IntVal(0)
            for at, level in enumerate(of.levels, 1):
                term = z3.If(
                    z3.Or(*(self.term(trigger.condition) for trigger in of.triggers.get(level, ()))), z3.IntVal(at), term
                )
            self._ranks[scale] = term
        return self._ranks[scale]

    def term(self, condition: c.Condition, area: str | None = None) -> z3.BoolRef:
        """A condition as a z3 term."""
        match condition:
            case c.Compare(key, bounds):
                return inside(self.variable((key, area if "." in key else None)), bounds)
            case c.Member(key, members):
                term = self.variable((key, area if "." in key else None))
                indicator = indicator_of(self.plan, key)
                if indicator.type == "boolean":
                    return z3.Or(*(term == bool(member) for member in members))
                return z3.Or(*(term == indicator.values.index(str(member)) for member in members))
            case c.Sum((one, two), bounds):
                return inside(self.variable((one, None)) + self.variable((two, None)), bounds)
            case c.Count(areas, bounds, where, _, among):
                counted = among or self.plan.indicators[areas].areas
                return inside(z3.Sum(*(z3.If(self.term(where, one), 1, 0) for one in counted)), bounds)
            case c.ScaleIs(scale, levels):
                return z3.Or(*(self.rank(scale) == self.plan.scales[scale].rank(level) for level in levels))
            case c.All(parts):
                return z3.And(*(self.term(part, area) for part in parts))
            case c.Any(parts):
                return z3.Or(*(self.term(part, area) for part in parts))
            case c.Not(part):
                return z3.Not(self.term(part, area))
            case c.Switch(reading, options):
                return self._switch(reading, dict(options), area)
        raise TypeError(type(condition).__name__)

    def _switch(self, reading: str, options: dict[str, c.Condition], area: str | None) -> z3.BoolRef:
        if self.choices is not None:
            return self.term(options.get(self.choices.get(reading, ""), options["chosen"]), area)
        found = self.term(options["chosen"], area)
        for letter, part in options.items():
            if letter != "chosen":
                found = z3.If(self.reading(reading) == letter_index(letter), self.term(part, area), found)
        return found

    # --- facts -------------------------------------------------------------------------------------------------------

    def agrees(self, raw: Raw) -> list[z3.BoolRef]:
        """The facts as constraints on the variables met so far."""
        return [
            fits(indicator_of(self.plan, variable[0]), term, fact)
            for variable, term in self._variables.items()
            if (fact := known(raw, variable)) is not None
        ]

    def values(self, model: z3.ModelRef) -> Values:
        """The variables' values in a model."""
        return {
            variable: _value(indicator_of(self.plan, variable[0]), model.eval(term, True))
            for variable, term in self._variables.items()
        }

    def choices_in(self, model: z3.ModelRef) -> dict[str, str]:
        """The readings of a model that are not the chosen ones."""
        found = {reading: model.eval(term, True).as_long() for reading, term in self._readings.items()}
        return {reading: chr(ord("a") + index - 1) for reading, index in found.items() if index}


def letter_index(letter: str) -> int:
    return ord(letter) - ord("a") + 1


def fits(indicator: Indicator, term: Any, fact: Any) -> z3.BoolRef:
    """A raw fact as a constraint on its variable."""
    if not isinstance(fact, Mapping):
        return term == constant(indicator, fact)
    match dict(fact):
        case {"at_least": low}:
            return term >= constant(indicator, low)
        case {"at_most": high}:
            return term <= constant(indicator, high)
        case {"between": [low, high]}:
            return z3.And(term >= constant(indicator, low), term <= constant(indicator, high))
        case {"one_of": values}:
            return z3.Or(*(term == constant(indicator, value) for value in values))
    raise ValueError(fact)


def constant(indicator: Indicator, value: Any) -> Any:
    match indicator.type:
        case "boolean":
            return z3.BoolVal(value)
        case "enum":
            return z3.IntVal(indicator.values.index(value))
    return number(value)


def _value(indicator: Indicator, term: Any) -> Any:
    match indicator.type:
        case "boolean":
            return z3.is_true(term)
        case "enum":
            return indicator.values[term.as_long()]
        case "integer":
            return term.as_long()
    exact = term.as_fraction()
    return int(exact) if exact.denominator == 1 else float(exact)


def possible(plan: Plan, choices: Mapping[str, str], raw: Raw, scale: str) -> tuple[c.Level, ...]:
    """For each level: is there a completion of the facts with exactly this level? Lowest first."""
    terms = Terms(plan, choices)
    rank = terms.rank(scale)
    solver = z3.Solver()
    solver.add(*terms.domains, *terms.agrees(raw))
    of = plan.scales[scale]
    found = []
    for at in range(len(of.levels) + 1):
        answer = solver.check(rank == at)
        assert answer != z3.unknown
        if answer == z3.sat:
            found.append(of.level_at(at))
    return tuple(found)
