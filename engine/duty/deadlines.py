"""By when a duty must be done, and where it stands at a moment.

Every limit is closed: done at exactly `due_at` is met, and at exactly `due_at` nothing is overdue yet.

Recurring duties are occurrences 1, 2, 3 … at equal distances (Beijing time has no summer time), so any of them is found by
a division:
- every 2 h: at start + 2 h, + 4 h …;
- daily at 15:00: the first 15:00 at or after the start, then every 24 h;
- n times a day: at the ends of n equal parts of the day (1: 24:00; 2: 12:00 and 24:00). The part in which the duty began
  is not counted: the first occurrence is the end of the first whole part.

An act of doing counts once. It belongs to the occurrence that the board shows when it is recorded: to the last one, late,
if that is still open, otherwise to the next. So what was missed yesterday and made good this morning never silences
today's limit; whoever does both records both. An occurrence that is still open when the next one's time comes is missed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from engine.duty.workdays import workdays_after
from engine.plan.model import Due
from engine.trigger.facts import CHINA

State = Literal["waiting", "none", "running", "due_soon", "overdue", "met", "met_late"]
STATE_WORDS: dict[State, str] = {
    "waiting": "未起算",
    "none": "无时限",
    "running": "进行中",
    "due_soon": "即将到期",
    "overdue": "已逾期",
    "met": "按时完成",
    "met_late": "逾期完成",
}
DAY = datetime.timedelta(days=1)
ZERO = datetime.timedelta(0)
MOST_NOTICE = datetime.timedelta(minutes=30)
ENOUGH = 4 * MOST_NOTICE
TICK = datetime.timedelta.resolution
"""The least time: what is not yet overdue at its limit is so one tick later."""


@dataclass(frozen=True, slots=True)
class Period:
    """A recurring duty's occurrences up to now. number: that of the current one; opens_at: the one before it, or the start.

    due: how many have come due, or are met already; due = met + met_late + missed, and one more while one is overdue.
    next_at: the occurrence after the current one; None where the duty ends before.
    """

    number: int
    opens_at: datetime.datetime
    next_at: datetime.datetime | None
    due: int
    met: int
    met_late: int
    missed: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """Where a duty's deadline stands. due_at: the limit that the state speaks of; for a recurring duty, the current one.

    remaining: until due_at, negative when overdue; None once met. soon_at: from when on it is due soon.
    sure: False where working days were counted beyond the last published year.
    """

    state: State
    due_at: datetime.datetime | None = None
    since: datetime.datetime | None = None
    remaining: datetime.timedelta | None = None
    soon_at: datetime.datetime | None = None
    period: Period | None = None
    sure: bool = True


WAITING = Deadline("waiting")
NONE = Deadline("none")


def notice(length: datetime.timedelta) -> datetime.timedelta:
    """How long before its limit a duty is due soon: half an hour, or a quarter of the time given where that is less."""
    return MOST_NOTICE if length >= ENOUGH else length / 4


def deadline_at(
    due: Due | None,
    start: datetime.datetime | None,
    done: Sequence[datetime.datetime],
    now: datetime.datetime,
    ended: datetime.datetime | None = None,
    *,
    standing: bool = False,
) -> Deadline:
    """Where a deadline stands at `now`.

    start: the moment that it runs from; None: not recorded. done: when the duty was recorded done, in any order; what lies
    before the start (an earlier round) or after `now` does not count. ended: a recurring duty has no occurrence after it;
    what had come due stays overdue until it is done. Standing duties and 每年、每月 have no deadline in an incident.
    All times carry an offset; those returned are +08:00.
    """
    if due is None or standing or not _is_of_incident(due):
        return NONE
    if start is None:
        return WAITING
    start = start.astimezone(CHINA)
    acts = sorted([one for one in done if start <= one <= now]) if done else []
    if due.kind in ("within", "within_workdays"):
        return _once(due, start, acts, now)
    return _recurring(_schedule(due, start), start, acts, now, ended)


def next_change(deadline: Deadline) -> datetime.datetime | None:
    """The first time at which time alone gives another state or occurrence; None: never.

    A limit is closed, so what follows it begins one tick (a microsecond) after.
    """
    period = deadline.period
    following = period.next_at if period is not None else None
    match deadline.state:
        case "running":
            return deadline.soon_at
        case "due_soon":
            return deadline.due_at + TICK if deadline.due_at else None
        case "met":
            return deadline.due_at + TICK if deadline.due_at and following else None
        case "overdue":
            return following + TICK if following else None
        case _:
            return None


def _is_of_incident(due: Due) -> bool:
    """Whether a deadline is one of hours, days or (once) months: not 每年, 每月, nor an empty time."""
    if due.kind not in ("within", "every"):
        return True
    unit, amount = _duration(str(due.value))
    return amount > 0 and (unit == "time" or (unit == "months" and due.kind == "within"))


@lru_cache(maxsize=1024)
def _duration(text: str) -> tuple[Literal["time", "months", "years"], float]:
    """`"PT30M"` -> ("time", 1800 seconds); months and years by number. Raises ValueError."""
    match = re.fullmatch(r"P(T?)(\d+(?:\.\d+)?)([MHDY])", text)
    if match is None:
        raise ValueError(text)
    clock, number, unit = match.groups()
    if unit == "Y":
        return "years", float(number)
    if unit == "M" and not clock:
        return "months", float(number)
    return "time", float(number) * {"M": 60, "H": 3600, "D": 86400}[unit]


def _length(due: Due) -> datetime.timedelta:
    return datetime.timedelta(seconds=_duration(str(due.value))[1])


def _once(due: Due, start: datetime.datetime, acts: Sequence[datetime.datetime], now: datetime.datetime) -> Deadline:
    due_at, sure = _limit(due, start)
    soon_at = due_at - notice(due_at - start)
    if acts:
        return Deadline("met" if acts[0] <= due_at else "met_late", due_at, start, None, soon_at, None, sure)
    state: State = "overdue" if now > due_at else "due_soon" if now >= soon_at else "running"
    return Deadline(state, due_at, start, due_at - now, soon_at, None, sure)


def _limit(due: Due, start: datetime.datetime) -> tuple[datetime.datetime, bool]:
    if due.kind == "within_workdays":
        return workdays_after(start, int(due.value))
    unit, amount = _duration(str(due.value))
    if unit == "time":
        return start + datetime.timedelta(seconds=amount), True
    return _months_after(start, int(amount)), True


def _months_after(start: datetime.datetime, months: int) -> datetime.datetime:
    """The same day and time some months later; a day that the month has not is its last."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = datetime.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (following - DAY).day
    return start.replace(year=year, month=month + 1, day=min(start.day, last))


@dataclass(frozen=True, slots=True)
class _Schedule:
    """Occurrence k at base + (k + offset) × stride / parts, rounded down to a microsecond."""

    base: datetime.datetime
    stride: datetime.timedelta
    parts: int = 1
    offset: int = 0

    @property
    def length(self) -> datetime.timedelta:
        return self.stride if self.parts == 1 else self.stride / self.parts

    def at(self, number: int) -> datetime.datetime:
        if self.parts == 1:
            return self.base + self.stride * (number + self.offset)
        return self.base + self.stride * (number + self.offset) // self.parts

    def next_from(self, moment: datetime.datetime) -> int:
        """The first occurrence at or after a moment; never below 1."""
        number = -((self.base - moment) * self.parts // self.stride) - self.offset
        return number if number > 1 else 1


def _schedule(due: Due, start: datetime.datetime) -> _Schedule:
    if due.kind == "every":
        return _Schedule(start, _length(due))
    if due.kind == "daily_at":
        hour, minute = map(int, str(due.value).split(":"))
        first = start.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return _Schedule(first if first >= start else first + DAY, DAY, offset=-1)
    parts, midnight = int(due.value), start.replace(hour=0, minute=0, second=0, microsecond=0)
    offset = -((midnight - start) * parts // DAY)
    part = DAY // parts
    return _Schedule(midnight, part, 1, offset) if part * parts == DAY else _Schedule(midnight, DAY, parts, offset)


def _recurring(
    schedule: _Schedule,
    start: datetime.datetime,
    acts: Sequence[datetime.datetime],
    now: datetime.datetime,
    ended: datetime.datetime | None,
) -> Deadline:
    last = None if ended is None else _last(schedule, ended)
    if last == 0:
        return Deadline("none", since=start)
    following = schedule.next_from(now)
    met, late, last_met, last_settled = _tally(schedule, start, acts, last) if acts else (0, 0, 0, 0)
    stopped = last is not None and following > last
    number = last if stopped and last is not None else following
    state: State
    if last_met == number:
        state = "met"
    elif not stopped and (number == 1 or last_settled == number - 1):
        state = "running"
    elif stopped and last_settled == number:
        state = "met_late"
    else:
        number, state = (number if stopped else number - 1), "overdue"
    due_at = schedule.at(number)
    soon_at = due_at - notice(schedule.length)
    if state == "running" and now >= soon_at:
        state = "due_soon"
    whole = schedule.parts == 1
    come = number - (state in ("running", "due_soon"))
    period = Period(
        number,
        start if number == 1 else due_at - schedule.stride if whole else schedule.at(number - 1),
        None if number == last else due_at + schedule.stride if whole else schedule.at(number + 1),
        come,
        met,
        late,
        come - met - late - (state == "overdue"),
    )
    return Deadline(state, due_at, start, None if state in ("met", "met_late") else due_at - now, soon_at, period)


def _last(schedule: _Schedule, ended: datetime.datetime) -> int:
    """The last occurrence of a duty that ended; 0: none."""
    number = schedule.next_from(ended)
    return number if schedule.at(number) == ended else number - 1


def _tally(
    schedule: _Schedule, start: datetime.datetime, acts: Sequence[datetime.datetime], last: int | None
) -> tuple[int, int, int, int]:
    """How many occurrences were met, and met late; the last one met in time; the last one settled either way."""
    met = late = last_met = last_settled = 0
    opens = max(start, schedule.at(0))
    for act in acts:
        if act < opens:
            continue  # in the part of the day that is not counted
        number = schedule.next_from(act)
        stopped = last is not None and number > last
        before = last if stopped and last is not None else number - 1
        if before and last_settled < before and (stopped or act < schedule.at(number)):
            late, last_settled = late + 1, before
        elif last_met < number and not stopped:
            met, last_met, last_settled = met + 1, number, number
    return met, late, last_met, last_settled
