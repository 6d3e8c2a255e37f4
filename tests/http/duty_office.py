"""A duty office behind HTTP: a store of its own, a clock that the test sets, people who are logged in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.app import create_app
from api.library import Library
from api.office import open_office
from api.people.audit import CONSOLE
from api.people.sessions import csrf_token
from api.people.tokens import NewToken
from api.settings import Settings
from api.store.schema import open_store
from engine.trigger.facts import CHINA
from tests.people.world import SOUND, Office

NIGHT = datetime(2020, 12, 20, 20, 0, tzinfo=CHINA)
CITY, COUNTY = "朔州市", "五台县"
POLLUTION = "shuozhou-heavy-pollution"
FIRE = "wutai-forest-grassland-fire"


@dataclass
class Person:
    """Somebody with a session, or a program with a token."""

    client: TestClient
    id: str
    headers: Mapping[str, str]

    def get(self, path: str, **query: Any) -> Any:
        """What a page answers; the test fails where it is an error."""
        answer = self.client.get(f"/api/v1{path}", params=query, headers=dict(self.headers))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """What a change answers; the test fails where it is refused."""
        answer = self.send(path, body, key)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def send(self, path: str, body: Any = None, key: str | None = None) -> Any:
        """The raw answer to a change."""
        headers = {**self.headers, **({} if key is None else {"Idempotency-Key": key})}
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def refused(self, path: str, body: Any = None, key: str | None = None) -> tuple[int, str, str]:
        """Status, code and message of a refusal, which has the one shape."""
        answer = self.send(path, body, key)
        found = answer.json()
        assert answer.status_code >= 400, found
        assert set(found) == {"code", "message", "where", "remedy"}
        return answer.status_code, found["code"], found["message"]


class DutyOffice:
    """The whole application without its console, on SQLite."""

    def __init__(self, folder: Path, library: Library, *, drills: bool = False) -> None:
        self.folder = folder
        self._settings = settings = Settings(data_dir=folder)
        engine = open_store(settings)
        self.staff = Office(engine)
        self.clock = self.staff.clock
        self.clock.now = NIGHT
        self._serve(library, drills=drills)

    def again(self, library: Library) -> DutyOffice:
        """The same office after its server has been stopped and started."""
        found = DutyOffice.__new__(DutyOffice)
        found.folder, found._settings = self.folder, self._settings
        found.staff = Office(open_store(self._settings))
        found.clock = found.staff.clock
        found.clock.now = self.clock.now
        found._serve(library, drills=self.app.state.drills is not None)
        return found

    def _serve(self, library: Library, *, drills: bool) -> None:
        settings = self._settings
        self.office = open_office(settings, library, self.clock, self.staff.people)
        self.app = create_app(library, settings, console=False, office=self.office, drills=drills)
        self.client = TestClient(self.app, raise_server_exceptions=False)
        self._logged_in: list[Person] = []

    def close(self) -> None:
        if self.app.state.drills is not None:
            self.app.state.drills.close()
        self.app.state.wings.close()
        self.office.engine.dispose()
        self.staff.engine.dispose()

    def hire(self, login: str, *roles: str, posts: tuple[str, ...] = (), place: str = CITY) -> Person:
        """Somebody who is logged in."""
        person = self.staff.hire(login, *roles, posts=posts, jurisdiction=place, knows=SOUND)
        return self.log_in(person.id)

    def log_in(self, person: str) -> Person:
        """The person with a fresh session, and again whenever time has passed."""
        found = Person(self.client, person, self._session(person))
        self._logged_in.append(found)
        return found

    def _session(self, person: str) -> dict[str, str]:
        secret = self.staff.session(self.staff.people.accounts.find(person))
        return {"cookie": f"yuan_session={secret}", "x-csrf-token": csrf_token(secret)}

    def program(self, person: Person, *scopes: str, feeds: tuple[str, ...] = ()) -> Person:
        """A token of somebody's."""
        until = self.clock() + timedelta(days=30)
        new = NewToken(person.id, "监测站接口", frozenset(scopes), until, frozenset(feeds))
        token, secret = self.staff.people.tokens.create(new, CONSOLE)
        return Person(self.client, token.id, {"authorization": f"Bearer {secret}"})

    def later(self, **span: float) -> datetime:
        """Time passes, and is noticed; whose session ended logs in again."""
        self.clock.forward(**span)
        for one in self._logged_in:
            one.headers = self._session(one.id)
        self.office.desk.tick()
        return self.clock()


@dataclass
class City:
    """The people of the heavy-pollution story."""

    office: DutyOffice
    officer: Person
    leader: Person
    vice: Person
    mayor: Person

    @classmethod
    def of(cls, office: DutyOffice) -> City:
        return cls(
            office,
            office.hire("officer", "officer", posts=("值班员",)),
            office.hire("leader", "leader", posts=("带班领导",)),
            office.hire("vice", "leader", posts=("主管副市长",)),
            office.hire("mayor", "leader", posts=("市长",)),
        )

    def opened(self, **more: Any) -> str:
        """A first report of bad air; the incident's id."""
        body = {"report": "市区能见度下降，空气质量转差", "source": "市生态环境局电话", "plans": [POLLUTION], **more}
        return str(self.officer.post("/incidents", body)["incident"])

    def forecast(self, incident: str, **facts: Any) -> Any:
        """Facts from the forecasters, as of now."""
        return self.officer.post(f"/incidents/{incident}/facts", {"facts": facts, "source": "监测预报组"})

    def orange(self) -> str:
        """An incident in which orange is in force."""
        incident = self.opened()
        self.forecast(incident, aqi_above_200_duration=80)
        self.vice.post(f"/incidents/{incident}/decisions", signature("orange", "主管副市长", proposal="P1"))
        return incident


def signature(level: str | None, post: str, **more: Any) -> dict[str, Any]:
    """A decision on the warning."""
    return {"plan": POLLUTION, "scale": "warning", "level": level, "post": post, **more}
