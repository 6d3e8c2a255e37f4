"""Is every stored entry what was once sealed? Where not: which incident, which entry, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, select

from api.store.database import reading
from api.store.failure import NoIncident, StoreDamaged
from api.store.tables import counter, entries, incidents
from engine.incident.chain import BEGINNING, Break, digest

Progress = Callable[[int, int], None]
"""Called now and then with what is done and the total."""
Stored = Mapping[str, Any] | RowMapping
"""A row of `entries`, from a database or a file."""
BATCH = 1000


def no_progress(done: int, total: int) -> None:
    """For those who do not look."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and the first break of each incident whose chain does not hold. Incident "" is the store itself."""

    incidents: int
    entries: int
    breaks: tuple[Break, ...]


class Chain:
    """One incident's entries as stored texts, seen one after the other."""

    def __init__(self, incident: str) -> None:
        self.incident = incident
        self.seq, self.hash = 0, BEGINNING
        self.broken: Break | None = None
        self._key: str | None = None
        self._n = 0
        self._position = 0

    def see(self, row: Stored) -> None:
        """Look at the next entry. Nothing is looked at after the first break."""
        if self.broken is not None:
            return
        seq, key, position = row["seq"], row["key"], row["position"]
        n = 0 if key is None else self._n + 1 if key == self._key else 1
        if seq != self.seq + 1:
            self._break(self.seq + 1, f"缺第{self.seq + 1}条，后一条是第{seq}条")
        elif row["previous"] != self.hash:
            self._break(seq, f"第{seq}条接不上前一条")
        elif _digest(row) != row["hash"]:
            self._break(seq, f"第{seq}条的内容与它的校验值不符")
        elif row["n"] != n:
            self._break(seq, f"第{seq}条在同一操作中的序号应为{n}，存的是{row['n']}")
        elif not isinstance(position, int) or position <= self._position:
            self._break(seq, f"第{seq}条的总序号 {position} 不在前一条的 {self._position} 之后")
        self.seq, self.hash, self._key, self._n, self._position = seq, row["hash"], key, n, position

    def end(self, seq: int, hash_: str) -> None:
        """Compare with the head that the incident names."""
        if self.broken is not None:
            return
        if self.seq != seq:
            words = f"缺第{self.seq + 1}条到第{seq}条" if self.seq < seq else f"事件只记到第{seq}条，多出后面的"
            self._break(min(self.seq, seq) + 1, words)
        elif self.hash != hash_:
            self._break(seq, f"第{seq}条与事件所记的最后校验值不符")

    def _break(self, seq: int, words: str) -> None:
        self.broken = Break(self.incident, seq, words)


def _digest(row: Stored) -> str | None:
    names = ("incident", "seq", "at", "by", "kind", "body", "key", "previous")
    try:
        return digest(*(row[name] for name in names))
    except (TypeError, ValueError):
        return None


def verify(engine: Engine, incident: str | None = None, progress: Progress = no_progress) -> Verdict:
    """Check all incidents, or one. Raises NoIncident, StoreUnavailable."""
    with reading(engine) as connection:
        own = [] if incident is not None else _file_breaks(connection)
        heads = select(incidents.c.id, incidents.c.head_seq, incidents.c.head_hash)
        rows = select(entries).order_by(entries.c.incident, entries.c.seq).execution_options(yield_per=BATCH)
        if incident is not None:
            heads, rows = heads.where(incidents.c.id == incident), rows.where(entries.c.incident == incident)
        read_damaged_texts(connection, damaged=True)
        try:
            known = {row.id: (row.head_seq, row.head_hash) for row in connection.execute(heads)}
            if incident is not None and not known:
                raise NoIncident(f"没有事件“{incident}”", where="incident", remedy="检查事件的编号")
            total = connection.execute(select(func.count()).select_from(rows.order_by(None).subquery())).scalar_one()
            seen, chains = _walk(connection.execute(rows).mappings(), total, progress)
            own += [] if incident is not None else _position_breaks(connection)
        except StoreDamaged as error:
            return Verdict(0, 0, (*own, Break("", 0, error.message)))
        finally:
            read_damaged_texts(connection, damaged=False)
    for name in known.keys() - chains.keys():
        chains[name] = Chain(name)
    for name, chain in chains.items():
        if name not in known:
            chain.broken = Break(name, 1, "有记录，却没有这个事件")
        else:
            chain.end(*known[name])
    broken = sorted(
        (one.broken for one in chains.values() if one.broken is not None), key=lambda one: (str(one.incident), one.seq)
    )
    return Verdict(len(known), seen, (*own, *broken))


def _walk(rows: Iterable[RowMapping], total: int, progress: Progress) -> tuple[int, dict[str, Chain]]:
    seen = 0
    chains: dict[str, Chain] = {}
    for seen, row in enumerate(rows, start=1):
        name = row["incident"]
        if name not in chains:
            chains[name] = Chain(name)
        chains[name].see(row)
        if seen % BATCH == 0 or seen == total:
            progress(seen, total)
    return seen, chains


def read_damaged_texts(connection: Connection, *, damaged: bool) -> None:
    """Let an SQLite connection read texts that are no longer UTF-8, with replacement characters."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        driver.text_factory = (lambda raw: raw.decode("utf-8", "replace")) if damaged else str


def _file_breaks(connection: Connection) -> list[Break]:
    if connection.dialect.name != "sqlite":
        return []
    found = connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
    return [Break("", 0, f"数据库文件：{words}") for words in found if words != "ok"]


def _position_breaks(connection: Connection) -> list[Break]:
    """Positions run from 1 to the counter's without gaps; an entry outside is named."""
    last = connection.execute(select(counter.c.position)).scalar_one_or_none()
    if last is None:
        return [Break("", 0, "缺总序号的计数")]
    strange = select(entries.c.incident, entries.c.seq, entries.c.position).where(
        (entries.c.position < 1) | (entries.c.position > last)
    )
    found = [
        Break(row.incident, row.seq, f"第{row.seq}条的总序号 {row.position} 不在 1 到 {last} 之间")
        for row in connection.execute(strange)
    ]
    count = connection.execute(select(func.count()).select_from(entries)).scalar_one()
    if not found and count != last:
        found = [Break("", 0, f"应有{last}条记录，现有{count}条")]
    return found
