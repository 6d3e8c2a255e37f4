"""Which of several processes on one store runs what only one may run: the ticks."""

from __future__ import annotations

import sqlite3
import threading
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

LEADING = 0x5975616F
"""The advisory lock that a leader holds on PostgreSQL."""


class Leadership(Protocol):
    """Ask `leads` before each tick: it takes the lead if no living process has it. The lead ends with the process, or `resign`."""

    def leads(self) -> bool:
        """Does this process lead now? False where the store cannot be asked."""

    def resign(self) -> None:
        """Let another process lead."""


def leadership(engine: Engine) -> Leadership:
    """This process's candidacy on this store."""
    if engine.dialect.name == "postgresql":
        return _PostgresLeadership(engine)
    return _FileLeadership(f"{engine.url.database}.leader")


class _PostgresLeadership:
    """A session's advisory lock: the server frees it when the session's process or line dies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._session: Connection | None = None

    def leads(self) -> bool:
        with self._lock:
            try:
                if self._session is not None:
                    self._session.execute(text("SELECT 1"))
                    return True
                return self._stand()
            except SQLAlchemyError:
                self._drop()
                return False

    def resign(self) -> None:
        with self._lock:
            self._drop()

    def _stand(self) -> bool:
        session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        taken = False
        try:
            taken = bool(session.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LEADING}).scalar_one())
        finally:
            if not taken:
                session.close()
        if taken:
            self._session = session
        return taken

    def _drop(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            session.invalidate()
            session.close()


class _FileLeadership:
    """An SQLite file beside the store, held locked: the operating system frees it when the process dies."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._held: sqlite3.Connection | None = None

    def leads(self) -> bool:
        with self._lock:
            if self._held is not None:
                return True
            try:
                connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
            except sqlite3.Error:
                return False
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error:
                connection.close()
                return False
            self._held = connection
            return True

    def resign(self) -> None:
        with self._lock:
            if self._held is not None:
                self._held.close()
                self._held = None
