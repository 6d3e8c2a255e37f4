"""Where branches are made: a store and a diary, an exercise on them, and the wing that serves it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import URL

from api.drills.clock import ExerciseClock
from api.drills.drill import Branch, Drill
from api.drills.exercise import Exercise
from api.drills.record import Diary, KeptBranch, Shelf
from api.library import Library
from api.people.clock import Clock
from api.wings import Wing, Wings
from engine.drill.run import Act, Run
from engine.drill.scenario import PREFIX, Scenario
from engine.drill.script import RECORDER
from engine.incident.command import Actor, Open
from engine.plan.model import Plan


class Workshop:
    """Makes the branches of drills, in their folders on a shelf."""

    def __init__(self, shelf: Shelf, library: Library, wings: Wings, real: Clock) -> None:
        self._shelf = shelf
        self._library = library
        self._wings = wings
        self._real = real

    def branch(self, drill: Drill, kept: KeptBranch, plans: tuple[Plan, ...], acts: Iterable[Act], at: datetime | None) -> Branch:
        """A branch with its exercise, served; it is added to its drill. acts: what was done already, up to `at`: done again."""
        clock = ExerciseClock(kept.scenario.begins, at, self._real)
        diary = Diary(self._shelf.path(drill.id, f"{kept.store}.acts"))
        url = URL.create("sqlite", database=str(self._shelf.path(drill.id, f"{kept.store}.db")))
        exercise = None
        try:
            exercise = Exercise(
                url, self._library, self._wings.guests, kept.scenario, plans,
                lambda: drill.cast.played, acts=acts, at=at, clock=clock, by=kept.by, keep=diary,
            )  # fmt: skip
            title = f"{PREFIX}{kept.scenario.title}（{kept.label}）"
            wing = Wing(kept.key, title, exercise.office, clock.pulse, place=kept.scenario.jurisdiction, cast=drill.cast)
            exercise.changed = wing.changes.tell
            exercise.office.start()
            self._wings.add(wing)
        except BaseException:
            diary.close()
            if exercise is not None:
                exercise.close()
            self._shelf.forget(drill.id, kept.store)
            raise
        branch = Branch(kept.key, kept.label, exercise, wing, diary, kept.store, kept.parent, kept.since, kept.changes)
        drill.branches.append(branch)
        return branch


def beginning_of(
    scenario: Scenario, past: Run | None, plans: Callable[[], tuple[Plan, ...]]
) -> tuple[tuple[Act, ...], datetime | None, Actor, tuple[Plan, ...]]:
    """What was done before a drill begins, up to when, by whom it was opened, and under which versions."""
    if past is None:
        return (), None, RECORDER, plans()
    opening = past.acts[0].commands[0]
    assert isinstance(opening, Open)
    return past.acts, past.at, past.acts[0].by, opening.plans
