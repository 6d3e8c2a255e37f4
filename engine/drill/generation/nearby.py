"""Values around the one that a change goes to: just enough, not enough yet, and further on."""

from __future__ import annotations

from math import floor, log10

from engine.counterfactual.change import Change
from engine.plan.condition import Scalar
from engine.plan.measure import Number
from engine.plan.model import Plan
from engine.plan.words import find_indicator
from engine.trigger.cells import Domain


def reached(change: Change) -> Scalar:
    """A value that is enough: the one that the change goes to, or one a little past it, in round numbers."""
    if not change.beyond or isinstance(change.to, bool | str):
        return change.to
    return _plain(change.to + (_step(change.to) if change.rising else -_step(change.to)))


def short_of(plan: Plan, change: Change) -> Scalar | None:
    """The nearest value that is not enough yet, perhaps the one that was reported already; None where there is none."""
    indicator = find_indicator(plan, change.indicator)
    if isinstance(change.to, bool):
        return not change.to
    if isinstance(change.to, str):
        place = indicator.values.index(change.to)
        return indicator.values[place - 1] if place else None
    if indicator.type == "integer":
        short: Number = change.to - 1 if change.rising else change.to + 1
    elif change.beyond:
        short = change.to
    else:
        short = _plain(change.to - _step(change.to) if change.rising else change.to + _step(change.to))
    return None if short < 0 and not indicator.signed else short


def further(domain: Domain, change: Change, to: Number, share: float) -> Number | None:
    """A value further on: this share of the way to the next threshold, or where there is none a little more; None where that is none."""
    bounds = domain.interval(domain.cell(to))
    end = bounds.high if change.rising else bounds.low
    size = abs(end - to) if end is not None else max(abs(to) * 0.2, 2)
    step = _nice(size * share)
    beyond = to + step if change.rising else to - step
    found = round(beyond) if domain.whole else _plain(float(f"{beyond:.3g}"))
    return None if found == to or (found < 0 and not domain.indicator.signed) else found


def _step(value: Number) -> float:
    """A small step beside a value, in round numbers."""
    return 0.1 if value == 0 else 10.0 ** (floor(log10(abs(value))) - 2)


def _nice(size: float) -> float:
    """About this size, with one digit."""
    if size <= 0:
        return 0.0
    unit = 10.0 ** floor(log10(size))
    return max(1, round(size / unit)) * unit


def _plain(value: float) -> Number:
    found = round(value, 6)
    return int(found) if found == int(found) else found
