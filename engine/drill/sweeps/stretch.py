"""An axis in pieces on which no condition turns, within the ends that a sweep gives it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.drill.sweeps.axis import Axis, Listed
from engine.drill.sweeps.variable import Variable
from engine.plan.condition import Bounds, Scalar
from engine.plan.measure import Number
from engine.plan.words import bounds_word
from engine.trigger.cells import Domain

ANY = Bounds()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A word or yes-or-no (`value`), or numbers within `bounds`. sample: one of them. low_end, high_end: it is the axis's first or last."""

    sample: Scalar
    value: str | bool | None = None
    bounds: Bounds = ANY
    low_end: bool = False
    high_end: bool = False

    def up_to(self, other: Stretch) -> Stretch:
        """This one and those up to the other, together."""
        bounds = replace(self.bounds, high=other.bounds.high, high_open=other.bounds.high_open)
        return replace(self, bounds=bounds, high_end=other.high_end)

    def words(self, variable: Variable) -> str:
        """“10人以上、不足30人”; the ends of the axis are no thresholds and are not said, unless nothing else is."""
        if self.value is not None:
            return variable.word(self.value)
        bounds = self.bounds
        if bounds.low is not None and bounds.low == bounds.high:
            return variable.word(bounds.low)
        inner = replace(bounds, low=None, low_open=False) if self.low_end else bounds
        inner = replace(inner, high=None, high_open=False) if self.high_end else inner
        return (
            bounds_word(inner, variable.indicator.unit or "1") or bounds_word(bounds, variable.indicator.unit or "1") or "任何值"
        )


def stretches(variable: Variable, axis: Axis, domain: Domain) -> tuple[Stretch, ...]:
    """The pieces of an axis, in order; of listed words only those that are listed."""
    if domain.values:
        listed = [one for one in axis.values if one is not None] if isinstance(axis, Listed) else list(domain.values)
        return tuple(Stretch(one, one) for one in domain.values if one in listed)
    ends = axis.ends
    if ends is None:
        return ()
    low, high = ends
    found = []
    for cell in range(domain.cell(low), domain.cell(high) + 1):
        bounds = _within(domain.interval(cell), low, high)
        found.append(Stretch(sample(bounds, whole=variable.whole), bounds=bounds))
    found[0], found[-1] = replace(found[0], low_end=True), replace(found[-1], high_end=True)
    return tuple(replace(one, low_end=n == 0, high_end=n == len(found) - 1) for n, one in enumerate(found))


def _within(bounds: Bounds, low: Number, high: Number) -> Bounds:
    """The part of a cell between the ends of an axis, both included."""
    if bounds.low is None or bounds.low < low:
        bounds = replace(bounds, low=low, low_open=False)
    if bounds.high is None or bounds.high > high:
        bounds = replace(bounds, high=high, high_open=False)
    return bounds


def sample(bounds: Bounds, *, whole: bool) -> Number:
    """A number within finite bounds: the low end if it belongs, else the next whole number or one in the middle."""
    assert bounds.low is not None
    assert bounds.high is not None
    if not bounds.low_open:
        return bounds.low
    if whole or (bounds.low + 1 < bounds.high):
        return bounds.low + 1
    if not bounds.high_open:
        return bounds.high
    return (bounds.low + bounds.high) / 2
