"""A drill beside a duty office: an office of its own under `/drill/<key>`, with the live office's people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import URL

from api.library import Library
from api.office import Office
from api.people.service import PeopleService
from api.wings import Cast, Pulse, Wing, Wings
from engine.trigger.facts import CHINA
from tests.http.beside import open_beside
from tests.http.duty_office import DutyOffice, Person

EXERCISE = datetime(2020, 12, 21, 9, 0, tzinfo=CHINA)
"""When drills of the tests begin, by their own clock."""
SPEED = 60.0


class SetPulse:
    """An exercise's clock that stands until a test moves it."""

    def __init__(self, began: datetime = EXERCISE) -> None:
        self.pulse = Pulse(began, datetime.now(UTC), began, SPEED, running=False)

    def __call__(self) -> Pulse:
        return self.pulse

    def now(self) -> datetime:
        return self.pulse.shown.astimezone(UTC)

    def later(self, **span: float) -> None:
        self.pulse = replace(self.pulse, shown=self.pulse.shown + timedelta(**span))


def office_beside(folder: Path, library: Library, people: PeopleService, clock: SetPulse) -> Office:
    """A drill's office on a file in this folder."""
    return open_beside(URL.create("sqlite", database=str(folder / "drill.db")), library, clock.now, people)


class Drill:
    """A wing of an office, and its people at it."""

    def __init__(
        self,
        office: DutyOffice,
        folder: Path,
        library: Library,
        key: str = "winter",
        cast: Cast | None = None,
        place: str | None = None,
    ) -> None:
        wings: Wings = office.app.state.wings
        self.clock = SetPulse()
        self.office = office_beside(folder, library, wings.guests, self.clock)
        self.wing = Wing(key, "采暖期前综合演练", self.office, self.clock, cast=cast, place=place)
        wings.add(self.wing)
        self.client = TestClient(office.app, base_url=f"http://testserver/drill/{key}", raise_server_exceptions=False)

    def person(self, live: Person) -> Person:
        """Somebody, at the drill: with the very session of the live office."""
        return replace(live, client=self.client)

    def close(self) -> None:
        self.office.engine.dispose()
