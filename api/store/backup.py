"""A whole store in one file, taken while it works, and back again: on the same database or on the other kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, text

from api.store.contents import is_empty, put_in, reflect, tables, write_out
from api.store.database import reading, writing
from api.store.failure import StoreUnavailable
from api.store.lines import Header, new_file, read_header, read_rows
from api.store.schema import newest, upgrade
from api.store.tables import counter, meta
from api.store.verification import Progress, no_progress
from engine.plan.finding import YuanError


class NotEmpty(YuanError):
    """A restore over a store in which something is recorded."""

    code = "not-empty"


def back_up(engine: Engine, path: Path, progress: Progress = no_progress) -> Header:
    """Write everything that the store holds at one moment to a new file; the store goes on working. Raises BadInput."""
    with reading(engine) as connection, new_file(path) as stream:
        return write_out(connection, stream, "backup", tables(), progress)


def restore(engine: Engine, path: Path, keep: Path | None = None, progress: Progress = no_progress) -> Header:
    """Make the store what a backup says, of this release or an earlier one: all of it or nothing.

    keep: a new file for a backup of what is there; without it a store in which something is recorded is refused (NotEmpty).
    The file's checksum is tried first (StoreDamaged). Whether its chains hold is for `verify` to say.
    """
    header = read_header(path, "backup")
    if header.schema > newest():
        raise StoreUnavailable("备份是更新的一版 Yuan 写的", where=str(path), remedy="改用写它的那一版或更新的 Yuan")
    for _ in read_rows(path):
        pass
    with writing(engine) as connection:
        found = reflect(connection, tables())
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"LOCK TABLE {', '.join(found)} IN ACCESS EXCLUSIVE MODE"))
        if not is_empty(connection):
            if keep is None:
                raise NotEmpty(
                    "库里已有记录；什么都没有改", where=str(path), remedy="加 --replace：先把现有的备份下来，再整库换成这份备份"
                )
            with new_file(keep) as stream:
                write_out(connection, stream, "backup", tables(), no_progress)
        _drop(connection, list(found.values()))
        upgrade(connection, header.schema)
        for own in (meta, counter):
            connection.execute(own.delete())
        put_in(connection, read_rows(path), header.total, progress)
        upgrade(connection, newest())
    return header


def _drop(connection: Connection, found: Sequence[Table]) -> None:
    """Drop all tables of Yuan with their triggers, and on PostgreSQL the functions that those call."""
    functions: Sequence[str] = ()
    if connection.dialect.name == "postgresql":
        called = """SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger
                    WHERE NOT tgisinternal AND tgrelid = ANY (CAST(:names AS regclass[]))"""
        functions = connection.execute(text(called), {"names": [table.name for table in found]}).scalars().all()
    for table in reversed(found):
        table.drop(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    for name in functions:
        connection.execute(text(f"DROP FUNCTION {name}"))
