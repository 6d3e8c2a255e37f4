"""Two sides over the same cases: the table is that of single assessments, and every example is true and smallest."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import add
from typing import Any

import pytest

from engine.assess import assess
from engine.contract.sweep import example_word
from engine.contract.sweep_order import Order
from engine.drill.sweeps.sweep import Sweep
from engine.drill.sweeps.sweep_difference import Contrast, Example, contrast_cases, examples, nearest_in
from engine.drill.sweeps.variable import Variable
from engine.plan.condition import Bounds
from engine.plan.finding import YuanError
from engine.plan.load import load
from engine.plan.model import Plan
from engine.trigger.facts import Facts
from engine.trigger.judge import judge
from tests.engine.drill.sweeps import EQUIPMENT, METAL, POLLUTION, SAFETY, WEATHER, assessed, order_of, plan_of

AIR = {"aqi_above_200_duration": "0:120:8", "so2_hourly_max": "0:1000:50", "no_improvement_24h": "*"}
SIDES = [
    (EQUIPMENT, {"vary": {"deaths": "0:12", "serious_injuries": [0, 1, 10]}, "against": {"readings": {"SE-02": "a"}}}),
    (EQUIPMENT, {"vary": {"deaths": "0:12", "serious_injuries": "0:3"}, "fix": {"boiler_explosion": False}, "against": {"readings": {"SE-23": "a"}}}),
    (POLLUTION, {"vary": AIR, "against": {"readings": {"HP-10": "a"}}, "unknown": 0.1, "seed": 2}),
    (POLLUTION, {"vary": AIR, "against": {"readings": {"HP-10": "a"}}, "rest": "normal"}),
    (SAFETY, {"vary": {"deaths": "0:31", "serious_injuries": [0, 10, 50, None]}, "against": {"plan": METAL}}),
    (WEATHER, {"vary": {"counties.temp_drop_next_48h": "0:20:1", "counties.wind_force_next_48h": "0:9"}, "against": {"readings": {"M-05": "a"}}}),
]  # fmt: skip


def both(order: Order) -> Contrast:
    assert order.comparison is not None
    return contrast_cases(order.comparison, 0, order.sweep.cases.size)


@pytest.mark.parametrize(("plan_id", "given"), SIDES)
def test_the_table_is_that_of_single_assessments(plan_id: str, given: Any) -> None:
    order = order_of(plan_id, **given)
    against = order.against
    assert against is not None
    found = both(order)
    fixed = dict(given.get("fix", {}))
    if given.get("rest") == "normal":
        fixed |= {key: one.normal for key, one in order.sweep.plan.indicators.items() if one.type != "series" and key not in AIR}
    expected: dict[str, dict[Any, int]] = {scale: {} for scale in found.pairs}
    for number in range(order.sweep.cases.size):
        case = order.sweep.cases.case(number)
        one, two = assessed(order.sweep, fixed, case), assessed(against, fixed, case)
        for scale, into in expected.items():
            key = (one.outcome.ranks[scale], two.outcome.ranks[scale])
            into[key] = into.get(key, 0) + 1
    assert {scale: {pair: count for pair, (count, _) in counted.items()} for scale, counted in found.pairs.items()} == expected


@pytest.mark.parametrize("length", [1, 13, 400])
def test_chunks_do_not_matter(length: int) -> None:
    order = order_of(POLLUTION, **{**SIDES[2][1], "cases": 400})
    assert order.comparison is not None
    parts = [contrast_cases(order.comparison, start, min(length, 400 - start)) for start in range(0, 400, length)]
    assert reduce(add, parts) == both(order)
    assert reduce(add, reversed(parts)) == both(order)


def ranks(side: Sweep, facts: Facts, scale: str) -> tuple[int, ...]:
    found = assess(side.plan, facts, side.at, readings=side.choices, in_force=side.in_force)
    ranked: tuple[int, ...] = found.outcome.ranks[scale]
    return ranked


@pytest.mark.parametrize(("plan_id", "given"), SIDES)
def test_every_example_is_true_and_smallest(plan_id: str, given: Any) -> None:
    order = order_of(plan_id, **given)
    assert order.comparison is not None
    contrast = both(order)
    found = examples(order.comparison, contrast)
    assert {(one.scale, _pair(order, one)) for one in found} == {
        (scale, pair) for scale in contrast.pairs for pair in contrast.firsts(scale)
    }
    for one in found:
        _check(order, one)


def _pair(order: Order, one: Example) -> tuple[int, int]:
    sides = (order.sweep, order.against or order.sweep)
    first, second = (side.plan.scales[one.scale].rank(level) for side, level in zip(sides, one.levels, strict=True))
    return first, second


def _check(order: Order, one: Example) -> None:
    """The example differs as it says; without any of its facts, or with any nearer to normal, it would not."""
    against = order.against
    assert against is not None

    def stands(facts: Facts) -> bool:
        here, there = ranks(order.sweep, facts, one.scale), ranks(against, facts, one.scale)
        return here != there and (here[0], there[0]) == _pair(order, one)

    assert stands(one.given), example_word(order, one)
    for variable, value in one.facts:
        assert not stands(variable.without(one.given)), (example_word(order, one), variable.name)
        normal = variable.indicator.normal
        if value == normal:
            continue
        assert not stands(variable.put(one.given, normal)), (example_word(order, one), variable.name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            for nearer in _nearer(variable, value, normal):
                assert not stands(variable.put(one.given, nearer)), (example_word(order, one), variable.name, nearer)


def _nearer(variable: Variable, value: float, normal: Any) -> list[Any]:
    """Values of every cell between what is normal and this one's."""
    domain = judge(variable.plan).domains[variable.key]
    here, goal = domain.cell(value), domain.cell(normal)
    cells = range(min(here, goal), max(here, goal) + 1)
    found = [domain.sample(cell) for cell in cells if cell != here]
    if variable.whole:
        found.append(value - 1 if value > normal else value + 1)
    return [one for one in found if isinstance(one, int | float) and abs(one - normal) < abs(value - normal)]


def test_examples_read_well() -> None:
    order = order_of(POLLUTION, **SIDES[2][1])
    assert order.comparison is not None
    words = {(one.levels, example_word(order, one)) for one in examples(order.comparison, both(order)) if one.scale == "warning"}
    assert (("yellow", None), "监测或预测的二氧化硫小时浓度的最大值501微克/立方米") in words
    assert (
        ("orange", "yellow"),
        "预测AQI日均值>200将持续的时间48小时，监测或预测的二氧化硫小时浓度的最大值651微克/立方米",
    ) in words


def test_a_reading_of_how_hours_are_counted_moves_what_follows_from_a_series() -> None:
    hours = [[f"2026-01-{day:02}T{hour:02}:00", 260 if day in (3, 4, 5) else 80] for day in range(1, 9) for hour in range(24)]
    order = order_of(
        POLLUTION, vary={"so2_hourly_max": "0:400:100"}, fix={"aqi_hourly": hours}, at="2026-01-04T12:00:00+08:00",
        against={"readings": {"HP-02": "a"}},
    )  # fmt: skip
    contrast = both(order)
    assert order.comparison is not None
    assert contrast.differing("warning") == 5
    found = [one for one in examples(order.comparison, contrast) if one.scale == "warning"]
    assert [one.series for one in found] == [("aqi_hourly",)]
    assert found[0].facts == ()
    _check(order, found[0])


def test_another_version_is_compared_by_its_digest() -> None:
    plan = plan_of(EQUIPMENT)
    stricter = _with_threshold(plan)
    order = order_of(EQUIPMENT, vary={"deaths": "0:12"})
    found = order_of_two(plan, stricter, vary={"deaths": "0:12"}, against={"plan": stricter.digest[:10]})
    contrast = both(found)
    assert contrast.one == both(replace(found, against=order.sweep)).one
    assert contrast.table("grade") == {(0, 0): 1, (1, 1): 1, (1, 2): 1, (2, 2): 7, (3, 3): 3}
    assert found.comparison is not None
    (example,) = [one for one in examples(found.comparison, contrast) if one.scale == "grade"]
    assert [(variable.name, value) for variable, value in example.facts] == [("deaths", 2)]
    assert example.levels == ("IV", "III")


def _with_threshold(plan: Plan) -> Plan:
    """The same plan with 较大事故 from two deaths on."""
    from api.library import common_texts, folders, plan_files

    (path,) = [one for one in plan_files(folders()) if one.stem == plan.id]
    text = path.read_text("utf-8")
    assert text.count("deaths: {at_least: 3人, below: 10人}") == 1, "the plan's own line has changed"
    loaded = load(
        {path.name: text.replace("deaths: {at_least: 3人, below: 10人}", "deaths: {at_least: 2人, below: 10人}")},
        *common_texts(folders()),
    )
    return loaded.plans[plan.id]


def order_of_two(plan: Plan, other: Plan, **order: Any) -> Order:
    from engine.contract.sweep_order import read_sweep

    return read_sweep(plan, order, lambda name: other if other.digest.startswith(name) else plan)


def test_a_sweep_under_another_reading_is_compared_with_the_plans_own() -> None:
    vary = {"deaths": "0:4", "serious_injuries": "0:3"}
    one = both(order_of(EQUIPMENT, vary=vary, against={"readings": {"SE-23": "a"}}))
    two = both(order_of(EQUIPMENT, vary=vary, readings={"SE-23": "a"}, against={"readings": {"SE-23": "chosen"}}))
    assert two.one == one.two
    assert two.two == one.one
    assert two.differing("response") == one.differing("response") > 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"against": {"plan": "shuozhou-drought"}}, "没有可以一样变动的指标"),
        ({"against": {}}, "对比的写法不对"),
        ({"against": {"readings": {}}}, "两边完全相同"),
        ({"against": {"readings": {"SE-99": "a"}}}, "没有读法"),
        ({"against": {"readings": {"SE-23": "q"}}}, "不能"),
        ({"against": 3}, "不是一个对象"),
        ({"against": {"plan": "nothing"}}, "没有预案"),
    ],
)
def test_sides_that_cannot_be_compared_say_why(given: Any, message: str) -> None:
    with pytest.raises(YuanError) as raised:
        order_of(EQUIPMENT, vary={"deaths": "0:4"}, **given)
    assert message in raised.value.message
    assert raised.value.remedy


@pytest.mark.parametrize(
    ("bounds", "rising", "whole", "value"),
    [
        (Bounds(500, True, 650, False), True, False, 501),
        (Bounds(500, False, 650, False), True, False, 500),
        (Bounds(0.25, True, 0.5, False), True, False, 0.35),
        (Bounds(3, False, 10, True), True, True, 3),
        (Bounds(3, True, 10, True), True, True, 4),
        (Bounds(3, False, 10, True), False, True, 9),
        (Bounds(-10, False, -3, False), False, False, -3),
        (Bounds(None, False, -3, True), False, False, -4),
    ],
)
def test_the_nearest_value_of_a_cell_is_a_short_number(bounds: Bounds, rising: bool, whole: bool, value: float) -> None:
    found = nearest_in(bounds, rising=rising, whole=whole)
    assert found == value
    assert found in bounds
