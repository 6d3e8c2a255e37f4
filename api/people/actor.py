"""Who acts: a person as the incident core sees one, with the posts that the person may act in now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Delegated:
    """A post that is exercised for another: by whom (a person's id, or a post), on what authority, from when until when."""

    id: str
    post: str
    by_person: str | None
    by_post: str | None
    to_person: str
    authority: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """A person now. `posts`: each post that the person may act in, with the delegation's id, or None for an own post."""

    person_id: str
    name: str
    roles: frozenset[str]
    jurisdiction: str
    posts: Mapping[str, str | None] = field(default_factory=dict)
    delegations: tuple[Delegated, ...] = ()


def may_see(actor: Actor, jurisdiction: str) -> bool:
    """Whether what belongs to this jurisdiction is open to the actor: his own place, or all places."""
    return actor.jurisdiction in {EVERYWHERE, jurisdiction}
