"""All that a store holds, read out and put in, table by table, whatever the tables are."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import IO, Any

from sqlalchemy import JSON, Column, Connection, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from api.store.failure import StoreDamaged
from api.store.lines import Header, Line, Writer
from api.store.schema import version
from api.store.tables import meta, metadata
from api.store.verification import BATCH, Progress

OWN = ("meta", "counter")
"""Tables that a new store has rows in."""


def tables() -> tuple[str, ...]:
    """The names of all tables of this release, those that others refer to first."""
    import api.people.tables  # noqa: F401  its tables hang on the same metadata

    return tuple(table.name for table in metadata.sorted_tables)


def reflect(connection: Connection, names: Iterable[str]) -> dict[str, Table]:
    """The tables as they are in the database now, those that others refer to first; names that it has not are left out."""
    found = MetaData()
    wanted = set(names)
    found.reflect(connection, only=lambda name, _: name in wanted)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return {table.name: table for table in found.sorted_tables if table.name in wanted}


def is_empty(connection: Connection) -> bool:
    """Has nothing been recorded here yet?"""
    found = reflect(connection, tables())
    return all(connection.execute(select(table).limit(1)).first() is None for name, table in found.items() if name not in OWN)


def write_out(connection: Connection, stream: IO[bytes], kind: str, names: Sequence[str], progress: Progress) -> Header:
    """Write these tables as this transaction sees them."""
    found = reflect(connection, names)
    counts = {name: connection.execute(select(func.count()).select_from(table)).scalar_one() for name, table in found.items()}
    instance = str(connection.execute(select(meta.c.value).where(meta.c.name == "instance")).scalar_one())
    header = Header(kind, version(connection) or "", instance, counts)
    writer = Writer(stream, header)
    done = 0
    for name, table in found.items():
        order = [table.c.position] if name in ("entries", "incidents") else list(table.primary_key.columns)
        for row in connection.execute(select(table).order_by(*order).execution_options(yield_per=BATCH)).mappings():
            writer.row(name, {key: _told(value) for key, value in row.items()})
            done += 1
            if done % BATCH == 0 or done == header.total:
                progress(done, header.total)
    writer.end()
    return header


def put_in(connection: Connection, lines: Iterable[Line], total: int, progress: Progress) -> None:
    """Insert rows into the tables that the database has now. Raises StoreDamaged where one does not fit."""
    found = reflect(connection, tables())
    batch: list[Line] = []
    done = 0

    def flush() -> None:
        nonlocal done
        if batch:
            _insert(connection, found, batch)
            done += len(batch)
            progress(done, total)
            batch.clear()

    for line in lines:
        if batch and (len(batch) == BATCH or line.table != batch[0].table):
            flush()
        batch.append(line)
    flush()
    _continue_numbering(connection, found.values())


def _insert(connection: Connection, found: dict[str, Table], batch: Sequence[Line]) -> None:
    table = found.get(batch[0].table)
    if table is None or any(line.row.keys() != set(table.columns.keys()) for line in batch):
        raise StoreDamaged(
            f"表 {batch[0].table} 与数据库的结构不符", where=f"第{batch[0].number}行起", remedy="用另一份完好的文件"
        )
    read = {column.name: _reader(column, connection.dialect.name) for column in table.columns}
    rows = [{name: None if value is None else read[name](value) for name, value in line.row.items()} for line in batch]
    try:
        connection.execute(insert(table), rows)
    except IntegrityError as error:
        raise StoreDamaged(
            f"表 {table.name} 的内容自相矛盾", where=f"第{batch[0].number}到{batch[-1].number}行", remedy="用另一份完好的文件"
        ) from error


def _told(value: Any) -> Any:
    """A value of the database as JSON. Moments without a zone are UTC, as all tables keep them."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _reader(column: Column[Any], dialect: str) -> Callable[[Any], Any]:
    """How a value of this column comes back from JSON."""
    if isinstance(column.type, JSON):
        return lambda value: value
    kind = column.type.python_type
    if kind is datetime:
        return (
            (lambda value: datetime.fromisoformat(value).replace(tzinfo=None)) if dialect == "sqlite" else datetime.fromisoformat
        )
    if kind is date:
        return date.fromisoformat
    if kind is bytes:
        return base64.b64decode
    return lambda value: value


def _continue_numbering(connection: Connection, found: Iterable[Table]) -> None:
    """PostgreSQL numbers new rows from a sequence, which rows that bring their own number leave behind."""
    if connection.dialect.name != "postgresql":
        return
    for table in found:
        for column in table.primary_key.columns:
            name = connection.execute(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name))).scalar_one()
            if name is not None:
                last = connection.execute(select(func.max(column))).scalar_one()
                connection.execute(
                    text("SELECT setval(:name, :last, :used)"), {"name": name, "last": last or 1, "used": last is not None}
                )
