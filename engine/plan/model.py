"""A checked plan: frozen values that the rest of the engine works on."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any as Anything
from typing import Literal

from engine.plan.condition import Condition, Level, Scalar
from engine.plan.finding import UnknownName
from engine.plan.indexes import IndexUse

Step = Literal["propose", "decide", "sign", "publish", "adjust", "terminate"]


def without_remarks(label: str) -> str:
    """A label without what stands in brackets."""
    return re.sub(r"（[^（）]*）", "", label)


Under = Mapping[str, tuple[str, ...]]
"""Reading id -> the choices (`chosen`, a, b, …) under which something stands. Empty: always."""
NO_CHOICES: Mapping[str, str] = {}


def stands(under: Under, choices: Mapping[str, str]) -> bool:
    """Whether something stands under these choices (reading -> letter; absent: the plan's own reading)."""
    return all(choices.get(reading, "chosen") in letters for reading, letters in under.items())


@dataclass(frozen=True, slots=True)
class Derivation:
    """How an indicator follows from a series or from the date. Fields as the vocabulary prints them.

    by_reading: reading id -> letter -> the fields that are otherwise under it; None: then nothing is derived.
    """

    spec: Mapping[str, Anything]
    by_reading: Mapping[str, Mapping[str, Mapping[str, Anything] | None]] = field(default_factory=dict)

    def read(self, choices: Mapping[str, str]) -> Mapping[str, Anything] | None:
        """The fields under these choices; None where the indicator does not follow from anything."""
        spec = self.spec
        for reading, options in self.by_reading.items():
            letter = choices.get(reading, "chosen")
            if letter in options:
                changed = options[letter]
                if changed is None:
                    return None
                spec = {**spec, **changed}
        return spec


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

    @property
    def plain(self) -> str:
        """The label as people read it: where it names a value by its id, as “none为不需要”, the value's word stands instead."""
        found = self.label
        for value, word in zip(self.values, self.value_labels, strict=False):
            if value != word:
                id_ = rf"(?<![A-Za-z0-9_]){re.escape(value)}(?![A-Za-z0-9_]) ?"
                found = re.sub(rf"{id_}(?={re.escape(word)})", "", found)
                found = re.sub(id_, f"“{word}”", found)
        return found

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
    otherwise: tuple[tuple[str, str, Mapping[str, str]], ...] = ()
    """Reading, letter, and the map under this alternative."""

    def map_under(self, choices: Mapping[str, str]) -> Mapping[str, str]:
        """The map under these choices of readings."""
        for reading, letter, found in self.otherwise:
            if choices.get(reading) == letter:
                return found
        return self.map


@dataclass(frozen=True, slots=True)
class Takeover:
    """At `level` the duties of `source` go on."""

    level: str
    source: str
    clause: str
    under: Under = field(default_factory=dict)
    when: Condition | None = None


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
    """One entry of the procedure: who takes which step for which level. of: what it is about, where that is not the level itself."""

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
    under: Under = field(default_factory=dict)
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as the clause prints it. `kind` is the one key of the contract's form."""

    kind: Literal["within", "daily_at", "every", "times_per_day", "within_workdays"]
    value: str | int
    moment: str | None = None


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What changes in a duty under one alternative of a reading: fields of `Duty` by name."""

    reading: str
    letter: str
    fields: Mapping[str, Anything]


@dataclass(frozen=True, slots=True)
class MomentEvent:
    """What makes a moment happen: the incident's first report, or on a scale a change of level that takes effect, or a decision."""

    kind: Literal["report", "raise", "lower", "lift", "decided"]
    scale: str | None = None


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
    under: Under = field(default_factory=dict)
    otherwise: tuple[Otherwise, ...] = ()

    def read(self, choices: Mapping[str, str]) -> Duty | None:
        """The duty under these choices; None where it does not stand. Its id stays."""
        if not stands(self.under, choices):
            return None
        changed: dict[str, Anything] = {}
        for one in self.otherwise:
            if choices.get(one.reading) == one.letter:
                changed.update(one.fields)
        return replace(self, **changed) if changed else self


@dataclass(frozen=True, slots=True)
class Reading:
    """How an ambiguous clause is read here, and how else it could be. Alternatives are a, b, … in their order.

    fixed: letter -> why this alternative can not be switched.
    """

    id: str
    clause: str
    question: str
    chosen: str
    alternatives: tuple[str, ...] = ()
    because: str | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)

    def words(self, letter: str) -> str:
        """The reading in words: `chosen`, or an alternative by its letter."""
        return self.chosen if letter == "chosen" else self.alternatives[ord(letter) - ord("a")]

    @property
    def letters(self) -> tuple[str, ...]:
        return tuple(chr(ord("a") + n) for n in range(len(self.alternatives)))


@dataclass(frozen=True, slots=True)
class Transition:
    """A move of the incident's phase. goes_with: (scale, raise or lift), the change of level that moves it along."""

    do: str
    label: str
    sources: tuple[str, ...]
    target: str
    clause: str
    when: Condition | None = None
    goes_with: tuple[str, str] | None = None


Changes = Mapping[str, Mapping[str, Mapping[str, Anything]]]
"""Reading id -> letter -> the fields of a rule that are otherwise under it."""


def changed_by(changes: Changes, choices: Mapping[str, str]) -> dict[str, Anything]:
    """The fields of a rule that are otherwise under these choices."""
    found: dict[str, Anything] = {}
    for reading, options in changes.items():
        found.update(options.get(choices.get(reading, "chosen"), {}))
    return found


@dataclass(frozen=True, slots=True)
class LevelRule:
    """How a level in force may move: `raise`, `lower` or `lift`. steps: down as far as the facts allow, or one level at a time."""

    clause: str
    when: Condition | None = None
    readings: tuple[str, ...] = ()
    steps: Literal["all", "one"] = "all"
    by_reading: Changes = field(default_factory=dict)

    def read(self, choices: Mapping[str, str]) -> LevelRule:
        """The rule under these choices of readings."""
        changed = changed_by(self.by_reading, choices)
        return replace(self, **changed) if changed else self


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """What a level imposed by a notice from above does to the jurisdiction's own.

    effect: the notice is a floor under it, or binding: the own level comes down to it. ends: what is lifted with the
    notice, itself alone or everything.
    """

    clause: str
    readings: tuple[str, ...] = ()
    effect: Literal["floor", "binding"] = "floor"
    ends: Literal["itself", "everything"] = "itself"
    by_reading: Changes = field(default_factory=dict)

    def read(self, choices: Mapping[str, str]) -> NoticeRule:
        """The rule under these choices of readings."""
        changed = changed_by(self.by_reading, choices)
        return replace(self, **changed) if changed else self


@dataclass(frozen=True, slots=True)
class Merge:
    """Two runs of a series that `indicator` measures are one spell, unless the series passes `test` for `hours` between them.

    count: the spell is counted whole, from end to end; or the hours of its runs are added up; or nothing is merged.
    """

    indicator: str
    test: str
    hours: int
    clause: str
    count: Literal["whole", "sum", "apart"] = "whole"
    by_reading: Changes = field(default_factory=dict)

    def read(self, choices: Mapping[str, str]) -> Merge:
        """The rule under these choices of readings."""
        changed = changed_by(self.by_reading, choices)
        return replace(self, **changed) if changed else self


@dataclass(frozen=True, slots=True)
class Lifecycle:
    start: str
    phases: Mapping[str, str]
    transitions: tuple[Transition, ...]
    levels: Mapping[str, Mapping[str, LevelRule]]
    merges: tuple[Merge, ...] = ()
    notices: Mapping[str, NoticeRule] = field(default_factory=dict)


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
    moment_events: Mapping[str, MomentEvent] = field(default_factory=dict)
    """What makes a moment happen; a moment that is not here is recorded by an officer."""
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
        """The letters of a reading's alternatives that something can be switched to."""
        return self.switches().get(reading, ())

    def switches(self, *kinds: str) -> Mapping[str, tuple[str, ...]]:
        """For each reading that moves something: the letters encoded. `kinds` as in `engine.plan.uses` (none: all)."""
        key = ("switches", *kinds)
        if key not in self.memo:
            from engine.plan.uses import uses

            found: dict[str, set[str]] = {}
            for use in uses(self):
                if not kinds or use.kind in kinds:
                    found.setdefault(use.reading, set()).add(use.letter)
            self.memo[key] = {reading: tuple(sorted(letters)) for reading, letters in found.items()}
        return self.memo[key]  # type: ignore[no-any-return]

    def duties_under(self, choices: Mapping[str, str] = NO_CHOICES) -> tuple[Duty, ...]:
        """The duties that stand under these choices of readings, as they are then read."""
        key = ("duties", tuple(sorted(choices.items())))
        if key not in self.memo:
            read = (duty.read(choices) for duty in self.duties)
            self.memo[key] = tuple(duty for duty in read if duty is not None)
        return self.memo[key]  # type: ignore[no-any-return]

    def procedure_under(self, choices: Mapping[str, str] = NO_CHOICES) -> tuple[Act, ...]:
        """The entries of the procedure that stand under these choices of readings."""
        return tuple(act for act in self.procedure if stands(act.under, choices))
