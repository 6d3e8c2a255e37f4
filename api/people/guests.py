"""The people of the live store as an exercise knows them: who they are, and nothing that could be written."""

from __future__ import annotations

from typing import NoReturn

from api.people.person import Person
from api.people.refusal import Forbidden
from api.people.service import Caller, PeopleService
from api.people.sessions import Session
from api.store.database import connect_to_read, reading

LIVE_ONLY = "推演中不办理这一项"
"""What is said of all that an exercise leaves to the live office."""


class GuestPeople(PeopleService):
    """Sessions and names of the live store, over connections that the database itself lets only read.

    A session is not noted as used; tokens, log-ins and changed passwords are the live office's alone.
    """

    def __init__(self, live: PeopleService) -> None:
        super().__init__(connect_to_read(live.engine.url), live.clock, rules=live.rules)

    def log_in(
        self, login: str, password: str, address: str, agent: str = "", replaces: str | None = None
    ) -> tuple[Person, Session, str]:
        """Raises Forbidden: one logs in at the live office."""
        _refuse()

    def change_password(self, caller: Caller, present: str, new: str, address: str) -> None:
        """Raises Forbidden: that is done at the live office."""
        _refuse()

    def by_session(self, secret: str) -> Caller | None:
        """The caller with this cookie, while session and account stand; nothing is noted."""
        with reading(self.engine) as link:
            return self.seen(link, secret)

    def by_token(self, secret: str) -> Caller | None:
        """Nobody: programs do not take part in exercises."""
        return None

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


def _refuse() -> NoReturn:
    raise Forbidden(LIVE_ONLY, remedy="回实况值班台办理")
