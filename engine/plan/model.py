"""A checked plan: frozen values that the rest of the engine works on."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any as Anything
from typing import Literal

from engine.plan.condition import Condition, Level, Scalar
from engine.plan.finding import UnknownName
from engine.plan.indexes import IndexUse

Step = Literal["propose", "decide", "sign", "publish", "adjust", "terminate"]


def without_remarks(label: str) -> str:
    """A label without what stands in brackets."""
    return re.sub(r"（[^（）]*）", "", label)


@dataclass(frozen=True, slots=True)
class Derivation:
    """How an indicator follows from a series or from the date. Fields as the vocabulary prints them."""

    spec: Mapping[str, Anything]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A typed, measured quantity. `parts` holds an areas indicator's own indicators, `areas` its area names."""

    id: str
    type: Literal["number", "integer", "boolean", "enum", "series", "areas"]
    label: str
    clause: str
    unit: str | None = None
    values: tuple[str, ...] = ()
    value_labels: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    parts: Mapping[str, Indicator] = field(default_factory=dict)
    normal: Scalar = 0
    max_age: int | None = None
    index: str | None = None
    hint: str | None = None
    derived_from: Derivation | None = None
    signed: bool = False

    @property
    def short(self) -> str:
        """The label without its remarks in brackets."""
        return without_remarks(self.label)

    def word(self, value: str) -> str:
        """The Chinese word of an enum value."""
        return self.value_labels[self.values.index(value)] if self.value_labels else value


@dataclass(frozen=True, slots=True)
class Trigger:
    """One condition under which a level of a scale is reached."""

    scale: str
    level: str
    condition: Condition
    clause: str
    readings: tuple[str, ...] = ()
    imposed: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Follows:
    """A scale that is another scale's level by level."""

    scale: str
    map: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Takeover:
    """At `level` the duties of `source` go on."""

    level: str
    source: str
    clause: str


@dataclass(frozen=True, slots=True)
class Scale:
    """An ordered set of levels, lowest first, and the triggers of each."""

    id: str
    label: str
    clause: str
    levels: tuple[str, ...]
    names: tuple[str, ...]
    triggers: Mapping[str, tuple[Trigger, ...]]
    follows: Follows | None = None
    highest_of: tuple[str, ...] = ()
    takes_over: tuple[Takeover, ...] = ()

    @property
    def short(self) -> str:
        """The label without its remarks in brackets."""
        return without_remarks(self.label)

    def rank(self, level: Level) -> int:
        """0 for no level, 1 for the lowest."""
        return 0 if level is None else self.levels.index(level) + 1

    def level_at(self, rank: int) -> Level:
        return None if rank == 0 else self.levels[rank - 1]

    def name(self, level: Level) -> str:
        return "无" if level is None else self.names[self.levels.index(level)]


@dataclass(frozen=True, slots=True)
class Body:
    """A command or on-site command: posts and units as printed."""

    name: str
    clause: str
    aliases: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    office: str | None = None
    office_name: str | None = None
    office_aliases: tuple[str, ...] = ()
    office_head: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    clause: str
    lead: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    does: str | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    command: Body | None
    on_site_command: Body | None
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """One entry of the procedure: who takes which step for which level."""

    scale: str | None
    levels: tuple[str, ...]
    every_level: bool
    step: Step
    who: str | None
    clause: str
    form: str | None = None
    does: str | None = None
    within: str | None = None
    readings: tuple[str, ...] = ()
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as the clause prints it. `kind` is the one key of the contract's form."""

    kind: Literal["within", "daily_at", "every", "times_per_day", "within_workdays"]
    value: str | int
    moment: str | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """What one unit must do at some levels, and by when."""

    id: str
    unit: str | None
    unit_id: str | None
    action: str
    clause: str
    at: Mapping[str, tuple[str, ...]]
    due: Due | None = None
    quantity: Mapping[str, Anything] = field(default_factory=dict)
    when: Condition | None = None
    standing: bool = False
    immediate: bool = False
    group: str | None = None
    readings: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How an ambiguous clause is read here, and how else it could be. Alternatives are a, b, … in their order."""

    id: str
    clause: str
    question: str
    chosen: str
    alternatives: tuple[str, ...] = ()
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """A move of the incident's phase."""

    do: str
    label: str
    sources: tuple[str, ...]
    target: str
    clause: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class LevelRule:
    """How a level in force may move: `raise`, `lower` or `lift`."""

    clause: str
    when: Condition | None = None
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """Two runs of a series that `indicator` measures are one spell, unless the series passes `test` for `hours` between them."""

    indicator: str
    test: str
    hours: int
    clause: str


@dataclass(frozen=True, slots=True)
class Lifecycle:
    start: str
    phases: Mapping[str, str]
    transitions: tuple[Transition, ...]
    levels: Mapping[str, Mapping[str, LevelRule]]
    merges: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    number: str
    issued: datetime.date
    in_force: datetime.date
    supersedes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """One official document in one version. `digest` is the SHA-256 of its file's text."""

    id: str
    title: str
    jurisdiction: str
    document: Document
    clauses: tuple[str, ...]
    not_binding: Mapping[str, str]
    indicators: Mapping[str, Indicator]
    scales: Mapping[str, Scale]
    organization: Organization
    procedure: tuple[Act, ...]
    lifecycle: Lifecycle
    duties: tuple[Duty, ...]
    readings: Mapping[str, Reading]
    moments: Mapping[str, str]
    roles: tuple[str, ...]
    index_uses: Mapping[str, IndexUse]
    digest: str
    memo: dict[Anything, Anything] = field(default_factory=dict, compare=False, repr=False)
    """Derived forms of this plan (compiled triggers, tables): they live and die with it."""

    def scale(self, scale: str) -> Scale:
        try:
            return self.scales[scale]
        except KeyError:
            raise UnknownName(
                f"《{self.title}》没有等级体系“{scale}”", where="scale", remedy=f"可用：{'、'.join(self.scales)}"
            ) from None

    def level(self, scale: str, level: str) -> str:
        """The level's id, from its id or its name. Raises UnknownName."""
        found = self.scale(scale)
        for known, name in zip(found.levels, found.names, strict=True):
            if level in (known, name):
                return known
        raise UnknownName(f"“{found.label}”没有级别“{level}”", where="level", remedy=f"可用：{'、'.join(found.levels)}")

    def alternatives(self, reading: str) -> tuple[str, ...]:
        """The letters of a reading's alternatives that some condition can be switched to."""
        return self.switches().get(reading, ())

    def switches(self) -> Mapping[str, tuple[str, ...]]:
        """For each reading that switches a condition: the letters encoded."""
        if "switches" not in self.memo:
            from engine.plan.condition import Switch, walk

            found: dict[str, set[str]] = {}
            for scale in self.scales.values():
                for triggers in scale.triggers.values():
                    for trigger in triggers:
                        for node in walk(trigger.condition):
                            if isinstance(node, Switch):
                                found.setdefault(node.reading, set()).update(k for k, _ in node.options if k != "chosen")
            self.memo["switches"] = {key: tuple(sorted(value)) for key, value in found.items()}
        return self.memo["switches"]  # type: ignore[no-any-return]
