"""Occurrences one by one agree with the deadline that the board shows, for every kind of deadline and any acts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.duty.deadlines import deadline_at
from engine.duty.occurrences import occurrences
from engine.plan.model import Due
from engine.trigger.facts import CHINA

START = datetime(2020, 12, 21, 10, 30, tzinfo=CHINA)
KINDS = (
    Due("within", "PT2H"), Due("within_workdays", 2), Due("every", "PT2H"), Due("every", "PT30M"), Due("daily_at", "15:00"),
    Due("daily_at", "10:30"), Due("times_per_day", 1), Due("times_per_day", 2), Due("times_per_day", 7),
)  # fmt: skip
minutes = st.integers(-60, 5 * 1440).map(lambda one: START + timedelta(minutes=one))


@given(st.sampled_from(KINDS), st.lists(minutes, max_size=12), minutes, st.none() | minutes)
def test_they_count_as_the_deadline_counts(due: Due, done: list[datetime], now: datetime, ended: datetime | None) -> None:
    if ended is not None and ended > now:
        ended = None
    found = occurrences(due, START, done, now, ended)
    deadline = deadline_at(due, START, done, now, ended)
    if now < START or (deadline.due_at is None and deadline.state != "none"):
        return
    fates = Counter(one.fate for one in found)
    if deadline.due_at is None:
        assert found == ()
    elif deadline.period is None:
        assert [one.due_at for one in found] == [deadline.due_at]
        wanted = {"met": "met", "met_late": "late", "overdue": "missed"}.get(deadline.state, "open")
        assert found[0].fate == wanted
    else:
        period = deadline.period
        overdue = deadline.state == "overdue"
        assert (fates["met"], fates["late"]) == (period.met, period.met_late)
        assert fates["missed"] == period.missed + overdue
        assert [one.number for one in found] == list(range(1, len(found) + 1))
        assert all(one.opens_at <= one.due_at for one in found)
        assert [one.due_at for one in found] == sorted({one.due_at for one in found})


def test_a_report_every_two_hours_once_met_once_late_once_missed() -> None:
    done = [START + timedelta(minutes=one) for one in (100, 250)]
    found = occurrences(Due("every", "PT2H"), START, done, START + timedelta(hours=7))
    assert [(one.number, one.fate, one.done_at) for one in found] == [
        (1, "met", done[0]), (2, "late", done[1]), (3, "missed", None), (4, "open", None),
    ]  # fmt: skip
    assert [one.due_at - START for one in found] == [timedelta(hours=2 * n) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(("minute", "fate"), [(120, "met"), (121, "late")])
def test_a_limit_is_closed(minute: int, fate: str) -> None:
    (one,) = occurrences(Due("within", "PT2H"), START, [START + timedelta(minutes=minute)], START + timedelta(hours=9))
    assert one.fate == fate


def test_nothing_runs_without_a_start_or_a_deadline() -> None:
    assert occurrences(Due("within", "PT2H"), None, (), START) == ()
    assert occurrences(None, START, (), START) == ()
    assert occurrences(Due("every", "P1Y"), START, (), START) == ()
    assert occurrences(Due("every", "PT2H"), START, (), START, standing=True) == ()
