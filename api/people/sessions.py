"""Sessions: a random secret in a cookie, kept as a hash, with an idle and an absolute end."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update

from api.people.audit import record
from api.people.chance import Chance, digest
from api.people.clock import Clock
from api.people.refusal import Missing
from api.people.tables import people, sessions
from api.store.database import reading, writing
from api.store.failure import StoreUnavailable

TOUCH = timedelta(minutes=1)
KEEP = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session lasts without use, and at all: a duty of 24 hours fits, with its hand-over."""

    idle: timedelta = timedelta(hours=12)
    absolute: timedelta = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Session:
    """A login that stands."""

    id: str
    person_id: str
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class Sessions:
    """Sessions in the database."""

    def __init__(self, engine: Engine, clock: Clock, chance: Chance, lifetime: Lifetime) -> None:
        self._engine = engine
        self._clock = clock
        self._chance = chance
        self._lifetime = lifetime

    def start(
        self, person_id: str, address: str = "", agent: str = "", replaces: str | None = None
    ) -> tuple[Session, str] | None:
        """A session and its secret; the session of the secret `replaces` ends. None where the account was disabled meanwhile."""
        secret, now, session_id = self._chance.secret(), self._clock(), self._chance.name()
        with writing(self._engine) as link:
            active = select(people.c.id).where(people.c.id == person_id, people.c.active).with_for_update(key_share=True)
            if link.execute(active).first() is None:
                return None
            link.execute(delete(sessions).where(sessions.c.created_at < now - KEEP))
            if replaces is not None:
                link.execute(
                    update(sessions)
                    .where(sessions.c.digest == digest(replaces), sessions.c.ended_at.is_(None))
                    .values(ended_at=now)
                )
            link.execute(
                insert(sessions).values(
                    id=session_id,
                    digest=digest(secret),
                    person_id=person_id,
                    address=address[:64],
                    agent=agent[:200],
                    created_at=now,
                    seen_at=now,
                )
            )
            record(link, now, person_id, "session.started", session_id, address=address[:64])
            row = link.execute(select(sessions).where(sessions.c.id == session_id)).mappings().one()
        return self._session(row), secret

    def find(self, link: Connection, secret: str) -> Session | None:
        """The session of a secret, while it stands."""
        row = link.execute(select(sessions).where(sessions.c.digest == digest(secret))).mappings().one_or_none()
        return self._session(row) if row is not None and self._stands(row, self._clock()) else None

    def touch(self, session: Session) -> None:
        """Note it as used, once a minute at most; not where the store cannot: reading goes on with a full disk."""
        now = self._clock()
        if now - session.seen_at >= TOUCH:
            with suppress(StoreUnavailable), writing(self._engine) as link:
                standing = (sessions.c.id == session.id, sessions.c.ended_at.is_(None))
                link.execute(update(sessions).where(*standing).values(seen_at=now))

    def standing(self, person_id: str | None = None) -> list[Session]:
        """The sessions of a person, or all, newest first."""
        query = select(sessions).where(sessions.c.ended_at.is_(None)).order_by(sessions.c.created_at.desc(), sessions.c.id)
        if person_id is not None:
            query = query.where(sessions.c.person_id == person_id)
        now = self._clock()
        with reading(self._engine) as link:
            return [self._session(row) for row in link.execute(query).mappings() if self._stands(row, now)]

    def end(self, session_id: str, by: str) -> None:
        """End a session. Raises Missing where none stands."""
        now = self._clock()
        with writing(self._engine) as link:
            standing = (sessions.c.id == session_id, sessions.c.ended_at.is_(None))
            if link.execute(update(sessions).where(*standing).values(ended_at=now)).rowcount != 1:
                raise Missing("没有这个会话，或已经结束", where="session", remedy="见 GET /api/v1/sessions")
            record(link, now, by, "session.ended", session_id)

    def _stands(self, row: RowMapping, now: datetime) -> bool:
        return row["ended_at"] is None and now < self._expires_at(row)

    def _expires_at(self, row: RowMapping) -> datetime:
        end: datetime = min(row["seen_at"] + self._lifetime.idle, row["created_at"] + self._lifetime.absolute)
        return end

    def _session(self, row: RowMapping) -> Session:
        return Session(
            row["id"], row["person_id"], row["address"], row["agent"], row["created_at"], row["seen_at"], self._expires_at(row)
        )


def csrf_token(secret: str) -> str:
    """What a page of ours sends back in X-CSRF-Token: bound to the session, and of no use to find its secret."""
    return hmac.new(secret.encode(), b"yuan csrf", hashlib.sha256).hexdigest()
