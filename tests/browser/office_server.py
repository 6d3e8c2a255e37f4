"""Duty offices under a real uvicorn, ready at once: `python -m tests.browser.office_server` forks one for each line `{"port", "data", "clock"}`.

Each says its own number when it listens. Its clock is the machine's, moved by the seconds that stand in the file `clock`.
All end with the standard input.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn

from api.app import create_app
from api.library import Library, plans_folder
from api.office import open_office
from api.people.accounts import NewPerson
from api.people.audit import CONSOLE
from api.people.passwords import Passwords
from api.people.service import PeopleService
from api.settings import Settings
from api.store.schema import open_store
from tests.browser.office import PASSWORD, PEOPLE
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


def serve(library: Library, port: int, data: Path, clock: Path) -> None:
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
            serve(library, wanted["port"], Path(wanted["data"]), Path(wanted["clock"]))
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
