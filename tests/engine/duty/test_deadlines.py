"""Where a deadline stands: every kind at its limits, and recurring ones against a walk over their occurrences."""

from __future__ import annotations

import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.library import library
from engine.duty.deadlines import NONE, TICK, WAITING, Deadline, Period, deadline_at, next_change, notice
from engine.duty.workdays import LAST_YEAR
from engine.plan.model import Due
from engine.trigger.facts import CHINA

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)
RECURRING = [
    Due("daily_at", "15:00"), Due("daily_at", "00:00"), Due("every", "PT2H"), Due("every", "PT25M"), Due("every", "P1D"),
    *(Due("times_per_day", n) for n in (1, 2, 3, 7)),
]  # fmt: skip


def at(text: str) -> datetime.datetime:
    """ "05 15:00": the time on that day of March 2026, Beijing."""
    day, clock = text.split()
    return datetime.datetime.fromisoformat(f"2026-03-{day}T{clock}").replace(tzinfo=CHINA)


def state(due: Due, start: str, now: str, *done: str, ended: str | None = None) -> tuple[str, str]:
    found = deadline_at(due, at(start), [at(one) for one in done], at(now), at(ended) if ended else None)
    return found.state, f"{found.due_at:%d %H:%M}" if found.due_at else ""


# ── one limit ──


@pytest.mark.parametrize(
    ("now", "done", "expected"),
    [
        ("05 09:00", [], Deadline("running", at("05 09:30"), at("05 09:00"), 30 * MINUTE, at("05 09:22:30"))),
        ("05 09:22:29", [], Deadline("running", at("05 09:30"), at("05 09:00"), 7.5 * MINUTE + 1e6 * TICK, at("05 09:22:30"))),
        ("05 09:22:30", [], Deadline("due_soon", at("05 09:30"), at("05 09:00"), 7.5 * MINUTE, at("05 09:22:30"))),
        ("05 09:30", [], Deadline("due_soon", at("05 09:30"), at("05 09:00"), 0 * MINUTE, at("05 09:22:30"))),
        ("05 09:31", [], Deadline("overdue", at("05 09:30"), at("05 09:00"), -MINUTE, at("05 09:22:30"))),
        ("05 09:31", ["05 09:30"], Deadline("met", at("05 09:30"), at("05 09:00"), None, at("05 09:22:30"))),
        ("05 09:31", ["05 09:30:01"], Deadline("met_late", at("05 09:30"), at("05 09:00"), None, at("05 09:22:30"))),
        ("05 10:00", ["05 09:50", "05 09:10"], Deadline("met", at("05 09:30"), at("05 09:00"), None, at("05 09:22:30"))),
    ],
)
def test_thirty_minutes_from_a_moment(now: str, done: list[str], expected: Deadline) -> None:
    assert deadline_at(Due("within", "PT30M", "x"), at("05 09:00"), [at(one) for one in done], at(now)) == expected


def test_a_week_is_seven_days_of_24_hours() -> None:
    assert state(Due("within", "P7D"), "05 09:07", "05 10:00") == ("running", "12 09:07")


def test_a_month_ends_on_its_last_day_at_most() -> None:
    start = datetime.datetime(2025, 12, 31, 8, tzinfo=CHINA)
    assert deadline_at(Due("within", "P2M"), start, [], start).due_at == datetime.datetime(2026, 2, 28, 8, tzinfo=CHINA)
    assert deadline_at(Due("within", "P1M"), start, [], start).due_at == datetime.datetime(2026, 1, 31, 8, tzinfo=CHINA)


def test_working_days_end_at_24_00_and_say_where_they_are_not_sure() -> None:
    due = Due("within_workdays", 2)
    assert state(due, "05 09:00", "06 09:00") == ("running", "10 00:00")
    assert state(due, "05 09:00", "10 00:00") == ("due_soon", "10 00:00")
    assert state(due, "05 09:00", "10 00:01") == ("overdue", "10 00:00")
    start = datetime.datetime(LAST_YEAR + 1, 3, 1, tzinfo=CHINA)
    assert [deadline_at(due, one, [], one).sure for one in (at("05 09:00"), start)] == [True, False]


def test_nothing_runs_before_its_moment_is_recorded_and_nothing_yearly_runs_in_an_incident() -> None:
    now = at("05 09:00")
    assert deadline_at(Due("within", "PT1H", "x"), None, [], now) == WAITING
    assert deadline_at(Due("every", "PT2H"), None, [], now) == WAITING
    for due in (None, Due("every", "P1Y"), Due("within", "P1Y"), Due("every", "P1M"), Due("every", "PT0H")):
        assert deadline_at(due, now, [], now) == deadline_at(due, None, [], now) == NONE
    assert deadline_at(Due("daily_at", "10:00"), now, [], now, standing=True) == NONE
    assert next_change(WAITING) is next_change(NONE) is None


def test_what_was_done_in_an_earlier_round_or_lies_ahead_does_not_count() -> None:
    assert state(Due("within", "PT1H"), "05 09:00", "05 09:10", "05 08:59") == ("running", "05 10:00")
    assert state(Due("within", "PT1H"), "05 09:00", "05 09:10", "05 09:20") == ("running", "05 10:00")
    assert state(Due("within", "PT1H"), "05 09:00", "05 09:10", "05 09:00") == ("met", "05 10:00")


def test_times_of_any_offset_are_taken_and_beijing_time_is_given() -> None:
    utc = datetime.datetime(2026, 3, 5, 8, tzinfo=datetime.UTC)
    found = deadline_at(Due("daily_at", "15:00"), utc, [], utc)
    assert (found.due_at, found.since) == (at("06 15:00"), at("05 16:00"))
    assert found.due_at is not None and found.due_at.utcoffset() == found.since.utcoffset() == 8 * HOUR


def test_due_soon_is_half_an_hour_or_a_quarter_of_the_time() -> None:
    assert [notice(one) for one in (DAY, 3 * HOUR, HOUR, 20 * MINUTE)] == [30 * MINUTE, 30 * MINUTE, 15 * MINUTE, 5 * MINUTE]


# ── recurring ──

DAILY = Due("daily_at", "15:00")


@pytest.mark.parametrize(
    ("start", "now", "done", "expected"),
    [
        ("05 09:00", "05 09:00", [], ("running", "05 15:00")),
        ("05 15:00", "05 15:00", [], ("due_soon", "05 15:00")),  # the first 15:00 at or after the start
        ("05 15:01", "05 16:00", [], ("running", "06 15:00")),
        ("05 09:00", "05 14:30", [], ("due_soon", "05 15:00")),
        ("05 09:00", "05 15:00", [], ("due_soon", "05 15:00")),
        ("05 09:00", "05 15:01", [], ("overdue", "05 15:00")),
        ("05 09:00", "06 15:00", [], ("overdue", "05 15:00")),
        ("05 09:00", "06 15:01", [], ("overdue", "06 15:00")),
        ("05 09:00", "05 15:01", ["05 15:00"], ("running", "06 15:00")),
        ("05 09:00", "05 14:00", ["05 13:00"], ("met", "05 15:00")),
        ("05 09:00", "05 16:00", ["05 15:20"], ("running", "06 15:00")),
        ("05 09:00", "06 10:00", ["06 08:00"], ("running", "06 15:00")),  # yesterday's, made good; today's still stands
        ("05 09:00", "06 10:00", ["06 08:00", "06 09:00"], ("met", "06 15:00")),
        ("05 09:00", "06 15:00", ["06 15:00"], ("met", "06 15:00")),  # exactly at the next one's time: the next one's
    ],
)
def test_daily_at_15_00(start: str, now: str, done: list[str], expected: tuple[str, str]) -> None:
    assert state(DAILY, start, now, *done) == expected


@pytest.mark.parametrize(
    ("due", "start", "now", "expected"),
    [
        (Due("every", "PT2H"), "05 09:07", "05 09:07", "05 11:07"),
        (Due("every", "PT2H"), "05 09:07", "05 11:07", "05 11:07"),
        (Due("times_per_day", 1), "05 09:00", "05 09:00", "07 00:00"),  # the begun part of the day is not counted
        (Due("times_per_day", 1), "05 00:00", "05 09:00", "06 00:00"),
        (Due("times_per_day", 2), "05 09:00", "05 09:00", "06 00:00"),
        (Due("times_per_day", 2), "05 12:00", "05 13:00", "06 00:00"),
        (Due("times_per_day", 2), "05 12:01", "05 13:00", "06 12:00"),
        (Due("times_per_day", 4), "05 12:01", "05 13:00", "06 00:00"),
    ],
)
def test_the_first_occurrence(due: Due, start: str, now: str, expected: str) -> None:
    assert f"{deadline_at(due, at(start), [], at(now)).due_at:%d %H:%M}" == expected


def test_occurrences_are_counted() -> None:
    done = [at("05 14:00"), at("06 15:10"), at("08 14:00"), at("08 14:10")]  # the 7th missed in time, made good with the 8th
    found = deadline_at(DAILY, at("05 09:00"), done, at("10 15:30"))
    period = Period(6, at("09 15:00"), at("11 15:00"), due=6, met=2, met_late=2, missed=1)
    assert found == Deadline("overdue", at("10 15:00"), at("05 09:00"), -30 * MINUTE, at("10 14:30"), period)


def test_what_is_done_in_the_part_of_the_day_that_is_not_counted_meets_nothing() -> None:
    assert state(Due("times_per_day", 2), "05 09:00", "05 13:00", "05 10:00") == ("running", "06 00:00")
    assert state(Due("times_per_day", 2), "05 09:00", "05 13:00", "05 12:30") == ("met", "06 00:00")


@pytest.mark.parametrize(
    ("ended", "now", "done", "expected"),
    [
        ("05 14:59", "05 16:00", [], ("none", "")),
        ("05 15:00", "05 16:00", [], ("overdue", "05 15:00")),
        ("06 10:00", "05 16:00", ["05 14:00"], ("met", "05 15:00")),
        ("06 10:00", "09 16:00", ["05 14:00"], ("met", "05 15:00")),
        ("06 10:00", "09 16:00", ["09 14:00"], ("met_late", "05 15:00")),
        ("06 10:00", "09 16:00", ["06 15:00"], ("met_late", "05 15:00")),  # also where the next one's time would have been
        ("06 10:00", "09 16:00", [], ("overdue", "05 15:00")),
        ("06 16:00", "05 16:00", ["05 14:00"], ("running", "06 15:00")),
        ("04 09:00", "05 16:00", [], ("none", "")),
    ],
)
def test_a_recurring_duty_stops_with_its_end(ended: str, now: str, done: list[str], expected: tuple[str, str]) -> None:
    assert state(DAILY, "05 09:00", now, *done, ended=ended) == expected


def test_what_is_done_after_the_end_meets_no_further_occurrence() -> None:
    found = deadline_at(DAILY, at("05 09:00"), [at("05 14:00"), at("06 14:00")], at("09 16:00"), at("06 10:00"))
    period = Period(1, at("05 09:00"), None, due=1, met=1, met_late=0, missed=0)
    assert found == Deadline("met", at("05 15:00"), at("05 09:00"), None, at("05 14:30"), period)


def test_a_single_deadline_does_not_end_with_the_level() -> None:
    assert state(Due("within_workdays", 2), "05 09:00", "06 09:00", ended="05 09:00") == ("running", "10 00:00")


def occurrences(
    due: Due, start: datetime.datetime, until: datetime.datetime
) -> tuple[datetime.datetime, list[datetime.datetime]]:
    """From when on acts count, and every occurrence up to a time, one after the other."""
    if due.kind == "every":
        step = {"PT2H": 2 * HOUR, "PT25M": 25 * MINUTE, "P1D": DAY}[str(due.value)]
        found = [start + step]
        while found[-1] < until:
            found.append(found[-1] + step)
        return start, found
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    marks = []
    while day <= until + DAY:
        if due.kind == "daily_at":
            marks.append(day + int(str(due.value)[:2]) * HOUR)
        else:
            n = int(due.value)
            marks += [day + DAY * part // n for part in range(n)]
        day += DAY
    marks = [one for one in marks if one >= start]
    return (start, marks) if due.kind == "daily_at" else (marks[0], marks[1:])


def walk(
    due: Due, start: datetime.datetime, done: list[datetime.datetime], now: datetime.datetime, ended: datetime.datetime | None
) -> tuple[object, ...]:
    opens, times = occurrences(due, start, now + 3 * DAY)
    times = [one for one in times if ended is None or one <= ended]
    settled: dict[datetime.datetime, str] = {}
    for act in sorted(done):
        if not opens <= act <= now:
            continue
        before = [one for one in times if one < act]
        after = [one for one in times if one >= act]
        if before and before[-1] not in settled and not (after and after[0] == act):
            settled[before[-1]] = "met_late"
        elif after:
            settled.setdefault(after[0], "met")
    past = [one for one in times if one < now]
    ahead = [one for one in times if one >= now]
    counts = [sum(one == word for one in settled.values()) for word in ("met", "met_late")]
    if not times:
        return "none", None, 0, 0, 0
    if ahead and settled.get(ahead[0]) == "met":
        return "met", ahead[0], *counts, len(past) + 1 - sum(counts)
    if past and past[-1] not in settled:
        return "overdue", past[-1], *counts, len(past) - 1 - sum(counts)
    if ahead:
        return "running", ahead[0], *counts, len(past) - sum(counts)
    return settled[past[-1]], past[-1], *counts, len(past) - sum(counts)


def seen(found: Deadline) -> tuple[object, ...]:
    counts = (found.period.met, found.period.met_late, found.period.missed) if found.period else (0, 0, 0)
    return "running" if found.state == "due_soon" else found.state, found.due_at, *counts


MINUTES = st.integers(0, 5 * 24 * 60)
STARTS = st.one_of(st.integers(0, 48).map(lambda n: n * 30), st.integers(0, 1440)).map(lambda n: at("02 00:00") + n * MINUTE)


@st.composite
def times_near(draw: st.DrawFn, due: Due, start: datetime.datetime) -> datetime.datetime:
    """Any minute of five days, or an occurrence, just before or just after it."""
    if draw(st.booleans()):
        return start + draw(MINUTES) * MINUTE
    return draw(st.sampled_from(occurrences(due, start, start + 5 * DAY)[1])) + draw(st.sampled_from([-TICK, 0 * TICK, TICK]))


@given(st.data(), st.sampled_from(RECURRING), STARTS)
def test_a_recurring_deadline_is_what_a_walk_over_its_occurrences_gives(
    data: st.DataObject, due: Due, start: datetime.datetime
) -> None:
    some = times_near(due, start)
    done, now, ended = data.draw(st.lists(some, max_size=6)), data.draw(some), data.draw(st.none() | some)
    found = deadline_at(due, start, done, now, ended)
    assert seen(found) == walk(due, start, done, now, ended)
    if found.period is not None:
        period = found.period
        assert period.due == period.met + period.met_late + period.missed + (found.state == "overdue")


@given(st.data(), st.sampled_from([*RECURRING, Due("within", "PT30M"), Due("within", "P2D"), Due("within_workdays", 1)]), STARTS)
def test_the_next_change_is_the_first(data: st.DataObject, due: Due, start: datetime.datetime) -> None:
    some = times_near(due, start) if due in RECURRING else MINUTES.map(lambda n: start + n * MINUTE)
    now, ended = data.draw(some), data.draw(st.none() | some)
    done = [one for one in data.draw(st.lists(some, max_size=6)) if one <= now]

    def shown(moment: datetime.datetime) -> tuple[object, ...]:
        one = deadline_at(due, start, done, moment, ended)
        return one.state, one.due_at

    found = deadline_at(due, start, done, now, ended)
    change = next_change(found)
    if change is None:
        assert shown(now + 400 * DAY) == shown(now)
    else:
        assert change > now
        assert shown(change) != shown(now)
        assert shown(change - TICK) == shown(now)
        assert shown(now + (change - now) / 2) == shown(now) or change - now == TICK


# ── the plans ──


def test_every_deadline_of_the_plans_can_be_evaluated() -> None:
    now = at("05 09:00")
    states = {
        deadline_at(duty.due, now, [], now, standing=duty.standing).state
        for plan in library().plans.values()
        for duty in plan.duties
    }
    assert states == {"none", "running"}


def test_ten_thousand_deadlines_of_any_age_are_evaluated_at_once() -> None:
    """Measured at 50 ms; the bound leaves room for a busy machine. The starts lie up to a century back."""
    dues = [
        Due("within", "PT30M"),
        Due("within", "PT2H"),
        Due("within_workdays", 2),
        DAILY,
        Due("every", "PT2H"),
        Due("times_per_day", 2),
    ]
    now = at("05 09:00")
    starts = [now - (n % 36_500) * DAY - n * MINUTE for n in range(10_000)]
    begun = time.perf_counter()
    for n, start in enumerate(starts):
        deadline_at(dues[n % len(dues)], start, [start + HOUR] if n % 2 else [], now)
    assert time.perf_counter() - begun < 0.5
