"""The journal of all incidents: entries are added, on disk before it says so, and never changed.

One writer at a time, on both databases: a writer first takes the counter's row (SQLite: the whole file), so that what it sees
of an incident is final, and positions follow the order of commits without gaps. An entry's `at` is whatever the caller's clock
said; the order is that of `seq` and `position`, so a clock that is set back disturbs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, func, insert, select, update

from api.store.database import PATIENCE, reading, writing
from api.store.failure import Conflict, KeyReused, NoIncident, busy
from api.store.record import Listed, Placed, entry_of, listed_of, rows_of
from api.store.tables import counter, entries, incidents, meta
from engine.incident.chain import BEGINNING, Draft, Entry, seal

CHANNEL = "yuan_entries"
"""Where PostgreSQL announces the position of the last entry of each commit."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What an incident begins with, for lists. kind: `live`."""

    jurisdiction: str
    title: str
    kind: str = "live"


@dataclass(frozen=True, slots=True)
class Addition:
    """What one incident is to receive.

    after: the number of the last entry that the caller has seen. status: what lists show from now on; None leaves it.
    opening: given where the incident is new; `after` is then 0.
    """

    incident: str
    after: int
    drafts: Sequence[Draft]
    status: str | None = None
    opening: Opening | None = None


class Journal:
    """The journal in one database, whose schema is up to date. Safe to share among threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._watchers: list[Callable[[int], None]] = []
        self._lock = threading.Lock()

    def watch(self, callback: Callable[[int], None]) -> None:
        """Have `callback` called with the last position after each commit of this very object; it must not raise. Notices tells of others' too."""
        self._watchers.append(callback)

    def open_incident(
        self, incident: str, opening: Opening, at: datetime, drafts: Sequence[Draft], key: str | None, status: str = "open"
    ) -> tuple[Entry, ...]:
        """Begin an incident with its first entries. Raises Conflict where the id is taken under another key."""
        return self.append_all([Addition(incident, 0, drafts, status, opening)], at, key)[0]

    def append(
        self, incident: str, after: int, at: datetime, drafts: Sequence[Draft], key: str | None, status: str | None = None
    ) -> tuple[Entry, ...]:
        """Add the entries of one command after number `after`. A key that is recorded already gives what was recorded then.

        Raises Conflict with the entries in between where `after` is not the head, NoIncident, StoreUnavailable.
        """
        return self.append_all([Addition(incident, after, drafts, status)], at, key)[0]

    def append_all(self, additions: Sequence[Addition], at: datetime, key: str | None) -> tuple[tuple[Entry, ...], ...]:
        """Add to several incidents, all or none, in one transaction. Raises as `append` does, and KeyReused.

        The answer stands in the order of the additions. An addition without drafts changes nothing and is checked all the same.
        """
        if len({one.incident for one in additions}) != len(additions):
            raise ValueError("an incident occurs twice in one command")
        with self._turn(), writing(self.engine) as connection:
            position = connection.execute(select(counter.c.position).with_for_update()).scalar_one()
            recorded = None if key is None else _recorded(connection, additions, key)
            if recorded is not None:
                return recorded
            sealed, last = [], position
            for one in additions:
                found = _add(connection, one, at, key, last)
                sealed.append(found)
                last += len(found)
            if last != position:
                connection.execute(update(counter).values(position=last))
                if connection.dialect.name == "postgresql":
                    connection.execute(select(func.pg_notify(CHANNEL, str(last))))
        if last != position:
            for callback in self._watchers:
                callback(last)
        return tuple(sealed)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait here among the threads of this process, in turn, rather than at the database, where waiting is by polling."""
        if not self._lock.acquire(timeout=PATIENCE):
            raise busy()
        try:
            yield
        finally:
            self._lock.release()

    def read(self, incident: str, after: int = 0, until: int | None = None) -> tuple[Entry, ...]:
        """The entries of an incident with numbers above `after`, up to and with `until`. Raises NoIncident."""
        wanted = select(entries).where(entries.c.incident == incident, entries.c.seq > after).order_by(entries.c.seq)
        if until is not None:
            wanted = wanted.where(entries.c.seq <= until)
        with reading(self.engine) as connection:
            found = tuple(entry_of(row) for row in connection.execute(wanted))
            if not found:
                _head(connection, incident)
            return found

    def after(self, position: int, limit: int = 1000) -> tuple[Placed, ...]:
        """Up to `limit` entries of all incidents that were committed after `position`, in order."""
        wanted = select(entries).where(entries.c.position > position).order_by(entries.c.position).limit(limit)
        with reading(self.engine) as connection:
            return tuple(Placed(row.position, entry_of(row)) for row in connection.execute(wanted))

    def recorded(self, incident: str, key: str) -> tuple[Entry, ...]:
        """What was recorded of an incident under an idempotency key; nothing where the key is new."""
        wanted = select(entries).where(entries.c.incident == incident, entries.c.key == key).order_by(entries.c.seq)
        with reading(self.engine) as connection:
            return tuple(entry_of(row) for row in connection.execute(wanted))

    def opened_by(self, key: str) -> str | None:
        """The incident whose first entry was recorded under an idempotency key."""
        first = entries.join(incidents, incidents.c.position == entries.c.position)
        wanted = select(entries.c.incident).select_from(first).where(entries.c.key == key)
        with reading(self.engine) as connection:
            found = connection.execute(wanted).scalars().first()
            return None if found is None else str(found)

    def position(self) -> int:
        """The position of the last entry of all; 0 before the first."""
        with reading(self.engine) as connection:
            return int(connection.execute(select(counter.c.position)).scalar_one())

    def head(self, incident: str) -> Listed:
        """The incident as a list shows it now. Raises NoIncident."""
        with reading(self.engine) as connection:
            return _head(connection, incident)

    def incidents(
        self, status: str | None = None, jurisdiction: str | None = None, before: int | None = None, limit: int | None = None
    ) -> tuple[Listed, ...]:
        """Incidents, the one opened last first; `before`, the `position` of the last one seen, gives the next page."""
        wanted = select(incidents).order_by(incidents.c.position.desc()).limit(limit)
        if status is not None:
            wanted = wanted.where(incidents.c.status == status)
        if jurisdiction is not None:
            wanted = wanted.where(incidents.c.jurisdiction == jurisdiction)
        if before is not None:
            wanted = wanted.where(incidents.c.position < before)
        with reading(self.engine) as connection:
            return tuple(listed_of(row) for row in connection.execute(wanted))

    def instance(self) -> str:
        """The id of this store, made with it."""
        with reading(self.engine) as connection:
            return str(connection.execute(select(meta.c.value).where(meta.c.name == "instance")).scalar_one())


def _head(connection: Connection, incident: str) -> Listed:
    row = connection.execute(select(incidents).where(incidents.c.id == incident)).one_or_none()
    if row is None:
        raise NoIncident(f"没有事件“{incident}”", where="incident", remedy="检查事件的编号")
    return listed_of(row)


def _recorded(connection: Connection, additions: Sequence[Addition], key: str) -> tuple[tuple[Entry, ...], ...] | None:
    """What these incidents have under this key; None where none has anything."""
    names = [one.incident for one in additions]
    wanted = select(entries).where(entries.c.incident.in_(names), entries.c.key == key).order_by(entries.c.seq)
    found: dict[str, list[Entry]] = {name: [] for name in names}
    for row in connection.execute(wanted):
        found[row.incident].append(entry_of(row))
    if not any(found.values()):
        return None
    if any(one.drafts and not found[one.incident] for one in additions):
        raise KeyReused(f"幂等键“{key}”已用于另一个操作", where="key", remedy="每个操作用一个新的键；重发同一操作才用原来的键")
    return tuple(tuple(found[name]) for name in names)


def _add(connection: Connection, one: Addition, at: datetime, key: str | None, position: int) -> tuple[Entry, ...]:
    """Check the head and write the entries; the counter is the caller's."""
    row = connection.execute(select(incidents).where(incidents.c.id == one.incident)).one_or_none()
    if row is None and one.opening is None:
        _head(connection, one.incident)
    seq, previous = (0, BEGINNING) if row is None else (row.head_seq, row.head_hash)
    if seq != one.after or (one.opening is not None and row is not None):
        came = select(entries).where(entries.c.incident == one.incident, entries.c.seq > one.after).order_by(entries.c.seq)
        raise Conflict(one.incident, tuple(entry_of(found) for found in connection.execute(came)))
    sealed = seal(one.incident, seq, previous, at, one.drafts, key)
    if not sealed:
        if one.opening is not None:
            raise ValueError("an incident opens with an entry")
        return ()
    head = {"head_seq": sealed[-1].seq, "head_hash": sealed[-1].hash}
    if one.status is not None:
        head["status"] = one.status
    if one.opening is not None:
        opening = {"jurisdiction": one.opening.jurisdiction, "title": one.opening.title, "kind": one.opening.kind}
        made = {"id": one.incident, "status": "open", "opened_at": at.isoformat(), "position": position + 1}
        connection.execute(insert(incidents).values(made | opening | head))
    else:
        connection.execute(update(incidents).where(incidents.c.id == one.incident).values(head))
    connection.execute(insert(entries), rows_of(sealed, position))
    return tuple(sealed)
