"""Judging many cases where some fact is known in part: cases that no condition tells apart are judged once, by the single judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.drill.sweeps.cases import Column, decoded
from engine.drill.sweeps.variable import Variable
from engine.plan.model import Plan
from engine.trigger.array import Outcomes
from engine.trigger.cells import Domain
from engine.trigger.facts import Facts
from engine.trigger.judge import Outcome, judge

Cells = NDArray[np.int64]
WIDEST = 2**40


Found = tuple[tuple[int, ...], tuple[str, ...]]
"""The possible ranks of a scale, lowest first (the first is the level established), and the clauses that bear it out, in one order."""
Codes = NDArray[np.int32]


class Judged(Protocol):
    """What many cases come to."""

    def of(self, scale: str) -> tuple[Codes, tuple[Found, ...]]:
        """For each case a code, and what each code says of the scale."""


class JudgedByCase(NamedTuple):
    """For each case the place of its outcome in `distinct`."""

    codes: Codes
    distinct: tuple[Outcome, ...]

    def of(self, scale: str) -> tuple[Codes, tuple[Found, ...]]:
        """As `Judged`."""
        places: dict[Found, int] = {}
        table = [places.setdefault(found_in(outcome, scale), len(places)) for outcome in self.distinct]
        return np.array(table, np.int32)[self.codes], tuple(places)


class JudgedAtOnce(NamedTuple):
    """What the array form says."""

    outcomes: Outcomes

    def of(self, scale: str) -> tuple[Codes, tuple[Found, ...]]:
        """As `Judged`."""
        codes, clauses = self.outcomes.clauses(scale)
        joint = self.outcomes.possible(scale).astype(np.int32)
        joint *= len(clauses)
        joint += codes
        present = np.flatnonzero(np.bincount(joint))
        places: dict[Found, int] = {}
        table = np.zeros(int(present[-1]) + 1 if len(present) else 1, np.int32)
        for one in present.tolist():
            mask, code = divmod(one, len(clauses))
            found = (tuple(rank for rank in range(mask.bit_length()) if mask >> rank & 1), tuple(sorted(clauses[code])))
            table[one] = places.setdefault(found, len(places))
        return table[joint], tuple(places)


def found_in(outcome: Outcome, scale: str) -> Found:
    """What an outcome says of one scale."""
    return outcome.ranks[scale], tuple(sorted(outcome.clauses[scale]))


@dataclass(frozen=True)
class ByCase:
    """Judges cases that differ in `variables` from the facts `base`, which may be known in part."""

    plan: Plan
    choices: Mapping[str, str]
    base: Facts
    variables: Sequence[Variable]

    def judge(self, columns: Mapping[str, Column], count: int) -> JudgedByCase:
        """The outcome of every case. columns: by variable."""
        compiled = judge(self.plan, self.choices)
        added = {name for key in compiled.domains if "+" in key for name in key.split("+")}
        group, width = np.zeros(count, np.int64), 1
        for variable in self.variables:
            domain = compiled.domains.get(variable.key)
            if domain is None:
                continue  # nothing depends on it
            column = np.broadcast_to(columns[variable.name].T, (*columns[variable.name].T.shape[:-1], count))
            for row in column.reshape(-1, count):
                top = _top(compiled.domains) if variable.key in added else None
                cells, size = _cells(domain, row, top)
                group, width = group * size + cells, width * size
                if width > WIDEST:
                    group = np.unique(group, return_inverse=True)[1].reshape(-1)
                    width = int(group.max()) + 1
        _, first, back = np.unique(group, return_index=True, return_inverse=True)
        outcomes = [compiled.outcome(self._facts(columns, int(n))) for n in first]
        distinct = {id(one): one for one in outcomes}
        place = {key: n for n, key in enumerate(distinct)}
        codes = np.array([place[id(one)] for one in outcomes], np.int32)[back.reshape(-1)]
        return JudgedByCase(codes, tuple(distinct.values()))

    def _facts(self, columns: Mapping[str, Column], number: int) -> Facts:
        facts = self.base
        for variable in self.variables:
            facts = variable.put(facts, value_at(variable, columns[variable.name], number))
        return facts


def value_at(variable: Variable, column: Column, number: int) -> Any:
    """The value of one case; for every area one where they are drawn each."""
    value = column if column.ndim == 0 else column[number]
    if isinstance(value, np.ndarray) and value.ndim:
        return tuple(decoded(variable.indicator, one) for one in value)
    return decoded(variable.indicator, value)


def _top(domains: Mapping[str, Domain]) -> int:
    """The largest count that any total or count turns at."""
    return max((int(cut) for domain in domains.values() if domain.whole for cut, _ in domain.cuts), default=0)


def _cells(domain: Domain, row: Column, top: int | None) -> tuple[Cells, int]:
    """A number for each case, equal where no condition tells the values apart, and how many there are; the last is unknown.

    top: for a count that is added up, whose values matter themselves up to there.
    """
    if domain.values:
        return np.where(row < 0, domain.size, row).astype(np.int64), domain.size + 1
    nothing = np.isnan(row)
    if top is not None:
        return np.where(nothing, top + 1, np.minimum(np.nan_to_num(row), top)).astype(np.int64), top + 2
    before = np.array([cut for cut, after in domain.cuts if not after], np.float64)
    behind = np.array([cut for cut, after in domain.cuts if after], np.float64)
    found = np.searchsorted(before, row, side="right") + np.searchsorted(behind, row, side="left")
    return np.where(nothing, domain.size, found).astype(np.int64), domain.size + 1
