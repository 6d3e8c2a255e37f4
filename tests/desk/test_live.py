"""New entries are told to all who follow, in order, once, by one reader; through the loss of the database too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from api.desk.desk import Desk
from api.desk.live import Live, News
from api.library import Library
from api.store.failure import StoreUnavailable
from api.store.journal import Journal
from api.store.notices import Notices
from api.store.record import Placed
from engine.incident.chain import Entry
from engine.incident.state import Incident
from tests.desk.setting import OFFICER, desk_on, eventually, note, opened


class Counted(Journal):
    """A journal that counts how often it is read on, and can be out of reach."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.reads = 0
        self.gone = False

    def after(self, position: int, limit: int = 1000) -> tuple[Placed, ...]:
        self.reads += 1
        if self.gone:
            raise StoreUnavailable("断了")
        return super().after(position, limit)


class Setting:
    """A desk whose entries are told."""

    def __init__(self, engine: Engine, library: Library) -> None:
        self.journal = Counted(engine)
        self.desk = desk_on(self.journal, library)
        self.live = Live(self.journal, self.desk.states, Notices(self.journal))


@pytest.fixture
def setting(engine: Engine, small: Library) -> Iterator[Setting]:
    made = Setting(engine, small)
    made.live.start()
    yield made
    made.live.stop()


def test_a_subscriber_is_told_of_each_entry_with_the_state_after_it(setting: Setting) -> None:
    told: list[tuple[Entry, Incident]] = []
    end = setting.live.subscribe(lambda entry, state: told.append((entry, state)))
    incident = opened(setting.desk)
    entries = setting.desk.do(incident, note(), OFFICER).entries
    eventually(lambda: len(told) == 3, 1.0)
    assert [entry for entry, _ in told] == [*setting.journal.read(incident)]
    assert all(state.seq >= entry.seq for entry, state in told)
    assert told[-1] == (entries[0], setting.desk.incident(incident))
    end()
    setting.desk.do(incident, note(), OFFICER)
    eventually(lambda: setting.live.position == 4, 1.0)
    assert len(told) == 3


def test_entries_of_another_process_are_told_within_a_second(setting: Setting, engine: Engine, small: Library) -> None:
    other = desk_on(Journal(engine), small)
    told: list[str] = []
    setting.live.subscribe(lambda entry, state: told.append(state.title))
    opened(other)
    assert eventually(lambda: told == ["某厂爆炸"] * 2, 1.0) < 1.0


def test_many_followers_cost_one_reader(setting: Setting) -> None:
    told: list[News] = []
    for _ in range(50):
        assert setting.live.follow(told.extend, setting.live.position) is not None
    incident = opened(setting.desk)
    eventually(lambda: len(told) == 100)
    before = setting.journal.reads
    for _ in range(10):
        setting.desk.do(incident, note(), OFFICER)
    eventually(lambda: len(told) == 600)
    assert setting.journal.reads - before <= 40


def test_one_who_is_behind_reads_on_before_following(setting: Setting) -> None:
    incident = opened(setting.desk)
    eventually(lambda: setting.live.position == 2)
    assert setting.live.follow(lambda news: None, 1) is None
    assert [(one.position, one.entry.incident, one.head.jurisdiction) for one in setting.live.read(1)] == [(2, incident, "某市")]
    assert setting.live.follow(lambda news: None, 2) is not None


def test_a_follower_that_fails_does_not_stop_the_others(setting: Setting) -> None:
    def fail(*_: object) -> None:
        raise ValueError("own fault")

    told: list[News] = []
    setting.live.follow(fail, 0)
    setting.live.subscribe(fail)
    setting.live.follow(told.extend, 0)
    opened(setting.desk)
    eventually(lambda: len(told) == 2)
    opened(setting.desk)
    eventually(lambda: len(told) == 4)


def test_what_came_while_the_store_was_out_of_reach_is_told_when_it_is_back(
    setting: Setting, engine: Engine, small: Library
) -> None:
    told: list[News] = []
    setting.live.follow(told.extend, 0)
    setting.journal.gone = True
    other = desk_on(Journal(engine), small)
    incident = opened(other)
    other.do(incident, note(), OFFICER)
    reads = setting.journal.reads
    eventually(lambda: setting.journal.reads > reads)
    assert told == []
    setting.journal.gone = False
    eventually(lambda: [one.position for one in told] == [1, 2, 3], 3.0)
    assert setting.desk.incident(incident) == other.incident(incident)


def test_what_was_open_at_the_start_is_at_hand(engine: Engine, small: Library) -> None:
    first: Desk = desk_on(Journal(engine), small)
    incident = opened(first)
    second = Setting(engine, small)
    second.live.start()
    try:
        assert [one.id for one in second.desk.states.open()] == [incident]
        assert second.live.position == 2
    finally:
        second.live.stop()
