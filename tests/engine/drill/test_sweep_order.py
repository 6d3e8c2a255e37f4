"""Whatever is ordered is answered, or refused with a place to look at and a remedy."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from api.library import library
from api.sweeping.run import run
from engine.contract.sweep import conclude, sweep_data
from engine.contract.sweep_order import KEYS, MOST_VARIED, read_sweep
from engine.plan.finding import YuanError
from engine.plan.model import Plan
from tests.engine.drill.sweeps import DROUGHT, EQUIPMENT, POLLUTION, WEATHER, order_of

SPANS = [
    "0:3",
    "*",
    "0,1,5",
    "poisson(2)",
    "normal(3,1)",
    "1:2:0.25",
    [0, 1],
    "unknown",
    "0:1e50",
    "1e400:2",
    "lognormal(1,20)",
    "1/2",
    "::",
]
ODD = [None, True, -1, 1e300, 10**25, "", "a", "nan", [], {}, [[]], {"at_least": 1}, {"deaths": [1]}, "\u2028"]


def some_order(random: Random, plan: Plan) -> dict[str, Any]:
    """An order of which most is right, and something may be anything."""
    names = [f"{key}.{part}" for key, one in plan.indicators.items() for part in one.parts] or list(plan.indicators)
    order: dict[str, Any] = {"vary": {random.choice(names): random.choice([*SPANS, *ODD]) for _ in range(random.randint(1, 3))}}
    for key in KEYS:
        if random.random() < 0.06:
            order[key] = random.choice(ODD)
    if random.random() < 0.6:
        order["cases"] = random.randint(1, 40)
    if random.random() < 0.3:
        order |= {"rest": "normal", "unknown": random.random()}
    switches = plan.switches()
    if random.random() < 0.3:
        reading = random.choice(list(switches))
        order["against"] = {"readings": {reading: switches[reading][0]}}
    return order


def test_no_order_breaks_anything() -> None:
    random = Random(11)
    answered = refused = 0
    for _ in range(600):
        plan = random.choice(list(library().plans.values()))
        order = some_order(random, plan)
        try:
            found = read_sweep(plan, order, library().plan, 2000)
            json.dumps(sweep_data(conclude(found, run(found.work))), allow_nan=False)
            answered += 1
        except YuanError as error:
            assert error.message, order
            assert error.remedy, order
            refused += 1
    assert answered > 20
    assert refused > 100


@pytest.mark.parametrize(
    ("order", "where", "message"),
    [
        ([], "", "不是一个对象"),
        ({"varied": {}}, "varied", "不认识的键“varied”"),
        ({"vary": {f"x{n}": "*" for n in range(MOST_VARIED + 1)}}, "vary", "至多"),
        ({"vary": {"deaths": "0:3"}, "cases": 1.5}, "cases", "不是整数"),
        ({"vary": {"deaths": "0:3"}, "map": [1, 2]}, "map", "map 不是两个指标"),
        ({"vary": {"deaths": "0:3"}, "readings": {"SE-23": ["a"]}}, "readings.SE-23", "取法不是字母"),
        ({"vary": {"deaths": "0:3"}, "rest": []}, "rest", "不是其余事实的取法"),
        ({"vary": {"deaths": "0:3"}, "scales": 3}, "scales", "不是列表"),
    ],
)
def test_an_order_of_the_wrong_shape_says_where(order: Any, where: str, message: str) -> None:
    with pytest.raises(YuanError) as raised:
        read_sweep(library().plan(EQUIPMENT), order, library().plan)
    assert raised.value.where == where
    assert message in raised.value.message + raised.value.remedy


def test_one_fact_is_not_varied_twice() -> None:
    with pytest.raises(YuanError) as raised:
        order_of(WEATHER, vary={"counties.rain_past_24h": "0:9", "counties.应县.rain_past_24h": "0:9"})
    assert "变动同一项事实" in raised.value.message


def test_the_rest_is_as_it_normally_is_but_what_follows_by_itself() -> None:
    plan = order_of(POLLUTION, vary={"so2_hourly_max": "0:900:100"}, rest="normal").sweep
    assert plan.base.known["aqi_above_200_duration"] == 0
    assert "so2_hourly_max" not in plan.base.known
    hours = [[f"2026-01-02T{hour:02}:00", 260] for hour in range(24)]
    given = order_of(
        POLLUTION, vary={"so2_hourly_max": "0:900:100"}, rest="normal", fix={"aqi_hourly": hours}, at="2026-01-02T01:00"
    )
    assert given.sweep.base.known.get("aqi_above_200_duration") != 0
    dated = order_of(DROUGHT, vary={"drought_area_rate": "0:40"}, rest="normal", at="2026-07-02T01:00").sweep
    assert dated.base.derived == {"season"}
    assert (
        order_of(DROUGHT, vary={"drought_area_rate": "0:40"}, rest="normal").sweep.base.known["season"]
        == dated.plan.indicators["season"].normal
    )
