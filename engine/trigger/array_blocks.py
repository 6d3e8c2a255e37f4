"""Blocks of components that the array form reads together: an index a case, and what the components say of an index."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.trigger.component import Component
from engine.trigger.thresholds import IN_NUMPY, Digits, Primitives

Index = int | NDArray[Any]
"""The same for every case, or one a case."""
States = NDArray[np.uint16] | NDArray[np.int32]
Table = NDArray[Any]


@dataclass(frozen=True)
class Machinery:
    """What takes the time: here in numpy, elsewhere compiled. `chunk`: the cases that are worked on together.

    entry: the type of a table's entries, `np.take` is quick with its own only.
    """

    columns: Primitives = IN_NUMPY
    entry: type[np.signedinteger[Any]] = np.intp
    chunk: int = 1 << 16

    def mix(self, start: int, digits: Sequence[Digits], weights: Sequence[int], out: NDArray[Any]) -> None:
        """Set each index to `start` and the digits, each times its weight; a weight is a multiple of the one before it."""
        kind = out.dtype.type
        np.copyto(out, digits[-1], casting="same_kind")
        for digit, weight, above in zip(digits[-2::-1], weights[-2::-1], weights[:0:-1], strict=True):
            out *= kind(above // weight)
            out += digit
        if weights[0] > 1:
            out *= kind(weights[0])
        if start:
            out += kind(start)

    def walk(self, table: Table, state: Index, codes: Table, index: Index, out: NDArray[Any], spare: NDArray[Any]) -> None:
        """Set each element to a table's entry at a state (row) and the code of an index (column), one of which is an array.

        codes: a code an index. spare: room to work in, as large as `out`.
        """
        if isinstance(state, int):
            np.copyto(spare, index)
            np.take(table[state][codes], spare, out=out, mode="clip")
            return
        if isinstance(index, int):
            np.take(table[:, codes[index]], state, out=out, mode="clip")
            return
        np.copyto(spare, index)
        found = np.take(codes, spare, out=out, mode="clip")
        np.multiply(state, table.shape[1], out=spare)
        np.add(spare, found, out=spare)
        np.take(table.reshape(-1), spare, out=out, mode="clip")

    def read(self, table: NDArray[Any], states: States, out: NDArray[Any]) -> None:
        """Set each element to the table's entry for a state."""
        np.take(table, states.astype(np.intp), out=out, mode="clip")


class Cases(Protocol):
    """Some cases at once: the digits of their facts."""

    def digit(self, key: str) -> int | Digits: ...

    def index(self, block: Block) -> Index: ...

    def scratch(self, owner: object, dtype: Any) -> NDArray[Any]:
        """An array of one element a case that the owner may write to, until the next cases are read."""
        ...


class Block(Protocol):
    """Components that a step reads together. `width`: how many indices there are by now."""

    @property
    def width(self) -> int: ...

    def index(self, cases: Any) -> Index: ...

    def word(self, index: int) -> int: ...


class PlainBlock:
    """Components whose cells alone decide: the index is the mixed-radix number of their digits."""

    def __init__(self, components: Sequence[Component], machinery: Machinery) -> None:
        self._mix = machinery.mix
        self._each: list[tuple[Component, int, dict[int, int]]] = [(one, indices_of(one), {}) for one in components]
        self._weights: list[tuple[str, int]] = []
        self.width = 1
        for component in reversed(components):
            for key in reversed(component.keys):
                self._weights.append((key, self.width))
                self.width *= digits_of(component, key)
        self._type = np.min_scalar_type(self.width - 1)

    def index(self, cases: Cases) -> Index:
        """The index of each case."""
        start = 0
        digits: list[Digits] = []
        weights: list[int] = []
        for key, weight in self._weights:
            digit = cases.digit(key)
            if isinstance(digit, int):
                start += digit * weight
            else:
                digits.append(digit)
                weights.append(weight)
        if not digits:
            return start
        found = cases.scratch(self, self._type)
        self._mix(start, digits, weights, found)
        return found

    def word(self, index: int) -> int:
        """What the components say of an index."""
        found = 0
        for component, count, words in reversed(self._each):
            index, own = divmod(index, count)
            if own not in words:
                words[own] = component.of_masks(_masks(component, own))
            found |= words[own]
        return found


def digits_of(component: Component, key: str) -> int:
    """How many digits a key has: unknown, and one a cell."""
    return component.domains[key].size + 1


def indices_of(component: Component) -> int:
    """How many indices a component has by itself."""
    return math.prod(digits_of(component, key) for key in component.keys)


def plain_blocks(components: Sequence[Component], most: int, machinery: Machinery) -> list[PlainBlock]:
    """Components in blocks of at most so many indices each, or of one component; the widest first, while states are few."""
    blocks: list[tuple[int, list[Component]]] = []
    for component in sorted(components, key=indices_of, reverse=True):
        size = indices_of(component)
        at = next((n for n, (product, _) in enumerate(blocks) if product * size <= most), None)
        if at is None:
            blocks.append((size, [component]))
        else:
            blocks[at] = (blocks[at][0] * size, [*blocks[at][1], component])
    return [PlainBlock(found, machinery) for _, found in sorted(blocks, key=lambda block: -block[0])]


def _masks(component: Component, index: int) -> tuple[int, ...]:
    masks = []
    for key in reversed(component.keys):
        index, digit = divmod(index, digits_of(component, key))
        masks.append(1 << digit - 1 if digit else component.domains[key].every)
    return tuple(reversed(masks))
