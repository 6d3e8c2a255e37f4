"""A duty office on a store of its own with one small plan, and its screens without a browser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

from api.console.screen import Screen
from api.console.visit import Place, Visit
from api.desk.desk import Done
from api.library import Library
from api.office import open_office
from api.people.person import Person
from api.settings import Settings
from api.store.schema import open_store
from engine.incident.command import Actor, Command, Open
from engine.plan.model import Plan
from engine.trigger.facts import CHINA
from tests.desk.setting import PLACE
from tests.people.world import SOUND, Office

NIGHT = datetime(2026, 11, 22, 3, 12, tzinfo=CHINA)


class SmallOffice:
    """People, a desk and a clock that the test sets."""

    def __init__(self, folder: Path, library: Library) -> None:
        settings = Settings(data_dir=folder)
        self.staff = Office(open_store(settings))
        self.clock = self.staff.clock
        self.clock.now = NIGHT
        self.library = library
        self.office = open_office(settings, library, self.clock, self.staff.people)
        self.place = Place(library, self.office, PLACE, lambda plan, clause: {})
        self.officer = self.hire("officer", "officer", posts=("值班员",))
        self.leader = self.hire("leader", "leader", posts=("带班领导",))

    def close(self) -> None:
        self.office.engine.dispose()
        self.staff.engine.dispose()

    def hire(self, login: str, *roles: str, posts: tuple[str, ...] = (), place: str = PLACE) -> Person:
        return self.staff.hire(login, *roles, posts=posts, jurisdiction=place, knows=SOUND)

    @property
    def plan(self) -> Plan:
        return self.library.current().plan("good")

    def open(
        self, title: str = "某厂爆炸", *, plans: bool = True, watch: bool = False, place: str = PLACE, source: str = "电话"
    ) -> str:
        """An incident or a watch; its id."""
        command = Open(title, place, "有人被困", source, self.clock(), (self.plan,) if plans else (), watch=watch)
        return self.office.desk.open(command, self.actor(self.officer)).state.id

    def actor(self, person: Person) -> Actor:
        return Actor(person.id, person.name, dict.fromkeys(person.posts))

    def do(self, incident: str, command: Command, by: Person | None = None) -> Done:
        return self.office.desk.do(incident, command, self.actor(by or self.officer))

    def later(self, **span: float) -> None:
        self.clock.now += timedelta(**span)

    def see(
        self, kind: type[Screen], person: Person | None = None, query: Mapping[str, str] | None = None, **parameters: str
    ) -> Seen:
        """A screen as a person has it before him."""
        visit = Visit(self.place, self.staff.session(person or self.officer), parameters, query or {})
        screen = kind(visit)
        at_desk = visit.at_desk()
        return Seen(str(screen.frame(at_desk)), {name: str(html) for name, html in screen.panels(at_desk).items()})


@dataclass
class Seen:
    """The frame and the panels of a screen, as HTML."""

    frame: str
    panels: Mapping[str, str]

    def lines(self, panel: str) -> list[str]:
        """What a panel says, a line for each piece of text."""
        return texts(self.panels[panel])


def texts(html: str) -> list[str]:
    """The pieces of text between tags."""
    found = (unescape(one).strip() for one in re.split(r"<[^>]*>", html))
    return [one for one in found if one]
