"""One rule for numbers that people read: as reported; a quotient shortened, and never to a threshold that it has not reached."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.library import library
from engine.plan.condition import Compare, Condition
from engine.plan.measure import parse_quantity, words
from engine.plan.model import Indicator
from engine.plan.words import difference_word

AQI = Indicator("aqi", "number", "指数", "1.1", unit="1")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (600, "600"),
        (600.0, "600"),
        (12.345, "12.345"),
        (599.99999, "599.99999"),
        (276.0416666666667, "276.04"),
        (223.9583333333333, "223.96"),
        (275.9983333333333, "275.998"),
        (599.9999999, "599.9999999"),
        (599.9999999999999, "599.9999999999999"),
        (-0.0416666666667, "-0.042"),
        (0.0034166666666667, "0.0034"),
        (1e-9, "1e-09"),
    ],
)
def test_how_a_number_is_shown(value: float, shown: str) -> None:
    assert words(value, "1") == shown


@pytest.mark.parametrize(
    ("now", "to", "said"),
    [
        (276.0416666666667, 500, "还差223.96"),
        (499.9, 500, "还差0.1"),
        (497.996, 500, "还差2.004"),
        (36, 35, "再降1"),
        (500.0000001, 500, "再降1e-07"),
    ],
)
def test_how_far_a_number_is(now: float, to: float, said: str) -> None:
    assert difference_word(AQI, now, to, beyond=False) == said


def bounds_of(condition: Condition) -> list[float]:
    if isinstance(condition, Compare):
        return [one for one in (condition.bounds.low, condition.bounds.high) if one is not None]
    inner = [getattr(condition, name, ()) for name in ("parts", "part", "where", "options")]
    found: list[float] = []
    for one in inner:
        for part in one if isinstance(one, tuple) else (one,) if one else ():
            found += bounds_of(part[1] if isinstance(part, tuple) else part)
    return found


def thresholds() -> set[float]:
    return {
        bound
        for plan in library().plans.values()
        for scale in plan.scales.values()
        for triggers in scale.triggers.values()
        for trigger in triggers
        for bound in bounds_of(trigger.condition)
    }


def test_no_value_near_a_threshold_is_shown_as_the_threshold() -> None:
    found = thresholds()
    assert len(found) > 40 and 500 in found
    for bound in found:
        for away in (1e-3, 1e-5, 1e-7, 1e-9):
            for near in (bound - away / 3, bound + away / 3):
                if near != bound:
                    assert words(near, "1") != words(bound, "1"), (bound, near)


@given(st.floats(-1e7, 1e7, allow_nan=False))
def test_what_is_shown_is_close_and_never_rounder_than_the_number(value: float) -> None:
    shown = float(words(value, "1"))
    assert abs(shown - value) <= 0.005
    if shown != value:
        assert shown != round(shown, 1)


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_what_was_reported_is_shown_whole(number: int, decimals: int) -> None:
    value = float(Fraction(number, 10**decimals))
    if abs(value) >= 1e-4 or value == 0:
        assert parse_quantity(words(value, "1"), "1") == value
