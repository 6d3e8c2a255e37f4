"""Every test of the store that asks for `journal`, `engine` or `store_url` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from api.store.journal import Journal
from tests.store.databases import engine, new_store, postgres, store_url

__all__ = ["engine", "postgres", "store_url"]


@pytest.fixture
def journal(engine: Engine) -> Journal:
    return Journal(engine)


@pytest.fixture
def other_url(store_url: URL, request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """A second new store on the same kind of database."""
    return new_store(store_url.get_backend_name(), request, tmp_path / "other")
