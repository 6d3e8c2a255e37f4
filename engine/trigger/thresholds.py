"""What a column is compared with: every cut of a number as one `value >= threshold`, exact for the column's own type.

For whole numbers a threshold is the least whole number behind the cut, for floating-point numbers the least floating-point
number behind it. How many a value reaches is its digit; NaN reaches none.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.trigger.cells import Cut, Domain
from engine.trigger.facts import LARGEST

Digits = NDArray[np.unsignedinteger[Any]]


class Spare:
    """Room to work in, an array for each type: new memory costs more than the work."""

    def __init__(self) -> None:
        self._rooms: dict[type[np.generic], NDArray[Any]] = {}

    def room(self, kind: type[np.generic], size: int) -> NDArray[Any]:
        """An array that stays the caller's until the next call for its type."""
        found = self._rooms.get(kind)
        if found is None or len(found) < size:
            found = self._rooms[kind] = np.empty(size, kind)
        return found[:size]


Ends = tuple[int, int]
"""The least and the largest of some digits."""
Counter = Callable[[NDArray[Any], "Thresholds", Digits, Spare], Ends]
"""Sets each digit to the number of thresholds that a value reaches."""
Shifter = Callable[[NDArray[Any], int, Digits], Ends]
"""Sets each digit to one more than a position below `last`, 0 for -1, and one more than `last` for anything else."""


@dataclass(frozen=True)
class Thresholds:
    """What a column of one type is compared with, ascending: the start of the domain, its cuts, then what is too large.

    base: how many of them every value of the type reaches; `array` holds the others that a value can reach.
    """

    base: int
    array: NDArray[Any]

    @cached_property
    def small(self) -> bool:
        """Whether whole numbers near each of them are floating-point numbers."""
        return bool(self.array.size > 1 and (np.abs(self.array) < 2**53).all())

    @cached_property
    def floats(self) -> tuple[float, ...]:
        """Those of `array` as floating-point numbers: exact where `small`."""
        return tuple(self.array.astype(np.float64).tolist())

    @cached_property
    def each(self) -> tuple[Any, ...]:
        """Those of `array` as plain numbers."""
        return tuple(self.array.tolist())


def thresholds(domain: Domain, dtype: np.dtype[Any]) -> Thresholds:
    """Thresholds of a number's domain for columns of a type."""
    start: Cut = (-LARGEST if domain.indicator.signed else 0, False)
    cuts = (start, *domain.cuts, (LARGEST, True))
    if dtype.kind == "f":
        return Thresholds(0, np.array([_least_float(cut) for cut in cuts], np.float64))
    ends = np.iinfo(dtype)
    whole = [one for one in map(_least_whole, cuts) if one <= ends.max]
    base = sum(1 for one in whole if one <= ends.min)
    return Thresholds(base, np.array(whole[base:], dtype))


def _least_float(cut: Cut) -> float:
    """The least floating-point number behind a cut."""
    value, after = cut
    found = float(value)
    return math.nextafter(found, math.inf) if found < value or (after and found == value) else found


def _least_whole(cut: Cut) -> int:
    value, after = cut
    return math.floor(value) + 1 if after else math.ceil(value)


def count_reached(values: NDArray[Any], found: Thresholds, out: Digits, spare: Spare) -> Ends:
    """The counter in numpy: compare and add, a threshold at a time."""
    reached = spare.room(np.bool_, len(values))
    ones = reached.view(np.uint8)
    if values.dtype.itemsize == 8 and values.dtype.kind == "i" and found.small:
        # Quicker to compare, and exact: what is rounded is beyond every threshold before and after.
        floats = spare.room(np.float64, len(values))
        np.copyto(floats, values)
        values = floats
    out[...] = found.base
    for threshold in found.each:
        np.greater_equal(values, threshold, out=reached)
        np.add(out, ones, out=out)
    return int(out.min()), int(out.max())


def shift(values: NDArray[Any], last: int, out: Digits) -> Ends:
    """The shifter in numpy."""
    if values.dtype.kind == "i":
        # As unsigned numbers -1 becomes 0, and what is less, or the largest that there is, very large.
        unsigned = values.view(f"u{values.dtype.itemsize}")
        if unsigned.dtype == out.dtype:
            np.add(unsigned, unsigned.dtype.type(1), out=out)
        else:
            np.minimum(unsigned + unsigned.dtype.type(1), last + 1, out=out, casting="same_kind")
    else:
        np.copyto(out, np.where(values >= last, last + 1, values + values.dtype.type(1)), casting="same_kind")
    return int(out.min()), int(out.max())


@dataclass(frozen=True)
class Primitives:
    """What takes the time in reading columns. `numpy` has its own; others may compile them."""

    count: Counter = count_reached
    shift: Shifter = shift


IN_NUMPY = Primitives()
