"""Offices beside the live one, each under an address of its own: drills.

A wing is an `Office` on a store of its own, with a clock of its own, that the routes and screens of the live office serve under
`/drill/<key>/`. Its people are those of the live store, read and never written (`api.people.guests`).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from api.http.streams import Pace, Streams
from api.office import Office
from api.people.actor import EVERYWHERE, Actor
from api.people.changes import Changes
from api.people.guests import GuestPeople
from api.people.refusal import Conflict, Invalid
from api.people.service import Caller, PeopleService

UNDER = "/drill/"
"""Where the addresses of wings begin."""
NOT_IN_CAST = ("您不在这次推演里", "请导调让您参加；实况值班台不受影响")
"""What happened, and what to do, for somebody whom the director has not admitted."""
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Pulse:
    """How an exercise's clock runs: at the real moment `real` it showed `shown`; since then `speed` seconds of the exercise pass
    in a real one, or none while it stands. `began`: T+0, in the exercise's time."""

    began: datetime
    real: datetime
    shown: datetime
    speed: float = 1.0
    running: bool = True

    def at(self, real: datetime) -> datetime:
        """What the clock shows at a real moment."""
        return self.shown if not self.running else self.shown + (real - self.real) * self.speed

    def changed(
        self, real: datetime, *, shown: datetime | None = None, speed: float | None = None, running: bool | None = None
    ) -> Pulse:
        """The clock from a real moment on: put to another time, run faster or slower, stopped or started."""
        return Pulse(
            self.began,
            real,
            self.at(real) if shown is None else shown,
            self.speed if speed is None else speed,
            self.running if running is None else running,
        )

    @property
    def elapsed(self) -> timedelta:
        """Since T+0, when this pulse began."""
        return self.shown - self.began


class Cast(Protocol):
    """Who takes part in an exercise, and as whom."""

    def roles_of(self, actor: Actor) -> frozenset[str]:
        """What this person may see and do in the exercise; nothing for one whom the director has not admitted."""

    def posts_of(self, actor: Actor) -> Mapping[str, str | None] | None:
        """The posts that this person acts in, each with the authority in words where it is another's; None for the own ones."""

    def names(self) -> Mapping[str, str]:
        """Names of those who are played, by what entries have in `by`."""


class Everybody:
    """All take part, as who they are."""

    def roles_of(self, actor: Actor) -> frozenset[str]:
        return actor.roles

    def posts_of(self, actor: Actor) -> Mapping[str, str | None] | None:
        return None

    def names(self) -> Mapping[str, str]:
        return {}


class Wing:
    """One office beside the live one. Whoever makes it starts and stops its office.

    title: what the exercise is called. place: the jurisdiction that it plays in, open to all who take part; None for each his own.
    pulse: how its clock runs now; it must agree with the clock of the office's desk. `changes`: to be told when the clock, the cast
    or anything else that screens show is not as it was, and no entry of the journal tells of it.
    """

    def __init__(
        self,
        key: str,
        title: str,
        office: Office,
        pulse: Callable[[], Pulse],
        *,
        place: str | None = None,
        cast: Cast | None = None,
        pace: Pace | None = None,
    ) -> None:
        if not KEY.fullmatch(key):
            raise Invalid("推演的代号只能用小写字母、数字和 -", where="key", remedy="如 winter-1")
        self.key = key
        self.title = title
        self.office = office
        self.pulse = pulse
        self.place = place
        self.cast = cast or Everybody()
        self.streams = Streams(office.live, pace)
        self.changes = Changes()

    @property
    def path(self) -> str:
        """Where it is served, without a slash at the end."""
        return f"{UNDER}{self.key}"

    def admit(self, caller: Caller) -> Caller:
        """The caller as the exercise knows him: without a role where he does not take part."""
        actor = caller.actor
        played = self.cast.posts_of(actor)
        place = actor.jurisdiction if self.place is None or actor.jurisdiction == EVERYWHERE else self.place
        found = replace(actor, roles=self.cast.roles_of(actor), jurisdiction=place)
        if played is not None:
            found = replace(found, posts=dict(played), delegations=())
        return replace(caller, actor=found)


class Wings:
    """The wings of one application, in this process. Safe to share among threads."""

    def __init__(self, people: PeopleService) -> None:
        self._people = people
        self._lock = threading.Lock()
        self._wings: dict[str, Wing] = {}
        self._guests: GuestPeople | None = None

    @property
    def guests(self) -> GuestPeople:
        """The people of the live store, for the offices of wings."""
        with self._lock:
            if self._guests is None:
                self._guests = GuestPeople(self._people)
            return self._guests

    def add(self, wing: Wing) -> None:
        """Serve it from now on. Raises Conflict where the key is taken."""
        with self._lock:
            if wing.key in self._wings:
                raise Conflict(f"已有推演“{wing.key}”", where="key", remedy="换一个代号")
            self._wings[wing.key] = wing

    def remove(self, key: str) -> Wing | None:
        """Serve it no longer; its streams end."""
        with self._lock:
            wing = self._wings.pop(key, None)
        if wing is not None:
            wing.streams.close()
            wing.changes.tell()
        return wing

    def find(self, key: str) -> Wing | None:
        """The wing that is served under a key."""
        return self._wings.get(key)

    def serves(self, wing: Wing) -> bool:
        """Whether this very wing is still served."""
        return self._wings.get(wing.key) is wing

    def listed(self) -> tuple[Wing, ...]:
        """All, in the order in which they were added."""
        with self._lock:
            return tuple(self._wings.values())

    def end_streams(self) -> None:
        """End every stream of every wing, from any thread."""
        for wing in self.listed():
            wing.streams.close()

    def close(self) -> None:
        """Serve none any longer, and leave the live store."""
        for wing in self.listed():
            self.remove(wing.key)
        with self._lock:
            guests, self._guests = self._guests, None
        if guests is not None:
            guests.close()
