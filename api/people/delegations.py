"""Delegations: who acts in a post for whom, on what authority, until when. A post that was delegated is not delegated on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, and_, exists, insert, or_, select, update

from api.people.actor import EVERYWHERE, Delegated
from api.people.audit import record
from api.people.chance import Chance
from api.people.clock import Clock
from api.people.person import checked_text, person_of, row_of
from api.people.refusal import Conflict, Invalid, Missing
from api.people.tables import delegations, people, person_posts
from api.store.database import reading, writing


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """What must be said of a delegation: by a person who holds the post, or by a post (an order of 市长, say)."""

    post: str
    to_person: str
    authority: str
    until: datetime
    since: datetime | None = None
    by_person: str | None = None
    by_post: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A delegation as listed."""

    delegated: Delegated
    revoked_at: datetime | None


class Delegations:
    """Delegations in the database."""

    def __init__(self, engine: Engine, clock: Clock, chance: Chance) -> None:
        self._engine = engine
        self._clock = clock
        self._chance = chance

    def create(self, new: NewDelegation, by: str) -> Recorded:
        """Record a delegation. Raises Missing, Invalid or Conflict."""
        now, delegation_id = self._clock(), self._chance.name()
        since = max(now, new.since) if new.since is not None else now
        values = {
            "by_person": new.by_person,
            "by_post": None if new.by_post is None else checked_text(new.by_post, "by_post", "授权岗位"),
            "to_person": new.to_person,
            "post": checked_text(new.post, "post", "岗位"),
            "authority": checked_text(new.authority.replace("/", "／"), "authority", "授权依据", 500),
        }
        if (new.by_person is None) == (new.by_post is None):
            raise Invalid("授权人写人员或岗位，二者之一", where="by_person", remedy="只写 by_person 或 by_post")
        if new.by_person == new.to_person:
            raise Invalid("不能授权给自己", where="to_person", remedy="改正被授权人")
        if new.until <= since:
            raise Invalid("授权的截止时间要晚于开始时间和现在", where="until", remedy="改正截止时间")
        with writing(self._engine) as link:
            _check_people(link, new, values["post"] or "")
            link.execute(insert(delegations).values(id=delegation_id, since=since, until=new.until, **values))
            record(
                link, now, by, "delegation.created", delegation_id, since=since.isoformat(), until=new.until.isoformat(), **values
            )
            return _recorded(_row(link, delegation_id))

    def revoke(self, delegation_id: str, by: str) -> None:
        """End a delegation now. Raises Missing."""
        now = self._clock()
        with writing(self._engine) as link:
            standing = (delegations.c.id == delegation_id, delegations.c.revoked_at.is_(None))
            if link.execute(update(delegations).where(*standing).values(revoked_at=now)).rowcount != 1:
                raise Missing("没有这项授权，或已经撤销", where="delegation", remedy="见 GET /api/v1/delegations")
            record(link, now, by, "delegation.revoked", delegation_id)

    def get(self, delegation_id: str) -> Recorded:
        """One delegation, ended or not. Raises Missing."""
        with reading(self._engine) as link:
            return _recorded(_row(link, delegation_id))

    def listed(self) -> list[Recorded]:
        """All of them, newest first, ended ones too."""
        query = select(delegations).order_by(delegations.c.since.desc(), delegations.c.id)
        with reading(self._engine) as link:
            return [_recorded(row) for row in link.execute(query).mappings()]


def in_force(link: Connection, now: datetime, to_person: str | None = None) -> list[Delegated]:
    """Delegations that count now. One by a person lapses when the person no longer holds the post or is disabled."""
    holds = exists().where(
        person_posts.c.person_id == delegations.c.by_person,
        person_posts.c.post == delegations.c.post,
        people.c.id == delegations.c.by_person,
        people.c.active,
    )
    query = (
        select(delegations)
        .where(delegations.c.revoked_at.is_(None), delegations.c.since <= now, now < delegations.c.until)
        .where(or_(delegations.c.by_person.is_(None), and_(delegations.c.by_person.is_not(None), holds)))
        .order_by(delegations.c.post, delegations.c.id)
    )
    if to_person is not None:
        query = query.where(delegations.c.to_person == to_person)
    return [_recorded(row).delegated for row in link.execute(query).mappings()]


def _check_people(link: Connection, new: NewDelegation, post: str) -> None:
    to = person_of(link, row_of(link, new.to_person))
    if not to.active:
        raise Conflict("被授权人已停用", where="to_person", remedy="换一个人员")
    if new.by_person is None:
        return
    giver = person_of(link, row_of(link, new.by_person))
    if not giver.active or post not in giver.posts:
        raise Conflict(f"授权人不任{post}，不能授权", where="by_person", remedy="由任此岗位的人授权；受托的岗位不得转授")
    if to.jurisdiction not in {EVERYWHERE, giver.jurisdiction} and giver.jurisdiction != EVERYWHERE:
        raise Conflict("被授权人不在授权人的辖区", where="to_person", remedy="换一个本辖区的人员")


def _row(link: Connection, delegation_id: str) -> RowMapping:
    row = link.execute(select(delegations).where(delegations.c.id == delegation_id)).mappings().one_or_none()
    if row is None:
        raise Missing("没有这项授权", where="delegation", remedy="见 GET /api/v1/delegations")
    return row


def _recorded(row: RowMapping) -> Recorded:
    names = ("id", "post", "by_person", "by_post", "to_person", "authority", "since", "until")
    return Recorded(Delegated(**{name: row[name] for name in names}), row["revoked_at"])
