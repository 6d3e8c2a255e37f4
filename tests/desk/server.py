"""Real server processes on one store, ready at once: `python -m tests.desk.server PLANS` forks one for each line `URL EVERY LOG`.

Each says the port that it listens on and its own number. LOG gets a line at every tick. All end with the standard input.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine, make_url

from api.app import create_app
from api.desk.live import Live
from api.desk.ticker import Ticker
from api.http.events import streams_of
from api.http.streams import Pace
from api.library import Library
from api.office import Office
from api.people.passwords import Passwords
from api.people.service import PeopleService
from api.settings import Settings
from api.store.database import connect
from api.store.journal import Journal
from api.store.leadership import leadership
from api.store.notices import Notices
from tests.desk.setting import desk_on
from tests.people.world import CHEAP


def office_on(engine: Engine, library: Library, every: float = 5.0, log: Path | None = None) -> Office:
    """An office on a store that is migrated already."""
    journal = Journal(engine)
    desk = desk_on(journal, library)

    def tick() -> None:
        if log is not None:
            with log.open("a") as file:
                file.write(f"{os.getpid()} {time.monotonic()}\n")
        desk.tick()

    people = PeopleService(engine, passwords=Passwords(CHEAP))
    return Office(engine, desk, people, Live(journal, desk.states, Notices(journal)), Ticker(tick, leadership(engine), every))


def app_on(office: Office, library: Library, pace: Pace | None = None) -> FastAPI:
    """The application of an office."""
    app = create_app(library, Settings(), office=office, console=False)
    streams_of(app).pace = pace or Pace()
    return app


class Telling(uvicorn.Server):
    """A server that says where it listens."""

    def __init__(self, config: uvicorn.Config, *, says: bool = True) -> None:
        super().__init__(config)
        self._says = says

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started and self._says:
            os.write(1, f"{self.port} {os.getpid()}\n".encode())

    @property
    def port(self) -> int:
        found: int = self.servers[0].sockets[0].getsockname()[1]
        return found


def configured(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(app, port=0, log_level="error", ws="none", timeout_graceful_shutdown=5)


def serve(library: Library, line: str) -> None:
    url, every, log = line.split()
    office = office_on(connect(make_url(url)), library, float(every), Path(log))
    Telling(configured(app_on(office, library))).run()


def main() -> None:
    library = Library([Path(sys.argv[1])])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children = []
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
            serve(library, line)
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
