"""Axes: inclusive ranges in exact decimals, every value of a word, distributions within bounds; mistakes say what to write instead."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engine.drill.sweeps.axis import Drawn, Even, Listed
from engine.drill.sweeps.axis_text import read_axis
from engine.drill.sweeps.usual import usual_axis
from engine.drill.sweeps.variable import variables_of
from engine.plan.finding import FactInvalid
from engine.trigger.judge import judge
from tests.engine.drill.sweeps import EQUIPMENT, FIRE, POLLUTION, WEATHER, plan_of, variable

PLACES = np.arange(2_000) + 0.5


def axis(name: str, given: Any, plan_id: str = EQUIPMENT) -> Any:
    return read_axis(variable(plan_id, name), given, "vary.x")


def values(found: Even) -> list[Any]:
    return [found.value(place) for place in range(found.size)]


def test_ranges_hold_both_ends() -> None:
    assert values(axis("deaths", "0:4")) == [0, 1, 2, 3, 4]
    assert values(axis("deaths", "3:10:4")) == [3, 7]
    assert values(axis("deaths", "5:5")) == [5]
    assert values(axis("boiler_capacity", "599:601:0.5")) == [599, 599.5, 600, 600.5, 601]
    assert axis("boiler_capacity", "0:1000").size == 101


def test_decimals_are_exact() -> None:
    found = axis("boiler_capacity", "0:1:0.1")
    assert values(found) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
    np.testing.assert_array_equal(found.at(np.arange(11)), np.array([float(f"0.{n}") for n in range(10)] + [1.0]))
    assert values(axis("direct_economic_loss", "100万元:1000万元:300万元")) == [1_000_000, 4_000_000, 7_000_000, 10_000_000]


def test_axes_in_words() -> None:
    deaths, explosion = variable(EQUIPMENT, "deaths"), variable(EQUIPMENT, "boiler_explosion")
    assert axis("deaths", "0:40:2").words(deaths) == "0人到40人，每隔2人"
    assert axis("deaths", "0,3,unknown").words(deaths) == "0人、3人、未知"
    assert axis("deaths", list(range(50))).words(deaths).endswith("11人等 50 个值")
    assert axis("boiler_explosion", "*").words(explosion) == "否、是"
    assert axis("deaths", "normal(3, 1.5)").words(deaths) == "正态分布（均值 3，标准差 1.5）"


def test_lists_words_and_everything() -> None:
    assert axis("deaths", "0, 3，10人、unknown") == Listed((0, 3, 10, None))
    assert axis("deaths", [1, "2", None, 1]) == Listed((1, 2, None))
    assert axis("boiler_explosion", "*") == Listed((False, True))
    assert axis("boiler_explosion", "true,否") == Listed((True, False))
    assert axis("leading_group_response", "II,none") == Listed(("II", "none"))
    assert axis("counties.应县.rain_past_24h", "0,50毫米", WEATHER) == Listed((0, 50))


@pytest.mark.parametrize(
    ("kind", "mean"),
    [
        ("uniform(0, 40)", 20),
        ("normal(30, 5)", 30),
        ("triangular(10, 20, 60)", 30),
        ("poisson(7.5)", 7.5),
        ("lognormal(10, 0.5)", 10 * math.exp(0.125)),
    ],
)
def test_distributions_have_their_mean(kind: str, mean: float) -> None:
    for name in ("boiler_capacity", "deaths"):
        drawn = axis(name, kind).at(PLACES / 2_000)
        assert abs(drawn.mean() - mean) < 0.02 * mean + 0.02
        if name == "deaths":
            assert (drawn == np.floor(drawn)).all()


def test_what_is_drawn_is_within_what_the_indicator_allows() -> None:
    found = axis("deaths", "normal(1, 4)").at(PLACES / 2_000)
    assert found.min() == 0
    assert not (np.diff(found) < 0).any()
    assert 0.05 < (found == 0).mean() < 0.3  # cut off below 0, not heaped up there (0.37 would lie below)
    cold = axis("counties.ground_temp_min_next_24h", "normal(-2, 3)", WEATHER).at(PLACES / 2_000)
    assert cold.min() < -8
    ends = axis("deaths", "uniform(3, 5)").at(np.array([0.0, 0.333, 0.334, 0.999999]))
    assert ends.tolist() == [3, 3, 4, 5]


def test_the_normal_distribution_is_that_of_the_tables() -> None:
    found = Drawn("normal", (0.0, 1.0), whole=False, signed=True).at(np.array([0.0, 0.025, 0.5, 0.975]))
    np.testing.assert_allclose(found[1:], [-1.959963985, 0, 1.959963985], atol=1e-8)
    assert math.isfinite(found[0])


@pytest.mark.parametrize(
    ("name", "given", "message", "remedy"),
    [
        ("deaths", "40:0", "下限 40 大于上限 0", "对调两数：0:40"),
        ("deaths", "0:40:0", "步长要大于 0", "0:40"),
        ("deaths", "0:40:-1", "步长要大于 0", "0:40"),
        ("deaths", "0:40:0.5", "不是整数", "步长填整数"),
        ("deaths", "0:4.5", "不是整数", "填整数"),
        ("deaths", "-3:4", "小于 0", "不小于 0"),
        ("deaths", "0:40:1:2", "不是范围", "下限:上限:步长"),
        ("deaths", ":", "不是范围", "下限:上限"),
        ("deaths", "0:1e99999999", "不是以“人”为单位的数", "10人"),
        ("deaths", "0:99999999999999999999", "数字太大", "步长"),
        ("deaths", "", "没有写取值", "0:40"),
        ("deaths", [], "没有取值", "0:40"),
        ("deaths", "three", "不是以“人”为单位的数", "10人"),
        ("deaths", "*", "不能列出全部取值", "0:40"),
        ("deaths", {"at_least": 3}, "不是一个值", "填确定的值"),
        ("deaths", [[1]], "列表", "死亡人数"),
        ("deaths", list(range(10_001)), "列了 10001 个取值", "下限:上限:步长"),
        ("boiler_capacity", "0:1:1e-30", "小数位太多", "取整"),
        ("boiler_explosion", "0:1", "没有大小", "false、true"),
        ("boiler_explosion", "maybe", "不是“是”或“否”", "true 或 false"),
        ("leading_group_response", "V", "不是", "none"),
        ("leading_group_response", "normal(1,2)", "没有分布", "*"),
        ("deaths", "gauss(1,2)", "不认识的分布“gauss”", "normal(均值, 标准差)"),
        ("deaths", "normal(1)", "参数不对", "normal(均值, 标准差)"),
        ("deaths", "normal(1, 0)", "标准差要大于 0", "normal"),
        ("deaths", "normal(nan, 1)", "不是可用的数", "有限"),
        ("deaths", "normal(-90, 1)", "几乎都小于 0", "normal"),
        ("deaths", "lognormal(5, 90)", "太分散", "lognormal"),
        ("deaths", "poisson(0)", "均值要大于 0", "poisson"),
        ("deaths", "uniform(5, 2)", "从小到大", "uniform"),
        ("deaths", "uniform(0.5, 2)", "要是整数", "uniform"),
        ("deaths", "triangular(-1, 2, 3)", "下限小于 0", "triangular"),
    ],
)  # fmt: skip
def test_a_mistake_says_what_to_write(name: str, given: Any, message: str, remedy: str) -> None:
    with pytest.raises(FactInvalid) as raised:
        axis(name, given)
    assert message in raised.value.message
    assert remedy in raised.value.remedy
    assert raised.value.where == "vary.x"


@pytest.mark.parametrize(
    ("plan_id", "name", "message", "remedy"),
    [
        (EQUIPMENT, "death", "没有指标“death”", "是不是“deaths”（死亡人数）？"),
        (EQUIPMENT, "死亡人数", "没有指标", "是不是“deaths”"),
        (EQUIPMENT, "deaths.x", "不分区域", "写 deaths"),
        (POLLUTION, "aqi_hourly", "逐小时序列", "aqi_above_200_duration"),
        (WEATHER, "counties", "没有区域指标", "counties.rain_past_24h"),
        (WEATHER, "counties.rain", "没有区域指标", "counties.rain_past_24h"),
        (WEATHER, "counties.应城.rain_past_24h", "没有区域“应城”", "应县"),
    ],
)
def test_an_indicator_that_cannot_be_varied_says_which_can(plan_id: str, name: str, message: str, remedy: str) -> None:
    with pytest.raises(FactInvalid) as raised:
        variable(plan_id, name)
    assert message in raised.value.message
    assert remedy in raised.value.remedy


def test_the_usual_range_shows_every_threshold() -> None:
    assert usual_axis(plan_of(EQUIPMENT), variable(EQUIPMENT, "deaths")) == "0:40"
    assert usual_axis(plan_of(EQUIPMENT), variable(EQUIPMENT, "boiler_explosion")) == "*"
    assert usual_axis(plan_of(POLLUTION), variable(POLLUTION, "so2_hourly_max")) == "0:1000"
    assert usual_axis(plan_of(POLLUTION), variable(POLLUTION, "aqi_above_200_duration")) == "0:120"
    for plan_id in (EQUIPMENT, POLLUTION, FIRE, WEATHER):
        plan = plan_of(plan_id)
        for one in variables_of(plan):
            found = read_axis(one, usual_axis(plan, one), "x")
            cuts = judge(plan).domains[one.key].cuts if one.key in judge(plan).domains else ()
            assert one.choices or all(found.ends[0] <= cut <= found.ends[1] for cut, _ in cuts), one.name
