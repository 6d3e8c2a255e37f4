"""Journals out of one store and into another: incidents, their entries and the plan versions that they are pinned to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, func, select, update

from api.store.contents import put_in, write_out
from api.store.database import reading, writing
from api.store.failure import StoreDamaged
from api.store.journal import CHANNEL
from api.store.lines import Header, Line, read_header, read_rows
from api.store.tables import counter, incidents, plan_texts
from api.store.verification import Chain, Progress, no_progress
from engine.plan.finding import YuanError

TABLES = ("plan_texts", "incidents", "entries")


class AlreadyThere(YuanError):
    """An import of incidents that the store has."""

    code = "already-there"


@dataclass(slots=True)
class _Content:
    """What a look through a file found: the incidents' heads, the rank of each one's first entry, and the plan versions' digests."""

    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    plans: set[str] = field(default_factory=set)
    entries: int = 0


def export_journal(engine: Engine, stream: IO[bytes], progress: Progress = no_progress) -> Header:
    """Write all journals, as of one moment; the store goes on working."""
    with reading(engine) as connection:
        return write_out(connection, stream, "journal", TABLES, progress)


def import_journal(engine: Engine, path: Path, progress: Progress = no_progress) -> Header:
    """Add the journals of a file to a store that has none of its incidents: all of them or, where anything is wrong, nothing.

    Entries keep everything that is sealed; their positions follow those of the store, in the order of the file. Raises
    StoreDamaged with the line, the incident and the entry where a chain does not hold, AlreadyThere, BadInput.
    """
    header = read_header(path, "journal")
    content = _look_through(path)
    with writing(engine) as connection:
        position = connection.execute(select(counter.c.position).with_for_update()).scalar_one()
        _refuse_known(connection, content, path)
        put_in(connection, _fitted(connection, path, content, position), header.total, progress)
        last = position + content.entries
        connection.execute(update(counter).values(position=last))
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_notify(CHANNEL, str(last))))
    return header


def _look_through(path: Path) -> _Content:
    """Check every chain, then the file's own checksum (at its end), then the heads."""
    found = _Content()
    place = 0
    for line in read_rows(path):
        try:
            place = _look_at(line, found, place)
        except (KeyError, TypeError, ValueError):
            raise _broken(path, line.number, "这一行缺少应有的内容") from None
        chain = found.chains.get(str(line.row.get("incident")))
        if line.table == "entries" and chain is not None and chain.broken is not None:
            raise _broken(path, line.number, f"事件 {chain.incident}：{chain.broken.words}")
        if line.table == "plan_texts" and hashlib.sha256(line.row["text"].encode()).hexdigest() != line.row["digest"]:
            raise _broken(path, line.number, f"预案 {line.row['plan']} 的文字与它的校验值不符")
    for name, chain in found.chains.items():
        chain.end(*found.heads[name])
        if chain.broken is not None:
            raise _broken(path, 0, f"事件 {name}：{chain.broken.words}")
    return found


def _look_at(line: Line, found: _Content, place: int) -> int:
    row = line.row
    if line.table == "incidents":
        found.heads[row["id"]] = (row["head_seq"], row["head_hash"])
        found.chains[row["id"]] = Chain(row["id"])
    elif line.table == "plan_texts":
        found.plans.add(row["digest"])
    elif line.table == "entries":
        found.entries += 1
        if row["position"] <= place:
            raise ValueError("the entries are not in order")
        found.first.setdefault(row["incident"], found.entries)
        found.chains[row["incident"]].see(row)
        return int(row["position"])
    else:
        raise ValueError("not a table of journals")
    return place


def _refuse_known(connection: Connection, content: _Content, path: Path) -> None:
    known = {name for name in connection.execute(select(incidents.c.id)).scalars() if name in content.heads}
    if known:
        shown = "、".join(sorted(known)[:5]) + ("等" if len(known) > 5 else "")
        raise AlreadyThere(
            f"库里已有文件中的{len(known)}个事件：{shown}；什么都没有导入",
            where=str(path),
            remedy="导入到另一个库；要整库换成一份备份，用 yuan restore",
        )


def _fitted(connection: Connection, path: Path, content: _Content, position: int) -> Iterator[Line]:
    """The rows as this store will hold them: positions after its own, without the plan versions that it has."""
    kept: Mapping[str, str] = {row.digest: row.text for row in connection.execute(select(plan_texts.c.digest, plan_texts.c.text))}
    done = 0
    for line in read_rows(path):
        row: dict[str, Any] = line.row
        if line.table == "plan_texts" and row["digest"] in kept:
            continue
        if line.table == "incidents":
            row = row | {"position": position + content.first[row["id"]]}
        elif line.table == "entries":
            done += 1
            row = row | {"position": position + done}
        yield Line(line.number, line.table, row)


def _broken(path: Path, number: int, words: str) -> StoreDamaged:
    return StoreDamaged(
        f"{words}；什么都没有导入", where=f"{path}:{number}" if number else str(path), remedy="用一份完好的文件；核对来源"
    )
