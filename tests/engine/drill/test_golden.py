"""The scenarios that come with Yuan: one for every plan at least, each with its whole course."""

from __future__ import annotations

import pytest

from api.library import library
from api.scenarios import read_scenarios
from engine.drill.authoring.scenario_file import read_scenario
from engine.drill.authoring.scenario_text import scenario_text
from engine.drill.scenario import PREFIX
from tests.engine.drill.courses import GOLDEN, course, plans, played, scenarios

IDS = sorted(scenarios())


def test_every_file_is_sound_and_every_plan_has_a_scenario() -> None:
    reads = read_scenarios(library().versions)
    assert {key: read.findings for key, read in reads.items() if read.findings} == {}
    assert {plan for read in reads.values() if read.scenario for plan in read.scenario.plans} == set(library().plans)
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == IDS


@pytest.mark.parametrize("scenario_id", IDS)
def test_the_whole_course_is_as_it_was_kept(scenario_id: str) -> None:
    assert course(played(scenario_id)) == (GOLDEN / f"{scenario_id}.txt").read_text("utf-8")


@pytest.mark.parametrize("scenario_id", IDS)
def test_nothing_is_refused_and_everything_bears_the_mark(scenario_id: str) -> None:
    run = played(scenario_id)
    assert run.refusals == ()
    assert run.incident.title.startswith(PREFIX)
    assert run.incident.demo
    assert all(entry.body["text"].startswith("【推演】") for entry in run.entries if entry.kind == "message")


@pytest.mark.parametrize("scenario_id", IDS)
def test_a_scenario_written_out_reads_back_the_same(scenario_id: str) -> None:
    scenario = scenarios()[scenario_id]
    text = scenario_text(scenario, plans(scenario))
    again = read_scenario(text, f"plans/drills/{scenario_id}.yaml", library().versions)
    assert (again.findings, again.scenario) == ((), scenario)
    assert scenario_text(again.scenario or scenario, plans(scenario)) == text


def test_the_scenarios_use_all_that_a_scenario_can_say() -> None:
    found = scenarios().values()
    injects = [one for scenario in found for one in scenario.injects]
    assert any(one.when is not None and one.otherwise is not None for one in injects)
    assert any(one.contingency is not None for one in injects)
    assert any(one.within for one in injects)
    assert any(not one.at.sure for one in injects)
    assert any(one.does.moments for one in injects)
    assert any(one.does.observed for one in injects)
    assert any(one.does.plan for one in injects)
    assert any(scenario.readings for scenario in found)
    assert any(scenario.versions for scenario in found)
    assert any(len(scenario.plans) > 1 for scenario in found)
    assert any(person.otherwise for scenario in found for person in scenario.people)
    assert {one.decides.kind for scenario in found for one in scenario.people} >= {"fixed", "triangular", "lognormal"}
