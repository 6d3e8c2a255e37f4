"""A desk over one small plan, and what people do at it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from api.desk.desk import Desk
from api.desk.versions import Versions
from api.library import Library
from api.people.accounts import NewPerson
from api.people.audit import CONSOLE
from api.people.passwords import Passwords
from api.people.service import PeopleService
from api.people.tokens import NewToken
from api.store.journal import Journal
from api.store.plan_texts import PlanTexts
from engine.incident.chain import first_break
from engine.incident.command import Actor, Note, Observe, Open
from engine.incident.state import fold
from tests.people.world import CHEAP

PLACE = "某市"
OFFICER = Actor("u1", "值班甲", {"值班员": None})
HEAD = Actor("u2", "指挥长乙", {"市指挥部": None})
PATIENCE = 60.0
"""Seconds after which a test that waits has failed."""


def clock() -> datetime:
    return datetime.now(UTC)


def plans_folder(folder: Path) -> Path:
    """A folder of plans with the smallest one in it."""
    (folder / "place").mkdir()
    shutil.copy(Path(__file__).parent.parent / "bad_plans" / "good.yaml", folder / "place" / "good.yaml")
    return folder


def desk_on(journal: Journal, library: Library, at: Callable[[], datetime] = clock) -> Desk:
    return Desk(journal, Versions(library, PlanTexts(journal.engine)), at)


def opening(desk: Desk, *, watch: bool = False, place: str = PLACE) -> Open:
    """A first report under the small plan."""
    plan = desk.versions._library.current().plan("good")
    return Open("某厂爆炸", place, "有人被困", "电话", clock(), (plan,), watch=watch)


def opened(desk: Desk, key: str | None = None, place: str = PLACE) -> str:
    """A new incident's id."""
    return desk.open(opening(desk, place=place), OFFICER, key).state.id


def note(text: str = "一切如常") -> Note:
    return Note(text, clock())


def deaths(count: int) -> Observe:
    return Observe({"deaths": count}, "现场", clock())


def together(works: Iterable[Callable[[], object]]) -> None:
    """Do all this at the same time. Raises the first error of any."""
    failed: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    until = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
        assert not thread.is_alive()
    if failed:
        raise failed[0]


def eventually(true: Callable[[], bool], seconds: float = 5.0) -> float:
    """Wait until it is true; how long that took. Fails after so many seconds."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.01)
    return time.monotonic() - began


def check_sound(desk: Desk, incident: str) -> None:
    """The chain holds, and the state at hand is the fold of what is recorded."""
    entries = desk.journal.read(incident)
    assert first_break(entries) is None
    assert desk.incident(incident) == fold(incident, entries)


def token_on(engine: Engine, *scopes: str, place: str = PLACE) -> str:
    """The secret of a token of a new officer; to read and enter facts unless said otherwise."""
    people = PeopleService(engine, passwords=Passwords(CHEAP))
    login = f"u{len(people.accounts.everybody())}-officer"
    person, _ = people.accounts.create(NewPerson(login, "值班员", place, frozenset({"officer"})), CONSOLE)
    new = NewToken(person.id, "试验", frozenset(scopes or ("read", "facts")), clock() + timedelta(days=1))
    return people.tokens.create(new, CONSOLE)[1]
