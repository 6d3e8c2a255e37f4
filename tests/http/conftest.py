"""The duty office for tests of the HTTP interface."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.library import Library, plans_folder
from tests.http.duty_office import City, DutyOffice


@pytest.fixture(scope="session")
def shelf_of_plans() -> Library:
    """The plans that come with Yuan, loaded once."""
    return Library((plans_folder(),))


@pytest.fixture
def duty_office(tmp_path: Path, shelf_of_plans: Library) -> Iterator[DutyOffice]:
    office = DutyOffice(tmp_path, shelf_of_plans)
    yield office
    office.close()


@pytest.fixture
def city(duty_office: DutyOffice) -> City:
    return City.of(duty_office)
