"""An air quality index from mean concentrations, by a dated table of break points (HJ 633-2012 and later editions)."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.plan.indexes import IndexTable

DAY, RUN = 24, 8
LEAST_OF_DAY, LEAST_OF_RUN = 20, 6
RUNS = math.lcm(*range(LEAST_OF_RUN, RUN + 1))
"""A sum of six, seven or eight hours times this is a whole multiple of their mean."""
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
    """The 24-hour index of each hour, from aligned hourly rows a pollutant; None where no pollutant has enough hours.

    As `day_index` of each hour, in whole numbers and with running sums: concentrations are counted in a fraction of their unit.
    """
    found: list[float | None] = [None] * count
    for pollutant, row in rows.items():
        for n, value in enumerate(_sub_indices(table, pollutant, row)):
            best = found[n]
            if value is not None and (best is None or value > best):
                found[n] = float(value)
    return found


def _sub_indices(table: IndexTable, pollutant: str, row: Row) -> Iterator[int | None]:
    """The 24-hour sub-index of each hour, rounded up."""
    part, whole = whole_numbers(row)
    eight_hours = _eight_hour_means(whole) if pollutant in table.eight_hour else []
    total = valid = 0
    for n, value in enumerate(whole):
        gone = whole[n - DAY] if n >= DAY else None
        total += (value or 0) - (gone or 0)
        valid += (value is not None) - (gone is not None)
        if valid < LEAST_OF_DAY:
            yield None
        elif not eight_hours:
            yield _rounded_index(total, valid * part, table.day[pollutant], table.scale)
        else:
            worst = max(eight_hours[max(0, n - DAY + 1) + RUN - 1 : n + 1])
            limits = table.eight_hour[pollutant]
            if Fraction(worst, RUNS * part) > _exact(limits[-1]):
                most = max(one for one in whole[max(0, n - DAY + 1) : n + 1] if one is not None)
                yield _rounded_index(most, part, table.one_hour[pollutant], table.scale)
            else:
                yield _rounded_index(worst, RUNS * part, limits, table.scale)


def whole_numbers(row: Row) -> tuple[int, list[int | None]]:
    """A row in whole multiples of 1 / part, exactly as the numbers were written, and the part."""
    exact = [None if value is None else _exact(value) for value in row]
    part = math.lcm(*(one.denominator for one in exact if one is not None))
    return part, [None if one is None else one.numerator * (part // one.denominator) for one in exact]


def _eight_hour_means(whole: Sequence[int | None]) -> list[int]:
    """The mean of the eight hours up to each, times `RUNS`; -1 where fewer than six of them have a value, or there are not eight."""
    found = []
    for n in range(len(whole)):
        valid = [value for value in whole[max(0, n - RUN + 1) : n + 1] if value is not None]
        enough = n >= RUN - 1 and len(valid) >= LEAST_OF_RUN
        found.append(sum(valid) * (RUNS // len(valid)) if enough else -1)
    return found


def _rounded_index(number: int, part: int, limits: Sequence[float], scale: Sequence[int]) -> int:
    """The sub-index of number / part, rounded up."""
    steps = steps_of(tuple(limits), tuple(scale))
    for low, high, least, rise in steps:
        if number * high.denominator <= high.numerator * part:
            above = (number * low.denominator - low.numerator * part) * high.denominator * rise
            width = (high.numerator * low.denominator - low.numerator * high.denominator) * part
            return least - (-above // width)
    return scale[len(limits) - 1]


@functools.lru_cache(maxsize=100)
def steps_of(limits: tuple[float, ...], scale: tuple[int, ...]) -> tuple[tuple[Fraction, Fraction, int, int], ...]:
    """Between each two break points: both, the index at the lower one and its rise to the higher one."""
    return tuple((_exact(limits[n - 1]), _exact(limits[n]), scale[n - 1], scale[n] - scale[n - 1]) for n in range(1, len(limits)))


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
