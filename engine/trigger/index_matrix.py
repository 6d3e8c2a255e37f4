"""The 24-hour index of many windows at once: the same table and the same whole numbers as `engine.trigger.index`, in arrays.

A row of a matrix is a course of hours. Concentrations are whole multiples of 1 / part, as `whole_numbers` gives them;
what is missing is below 0. The sums stay whole numbers, so that every index is the one that `aqi_of_means` gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.plan.indexes import IndexTable
from engine.trigger.index import DAY, LEAST_OF_DAY, LEAST_OF_RUN, RUN, RUNS, steps_of

Whole = NDArray[np.int64]
MISSING = -1


@dataclass(frozen=True, slots=True)
class Matrix:
    """A pollutant's hours, (rows, hours), in multiples of 1 / part."""

    values: Whole
    part: int


def index_matrix(table: IndexTable, pollutants: Mapping[str, Matrix], begun: NDArray[np.bool_]) -> Whole:
    """The index of each hour from the 24th on, (rows, hours - 23); MISSING where no pollutant has enough hours.

    begun: (rows, hours), whether an hour is at or after the series' eighth: before it no eight hours are full.
    """
    found: Whole | None = None
    for pollutant, matrix in pollutants.items():
        one = _sub_index(table, pollutant, matrix, begun)
        found = one if found is None else np.maximum(found, one)
    assert found is not None
    return found


def _sub_index(table: IndexTable, pollutant: str, matrix: Matrix, begun: NDArray[np.bool_]) -> Whole:
    valid = matrix.values >= 0
    solid = np.where(valid, matrix.values, 0)
    count = _sums(valid.astype(np.int64), DAY)
    part = matrix.part
    if pollutant in table.eight_hour:
        in_run = _sums(valid.astype(np.int64), RUN)
        full = (in_run >= LEAST_OF_RUN) & begun[:, RUN - 1 :]
        means = np.where(full, _sums(solid, RUN) * (RUNS // np.maximum(in_run, 1)), MISSING)
        worst = _largest(means, DAY - RUN + 1)
        limits = table.eight_hour[pollutant]
        found = _rounded_up(worst, np.full_like(worst, RUNS * part), limits, table.scale)
        beyond = worst > int(Fraction(str(limits[-1])) * RUNS * part)
        if beyond.any():
            most = _largest(np.where(valid, matrix.values, MISSING), DAY)
            found = np.where(beyond, _rounded_up(most, np.full_like(most, part), table.one_hour[pollutant], table.scale), found)
    else:
        found = _rounded_up(_sums(solid, DAY), np.maximum(count, 1) * part, table.day[pollutant], table.scale)
    return np.where(count >= LEAST_OF_DAY, found, MISSING)


def _sums(values: Whole, hours: int) -> Whole:
    """The sum of the hours up to each, from the first that has so many."""
    running = np.cumsum(values, axis=1)
    found = running[:, hours - 1 :].copy()
    found[:, 1:] -= running[:, :-hours]
    return found


def _largest(values: Whole, hours: int) -> Whole:
    """The largest of the hours up to each, from the first that has so many."""
    found: Whole = np.lib.stride_tricks.sliding_window_view(values, hours, axis=1).max(axis=-1)
    return found


def _rounded_up(number: Whole, part: Whole, limits: Sequence[float], scale: Sequence[int]) -> Whole:
    """The sub-index of number / part, rounded up."""
    found = np.full_like(number, scale[len(limits) - 1])
    for low, high, least, rise in reversed(steps_of(tuple(limits), tuple(scale))):
        above = (number * low.denominator - low.numerator * part) * high.denominator * rise
        width = (high.numerator * low.denominator - low.numerator * high.denominator) * part
        found = np.where(number * high.denominator <= high.numerator * part, least - (-above // width), found)
    return found
