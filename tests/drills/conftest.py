"""A live office that knows people, and exercises beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from api.drills.exercise import Exercise
from api.library import Library
from api.office import Office, open_office
from api.people.guests import GuestPeople
from api.settings import Settings
from engine.drill.play import plans_of
from engine.drill.scenario import Scenario
from engine.plan.model import Plan
from tests.drills.boiler import SCENARIO


@pytest.fixture(scope="session")
def plans_at_hand() -> Library:
    return Library()


@pytest.fixture
def played(plans_at_hand: Library) -> tuple[Plan, ...]:
    return plans_of(SCENARIO, plans_at_hand.current().versions)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, plans_at_hand: Library) -> Iterator[Office]:
    """No test may change anything in it."""
    office = open_office(Settings(data_dir=tmp_path_factory.mktemp("live")), plans_at_hand)
    office.people.accounts.first_administrator()
    yield office
    office.engine.dispose()


@pytest.fixture(scope="module")
def guests(live: Office) -> Iterator[GuestPeople]:
    found = GuestPeople(live.people)
    yield found
    found.close()


@pytest.fixture
def exercise(
    tmp_path: Path, plans_at_hand: Library, guests: GuestPeople, played: tuple[Plan, ...]
) -> Iterator[Callable[..., Exercise]]:
    """Makes exercises, each on a store of its own; their scripts do not run until they are asked to."""
    made: list[Exercise] = []

    def make(scenario: Scenario = SCENARIO, parts: frozenset[str] = frozenset(), **more: Any) -> Exercise:
        url = URL.create("sqlite", database=str(tmp_path / f"exercise-{len(made)}.db"))
        made.append(Exercise(url, plans_at_hand, guests, scenario, played, lambda: parts, **more))
        return made[-1]

    yield make
    for one in made:
        one.office.engine.dispose()
