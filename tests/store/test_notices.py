"""Processes learn of one another's entries within a second, and go on doing so after the database was away."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import URL

from api.store.database import connect
from api.store.journal import Journal
from api.store.notices import Notices
from tests.store.databases import Server
from tests.store.samples import NOON, draft, opened


class Listener:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self._news = threading.Condition()

    def __call__(self, position: int) -> None:
        with self._news:
            self.told.append(position)
            self._news.notify_all()

    def wait(self, position: int, seconds: float) -> bool:
        """Was this position told within so long?"""
        with self._news:
            return self._news.wait_for(lambda: position in self.told, seconds)


@pytest.fixture
def other(store_url: URL) -> Iterator[Journal]:
    """Another process's journal, as far as this one can tell."""
    journal = Journal(connect(store_url))
    yield journal
    journal.engine.dispose()


@pytest.fixture
def notices(journal: Journal) -> Iterator[Notices]:
    made = Notices(journal)
    yield made
    made.stop()


def test_own_entries_are_told_at_once(journal: Journal, notices: Notices) -> None:
    listener = Listener()
    end = notices.listen(listener)
    opened(journal)
    assert listener.told == [2]
    end()
    journal.append("a", 2, NOON, [draft()], None)
    assert listener.told == [2]


def test_entries_of_others_are_told_within_a_second(journal: Journal, other: Journal, notices: Notices) -> None:
    opened(journal)
    listener = Listener()
    notices.listen(listener)
    notices.start()
    time.sleep(0.3)
    for after in range(2, 5):
        other.append("a", after, NOON, [draft()], None)
        assert listener.wait(after + 1, 1.0)
    assert listener.told == [3, 4, 5]
    assert [one.position for one in journal.after(2)] == [3, 4, 5]


def test_a_listener_that_fails_disturbs_neither_writer_nor_other_listeners(
    journal: Journal, notices: Notices, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(position: int) -> None:
        raise RuntimeError("no")

    listener = Listener()
    notices.listen(fail)
    notices.listen(listener)
    assert len(opened(journal)) == 2
    assert listener.told == [2]
    assert caplog.messages == ["a listener for new entries failed"]


def test_what_came_while_the_line_was_cut_is_told_when_it_is_back(postgres: Server) -> None:
    url = postgres.make()
    journal, other = Journal(connect(url)), Journal(connect(url))
    opened(journal)
    notices, listener = Notices(journal), Listener()
    notices.listen(listener)
    notices.start()
    postgres.stop()
    postgres.start()
    other.append("a", 2, NOON, [draft()], None)
    assert listener.wait(3, 5.0)
    other.append("a", 3, NOON, [draft()], None)
    assert listener.wait(4, 1.0)
    notices.stop()
    for one in (journal, other):
        one.engine.dispose()
