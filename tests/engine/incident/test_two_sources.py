"""Two sources about the same time: what is sure is what both leave open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.incident.board import deadline_of
from engine.incident.command import MarkDuty, Observe
from engine.incident.fact import facts_now
from tests.engine.incident.test_story import PLAN, opened, signed_orange

CASES = [
    (80, 60, {"one_of": [80, 60]}),
    ({"at_least": 80}, 60, {"at_least": 60}),
    ({"at_most": 50}, 60, {"at_most": 60}),
    ({"between": [50, 70]}, {"between": [60, 90]}, {"between": [50, 90]}),
    ({"at_least": 80}, {"at_most": 60}, {"at_least": 0}),
    (80, 80, 80),
]


@pytest.mark.parametrize(("first", "second", "expected"), CASES)
def test_they_disagree_about_a_number(first: Any, second: Any, expected: Any) -> None:
    desk = opened()
    desk.do(Observe({"aqi_above_200_duration": first}, "甲", desk.at))
    desk.do(Observe({"aqi_above_200_duration": second}, "乙", desk.at))
    assert facts_now(desk.state, PLAN).raw["aqi_above_200_duration"]["value"] == expected


def test_they_disagree_about_a_word() -> None:
    desk = opened()
    desk.do(Observe({"regional_notice": {"one_of": ["none", "yellow"]}}, "甲", desk.at))
    desk.do(Observe({"regional_notice": "red"}, "乙", desk.at))
    assert facts_now(desk.state, PLAN).raw["regional_notice"]["value"] == {"one_of": ["none", "yellow", "red"]}


def test_a_duty_done_in_the_minute_of_its_start_counts() -> None:
    desk = signed_orange()
    key, duty = next((key, one) for key, one in desk.state.courses[PLAN.id].duties.items() if one.assigned.due_value == "PT30M")
    assert duty.assigned.starts is not None
    desk.do(MarkDuty(key, "done", duty.assigned.starts - timedelta(seconds=40)))
    assert deadline_of(desk.state.courses[PLAN.id].duties[key], desk.at).state == "met"
