"""A long track seen hour by hour measures what a track of just those hours does."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.plan.model import Merge
from engine.trigger.facts import CHINA
from engine.trigger.track import HOUR, Measure, Track, make_test
from engine.trigger.window import Past, Window

FIRST = datetime(2016, 1, 1, 5, tzinfo=CHINA)
MEASURES = [
    *(Measure(kind) for kind in ("max", "max_from_now", "at_now")),
    *(
        Measure("longest_run", make_test("> 200"), count=count, part=part)
        for count in ("covered", "hours", "span", "blocks", "calendar_days")
        for part in ("ongoing", "forecast", "all")
    ),
    Measure("run_from_now", make_test("<= 150")),
    Measure("run_from_now", by_level={"red": make_test("<= 300"), "yellow": make_test("<= 200")}),
]
MERGES = [None, *(Merge("x", "<= 150", 4, "3.4", count=count) for count in ("whole", "sum"))]


def track(values: list[float | None], begin: int) -> Track:
    """The hours from `begin` on, alone."""
    return Track(FIRST + begin * HOUR, values, values, list(range(len(values))), None in values)


values = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from((100.0, 150.0, 180.0, 250.0, 301.0, None))), min_size=1, max_size=8
)


@settings(max_examples=40, deadline=None)
@given(values, st.data())
@example([(3, 250.0), (2, 100.0), (3, 250.0), (5, 100.0), (30, 250.0)], None)
def test_a_window_measures_what_its_hours_alone_do(spells: list[tuple[int, float | None]], data: st.DataObject | None) -> None:
    whole = [value for hours, value in spells for _ in range(hours)]
    last = len(whole) - 1
    now = last // 2 if data is None else data.draw(st.integers(0, last))
    start = 0 if data is None else data.draw(st.integers(0, now))
    end = last if data is None else data.draw(st.integers(now, last))
    alone = track(whole[start : end + 1], start)
    past = Past(track(whole, 0), 0)
    ahead = whole[now + 1 : end + 1]
    at = FIRST + now * HOUR
    for true in (True, False):
        seen = Window(FIRST, past, start, now, ahead, ahead, true)
        for what in MEASURES:
            for merge in MERGES if what.kind == "longest_run" else MERGES[:1]:
                assert seen.measure(what, at, {"w": "red"}, merge) == alone.measure(what, at, {"w": "red"}, merge), (what, merge)


def test_hours_that_can_have_no_value_are_not_missing() -> None:
    values: list[float | None] = [None] * 5 + [100.0] * 5
    at = FIRST + timedelta(hours=7)
    excused, counted = (Past(track(values, 0), hours) for hours in (5, 0))
    ahead = values[8:]
    assert Window(FIRST, excused, 0, 7, ahead, ahead).measure(Measure("max"), at, {}) == 100.0
    assert Window(FIRST, counted, 0, 7, ahead, ahead).measure(Measure("max"), at, {}) != 100.0
    early = Window(FIRST, excused, 0, 2, values[3:], values[3:])
    assert early.measure(Measure("max"), FIRST + timedelta(hours=2), {}) == 100.0


def test_where_values_are_made_of_hours_it_is_those_that_may_be_missing() -> None:
    means: list[float | None] = [None] * 23 + [100.0] * 10
    hours: list[float | None] = [100.0] * 33
    past = Past(Track(FIRST, means, hours, list(range(33)), False), None)
    assert not Window(FIRST, past, 0, 25, means[26:], hours[26:]).has_gaps()
    assert Window(FIRST, past, 0, 25, means[26:], [None, *hours[27:]]).has_gaps()
    assert Window(FIRST, past, 0, 25, means[26:], hours[26:]).largest() == 100.0
