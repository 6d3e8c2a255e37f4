"""Counts of a sweep are those of single assessments, whatever the chunks; the cases follow from the seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.drill.sweeps.by_case import ByCase
from engine.drill.sweeps.sweep import EMPTY, Tally, count_cases, tally
from tests.engine.drill.sweeps import (
    DROUGHT,
    EQUIPMENT,
    FIRE,
    METAL,
    POLLUTION,
    WEATHER,
    assessed,
    counted_singly,
    in_words,
    order_of,
)

SMALL = [
    (EQUIPMENT, {"vary": {"deaths": "0:31", "serious_injuries": [0, 1, 10, 49, 50, 100, None]}, "fix": {"boiler_explosion": False}}),
    (EQUIPMENT, {"vary": {"deaths": "0:12", "boiler_capacity": "590:610:0.5", "boiler_explosion": "*"}, "rest": "normal"}),
    (EQUIPMENT, {"vary": {"deaths": "0:4"}, "readings": {"SE-23": "a"}, "fix": {"serious_injuries": 0}}),
    (POLLUTION, {"vary": {"aqi_above_200_duration": "40:100:4", "so2_hourly_max": [500, 500.5, 650, 800, 801], "regional_notice": "*"}}),
    (FIRE, {"vary": {"grassland_fire_deaths": "0:12", "grassland_fire_serious_injuries": "0:22:2"}}),
    (FIRE, {"vary": {"grassland_fire_deaths": "0:25"}, "fix": {"grassland_fire_serious_injuries": {"at_least": 7}}}),
    (METAL, {"vary": {"deaths": "0:31:3", "determined_warning": "*"}, "fix": {"direct_economic_loss": {"between": [9_000_000, 60_000_000]}}}),
    (DROUGHT, {"vary": {"consecutive_rainless_days": "0:100:5", "season": "*", "drought_area_rate": [None, 10, 31]}}),
    (WEATHER, {"vary": {"counties.rain_past_24h": "0:120:20"}, "fix": {"counties": {"应县": {"rain_next_24h": 60}}}}),
    (WEATHER, {"vary": {"counties.rain_past_24h": "0:120:30"}, "fix": {"counties": {"应县": {"rain_next_24h": {"at_least": 60}}}}}),
    (WEATHER, {"vary": {"counties.rain_past_24h": "0:200", "counties.gust_force_next_24h": "uniform(0,12)"}, "cases": 60, "seed": 5, "unknown": 0.2}),
    (EQUIPMENT, {"vary": {"deaths": "poisson(2)", "serious_injuries": "normal(30,20)", "direct_economic_loss": "lognormal(1000万元,1.5)"},
                 "cases": 200, "seed": 8, "unknown": {"deaths": 0.3}}),
]  # fmt: skip


@pytest.mark.parametrize(("plan_id", "order"), SMALL)
def test_counts_are_those_of_single_assessments(plan_id: str, order: dict[str, Any]) -> None:
    found = order_of(plan_id, **order)
    fixed = dict(order.get("fix", {}))
    if order.get("rest") == "normal":
        plan, varied = found.sweep.plan, order["vary"]
        fixed |= {key: one.normal for key, one in plan.indicators.items() if key not in varied and key not in fixed}
    counted = count_cases(found.sweep, 0, found.sweep.cases.size)
    assert counted.cases == found.sweep.cases.size
    assert in_words(found.sweep, counted) == counted_singly(found.sweep, fixed)


def test_what_follows_from_the_date_and_from_a_series_is_fixed_too() -> None:
    hours = [[f"2026-01-{day:02}T{hour:02}:00", 260] for day in range(1, 6) for hour in range(24)]
    fixed = {"aqi_hourly": hours}
    found = order_of(POLLUTION, vary={"so2_hourly_max": "0:1000:50"}, fix=fixed, at="2026-01-02T12:00:00+08:00")
    counted = count_cases(found.sweep, 0, 21)
    assert in_words(found.sweep, counted) == counted_singly(found.sweep, fixed)
    assert counted.by_level("warning") != {0: 21}


def random_sweep(seed: int = 3) -> Any:
    vary = {
        "deaths": "0:40",
        "serious_injuries": "poisson(20)",
        "boiler_explosion": "*",
        "boiler_capacity": "triangular(100,600,900)",
    }
    return order_of(EQUIPMENT, vary=vary, cases=5000, seed=seed, unknown=0.1).sweep


@pytest.mark.parametrize("length", [1, 7, 1000, 4999, 5000])
def test_chunks_do_not_matter(length: int) -> None:
    sweep = random_sweep()
    size = 5000 if length > 7 else 20 * length + 180
    whole = count_cases(sweep, 0, size)
    parts = [count_cases(sweep, start, min(length, size - start)) for start in range(0, size, length)]
    assert sum(parts, EMPTY) == whole
    assert sum(reversed(parts), EMPTY) == whole


def test_a_case_is_the_same_wherever_it_is_made() -> None:
    sweep = random_sweep()
    columns = sweep.cases.columns(1230, 50)
    for number in (1230, 1231, 1255, 1279):
        alone = sweep.cases.case(number)
        there = sweep.cases.columns(number - 3, 9)
        for name, column in columns.items():
            np.testing.assert_array_equal(column[number - 1230], there[name][3])
            assert (alone[name] is None) == bool(np.isnan(column[number - 1230]) or column[number - 1230] == -1)


def test_the_seed_decides() -> None:
    assert count_cases(random_sweep(), 0, 5000) == count_cases(random_sweep(), 0, 5000)
    assert count_cases(random_sweep(), 0, 5000) != count_cases(random_sweep(4), 0, 5000)


def test_an_indicator_more_leaves_the_others_as_they_were() -> None:
    vary = {"deaths": "uniform(0,40)", "serious_injuries": "poisson(9)"}
    one = order_of(EQUIPMENT, vary=vary, cases=50).sweep.cases.columns(0, 50)
    two = order_of(EQUIPMENT, vary={"crane_overturn": "*", **vary}, cases=50).sweep.cases.columns(0, 50)
    for name, column in one.items():
        np.testing.assert_array_equal(column, two[name])


def test_the_share_of_unknown_is_as_ordered() -> None:
    sweep = order_of(EQUIPMENT, vary={"deaths": "0:40"}, cases=20_000, unknown=0.25).sweep
    gone = np.isnan(sweep.cases.columns(0, 20_000)["deaths"]).mean()
    assert abs(gone - 0.25) < 0.02


def test_both_ways_of_judging_say_the_same() -> None:
    sweep = random_sweep()
    columns = sweep.cases.columns(0, 3000)
    one_by_one = ByCase(sweep.plan, sweep.choices, sweep.base, sweep.variables).judge(columns, 3000)
    assert tally(sweep, one_by_one, 3000) == tally(sweep, sweep.judge(columns, 3000), 3000)


def test_sums_of_the_counts() -> None:
    sweep = order_of(EQUIPMENT, vary={"deaths": "0:40", "serious_injuries": [0, 10]}, fix={"boiler_explosion": False}).sweep
    counted = count_cases(sweep, 0, 82)
    for scale in sweep.scales:
        assert sum(counted.by_level(scale).values()) == 82
        assert sum(counted.by_possible(scale).values()) == 82
        assert sum(counted.by_clause(scale).values()) == 82
    assert counted.by_level("grade") == {0: 1, 1: 2, 2: 17, 3: 40, 4: 22}
    assert Tally(0, {}) + counted == counted


def test_in_force_and_at_are_those_of_the_order() -> None:
    found = order_of(
        POLLUTION, vary={"so2_hourly_max": "0:1000:100"}, in_force={"warning": "orange"}, at="2026-01-02T12:00:00+08:00"
    )
    case = found.sweep.cases.case(7)
    assert case == {"so2_hourly_max": 700}
    assert assessed(found.sweep, {}, case).in_force == {"warning": "orange"}
