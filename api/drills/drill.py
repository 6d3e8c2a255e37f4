"""A drill that runs on this server, and its branches; what of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from api.drills.cast import Cast
from api.drills.exercise import Exercise
from api.drills.record import Diary, KeptBranch, Record
from api.people.refusal import Missing
from api.wings import Wing
from engine.drill.review.issue import Issue
from engine.drill.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Branch:
    """One course of a drill. parent, since: out of which other one it came, and at which moment of the exercise; None for the first.

    label: 甲, 乙, …. changes: what is otherwise in it, in words. store: the name of its files.
    """

    key: str
    label: str
    exercise: Exercise
    wing: Wing
    diary: Diary
    store: str
    parent: str | None = None
    since: datetime | None = None
    changes: str = ""

    @property
    def scenario(self) -> Scenario:
        return self.exercise.run.scenario

    def kept(self, total: Mapping[str, Any]) -> KeptBranch:
        """As it is kept. total: its evaluation in short, once the drill has ended."""
        one = self.exercise
        plans = tuple(plan.digest for plan in one.begun_with)
        return KeptBranch(
            self.key, self.label, self.parent, self.since, self.changes, self.scenario, plans, one.opener, self.store, one.run.at,
            one.run.over or one.ended, total,
        )  # fmt: skip

    def close(self) -> None:
        """End its threads and connections; the files stay."""
        self.exercise.close()
        self.diary.close()


@dataclass(slots=True)
class Drill:
    """A drill that runs, or ran on this server. started_at: real time. ended_at: None while it runs.

    issues, owners: as in `Record`. totals: each branch's evaluation in short, once it has ended.
    """

    id: str
    scenario: Scenario
    director: str
    started_at: datetime
    cast: Cast
    branches: list[Branch] = field(default_factory=list)
    ended_at: datetime | None = None
    issues: dict[str, tuple[Issue, ...]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    totals: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    director_name: str = ""

    @property
    def title(self) -> str:
        return self.scenario.title

    def branch(self, key: str) -> Branch:
        """Raises Missing."""
        found = next((one for one in self.branches if one.key == key), None)
        if found is None:
            known = "、".join(one.key for one in self.branches)
            raise Missing(f"这次推演没有分支“{key}”", where="branch", remedy=f"可用：{known}")
        return found

    def record(self) -> Record:
        """As it is kept."""
        return Record(
            self.id, self.title, self.director, self.started_at, self.ended_at, self.cast.parts,
            tuple(one.kept(self.totals.get(one.key, {})) for one in tuple(self.branches)), dict(self.issues), dict(self.owners),
            self.director_name,
        )  # fmt: skip
