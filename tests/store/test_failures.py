"""The disk is full, the database is gone, locked, or of another release: a clear error, nothing lost, and it works again after."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, event, text

from api.settings import BadSetting, Settings
from api.store.database import connect, database_url, reading, writing
from api.store.failure import StoreUnavailable
from api.store.journal import Journal
from api.store.schema import migrate, newest, open_store
from api.store.verification import verify
from tests.store.databases import Server
from tests.store.samples import NOON, draft, opened


def fill_up(journal: Journal) -> tuple[str, int]:
    """Append until the store refuses: its message, and the number of the last entry that was acknowledged."""
    seq = 2
    while seq < 500:
        try:
            seq = journal.append("a", seq, NOON, [draft(text="满" * 2000)], str(seq))[-1].seq
        except StoreUnavailable as error:
            return error.message, seq
    raise AssertionError("the disk never filled")


def test_a_full_sqlite_file_refuses_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    pages = [10_000]
    engine = connect(URL.create("sqlite", database=str(tmp_path / "yuan.db")))

    @event.listens_for(engine, "connect")
    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages[0]}")

    migrate(engine)
    journal = Journal(engine)
    opened(journal)
    with reading(engine) as connection:
        pages[0] = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 40
    engine.dispose()
    message, acknowledged = fill_up(journal)
    assert message == "磁盘或数据库已满，这一条没有记下"
    assert journal.head("a").head_seq == journal.position() == acknowledged
    assert verify(engine).breaks == ()
    pages[0] = 10_000
    engine.dispose()
    assert journal.append("a", acknowledged, NOON, [draft(text="满" * 2000)], str(acknowledged))[0].seq == acknowledged + 1
    assert verify(engine).breaks == ()
    engine.dispose()


def test_a_full_disk_of_postgresql_refuses_and_goes_on_when_there_is_room(postgres: Server) -> None:
    """The server itself raises what it raises on a full disk (53100), in the middle of the command."""
    journal = Journal(connect(postgres.make()))
    opened(journal)
    full = """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"""
    with writing(journal.engine) as connection:
        connection.execute(text(full))
        connection.execute(
            text("CREATE TRIGGER full_disk BEFORE INSERT ON entries FOR EACH ROW WHEN (NEW.seq > 5) EXECUTE FUNCTION full_disk()")
        )
    assert fill_up(journal) == ("数据库服务器的磁盘已满，这一条没有记下", 5)
    assert journal.head("a").head_seq == journal.position() == 5
    with writing(journal.engine) as connection:
        connection.execute(text("DROP TRIGGER full_disk ON entries"))
    assert journal.append("a", 5, NOON, [draft()], "5")[0].seq == 6
    assert verify(journal.engine).breaks == ()
    journal.engine.dispose()


def test_postgresql_may_go_and_come_back(postgres: Server) -> None:
    journal = Journal(connect(postgres.make()))
    before = opened(journal)
    postgres.stop()
    try:
        for ask in (lambda: journal.append("a", 2, NOON, [draft()], "k"), lambda: journal.read("a"), journal.position):
            with pytest.raises(StoreUnavailable, match="连不上数据库"):
                ask()
    finally:
        postgres.start()
    assert journal.read("a") == before
    assert journal.append("a", 2, NOON, [draft()], "k")[0].seq == 3
    journal.engine.dispose()


def test_a_line_that_is_cut_in_the_middle_of_a_command_leaves_nothing_behind(postgres: Server) -> None:
    journal = Journal(connect(postgres.make()))
    opened(journal)

    @event.listens_for(journal.engine, "before_cursor_execute")
    def cut(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO entries"):
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")  # type: ignore[attr-defined]

    with pytest.raises(StoreUnavailable, match="连不上数据库"):
        journal.append("a", 2, NOON, [draft()], "k")
    event.remove(journal.engine, "before_cursor_execute", cut)
    assert journal.append("a", 2, NOON, [draft()], "k")[0].seq == 3
    assert verify(journal.engine).breaks == ()
    journal.engine.dispose()


def test_an_sqlite_file_that_is_moved_away_is_missed_and_found_again(tmp_path: Path) -> None:
    journal = Journal(connect(URL.create("sqlite", database=str(tmp_path / "data" / "yuan.db"))))
    migrate(journal.engine)
    before = opened(journal)
    for place in (tmp_path / "data", tmp_path / "data" / "yuan.db"):
        place.rename(tmp_path / "away")
        for ask in (lambda: journal.append("a", 2, NOON, [draft()], "k"), lambda: journal.read("a")):
            with pytest.raises(StoreUnavailable, match="打不开数据库文件"):
                ask()
        assert not place.exists()
        (tmp_path / "away").rename(place)
        assert journal.read("a") == before
    assert journal.append("a", 2, NOON, [draft()], "k")[0].seq == 3
    journal.engine.dispose()


@pytest.fixture
def hasty(store_url: URL) -> Iterator[Engine]:
    engine = connect(store_url, patience=0.2)
    yield engine
    engine.dispose()


def test_a_database_that_is_locked_too_long_refuses(journal: Journal, hasty: Engine) -> None:
    opened(journal)
    with writing(journal.engine) as connection:
        connection.execute(text("UPDATE counter SET position = position"))
        with pytest.raises(StoreUnavailable, match="数据库被占用太久，这一条没有记下"):
            Journal(hasty).append("a", 2, NOON, [draft()], "k")
        assert Journal(hasty).position() == 2
    assert Journal(hasty).append("a", 2, NOON, [draft()], "k")[0].seq == 3


def test_a_database_of_a_later_release_is_refused_and_left_alone(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable) as caught:
        migrate(engine)
    assert caught.value.message == f"数据库的版本（9999）比这一版 Yuan 所知的（{newest()}）新"


def test_a_database_without_tables_says_so(tmp_path: Path, postgres: Server) -> None:
    for url in (URL.create("sqlite", database=str(tmp_path / "empty.db")), postgres.make(empty=True)):
        engine = connect(url)
        with pytest.raises(StoreUnavailable, match="数据库缺少表"):
            Journal(engine).position()
        engine.dispose()


def test_commits_are_on_disk_before_they_are_acknowledged(engine: Engine) -> None:
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            asked = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert asked == ["wal", 2, 1]
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"


def test_postgresql_commits_to_disk_even_where_the_server_is_set_not_to(postgres: Server) -> None:
    url = postgres.make()
    engine = connect(url)
    with writing(engine) as connection:
        connection.execute(text(f"ALTER DATABASE {url.database} SET synchronous_commit = off"))
    engine.dispose()
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
    engine.dispose()


def test_the_settings_say_where_the_store_is(tmp_path: Path) -> None:
    engine = open_store(Settings(data_dir=tmp_path / "new" / "data"))
    assert engine.url.database == str(tmp_path / "new" / "data" / "yuan.db")
    assert oct((tmp_path / "new" / "data" / "yuan.db").stat().st_mode)[-3:] == "600"
    engine.dispose()
    assert database_url(Settings(database_url="postgres://yuan@db/yuan")).drivername == "postgresql+psycopg"
    for wrong in ("mysql://x/y", "sqlite://", "nonsense"):
        with pytest.raises(BadSetting):
            database_url(Settings(database_url=wrong))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable) as caught:
        open_store(Settings(data_dir=tmp_path / "file" / "data"))
    assert caught.value.where == str(tmp_path / "file" / "data" / "yuan.db")
