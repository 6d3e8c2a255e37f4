"""What can happen to an incident: one frozen value a kind of event, and their form in the journal.

An event carries all that the state needs, so that the state is the fold of the journal and nothing else. A field that a
later release adds has a default; a field is never taken away: every release replays the journals of every earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from pydantic import TypeAdapter, ValidationError

from engine.plan.condition import Level
from engine.plan.finding import YuanError

Levels = dict[str, Level]
DutyStep = Literal["notified", "acknowledged", "started", "done", "not_applicable", "impossible"]


class BadJournal(YuanError):
    """An entry that this release cannot read."""

    code = "bad-journal"


@dataclass(frozen=True, slots=True)
class Pin:
    """A plan that an incident runs under, and the version: the digest of its file. readings: those that differ from the plan's own, id -> letter."""

    plan: str
    digest: str
    title: str
    phase: str
    phase_word: str
    readings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """The first report: what is said, where from, when it came in. plans: may still be none."""

    title: str
    jurisdiction: str
    report: str
    source: str
    reported_at: datetime
    plans: tuple[Pin, ...] = ()
    place: str | None = None
    demo: bool = False
    watch: bool = False
    """The routine state: facts are watched, and a proposal is one to open an incident."""


@dataclass(frozen=True, slots=True)
class PlanAdded:
    """The incident runs under one more plan."""

    pin: Pin
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlanMoved:
    """A signed change of a plan's version, with what it changes in words. levels: those in force under the new version."""

    plan: str
    before: str
    pin: Pin
    post: str
    reason: str
    changes: tuple[str, ...]
    levels: Levels
    own: Levels
    imposed: Levels


@dataclass(frozen=True, slots=True)
class FactObserved:
    """A fact as reported. plan: only for this plan; None: for every plan of the incident that has the indicator."""

    indicator: str
    value: Any
    source: str
    observed_at: datetime
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class FactCorrected:
    """Entry `entry` was wrong: it counts with this value, or with value None not at all. The original stays in the journal."""

    entry: int
    indicator: str
    value: Any
    reason: str
    source: str | None = None
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the engine recommends for one scale, and why.

    level: that of the scale once approved. own, imposed: the two branches then, of this scale. levels: of every scale then.
    facts: the numbers of the entries that bear it out. cause: facts, notice, or provisional_end.
    """

    id: str
    plan: str
    scale: str
    before: Level
    level: Level
    kind: str
    own: Level
    imposed: Level
    levels: Levels
    clauses: tuple[str, ...]
    facts: tuple[int, ...]
    possible: tuple[Level, ...]
    signers: tuple[str, ...]
    readings: tuple[str, ...] = ()
    cause: str = "facts"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Superseded:
    """A proposal that newer facts overtook before it was signed, or that a decision answered."""

    proposal: str
    why: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person signed. approved: as proposed. prevails: false where a higher post has decided otherwise before.

    own, imposed: the scale's two branches once it takes effect. proposed: the level of the proposal; without one, that to which the
    facts led then. post: that the person acted in; authority: of the delegation, where the post is another's. until: the provisional end.
    keeps: the level is the one that was in force already.
    """

    id: str
    plan: str
    scale: str
    level: Level
    approved: bool
    prevails: bool
    post: str
    name: str
    decided_at: datetime
    effective_from: datetime
    own: Level
    imposed: Level
    proposal: str | None = None
    proposed: Level = None
    reason: str | None = None
    until: datetime | None = None
    area: str | None = None
    authority: str | None = None
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class DeviationEnded:
    """The facts came back to what was decided otherwise than proposed: from now on proposals are made again."""

    plan: str
    scale: str
    why: str


@dataclass(frozen=True, slots=True)
class LevelSet:
    """A change of levels took effect. cause: the decision's id, or why none was needed."""

    plan: str
    scale: str
    kind: str
    level: Level
    own: Levels
    imposed: Levels
    levels: Levels
    phase: str
    phase_word: str
    effective_at: datetime
    cause: str
    moments: Mapping[str, datetime]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PhaseMoved:
    """The incident's phase under a plan changed by itself, without a level."""

    plan: str
    do: str
    phase: str
    phase_word: str
    post: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MomentRecorded:
    """A moment that deadlines run from happened."""

    plan: str
    moment: str
    word: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Assigned:
    """A duty put on a unit. due_kind, due_value: as the plan's Due; `starts`: when its deadline begins to run (None: not yet known)."""

    key: str
    duty: str
    unit: str | None
    unit_id: str | None
    action: str
    clause: str
    scale: str
    level: str
    due_kind: str | None = None
    due_value: str | int | None = None
    moment: str | None = None
    starts: datetime | None = None
    immediate: bool = False
    standing: bool = False
    sure: bool = True
    note: str | None = None


@dataclass(frozen=True, slots=True)
class DutiesChanged:
    """Duties that came into force and duties that ended (by key), at a time."""

    plan: str
    assigned: tuple[Assigned, ...]
    ended: tuple[str, ...]
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class DutyMarked:
    """A step of one duty, at the time that it happened."""

    key: str
    step: DutyStep
    happened_at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message in or out: who to whom, by what medium, what it says."""

    direction: Literal["in", "out"]
    sender: str
    recipient: str
    medium: str
    text: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """A line in the log. entry: the entry that it is about."""

    text: str
    happened_at: datetime
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """Another incident has to do with this one."""

    incident: str
    words: str


@dataclass(frozen=True, slots=True)
class Merged:
    """This incident goes on in another (`into`), or another's was taken in (`taken`), with its last entry's hash."""

    into: str | None
    taken: str | None
    reason: str
    hash: str


@dataclass(frozen=True, slots=True)
class Split:
    """A part of this incident goes on as another (`part`), or this one came out of another (`origin`)."""

    part: str | None
    origin: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The shift changed hands: both signed the summary."""

    giver: str
    giver_name: str
    taker: str
    taker_name: str
    handover: str
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OwnerSet:
    """Who is responsible for the incident from now on."""

    person: str
    name: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Handling ended. Levels still in force without a rule to lift them end with it."""

    post: str
    reason: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Archived:
    """The record is closed: nothing can be added."""

    reason: str


Event = (
    Opened | PlanAdded | PlanMoved | FactObserved | FactCorrected | Proposed | Superseded | Decided | DeviationEnded | LevelSet | PhaseMoved
    | MomentRecorded | DutiesChanged | DutyMarked | Message | Noted | Linked | Merged | Split | HandedOver | OwnerSet
    | Ended | Archived
)  # fmt: skip

KINDS: dict[str, type[Any]] = {
    "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_"): kind for kind in get_args(Event)
}
"""Each event's name in the journal: fact_observed, …"""
NAMES = {kind: name for name, kind in KINDS.items()}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in KINDS.items()}


def kind_of(event: Event) -> str:
    """The event's name in the journal."""
    return NAMES[type(event)]


def to_data(event: Event) -> dict[str, Any]:
    """The event as JSON data; a field that has its default is left out."""
    found: dict[str, Any] = _ADAPTERS[kind_of(event)].dump_python(event, mode="json", exclude_defaults=True)
    return found


def from_data(kind: str, body: Mapping[str, Any]) -> Event:
    """The event of a journal entry. Raises BadJournal."""
    adapter = _ADAPTERS.get(kind)
    if adapter is None:
        raise BadJournal(f"日志里有本版本不认识的记录“{kind}”", where="kind", remedy="用写下它的版本或更新的版本打开")
    try:
        event: Event = adapter.validate_python(body, strict=None)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadJournal(f"日志记录“{kind}”的内容不对", where=where, remedy="先运行 yuan journal verify") from None
    return event
