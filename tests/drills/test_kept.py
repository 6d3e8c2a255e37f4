"""What is kept of a drill comes back as it was, and only what is known comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.drills.drills import Drills
from api.drills.kept import KNOWN, BadRecord, kept, restored
from api.drills.record import FILE, Diary, Record, Shelf, read_diary
from api.library import Library
from api.office import Office
from api.people.refusal import Conflict, Missing
from api.scenarios import read_scenarios
from api.wings import Wings
from engine.drill import cue, scenario
from engine.drill.cue import AllOf, AnyOf, Given, NotSo, Waits
from engine.drill.play import begin, plans_of, play
from engine.drill.review.issue import Issue
from engine.incident import command
from engine.incident.command import AddPlan
from engine.plan.model import Plan
from engine.trigger.facts import CHINA
from tests.drills.boiler import BEGINS, SCENARIO, VICE_MAYOR

HOUR = timedelta(hours=1)


def through(value: Any, plans: dict[str, Plan] | None = None) -> Any:
    """Kept, as text, and restored."""
    return restored(json.loads(json.dumps(kept(value))), plans or {})


def test_every_scenario_comes_back(plans_at_hand: Library) -> None:
    read = [one.scenario for one in read_scenarios(plans_at_hand.current().versions).values()]
    assert len(read) > 5
    for one in read:
        assert one is not None
        assert through(one) == one


def test_every_act_of_a_drill_comes_back(plans_at_hand: Library) -> None:
    plans = plans_of(SCENARIO, plans_at_hand.current().versions)
    run = play(begin(SCENARIO, plans))
    by_digest = {plan.digest: plan for plan in plans}
    assert {type(one).__name__ for act in run.acts for one in act.commands} >= {"Open", "Tell", "Observe", "Sign", "MarkDuty"}
    assert through(run.acts, by_digest) == run.acts
    assert through(AddPlan(plans[0]), by_digest) == AddPlan(plans[0])


def test_kinds_that_json_has_not() -> None:
    value = {
        "a": (1, [2.5, None, True], {"$": "strange", "b": ()}),
        "when": [datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=CHINA), date(2026, 1, 2), timedelta(days=1, microseconds=3)],
        "cue": AllOf((NotSo(AnyOf((Given("1"), Waits("x"))) if "part" in [one.name for one in fields(NotSo)] else Given("1")),)),
        "parts": {"p": frozenset({"b", "a"})},
    }
    assert through(value) == value


def test_every_class_is_known_by_one_name() -> None:
    for module in (scenario, cue, command):
        for name, one in vars(module).items():
            if isinstance(one, type) and is_dataclass(one) and one.__module__ == module.__name__:
                assert KNOWN[name] is one


def test_what_is_not_known_is_not_made() -> None:
    with pytest.raises(TypeError):
        kept(object())
    for wrong in ({"$": "system"}, {"$": "Draw"}, {"$": "datetime", "at": "x"}, {"$": "Plan", "digest": "x"}, {"$": "tuple"}):
        with pytest.raises(BadRecord):
            restored(wrong, {})


# On disk


@pytest.fixture
def drills(tmp_path: Path, plans_at_hand: Library, live: Office) -> Iterator[Drills]:
    wings = Wings(live.people)
    made = Drills(tmp_path / "drills", plans_at_hand, wings)
    yield made
    made.close()
    wings.close()


def restarted(drills: Drills) -> Drills:
    """The drills after a server died: nothing was closed in order."""
    return Drills(drills._shelf.folder, drills._library, Wings(drills._wings._people))


def test_an_act_that_was_half_written_is_not_there(tmp_path: Path, plans_at_hand: Library) -> None:
    plans = plans_of(SCENARIO, plans_at_hand.current().versions)
    run = play(begin(SCENARIO, plans), BEGINS + HOUR)
    path, by_digest = tmp_path / "x.acts", {plan.digest: plan for plan in plans}
    diary = Diary(path)
    for act in run.acts:
        diary(act, ())
    diary.close()
    assert tuple(act for act, _ in read_diary(path, by_digest)) == run.acts
    path.write_bytes(path.read_bytes()[:-5])
    assert tuple(act for act, _ in read_diary(path, by_digest)) == run.acts[:-1]
    path.write_text("{}\n" + path.read_text("utf-8"), "utf-8")
    with pytest.raises(BadRecord):
        list(read_diary(path, by_digest))
    diary(run.acts[0], ())  # a diary that takes no more does not stop anybody


def test_a_server_that_died_in_the_middle(drills: Drills) -> None:
    drill = drills.start(SCENARIO, "id1", {"p1": frozenset({VICE_MAYOR.id})})
    drill.branches[0].exercise.advance(BEGINS + 2 * HOUR)
    entries = drill.branches[0].exercise.entries()
    later = restarted(drills)
    (record,) = later.records()
    assert (record.id, record.ended_at, record.parts) == (drill.id, None, {"p1": frozenset({VICE_MAYOR.id})})
    assert BEGINS + HOUR < record.branches[0].at <= BEGINS + 2 * HOUR
    found = later.run(drill.id, drill.branches[0].key)
    assert found.entries == entries
    assert found.given == drill.branches[0].exercise.run.given
    again = later.resume(drill.id)
    assert [one.hash for one in again.branches[0].exercise.entries()] == [one.hash for one in entries]
    assert again.cast.played == frozenset({VICE_MAYOR.id})
    later.close()


def test_a_record_that_was_changed_is_not_resumed(drills: Drills) -> None:
    drill = drills.start(SCENARIO, "id1")
    one = drill.branches[0]
    one.exercise.advance(BEGINS + HOUR)
    path = drills._shelf.path(drill.id, f"{one.store}.acts")
    path.write_text(path.read_text("utf-8").replace("至少一人死亡", "无人死亡"), "utf-8")
    later = restarted(drills)
    with pytest.raises(BadRecord, match="不一致"):
        later.resume(drill.id)
    assert later.listed() == ()
    assert later.record(drill.id).id == drill.id
    later.close()


def test_records_that_cannot_be_read_are_left_out(drills: Drills, caplog: pytest.LogCaptureFixture) -> None:
    folder = drills._shelf.folder
    for name, content in (
        ("20200101-1", "{"),
        ("20200101-2", "{}"),
        ("20200101-3", '{"yuan": "drill", "version": 1, "record": {}}'),
    ):
        (folder / name).mkdir(parents=True)
        (folder / name / FILE).write_text(content, "utf-8")
    assert restarted(drills).records() == ()
    assert caplog.text.count("cannot be read") == 3


def test_names_are_not_used_twice(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for name in ("20261122-1", "20261122-10", "20261122-x"):
        (tmp_path / name).mkdir()
    assert (shelf.next_id("20261122"), shelf.next_id("20261123")) == ("20261122-11", "20261123-1")


def test_problems_of_a_drill_that_is_over(drills: Drills) -> None:
    drill = drills.start(SCENARIO, "id1")
    key = drill.branches[0].key
    drills.end(drill.id)
    drills.note(drill.id, key, Issue("R1", "remark", "没有人接电话"), "p2")
    later = restarted(drills)
    later.note(drill.id, key, Issue("R1", "remark", "没有人接电话", status="done"), None)
    assert restarted(later).record(drill.id).issues[key][0].status == "done"
    assert restarted(later).record(drill.id).owners == {}
    with pytest.raises(Missing):
        later.note(drill.id, "x", Issue("R1", "remark", "x"), None)


def test_what_runs_is_not_removed(drills: Drills) -> None:
    drill = drills.start(SCENARIO, "id1")
    with pytest.raises(Conflict, match="还在进行"):
        drills.remove(drill.id)
    drills.end(drill.id)
    drills.remove(drill.id)
    assert not (drills._shelf.folder / drill.id).exists()
    with pytest.raises(Missing):
        drills.record(drill.id)


def test_a_drill_that_cannot_begin_leaves_nothing(drills: Drills) -> None:
    wrong = replace(SCENARIO, readings={SCENARIO.plans[0]: {"nothing": "a"}})
    with pytest.raises(Exception, match="nothing"):
        drills.start(wrong, "id1")
    assert list(drills._shelf.folder.glob("*")) == []
    assert drills.records() == ()
    assert isinstance(drills.start(SCENARIO, "id1").record(), Record)
