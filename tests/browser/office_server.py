"""Duty offices under a real uvicorn, ready at once: `python -m tests.browser.office_server` forks one for each line `{"port", "data", "clock", "drill"}`.

Each says its own number when it listens. Its clock is the machine's, moved by the seconds that stand in the file `clock`. With a drill
it has a wing `winter`, whose clock begins where that one stands and runs sixty times as fast while the file `clock.stop` is not there.
All end with the standard input.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import URL

from api.app import create_app
from api.library import Library, plans_folder
from api.office import open_office
from api.people.accounts import NewPerson
from api.people.audit import CONSOLE
from api.people.passwords import Passwords
from api.people.service import PeopleService
from api.settings import Settings
from api.store.schema import open_store
from api.wings import Pulse, Wing, Wings
from tests.browser.office import CITY, PASSWORD, PEOPLE
from tests.http.beside import open_beside
from tests.people.world import CHEAP

EVERY = 0.5
"""Seconds between two looks at what time alone brings about: a test that moves the clock waits for them."""


class MovedClock:
    """The machine's clock, moved by the seconds in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._path.read_text()))


class Telling(uvicorn.Server):
    """A server that says when it listens."""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            os.write(1, f"{os.getpid()}\n".encode())


class Exercise:
    """A clock that runs sixty times as fast as the office's, and stands while a file is there."""

    def __init__(self, now: MovedClock, stop: Path) -> None:
        moment = now()
        self.pulse = Pulse(moment, moment, moment, 60.0)
        self._now, self._stop = now, stop

    def __call__(self) -> Pulse:
        return self.pulse

    def now(self) -> datetime:
        return self.pulse.at(self._now())

    def watch(self, changed: Callable[[], None]) -> None:
        while True:
            time.sleep(0.1)
            if self.pulse.running == self._stop.exists():
                self.pulse = self.pulse.changed(self._now(), running=not self.pulse.running)
                changed()


def add_drill(wings: Wings, library: Library, data: Path, now: MovedClock, stop: Path) -> None:
    """The wing `winter`: everybody takes part as who he is, officers and leaders in every post of theirs."""
    exercise = Exercise(now, stop)
    office = open_beside(URL.create("sqlite", database=str(data / "drill.db")), library, exercise.now, wings.guests, EVERY)
    wing = Wing("winter", "采暖期前综合演练", office, exercise, place=CITY)
    wings.add(wing)
    office.start()
    threading.Thread(target=exercise.watch, args=(wing.changes.tell,), daemon=True).start()


def serve(library: Library, port: int, data: Path, clock: Path, *, drill: bool = False) -> None:
    """One office on the store in a folder; a new store gets its people."""
    settings = Settings(data_dir=data, tick_every=EVERY)
    now = MovedClock(clock)
    people = PeopleService(open_store(settings), now, passwords=Passwords(CHEAP))
    if not people.accounts.everybody():
        for one in PEOPLE:
            new = NewPerson(one.login, one.name, one.place, frozenset(one.roles), frozenset(one.posts))
            person, once = people.accounts.create(new, CONSOLE)
            people.accounts.change_password(person.id, once, PASSWORD, None)
    office = open_office(settings, library, now, people)
    app = create_app(library, settings, office=office)
    if drill:
        add_drill(app.state.wings, library, data, now, clock.with_suffix(".stop"))
    Telling(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1)).run()


def main() -> None:
    for name in [one for one in os.environ if one.startswith("YUAN_")]:
        del os.environ[name]
    library = Library((plans_folder(),))
    library.current()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children = []
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
            serve(library, wanted["port"], Path(wanted["data"]), Path(wanted["clock"]), drill=wanted["drill"])
            os._exit(0)
        children.append(child)
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


if __name__ == "__main__":
    main()
