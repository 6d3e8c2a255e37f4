"""What a run came to: its episodes, changes undone within a day, hours and days in each level by year and season."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from engine.drill.backtests.backtest import Change, Run
from engine.trigger.facts import CHINA

FLAP = 24
"""A change that is undone within so many hours is flapping (频繁波动)."""
SEASONS = {"春季（3—5月）": (3, 4, 5), "夏季（6—8月）": (6, 7, 8), "秋季（9—11月）": (9, 10, 11), "冬季（12—2月）": (12, 1, 2)}
HEATING = ((11, 1), (3, 31))
"""First and last day of the heating season, (month, day), where nothing else is said."""
Day = tuple[int, int]
Label = Callable[[date], str]


@dataclass(frozen=True, slots=True)
class Episode:
    """A scale in force without a break, from a row on until before another. ended: whether it was lifted within the run.

    rows: positions in `run.rows`, the last one not included. highest: rank. hours: in each rank from 1 on.
    """

    first: int
    last: int
    start: datetime
    end: datetime
    ended: bool
    highest: int
    hours: tuple[int, ...]
    changes: tuple[Change, ...]

    @property
    def length(self) -> int:
        """Hours in force."""
        return sum(self.hours)


@dataclass(frozen=True, slots=True)
class Period:
    """Hours and days in each rank (0: none). A day is of the highest rank in force during it."""

    label: str
    hours: tuple[int, ...]
    days: tuple[int, ...]


def stretches(ranks: bytes, least: int = 1, joined: int = 0) -> list[tuple[int, int]]:
    """Where the rank is at least `least`: first position and the one after the last. joined: shorter breaks do not count."""
    found: list[tuple[int, int]] = []
    begun = -1
    for n, rank in enumerate(ranks):
        if rank >= least:
            if begun < 0:
                begun = n
        elif begun >= 0:
            found.append((begun, n))
            begun = -1
    if begun >= 0:
        found.append((begun, len(ranks)))
    whole: list[tuple[int, int]] = []
    for first, last in found:
        if whole and first - whole[-1][1] < joined:
            whole[-1] = (whole[-1][0], last)
        else:
            whole.append((first, last))
    return whole


def episodes(run: Run, scale: str) -> tuple[Episode, ...]:
    """A scale's episodes in their order."""
    ranks, size, unit = run.ranks[scale], len(run.plan.scales[scale].levels), run.unit
    changes = [change for change in run.changes if change.scale == scale]
    found = []
    for first, last in stretches(ranks):
        count = Counter(ranks[first:last])
        ended = last < len(ranks)
        rows = range(run.rows[first], run.rows[last] + 1 if ended else run.record.count)
        found.append(
            Episode(
                first, last, time_at(run, first), time_at(run, last), ended, max(count),
                tuple(count[rank] * unit for rank in range(1, size + 1)), tuple(one for one in changes if one.row in rows),
            )
        )  # fmt: skip
    return tuple(found)


def time_at(run: Run, position: int) -> datetime:
    """When a row looked at ends; beyond the last one, when the next would."""
    return run.record.time(run.rows.start + position * run.rows.step).astimezone(CHINA)


def counts(run: Run, scale: str) -> dict[str, int]:
    """How many raises, lowers and lifts."""
    found = Counter(change.kind for change in run.changes if change.scale == scale and change.before != change.after)
    return {kind: found[kind] for kind in ("raise", "lower", "lift")}


def flaps(run: Run, scale: str) -> tuple[tuple[Change, Change], ...]:
    """Changes that were undone, wholly or past where they began, within a day, each with the one that undid it."""
    changes = [change for change in run.changes if change.scale == scale and change.before != change.after]
    found = []
    for n, one in enumerate(changes):
        for other in changes[n + 1 :]:
            if (other.row - one.row) * run.record.step > FLAP:
                break
            undone = other.after <= one.before if one.after > one.before else other.after >= one.before
            if undone:
                found.append((one, other))
                break
    return tuple(found)


def periods(run: Run, scale: str, label: Label) -> tuple[Period, ...]:
    """Hours and days by period, in the order in which the periods come."""
    ranks, size = run.ranks[scale], len(run.plan.scales[scale].levels) + 1
    hours: dict[str, list[int]] = {}
    days: dict[str, Counter[int]] = {}
    today: date | None = None
    name, highest = "", 0
    for n, rank in enumerate(ranks):
        day = time_at(run, n).date()
        if day != today:
            if today is not None:
                days[name][highest] += 1
            today, name, highest = day, label(day), 0
            hours.setdefault(name, [0] * size)
            days.setdefault(name, Counter())
        hours[name][rank] += run.unit
        highest = max(highest, rank)
    if today is not None:
        days[name][highest] += 1
    return tuple(Period(one, tuple(hours[one]), tuple(days[one][rank] for rank in range(size))) for one in hours)


def by_year(day: date) -> str:
    return f"{day.year}年"


def by_season(day: date) -> str:
    return next(name for name, months in SEASONS.items() if day.month in months)


def by_heating(first: Day = HEATING[0], last: Day = HEATING[1]) -> Label:
    """The heating season (采暖期) that a day is in, named by its years, or the time between two."""

    def label(day: date) -> str:
        here = (day.month, day.day)
        if first <= last:
            inside = first <= here <= last
            return f"{day.year}年采暖期" if inside else f"{day.year}年{'采暖前' if here < first else '采暖后'}"
        if here >= first:
            return f"{day.year}—{day.year + 1}年采暖期"
        if here <= last:
            return f"{day.year - 1}—{day.year}年采暖期"
        return f"{day.year}年非采暖期"

    return label
