"""Which place and which hub a request belongs to: those of the live office, or of a wing."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from starlette.requests import Request

from api.console.hub import Hub
from api.console.visit import Place
from api.http.wings import wing_of
from api.wings import Wing, Wings


@dataclass(frozen=True, slots=True)
class Room:
    """What the tabs of one office share."""

    place: Place
    hub: Hub


class Rooms:
    """The live office's room, and one for each wing that has been visited."""

    def __init__(self, live: Room, wings: Wings) -> None:
        self._live = live
        self._wings = wings
        self._lock = threading.Lock()
        self._rooms: dict[Wing, Room] = {}

    def of(self, request: Request) -> Room:
        """The room of a request."""
        wing = wing_of(request.scope)
        return self._live if wing is None else self._of(wing)

    def _of(self, wing: Wing) -> Room:
        with self._lock:
            for gone in [one for one in self._rooms if not self._wings.serves(one)]:
                del self._rooms[gone]
            found = self._rooms.get(wing)
            if found is None:
                hub = Hub(wing.office.live, wing.changes)
                live = self._live.place
                own = wing.place or live.own
                place = replace(
                    live, office=wing.office, own=own, tabs=lambda: hub.tabs, wing=wing, live=live.office, wings=self._wings
                )
                found = self._rooms[wing] = Room(place, hub)
            return found
