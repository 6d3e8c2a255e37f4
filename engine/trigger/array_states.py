"""What the components say of many cases, combined: one small integer a case, a state of a machine.

The words of a few components ORed (`engine.trigger.component`) are a state; a step reads the next block of components, and
`next = table[state, index]`. Tables are filled when a pair is first met, so that only what occurs is worked out, by the
very components that judge single facts. State 0 is "not worked out yet" and leads nowhere else.

Of a word only what can still matter is kept: bits of levels below the lowest possible one are dropped. So the states of the
last step are the distinct outcomes, no more, for scales whose levels do not depend on each other's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import RLock
from typing import Any

import numpy as np

from engine.trigger.array_blocks import Block, Cases, Index, Machinery, Table
from engine.trigger.array_layout import Layout, Numbers, Readings

START = 1
MOST_ENTRIES = 1 << 24
MOST_STATES = 1_000_000
SPREAD = 1 << 31
Lock = Any
"""A lock of `threading` that its holder may take again."""


class Step:
    """One step of a machine: a table from states before it and codes of a block's indices to states after it."""

    def __init__(self, block: Block, before: list[int], layouts: Sequence[Layout], machinery: Machinery, lock: Lock) -> None:
        self.block = block
        self._before = before
        self._machinery = machinery
        self._lock = lock
        self._states = Numbers(layouts)
        self._codes = Numbers(layouts)
        self.words = self._states.words
        self._code_of = np.zeros(0, machinery.entry)
        self._table: Table | None = np.zeros((0, 0), machinery.entry)
        self._pairs: dict[int, int] = {}

    def next(self, state: Index, cases: Cases) -> tuple[Index, bool]:
        """The states after the step, 0 where that has not been worked out yet; and whether there are none such."""
        index = cases.index(self.block)
        code_of, table = self._code_of, self._table
        if len(code_of) < self.block.width or (table is not None and len(table) < len(self._before)):
            return 0, False
        if table is None:
            return self._sparse(state, code_of[index])
        if isinstance(state, int) and isinstance(index, int):
            found = int(table[state, code_of[index]])
            return found, found > 0
        out = cases.scratch(self, self._machinery.entry)
        self._machinery.walk(table, state, code_of, index, out, cases.scratch(Machinery, np.intp))
        return out, bool(out.min() > 0)

    def fill(self, state: Index, cases: Cases) -> None:
        """Work out what `next` has not yet."""
        index = cases.index(self.block)
        with self._lock:
            code_of = np.zeros(max(self.block.width, len(self._code_of)), self._code_of.dtype)
            code_of[: len(self._code_of)] = self._code_of
            new = np.asarray(index)[code_of[index] == 0]
            for one in np.unique(new).tolist():
                code_of[one] = self._codes.number(self.block.word(one))
            # The table first: whoever reads these codes finds room for them there.
            table = self._room()
            self._code_of = code_of
            if table is None:
                return
            codes = code_of[index]
            pairs = (np.asarray(state, np.int64) * SPREAD + codes)[table[state, codes] == 0]
            for pair in np.unique(pairs).tolist():
                row, code = divmod(pair, SPREAD)
                table[row, code] = self._after(row, code)

    def _after(self, state: int, code: int) -> int:
        return self._states.number(self._before[state] | self._codes.words[code])

    def _room(self) -> Table | None:
        """The table with room for every state and code there is by now; None once it would be too large."""
        table = self._table
        if table is None:
            return None
        rows, width = (
            _doubled(have, need) for have, need in zip(table.shape, (len(self._before), len(self._codes.words)), strict=True)
        )
        if (rows, width) != table.shape:
            wider = None
            if rows * width <= MOST_ENTRIES:
                wider = np.zeros((rows, width), table.dtype)
                wider[: table.shape[0], : table.shape[1]] = table
            self._table = wider
        return self._table

    def _sparse(self, state: Index, code: Any) -> tuple[Index, bool]:
        """Without a table: each distinct pair by itself."""
        pairs, inverse = np.unique(np.asarray(state, np.int64) * SPREAD + code, return_inverse=True)
        if not (pairs % SPREAD).all():
            return 0, False
        with self._lock:
            for pair in pairs.tolist():
                if pair not in self._pairs:
                    self._pairs[pair] = self._after(pair // SPREAD, pair % SPREAD)
        found = np.array([self._pairs[pair] for pair in pairs.tolist()], self._machinery.entry)
        return (int(found[0]) if inverse.ndim == 0 else found[inverse]), True


def _doubled(have: int, need: int) -> int:
    """At least `need`: what there is, doubled as often as it takes."""
    have = max(have, 4)
    while have < need:
        have *= 2
    return have


class Machine:
    """Scales whose levels are worked out together, and the blocks that they depend on."""

    def __init__(
        self, scales: Sequence[str], blocks: Sequence[Block], layouts: Mapping[str, Layout], machinery: Machinery
    ) -> None:
        self.scales = tuple(scales)
        self.layouts = layouts
        self._blocks = tuple(blocks)
        self._machinery = machinery
        self._chain = Chain(self._blocks, self.layouts, machinery)

    def chain(self) -> Chain:
        """The steps; new ones once there are very many states, and what was handed out keeps the old."""
        if any(len(step.words) > MOST_STATES for step in self._chain.steps):
            self._chain = Chain(self._blocks, self.layouts, self._machinery)
        return self._chain


class Chain:
    """The steps of a machine. `words`: what each state says."""

    def __init__(self, blocks: Sequence[Block], layouts: Mapping[str, Layout], machinery: Machinery) -> None:
        self.layouts = layouts
        self.steps: list[Step] = []
        self.words = [0, 0]
        self._lock = RLock()
        self._readings = {scale: Readings(layout) for scale, layout in layouts.items()}
        each = tuple(layouts.values())
        for block in blocks:
            self.steps.append(Step(block, self.words, each, machinery, self._lock))
            self.words = self.steps[-1].words

    def run(self, cases: Cases) -> Index:
        """The state of each case, until those of others are asked for."""
        state: Index = START
        for step in self.steps:
            found, complete = step.next(state, cases)
            while not complete:
                step.fill(state, cases)
                found, complete = step.next(state, cases)
            state = found
        return state

    def readings(self, scale: str) -> Readings | None:
        """What the states say of a scale; None if it has no rules."""
        found = self._readings.get(scale)
        if found is not None:
            with self._lock:
                found.read(self.words)
        return found
