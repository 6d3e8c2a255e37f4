"""An air quality index from mean concentrations, by a dated table of break points (HJ 633-2012 and later editions)."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.plan.indexes import IndexTable

DAY, RUN = 24, 8
LEAST_OF_DAY, LEAST_OF_RUN = 20, 6
CLEAN = 50
"""Up to this index (优) no pollutant is primary."""

Row = Sequence[float | None]


def sub_index(value: Fraction, breakpoints: Sequence[float], scale: Sequence[int]) -> Fraction:
    """The linear interpolation between break points; above the last one, the last index."""
    for n in range(1, len(breakpoints)):
        low, high = Fraction(str(breakpoints[n - 1])), Fraction(str(breakpoints[n]))
        if value <= high:
            return scale[n - 1] + (scale[n] - scale[n - 1]) * (value - low) / (high - low)
    return Fraction(scale[len(breakpoints) - 1])


@dataclass(frozen=True, slots=True)
class IndexValue:
    """An index with its primary pollutants: those of the highest sub-index, named only where the index is above 50."""

    value: int
    primary: tuple[str, ...]


def day_index(table: IndexTable, rows: Mapping[str, Row], n: int) -> IndexValue | None:
    """The 24-hour index at hour `n` of aligned hourly rows; None without a pollutant that has 20 of its 24 hours.

    A pollutant with an 8-hour table goes by its largest 8-hour mean (at least 6 of 8 hours, GB 3095) within the 24; above
    that table's end, by its largest hour. Rounded up, as the standard does.
    """
    found = {}
    for pollutant, row in rows.items():
        window = row[max(0, n - DAY + 1) : n + 1]
        valid = [_exact(value) for value in window if value is not None]
        if len(valid) < LEAST_OF_DAY:
            continue
        if pollutant in table.eight_hour:
            limits = table.eight_hour[pollutant]
            worst = _largest_run(window)
            if worst > _exact(limits[-1]):
                worst, limits = max(valid), table.one_hour[pollutant]
            found[pollutant] = sub_index(worst, limits, table.scale)
        else:
            found[pollutant] = sub_index(_mean(valid), table.day[pollutant], table.scale)
    return _highest(found)


def hour_index(table: IndexTable, values: Mapping[str, float | None]) -> IndexValue | None:
    """The index of one hour. Particles go by their day table; above the end of its hourly table a pollutant has no hourly sub-index."""
    found = {}
    for pollutant, value in values.items():
        limits = table.one_hour.get(pollutant, table.day.get(pollutant))
        if value is None or limits is None:
            continue
        if len(limits) < len(table.scale) and value > limits[-1]:
            continue
        found[pollutant] = sub_index(_exact(value), limits, table.scale)
    return _highest(found)


def aqi_of_means(table: IndexTable, rows: Mapping[str, Row], count: int) -> list[float | None]:
    """The 24-hour index of each hour, from aligned hourly rows a pollutant; None where no pollutant has enough hours."""
    found = (day_index(table, rows, n) for n in range(count))
    return [None if one is None else float(one.value) for one in found]


def _highest(found: Mapping[str, Fraction]) -> IndexValue | None:
    if not found:
        return None
    rounded = {pollutant: math.ceil(value) for pollutant, value in found.items()}
    value = max(rounded.values())
    return IndexValue(value, tuple(p for p, one in rounded.items() if one == value) if value > CLEAN else ())


def _largest_run(window: Row) -> Fraction:
    """The largest mean of eight hours in a row that has at least six of them."""
    runs = ([_exact(v) for v in window[i : i + RUN] if v is not None] for i in range(max(1, len(window) - RUN + 1)))
    return max(_mean(run) for run in runs if len(run) >= LEAST_OF_RUN)


@functools.lru_cache(maxsize=100_000)
def _exact(value: float) -> Fraction:
    """The number as it was written: 0.1 is a tenth."""
    return Fraction(str(value))


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
