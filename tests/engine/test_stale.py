"""A fact older than its indicator's maximum age counts as unknown, and says so. No official plan prints an age: the plan is the test's own."""

from __future__ import annotations

import datetime
import functools
from typing import Any

import pytest

from engine.assess import Assessment, assess
from engine.contract import facts_data
from engine.explain import reasons
from engine.plan.model import Plan
from engine.trigger.facts import CHINA, validate
from engine.trigger.truth import Truth
from tests.engine.tiny import tiny_plan

NOW = datetime.datetime(2026, 7, 1, 12, tzinfo=CHINA)


@functools.cache
def plan() -> Plan:
    return tiny_plan(
        """
        water: {type: number, unit: m, label: 水位, clause: "2", max_age: 6小时}
        rain: {type: number, unit: mm, label: 雨量, clause: "2"}
        towns: {type: areas, label: 各镇, clause: "2", values: [东镇, 西镇], indicators: {depth: {type: number, unit: m, label: 积水, clause: "2", max_age: 2小时}}}
        """,
        """
        flood:
          label: 洪水
          clause: "2"
          levels: [II, I]
          triggers:
            II: [{rain: {at_least: 50毫米}, clause: "2"}, {towns: {at_least: 1, where: {depth: {over: 0.5米}}}, clause: "3"}]
            I: [{water: {at_least: 10米}, clause: "2"}]
        """,
        moved=("flood",),
    )


def found(at: datetime.datetime | None = NOW, **raw: Any) -> Assessment:
    return assess(plan(), validate(plan(), {"rain": 0, "towns": {"东镇": {"depth": 0}, "西镇": {"depth": 0}}, **raw}), at)


def observed(value: Any, hours: float) -> dict[str, Any]:
    return {"value": value, "source": "水文站", "observed_at": (NOW - datetime.timedelta(hours=hours)).isoformat()}


def test_a_fresh_fact_counts() -> None:
    assert found(water=observed(12, 5)).possible["flood"] == ("I",)


def test_a_fact_as_old_as_allowed_still_counts() -> None:
    assert found(water=observed(12, 6)).possible["flood"] == ("I",)


@pytest.mark.parametrize("value", [12, {"at_least": 11}, {"one_of": [11, 12]}])
def test_an_older_one_is_unknown_and_the_level_is_not_lowered_by_it_silently(value: Any) -> None:
    stale = found(water=observed(value, 6.01))
    assert stale.possible["flood"] == (None, "I")
    trigger = next(one for one in reasons(stale, "flood") if one.level == "I").triggers[0]
    assert (trigger.truth, trigger.unknown) == (Truth.UNKNOWN, "stale")
    assert facts_data(stale)["water"]["unknown"] == "stale"


def test_a_stale_low_value_does_not_rule_the_level_out() -> None:
    assert found(water=observed(1, 24)).possible["flood"] == (None, "I")


def test_a_fact_without_a_time_never_goes_stale() -> None:
    assert found(water={"value": 12, "source": "水文站"}).possible["flood"] == ("I",)
    assert found(water=12).possible["flood"] == ("I",)


def test_without_a_time_of_assessment_nothing_is_stale() -> None:
    assert found(None, water=observed(12, 600)).possible["flood"] == ("I",)


def test_an_indicator_without_a_maximum_age_keeps_its_value() -> None:
    assert found(water=1, rain=observed(60, 600)).possible["flood"] == ("II",)


def test_a_time_with_another_offset_is_the_same_moment() -> None:
    old = (NOW - datetime.timedelta(hours=7)).astimezone(datetime.UTC).isoformat()
    fresh = (NOW - datetime.timedelta(hours=5)).astimezone(datetime.UTC).isoformat()
    assert found(water={"value": 12, "observed_at": old}).possible["flood"] == (None, "I")
    assert found(water={"value": 12, "observed_at": fresh}).possible["flood"] == ("I",)


def test_an_areas_fact_goes_stale_too() -> None:
    fresh = found(water=1, towns={"东镇": {"depth": observed(0.8, 1)}, "西镇": {"depth": 0}})
    stale = found(water=1, towns={"东镇": {"depth": observed(0.8, 3)}, "西镇": {"depth": 0}})
    assert fresh.possible["flood"] == ("II",)
    assert stale.possible["flood"] == (None, "II")
