"""Plays of an exercise side by side: what differed first, levels over time, duties added, removed and tightened, signers, deadlines.

The first play is what the others are compared with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.drill.review.burden import Shift, shifts
from engine.drill.review.evaluation import Evaluation, evaluate
from engine.drill.review.lanes import Lane, lanes
from engine.drill.review.parting import LevelParting, Parting, first_parting, level_parting, parting_beyond_time
from engine.drill.run import Run
from engine.incident import event as ev
from engine.plan.condition import Level


@dataclass(frozen=True, slots=True)
class Play:
    """A finished or running drill under a name. lanes, evaluation: of it."""

    name: str
    run: Run
    lanes: tuple[Lane, ...]
    evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a level: plan, scale, level; T+ when; as proposed or otherwise."""

    plan: str
    scale: str
    level: Level
    post: str
    name: str
    after: timedelta
    approved: bool


@dataclass(frozen=True, slots=True)
class Against:
    """One play against the first: the first parting of what is recorded (with times; and of what is not only later), of levels, and duties."""

    play: Play
    first: Parting | None
    beyond_time: Parting | None
    level: LevelParting | None
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """base: the play that the others are compared with."""

    base: Play
    others: tuple[Against, ...]

    @property
    def plays(self) -> tuple[Play, ...]:
        return (self.base, *(one.play for one in self.others))

    @property
    def signatures(self) -> dict[tuple[str, str, Level], dict[str, Signature]]:
        """By plan, scale and level: who signed it in each play that came to it (the first time)."""
        found: dict[tuple[str, str, Level], dict[str, Signature]] = {}
        for play in self.plays:
            for one in signatures(play.run):
                found.setdefault((one.plan, one.scale, one.level), {}).setdefault(play.name, one)
        return found


def compare(plays: Sequence[tuple[str, Run]]) -> Comparison:
    """Two or more plays, with their names. Raises ValueError for fewer."""
    if len(plays) < 2:
        raise ValueError("a comparison needs two plays")
    base, *others = (Play(name, run, lanes(run.entries, run.plans, run.at), evaluate(run)) for name, run in plays)
    return Comparison(base, tuple(_against(base, one) for one in others))


def _against(base: Play, other: Play) -> Against:
    return Against(
        other,
        first_parting(base.run, other.run),
        parting_beyond_time(base.run, other.run),
        level_parting(base.run, base.lanes, other.run, other.lanes),
        shifts(base.run, other.run),
    )


def signatures(run: Run) -> tuple[Signature, ...]:
    """Every decision of a play, in order."""
    found = []
    for entry in run.entries:
        event = ev.from_data(entry.kind, entry.body)
        if isinstance(event, ev.Decided):
            after = event.decided_at - run.scenario.begins
            found.append(Signature(event.plan, event.scale, event.level, event.post, event.name, after, event.approved))
    return tuple(found)
