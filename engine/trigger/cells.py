"""Each indicator's domain cut at its thresholds: on one cell every condition on it is constant.

A numeric cut is a pair (value, after): the boundary stands before the value (≥ and < cut there) or after it (> and ≤).
Counts are whole numbers, so their cuts are all before. Quantities start at 0 unless signed. A set of cells is a bit mask.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from engine.plan.condition import Bounds, Scalar
from engine.plan.measure import Number
from engine.plan.model import Indicator
from engine.trigger.facts import Partial

Cut = tuple[Number, bool]


def cuts_of(bounds: Bounds, *, whole: bool) -> list[Cut]:
    """The cuts that a comparison needs."""
    found: list[Cut] = []
    if bounds.low is not None:
        found.append((bounds.low + 1, False) if whole and bounds.low_open else (bounds.low, bounds.low_open))
    if bounds.high is not None:
        found.append((bounds.high + 1, False) if whole and not bounds.high_open else (bounds.high, not bounds.high_open))
    return found


@dataclass(frozen=True)
class Domain:
    """The cells of one indicator. `values` for enums and booleans, `cuts` for numbers; `areas`: the areas indicator it belongs to."""

    key: str
    indicator: Indicator
    values: tuple[str | bool, ...] = ()
    cuts: tuple[Cut, ...] = ()
    areas: str | None = None

    @cached_property
    def size(self) -> int:
        return len(self.values) if self.values else len(self.cuts) + 1

    @property
    def every(self) -> int:
        """The mask of all cells."""
        return (1 << self.size) - 1

    def cell(self, value: Scalar) -> int:
        """The cell that a value lies in."""
        if self.values:
            return self.values.index(value)
        return bisect_right(self.cuts, (value, False))

    @property
    def whole(self) -> bool:
        return self.indicator.type == "integer"

    def mask(self, fact: Scalar | Partial | None) -> int:
        """The cells that a fact may lie in: one if known, some if partly known, all if unknown."""
        if fact is None:
            return self.every
        if not isinstance(fact, Partial):
            return 1 << self.cell(fact)
        if self.values:
            return sum(1 << self.values.index(value) for value in fact.values)
        found = 0
        for bounds in fact.intervals:
            low = 0 if bounds.low is None else self.cell(bounds.low)
            high = self.size - 1 if bounds.high is None else self.cell(bounds.high)
            found |= (1 << (high + 1)) - (1 << low)
        return found

    def within(self, bounds: Bounds) -> int:
        """The cells on which a comparison holds."""
        low, high = 0, self.size
        for cut in cuts_of(Bounds(bounds.low, bounds.low_open, None, False), whole=self.whole):
            low = self._after(cut)
        for cut in cuts_of(Bounds(None, False, bounds.high, bounds.high_open), whole=self.whole):
            high = self._after(cut)
        return (1 << high) - (1 << low) if high > low else 0

    def _after(self, cut: Cut) -> int:
        """The first cell after a cut: 0 for a cut at or below the domain's start."""
        return sum(1 for own in self.cuts if own <= cut)

    def among(self, values: frozenset[str | bool]) -> int:
        """The cells of some enum or boolean values."""
        return sum(1 << n for n, value in enumerate(self.values) if value in values)

    def interval(self, cell: int) -> Bounds:
        """The numbers of a cell."""
        low: Number | None
        low, low_open = self.cuts[cell - 1] if cell else ((None if self.indicator.signed else 0), False)
        if cell == len(self.cuts):
            return Bounds(low, low_open, None, False)
        high, after = self.cuts[cell]
        return Bounds(low, low_open, high, not after)

    def sample(self, cell: int) -> Scalar:
        """A value that lies in the cell."""
        if self.values:
            return self.values[cell]
        bounds = self.interval(cell)
        if bounds.low is None:
            return 0 if bounds.high is None else bounds.high - (1 if bounds.high_open else 0)
        if not bounds.low_open:
            return bounds.low
        if bounds.high is None:
            return bounds.low + 1
        return (bounds.low + bounds.high) / 2


def make_domain(key: str, indicator: Indicator, cuts: set[Cut], areas: str | None = None) -> Domain:
    """The domain of an indicator with these cuts; cuts that leave an empty cell below are dropped."""
    if indicator.type == "boolean":
        return Domain(key, indicator, values=(False, True), areas=areas)
    if indicator.type == "enum":
        return Domain(key, indicator, values=indicator.values, areas=areas)
    floor: Cut = (-math.inf, True) if indicator.signed else (0, False)
    return Domain(key, indicator, cuts=tuple(sorted(cut for cut in cuts if cut > floor)), areas=areas)
