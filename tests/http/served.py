"""A server in a thread, over an office of its own, with people who listen."""

from __future__ import annotations

import threading
from datetime import timedelta

from sqlalchemy import URL

from api.desk.desk import Desk
from api.http.events import streams_of
from api.http.streams import Pace
from api.library import Library
from api.office import Office
from api.people.accounts import NewPerson
from api.people.audit import CONSOLE
from api.people.person import Person
from api.people.tokens import NewToken
from api.store.database import connect
from api.store.schema import migrate
from tests.desk.client import Listener
from tests.desk.server import Telling, app_on, configured, office_on
from tests.desk.setting import PLACE, clock, eventually

PACE = Pace(heartbeat=0.3, check=0.1, most=50, grace=0.5)


class Served:
    """A server in a thread over an office of its own."""

    def __init__(self, url: URL, library: Library) -> None:
        engine = connect(url)
        migrate(engine)
        self.office: Office = office_on(engine, library)
        self.app = app_on(self.office, library, PACE)
        self.server = Telling(configured(self.app), says=False)
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()
        eventually(lambda: self.server.started, 20)
        self.port = self.server.port

    def stop(self) -> None:
        streams_of(self.app).close()
        self.server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()

    @property
    def desk(self) -> Desk:
        return self.office.desk

    def hire(self, login: str, place: str = PLACE, role: str = "officer") -> Person:
        return self.office.people.accounts.create(NewPerson(login, login, place, frozenset({role})), CONSOLE)[0]

    def token(self, person: Person, *scopes: str) -> tuple[str, dict[str, str]]:
        """A token's id, and the header that shows it."""
        feeds = frozenset({"good/hourly"} if "feed" in scopes else ())
        new = NewToken(person.id, "试验", frozenset(scopes or ("read",)), clock() + timedelta(days=1), feeds)
        made, secret = self.office.people.tokens.create(new, CONSOLE)
        return made.id, {"Authorization": f"Bearer {secret}"}

    def reader(self, place: str = PLACE) -> dict[str, str]:
        """The header of somebody who may read what belongs to a place."""
        return self.token(self.hire(f"reader{len(self.office.people.accounts.everybody())}", place))[1]

    def listen(self, headers: dict[str, str], query: str = "", last: int | None = None) -> Listener:
        return Listener(self.port, headers if last is None else {**headers, "Last-Event-ID": str(last)}, query)

    def streams(self) -> int:
        return len(streams_of(self.app))
