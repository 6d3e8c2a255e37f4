"""What was forecast at an hour of the past: what then happened, so many hours ahead, as it is or degraded.

A degraded forecast is issued every so many hours. Its values are those that came, times 1 + bias + error · z: z is one
draw from a normal distribution for each issue (same seed, same draws), the same for all its hours and all its series,
for it is the weather that was forecast wrongly. `grows`: bias and error grow evenly from nothing at the hour of issue to
their full size at `lead`. An hour that has been measured by now counts as measured; one that was never measured is not
forecast either. Forecast concentrations are rounded to the step in which the series was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.drill.draw import NORMAL, chance
from engine.trigger.index import whole_numbers
from engine.trigger.index_matrix import MISSING, Whole

BLOCK = 512
"""Rows that are forecast at a time."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """lead: hours ahead. bias, error: relative (0.2 is 20 %); error is a standard deviation. every: hours between issues."""

    lead: int = 72
    bias: float = 0.0
    error: float = 0.0
    grows: bool = False
    every: int = 24
    seed: int = 1

    @property
    def exact(self) -> bool:
        """Whether it is hindsight."""
        return self.bias == 0 and self.error == 0

    def size(self, issue: int) -> float:
        """Bias and error of an issue together."""
        return self.bias + (self.error * NORMAL.inv_cdf(chance(self.seed, "forecast", issue)) if self.error else 0.0)

    def spoil(self, hour: int) -> float:
        """What a whole spell's length is multiplied by, in the forecast that is valid at this hour since the beginning."""
        return 1.0 if self.exact else max(0.0, 1 + self.size(hour // self.every))


@dataclass
class Spoilt:
    """The forecasts of one series: whole multiples of 1 / part, as far as they were asked for."""

    forecast: Forecast
    part: int
    whole: Whole
    _block: int = -1
    _rows: Whole = field(default_factory=lambda: np.empty((0, 0), np.int64))

    @classmethod
    def of(cls, forecast: Forecast, values: Sequence[float | None]) -> Spoilt:
        part, whole = whole_numbers(values)
        return cls(forecast, part, np.array([MISSING if one is None else one for one in whole], np.int64))

    def block(self, number: int) -> Whole:
        """(BLOCK, 23 + lead): for each row of a block the 23 hours up to it (itself included) as measured, then those ahead as forecast."""
        if number == self._block:
            return self._rows
        forecast = self.forecast
        rows = np.arange(number * BLOCK, (number + 1) * BLOCK)
        hours = rows[:, None] + np.arange(-22, forecast.lead + 1)[None, :]
        inside = (hours >= 0) & (hours < len(self.whole))
        found = np.where(inside, self.whole[np.clip(hours, 0, len(self.whole) - 1)], MISSING)
        ahead = found[:, 23:]
        share = np.ones_like(ahead, np.float64)
        if forecast.grows:
            share = np.minimum(1.0, (hours[:, 23:] - (rows // forecast.every * forecast.every)[:, None]) / max(1, forecast.lead))
        sizes = {issue: forecast.size(issue) for issue in {int(row) // forecast.every for row in rows}}
        size = np.array([sizes[int(row) // forecast.every] for row in rows])[:, None]
        spoilt = np.floor(np.maximum(0.0, ahead * (1 + size * share)) + 0.5).astype(np.int64)
        found[:, 23:] = np.where(ahead >= 0, spoilt, MISSING)
        self._block, self._rows = number, found
        return found

    def ahead(self, row: int) -> list[float | None]:
        """The hours ahead of a row, as numbers."""
        return [None if one < 0 else one / self.part for one in self.block(row // BLOCK)[row % BLOCK, 23:].tolist()]

    def numbers(self, row: int) -> list[float | None]:
        """The 23 hours up to a row and those ahead of it, as numbers."""
        found = self.block(row // BLOCK)[row % BLOCK].tolist()
        return [None if one < 0 else one / self.part for one in found]


def begun(number: int, lead: int) -> NDArray[np.bool_]:
    """Which hours of a block are at or after the series' eighth."""
    rows = np.arange(number * BLOCK, (number + 1) * BLOCK)
    found: NDArray[np.bool_] = rows[:, None] + np.arange(-22, lead + 1)[None, :] >= 7
    return found


def spoilt_series(forecast: Forecast, hourly: Mapping[str, Sequence[float | None]]) -> dict[str, Spoilt]:
    """Every series with its forecasts."""
    return {key: Spoilt.of(forecast, values) for key, values in hourly.items()}
