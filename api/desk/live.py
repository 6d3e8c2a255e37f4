"""New entries as they are recorded, by this process or another: one reader of the journal for all who follow."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from api.desk.states import States
from api.store.journal import Journal
from api.store.notices import Notices
from api.store.record import Listed, Placed
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.plan.finding import YuanError

BATCH = 500
RETRY_AFTER = 0.5
"""Seconds before a lost database is asked again."""
PATIENCE = 10.0
"""Seconds that `stop` waits for the reader."""
log = logging.getLogger("yuan")


@dataclass(frozen=True)
class News:
    """A new entry, its position in the store, and the incident that it belongs to."""

    position: int
    entry: Entry
    head: Listed

    @cached_property
    def data(self) -> str:
        """The entry as the interface tells it, in JSON on one line; worked out once for all who are told."""
        one = self.entry
        told = {
            "incident": one.incident,
            "title": self.head.title,
            "seq": one.seq,
            "at": one.at.isoformat(),
            "by": one.by,
            "kind": one.kind,
            "body": one.body,
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


Follower = Callable[[Sequence[News]], None]


class Live:
    """Tells followers of new entries, in order, each once. Keeps the states current too.

    `start` begins to listen, in a thread that outlives the loss of the database; `stop` ends it. Callbacks are called in that
    thread and must not block; one that fails is logged and told of the next entries all the same.
    """

    def __init__(self, journal: Journal, states: States, notices: Notices) -> None:
        self._journal = journal
        self._states = states
        self._notices = notices
        self._lock = threading.Lock()
        self._followers: list[Follower] = []
        self._heads: dict[str, Listed] = {}
        self._position = 0
        self._something = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._unlisten: list[Callable[[], None]] = []

    def start(self) -> None:
        """Fold the open incidents, and begin. Raises StoreUnavailable."""
        self._unlisten = [self._notices.listen(self._states.heard), self._notices.listen(lambda _: self._something.set())]
        self._notices.start()
        self._states.load()
        self._position = self._journal.position()
        self._thread = threading.Thread(target=self._run, name="yuan-live", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it, and the notices; returns when the threads have ended."""
        self._stopped.set()
        self._something.set()
        for end in self._unlisten:
            end()
        self._notices.stop()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    @property
    def position(self) -> int:
        """Up to which entry the followers have been told."""
        return self._position

    @property
    def followers(self) -> int:
        """How many are told."""
        return len(self._followers)

    def follow(self, callback: Follower, after: int) -> Callable[[], None] | None:
        """Have `callback` called with every entry after position `after`, perhaps with some before it too.

        Call what is returned to end it. None: others have been told of later entries already; `read` those and ask again.
        """
        with self._lock:
            if self._position > after:
                return None
            self._followers.append(callback)

        def end() -> None:
            with self._lock:
                if callback in self._followers:
                    self._followers.remove(callback)

        return end

    def subscribe(self, callback: Callable[[Entry, Incident], None]) -> Callable[[], None]:
        """Have `callback` called with each entry from now on, and the incident's state after it (or later still).

        Call what is returned to end it.
        """

        def tell(news: Sequence[News]) -> None:
            for one in news:
                try:
                    callback(one.entry, self._states.get(one.entry.incident))
                except Exception:
                    log.exception("a subscriber could not be told of %s/%s", one.entry.incident, one.entry.seq)

        end = None
        while end is None:
            end = self.follow(tell, self._position)
        return end

    def read(self, after: int) -> tuple[News, ...]:
        """The next entries after a position, for one who was not there; none at the end. Raises StoreUnavailable."""
        return self._news(self._journal.after(after, BATCH))

    def last(self) -> int:
        """The position of the last entry in the store. Raises StoreUnavailable."""
        return self._journal.position()

    def _news(self, placed: Sequence[Placed]) -> tuple[News, ...]:
        return tuple(News(one.position, one.entry, self._head(one.entry.incident)) for one in placed)

    def _head(self, incident: str) -> Listed:
        """Jurisdiction and title, which never change."""
        found = self._heads.get(incident)
        if found is None:
            found = self._heads[incident] = self._journal.head(incident)
        return found

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._something.wait()
            self._something.clear()
            try:
                while not self._stopped.is_set() and self._tell():
                    pass
            except YuanError as error:
                log.warning("store: %s; new entries will be told when it is back", error.message)
                self._again()
            except Exception:
                log.exception("telling of new entries failed")
                self._again()

    def _again(self) -> None:
        self._stopped.wait(RETRY_AFTER)
        self._something.set()

    def _tell(self) -> bool:
        """Tell of the next entries; were there any?"""
        after = self._position
        news = self.read(after)
        if not news:
            return False
        self._states.take(one.entry for one in news)
        self._states.taken(after, news[-1].position)
        with self._lock:
            self._position = news[-1].position
            followers = tuple(self._followers)
        for callback in followers:
            try:
                callback(news)
            except Exception:
                log.exception("a follower of new entries failed")
        return True
