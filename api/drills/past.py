"""A branch that is played no longer, out of its files: the same run as when it was played."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import URL

from api.desk.versions import Versions
from api.drills.kept import BadRecord
from api.drills.record import KeptBranch, Shelf, read_diary
from api.library import Library
from api.store.database import connect_to_read
from api.store.journal import Journal
from api.store.plan_texts import PlanTexts
from engine.drill.exchange.past import pins
from engine.drill.play import settled
from engine.drill.run import Refusal, Run
from engine.incident.chain import Entry
from engine.incident.state import fold
from engine.plan.model import Plan


@contextmanager
def opened(shelf: Shelf, drill_id: str, branch: KeptBranch, library: Library) -> Iterator[tuple[Journal, Versions]]:
    """The store of a branch, to read. Raises BadRecord where it is gone."""
    path = shelf.path(drill_id, f"{branch.store}.db")
    if not path.is_file():
        raise BadRecord("这个分支的库文件不在了", where=path.name, remedy="只能查看记录；不用时删去这次推演")
    engine = connect_to_read(URL.create("sqlite", database=str(path)))
    try:
        yield Journal(engine), Versions(library, PlanTexts(engine))
    finally:
        engine.dispose()


def run_of(shelf: Shelf, drill_id: str, branch: KeptBranch, library: Library) -> Run:
    """The run with its journal, as far as it came. Raises BadRecord, StoreUnavailable, UnknownName."""
    with opened(shelf, drill_id, branch, library) as (journal, versions):
        entries = _entries(journal, branch)
        plans = _plans(branch, entries, versions)
        run = Run(branch.scenario, plans, branch.scenario.begins, fold(entries[0].incident, entries), entries)
        refusals: list[Refusal] = []
        for act, refused in read_diary(shelf.path(drill_id, f"{branch.store}.acts"), versions):
            run = settled(run, act)
            refusals += refused
    last = max([branch.at, entries[-1].at, *(act.at for act in run.acts[-1:])])
    return replace(run, at=last, refusals=tuple(refusals))


def _entries(journal: Journal, branch: KeptBranch) -> tuple[Entry, ...]:
    listed = journal.incidents()
    entries = journal.read(listed[0].id) if listed else ()
    if not entries:
        raise BadRecord("这个分支没有日志", where=branch.key, remedy="只能查看记录；不用时删去这次推演")
    return entries


def _plans(branch: KeptBranch, entries: tuple[Entry, ...], versions: Versions) -> dict[str, Plan]:
    digests = dict.fromkeys([*branch.plans, *(pin.digest for pin in pins(entries))])
    return {digest: versions[digest] for digest in digests}
