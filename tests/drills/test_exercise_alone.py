"""What could go wrong in an exercise that runs: threads, a store that fails, a script that breaks, keys, plans that are added, parts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.drills import exercise as module
from api.drills.clock import ExerciseClock
from api.drills.exercise import Exercise
from api.library import Library
from api.store.failure import StoreUnavailable
from engine.drill.cue import LevelAtLeast
from engine.drill.draw import fixed
from engine.drill.play import begin, play
from engine.drill.run import Act, Run
from engine.drill.scenario import Happening, Inject
from engine.drill.script import RECORDER
from engine.incident.command import Actor, AddPlan, Note, Refused
from engine.plan.model import Plan
from tests.drills.boiler import BEGINS, PLAN, SCENARIO, VICE_MAYOR
from tests.drills.test_exercise import HOUR, run_to, told

Make = Callable[..., Exercise]
MINUTE = timedelta(minutes=1)


class Real:
    """A real clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_nothing_is_worked_out_while_nothing_happens(exercise: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Real()
    one = exercise(clock=ExerciseClock(BEGINS, real=real, speed=1))
    one.start()
    asked: list[int] = []
    worked_out = module.next_act

    def counted(run: Run) -> Act | None:
        asked.append(1)
        return worked_out(run)

    monkeypatch.setattr(module, "next_act", counted)
    for _ in range(100):
        real.now += timedelta(seconds=1)
        one.beat()
    assert one.run.at == BEGINS + timedelta(seconds=100)
    assert len(asked) == 1


def test_how_often_it_is_looked_at_makes_no_difference(exercise: Make, played: tuple[Plan, ...]) -> None:
    real = Real()
    one = exercise(clock=ExerciseClock(BEGINS, real=real, speed=60))
    one.start()
    for seconds in (1, 1, 2, 37, 5, 60, 400):
        real.now += timedelta(seconds=seconds)
        one.beat()
    assert told(one.entries()) == told(play(begin(SCENARIO, played)).entries)
    assert not one.clock.pulse().running
    assert one.clock.shown() == SCENARIO.ends
    with pytest.raises(Refused, match="为止"):
        one.start()


def test_officers_the_script_and_the_director_at_once(exercise: Make) -> None:
    one = exercise(clock=ExerciseClock(BEGINS, speed=3600))
    one.start(3600)
    failed: list[Exception] = []

    def work(do: Callable[[int], object]) -> None:
        try:
            for number in range(12):
                do(number)
        except Exception as error:
            failed.append(error)

    def note(who: str) -> Callable[[int], object]:
        return lambda n: one.desk.do(one.incident_id, Note(f"{who}{n}", BEGINS), Actor(who, who, RECORDER.posts), f"{who}-{n}")

    jobs = [note("a"), note("b"), lambda n: one.feed(Happening(f"第{n}次")), lambda n: one.beat(), lambda n: one.told()]
    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    one.stand()
    assert failed == []
    entries = one.entries()
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert sum(entry.kind == "noted" for entry in entries) == 24
    again = exercise(acts=one.run.acts, at=one.run.at)
    assert [entry.hash for entry in again.entries()] == [entry.hash for entry in entries]


def test_a_script_that_breaks_stands_and_is_told_of(exercise: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    one = exercise()
    heard: list[int] = []
    one.changed = lambda: heard.append(1)
    whole = one.desk.carry
    monkeypatch.setattr(one.desk, "carry", lambda *_: 1 / 0)
    one.clock.put(BEGINS + 10 * MINUTE)
    one.clock.run()
    for _ in range(3):
        one.beat()
    assert (one.trouble, one.clock.pulse().running, len(heard)) == ("程序出错，见服务日志", False, 1)
    monkeypatch.setattr(one.desk, "carry", whole)
    one.start()
    one.beat()
    assert one.trouble is None
    assert "fact_observed" in [entry.kind for entry in one.entries()]


def test_a_store_that_fails_loses_nothing_of_the_script(
    exercise: Make, played: tuple[Plan, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = exercise()
    whole, left = one.desk.carry, [3]

    def failing(*given: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise StoreUnavailable("磁盘满了")
        return whole(*given)

    monkeypatch.setattr(one.desk, "carry", failing)
    one.clock.put(SCENARIO.ends)
    one.beat()
    assert one.trouble == "磁盘满了"
    assert not one.run.refusals
    one.trouble = None
    one.beat()
    assert told(one.entries()) == told(play(begin(SCENARIO, played)).entries)


def test_a_key_from_a_screen_is_no_key_of_the_script(exercise: Make, played: tuple[Plan, ...]) -> None:
    one = exercise()
    one.desk.do(one.incident_id, Note("抢先", BEGINS), RECORDER, "inject:1#0")
    run_to(one, BEGINS + 6 * MINUTE)
    assert one.run.given.keys() == {"1"}
    again = exercise(acts=one.run.acts, at=one.run.at)
    assert [entry.hash for entry in again.entries()] == [entry.hash for entry in one.entries()]


def test_a_plan_that_is_added_by_hand_is_played_on(exercise: Make, plans_at_hand: Library) -> None:
    one = exercise()
    run_to(one, BEGINS + 10 * MINUTE)
    listed = plans_at_hand.current().plans
    other = next(plan for key, plan in sorted(listed.items()) if key != PLAN and plan.jurisdiction == SCENARIO.jurisdiction)
    one.desk.do(one.incident_id, AddPlan(other), RECORDER)
    run_to(one, BEGINS + HOUR)
    assert other.digest in one.run.plans
    again = exercise(acts=one.run.acts, at=one.run.at)
    assert [entry.hash for entry in again.entries()] == [entry.hash for entry in one.entries()]


def test_a_part_that_is_given_back_while_a_proposal_waits(exercise: Make) -> None:
    parts = {VICE_MAYOR.id}
    one = exercise()
    one._played = lambda: frozenset(parts)
    one.advance(BEGINS + 3 * HOUR)
    assert one.incident.courses[PLAN].levels.get("grade") is None
    parts.clear()
    one.advance(BEGINS + 3 * HOUR + MINUTE)
    signed = [entry for entry in one.entries() if entry.by == VICE_MAYOR.id]
    assert signed
    assert {entry.at for entry in signed} == {BEGINS + 3 * HOUR}


def test_an_inject_is_given_before_its_time_and_not_again(exercise: Make) -> None:
    one = exercise()
    one.give("2")
    with pytest.raises(Refused, match="已给出"):
        one.give("2")
    with pytest.raises(Refused, match="没有注入“9”"):
        one.give("9")
    run_to(one, SCENARIO.ends)
    assert one.run.given["2"] == BEGINS
    assert sum(entry.kind == "message" and entry.body["text"] == "死亡三人" for entry in one.entries()) == 1


def test_forward_to_a_moment_and_never_back(exercise: Make) -> None:
    one = exercise()
    one.advance(BEGINS + HOUR)
    for wrong, words in ((BEGINS, "不能往回拨"), (SCENARIO.ends + MINUTE, "为止")):
        with pytest.raises(Refused, match=words):
            one.advance(wrong)
    assert one.clock.shown() == one.run.at == BEGINS + HOUR


def test_step_while_it_runs_stands(exercise: Make) -> None:
    real = Real()
    one = exercise(clock=ExerciseClock(BEGINS, real=real, speed=60))
    one.start()
    real.now += timedelta(seconds=1)
    assert one.step() == BEGINS + 5 * MINUTE
    real.now += HOUR
    assert one.clock.shown() == BEGINS + 5 * MINUTE


def test_an_ended_exercise_has_no_ticks(exercise: Make) -> None:
    one = exercise()
    one.office.start()
    one.end()
    one.end()
    assert not [thread for thread in threading.enumerate() if thread is one.office.ticker._thread and thread.is_alive()]
    for attempt in (one.start, one.step, lambda: one.give("1"), lambda: one.advance(BEGINS + HOUR)):
        with pytest.raises(Refused, match="推演已结束"):
            attempt()
    one.beat()
    one.close()


def test_a_condition_that_does_not_hold_is_skipped_and_said_so(exercise: Make) -> None:
    never = Inject("3", fixed(60), Happening("不会来"), when=LevelAtLeast("grade", "I"))
    one = exercise(scenario=replace(SCENARIO, injects=(never,)))
    run_to(one, BEGINS + 2 * MINUTE)
    with pytest.raises(Refused, match="已按条件略过"):
        one.give("3")
