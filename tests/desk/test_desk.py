"""The desk under many threads and several processes: every command once, and the state at hand is that of the journal."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from api.desk.desk import Desk
from api.library import Library
from api.store.failure import StoreUnavailable
from api.store.journal import Addition, Journal
from engine.incident.chain import Draft, Entry
from engine.incident.command import End, Observe, Refused, Sign
from engine.incident.event import BadJournal
from engine.incident.state import fold
from tests.desk.setting import HEAD, OFFICER, check_sound, clock, deaths, desk_on, eventually, note, opened, opening, together
from tests.people.world import START, SetClock

THREADS, COMMANDS = 8, 100


class Losing(Journal):
    """A journal whose line breaks with the next append: before it is recorded, or before that is said."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.lose: str | None = None

    def append_all(self, additions: Sequence[Addition], at: datetime, key: str | None) -> tuple[tuple[Entry, ...], ...]:
        lose, self.lose = self.lose, None
        if lose == "before":
            raise StoreUnavailable("断了")
        found = super().append_all(additions, at, key)
        if lose == "after":
            raise StoreUnavailable("断了")
        return found


class Overtaken(Journal):
    """A journal in which another process records something right after the next look for a key."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.other: list[object] = []

    def recorded(self, incident: str, key: str) -> tuple[Entry, ...]:
        found = super().recorded(incident, key)
        if self.other:
            self.other.pop()()  # type: ignore[operator]
        return found


@pytest.mark.parametrize("count", [1, 10])
def test_commands_of_many_threads_are_all_recorded_once(desk: Desk, count: int) -> None:
    incidents = [opened(desk) for _ in range(count)]

    def work(thread: int) -> None:
        for n in range(COMMANDS):
            key = f"{thread}-{n}"
            command = deaths(n % 4) if n % 10 == 0 else note(key)
            done = desk.do(incidents[n % count], command, OFFICER, key)
            assert {one.key for one in done.entries} == {key}
            assert done.state.seq >= done.entries[-1].seq

    together([lambda thread=thread: work(thread) for thread in range(THREADS)])
    found = [entry for incident in incidents for entry in desk.journal.read(incident)]
    assert {one.key for one in found} - {None} == {f"{thread}-{n}" for thread in range(THREADS) for n in range(COMMANDS)}
    assert sum(one.kind in ("noted", "fact_observed") for one in found) == THREADS * COMMANDS
    for incident in incidents:
        check_sound(desk, incident)


def test_two_desks_on_one_store_come_to_the_same_state(desks: tuple[Desk, Desk]) -> None:
    incidents = [opened(desks[0]), opened(desks[1])]

    def work(desk: Desk, thread: int) -> None:
        for n in range(50):
            desk.do(incidents[n % 2], deaths(n % 4) if n % 5 == 0 else note(), OFFICER, f"{thread}-{n}")

    together([lambda desk=desk, thread=thread: work(desk, thread) for thread, desk in enumerate((*desks, *desks))])
    for incident in incidents:
        entries = desks[0].journal.read(incident)
        whole = fold(incident, entries)
        assert sum(one.kind in ("noted", "fact_observed") for one in entries) == 4 * 25
        for desk in desks:
            eventually(lambda desk=desk, incident=incident, whole=whole: desk.incident(incident) == whole, 1.0)
            check_sound(desk, incident)


def test_what_one_desk_records_the_other_has_within_a_second(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    incident = opened(first)
    for n in range(10):
        seq = first.do(incident, note(str(n)), OFFICER).state.seq
        eventually(lambda seq=seq: incident in second.states.names() and second.incident(incident).seq == seq, 1.0)


@pytest.mark.parametrize("lose", ["before", "after"])
def test_a_command_without_an_answer_can_be_sent_again(engine: Engine, small: Library, lose: str) -> None:
    journal = Losing(engine)
    desk = desk_on(journal, small)
    incident = opened(desk)
    for key in ("a", "b"):
        journal.lose = lose
        with pytest.raises(StoreUnavailable):
            desk.do(incident, deaths(1), OFFICER, key)
        done = desk.do(incident, deaths(1), OFFICER, key)
        assert done.state.seq == done.entries[-1].seq
        assert desk.do(incident, deaths(1), OFFICER, key) == done
        check_sound(desk, incident)
    assert [one.key for one in journal.read(incident) if one.kind == "fact_observed"] == ["a", "b"]


def test_a_later_command_goes_on_from_one_that_was_recorded_unsaid(engine: Engine, small: Library) -> None:
    journal = Losing(engine)
    desk = desk_on(journal, small)
    incident = opened(desk)
    journal.lose = "after"
    with pytest.raises(StoreUnavailable):
        desk.do(incident, note("一"), OFFICER, "a")
    assert desk.do(incident, note("二"), OFFICER, "b").state.seq == 4
    check_sound(desk, incident)


def test_an_opening_without_an_answer_can_be_sent_again(engine: Engine, small: Library) -> None:
    journal = Losing(engine)
    desk = desk_on(journal, small)
    journal.lose = "after"
    with pytest.raises(StoreUnavailable):
        opened(desk, "k")
    incident = opened(desk, "k")
    assert [one.id for one in journal.incidents()] == [incident]
    check_sound(desk, incident)


def test_a_signature_sent_through_two_processes_is_one_and_both_are_told_so(engine: Engine, small: Library) -> None:
    first = desk_on(Journal(engine), small)
    late = Overtaken(engine)
    second = desk_on(late, small)
    incident = opened(first)
    pending = first.do(incident, deaths(3), OFFICER).state.courses["good"].pending["grade"]
    sign = Sign("good", "grade", "III", pending.signers[0], pending.id)
    signer = type(HEAD)("u2", "指挥长乙", {pending.signers[0]: None})
    second.incident(incident)
    answers = []

    def meanwhile() -> None:
        answers.append(first.do(incident, sign, signer, "k"))
        second.states.refresh(incident)

    late.other.append(meanwhile)
    again = second.do(incident, sign, signer, "k")
    assert again.entries == answers[0].entries
    assert sum(one.kind == "decided" for one in first.journal.read(incident)) == 1
    with pytest.raises(Exception, match=r"签发|取代"):
        second.do(incident, sign, signer, "another key")


def test_one_opening_sent_through_two_processes_is_one_incident(desks: tuple[Desk, Desk]) -> None:
    for n in range(10):
        together([lambda desk=desk, n=n: opened(desk, f"k{n}") for desk in (*desks, *desks)])
        together([lambda desk=desk: opened(desk) for desk in desks])
    assert len(desks[0].journal.incidents()) == 30


def test_a_merge_sent_again_is_answered_as_the_first_time(desk: Desk) -> None:
    one, other = opened(desk), opened(desk)
    desk.do(one, deaths(2), OFFICER)
    first = desk.merge(one, other, "同一起", OFFICER, "k")
    assert desk.merge(one, other, "同一起", OFFICER, "k") == first
    assert (desk.incident(one).status, desk.incident(other).facts["deaths"][0].value) == ("merged", 2)
    with pytest.raises(Refused):
        desk.merge(other, other, "自己", OFFICER, "k2")
    for incident in (one, other):
        check_sound(desk, incident)


def test_merges_crosswise_do_not_wait_for_each_other_for_ever(desk: Desk) -> None:
    pairs = [(opened(desk), opened(desk)) for _ in range(5)]

    def merge(one: str, other: str) -> None:
        try:
            desk.merge(one, other, "同一起", OFFICER)
        except Refused as error:
            assert "并入" in error.message or "并入" in error.remedy

    together([lambda a=a, b=b: merge(a, b) for one, other in pairs for a, b in ((one, other), (other, one))])
    for pair in pairs:
        assert sorted(desk.incident(incident).status for incident in pair) == ["merged", "open"]


def test_a_split_that_is_refused_opens_nothing_and_one_sent_again_is_one(desk: Desk) -> None:
    incident = opened(desk)
    first = desk.split(incident, opening(desk), "另一处", OFFICER, "k")
    assert desk.split(incident, opening(desk), "另一处", OFFICER, "k") == first
    desk.do(incident, End("市指挥部", "处置完毕"), HEAD)
    with pytest.raises(Refused):
        desk.split(incident, opening(desk), "又一处", OFFICER, "k2")
    assert len(desk.journal.incidents()) == 2


def test_an_incident_out_of_a_watch_is_completed_when_it_is_sent_again(engine: Engine, small: Library) -> None:
    journal = Losing(engine)
    desk = desk_on(journal, small)
    watch = desk.open(opening(desk, watch=True), OFFICER).state.id
    desk.do(watch, deaths(1), OFFICER)
    desk.do(watch, deaths(2), OFFICER)
    incident = desk.open(opening(desk), OFFICER, "k").state.id
    journal.lose = "before"
    with pytest.raises(StoreUnavailable):
        desk.open_from_watch(watch, opening(desk), OFFICER, "k")
    done = desk.open_from_watch(watch, opening(desk), OFFICER, "k")
    assert desk.open_from_watch(watch, opening(desk), OFFICER, "k") == done
    assert [one.value for one in desk.incident(incident).facts["deaths"]] == [1, 2]
    assert [desk.incident(one).links[0][0] for one in (watch, incident)] == [incident, watch]


def test_an_incident_that_cannot_be_read_does_not_stop_the_others(desk: Desk) -> None:
    bad, good = opened(desk), opened(desk)
    desk.states.load()
    head = desk.incident(bad).seq
    desk.states.heard(desk.journal.append(bad, head, clock(), [Draft("of_a_later_release", {}, "u1")], None)[-1].seq + 1000)
    desk.do(good, note(), OFFICER)
    check_sound(desk, good)
    with pytest.raises(BadJournal):
        desk.incident(bad)
    assert [one.id for one in desk.states.open()] == [good]
    fresh = desk_on(desk.journal, desk.versions._library)
    fresh.states.load()
    assert [one.id for one in fresh.states.open()] == [good]
    assert fresh.tick() == 0


def test_the_past_is_whole_even_where_the_clock_was_set_back(engine: Engine, small: Library) -> None:
    set_clock = SetClock(START)
    desk = desk_on(Journal(engine), small, set_clock)
    command = opening(desk)
    command = type(command)(command.title, command.jurisdiction, command.report, command.source, START, command.plans)
    incident = desk.open(command, OFFICER).state.id
    seen = {}
    for hours in (0, 2, 1, 3):
        set_clock.now = START + timedelta(hours=hours)
        seen[hours] = desk.do(incident, Observe({"injuries": hours}, "现场", START), OFFICER).state
    assert desk.incident_at(incident, START) == seen[0]
    assert desk.incident_at(incident, START + timedelta(hours=1)) == seen[1]
    assert desk.incident_at(incident, START + timedelta(hours=3)) == seen[3]
    assert desk.incident_at(incident, START - timedelta(hours=1)).seq == 0


def test_positions_heard_by_many_threads_are_not_forgotten(desk: Desk) -> None:
    incident = opened(desk)
    other = desk_on(desk.journal, desk.versions._library)
    other.states.load()
    barrier = threading.Barrier(4)
    last = desk.do(incident, note(), OFFICER).state.seq

    def hear(position: int) -> None:
        barrier.wait(10)
        other.states.heard(position)

    together([lambda n=n: hear(n) for n in (0, last, 1, 0)])
    assert other.incident(incident).seq == last


def test_a_tick_tells_of_a_lost_store_at_once(desk: Desk, small: Library) -> None:
    class Gone(Journal):
        def after(self, position: int, limit: int = 1000) -> tuple[()]:  # type: ignore[override]
            raise StoreUnavailable("断了")

    lost = desk_on(Gone(desk.journal.engine), small)
    opened(lost)
    lost.states.load()
    lost.states.heard(10**6)
    with pytest.raises(StoreUnavailable):
        lost.tick()
