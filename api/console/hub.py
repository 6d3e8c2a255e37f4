"""News to the tabs: one follower of the journal for all of them; each tab is told in its own event loop."""

from __future__ import annotations

import asyncio
import threading
from typing import Protocol

from api.console.turns import Turns
from api.desk.live import Live
from api.people.changes import Changes
from engine.incident.chain import Entry
from engine.incident.state import Incident


class Listener(Protocol):
    """A tab."""

    loop: asyncio.AbstractEventLoop

    def hear(self, entry: Entry, incident: Incident) -> None:
        """A new entry. Called in the tab's own loop."""

    def look(self) -> None:
        """Something changed of which no entry tells. Called in the tab's own loop."""


class Hub:
    """Tells every open tab of new entries, and of changes among people."""

    def __init__(self, live: Live, changes: Changes) -> None:
        self._live = live
        self._changes = changes
        self._lock = threading.Lock()
        self._tabs: set[Listener] = set()
        self._subscribed = False
        self.turns = Turns()

    def join(self, tab: Listener) -> None:
        """From now on this tab is told."""
        with self._lock:
            self._tabs.add(tab)
            first, self._subscribed = not self._subscribed, True
        if first:
            self._live.subscribe(self._tell)
            self._changes.follow(self._wake)

    def leave(self, tab: Listener) -> None:
        """The tab is closed."""
        with self._lock:
            self._tabs.discard(tab)

    @property
    def tabs(self) -> int:
        """How many are open."""
        return len(self._tabs)

    def _tell(self, entry: Entry, incident: Incident) -> None:
        for tab in self._open():
            tab.loop.call_soon_threadsafe(tab.hear, entry, incident)

    def _wake(self) -> None:
        for tab in self._open():
            tab.loop.call_soon_threadsafe(tab.look)

    def _open(self) -> list[Listener]:
        with self._lock:
            return [tab for tab in self._tabs if not tab.loop.is_closed()]
