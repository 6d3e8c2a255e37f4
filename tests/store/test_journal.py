"""The journal: what is appended is read back to the byte, in order, once, by one writer at a time."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.store.database import reading, writing
from api.store.failure import BadText, Conflict, KeyReused, NoIncident
from api.store.journal import Addition, Journal, Opening
from api.store.record import Listed
from engine.incident.chain import Draft, first_break, seal
from tests.store.samples import NOON, OPENING, draft, filled, opened


def test_entries_come_back_as_they_were_sealed(journal: Journal) -> None:
    body = {"值": [0.1, 1e300, -0.0, 10**18, None, True], "text": "一“二”\n\t\\ \u2028\U0001f600", "": {}}
    added = journal.open_incident("a", OPENING, NOON, [Draft("opened", body, "张三")], "k")
    more = journal.append("a", 1, NOON.astimezone(), [draft(n=1), draft(n=2)], None)
    assert journal.read("a") == added + more
    assert added + more == (
        *seal("a", 0, "0" * 64, NOON, [Draft("opened", body, "张三")], "k"),
        *seal("a", 1, added[0].hash, NOON.astimezone(), [draft(n=1), draft(n=2)], None),
    )
    assert first_break(journal.read("a")) is None


def test_the_texts_stored_are_the_texts_sealed(journal: Journal) -> None:
    opened(journal)
    with reading(journal.engine) as connection:
        row = connection.execute(text("SELECT at, body, n FROM entries WHERE seq = 1")).one()
    assert tuple(row) == ("2026-07-01T12:00:00.123456+08:00", '{"预案":"p"}', 1)


def test_a_range_of_entries_can_be_read(journal: Journal) -> None:
    filled(journal)
    assert [one.seq for one in journal.read("a", after=1, until=3)] == [2, 3]
    assert journal.read("a", after=5) == ()


def test_the_second_of_two_commands_is_told_what_came_in_between(journal: Journal) -> None:
    opened(journal)
    first = journal.append("a", 2, NOON, [draft("decided", level="II")], "k1")
    with pytest.raises(Conflict) as caught:
        journal.append("a", 2, NOON, [draft("decided", level="III")], "k2")
    assert (caught.value.incident, caught.value.came) == ("a", first)
    assert caught.value.message == "在此期间已有新的记录：2026-07-01 12:00:00 zhang 记下第3条（decided）"
    assert journal.read("a", after=2) == first


def test_a_number_ahead_of_the_journal_is_a_conflict_without_entries(journal: Journal) -> None:
    opened(journal)
    with pytest.raises(Conflict) as caught:
        journal.append("a", 7, NOON, [draft()], "k")
    assert caught.value.came == ()


def test_a_command_sent_again_gives_what_was_recorded_and_writes_nothing(journal: Journal) -> None:
    opened(journal)
    first = journal.append("a", 2, NOON, [draft(n=1), draft(n=2)], "k")
    journal.append("a", 4, NOON, [draft()], None)
    assert journal.append("a", 2, NOON + timedelta(hours=1), [draft(n=1), draft(n=2)], "k") == first
    assert journal.position() == journal.head("a").head_seq == 5


def test_an_incident_opened_again_with_the_same_key_stays_one(journal: Journal) -> None:
    assert opened(journal) == opened(journal)
    assert [one.id for one in journal.incidents()] == ["a"]


def test_an_id_that_is_taken_is_a_conflict(journal: Journal) -> None:
    first = opened(journal)
    with pytest.raises(Conflict) as caught:
        opened(journal, key="other")
    assert caught.value.came == first


def test_several_incidents_change_together_or_not_at_all(journal: Journal) -> None:
    opened(journal, "a")
    opened(journal, "b")
    made = Addition("c", 0, [draft("opened")], opening=Opening("某市", "分出"))
    with pytest.raises(Conflict):
        journal.append_all([Addition("a", 2, [draft("split")]), made, Addition("b", 1, [draft("linked")])], NOON, "k")
    assert journal.position() == 4
    additions = [Addition("b", 2, [draft("linked")]), Addition("a", 2, [draft("split")], "split"), made]
    done = journal.append_all(additions, NOON, "k")
    assert [[(one.incident, one.seq) for one in part] for part in done] == [[("b", 3)], [("a", 3)], [("c", 1)]]
    assert [(one.position, one.entry) for one in journal.after(4)] == [(5, done[0][0]), (6, done[1][0]), (7, done[2][0])]
    assert journal.append_all(additions, NOON, "k") == done
    assert journal.position() == 7


def test_a_key_that_stands_for_another_command_is_refused(journal: Journal) -> None:
    filled(journal)
    with pytest.raises(KeyReused):
        journal.append_all([Addition("a", 5, [draft()]), Addition("b", 3, [draft()])], NOON, "k3")


def test_commands_without_a_key_are_all_recorded(journal: Journal) -> None:
    opened(journal)
    for after in (2, 3):
        journal.append("a", after, NOON, [draft("tick")], None)
    assert journal.head("a").head_seq == 4


def test_a_command_without_entries_changes_nothing(journal: Journal) -> None:
    opened(journal)
    assert journal.append("a", 2, NOON, [], "k") == ()
    assert journal.position() == 2


def test_a_clock_that_is_set_back_disturbs_nothing(journal: Journal) -> None:
    opened(journal)
    journal.append("a", 2, NOON - timedelta(days=400), [draft(n=1)], "k")
    assert [(one.seq, one.at.year) for one in journal.read("a")] == [(1, 2026), (2, 2026), (3, 2025)]
    assert first_break(journal.read("a")) is None
    assert [one.entry.seq for one in journal.after(0)] == [1, 2, 3]


def test_a_stream_can_be_taken_up_where_it_ended(journal: Journal) -> None:
    filled(journal)
    first = journal.after(0, limit=3)
    rest = journal.after(first[-1].position)
    assert [one.position for one in (*first, *rest)] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [one.entry.incident for one in (*first, *rest)] == ["a", "a", "b", "b", "a", "a", "a", "b"]


def test_incidents_are_listed_last_opened_first(journal: Journal) -> None:
    filled(journal)
    last = journal.append("a", 5, NOON, [draft("ended")], "end", status="ended")[0]
    a = Listed("a", "某县", "某厂锅炉爆炸", "live", "ended", NOON, 1, 6, last.hash)
    b = Listed("b", "某县", "某厂锅炉爆炸", "live", "open", NOON, 3, 3, journal.read("b")[-1].hash)
    assert journal.incidents() == (b, a)
    assert journal.incidents(limit=1) == (b,)
    assert journal.incidents(before=b.position) == (a,)
    assert journal.incidents(status="ended") == (a,)
    assert journal.incidents(jurisdiction="某市") == ()
    assert journal.head("a") == a


def test_an_unknown_incident_is_named(journal: Journal) -> None:
    for ask in (lambda: journal.read("x"), lambda: journal.head("x"), lambda: journal.append("x", 0, NOON, [draft()], "k")):
        with pytest.raises(NoIncident, match="没有事件“x”"):
            ask()


def test_text_that_cannot_be_kept_is_refused(journal: Journal) -> None:
    opened(journal)
    with pytest.raises(BadText):
        journal.append("a", 2, NOON, [draft(text="\ud800")], "k")
    if journal.engine.dialect.name == "postgresql":
        with pytest.raises(BadText):
            journal.read("\0")
    assert journal.position() == 2


def test_the_database_refuses_to_change_or_delete_an_entry(journal: Journal) -> None:
    opened(journal)
    for statement in ("UPDATE entries SET body = '{}'", "DELETE FROM entries"):
        with pytest.raises((SQLAlchemyError, sqlite3.Error), match="append-only"), writing(journal.engine) as connection:
            connection.execute(text(statement))
    assert len(journal.read("a")) == 2


def test_every_store_has_an_id_of_its_own(journal: Journal) -> None:
    assert len(journal.instance()) == 36
