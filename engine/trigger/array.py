"""The array form of a plan's scales: many fact sets at once, from the same checked tree as single assessments.

`array_form(plan).judge(columns, count)` takes one array an indicator (`engine.trigger.columns`) and gives for each case what
`assess` would say of its facts one by one: levels, possible levels and the clauses that bear them out. Facts are known or
unknown here; knowledge in part (“at least 10”) is for single assessments.

Each chunk of cases is read once: columns become digits, digits the index of a block of components, and a machine of a few
steps (`engine.trigger.array_states`) takes the indices to one integer a case. Tables are filled with what occurs, by the
components that judge single facts, so there is one meaning and no second compiler. Memory besides the columns and
2 or 4 bytes a case and machine is constant.

Measured (`tests.benchmarks.arrays`, one core of a busy machine, a million cases of 20 indicators): 45 to 55 ns a case in numpy
and 22 to 26 ns compiled (`accelerate`), where a plain if-chain takes 0.4 µs for one scale and 2.1 µs for all with their
clauses; the tables are filled within the first 0.1 s. Scales that count areas: 2 µs a case, and 10 µs while rows are new.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.plan.model import NO_CHOICES, Plan
from engine.trigger.areas import AreaComponent
from engine.trigger.array_blocks import Block, Index, Machinery, States, indices_of, plain_blocks
from engine.trigger.array_layout import Readings, layout_of
from engine.trigger.array_rows import RowBlock
from engine.trigger.array_states import Chain, Machine
from engine.trigger.columns import BoundColumn, Column, bind
from engine.trigger.component import Component, Field
from engine.trigger.derive import prepare
from engine.trigger.facts import Facts
from engine.trigger.judge import MOST_OUTCOMES, Judge, Outcome, judge, keep_few
from engine.trigger.thresholds import Digits

__all__ = ["ArrayForm", "Column", "Outcomes", "array_form"]

MOST_INDICES = 1 << 12
"""Indices of a block of several components."""
MOST_CELLS = 1 << 16
"""Indices of a block of one component; with more, only those that occur are looked up."""
MOST_SMALL = np.iinfo(np.uint16).max
"""States that are kept in two bytes a case; four with more."""
ALIKE = 0.75
"""The share of components that scales have in common for their levels to be worked out together."""


class ArrayForm:
    """A plan's scales compiled for columns."""

    def __init__(self, plan: Plan, choices: Mapping[str, str], machinery: Machinery) -> None:
        self.plan = plan
        self.scales = tuple(plan.scales)
        self.choices = dict(choices)
        self._judge = judge(plan, self.choices)
        self.machinery = machinery
        self._outcomes: dict[int, Outcome] = {}
        self._machines = _machines(self._judge, machinery)
        self.read_keys = frozenset(key for component in self._judge.components for key in component.keys)

    def judge(self, columns: Mapping[str, Column], count: int, at: datetime.datetime | None = None) -> Outcomes:
        """What each of `count` cases comes to. An indicator without a column is unknown throughout.

        at: the time, for indicators that follow from the date, where no column gives them. Raises FactInvalid for a column
        that is no column of the plan's, or for the first value in it that `validate` would refuse.
        """
        domains = self._judge.domains
        dated = prepare(self.plan, Facts(), at, choices=self.choices).known
        filled = {key: domains[key].cell(value) + 1 for key, value in dated.items() if key in domains}
        bound = bind(self.plan, domains, columns, count, filled, self.machinery.columns)
        states: list[States] = [np.empty(count, np.uint16) for _ in self._machines]
        chains = [machine.chain() for machine in self._machines]
        chunk = self.machinery.chunk
        cases = _Chunk(self, bound, filled)
        for start in range(0, count, chunk):
            cases.move(start, min(start + chunk, count))
            for n, chain in enumerate(chains):
                found = chain.run(cases)
                if len(chain.words) > MOST_SMALL:
                    states[n] = states[n].astype(np.int32, copy=False)
                states[n][start : start + chunk] = found
        scales = (machine.scales for machine in self._machines)
        return Outcomes(self, tuple(zip(scales, chains, states, strict=True)), count)

    def outcome(self, word: int) -> Outcome:
        """The outcome that a word stands for."""
        found = self._outcomes.get(word)
        if found is None:
            if len(self._outcomes) > MOST_OUTCOMES:
                self._outcomes.clear()
            found = self._outcomes[word] = self._judge.read(word)
        return found

    def areas_of(self, key: str) -> int:
        """How many areas a key of areas has."""
        return len(self.plan.indicators[key.split(".", 1)[0]].areas)


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What each case comes to. Whole outcomes are read off only when they are asked for, once for each that occurs.

    parts: scales that were worked out together, how their states are read, and a state a case.
    """

    form: ArrayForm
    parts: tuple[tuple[tuple[str, ...], Chain, States], ...]
    count: int

    def ranks(self, scale: str) -> NDArray[np.uint8]:
        """The rank of the level of each case: 0 for none, then lowest first."""
        found, states = self._of(scale)
        return self._read(found.ranks, states) if found else np.zeros(self.count, np.uint8)

    def possible(self, scale: str) -> NDArray[np.uint16]:
        """The ranks that are possible in each case, a bit each (bit 0: no level)."""
        found, states = self._of(scale)
        return self._read(found.possible, states) if found else np.ones(self.count, np.uint16)

    def clauses(self, scale: str) -> tuple[NDArray[np.int32], tuple[tuple[str, ...], ...]]:
        """For each case a code, and the clauses that each code stands for: those that bear the level out.

        A code stands for the same clauses in all that one form has judged, while its tables last.
        """
        found, states = self._of(scale)
        return (self._read(found.codes, states), found.clauses) if found else (np.zeros(self.count, np.int32), ((),))

    @property
    def codes(self) -> NDArray[np.int32]:
        """For each case which of `distinct` it comes to."""
        return self._together[0]

    @property
    def distinct(self) -> tuple[Outcome, ...]:
        """The different outcomes of the whole plan."""
        return self._together[1]

    def _of(self, scale: str) -> tuple[Readings | None, States]:
        self.form.plan.scale(scale)
        return next((chain.readings(scale), states) for scales, chain, states in self.parts if scale in scales)

    def _read(self, table: NDArray[Any], states: States) -> NDArray[Any]:
        found = np.empty(self.count, table.dtype)
        chunk = self.form.machinery.chunk
        for start in range(0, self.count, chunk):
            self.form.machinery.read(table, states[start : start + chunk], found[start : start + chunk])
        return found

    @cached_property
    def _together(self) -> tuple[NDArray[np.int32], tuple[Outcome, ...]]:
        codes = np.zeros(self.count, np.int64)
        words = [0]
        for _, chain, states in self.parts:
            size = len(chain.words)
            pairs, codes = np.unique(codes * size + states, return_inverse=True)
            words = [words[pair // size] | chain.words[pair % size] for pair in pairs.tolist()]
        return codes.astype(np.int32), tuple(self.form.outcome(word) for word in words) if self.count else ()


class _Chunk:
    """Some cases, then the next: each column's digits and each block's indices, worked out once."""

    def __init__(self, form: ArrayForm, bound: Mapping[str, tuple[BoundColumn | None, ...]], filled: Mapping[str, int]) -> None:
        self._form = form
        self._bound = bound
        self._filled = filled
        self._span = 0, 0
        self._digits: dict[str, tuple[int | Digits, ...]] = {}
        self._indices: dict[Block, Index] = {}
        self._rooms: dict[object, NDArray[Any]] = {}

    def move(self, start: int, stop: int) -> None:
        """Go on to the next cases. Columns that no scale asks for are looked at too: what is refused is refused there."""
        self._span = start, stop
        self._digits.clear()
        self._indices.clear()
        for key in self._bound:
            if key not in self._form.read_keys:
                self._all(key)

    def scratch(self, owner: object, dtype: Any) -> NDArray[Any]:
        """An array of one element a case that the owner may write to, until the next cases are read."""
        size = self._span[1] - self._span[0]
        room = self._rooms.get(owner)
        if room is None or len(room) < size:
            room = self._rooms[owner] = np.empty(size, dtype)
        return room[:size]

    def index(self, block: Block) -> Index:
        """The index of each case in a block."""
        if block not in self._indices:
            self._indices[block] = block.index(self)
        return self._indices[block]

    def digit(self, key: str) -> int | Digits:
        """The digits of a city-wide indicator."""
        if key not in self._bound:
            return self._filled.get(key, 0)
        return self._all(key)[0]

    def area_digits(self, key: str) -> tuple[int | Digits, ...]:
        """The digits of each area."""
        return self._all(key) if key in self._bound else (0,) * self._form.areas_of(key)

    def amount(self, key: str, top: int) -> int | NDArray[np.int64]:
        """The amounts of a count, as `BoundColumn.amounts`."""
        if key not in self._bound:
            return 0
        column = self._bound[key][0]
        assert column is not None
        return int(column.amounts(0, 1, top)[0]) if column.constant is not None else column.amounts(*self._span, top)

    def _all(self, key: str) -> tuple[int | Digits, ...]:
        found = self._digits.get(key)
        if found is None:
            found = self._digits[key] = tuple(
                0 if one is None else one.digits(*self._span) if one.constant is None else one.constant
                for one in self._bound[key]
            )
        return found


def _machines(compiled: Judge, machinery: Machinery) -> tuple[Machine, ...]:
    """A machine for each set of scales whose components are mostly the same; rules without any have a machine without steps."""
    fields: dict[str, list[Field]] = {}
    used: dict[str, set[int]] = {scale: set() for scale in compiled.plan.scales}
    for n, component in enumerate(compiled.components):
        for one in component.fields:
            fields.setdefault(one.scale, []).append(one)
            used[one.scale].add(n)
    rows = {n: RowBlock(component) for n, component in enumerate(compiled.components) if not _by_cells(component)}
    together: list[list[str]] = []
    for scale, own in used.items():
        near = next((found for found in together if _alike(own, used[found[0]])), None)
        if near is None:
            together.append([scale])
        else:
            near.append(scale)
    found = []
    for scales in together:
        numbers = sorted(set().union(*(used[scale] for scale in scales)))
        plain = plain_blocks([compiled.components[n] for n in numbers if n not in rows], MOST_INDICES, machinery)
        blocks: list[Block] = [*plain, *(rows[n] for n in numbers if n in rows)]
        found.append(Machine(scales, blocks, {scale: layout_of(fields[scale]) for scale in scales if scale in fields}, machinery))
    return tuple(found)


def _by_cells(component: Component) -> bool:
    return component.plain and not isinstance(component, AreaComponent) and indices_of(component) <= MOST_CELLS


def _alike(one: set[int], two: set[int]) -> bool:
    return one == two or len(one & two) >= ALIKE * len(one | two)


def array_form(plan: Plan, choices: Mapping[str, str] | None = None, *, accelerate: bool = False) -> ArrayForm:
    """The plan's scales, compiled for columns once for each choice of readings.

    accelerate: compare with the machine code of `engine.trigger.array_fast`. Raises ImportError without the extra `fast`.
    """
    readings = tuple(sorted((choices or NO_CHOICES).items()))
    key = ("array", accelerate, readings)
    found = plan.memo.get(key)
    if readings:
        keep_few(plan, readings)
    if found is None:
        machinery = Machinery()
        if accelerate:
            from engine.trigger.array_fast import FAST as machinery
        found = plan.memo[key] = ArrayForm(plan, dict(readings), machinery)
    return found
