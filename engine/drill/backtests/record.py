"""A real series as a backtest takes it: rows an hour or a day apart, and what each column says of a plan's indicators."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.plan.condition import Bounds, Scalar
from engine.plan.finding import YuanError
from engine.plan.model import Plan
from engine.trigger.facts import CHINA, Facts, Partial
from engine.trigger.track import HOUR, make_test

DAY = 24


class BadSeries(YuanError):
    """A series that a plan can not be run over."""

    code = "bad-series"


@dataclass(frozen=True, slots=True)
class Counted:
    """A whole number counted on a column: the rows in a row that pass the test, up to now (the row itself included) or ahead of it."""

    values: Sequence[float | None]
    test: str
    ahead: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What was measured, row by row from `first`, `step` hours apart. None: missing.

    hourly: series indicators. given: other indicators, as they were at each row. counted: other indicators, counted on
    a column. assumed: what no column says, the same at every row. labels: indicator -> the column it comes from.
    """

    first: datetime.datetime
    step: int
    count: int
    hourly: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    given: Mapping[str, Sequence[Scalar | Partial | None]] = field(default_factory=dict)
    counted: Mapping[str, Counted] = field(default_factory=dict)
    assumed: Mapping[str, Scalar] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def time(self, row: int) -> datetime.datetime:
        """When a row ends."""
        return self.first + row * self.step * HOUR

    @property
    def times(self) -> list[datetime.datetime]:
        return [self.time(row) for row in range(self.count)]

    def cut(self, start: datetime.datetime | None, end: datetime.datetime | None) -> Record:
        """The rows from `start` to `end`, both included. Raises BadSeries where none are left."""
        spacing = self.step * HOUR
        low = 0 if start is None else max(0, -((self.first - start) // spacing) if start > self.first else 0)
        high = self.count if end is None else min(self.count, (end - self.first) // spacing + 1)
        if start is not None and self.first + low * spacing < start:
            low += 1
        if high <= low:
            span = (
                f"{self.first.astimezone(CHINA):%Y-%m-%d %H:%M} 至 {self.time(self.count - 1).astimezone(CHINA):%Y-%m-%d %H:%M}"
            )
            raise BadSeries("所选的时段里没有数据", where="--from、--to", remedy=f"序列是 {span}")
        return Record(
            self.time(low), self.step, high - low,
            {key: row[low:high] for key, row in self.hourly.items()},
            {key: row[low:high] for key, row in self.given.items()},
            {key: Counted(one.values[low:high], one.test, one.ahead) for key, one in self.counted.items()},
            self.assumed, self.labels,
        )  # fmt: skip

    def filled(self, hours: int) -> Record:
        """With gaps of at most so many hours filled, straight from the hour before to the hour after, in the step of the series."""
        return replace(self, hourly={key: _filled(values, hours) for key, values in self.hourly.items()})


def _filled(values: Sequence[float | None], most: int) -> list[float | None]:
    found = list(values)
    digits = max((len(str(value).partition(".")[2]) for value in values if value is not None), default=0)
    last = -1
    for n, value in enumerate(values):
        if value is None:
            continue
        before = values[last] if last >= 0 else None
        if before is not None and 1 < n - last <= most + 1:
            for m in range(last + 1, n):
                found[m] = round(before + (value - before) * (m - last) / (n - last), min(digits, 6))
        last = n
    return found


def calm(plan: Plan, record: Record, assumed: Mapping[str, Scalar | None]) -> dict[str, Scalar]:
    """What is assumed of the indicators that no column gives: what was said of them, else their normal value.

    An indicator that follows from a column, or from the date, is not assumed; None: it stays unknown.
    """
    had = {*record.hourly, *record.given, *record.counted}
    found: dict[str, Scalar] = {}
    for key, indicator in plan.indicators.items():
        if key in assumed:
            value = assumed[key]
            if value is not None:
                found[key] = value
        elif key not in had and indicator.type not in ("series", "areas") and not follows(plan, key, had):
            found[key] = indicator.normal
    return found


def follows(plan: Plan, key: str, had: set[str]) -> bool:
    """Whether an indicator follows from the date, or from a series of which there is a column."""
    rule = plan.indicators[key].derived_from
    if rule is None:
        return False
    series = rule.spec.get("series")
    if series is None:
        return True
    use = plan.index_uses.get(str(series))
    return series in had or (use is not None and bool(had & set(use.pollutants.values())))


class Column:
    """A counted column: at each row, how many in a row."""

    def __init__(self, counted: Counted) -> None:
        test = make_test(counted.test)
        self._ahead = counted.ahead
        values = counted.values
        passing = [None if value is None else test(value) for value in values]
        self._back = _runs_back(passing)
        self._stops = _stops(passing)
        self._passing = passing

    def at(self, row: int, lead: int, spoil: float) -> int | Partial | None:
        """The count at a row. lead: rows of forecast. spoil: the forecast's count, relative to the true one."""
        if not self._ahead:
            return self._back[row]
        stop, known = self._stops[row + 1] if row + 1 < len(self._stops) else (len(self._passing), False)
        if stop - row - 1 >= lead or (not known and stop >= len(self._passing)):
            count, sure = min(lead, stop - row - 1), False
        else:
            count, sure = stop - row - 1, known
        count = min(lead, max(0, int(count * spoil + 0.5)))
        if sure or (spoil != 1 and count < lead):
            return count
        return Partial((Bounds(count, False, None, False),))


def _runs_back(passing: Sequence[bool | None]) -> list[int | Partial | None]:
    """At each row, how many rows up to it pass in a row; at least so many where the series began or a row is missing before them."""
    found: list[int | Partial | None] = []
    run, sure = 0, False
    for one in passing:
        if one is None:
            run, sure = 0, False
            found.append(None)
        elif one:
            run += 1
            found.append(run if sure else Partial((Bounds(run, False, None, False),)))
        else:
            run, sure = 0, True
            found.append(0)
    return found


def _stops(passing: Sequence[bool | None]) -> list[tuple[int, bool]]:
    """For each row, the first row from it on that does not pass, and whether it is known not to."""
    found: list[tuple[int, bool]] = [(len(passing), False)] * len(passing)
    stop = (len(passing), False)
    for row in range(len(passing) - 1, -1, -1):
        one = passing[row]
        if one is None:
            stop = (row, False)
        elif not one:
            stop = (row, True)
        found[row] = stop
    return found


def facts_at(record: Record, columns: Mapping[str, Column], row: int, lead: int, spoil: float) -> Facts:
    """What is known at a row of the indicators that are no hourly series."""
    known: dict[str, Scalar] = dict(record.assumed)
    partial: dict[str, Partial] = {}
    for key, values in record.given.items():
        _put(key, values[row], known, partial)
    for key, column in columns.items():
        _put(key, column.at(row, lead, spoil), known, partial)
    return Facts(known, partial)


def _put(key: str, value: Scalar | Partial | None, known: dict[str, Scalar], partial: dict[str, Partial]) -> None:
    if isinstance(value, Partial):
        partial[key] = value
    elif value is not None:
        known[key] = value
