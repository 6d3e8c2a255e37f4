"""Every test of the desk that asks for `engine` or `store_url` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from api.desk.desk import Desk
from api.desk.live import Live
from api.library import Library
from api.store.database import connect
from api.store.journal import Journal
from api.store.notices import Notices
from tests.desk.client import Servers
from tests.desk.setting import desk_on, plans_folder, token_on
from tests.store.databases import engine, postgres, store_url

__all__ = ["engine", "postgres", "store_url"]


@pytest.fixture(scope="session")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one small plan."""
    return plans_folder(tmp_path_factory.mktemp("plans"))


@pytest.fixture(scope="session")
def small(plans: Path) -> Library:
    """The library of one small plan."""
    return Library([plans])


@pytest.fixture
def desk(engine: Engine, small: Library) -> Desk:
    return desk_on(Journal(engine), small)


@pytest.fixture
def desks(store_url: URL, small: Library) -> Iterator[tuple[Desk, Desk]]:
    """Two desks on one store, each with its own connections, kept current as in two processes."""
    engines = [connect(store_url) for _ in range(2)]
    pair = [desk_on(Journal(one), small) for one in engines]
    lives = [Live(one.journal, one.states, Notices(one.journal)) for one in pair]
    for live in lives:
        live.start()
    yield pair[0], pair[1]
    for live in lives:
        live.stop()
    for one in engines:
        one.dispose()


@pytest.fixture(scope="session")
def servers(plans: Path) -> Iterator[Servers]:
    """A source of server processes."""
    made = Servers(plans)
    yield made
    made.close()


@pytest.fixture
def token(engine: Engine) -> str:
    """The token of a program of the small plan's place, that may read and enter facts."""
    return token_on(engine)
