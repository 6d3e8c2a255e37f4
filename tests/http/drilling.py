"""A duty office that plays drills over HTTP: a director, two officers, an official, one who looks on, and somebody of another place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.library import Library, plans_folder
from engine.drill.authoring.scenario_text import scenario_text
from engine.drill.play import plans_of
from tests.drills.boiler import BEGINS, SCENARIO, VICE_MAYOR
from tests.http.duty_office import COUNTY, DutyOffice, Person

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@cache
def boiler() -> str:
    """The scenario as its file."""
    return scenario_text(SCENARIO, plans_of(SCENARIO, Library((plans_folder(),)).current().versions))


@dataclass
class Begun:
    """A drill, and its people at a branch of it."""

    office: DutyOffice
    id: str
    branch: str
    answer: dict[str, Any]

    def at(self, person: Person, branch: str | None = None) -> Person:
        """Somebody, under the address of a branch."""
        client = TestClient(
            self.office.app, base_url=f"http://testserver/drill/{branch or self.branch}", raise_server_exceptions=False
        )
        return replace(person, client=client)

    @property
    def path(self) -> str:
        return f"/drills/{self.id}"

    def file(self, person: Person, name: str, branch: str | None = None) -> Any:
        """A file of a branch, as it is sent."""
        path = f"/api/v1{self.path}/branches/{branch or self.branch}/{name}"
        return person.client.get(path, headers=dict(person.headers))

    def journal(self, person: Person, branch: str | None = None) -> list[str]:
        """A branch's lines."""
        answer = self.file(person, "journal.jsonl", branch)
        assert answer.status_code == 200, answer.text
        return str(answer.text).splitlines()


class Company:
    """The people of a drill at one office."""

    def __init__(self, office: DutyOffice) -> None:
        self.office = office
        self.director = office.hire("guide", "director")
        self.first = office.hire("first", "officer", posts=("值班员",))
        self.second = office.hire("second", "officer", posts=("值班员",))
        self.vice = office.hire("player", "leader", posts=("某职务",))
        self.watcher = office.hire("watcher", "observer")
        self.stranger = office.hire("stranger", "officer", place=COUNTY)

    @property
    def folder(self) -> Path:
        """Where the drills are kept."""
        return self.office.folder / "drills"

    def begin(self, person: Person | None = None, **more: Any) -> Begun:
        """A drill of the boiler."""
        body = {"yaml": boiler(), **more} if not {"scenario", "generate", "incident"} & set(more) else more
        answer = (person or self.director).post("/drills", body)
        return Begun(self.office, answer["id"], answer["branch"], answer)

    def cast(self) -> Begun:
        """A drill with the director, two officers, and the vice-mayor played by somebody."""
        parts = {self.first.id: ["officer"], self.second.id: ["officer"], self.vice.id: [VICE_MAYOR.id]}
        return self.begin(parts=parts)


def moment(after: timedelta) -> str:
    """T+ so much."""
    return (BEGINS + after).isoformat()


def shown(answer: dict[str, Any]) -> datetime:
    """What the clock shows by an answer."""
    return datetime.fromisoformat(answer["pulse"]["shown"])
