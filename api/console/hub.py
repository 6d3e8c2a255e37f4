"""News to the tabs: one follower of the journal for all of them; each tab is told in its own event loop."""

from __future__ import annotations

import asyncio
import threading
from typing import Protocol

from api.console.turns import Turns
from api.desk.live import Live
from engine.incident.chain import Entry
from engine.incident.state import Incident


class Listener(Protocol):
    """A tab."""

    loop: asyncio.AbstractEventLoop

    def hear(self, entry: Entry, incident: Incident) -> None:
        """Called in the tab's own loop."""


class Hub:
    """Tells every open tab of new entries."""

    def __init__(self, live: Live) -> None:
        self._live = live
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

    def leave(self, tab: Listener) -> None:
        """The tab is closed."""
        with self._lock:
            self._tabs.discard(tab)

    @property
    def tabs(self) -> int:
        """How many are open."""
        return len(self._tabs)

    def _tell(self, entry: Entry, incident: Incident) -> None:
        with self._lock:
            tabs = tuple(self._tabs)
        for tab in tabs:
            if not tab.loop.is_closed():
                tab.loop.call_soon_threadsafe(tab.hear, entry, incident)
