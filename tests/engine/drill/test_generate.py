"""Drills that nobody wrote: for every plan and every level that facts can reach, with no false expectation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from api.library import library
from engine.drill.authoring.scenario_file import read_scenario
from engine.drill.authoring.scenario_text import scenario_text
from engine.drill.generation.generate import Draft, Step, Unreachable, draft, generate
from engine.drill.play import begin, play
from engine.drill.run import Run
from engine.plan.condition import Level
from engine.plan.finding import UnknownName
from engine.trigger.facts import CHINA

BEGINS = datetime(2026, 10, 22, 9, 0, tzinfo=CHINA)
EVERY = [
    (plan.id, scale.id, level) for plan in library().plans.values() for scale in plan.scales.values() for level in scale.levels
]
TOPS = [one for one in EVERY if one[2] == library().plans[one[0]].scales[one[1]].levels[-1]]
SLOW = ("aqi_hourly",)
"""Series that make a plan slow to play."""


def is_slow(plan_id: str) -> bool:
    return any(one in library().plans[plan_id].indicators for one in SLOW)


def marked(cases: list[tuple[str, str, str]], *, quick: bool) -> list[object]:
    return [one if quick and not is_slow(one[0]) else pytest.param(*one, marks=pytest.mark.long) for one in cases]


def course(run: Run, scale: str) -> list[tuple[float, Level]]:
    """(seconds after T+0, level) of all that was proposed on a scale."""
    begins = run.scenario.begins
    return [
        ((entry.at - begins).total_seconds(), entry.body["level"])
        for entry in run.entries
        if entry.kind == "proposed" and entry.body["scale"] == scale
    ]


def led(run: Run, scale: str, step: Step) -> Level:
    """The level proposed last up to a step, seen in the journal."""
    listed = [level for at, level in course(run, scale) if at <= step.at.total_seconds()]
    return listed[-1] if listed else None


def check(found: Draft, plan_id: str, scale_id: str, level: str) -> None:
    plan = library().plans[plan_id]
    lead = plan.scales[found.scale]
    run = play(begin(found.scenario, (plan,)))
    assert run.refusals == ()
    # Every step is where the engine leads to.
    assert [led(run, found.scale, step) for step in found.steps] == [step.level for step in found.steps]
    # It passes through every level that was announced, up to the one that was asked for.
    climbed = [step.level for step in found.steps if step.inject is not None and step.inject.endswith("-at")]
    ranks = [lead.rank(one) for one in climbed]
    assert ranks == sorted(set(ranks))
    named = plan.scales[scale_id]
    levels = [entry.body["levels"][scale_id] for entry in run.entries if entry.kind == "level_set"]
    assert level in levels
    assert max(named.rank(one) for one in levels) == named.rank(level)
    # An inject is given as it was written, and the file says the same.
    assert set(run.given) == {one.id for one in found.scenario.injects}
    again = read_scenario(scenario_text(found.scenario, (plan,)), f"plans/drills/{found.scenario.id}.yaml", library().versions)
    assert (again.findings, again.scenario) == ((), found.scenario)


@pytest.mark.parametrize(("plan_id", "scale_id", "level"), marked(TOPS, quick=True))
def test_the_highest_level_of_every_scale_is_climbed_to(plan_id: str, scale_id: str, level: str) -> None:
    check(draft(library().plans[plan_id], level, scale_id, begins=BEGINS), plan_id, scale_id, level)


@pytest.mark.parametrize(("plan_id", "scale_id", "level"), marked([one for one in EVERY if one not in TOPS], quick=False))
def test_every_other_level_is_climbed_to(plan_id: str, scale_id: str, level: str) -> None:
    check(draft(library().plans[plan_id], level, scale_id, begins=BEGINS), plan_id, scale_id, level)


def test_a_climb_has_reports_below_at_and_above_each_level_and_one_fact_open() -> None:
    found = generate(library().plans["wutai-forest-grassland-fire"], "I", "forest_grade", begins=BEGINS)
    assert [one.id for one in found.injects] == [
        "01-below", "02-at", "03-above", "04-below", "05-at", "06-above", "07-below", "08-at", "09-above",
        "10-below", "11-unknown", "12-at", "13-above", "14-controlled",
    ]  # fmt: skip
    area = [one.does.facts.get("affected_forest_area") for one in found.injects]
    assert area == [0, 0.1, 0.5, 0.99, 1, 51, 99, 100, 500, 990, {"at_least": 990}, 1000, 1100, None]
    assert found.injects[10].expected == "可能达到Ⅰ级（特别重大），尚不能确立，应追问；仍为Ⅱ级（重大）"
    assert all(one.does.text.startswith("【推演】") for one in found.injects)


@pytest.mark.long
def test_a_series_rises_through_the_thresholds_and_falls_until_the_level_is_lifted() -> None:
    found = draft(library().plans["shuozhou-heavy-pollution"], "red", "warning", begins=BEGINS)
    levels = [step.level for step in found.steps]
    assert levels == [None, "yellow", "yellow", "yellow", "orange", "orange", "orange", "orange", "red", "red", "yellow", None]
    assert found.steps[-1].inject is None  # by time alone


def test_a_lift_by_facts_is_written_where_the_plan_prints_its_conditions() -> None:
    found = draft(library().plans["shuozhou-food-safety"], "I", begins=BEGINS)
    assert [step.level for step in found.steps][-2:] == ["I", None]
    assert found.scenario.injects[-1].expected.endswith("解除")


def test_the_scale_that_most_duties_go_by_is_climbed_where_none_is_named() -> None:
    found = draft(library().plans["shuozhou-special-equipment"], "II", begins=BEGINS)
    assert (found.scale, found.scenario.id) == ("response", "shuozhou-special-equipment-response-ii")


def test_a_level_is_found_by_its_name_too() -> None:
    plan = library().plans["wutai-mayday-work-safety"]
    assert generate(plan, "重大", "grade", begins=BEGINS) == generate(plan, "II", "grade", begins=BEGINS)


def test_a_draft_is_the_same_each_time_and_takes_its_seed_and_readings() -> None:
    plan = library().plans["shuozhou-special-equipment"]
    first = generate(plan, "II", "response", begins=BEGINS, seed=3, readings={"SE-23": "a"})
    assert first == generate(plan, "II", "response", begins=BEGINS, seed=3, readings={"SE-23": "a"})
    assert (first.seed, first.readings) == (3, {plan.id: {"SE-23": "a"}})
    plain = generate(plan, "II", "response", begins=BEGINS, seed=3)
    assert [one.does.facts for one in first.injects] != [one.does.facts for one in plain.injects]


def test_a_level_that_a_reading_leaves_no_way_to_is_refused() -> None:
    with pytest.raises(Unreachable) as error:
        generate(library().plans["wutai-mayday-work-safety"], "I", "response", begins=BEGINS, readings={"R-12": "a"})
    assert error.value.where == "to"


def test_conditions_that_undo_each_other_are_met_one_after_another() -> None:
    plan = library().plans["shuozhou-meteorological"]
    found = draft(plan, "I", "rainstorm_response", begins=BEGINS, readings={"M-02": "a"})
    assert found.steps[-1].level == "I"


def test_everybody_who_must_sign_is_there() -> None:
    found = generate(library().plans["shuozhou-special-equipment"], "I", "response", begins=BEGINS)
    run = play(begin(found, (library().plans["shuozhou-special-equipment"],)))
    assert {entry.by for entry in run.entries if entry.kind == "decided"} <= {one.id for one in found.people}
    slower = replace(found, people=())
    assert play(begin(slower, (library().plans["shuozhou-special-equipment"],))).refusals == ()


@pytest.mark.parametrize(("to", "scale", "where"), [("V", None, "to"), ("II", "alarm", "scale"), ("V", "response", "level")])
def test_what_is_not_there_is_said(to: str, scale: str | None, where: str) -> None:
    with pytest.raises(UnknownName) as error:
        generate(library().plans["shuozhou-special-equipment"], to, scale, begins=BEGINS)
    assert error.value.where == where
    assert error.value.remedy
