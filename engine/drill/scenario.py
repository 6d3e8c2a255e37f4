"""What a drill is made of: plans, a clock, injects, people who decide after a while, duties that take their time, objectives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.drill.cue import Cue, DutyIs, parts_of
from engine.drill.draw import Draw, fixed
from engine.incident.event import DutyStep

MARK = "推演"
"""What everything that a drill shows, names or exports bears."""
PREFIX = f"[{MARK}] "
DECIDES = fixed(20 * 60)
"""How long a person takes to decide where a scenario says nothing: twenty minutes."""
ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class Report:
    """The first report, which opens the incident at T+0."""

    title: str
    words: str
    source: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Deviation:
    """A person who decides otherwise than proposed. None: nothing in force."""

    scale: str
    proposed: str | None
    level: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Player:
    """A person of the exercise: posts that he signs in, and how long (seconds) he takes once a proposal waits for him."""

    id: str
    name: str
    posts: tuple[str, ...]
    decides: Draw = DECIDES
    otherwise: tuple[Deviation, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """Hourly values of a series: from `begins` hours after T+0 (whole hour), one every `every` hours, straight in between."""

    begins: int
    every: int
    values: tuple[float | None, ...]

    def points(self, start: datetime) -> list[list[Any]]:
        """The series in the contract's form."""
        hour = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=self.begins)
        found: list[list[Any]] = []
        for n, value in enumerate(self.values):
            following = self.values[n + 1] if n + 1 < len(self.values) else None
            steps = self.every if n + 1 < len(self.values) else 1
            for step in range(steps):
                between = (
                    value if step == 0 or value is None or following is None else value + (following - value) * step / self.every
                )
                if step and following is None:
                    between = None
                found.append([(hour + timedelta(hours=n * self.every + step)).isoformat(), between])
        return found


@dataclass(frozen=True, slots=True)
class Happening:
    """What comes in: a message, and what it changes.

    facts: indicator -> value in the contract's form, a Draw or Hours; None withdraws what was reported (unknown again).
    moments: those of the plan that have happened, with how long ago. observed: how much earlier the facts were so.
    """

    text: str = ""
    sender: str = "导调"
    to: str = "值班室"
    medium: str = "电话"
    facts: Mapping[str, Any] = field(default_factory=dict)
    moments: Mapping[str, timedelta] = field(default_factory=dict)
    observed: timedelta = ZERO
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Contingency:
    """What the director feeds in some time (seconds) after an inject, unless something has come about by then."""

    unless: Cue
    after: Draw
    does: Happening


@dataclass(frozen=True, slots=True)
class Inject:
    """Fed in at T+ `at` seconds; with `when`, only if that holds then, or comes to hold within `within`; else `otherwise`."""

    id: str
    at: Draw
    does: Happening
    when: Cue | None = None
    within: timedelta = ZERO
    otherwise: Happening | None = None
    contingency: Contingency | None = None
    expected: str = ""
    """What the author expects to happen, in words, for the director's sheet. The engine's own answer is computed."""


@dataclass(frozen=True, slots=True)
class Completion:
    """How long units take for a duty: those of a clause, a unit, with words in them; absent: any.

    takes: seconds from the start of the deadline (without one: from the assignment). share: of the time given, for duties with
    a deadline. neither: never done. step: how it is ticked off.
    """

    clause: str | None = None
    unit: str | None = None
    has: str | None = None
    takes: Draw | None = None
    share: Draw | None = None
    step: DutyStep = "done"


@dataclass(frozen=True, slots=True)
class Objective:
    """What the exercise tests: the expected actions of these clauses, units or scales belong to it. decided_within: of proposals."""

    id: str
    words: str
    clauses: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    decided_within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A drill, written down. plans: ids. versions: plan id -> digest (or its beginning), where not the version in force at `begins`.

    seed: None: nothing is drawn, every amount is at its median.
    """

    id: str
    title: str
    jurisdiction: str
    plans: tuple[str, ...]
    begins: datetime
    lasts: timedelta
    report: Report
    injects: tuple[Inject, ...] = ()
    people: tuple[Player, ...] = ()
    duties: tuple[Completion, ...] = ()
    objectives: tuple[Objective, ...] = ()
    readings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None
    background: str = ""

    @property
    def looks_at_duties(self) -> bool:
        """Whether anything that is fed in depends on duties."""
        cues = [one.when for one in self.injects if one.when is not None]
        cues += [one.contingency.unless for one in self.injects if one.contingency is not None]
        return any(isinstance(part, DutyIs) for cue in cues for part in parts_of(cue))

    @property
    def ends(self) -> datetime:
        return self.begins + self.lasts

    def inject(self, inject_id: str) -> Inject | None:
        return next((one for one in self.injects if one.id == inject_id), None)
