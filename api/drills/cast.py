"""Who takes part in an exercise, and as whom: the director sees and feeds in all, officers take down, those with a part sign."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from api.people.actor import Actor, may_see
from engine.drill.scenario import Player, Scenario
from engine.lifecycle.signers import RECORDERS

OFFICER = "officer"
"""The part of the officer on duty, beside the people of the scenario."""
ONLOOKER = frozenset({"observer"})


class Cast:
    """The parts of one exercise. Safe to share among threads.

    A person may have several parts; a part that nobody has is played by the script. Who has none may look on, where he may see
    what belongs to the place that is played, or directs drills.
    """

    def __init__(self, scenario: Scenario, director: str, parts: Mapping[str, frozenset[str]] | None = None) -> None:
        self._lock = threading.Lock()
        self._players: dict[str, Player] = {one.id: one for one in scenario.people}
        self._parts: dict[str, frozenset[str]] = dict(parts or {})
        self._place = scenario.jurisdiction
        self.director = director

    @property
    def parts(self) -> Mapping[str, frozenset[str]]:
        """Person id -> parts."""
        return dict(self._parts)

    @property
    def played(self) -> frozenset[str]:
        """The people of the scenario whom somebody plays."""
        return frozenset(part for parts in self._parts.values() for part in parts) & frozenset(self._players)

    @property
    def known(self) -> frozenset[str]:
        """Every part that there is."""
        return frozenset((OFFICER, *self._players))

    def assign(self, person_id: str, parts: frozenset[str]) -> None:
        """Give a person these parts, and no others; nobody else plays the same people then. Officers there may be several."""
        with self._lock:
            alone = parts - {OFFICER}
            kept = {one: held - alone for one, held in self._parts.items() if one != person_id}
            self._parts = {one: held for one, held in {**kept, person_id: parts}.items() if held}

    def roles_of(self, actor: Actor) -> frozenset[str]:
        """The director's; those of the parts; else an onlooker's, or none."""
        parts = self._parts.get(actor.person_id, frozenset())
        roles = set(ONLOOKER) if may_see(actor, self._place) or "director" in actor.roles else set()
        if actor.person_id == self.director:
            roles |= {"observer", "director", "officer"}
        if OFFICER in parts:
            roles |= {"observer", "officer"}
        if parts & frozenset(self._players):
            roles |= {"observer", "leader"}
        return frozenset(roles)

    def posts_of(self, actor: Actor) -> Mapping[str, str | None] | None:
        """Those of the parts, and no other: nobody acts in his own posts in an exercise."""
        parts = self._parts.get(actor.person_id, frozenset())
        posts: dict[str, str | None] = {}
        if OFFICER in parts or actor.person_id == self.director:
            posts |= dict.fromkeys(RECORDERS[1:])
        for part in parts & frozenset(self._players):
            posts |= dict.fromkeys(self._players[part].posts)
        return posts

    def names(self) -> Mapping[str, str]:
        """The names of those who are played, by what entries have in `by`."""
        return {one.id: one.name for one in self._players.values()}
