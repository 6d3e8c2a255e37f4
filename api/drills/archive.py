"""The records of all drills: of those that are played, and of those that were."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from api.desk.versions import Versions
from api.drills.drill import Drill
from api.drills.past import opened, run_of
from api.drills.record import KeptBranch, Record, Shelf, read_diary
from api.library import Library
from api.people.refusal import Missing
from api.store.failure import StoreUnavailable
from engine.contract.drill import evaluation_data
from engine.drill.authoring.scenario_text import scenario_text
from engine.drill.review.evaluation import evaluate
from engine.drill.review.issue import Issue
from engine.drill.run import Act, Run
from engine.incident.chain import Entry
from engine.plan.finding import YuanError
from engine.plan.model import Plan

log = logging.getLogger("yuan")


class Archive:
    """What stays of drills in a folder. Whoever changes it sees to it that one does so at a time."""

    def __init__(self, shelf: Shelf, library: Library) -> None:
        self.shelf = shelf
        self._library = library
        self._records: dict[str, Record] = {one.id: one for one in shelf.read()}

    def listed(self) -> tuple[Record, ...]:
        """Every drill that was put away, the oldest first."""
        return tuple(self._records.values())

    def find(self, drill_id: str) -> Record | None:
        """One that was put away."""
        return self._records.get(drill_id)

    def put_away(self, record: Record) -> None:
        """Keep a drill that is played no longer."""
        self._records = {**self._records, record.id: record}
        self.write(record)

    def write(self, record: Record) -> None:
        """Put a record on disk; where that cannot be done the drill goes on, and the log says so."""
        scenario = record.branches[0].scenario
        plans = [plan for listed in self._library.current().versions.values() for plan in listed if plan.id in scenario.plans]
        try:
            text = scenario_text(scenario, plans)
        except YuanError:  # a plan no longer has what the scenario speaks of
            text = ""
        try:
            self.shelf.write(record, text)
        except OSError:
            log.exception("the record of drill %s is not kept", record.id)

    def remove(self, drill_id: str) -> None:
        """Delete all that is kept of a drill. Raises StoreUnavailable."""
        self._records = {key: one for key, one in self._records.items() if key != drill_id}
        try:
            self.shelf.remove(drill_id)
        except OSError as error:
            raise StoreUnavailable(f"删不掉推演的文件：{error.strerror}", where=drill_id, remedy="检查权限") from None

    def run(self, record: Record, branch_key: str) -> Run:
        """A branch that is played no longer, with its journal. Raises Missing, BadRecord."""
        run = run_of(self.shelf, record.id, branch_of(record, branch_key), self._library)
        return run if record.ended_at is None else concluded(run)

    def played(self, drill_id: str, branch: KeptBranch) -> tuple[tuple[Plan, ...], list[Act], tuple[Entry, ...]]:
        """Under which versions a branch began, what was done in it, and the journal that came of it. Raises BadRecord."""
        with opened(self.shelf, drill_id, branch, self._library) as (journal, versions):
            listed = journal.incidents()
            entries = journal.read(listed[0].id) if listed else ()
            acts = [act for act, _ in read_diary(self.shelf.path(drill_id, f"{branch.store}.acts"), versions)]
            return _plans(branch, versions), acts, entries

    def evaluate(self, drill: Drill) -> None:
        """Evaluate every branch of a drill that has ended, and keep it."""
        for one in drill.branches:
            run = concluded(one.exercise.told())
            found = evaluation_data(evaluate(run), run.plans)
            drill.totals[one.key] = found["total"]
            try:
                self.shelf.put(drill.id, f"{one.key}.evaluation.json", found)
            except OSError:
                log.exception("the evaluation of %s is not kept", one.key)


def _plans(branch: KeptBranch, versions: Versions) -> tuple[Plan, ...]:
    return tuple(versions[digest] for digest in branch.plans)


def branch_of(record: Record, key: str) -> KeptBranch:
    """Raises Missing."""
    found = next((one for one in record.branches if one.key == key), None)
    if found is None:
        known = "、".join(one.key for one in record.branches)
        raise Missing(f"这次推演没有分支“{key}”", where="branch", remedy=f"可用：{known}")
    return found


def concluded(run: Run) -> Run:
    """A run that nothing more comes of."""
    return run if run.over else replace(run, scenario=replace(run.scenario, lasts=run.at - run.scenario.begins))


def noted(record: Record, branch_key: str, issue: Issue, owner: str | None) -> Record:
    """A record with a problem, in place of the one with its id. owner: the person's id. Raises Missing."""
    branch_of(record, branch_key)
    fresh = (*(one for one in record.issues.get(branch_key, ()) if one.id != issue.id), issue)
    listed = tuple(sorted(fresh, key=lambda one: (one.kind == "remark", len(one.id), one.id)))
    name = f"{branch_key}/{issue.id}"
    owners = {key: one for key, one in record.owners.items() if key != name} | ({} if owner is None else {name: owner})
    return replace(record, issues={**record.issues, branch_key: listed}, owners=owners)


def issues_of(record: Record, branch_key: str, found: Iterable[Issue]) -> tuple[Issue, ...]:
    """Those that the evaluation found, as people changed them, and those that people added."""
    listed = {one.id: one for one in record.issues.get(branch_key, ())}
    told = tuple(listed.pop(one.id, one) for one in found)
    return (*told, *listed.values())
