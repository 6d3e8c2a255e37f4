"""Episodes: up at once, down only by the plan's own rule, to the highest level that is still possible."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from api.cases import episode_lines
from api.library import library
from engine.lifecycle.episode import Step, levels_through
from engine.plan.finding import UnknownName
from engine.trigger.facts import CHINA, parse_time, validate

POLLUTION = library().plans["shuozhou-heavy-pollution"]
EQUIPMENT = library().plans["shuozhou-special-equipment"]
START = datetime.datetime(2020, 12, 1, tzinfo=CHINA)
CLEAN = {
    "aqi_above_200_duration": 0, "aqi_above_300_duration": 0, "aqi_24h_mean_max": 100, "so2_hourly_max": 0, "regional_notice": "none",
    "consultation_warning": "none", "aqi_24h_mean": 100, "no_improvement_24h": False, "below_standard_duration": 0, "aqi_at_most_150_duration": 0,
}  # fmt: skip


def through(*facts: dict[str, Any], initial: str | None = None) -> list[str | None]:
    steps = [Step(None, validate(POLLUTION, one)) for one in facts]
    return [levels["warning"] for levels in levels_through(POLLUTION, steps, {"warning": initial})]


def hourly(*runs: tuple[int, float]) -> list[list[Any]]:
    points: list[list[Any]] = []
    for hours, value in runs:
        points += [[(START + datetime.timedelta(hours=len(points) + n)).isoformat(), value] for n in range(hours)]
    return points


def by_series(series: list[list[Any]], *hours: int) -> list[str | None]:
    quiet = {key: CLEAN[key] for key in ("so2_hourly_max", "regional_notice", "consultation_warning", "no_improvement_24h")}
    facts = validate(POLLUTION, {**quiet, "aqi_hourly": series})
    steps = [Step(START + datetime.timedelta(hours=hour), facts) for hour in hours]
    return [levels["warning"] for levels in levels_through(POLLUTION, steps, {})]


def test_up_at_once_and_held_without_a_rule() -> None:
    assert through({**CLEAN, "aqi_above_200_duration": 48}, {**CLEAN, "aqi_above_200_duration": 72}, CLEAN) == [
        "yellow",
        "orange",
        "orange",
    ]


def test_down_to_what_is_still_required_but_never_below_the_lowest() -> None:
    improved = {**CLEAN, "below_standard_duration": 36}
    assert through({**improved, "aqi_above_200_duration": 48}, initial="red") == ["yellow"]
    assert through(improved, initial="red") == ["yellow"]
    assert through({**CLEAN, "below_standard_duration": 35.5}, initial="red") == ["red"]


def test_lifted_only_by_the_rule_for_lifting() -> None:
    assert through({**CLEAN, "below_standard_duration": 90}, initial="yellow") == ["yellow"]
    assert through({**CLEAN, "aqi_at_most_150_duration": 36}, initial="yellow") == [None]
    assert through({**CLEAN, "aqi_at_most_150_duration": 35.9}, initial="yellow") == ["yellow"]


def test_the_unknown_never_lowers() -> None:
    improved = {**CLEAN, "aqi_at_most_150_duration": 48, "below_standard_duration": 48}
    assert through({**improved, "consultation_warning": None}, initial="orange") == ["orange"]
    assert through({}, initial="orange") == ["orange"]


def test_a_notice_from_above_is_a_branch_of_its_own() -> None:
    notice = {**CLEAN, "regional_notice": "orange"}
    assert through(notice, {**CLEAN, "regional_notice": None}, CLEAN) == ["orange", "orange", None]
    assert through({**notice, "aqi_above_200_duration": 48}, {**CLEAN, "aqi_above_200_duration": 48}) == ["orange", "yellow"]
    assert through({**CLEAN, "regional_notice": "yellow"}, initial="red") == ["red"]


def test_a_notice_that_binds_brings_the_own_level_down_and_leaves_it_there() -> None:
    """Under the reading that the notice decides: red comes down to the yellow of the notice and stays, once that is lifted, until its own rule."""
    worst = {**CLEAN, "so2_hourly_max": 801}
    steps = [
        worst,
        {**worst, "regional_notice": "yellow"},
        {**worst, "regional_notice": None},
        {**CLEAN, "regional_notice": "none"},
    ]
    read = [Step(None, validate(POLLUTION, one)) for one in steps]
    found = {
        letter: [levels["warning"] for levels in levels_through(POLLUTION, read, {}, {} if letter is None else {"HP-14": letter})]
        for letter in (None, "a")
    }
    assert found == {None: ["red", "red", "red", "red"], "a": ["red", "yellow", "yellow", "yellow"]}


def test_everything_is_lifted_with_the_notice_where_a_reading_says_so() -> None:
    """What the local facts establish is raised anew at the next step."""
    steps = [{"regional_notice": "orange", "so2_hourly_max": 501}, {"regional_notice": "none", "so2_hourly_max": 501}]
    read = [Step(None, validate(POLLUTION, {**CLEAN, **one})) for one in (*steps, steps[1])]
    found = levels_through(POLLUTION, read, {}, {"HP-07": "a"})
    assert [levels["warning"] for levels in found] == ["orange", None, "yellow"]


def test_two_spells_not_far_enough_apart_count_as_one() -> None:
    # Two spells of 25 means above 200 (48 h each); between them the mean is at most 150 for fewer than 36 hours.
    near = hourly((24, 100), (48, 260), (40, 100), (48, 260), (24, 100))
    far = hourly((24, 100), (48, 260), (90, 100), (48, 260), (24, 100))
    assert by_series(near, 30) == ["orange"]
    assert by_series(far, 30) == ["yellow"]


def test_a_missing_hour_between_two_spells_does_not_prove_them_one() -> None:
    whole = hourly((26, 210), (70, 100), (26, 210))
    holed = [[time, None if n == 61 else value] for n, (time, value) in enumerate(whole)]
    assert by_series(whole, 0) == [None]
    assert by_series(holed, 0) == [None]


def test_the_highest_of_several_is_at_least_each_of_them() -> None:
    weather = library().plans["shuozhou-meteorological"]
    found = levels_through(weather, [Step(None, validate(weather, {}))], {"rainstorm_response": "III"})
    assert (found[0]["rainstorm_response"], found[0]["response"]) == ("III", "III")


def test_what_follows_moves_along_and_must_agree_where_it_is_named() -> None:
    steps = [Step(None, validate(POLLUTION, {**CLEAN, "so2_hourly_max": 801}))]
    assert levels_through(POLLUTION, steps, {}) == [{"warning": "red", "response": "I"}]
    assert levels_through(POLLUTION, [], {"warning": "red", "response": "I"}) == []
    with pytest.raises(UnknownName):
        levels_through(POLLUTION, [], {"response": "I"})


def test_a_plan_without_a_rule_that_facts_can_establish_holds() -> None:
    quiet = {key: indicator.normal for key, indicator in EQUIPMENT.indicators.items()}
    steps = [Step(None, validate(EQUIPMENT, {**quiet, "deaths": 3})), Step(None, validate(EQUIPMENT, quiet))]
    assert [levels["response"] for levels in levels_through(EQUIPMENT, steps, {})] == ["II", "II"]


def test_a_bad_step_is_an_error_with_its_place_and_the_next_line_goes_on() -> None:
    lines = [
        '{"id": 1, "plan": "shuozhou-drought", "steps": [{"facts": {}}, {"facts": {"seasons": 1}}]}',
        '{"id": 2, "plan": "shuozhou-drought", "steps": [{"at": "2026-07-01T00:00", "facts": {"consecutive_rainless_days": 50, "forecast_rainless_days": 10}}]}',
        '{"id": 3, "plan": "shuozhou-drought", "step": []}',
    ]
    import json

    found = [json.loads(line) for line in episode_lines(lines, library().plan)]
    assert found[0]["error"]["where"] == "steps[1].facts.seasons"
    assert found[1] == {"id": 2, "levels": [{"warning": "red", "response": None}]}
    assert found[2]["error"]["where"] == "step"


def test_times_without_an_offset_are_beijings() -> None:
    assert parse_time("2020-12-01T00:00:00", "at") == START
