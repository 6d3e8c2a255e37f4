"""Every test here that asks for `office` or `engine` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.people.world import Office
from tests.store.databases import engine, postgres, store_url

__all__ = ["engine", "postgres", "store_url"]


@pytest.fixture
def office(engine: Engine) -> Office:
    return Office(engine)
