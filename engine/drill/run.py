"""A drill that is being played, or was: what was done, by whom, when, and the journal that it made. A value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.drill.scenario import Scenario
from engine.incident.chain import Entry
from engine.incident.command import Actor, Command
from engine.incident.event import Event
from engine.incident.state import DutyState, Incident
from engine.plan.model import Plan

INCIDENT = "推演"
"""The name of a drill's incident; a drill has one."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does at a time: commands, carried out in order.

    origin: `begin`; `inject:<id>`, `else:<id>`, `skip:<id>` (its condition did not hold: nothing is carried out), `contingency:<id>`,
    `spared:<id>` (the contingency was not needed); `person:<id>:<proposal>`; `duty:<key>`; `clock`; `officer` (a person at a screen;
    `officer:<key>` where it was sent under an idempotency key); `director` (fed in by hand).
    """

    at: datetime
    by: Actor
    commands: tuple[Command, ...]
    origin: str


BY_HAND = ("clock", "officer", "director", "look")
"""Origins of what is not the script's, or comes again and again."""
HAND = "hand:"
"""How the keys of what is sent from a screen begin: none of them is the key of something that the script does."""


def key_of(origin: str, number: int) -> str | None:
    """The key of the entries that an act's command number `number` makes: its origin; None where that would not be one act's alone."""
    kind, _, name = origin.partition(":")
    if kind == "officer":
        return f"{HAND}{name}" if name else None
    return None if kind in BY_HAND else f"{origin}#{number}"


def origin_of(entry: Entry) -> str | None:
    """The origin of the act that made an entry; None for what was done by hand, and by time passing."""
    if entry.key is None or entry.key.startswith(HAND):
        return None
    return entry.key.rpartition("#")[0] or None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command of the script that the incident's state did not allow, and why."""

    at: datetime
    origin: str
    words: str


@dataclass(frozen=True, slots=True)
class Run:
    """A drill up to a moment. The same scenario, plans and acts give the same run, byte for byte.

    plans: by digest, the versions played. acts: all that was done, in order. given: inject id -> when it (or its alternative) was
    given. settled: origins that are dealt with, given or not. played: people whom officers play; they do not decide by themselves.
    entries: the journal, sealed; a run that is played without one (`light`) has what happened in `events` instead.
    """

    scenario: Scenario
    plans: Mapping[str, Plan]
    at: datetime
    incident: Incident
    entries: tuple[Entry, ...] = ()
    acts: tuple[Act, ...] = ()
    given: Mapping[str, datetime] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    refusals: tuple[Refusal, ...] = ()
    played: frozenset[str] = frozenset()
    light: bool = False
    events: tuple[tuple[datetime, Event], ...] = ()
    planned: dict[int, tuple[DutyState, Any]] = field(default_factory=dict, compare=False, repr=False)
    """When each duty gets done by the scenario, once worked out: by the duty's identity. Not part of the value."""

    @property
    def over(self) -> bool:
        """Whether the clock has run out or the incident is closed."""
        return self.at >= self.scenario.ends or self.incident.status not in ("new", "open")

    @property
    def names(self) -> dict[str, str]:
        """Names of the people who act, by id, for words about the journal."""
        found = {act.by.id: act.by.name for act in self.acts}
        return {**found, **{one.id: one.name for one in self.scenario.people}}
