"""The Chinese working calendar, with its make-up days: "2个工作日内".

Holidays and make-up days are those of the State Council's yearly notices (国务院办公厅关于部分节假日安排的通知), as the package
`chinesecalendar` keeps them. For years that it does not have, plain weekdays count, and the answer says so.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import NamedTuple

from chinese_calendar import holidays, workdays

from engine.trigger.facts import CHINA

HOLIDAYS: frozenset[datetime.date] = frozenset(holidays)
MAKE_UP_DAYS: frozenset[datetime.date] = frozenset(workdays)
FIRST_YEAR = min(HOLIDAYS).year
LAST_YEAR = max(HOLIDAYS).year
DAY = datetime.timedelta(days=1)
UNSURE_WORDS = f"{LAST_YEAR}年以后的节假日安排尚未收录，暂按周一至周五推算"


class WorkdayEnd(NamedTuple):
    """Until when: `end` itself is still in time. sure: every day that was counted is of a published year."""

    end: datetime.datetime
    sure: bool


def is_published(day: datetime.date) -> bool:
    """Whether the year's holidays are known."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def is_workday(day: datetime.date) -> bool:
    """Whether people work on this day; of a year that is not published: Monday to Friday."""
    return day in MAKE_UP_DAYS or (day.weekday() < 5 and day not in HOLIDAYS)


def workdays_after(moment: datetime.datetime, n: int) -> WorkdayEnd:
    """The end of the n-th working day after the day of `moment`, by Beijing time.

    The day of the moment itself never counts. The end of a day is its 24:00, given as 00:00 of the next day, +08:00.
    Raises ValueError where n is below 1 or `moment` has no offset.
    """
    if moment.tzinfo is None or n < 1:
        raise ValueError("a time with an offset, and at least one working day")
    return _end(moment.astimezone(CHINA).date(), n)


@lru_cache(maxsize=4096)
def _end(day: datetime.date, n: int) -> WorkdayEnd:
    sure = is_published(day)
    while n:
        day += DAY
        sure = sure and is_published(day)
        n -= is_workday(day)
    return WorkdayEnd(datetime.datetime.combine(day + DAY, datetime.time(), CHINA), sure)
