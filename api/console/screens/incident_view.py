"""What the panels of an incident are made of: its state at a moment, each plan assessed once, and answers kept for all tabs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar

from api.http.at_desk import AtDesk
from engine.assess import Assessment, assess
from engine.contract.known import known_data
from engine.counterfactual import Question, questions
from engine.incident.fact import Known, facts_now
from engine.incident.proposal import leading
from engine.incident.state import Course, Incident
from engine.plan.condition import Level
from engine.plan.model import Plan, Scale

STEP = 10
"""Seconds for which what depends on time alone is taken to be the same."""
MOST_KEPT = 256
MOST_QUESTIONS = 60
T = TypeVar("T")


@dataclass(frozen=True)
class Under:
    """The incident under one plan."""

    incident: Incident
    course: Course
    plan: Plan
    at: datetime

    @cached_property
    def known(self) -> Known:
        return facts_now(self.incident, self.plan)

    @cached_property
    def assessment(self) -> Assessment:
        return assess(self.plan, self.known.facts, self.at, readings=self.course.readings, in_force=self.course.own)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every unknown fact that the level depends on, the most telling first."""
        return questions(self.assessment, MOST_QUESTIONS)

    def facts(self, names: Mapping[str, str]) -> list[dict[str, Any]]:
        return known_data(self.incident, self.plan, self.known, self.assessment, self.at, names)

    def scales(self) -> tuple[list[Scale], list[Scale]]:
        """The scales that move by themselves: those that something is going on with, first; and the others."""
        found = list(leading(self.plan))
        busy = [one for one in found if self._busy(one)]
        busy.sort(key=lambda one: (one.id not in self.course.pending, self.course.levels.get(one.id) is None))
        return busy, [one for one in found if one not in busy]

    def _busy(self, scale: Scale) -> bool:
        levels: list[Level] = [self.course.levels.get(scale.id), self.assessment.levels[scale.id]]
        return (
            scale.id in self.course.pending
            or any(one is not None for one in levels)
            or len(self.assessment.possible[scale.id]) > 1
        )


@dataclass(frozen=True)
class View:
    """One look at an incident. `past`: it is shown as it was."""

    at_desk: AtDesk
    incident: Incident
    at: datetime
    past: bool

    @classmethod
    def of(cls, at_desk: AtDesk, incident_id: str, past: datetime | None) -> View:
        incident = at_desk.incident(incident_id, past)
        if past is not None:
            return cls(at_desk, incident, past, True)
        even = at_desk.now.replace(microsecond=0) - timedelta(seconds=at_desk.now.second % STEP)
        return cls(at_desk, incident, max(even, incident.last_at or even), False)

    @cached_property
    def under(self) -> tuple[Under, ...]:
        versions = self.at_desk.desk.versions
        return tuple(Under(self.incident, one, versions[one.digest], self.at) for one in self.incident.courses.values())

    @property
    def plans(self) -> Iterator[Plan]:
        return (one.plan for one in self.under)

    @property
    def acts(self) -> bool:
        """Whether the reader may enter anything here."""
        return not self.past and self.incident.status == "open" and writes(self.at_desk)

    @property
    def corrects(self) -> bool:
        """Whether the reader may correct what was entered: that may be done after the end too."""
        return not self.past and self.incident.status in ("open", "ended") and writes(self.at_desk)

    def kept(self, name: str, make: Callable[[], T], *more: Hashable) -> T:
        """A panel, made once for all tabs that show the same."""
        where = "" if self.at_desk.wing is None else self.at_desk.wing.path
        return MEMO.get((where, name, self.incident.id, self.incident.hash, self.at, *more), make)


def writes(at_desk: AtDesk) -> bool:
    """Whether this person enters facts and handles incidents."""
    return bool(at_desk.caller.actor.roles & {"officer", "leader"})


class Memo:
    """Answers by what they depend on; who asks for one that is being made waits for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            found = self._found.get(key)
            mine = found is None
            if found is None:
                found = self._found[key] = Future()
                if len(self._found) > MOST_KEPT:
                    self._found.popitem(last=False)
        if mine:
            try:
                found.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._found.pop(key, None)
                found.set_exception(error)
        answer: T = found.result()
        return answer

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._found.clear()


MEMO = Memo()
