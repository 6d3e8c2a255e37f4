"""The days on which the four seasons of the lunisolar calendar begin, local time: a formula with its known exceptions."""

from __future__ import annotations

import datetime
from collections.abc import Collection

FIRST_YEAR, LAST_YEAR = 2000, 2099
TURN = 0.2422
STARTS = {"立春": (2, 3.87), "立夏": (5, 5.52), "立秋": (8, 7.5), "立冬": (11, 7.438)}
"""Term -> month and constant of the formula for 2000 to 2099: day = [year of the century x 0.2422 + constant] - leap days."""
EXCEPTIONS = {(2002, "立秋"): 8, (2089, "立冬"): 7}
TERMS = tuple(STARTS)


def term_day(term: str, year: int) -> datetime.date:
    """The local day of a term. Raises ValueError outside 2000 to 2099."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"year {year}")
    month, constant = STARTS[term]
    short = year - FIRST_YEAR
    # The leap day of a leap year comes after 立春: it counts from the year after.
    leap_days = (short - 1) // 4 if month == 2 else short // 4
    return datetime.date(year, month, EXCEPTIONS.get((year, term), int(short * TURN + constant) - leap_days))


def season_of(day: datetime.date, starts: dict[str, Collection[str]]) -> str | None:
    """The value among whose terms is the last to have begun by this day; None outside the years of the formula."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    begun = [term for term in TERMS if term_day(term, day.year) <= day]
    last = begun[-1] if begun else TERMS[-1]
    return next((value for value, terms in starts.items() if last in terms), None)
