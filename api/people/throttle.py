"""Login throttling: each failure doubles the wait, per login and per address; kept in the database, so that all processes count together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.people.chance import digest
from api.people.clock import Clock
from api.people.refusal import TooManyAttempts
from api.people.tables import attempts
from api.store.database import writing

FORGET = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Patience:
    """After `free` failures the wait is 1 s, 2 s, 4 s … up to `longest`."""

    free: int
    longest: timedelta

    def wait(self, failures: int) -> timedelta:
        """How long after this many failures."""
        over = failures - self.free
        return timedelta() if over < 0 else min(self.longest, timedelta(seconds=2 ** min(over, 30)))


LOGIN = Patience(3, timedelta(minutes=5))
"""Not longer: whoever fails on purpose must not keep the officer on duty out for long."""
ADDRESS = Patience(20, timedelta(minutes=15))
"""More patient: a whole office may come from one address."""


class Throttle:
    """Counts attempts before the password is looked at, so that many at once do not slip through together."""

    def __init__(self, engine: Engine, clock: Clock, login: Patience = LOGIN, address: Patience = ADDRESS) -> None:
        self._engine = engine
        self._clock = clock
        self._login = login
        self._address = address

    def enter(self, login: str, address: str) -> None:
        """Count an attempt as failed until `succeed` says otherwise. Raises TooManyAttempts."""
        self._count(_login(login), self._login)
        self._count(_address(address), self._address)

    def succeed(self, login: str, address: str) -> None:
        """Forget the failures of this login, and this one attempt of the address."""
        with writing(self._engine) as link:
            link.execute(delete(attempts).where(attempts.c.key == _login(login)))
            link.execute(
                update(attempts)
                .where(attempts.c.key == _address(address), attempts.c.failures > 0)
                .values(failures=attempts.c.failures - 1, blocked_until=self._clock())
            )

    def _count(self, key: str, patience: Patience) -> None:
        for _ in range(20):
            now = self._clock()
            with writing(self._engine) as link:
                if _counted(link, key, patience, now):
                    return
        raise TooManyAttempts(1)


def _counted(link: Connection, key: str, patience: Patience, now: datetime) -> bool:
    """Whether the attempt was counted; False where another came between, to be tried again. Raises TooManyAttempts."""
    row = link.execute(select(attempts).where(attempts.c.key == key)).one_or_none()
    if row is not None and now < row.blocked_until <= now + patience.longest:
        raise TooManyAttempts(ceil((row.blocked_until - now).total_seconds()))
    failures = 1 + (row.failures if row is not None and row.last_at > now - FORGET else 0)
    values = {"failures": failures, "last_at": now, "blocked_until": now + patience.wait(failures)}
    if row is not None:
        same = (attempts.c.key == key, attempts.c.failures == row.failures, attempts.c.last_at == row.last_at)
        return link.execute(update(attempts).where(*same).values(**values)).rowcount == 1
    link.execute(delete(attempts).where(attempts.c.last_at < now - FORGET))
    try:
        with link.begin_nested():
            link.execute(insert(attempts).values(key=key, **values))
    except IntegrityError:
        return False
    return True


def _login(login: str) -> str:
    return f"login:{digest(login.strip().casefold())}"


def _address(address: str) -> str:
    return f"address:{address[:64]}"
