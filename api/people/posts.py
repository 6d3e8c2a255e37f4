"""Posts: who holds one, own or delegated, and in which posts a person may act now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from api.people.actor import EVERYWHERE, Actor, Delegated
from api.people.audit import record
from api.people.clock import Clock
from api.people.delegations import in_force
from api.people.person import Person, checked_text, person_of, row_of
from api.people.refusal import Conflict, Missing
from api.people.tables import people, person_posts
from api.store.database import reading, writing


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who may act in a post now; `delegation` where it is for another."""

    person_id: str
    name: str
    jurisdiction: str
    post: str
    delegation: Delegated | None


class Posts:
    """Posts in the database."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def give(self, person_id: str, post: str, by: str) -> Person:
        """Let a person hold a post, named exactly as plans print it. Raises Missing, Invalid or Conflict."""
        post, now = checked_text(post, "post", "岗位"), self._clock()
        try:
            with writing(self._engine) as link:
                row = row_of(link, person_id, lock=True)
                link.execute(insert(person_posts).values(person_id=person_id, post=post))
                record(link, now, by, "post.given", person_id, post=post)
                return person_of(link, row)
        except IntegrityError:
            raise Conflict(f"此人已任{post}", where="post", remedy="不必再加") from None

    def take(self, person_id: str, post: str, by: str) -> Person:
        """End a person's holding of a post; what the person delegated of it lapses. Raises Missing or Invalid."""
        post, now = checked_text(post, "post", "岗位"), self._clock()
        with writing(self._engine) as link:
            row = row_of(link, person_id, lock=True)
            held = (person_posts.c.person_id == person_id, person_posts.c.post == post)
            if link.execute(delete(person_posts).where(*held)).rowcount != 1:
                raise Missing(f"此人不任{post}", where="post", remedy="见 GET /api/v1/posts")
            record(link, now, by, "post.taken", person_id, post=post)
            return person_of(link, row)

    def holders(self, post: str | None = None, jurisdiction: str | None = None) -> list[Holder]:
        """Who may act in each post now (or in this post, in this jurisdiction), holders before delegates, by post and name."""
        now = self._clock()
        with reading(self._engine) as link:
            own = link.execute(
                select(people.c.id, people.c.name, people.c.jurisdiction, person_posts.c.post)
                .join(person_posts, person_posts.c.person_id == people.c.id)
                .where(people.c.active)
            ).all()
            lent = in_force(link, now)
            persons = {row.id: row for row in link.execute(select(people).where(people.c.active))}
        found = [Holder(*row, delegation=None) for row in own]
        for one in lent:
            if (to := persons.get(one.to_person)) is not None:
                found.append(Holder(to.id, to.name, to.jurisdiction, one.post, one))
        places = {EVERYWHERE, jurisdiction}
        wanted = [
            one for one in found if (post is None or one.post == post) and (jurisdiction is None or one.jurisdiction in places)
        ]
        return sorted(wanted, key=lambda one: (one.post, one.delegation is not None, one.name, one.person_id))


def actor_of(link: Connection, person: Person, now: datetime) -> Actor:
    """The person as an actor: own posts, and those delegated now that are not own. Of two delegations the later end counts."""
    lent = {one.post: one for one in sorted(in_force(link, now, person.id), key=lambda one: (one.until, one.id))}
    used = tuple(one for post, one in sorted(lent.items()) if post not in person.posts)
    posts: dict[str, str | None] = {post: None for post in sorted(person.posts)}
    return Actor(
        person_id=person.id,
        name=person.name,
        roles=person.roles,
        jurisdiction=person.jurisdiction,
        posts=posts | {one.post: one.id for one in used},
        delegations=used,
    )
