"""The roster as values: who is on duty at a moment, who is next, where shifts overlap and where nobody is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

PLACES = ("值班员", "带班领导")


@dataclass(frozen=True, slots=True)
class Shift:
    """A person in a place of the office (值班员, 带班领导), from `begins` until just before `ends`."""

    id: str
    person_id: str
    name: str
    place: str
    jurisdiction: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Overlap:
    """A time in which two or more shifts hold the same place."""

    place: str
    begins: datetime
    ends: datetime
    shifts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nobody holds a place."""

    place: str
    begins: datetime
    ends: datetime


def on_duty(shifts: Iterable[Shift], at: datetime) -> list[Shift]:
    """Whose shift it is."""
    return [one for one in shifts if one.begins <= at < one.ends]


def next_shifts(shifts: Iterable[Shift], at: datetime) -> list[Shift]:
    """In each place the shifts that begin next after the moment."""
    later = [one for one in shifts if one.begins > at]
    first = {place: min(one.begins for one in later if one.place == place) for place in {one.place for one in later}}
    return [one for one in later if one.begins == first[one.place]]


def overlaps(shifts: Sequence[Shift]) -> list[Overlap]:
    """Each time in which a place is held more than once, cut where a shift begins or ends."""
    found = []
    for place in sorted({one.place for one in shifts}):
        held = [one for one in shifts if one.place == place]
        for begins, ends in pairwise(sorted({moment for one in held for moment in (one.begins, one.ends)})):
            together = tuple(one.id for one in held if one.begins <= begins and ends <= one.ends)
            if len(together) > 1:
                found.append(Overlap(place, begins, ends, together))
    return found


def gaps(shifts: Sequence[Shift], since: datetime, until: datetime, places: Iterable[str] = PLACES) -> list[Gap]:
    """Each time between the two moments in which a place is empty."""
    found = []
    for place in places:
        free_from = since
        for one in sorted((one for one in shifts if one.place == place), key=lambda one: one.begins):
            if min(one.begins, until) > free_from:
                found.append(Gap(place, free_from, min(one.begins, until)))
            free_from = max(free_from, one.ends)
        if free_from < until:
            found.append(Gap(place, free_from, until))
    return found
