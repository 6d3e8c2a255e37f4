"""An exercise on its clock is the same drill as the headless one; officers act in between; it reaches nothing of the live office."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from api.drills.clock import ExerciseClock
from api.drills.exercise import Exercise
from api.office import Office
from api.people.guests import GuestPeople
from api.people.refusal import Forbidden
from engine.drill.play import begin, play, rewind
from engine.drill.scenario import Happening
from engine.drill.script import RECORDER
from engine.incident.chain import Entry
from engine.incident.command import Actor, Note, Open, Refused, Sign
from engine.plan.finding import YuanError
from engine.plan.model import Plan
from tests.drills.boiler import BEGINS, PLAN, SCENARIO, VICE_MAYOR

Make = Callable[..., Exercise]
HOUR = timedelta(hours=1)


def told(entries: Iterable[Entry]) -> list[tuple[Any, ...]]:
    """Entries without what names their own journal."""
    return [(one.at, one.by, one.kind, dict(one.body), one.key) for one in entries]


def run_to(one: Exercise, moment: datetime) -> None:
    one.clock.put(moment)
    one.clock.run()
    one.pump()
    one.clock.stand()


def test_played_on_a_clock_it_is_the_headless_drill(exercise: Make, played: tuple[Plan, ...]) -> None:
    one = exercise()
    for hours in (0.1, 0.5, 0.6, 3, 8):
        run_to(one, BEGINS + hours * HOUR)
    alone = play(begin(SCENARIO, played))
    assert told(one.entries()) == told(alone.entries)
    assert len(alone.entries) > 100
    assert one.run.refusals == alone.refusals == ()


def test_a_branch_from_any_moment_is_the_rest_of_the_drill(exercise: Make, played: tuple[Plan, ...]) -> None:
    whole = exercise()
    run_to(whole, SCENARIO.ends)
    for minutes in (3, 5, 47, 200):
        moment = BEGINS + timedelta(minutes=minutes)
        other = exercise(acts=[act for act in whole.run.acts if act.at <= moment], at=moment)
        assert told(other.entries()) == told(rewind(whole.run, moment).entries)
        assert other.clock.shown() == moment
        run_to(other, SCENARIO.ends)
        assert told(other.entries()) == told(whole.entries())


def test_an_officer_plays_a_part_and_the_script_leaves_it_to_him(exercise: Make) -> None:
    one = exercise(parts=frozenset({VICE_MAYOR.id}))
    run_to(one, BEGINS + 4 * HOUR)
    pending = one.incident.courses[PLAN].pending["grade"]
    assert one.incident.courses[PLAN].levels.get("grade") is None
    person = Actor("p7", "演练人员", dict.fromkeys(VICE_MAYOR.posts))
    one.desk.do(one.incident_id, Sign(PLAN, "grade", pending.level, VICE_MAYOR.posts[0], pending.id), person)
    assert one.incident.courses[PLAN].levels["grade"] == pending.level
    assert [(act.by.id, act.origin) for act in one.run.acts if act.origin == "officer"] == [("p7", "officer")]
    again = rewind(one.run, one.run.at)
    assert told(again.entries) == told(one.entries())


def test_what_the_script_has_due_is_done_before_what_is_done_by_hand(exercise: Make) -> None:
    one = exercise()
    one.clock.put(BEGINS + timedelta(minutes=10))
    one.desk.do(one.incident_id, Note("核实中", BEGINS + timedelta(minutes=10)), RECORDER)
    assert [entry.kind for entry in one.entries()][-1] == "noted"
    assert "fact_observed" in [entry.kind for entry in one.entries()]


def test_the_director_feeds_in_and_is_told_what_does_not_fit(exercise: Make) -> None:
    one = exercise()
    run_to(one, BEGINS + timedelta(minutes=6))
    one.feed(Happening("现场又发现两人死亡", "现场", facts={"deaths": 30}))
    assert one.incident.courses[PLAN].pending["grade"].level == "I"
    before = len(one.entries())
    with pytest.raises(YuanError, match="没有指标"):
        one.feed(Happening("又有人死亡", facts={"dead": 1}))
    assert len(one.entries()) == before


def test_step_goes_to_the_next_thing_that_happens(exercise: Make) -> None:
    one = exercise()
    times = [one.step() for _ in range(3)]
    assert times[0] == BEGINS + timedelta(minutes=5)
    assert times == sorted(times)
    assert one.clock.shown() == times[-1]


def test_an_ended_drill_takes_nothing_down(exercise: Make) -> None:
    one = exercise()
    one.end()
    for attempt in (
        lambda: one.desk.do(one.incident_id, Note("迟到的", BEGINS), RECORDER),
        lambda: one.feed(Happening("迟到的")),
    ):
        with pytest.raises(Refused, match="推演已结束"):
            attempt()
    assert [entry.kind for entry in one.entries()] == ["opened", "owner_set"]


def test_an_exercise_has_one_incident(exercise: Make, played: tuple[Plan, ...]) -> None:
    with pytest.raises(Refused, match="剧本"):
        exercise().desk.open(Open("另一件", "朔州市", "", "电话", BEGINS, played), RECORDER)


def test_the_clock_runs_stands_and_is_held() -> None:
    real = [datetime(2026, 11, 22, 1, tzinfo=UTC)]
    clock = ExerciseClock(BEGINS, real=lambda: real[0], speed=60)
    real[0] += HOUR
    assert clock() == BEGINS
    clock.run()
    real[0] += timedelta(minutes=2)
    assert clock() == BEGINS + 2 * HOUR
    clock.run(speed=1)
    real[0] += timedelta(minutes=2)
    assert clock.shown() == BEGINS + 2 * HOUR + timedelta(minutes=2)
    with clock.held(BEGINS):
        assert clock() == BEGINS
    clock.stand()
    real[0] += HOUR
    assert clock() == BEGINS + 2 * HOUR + timedelta(minutes=2)


# What it cannot reach


def test_nothing_that_an_exercise_holds_leads_to_the_live_office(exercise: Make, live: Office) -> None:
    one = exercise()
    forbidden = {
        id(part) for part in (live, live.engine, live.desk, live.desk.journal, live.people, live.live, live.live._notices)
    }
    assert forbidden <= _reachable([live])
    assert not forbidden & _reachable(one)


def _reachable(root: object) -> set[int]:
    """Every object that can be got at from this one, but by way of modules, classes and code."""
    seen: set[int] = set()
    found: list[Any] = [root]
    while found:
        one = found.pop()
        if id(one) in seen or isinstance(one, type) or type(one).__name__ in {"module", "code", "frame"}:
            continue
        seen.add(id(one))
        if type(one).__name__ == "function":
            found += [cell.cell_contents for cell in one.__closure__ or () if cell != type(cell)()]
            continue
        found += gc.get_referents(one)
    return seen


def test_the_people_of_an_exercise_cannot_be_written(guests: GuestPeople, live: Office) -> None:
    with pytest.raises(DatabaseError, match="readonly"), guests.engine.begin() as link:
        link.execute(text("UPDATE people SET name = 'x'"))
    with pytest.raises(Forbidden):
        guests.log_in("admin", "whatever", "127.0.0.1")
    admin = guests.accounts.everybody()[0]
    with pytest.raises((YuanError, DatabaseError)):
        guests.accounts.reset_password(admin.id, admin.id)
    assert live.people.accounts.find(admin.id) == admin


def test_a_whole_drill_leaves_the_live_store_as_it_was(exercise: Make, live: Office) -> None:
    folder = Path(str(live.engine.url.database)).parent

    def stored() -> dict[str, str]:
        return {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.endswith(("-shm", "-wal"))
        }

    with live.engine.connect() as link:
        rows = link.execute(text("SELECT count(*) FROM entries")).scalar_one()
    before = stored()
    one = exercise()
    run_to(one, SCENARIO.ends)
    one.feed(Happening("演后补充", facts={"deaths": 4}))
    assert stored() == before
    with live.engine.connect() as link:
        assert link.execute(text("SELECT count(*) FROM entries")).scalar_one() == rows == 0
