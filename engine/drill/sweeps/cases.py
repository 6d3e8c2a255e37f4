"""The cases of a sweep: every combination of listed values, or so many drawn by chance. Case n follows from (seed, n) alone.

So a run can be cut into chunks of any size and made anywhere, in any order, with the same result. Chances come from the
counter-based generator Philox (Salmon et al. 2011): stream = indicator, counter = case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.drill.sweeps.axis import Axis, Drawn, Even, Listed, Numbers
from engine.drill.sweeps.variable import Variable
from engine.plan.condition import Scalar
from engine.plan.model import Indicator

Column = NDArray[Any]
"""Numbers as float64 (NaN: unknown) or int64, yes or no as int8, words as int16 by their place among the values (−1: unknown)."""
Case = Mapping[str, Scalar | tuple[Scalar | None, ...] | None]
"""Variable -> value; None is unknown. One that is drawn for every area has a value for each."""
BLOCK = 4
"""Numbers that the generator makes at one count."""


@dataclass(frozen=True)
class Cases:
    """The space of cases. drawn: how many to draw; None: every combination, the last variable changing fastest.

    unknown: share of the cases in which a variable is unknown, drawn for each case.
    """

    axes: tuple[tuple[Variable, Axis], ...]
    drawn: int | None = None
    seed: int = 0
    unknown: Mapping[str, float] | None = None

    @cached_property
    def size(self) -> int:
        if self.drawn is not None:
            return self.drawn
        return prod(axis.size for _, axis in self.axes if not isinstance(axis, Drawn))

    def columns(self, start: int, count: int) -> dict[str, Column]:
        """By variable, the values of `count` cases from `start` on. Of a variable drawn for every area: (count, areas)."""
        found = {}
        stride = self.size
        for variable, axis in self.axes:
            if self.drawn is None:
                assert not isinstance(axis, Drawn)
                stride //= axis.size
                places = np.arange(start, start + count, dtype=np.int64) // stride % axis.size
                column = _at_places(variable.indicator, axis, places)
            else:
                column = self._by_chance(variable, axis, start, count)
            share = (self.unknown or {}).get(variable.name, 0.0)
            if share > 0:
                chances = _chances(self.seed, f"unknown {variable.name}", start, count)
                column = _with_unknown(column, chances < share)
            found[variable.name] = column
        return found

    def case(self, number: int) -> Case:
        """One case as facts are written."""
        columns = self.columns(number, 1)
        return {variable.name: _written(variable.indicator, columns[variable.name][0]) for variable, _ in self.axes}

    def _by_chance(self, variable: Variable, axis: Axis, start: int, count: int) -> Column:
        if variable.areas is None or variable.area is not None:
            return self._draw(variable, axis, variable.name, start, count)
        each = [self._draw(variable, axis, f"{variable.name} {area}", start, count) for area in variable.places]
        return np.stack(each, axis=1)

    def _draw(self, variable: Variable, axis: Axis, stream: str, start: int, count: int) -> Column:
        chances = _chances(self.seed, stream, start, count)
        if isinstance(axis, Drawn):
            found = axis.at(chances)
            return found.astype(np.int64) if axis.whole else found
        return _at_places(variable.indicator, axis, np.minimum((chances * axis.size).astype(np.int64), axis.size - 1))


def _chances(seed: int, stream: str, start: int, count: int) -> Numbers:
    """Numbers from 0 up to 1: those of the cases from `start` on in this stream."""
    name = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:8], "big")
    block, skipped = divmod(start, BLOCK)
    bits = np.random.Philox(key=np.array([seed % 2**64, name], np.uint64), counter=np.array([block, 0, 0, 0], np.uint64))
    return np.random.Generator(bits).random(skipped + count)[skipped:]


def _at_places(indicator: Indicator, axis: Listed | Even, places: NDArray[np.int64]) -> Column:
    if isinstance(axis, Even):
        return axis.at(places)
    return coded(indicator, axis.values)[places]


def coded(indicator: Indicator, values: tuple[Scalar | None, ...]) -> Column:
    """Values as a column."""
    if indicator.type == "boolean":
        return np.array([-1 if one is None else int(one) for one in values], np.int8)
    if indicator.type == "enum":
        return np.array([-1 if one is None else indicator.values.index(str(one)) for one in values], np.int16)
    if indicator.type == "integer" and None not in values and all(abs(one) < 2**62 for one in values):  # type: ignore[arg-type]
        return np.array(values, np.int64)
    return np.array([np.nan if one is None else float(one) for one in values], np.float64)


def _with_unknown(column: Column, gone: NDArray[np.bool_]) -> Column:
    """The column with some cases unknown."""
    if column.dtype in (np.int64, np.float64):
        column, nothing = column.astype(np.float64), np.nan
    else:
        column, nothing = column.copy(), -1
    column[gone] = nothing
    return column


def _written(indicator: Indicator, value: Any) -> Scalar | tuple[Scalar | None, ...] | None:
    """A value of a column as it is written."""
    if isinstance(value, np.ndarray):
        return tuple(decoded(indicator, one) for one in value)
    return decoded(indicator, value)


def decoded(indicator: Indicator, value: Any) -> Scalar | None:
    """One number of a column as the value that it stands for."""
    if indicator.type in ("boolean", "enum"):
        place = int(value)
        return None if place < 0 else bool(place) if indicator.type == "boolean" else indicator.values[place]
    if np.isnan(value):
        return None
    number = float(value)
    return int(value) if indicator.type == "integer" or (number.is_integer() and abs(number) < 2**53) else number
