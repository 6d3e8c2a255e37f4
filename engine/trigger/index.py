"""An air quality index from mean concentrations, by a dated table of break points (HJ 633-2012 and later editions)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from engine.plan.indexes import IndexTable

DAY, RUN = 24, 8
LEAST_OF_DAY, LEAST_OF_RUN = 20, 6

Row = Sequence[float | None]


def sub_index(value: Fraction, breakpoints: Sequence[float], scale: Sequence[int]) -> Fraction:
    """The linear interpolation between break points; above the last one, the last index."""
    for n in range(1, len(breakpoints)):
        low, high = Fraction(str(breakpoints[n - 1])), Fraction(str(breakpoints[n]))
        if value <= high:
            return scale[n - 1] + (scale[n] - scale[n - 1]) * (value - low) / (high - low)
    return Fraction(scale[len(breakpoints) - 1])


def aqi_of_means(table: IndexTable, rows: Mapping[str, Row], count: int) -> list[float | None]:
    """The 24-hour index for each hour, from aligned hourly rows a pollutant; None in the first 23 hours and without a valid pollutant.

    A pollutant counts with at least 20 of its 24 hours. One with an 8-hour table goes by its largest 8-hour mean (at least
    6 of 8 hours, GB 3095) within them; above the table's end, by its largest hour. Rounded up, as the standard does.
    """
    exact = {pollutant: [None if v is None else Fraction(str(v)) for v in row] for pollutant, row in rows.items()}
    return [None if n < DAY - 1 else _index(table, exact, n) for n in range(count)]


def _index(table: IndexTable, rows: Mapping[str, list[Fraction | None]], n: int) -> float | None:
    found = []
    for pollutant, row in rows.items():
        window = row[n - DAY + 1 : n + 1]
        valid = [value for value in window if value is not None]
        if len(valid) < LEAST_OF_DAY:
            continue
        if pollutant in table.eight_hour:
            means = [_mean(run) for i in range(DAY - RUN + 1) if len(run := [v for v in window[i : i + RUN] if v is not None]) >= LEAST_OF_RUN]
            limits = table.eight_hour[pollutant]
            worst = max(means)
            if worst > Fraction(str(limits[-1])):
                worst, limits = max(valid), table.one_hour[pollutant]
            found.append(sub_index(worst, limits, table.scale))
        else:
            found.append(sub_index(_mean(valid), table.day[pollutant], table.scale))
    return float(math.ceil(max(found))) if found else None


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)
