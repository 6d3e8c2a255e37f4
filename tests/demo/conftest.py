"""A demonstration in a folder of its own, at a moment that the test sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.demo.store import demo_settings
from api.library import Library, plans_folder
from api.settings import Settings


@pytest.fixture(scope="session")
def library() -> Library:
    """The plans that come with Yuan."""
    return Library((plans_folder(),))


@pytest.fixture
def office_settings(tmp_path: Path) -> Settings:
    """The settings of an office that has nothing yet."""
    return Settings(data_dir=tmp_path / "yuan", database_url=None)


@pytest.fixture
def settings(office_settings: Settings) -> Settings:
    """Those of the demonstration beside it."""
    return demo_settings(office_settings)
