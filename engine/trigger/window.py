"""One long track seen hour by hour: at an hour, what had been measured until then, and what was forecast.

A `Past` keeps of a whole track what every hour needs of it (its runs by test, which hours are missing), so that a
`Window` at an hour costs what is ahead of that hour, not what is behind it. What a Window measures is what a Track of
the same hours does: those from `start` to `now` as they are in the whole track, then the forecast ones.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from engine.trigger.track import Hourly, Run, Test, Track, runs_of

LOWEST = float("-inf")


class Past:
    """A whole track, with what its windows ask of it worked out once."""

    def __init__(self, track: Track, excused: int | None) -> None:
        """excused: so many hours at the beginning of the series have no value by nature, and none is missing there.

        None: it is the hours that the values are made of that may be missing, each of them.
        """
        self.track = track
        self.excused = excused
        rows = track.hours if excused is None else track.values
        self._missing = [0, *accumulate(value is None and n >= (excused or 0) for n, value in enumerate(rows))]
        self._solid = [LOWEST if value is None else value for value in track.hours]
        self._known = [0, *accumulate(value is not None for value in track.values)]
        self._runs: dict[tuple[Test, bool], tuple[list[Run], list[int]]] = {}

    def missing(self, first: int, last: int) -> bool:
        """Whether one of these hours is missing."""
        return self._missing[last + 1] > self._missing[first]

    def known(self, first: int, last: int) -> bool:
        """Whether one of these hours has a value."""
        return self._known[last + 1] > self._known[first]

    def largest(self, first: int, last: int) -> float:
        return max(self._solid[first : last + 1])

    def runs(self, test: Test, missing: bool, first: int, last: int) -> list[Run]:
        """The runs within these hours, cut off at both ends."""
        key = (test, missing)
        if key not in self._runs:
            whole = runs_of(self.track.values, test, missing=missing)
            self._runs[key] = (whole, [run[1] for run in whole])
        whole, ends = self._runs[key]
        found = whole[bisect_left(ends, first) : bisect_right(whole, (last, len(self._solid)))]
        if found and found[0][0] < first:
            found[0] = (first, found[0][1])
        if found and found[-1][1] > last:
            found[-1] = (found[-1][0], last)
        return found


@dataclass(frozen=True, slots=True)
class Window(Hourly):
    """A track as it is known at hour `now`: from `start` on, then the values `ahead` of the hours that follow.

    ahead_hours: the hours that those values are made of; the same where a value is an hour's own. true: what is ahead is
    what then came, as it stands in the whole track.
    """

    first: datetime.datetime
    past: Past
    start: int
    now: int
    ahead: Sequence[float | None]
    ahead_hours: Sequence[float | None]
    true: bool = False

    def hour_of(self, at: datetime.datetime | None) -> int:
        return self.now

    def value(self, hour: int) -> float | None:
        return self.past.track.values[hour] if hour <= self.now else self.ahead[hour - self.now - 1]

    def largest(self) -> float | None:
        found = max(self.past.largest(self.start, self.now), max((v for v in self.ahead_hours if v is not None), default=LOWEST))
        return None if found == LOWEST else found

    def largest_from(self, hour: int) -> float | None:
        return max((v for v in (self.value(hour), *self.after(hour)) if v is not None), default=None)

    def after(self, hour: int) -> Iterable[float | None]:
        return self.ahead[hour - self.now :] if hour > self.now else self.ahead

    def known_from(self, hour: int) -> bool:
        if hour <= self.now and self.past.known(max(hour, self.start), self.now):
            return True
        return any(value is not None for value in self.ahead)

    def has_gaps(self) -> bool:
        if self.past.missing(self.start, self.now):
            return True
        if self.past.excused is None:
            return None in self.ahead_hours
        return None in self.ahead[max(0, self.past.excused - self.now - 1) :]

    def runs(self, test: Test, *, missing: bool = False) -> list[Run]:
        if self.true:
            return self.past.runs(test, missing, self.start, self.now + len(self.ahead))
        found = self.past.runs(test, missing, self.start, self.now)
        coming = runs_of(self.ahead, test, missing=missing, start=self.now + 1)
        if found and coming and found[-1][1] == self.now and coming[0][0] == self.now + 1:
            found[-1] = (found[-1][0], coming[0][1])
            return found + coming[1:]
        return found + coming
