"""The small office for tests of the console's screens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.library import Library
from tests.console.small_office import SmallOffice
from tests.desk.setting import plans_folder


@pytest.fixture(scope="session")
def small_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The library of one small plan."""
    return Library([plans_folder(tmp_path_factory.mktemp("plans"))])


@pytest.fixture
def small_office(tmp_path: Path, small_library: Library) -> Iterator[SmallOffice]:
    office = SmallOffice(tmp_path, small_library)
    yield office
    office.close()
