"""The Chinese working calendar: as the State Council's notices print it, beyond them by weekdays, and saying so."""

from __future__ import annotations

import datetime

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.duty.workdays import FIRST_YEAR, LAST_YEAR, WorkdayEnd, is_workday, workdays_after
from engine.trigger.facts import CHINA

DAY = datetime.timedelta(days=1)
# From the notices (国办发明电): first and last day off, then the make-up days. 2020: with the prolonged Spring Festival.
SPRING_FESTIVAL = {
    2020: ("01-24", "02-02", ["01-19"]),
    2021: ("02-11", "02-17", ["02-07", "02-20"]),
    2022: ("01-31", "02-06", ["01-29", "01-30"]),
    2023: ("01-21", "01-27", ["01-28", "01-29"]),
    2024: ("02-10", "02-17", ["02-04", "02-18"]),
    2025: ("01-28", "02-04", ["01-26", "02-08"]),
}
NATIONAL_DAY = {
    2020: ("10-01", "10-08", ["09-27", "10-10"]),
    2021: ("10-01", "10-07", ["09-26", "10-09"]),
    2022: ("10-01", "10-07", ["10-08", "10-09"]),
    2023: ("09-29", "10-06", ["10-07", "10-08"]),
    2024: ("10-01", "10-07", ["09-29", "10-12"]),
    2025: ("10-01", "10-08", ["09-28", "10-11"]),
}


def china(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)


def walk(moment: datetime.datetime, n: int) -> WorkdayEnd:
    """Day by day, asking the package itself."""
    day, sure = moment.astimezone(CHINA).date(), True
    while True:
        published = 2004 <= day.year <= max(chinese_calendar.holidays).year
        sure = sure and published
        if n == 0:
            following = day + DAY
            return WorkdayEnd(datetime.datetime(following.year, following.month, following.day, tzinfo=CHINA), sure)
        day += DAY
        published = 2004 <= day.year <= max(chinese_calendar.holidays).year
        n -= chinese_calendar.is_workday(day) if published else day.isoweekday() <= 5


@pytest.mark.parametrize(
    ("year", "first", "last", "made_up"),
    [(year, *days) for table in (SPRING_FESTIVAL, NATIONAL_DAY) for year, days in table.items()],
)
def test_the_notices_of_2020_to_2025(year: int, first: str, last: str, made_up: list[str]) -> None:
    day, end = (datetime.date.fromisoformat(f"{year}-{one}") for one in (first, last))
    while day <= end:
        assert not is_workday(day)
        day += DAY
    days = [datetime.date.fromisoformat(f"{year}-{one}") for one in made_up]
    assert all(one.weekday() >= 5 and is_workday(one) for one in days)


@pytest.mark.parametrize(
    ("moment", "n", "end"),
    [
        ("2024-09-30T16:00", 2, "2024-10-10T00:00"),  # Monday; off until the 7th; the 8th and the 9th
        ("2024-10-10T09:00", 2, "2024-10-13T00:00"),  # Saturday the 12th is worked
        ("2025-01-26T10:00", 2, "2025-02-06T00:00"),  # a worked Sunday: Monday the 27th, then Wednesday 5 February
        ("2023-09-28T23:59:59", 1, "2023-10-08T00:00"),  # Saturday 7 October is worked
        ("2022-10-08T08:00", 1, "2022-10-10T00:00"),  # from one worked day of a week-end to the other
        ("2026-03-06T00:00", 1, "2026-03-10T00:00"),  # a plain Friday
        ("2026-03-05T16:30+00:00", 1, "2026-03-10T00:00"),  # already Friday in Beijing
    ],
)
def test_the_end_of_the_nth_working_day(moment: str, n: int, end: str) -> None:
    start = datetime.datetime.fromisoformat(moment)
    assert workdays_after(start if start.tzinfo else china(moment), n) == WorkdayEnd(china(end), True)


def test_a_year_beyond_the_last_notice_counts_weekdays_and_says_so() -> None:
    year = LAST_YEAR + 2
    first = datetime.datetime(year, 10, 1, 12, tzinfo=CHINA)
    assert workdays_after(first, 2) == walk(first, 2)
    assert not workdays_after(first, 2).sure
    for n in range(14):
        day = datetime.date(year, 9, 28) + n * DAY
        assert is_workday(day) == (day.weekday() < 5)


def test_a_count_that_runs_over_the_last_published_day_is_not_sure() -> None:
    last = datetime.datetime(LAST_YEAR, 12, 31, 9, tzinfo=CHINA)
    assert not workdays_after(last, 1).sure
    assert workdays_after(last - 14 * DAY, 1).sure
    assert not workdays_after(datetime.datetime(FIRST_YEAR - 1, 12, 30, tzinfo=CHINA), 5).sure


@given(
    st.datetimes(datetime.datetime(2003, 1, 1), datetime.datetime(LAST_YEAR + 3, 1, 1), timezones=st.just(datetime.UTC)),
    st.integers(1, 30),
)
def test_it_is_what_a_walk_day_by_day_gives(moment: datetime.datetime, n: int) -> None:
    assert workdays_after(moment, n) == walk(moment, n)


def test_a_time_without_offset_or_no_day_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        workdays_after(datetime.datetime(2026, 1, 5), 2)
    with pytest.raises(ValueError, match="working day"):
        workdays_after(china("2026-01-05T00:00"), 0)
