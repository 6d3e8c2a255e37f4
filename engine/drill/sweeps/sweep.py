"""A sweep: a plan over many cases, counted by level, by possible levels and by deciding clause. Chunks are counted anywhere and added up."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from engine.assess import NONE, NOTHING_IN_FORCE
from engine.drill.sweeps.axis import Axis, Drawn
from engine.drill.sweeps.by_case import ByCase, Found, Judged, JudgedAtOnce
from engine.drill.sweeps.cases import Case, Cases, Column, coded
from engine.drill.sweeps.variable import Variable, find_variable
from engine.plan.condition import Level, Scalar
from engine.plan.model import Indicator, Plan
from engine.trigger.array import ArrayForm, array_form
from engine.trigger.derive import prepare
from engine.trigger.facts import Facts, Partial
from engine.trigger.judge import judge

MOST_CASES = 10_000_000_000
NOTHING: Mapping[str, float] = {}


@dataclass(frozen=True)
class Sweep:
    """What is varied, what is fixed, and how many cases. Made by `engine.contract.sweep.read_sweep`, which checks it.

    given: the fixed facts, which may be known in part. drawn: how many cases to draw; None: every combination.
    """

    plan: Plan
    axes: Mapping[str, Axis]
    given: Facts
    scales: tuple[str, ...]
    drawn: int | None = None
    seed: int = 0
    unknown: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    choices: Mapping[str, str] = field(default_factory=lambda: NONE)
    at: datetime.datetime | None = None
    in_force: Mapping[str, Level] = field(default_factory=lambda: NOTHING_IN_FORCE)
    accelerate: bool = False

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(find_variable(self.plan, name, f"vary.{name}") for name in self.axes)

    @cached_property
    def cases(self) -> Cases:
        return Cases(
            tuple((one, self.axes[one.name]) for one in self.variables), self.drawn, self.seed, self.unknown or None
        )  # fmt: skip

    @cached_property
    def base(self) -> Facts:
        """The fixed facts as they count, with what follows from them, without what is varied."""
        facts = self.given
        for variable in self.variables:
            facts = variable.without(facts)
        facts = prepare(self.plan, facts, self.at, self.in_force, choices=self.choices)
        for variable in self.variables:
            facts = variable.without(facts)
        return facts

    def facts(self, case: Case) -> Facts:
        """The facts of one case. What is unknown in it stays so, also where it would follow from a series."""
        facts = self.base
        for variable in self.variables:
            facts = variable.put(facts, case.get(variable.name))
        return facts

    def as_given(self, case: Case) -> Facts:
        """The facts of one case as an officer would give them: nothing derived yet, and no source that could be too old."""
        facts = self.given
        for variable in self.variables:
            facts = variable.put(variable.without(facts), case.get(variable.name))
        return replace(facts, marks={})

    def judge(self, columns: Mapping[str, Column], count: int) -> Judged:
        """The outcomes of cases whose varied values are these columns, by variable."""
        if self._partly_known:
            return ByCase(self.plan, self.choices, self.base, self.variables).judge(columns, count)
        return JudgedAtOnce(self._form.judge(self._by_key(columns, count), count))

    @cached_property
    def _form(self) -> ArrayForm:
        return array_form(self.plan, self.choices, accelerate=self.accelerate)

    @cached_property
    def _partly_known(self) -> bool:
        """Whether a fixed fact that some condition asks for is known in part."""
        asked = judge(self.plan, self.choices).domains
        if any(key in asked for key in self.base.partial):
            return True
        return any(
            isinstance(value, Partial) and f"{areas}.{name}" in asked
            for areas, rows in self.base.areas.items()
            for row in rows.values()
            for name, value in row.items()
        )

    def _by_key(self, columns: Mapping[str, Column], count: int) -> dict[str, Column]:
        """The columns as the array form takes them: fixed facts too, and one of every area side by side."""
        found = dict(self._fixed_columns)
        for variable in self.variables:
            column = columns[variable.name]
            if variable.areas is None:
                found[variable.key] = column
                continue
            areas = self.plan.indicators[variable.areas].areas
            table = np.array(np.broadcast_to(found.get(variable.key, _nothing(variable.indicator)), (count, len(areas))))
            if table.dtype != column.dtype:
                table = table.astype(np.result_type(table.dtype, column.dtype))
            places = [areas.index(one) for one in variable.places]
            table[:, places] = column if column.ndim == 2 else column.reshape(-1, 1)
            found[variable.key] = table
        return found

    @cached_property
    def _fixed_columns(self) -> dict[str, Column]:
        found = {
            key: coded(indicator, (value,))[0]
            for key, value in self.base.known.items()
            if (indicator := self.plan.indicators[key]).type not in ("series", "areas")
        }
        for key, rows in self.base.areas.items():
            indicator = self.plan.indicators[key]
            for name, part in indicator.parts.items():
                values = tuple(_bare(rows.get(area, {}).get(name)) for area in indicator.areas)
                if any(value is not None for value in values):
                    found[f"{key}.{name}"] = coded(part, values)
        return {key: np.asarray(column) for key, column in found.items()}


def _bare(value: Scalar | Partial | None) -> Scalar | None:
    """A value; nothing for partial knowledge, which comes only where no condition asks for it."""
    return None if isinstance(value, Partial) else value


def _nothing(indicator: Indicator) -> Column:
    found: Column = coded(indicator, (None,))[0]
    return found


@dataclass(frozen=True)
class Tally:
    """Counts of cases, by scale. Adding is in any order."""

    cases: int
    found: Mapping[str, Mapping[Found, int]]

    def __add__(self, other: Tally) -> Tally:
        scales = dict.fromkeys((*self.found, *other.found))
        return Tally(
            self.cases + other.cases,
            {scale: _sum(self.found.get(scale, {}), other.found.get(scale, {})) for scale in scales},
        )

    def by_possible(self, scale: str) -> dict[tuple[int, ...], int]:
        """Cases by the ranks still possible, from few and low to many and high."""
        found: Counter[tuple[int, ...]] = Counter()
        for (ranks, _), count in self.found.get(scale, {}).items():
            found[ranks] += count
        return dict(sorted(found.items()))

    def by_level(self, scale: str) -> dict[int, int]:
        """Cases by the rank established; 0: none."""
        found: Counter[int] = Counter()
        for (ranks, _), count in self.found.get(scale, {}).items():
            found[ranks[0]] += count
        return dict(sorted(found.items()))

    def by_clause(self, scale: str) -> dict[tuple[int, tuple[str, ...]], int]:
        """Cases by the rank established and the clauses that bear it out."""
        found: Counter[tuple[int, tuple[str, ...]]] = Counter()
        for (ranks, clauses), count in self.found.get(scale, {}).items():
            found[ranks[0], clauses] += count
        return dict(sorted(found.items()))


EMPTY = Tally(0, {})


def _sum(one: Mapping[Found, int], two: Mapping[Found, int]) -> Mapping[Found, int]:
    found = dict(one)
    for key, count in two.items():
        found[key] = found.get(key, 0) + count
    return found


def count_cases(sweep: Sweep, start: int, count: int) -> Tally:
    """The tally of `count` cases from `start` on."""
    return tally(sweep, sweep.judge(sweep.cases.columns(start, count), count), count)


def tally(sweep: Sweep, judged: Judged, count: int) -> Tally:
    """The counts of judged cases."""
    found: dict[str, dict[Found, int]] = {}
    for scale in sweep.scales:
        codes, said = judged.of(scale)
        counts = np.bincount(codes, minlength=len(said)).tolist()
        found[scale] = {one: number for one, number in zip(said, counts, strict=True) if number}
    return Tally(count, found)


def has_distribution(sweep: Sweep) -> bool:
    """Whether some indicator is drawn from a distribution, so that there is no every combination."""
    return any(isinstance(axis, Drawn) for axis in sweep.axes.values())
