"""How a process learns of new entries, its own and those of others: PostgreSQL tells it, an SQLite file is looked at."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from api.store.failure import StoreUnavailable, speaking
from api.store.journal import CHANNEL, Journal
from engine.plan.finding import YuanError

LOOK_EVERY = 0.25
"""Seconds between two looks at an SQLite file."""
CHECK_EVERY = 5.0
"""Seconds of silence after which the line to PostgreSQL is tried, and what it may have missed is caught up."""
RETRY_AFTER = 0.5
"""Seconds before a lost database is tried again."""
log = logging.getLogger("yuan")


class Notices:
    """Calls each listener with a position, rising from call to call: all entries up to it can now be read.

    Entries appended through the same Journal object are told at once, in the appending thread. `start` begins to listen for
    those of others, in a thread that outlives the loss of the database; `stop` ends it. Several entries may come as one call.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._listeners: list[Callable[[int], None]] = []
        self._told = 0
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        journal.watch(self._tell)

    def listen(self, callback: Callable[[int], None]) -> Callable[[], None]:
        """Have `callback` called from now on, by any thread; it must not block. Call what is returned to end it."""
        with self._lock:
            self._listeners.append(callback)

        def end() -> None:
            with self._lock:
                if callback in self._listeners:
                    self._listeners.remove(callback)

        return end

    def start(self) -> None:
        """Listen for the entries of other processes, from the present position on. Raises StoreUnavailable."""
        self._told = max(self._told, self._journal.position())
        self._thread = threading.Thread(target=self._run, name="yuan-notices", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End listening; returns when the thread has ended."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _tell(self, position: int) -> None:
        with self._lock:
            if position <= self._told:
                return
            self._told = position
            listeners = tuple(self._listeners)
        for callback in listeners:
            try:
                callback(position)
            except Exception:
                log.exception("a listener for new entries failed")

    def _run(self) -> None:
        watch = self._hear if self._journal.engine.dialect.name == "postgresql" else self._look
        while not self._stopped.is_set():
            try:
                watch()
            except YuanError as error:
                log.warning("store: %s; new entries will be told when it is back", error.message)
                self._stopped.wait(RETRY_AFTER)
            except Exception:
                log.exception("listening for new entries failed")
                self._stopped.wait(RETRY_AFTER)

    def _look(self) -> None:
        while not self._stopped.wait(LOOK_EVERY):
            self._tell(self._journal.position())

    def _hear(self) -> None:
        engine = self._journal.engine
        with speaking(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"LISTEN {CHANNEL}"))
            driver: Any = connection.connection.driver_connection
            try:
                while not self._stopped.is_set():
                    position = connection.execute(text("SELECT position FROM counter")).scalar_one()
                    self._tell(position)
                    self._hear_for(driver, CHECK_EVERY)
            finally:
                connection.invalidate()

    def _hear_for(self, driver: Any, seconds: float) -> None:
        import psycopg

        waited = 0.0
        try:
            while waited < seconds and not self._stopped.is_set():
                for notice in driver.notifies(timeout=LOOK_EVERY, stop_after=1):
                    self._tell(int(notice.payload))
                waited += LOOK_EVERY
        except psycopg.Error as error:
            raise StoreUnavailable("数据库的连接断了") from error
