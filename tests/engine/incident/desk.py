"""A duty office in memory: an incident, its journal and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.incident.chain import BEGINNING, Entry, first_break, seal
from engine.incident.command import Actor, Command
from engine.incident.decide import decide
from engine.incident.state import Incident, evolve, fold
from engine.plan.model import Plan
from engine.trigger.facts import CHINA

START = datetime(2020, 12, 20, 20, 0, tzinfo=CHINA)
OFFICER = Actor("u1", "值班甲", {"值班员": None})
VICE = Actor("u2", "副市长乙", {"主管副市长": None})
MAYOR = Actor("u3", "市长丙", {"市长": None})


@dataclass
class Desk:
    """Carries out commands as the shell does, and holds the chain."""

    plans: Mapping[str, Plan]
    at: datetime = START
    state: Incident = field(default_factory=lambda: Incident("E-1"))
    entries: list[Entry] = field(default_factory=list)

    def do(self, command: Command, actor: Actor = OFFICER) -> list[str]:
        """Carry out a command now; the kinds of the entries that it made."""
        drafts = decide(self.state, command, actor, self.at, self.plans)
        previous = self.entries[-1].hash if self.entries else BEGINNING
        fresh = seal("E-1", self.state.seq, previous, self.at, drafts, None)
        self.entries += fresh
        for entry in fresh:
            self.state = evolve(self.state, entry)
        assert first_break(self.entries) is None
        assert fold("E-1", self.entries) == self.state
        return [entry.kind for entry in fresh]

    def later(self, **span: float) -> None:
        """Time passes."""
        self.at += timedelta(**span)
