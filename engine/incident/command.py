"""What a person, a feed or the clock asks of an incident, and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from engine.incident.event import DutyStep
from engine.plan.condition import Level
from engine.plan.finding import YuanError
from engine.plan.model import Plan


class Refused(YuanError):
    """A command that the incident's state does not allow. Nothing changed."""

    code = "refused"


class NotYours(YuanError):
    """A signature in a post that the person does not hold, or that the plan does not let sign."""

    code = "not-yours"


class Overtaken(YuanError):
    """Somebody else was first: the message says who decided what, and when."""

    code = "conflict"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. posts: each post that the person may act in -> by what authority (None: the person's own)."""

    id: str
    name: str
    posts: Mapping[str, str | None] = field(default_factory=dict)


ENGINE = Actor("engine", "引擎")


@dataclass(frozen=True, slots=True)
class Open:
    """Take down a first report. plans: the versions that it is handled under; may come later.

    readings: plan id -> reading -> letter, where another reading than the plan's own is to count.
    """

    title: str
    jurisdiction: str
    report: str
    source: str
    reported_at: datetime
    plans: tuple[Plan, ...] = ()
    place: str | None = None
    demo: bool = False
    watch: bool = False
    readings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AddPlan:
    plan: Plan
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MoveVersion:
    """Go over to another version of a plan: signed."""

    plan: Plan
    post: str
    reason: str


@dataclass(frozen=True, slots=True)
class Observe:
    """Facts as one source reports them: indicator -> value in the contract's form, bare."""

    facts: Mapping[str, Any]
    source: str
    observed_at: datetime
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Correct:
    """Entry `entry` was wrong. value None: it does not count at all."""

    entry: int
    value: Any
    reason: str
    source: str | None = None
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """A decision on a scale's level, in a post. proposal: the one that it answers; as proposed no reason is needed."""

    plan: str
    scale: str
    level: Level
    post: str
    proposal: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None
    effective_from: datetime | None = None
    until: datetime | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class MovePhase:
    plan: str
    do: str
    post: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RecordMoment:
    plan: str
    moment: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class MarkDuty:
    key: str
    step: DutyStep
    happened_at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """A message in or out."""

    direction: Literal["in", "out"]
    sender: str
    recipient: str
    medium: str
    text: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    happened_at: datetime
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    incident: str
    words: str


@dataclass(frozen=True, slots=True)
class MergeInto:
    """This incident goes on in another."""

    incident: str
    reason: str


@dataclass(frozen=True, slots=True)
class TakeIn:
    """Another incident, merged into this one: its facts come along.

    in_force: (plan id, the plan's title, scale, level) of what is in force there.
    """

    incident: str
    hash: str
    reason: str
    facts: tuple[tuple[str, Any, str, datetime, str | None], ...] = ()
    in_force: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SplitOff:
    """A part of this incident goes on as another (`part`), or this one came out of another (`origin`)."""

    part: str | None
    origin: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class SetOwner:
    person: str
    name: str


@dataclass(frozen=True, slots=True)
class HandOver:
    giver: str
    giver_name: str
    taker: str
    taker_name: str
    handover: str
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class End:
    post: str
    reason: str


@dataclass(frozen=True, slots=True)
class Archive:
    reason: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed."""


Command = (
    Open | AddPlan | MoveVersion | Observe | Correct | Sign | MovePhase | RecordMoment | MarkDuty | Tell | Note | Link
    | MergeInto | TakeIn | SplitOff | SetOwner | HandOver | End | Archive | Tick
)  # fmt: skip
