"""Fakes and short ways: a clock that is set, chance that counts, an office with a few people."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import Engine

from api import errors
from api.http import plans, security
from api.people.accounts import NewPerson
from api.people.actor import EVERYWHERE
from api.people.audit import CONSOLE
from api.people.passwords import Passwords
from api.people.person import Person
from api.people.service import PeopleService

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
START = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
HERE, THERE = "甲县", "乙县"
SOUND = "a sound password"


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class CountingChance:
    """Randomness that counts."""

    def __init__(self) -> None:
        self.count = 0

    def _next(self) -> int:
        self.count += 1
        return self.count

    def secret(self) -> str:
        return hashlib.sha256(f"secret {self._next()}".encode()).hexdigest()

    def name(self) -> str:
        return f"id{self._next()}"

    def password(self) -> str:
        return f"one-time-{self._next():06}"


class Office:
    """People over an engine, with a set clock."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.clock = SetClock()
        self.chance = CountingChance()
        self.people = PeopleService(engine, self.clock, self.chance, Passwords(CHEAP))

    def hire(
        self, login: str, *roles: str, posts: tuple[str, ...] = (), jurisdiction: str = HERE, knows: str | None = None
    ) -> Person:
        """A person; who knows a password of his own, one that need not be changed."""
        new = NewPerson(login, f"{login}先生", jurisdiction, frozenset(roles), frozenset(posts))
        person, one_time = self.people.accounts.create(new, CONSOLE)
        if knows is not None:
            self.people.accounts.change_password(person.id, one_time, knows, None)
        return self.people.accounts.find(person.id)

    def session(self, person: Person) -> str:
        """The secret of a fresh session."""
        started = self.people.sessions.start(person.id)
        assert started is not None
        return started[1]

    def admin(self) -> Person:
        """An administrator of all places."""
        return self.hire("root", "admin", jurisdiction=EVERYWHERE, knows=SOUND)

    def app(self) -> FastAPI:
        """An application with the routes of people alone."""
        app = FastAPI()
        errors.install(app)
        security.install(app, self.people)
        app.include_router(plans.router)
        errors.install_fallback(app, (*security.ROUTERS, plans.router))
        return app
