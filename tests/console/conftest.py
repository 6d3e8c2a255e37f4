"""The small office for tests of the console's screens, and a city with its plans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.console.visit import Place
from api.library import Library
from api.library import plans_folder as own_plans
from tests.console.small_office import SmallOffice
from tests.console.story_desk import Desk
from tests.desk.setting import plans_folder
from tests.http.duty_office import CITY, POLLUTION, City, DutyOffice


@pytest.fixture(scope="session")
def small_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The library of one small plan."""
    return Library([plans_folder(tmp_path_factory.mktemp("plans"))])


@pytest.fixture
def small_office(tmp_path: Path, small_library: Library) -> Iterator[SmallOffice]:
    office = SmallOffice(tmp_path, small_library)
    yield office
    office.close()


@pytest.fixture(scope="session")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The plans that come with Yuan, and one of them in a second version that is not in force yet."""
    own = tmp_path_factory.mktemp("plans")
    (file,) = own_plans().glob(f"*/{POLLUTION}.yaml")
    text = re.sub(r"in_force: [\d-]+", "in_force: 2020-12-25", file.read_text("utf-8"), count=1)
    (own / file.parent.name).mkdir()
    (own / file.parent.name / f"{POLLUTION}@next.yaml").write_text(text, "utf-8")
    return Library((own_plans(), own))


@pytest.fixture
def city(tmp_path: Path, two_versions: Library) -> Iterator[City]:
    office = DutyOffice(tmp_path, two_versions)
    yield City.of(office)
    office.close()


@pytest.fixture(scope="session")
def shelf() -> Library:
    return Library((own_plans(),))


@pytest.fixture
def desk(tmp_path: Path, shelf: Library) -> Iterator[Desk]:
    office = DutyOffice(tmp_path, shelf)
    yield Desk(City.of(office), Place(shelf, office.office, CITY, lambda plan, clause: {}))
    office.close()
