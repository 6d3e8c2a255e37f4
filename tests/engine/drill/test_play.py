"""Playing: the same each time, by one path or another; and what the script makes of people, conditions and duties."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from engine.drill.cue import Given, LevelAtLeast, NotSo
from engine.drill.draw import Draw, fixed
from engine.drill.play import begin, branch, play, rewind
from engine.drill.run import Run
from engine.drill.scenario import Completion, Contingency, Deviation, Happening, Inject, Player, Report, Scenario
from tests.engine.drill.courses import plans, played, scenarios

SLOW = {"shuozhou-heavy-pollution-red", "shuozhou-drought-summer"}
"""Scenarios of many days with hourly looks."""
QUICK = sorted(set(scenarios()) - SLOW)
ALL = [one if one in QUICK else pytest.param(one, marks=pytest.mark.long) for one in sorted(scenarios())]


def fresh(scenario: Scenario, hours: float | None = None) -> Run:
    until = None if hours is None else scenario.begins + timedelta(hours=hours)
    return play(begin(scenario, plans(scenario)), until)


def moments(scenario: Scenario, count: int) -> list[float]:
    """Hours after T+0, the same ones each time."""
    dice = Random(scenario.id)
    return [dice.uniform(0, scenario.lasts / timedelta(hours=1)) for _ in range(count)]


@pytest.mark.parametrize("scenario_id", ALL)
def test_the_same_seed_gives_the_same_journal(scenario_id: str) -> None:
    again = fresh(scenarios()[scenario_id])
    assert again == played(scenario_id)
    assert again.entries[-1].hash == played(scenario_id).entries[-1].hash


@pytest.mark.parametrize("scenario_id", ALL)
def test_another_seed_differs_where_something_is_drawn(scenario_id: str) -> None:
    other = fresh(replace(scenarios()[scenario_id], seed=987))
    assert other.entries[-1].hash != played(scenario_id).entries[-1].hash
    assert [entry.kind for entry in other.entries if entry.kind == "opened"] == ["opened"]


@pytest.mark.parametrize("scenario_id", ALL)
def test_rewinding_equals_a_fresh_run_up_to_then_and_on_to_the_end(scenario_id: str) -> None:
    scenario, whole = scenarios()[scenario_id], played(scenario_id)
    for hours in moments(scenario, 2):
        back = rewind(whole, scenario.begins + timedelta(hours=hours))
        assert back == fresh(scenario, hours)
        assert play(back) == whole


@pytest.mark.parametrize("scenario_id", ALL)
def test_a_branch_that_changes_nothing_goes_on_as_before(scenario_id: str) -> None:
    scenario, whole = scenarios()[scenario_id], played(scenario_id)
    (hours,) = moments(scenario, 1)
    assert play(branch(whole, scenario.begins + timedelta(hours=hours), scenario)) == whole


@pytest.mark.parametrize("scenario_id", ALL)
def test_small_steps_come_to_the_same_as_one(scenario_id: str) -> None:
    scenario = scenarios()[scenario_id]
    run = begin(scenario, plans(scenario))
    for step in range(1, 48):
        run = play(run, scenario.begins + scenario.lasts * step / 47)
    assert run == played(scenario_id)


def test_a_branch_with_other_people_keeps_the_past_and_changes_what_follows() -> None:
    whole = played("shuozhou-special-equipment-boiler")
    scenario = whole.scenario
    slower = replace(scenario, people=tuple(replace(one, decides=fixed(7_200)) for one in scenario.people))
    at = scenario.begins + timedelta(hours=2)
    other = play(branch(whole, at, slower))
    before = [entry for entry in whole.entries if entry.at <= at]
    assert list(other.entries[: len(before)]) == before
    signed = [entry.at - scenario.begins for entry in other.entries if entry.kind == "decided" and entry.at > at]
    first = [entry.at - scenario.begins for entry in whole.entries if entry.kind == "decided" and entry.at > at]
    assert min(signed) > min(first)


def small(**changes: object) -> Scenario:
    """A short drill of one plan: one death at T+10, decided after 20 minutes."""
    base = scenarios()["wutai-mayday-work-safety-quarry"]
    scenario = Scenario(
        id="small",
        title="小",
        jurisdiction=base.jurisdiction,
        plans=base.plans,
        begins=base.begins,
        lasts=timedelta(hours=6),
        report=Report("事故", "接报", "现场"),
        injects=(Inject("one", fixed(600), Happening("一人死亡", facts={"deaths": 1})),),
        people=(Player("vice", "甲", ("分管副县长",), fixed(1_200)),),
    )
    return replace(scenario, **changes)  # type: ignore[arg-type]


def levels(run: Run) -> list[tuple[int, str | None]]:
    """(minutes after T+0, level of the grade) whenever it changed."""
    return [
        (int((entry.at - run.scenario.begins).total_seconds()) // 60, entry.body["levels"]["grade"])
        for entry in run.entries
        if entry.kind == "level_set" and entry.body["scale"] == "grade"
    ]


def test_a_person_decides_after_the_given_time() -> None:
    assert levels(fresh(small())) == [(30, "IV")]


def test_without_people_somebody_whom_the_plan_names_decides() -> None:
    assert levels(fresh(small(people=()))) == [(30, "IV")]


def test_a_person_may_keep_the_level_against_the_proposal() -> None:
    stubborn = Player("vice", "甲", ("分管副县长",), fixed(1_200), (Deviation("grade", "IV", None, "先核实"),))
    run = fresh(small(people=(stubborn,)))
    assert levels(run) == [(30, None)] or levels(run) == []
    decided = [entry.body for entry in run.entries if entry.kind == "decided"]
    assert [(one["level"], one["approved"], one["reason"]) for one in decided] == [(None, False, "先核实")]
    assert run.refusals == ()


def test_a_condition_that_does_not_hold_gives_the_alternative_once_its_time_is_over() -> None:
    later = Inject(
        "two",
        fixed(900),
        Happening("已定级"),
        LevelAtLeast("grade", "III"),
        timedelta(minutes=60),
        Happening("还没有定级"),
    )
    run = fresh(small(injects=(*small().injects, later)))
    told = [(entry.at - run.scenario.begins, entry.body["text"]) for entry in run.entries if entry.kind == "message"]
    assert told[-1] == (timedelta(minutes=75), "还没有定级")


def test_a_condition_that_comes_to_hold_within_its_time_gives_the_inject_then() -> None:
    later = Inject("two", fixed(900), Happening("已定级"), LevelAtLeast("grade", "IV"), timedelta(minutes=60))
    run = fresh(small(injects=(*small().injects, later)))
    told = [(entry.at - run.scenario.begins, entry.body["text"]) for entry in run.entries if entry.kind == "message"]
    assert told[-1] == (timedelta(minutes=30), "已定级")


def test_an_inject_whose_condition_never_holds_is_passed_over() -> None:
    later = Inject("two", fixed(900), Happening("已定级"), NotSo(Given("one")))
    run = fresh(small(injects=(*small().injects, later)))
    assert set(run.given) == {"one"}
    assert "inject:two" in run.settled


@pytest.mark.parametrize(("level", "told"), [("IV", False), ("II", True)])
def test_a_contingency_is_fed_in_only_where_it_is_needed(level: str, told: bool) -> None:
    one = small().injects[0]
    urged = replace(one, contingency=Contingency(LevelAtLeast("grade", level), fixed(3_600), Happening("请报告级别")))
    run = fresh(small(injects=(urged,)))
    assert any(entry.body["text"] == "请报告级别" for entry in run.entries if entry.kind == "message") is told


def test_a_withdrawn_fact_is_unknown_again() -> None:
    back = Inject("two", fixed(7_200), Happening("前报有误", facts={"deaths": None}))
    run = fresh(small(injects=(*small().injects, back)))
    assert [entry.body["value"] for entry in run.entries if entry.kind == "fact_corrected"] == [None]


def test_a_duty_that_comes_again_and_again_is_done_each_time() -> None:
    run = fresh(small(duties=(Completion(share=fixed(0.5)),), lasts=timedelta(hours=12)))
    done = [
        (entry.at - run.scenario.begins) / timedelta(minutes=1)
        for entry in run.entries
        if entry.kind == "duty_marked" and "3.2.2" in entry.body["key"]
    ]
    assert done == [90, 210, 330, 450, 570, 690]  # every two hours from the level at 0:30, half way through each


def test_a_duty_whose_moment_comes_again_is_done_again() -> None:
    first = Inject("one", fixed(600), Happening("一人死亡", facts={"deaths": 1}, moments={"accident_happened": timedelta(0)}))
    again = Inject("two", fixed(7_200), Happening("再次坍塌", moments={"accident_happened": timedelta(0)}))
    run = fresh(small(injects=(first, again), duties=(Completion(unit="事故单位", share=fixed(0.5)),)))
    done = [(entry.at - run.scenario.begins) / timedelta(minutes=1) for entry in run.entries if entry.kind == "duty_marked"]
    assert done == [40, 150]


def test_a_drawn_count_is_whole_and_a_drawn_amount_has_four_digits() -> None:
    facts = {"deaths": Draw("uniform", (1, 2), whole=True), "direct_economic_loss": Draw("uniform", (1e6, 9e6))}
    for seed in range(20):
        run = fresh(small(injects=(Inject("one", fixed(600), Happening("报", facts=facts)),), seed=seed))
        values = {entry.body["indicator"]: entry.body["value"] for entry in run.entries if entry.kind == "fact_observed"}
        assert values["deaths"] in (1, 2)
        assert isinstance(values["deaths"], int)
        assert float(f"{values['direct_economic_loss']:.4g}") == values["direct_economic_loss"]
