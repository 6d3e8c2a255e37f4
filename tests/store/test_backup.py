"""A whole store goes into one file while it works, and comes back whole, on either kind of database."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, insert, select

from api.people.tables import audit, people
from api.reading import BadInput
from api.store.backup import NotEmpty, back_up, restore
from api.store.database import connect, reading, writing
from api.store.failure import StoreDamaged, StoreUnavailable
from api.store.journal import Journal
from api.store.schema import migrate, version
from api.store.verification import Verdict, verify
from tests.store.databases import KINDS, new_store
from tests.store.samples import NOON, draft, filled, opened

PERSON = {
    "id": "zhang",
    "login": "zhang",
    "name": "张三",
    "jurisdiction": "某县",
    "roles": ["admin", {"值": None}],
    "active": True,
    "password": "$argon2id$…",
    "must_change": False,
    "created_at": datetime(2026, 7, 1, 4, 0, 0, 5, UTC),
}


def with_people(journal: Journal) -> None:
    filled(journal)
    with writing(journal.engine) as connection:
        connection.execute(insert(people).values(PERSON))
        for n in range(2):
            connection.execute(
                insert(audit).values(at=PERSON["created_at"], by="zhang", action="x", subject=str(n), detail={"n": n})
            )


def everything(engine: Engine) -> dict[str, list[dict[str, object]]]:
    with reading(engine) as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]
            for table in (people, audit)
        }


@pytest.fixture(params=KINDS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A new store of either kind, whatever the kind that was backed up."""
    engine = connect(new_store(request.param, request, tmp_path / "target"))
    yield engine
    engine.dispose()


def test_a_backup_restored_is_the_store_that_was_backed_up(journal: Journal, target: Engine, tmp_path: Path) -> None:
    with_people(journal)
    back_up(journal.engine, tmp_path / "backup.jsonl")
    restore(target, tmp_path / "backup.jsonl")
    there = Journal(target)
    assert (there.after(0), there.incidents(), there.instance()) == (journal.after(0), journal.incidents(), journal.instance())
    assert everything(target) == everything(journal.engine)
    assert everything(target)["people"] == [PERSON]
    assert verify(target) == Verdict(2, 8, ())
    there.append("a", 5, NOON, [draft()], "next")
    with writing(target) as connection:
        added = connection.execute(
            insert(audit).values(at=NOON, by="zhang", action="x", subject="3", detail={})
        ).inserted_primary_key
    assert (there.position(), tuple(added or ())) == (9, (3,))


def test_the_restored_store_still_refuses_to_change_an_entry(journal: Journal, target: Engine, tmp_path: Path) -> None:
    filled(journal)
    back_up(journal.engine, tmp_path / "backup.jsonl")
    restore(target, tmp_path / "backup.jsonl")
    with pytest.raises(Exception, match="append-only"), writing(target) as connection:
        connection.exec_driver_sql("DELETE FROM entries")


def test_a_store_with_records_is_replaced_only_on_demand_and_kept(journal: Journal, target: Engine, tmp_path: Path) -> None:
    with_people(journal)
    back_up(journal.engine, tmp_path / "backup.jsonl")
    there = Journal(target)
    mine = opened(there, "mine")
    with pytest.raises(NotEmpty):
        restore(target, tmp_path / "backup.jsonl")
    assert there.read("mine") == mine
    restore(target, tmp_path / "backup.jsonl", keep=tmp_path / "kept.jsonl")
    assert [one.id for one in there.incidents()] == ["b", "a"]
    restore(target, tmp_path / "kept.jsonl", keep=tmp_path / "kept2.jsonl")
    assert [one.id for one in there.incidents()] == ["mine"]
    assert there.read("mine") == mine
    assert verify(target) == Verdict(1, 2, ())


def test_a_backup_taken_under_load_is_of_one_moment(journal: Journal, store_url: URL, other_url: URL, tmp_path: Path) -> None:
    opened(journal)
    writer, stop = Journal(connect(store_url)), threading.Event()

    def write() -> None:
        seq = 2
        while not stop.is_set():
            seq = writer.append("a", seq, NOON, [draft()], None)[-1].seq

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for n in range(5):
            back_up(journal.engine, tmp_path / f"{n}.jsonl")
    finally:
        stop.set()
        thread.join()
        writer.engine.dispose()
    other = connect(other_url)
    restore(other, tmp_path / "4.jsonl")
    assert verify(other).breaks == ()
    assert 2 <= Journal(other).position() <= journal.position()
    other.dispose()


def test_a_changed_or_shortened_backup_is_refused_and_nothing_is_changed(journal: Journal, tmp_path: Path) -> None:
    with_people(journal)
    file = tmp_path / "backup.jsonl"
    back_up(journal.engine, file)
    whole = file.read_bytes()
    for wrong in (whole.replace("张三".encode(), "李四".encode()), whole[:-2], whole[: len(whole) // 2], whole + whole):
        file.write_bytes(wrong)
        with pytest.raises(StoreDamaged):
            restore(journal.engine, file, keep=tmp_path / "kept.jsonl")
    assert not (tmp_path / "kept.jsonl").exists()
    assert verify(journal.engine) == Verdict(2, 8, ())


def test_a_backup_of_an_earlier_schema_is_brought_up(journal: Journal, target: Engine, tmp_path: Path) -> None:
    filled(journal)
    file = tmp_path / "old.db"
    old = connect(URL.create("sqlite", database=str(file)))
    migrate(old, "0001")
    opened(Journal(old), "old")
    back_up(old, tmp_path / "backup.jsonl")
    assert json.loads((tmp_path / "backup.jsonl").read_bytes().splitlines()[0])["schema"] == "0001"
    restore(target, tmp_path / "backup.jsonl")
    with reading(target) as connection:
        assert version(connection) != "0001"
    assert Journal(target).read("old") == Journal(old).read("old")
    assert everything(target) == {"people": [], "audit": []}
    old.dispose()


def test_a_backup_of_a_later_release_is_refused(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"yuan":"backup","format":1,"schema":"9999","instance":"","counts":{}}\n')
    with pytest.raises(StoreUnavailable, match="备份是更新的一版 Yuan 写的"):
        restore(engine, tmp_path / "b.jsonl")


def test_no_file_is_written_over_and_a_backup_is_its_owners_alone(engine: Engine, tmp_path: Path) -> None:
    back_up(engine, tmp_path / "b.jsonl")
    before = (tmp_path / "b.jsonl").read_bytes()
    assert oct((tmp_path / "b.jsonl").stat().st_mode)[-3:] == "600"
    with pytest.raises(BadInput, match="文件已经存在"):
        back_up(engine, tmp_path / "b.jsonl")
    with pytest.raises(BadInput, match="写不了文件"):
        back_up(engine, tmp_path / "nowhere" / "b.jsonl")
    assert (tmp_path / "b.jsonl").read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*jsonl*")) == ["b.jsonl"]
