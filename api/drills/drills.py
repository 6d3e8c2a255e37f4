"""The drills of one server: started, branched, ended, resumed; each branch is an exercise that is served under an address of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from api.drills.archive import Archive, concluded, issues_of, noted
from api.drills.cast import Cast
from api.drills.drill import Branch, Drill
from api.drills.kept import BadRecord
from api.drills.record import KeptBranch, Record, Shelf
from api.drills.workshop import Workshop, beginning_of
from api.library import Library
from api.people.clock import CHINA, Clock, system_clock
from api.people.refusal import Conflict, Invalid, Missing
from api.store.failure import StoreUnavailable
from api.wings import Wings
from engine.drill.play import plans_of
from engine.drill.review.issue import Issue
from engine.drill.run import Act, Run
from engine.drill.scenario import Scenario
from engine.drill.script import RECORDER
from engine.incident.chain import Entry
from engine.incident.command import Actor
from engine.plan.model import Plan

__all__ = ["LABELS", "Branch", "Drill", "Drills"]
LABELS = "甲乙丙丁戊己庚辛"
"""What branches are called, in the order in which they are made."""
MOST = 5
"""Drills that run at a time."""
SERVED = 5
"""Ended drills whose screens can still be looked at; of earlier ones the record stays."""
NO_DRILL = ("从“推演”一屏进入", "用“推演”一屏上的编号")


class Drills:
    """Every drill of this server, in this process, and the records of those before. Safe to share among threads.

    folder: where the exercises keep their stores, a folder for each drill; never that of the live store's file.
    """

    def __init__(self, folder: Path, library: Library, wings: Wings, real: Clock = system_clock) -> None:
        self._shelf = Shelf(folder)
        self._archive = Archive(self._shelf, library)
        self._library = library
        self._wings = wings
        self._real: Clock = real
        self._lock = threading.RLock()
        self._workshop = Workshop(self._shelf, library, wings, self._real)
        self._drills: dict[str, Drill] = {}
        self.told: Callable[[], None] = lambda: None
        """To be told when drills begin, branch or end."""

    def real(self) -> datetime:
        """The real moment now."""
        return self._real()

    def listed(self) -> tuple[Drill, ...]:
        """Those of this server's run, the newest first."""
        return tuple(reversed(self._drills.values()))

    def records(self) -> tuple[Record, ...]:
        """Every drill as it is kept, the newest first; those that are served still, as they are now."""
        live = [one.record() for one in self._drills.values()]
        return tuple(reversed([*(one for one in self._archive.listed() if one.id not in self._drills), *live]))

    def find(self, drill_id: str) -> Drill:
        """One that is served. Raises Missing."""
        found = self._drills.get(drill_id)
        if found is None:
            if self._archive.find(drill_id) is not None:
                raise Conflict(
                    f"推演“{drill_id}”只有记录，没有在运行", where="drill", remedy="未结束的可以续演；已结束的另开一次"
                )
            raise Missing(f"没有推演“{drill_id}”", where="drill", remedy=NO_DRILL[0])
        return found

    def record(self, drill_id: str) -> Record:
        """A drill as it is kept. Raises Missing."""
        live = self._drills.get(drill_id)
        found = self._archive.find(drill_id) if live is None else live.record()
        if found is None:
            raise Missing(f"没有推演“{drill_id}”", where="drill", remedy=NO_DRILL[1])
        return found

    def earlier(self, drill_id: str) -> Record | None:
        """The last drill of the same scenario that began before this one; None where it is the first. Raises Missing."""
        here, older = self.record(drill_id).branches[0].scenario.id, False
        for one in self.records():
            if older and one.branches[0].scenario.id == here:
                return one
            older = older or one.id == drill_id
        return None

    def drill_of(self, branch_key: str) -> tuple[Drill, Branch]:
        """The drill that is served and a branch (the key of its address) belongs to. Raises Missing."""
        for drill in tuple(self._drills.values()):
            for one in tuple(drill.branches):
                if one.key == branch_key:
                    return drill, one
        raise Missing(f"没有推演“{branch_key}”", where="drill", remedy=NO_DRILL[0])

    def run(self, drill_id: str, branch_key: str) -> Run:
        """A branch with its journal, as far as it has come; out of its files where it is served no longer. Raises Missing.

        One that was ended early lasted as long as that: what waits then waits in vain.
        """
        live = self._drills.get(drill_id)
        if live is not None:
            run = live.branch(branch_key).exercise.told()
            return run if live.ended_at is None else concluded(run)
        return self._archive.run(self.record(drill_id), branch_key)

    def start(
        self,
        scenario: Scenario,
        director: str,
        parts: Mapping[str, frozenset[str]] | None = None,
        *,
        past: Run | None = None,
    ) -> Drill:
        """Begin a drill, its clock standing at T+0; after what is `past`, where it goes on from an incident.

        Raises UnknownName for plans or readings that are not there, Invalid for parts, Conflict where too many run.
        """
        acts, at, by, plans = beginning_of(scenario, past, lambda: plans_of(scenario, self._library.current().versions))
        cast = Cast(scenario, director, parts)
        for held in cast.parts.values():
            _check_parts(held, cast)
        with self._lock:
            if sum(one.ended_at is None for one in self._drills.values()) >= MOST:
                raise Conflict(f"同时进行的推演至多 {MOST} 次", where="drill", remedy="先结束一次")
            now = self._real()
            drill = Drill(self._named(now), scenario, director, now, cast, director_name=self._name_of(director))
            try:
                self._add(drill, scenario, plans, acts=acts, at=at, by=by)
            except BaseException:
                self._shelf.remove(drill.id)
                raise
            self._drills = {**self._drills, drill.id: drill}
            self._save(drill)
        self.told()
        return drill

    def _name_of(self, person: str) -> str:
        try:
            return self._wings.guests.accounts.find(person).name
        except Missing:
            return person

    def _named(self, now: datetime) -> str:
        name = self._shelf.next_id(f"{now.astimezone(CHINA):%Y%m%d}")
        try:
            self._shelf.make(name)
        except OSError as error:
            raise StoreUnavailable(
                f"建立不了推演的文件夹：{error.strerror}", where=str(self._shelf.folder), remedy="检查磁盘和权限"
            ) from None
        return name

    def fork(
        self, drill_id: str, branch_key: str, moment: datetime, scenario: Scenario | None = None, changes: str = ""
    ) -> Branch:
        """Another branch: what was done up to a moment of this one, and from there on otherwise (or alike, to be played by hand).

        Readings and versions are those that the branch began under; for others, `again`. Raises Missing, Invalid, Conflict.
        """
        parent = self.find(drill_id).branch(branch_key)
        run = parent.exercise.told()
        if not run.scenario.begins <= moment <= run.at:
            raise Invalid(
                "只能从已经演到的时刻另开分支", where="moment",
                remedy=f"写 {run.scenario.begins:%m-%d %H:%M} 至 {run.at:%m-%d %H:%M} 之间的时刻",
            )  # fmt: skip
        acts = [act for act in run.acts if act.at <= moment]
        one = parent.exercise
        return self._branch(
            drill_id,
            scenario or run.scenario,
            one.begun_with,
            acts=acts,
            at=moment,
            by=one.opener,
            parent=parent,
            changes=changes,
        )

    def again(self, drill_id: str, scenario: Scenario, changes: str = "") -> Branch:
        """Another branch that begins anew at T+0: with other readings, plan versions, anything. Raises UnknownName, Missing, Conflict."""
        return self._branch(drill_id, scenario, plans_of(scenario, self._library.current().versions), changes=changes)

    def _branch(
        self,
        drill_id: str,
        scenario: Scenario,
        plans: tuple[Plan, ...],
        *,
        changes: str,
        acts: Iterable[Act] = (),
        at: datetime | None = None,
        by: Actor = RECORDER,
        parent: Branch | None = None,
    ) -> Branch:
        with self._lock:
            drill = self.find(drill_id)
            if drill.ended_at is not None:
                raise Conflict("推演已结束，不能再开分支", where="drill", remedy="另开一次推演")
            if len(drill.branches) == len(LABELS):
                raise Conflict(f"一次推演至多 {len(LABELS)} 个分支", where="drill", remedy="另开一次推演")
            branch = self._add(drill, scenario, plans, acts=acts, at=at, by=by, parent=parent, changes=changes)
            self._save(drill)
        for one in drill.branches:
            one.wing.changes.tell()
        self.told()
        return branch

    def _add(
        self,
        drill: Drill,
        scenario: Scenario,
        plans: tuple[Plan, ...],
        *,
        acts: Iterable[Act] = (),
        at: datetime | None = None,
        by: Actor = RECORDER,
        parent: Branch | None = None,
        changes: str = "",
    ) -> Branch:
        number = len(drill.branches)
        key = f"{drill.id}-{number + 1}"
        kept = KeptBranch(
            key, LABELS[number], None if parent is None else parent.key, at if parent is not None else None, changes, scenario,
            tuple(plan.digest for plan in plans), by, f"{key}.1", at or scenario.begins,
        )  # fmt: skip
        return self._workshop.branch(drill, kept, plans, acts, at)

    def cast(self, drill_id: str, person_id: str, parts: frozenset[str]) -> None:
        """Give a person these parts in every branch. Raises Missing, Conflict, Invalid for a part that there is not."""
        with self._lock:
            drill = self.find(drill_id)
            _check_parts(parts, drill.cast)
            if drill.ended_at is not None:
                raise Conflict("推演已结束", where="drill", remedy="另开一次推演")
            drill.cast.assign(person_id, parts)
            self._save(drill)
        for one in drill.branches:
            one.wing.changes.tell()
        self.told()

    def end(self, drill_id: str) -> None:
        """Stop the clocks for good, and evaluate; the screens of the last few that ended can still be looked at."""
        with self._lock:
            drill = self.find(drill_id)
            if drill.ended_at is None:
                for one in tuple(drill.branches):
                    one.exercise.end()
                drill.ended_at = self._real()
                self._archive.evaluate(drill)
                self._save(drill)
            for old in [one for one in self._drills.values() if one.ended_at is not None][:-SERVED]:
                self._put_away(old)
        self.told()

    def remove(self, drill_id: str) -> None:
        """Delete a drill and all that is kept of it. Raises Missing; Conflict for one that has not ended."""
        with self._lock:
            record = self.record(drill_id)
            live = self._drills.get(drill_id)
            if live is not None and live.ended_at is None:
                raise Conflict("推演还在进行", where="drill", remedy="先结束，再删去")
            if live is not None:
                self._put_away(live)
            self._archive.remove(record.id)
        self.told()

    def resume(self, drill_id: str) -> Drill:
        """Go on with a drill that stood when the server stopped: every act is done again, and must come to the same journal.

        Raises Missing; Conflict for one that runs or has ended; BadRecord where its files do not give the same.
        """
        with self._lock:
            if drill_id in self._drills:
                raise Conflict("这次推演正在运行", where="drill", remedy="直接进入")
            record = self.record(drill_id)
            if record.ended_at is not None:
                raise Conflict("推演已结束，不能续演", where="drill", remedy="用它的情景另开一次")
            drill = Drill(
                record.id, record.branches[0].scenario, record.director, record.started_at,
                Cast(record.branches[0].scenario, record.director, record.parts), [], None, dict(record.issues), dict(record.owners),
                director_name=record.director_name,
            )  # fmt: skip
            try:
                for kept in record.branches:
                    self._resumed(drill, kept)
            except BaseException:
                for one in drill.branches:
                    self._wings.remove(one.key)
                    one.close()
                    self._shelf.forget(drill.id, one.store)
                raise
            self._drills = {**self._drills, drill.id: drill}
            self._save(drill)
            for kept in record.branches:
                self._shelf.forget(drill.id, kept.store)
        self.told()
        return drill

    def _resumed(self, drill: Drill, kept: KeptBranch) -> None:
        plans, acts, before = self._archive.played(drill.id, kept)
        last = max([kept.at, *(act.at for act in acts[-1:])])
        stem, _, number = kept.store.rpartition(".")
        branch = self._workshop.branch(drill, replace(kept, store=f"{stem}.{int(number) + 1}"), plans, acts, last)
        after = branch.exercise.entries()
        if not _same(before, after):
            raise BadRecord("续演的日志与原来的不一致", where=kept.key, remedy="只能查看记录；要再演，用它的情景另开一次")

    def note(self, drill_id: str, branch_key: str, issue: Issue, owner: str | None) -> None:
        """Put a problem on record, in place of one with its id. owner: the person's id. Raises Missing."""
        with self._lock:
            live = self._drills.get(drill_id)
            changed = noted(self.record(drill_id), branch_key, issue, owner)
            if live is None:
                self._archive.put_away(changed)
            else:
                live.issues, live.owners = dict(changed.issues), dict(changed.owners)
                self._save(live)
        self.told()

    def issues(self, drill_id: str, branch_key: str, found: Iterable[Issue]) -> tuple[Issue, ...]:
        """Those that the evaluation found, as people changed them, and those that people added. Raises Missing."""
        return issues_of(self.record(drill_id), branch_key, found)

    def _save(self, drill: Drill) -> None:
        self._archive.write(drill.record())

    def _put_away(self, drill: Drill) -> None:
        """Serve a drill no longer; its record stays."""
        self._archive.put_away(drill.record())
        self._drills = {key: one for key, one in self._drills.items() if key != drill.id}
        for one in drill.branches:
            self._wings.remove(one.key)
            one.close()

    def close(self) -> None:
        """When the server stops: end all threads and connections. A drill that has not ended can be resumed."""
        with self._lock:
            for drill in tuple(self._drills.values()):
                for one in drill.branches:
                    one.exercise.clock.stand()
                self._put_away(drill)


def _check_parts(parts: frozenset[str], cast: Cast) -> None:
    unknown = parts - cast.known
    if unknown:
        raise Invalid(f"没有角色“{'、'.join(sorted(unknown))}”", where="parts", remedy=f"可用：{'、'.join(sorted(cast.known))}")


def _same(before: tuple[Entry, ...], after: tuple[Entry, ...]) -> bool:
    """Whether a journal is the same as far as both go; the last act may have been lost with the process."""
    return bool(before) and all(one.hash == other.hash for one, other in zip(before, after, strict=False))
