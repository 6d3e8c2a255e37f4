"""The drawing of a level map: words, thresholds, patterns, point; nothing in it can be markup of a plan's or a person's making."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from api.documents.level_map import drawing, figure
from api.documents.map_axis import MapAxis
from api.documents.map_lines import lines, map_title, told, ways_words
from engine.drill.sweeps.level_map import LevelMap, level_map
from tests.engine.drill.sweeps import order_of, plan_of
from tests.engine.drill.test_level_map import AIR, MAPS, map_of
from tests.engine.tiny import tiny_plan

PICTURE = {"aqi_above_200_duration": 76, "so2_hourly_max": 612}


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter("text")]  # noqa: S314 -- just made


@pytest.mark.parametrize(("plan_id", "scale", "vary", "fix"), MAPS)
def test_every_map_is_well_formed_and_stays_within_its_frame(plan_id: str, scale: str, vary: Any, fix: Any) -> None:
    drawn = map_of(plan_id, scale, vary, fix)
    for size in ((680, 450), (488, 372), (314, 250)):
        root = ElementTree.fromstring(drawing(drawn, "k", size))  # noqa: S314 -- just made
        assert root.get("aria-label") == told(drawn)
        for one in root.iter("rect"):
            x, y, wide, high = (float(one.get(key, "0")) for key in ("x", "y", "width", "height"))
            assert wide >= 0
            assert high >= 0
            assert x >= 0
            assert x + wide <= size[0] + 0.2
            assert y + high <= size[1] + 0.2
        assert len({one.get("id") for one in root.iter("pattern")}) == 6


def test_the_picture_says_levels_thresholds_and_the_point() -> None:
    drawn = map_of(*MAPS[3], point=PICTURE)
    said = texts(drawing(drawn, "k"))
    for words in ("■ Ⅰ 红色", "▲ Ⅱ 橙色", "◆ Ⅲ 黄色", "— 未达级别", "可能 Ⅰ", "48", "72", "96", "500", "650", "800", "0", "120", "1000",
                  "①", "⑥", "+20", "+188 以上", "现在 76小时，612微克/立方米"):  # fmt: skip
        assert words in said
    assert [(one.where, one.clauses, one.signing) for one in lines(drawn)][-1] == (
        "监测或预测的二氧化硫小时浓度的最大值 超过800微克/立方米", ("3.2.3",), ("签发人 主管副市长 → 市长",),
    )  # fmt: skip
    assert list(ways_words(drawn)) == [
        "预测AQI日均值>200将持续的时间还差20小时（96小时以上）：橙色，可能红色，主管副市长签发",
        "预测AQI日均值>200将持续的时间再降4小时以上（48小时以上、不足72小时）：黄色，主管副市长签发",
        "监测或预测的二氧化硫小时浓度的最大值还差188微克/立方米以上（超过800微克/立方米）：红色，市长签发",
    ]
    assert map_title(drawn.plan.scales["warning"]) == "预警级别图"


def test_levels_differ_in_more_than_colour() -> None:
    svg = drawing(map_of(*MAPS[0]), "k")
    filled = set(re.findall(r'fill="url\(#(\w+)-k\)"', svg))
    assert filled == {"blue", "yellow", "orange", "red", "possible", "open"}


def test_where_nothing_changes_it_says_so() -> None:
    order = order_of("shuozhou-heavy-pollution", vary={"aqi_above_200_duration": "0:40", "so2_hourly_max": "0:400"}, fix=AIR)
    drawn = level_map(order.sweep, "warning", "aqi_above_200_duration", "so2_hourly_max")
    assert "在这个范围内级别不变" in figure(drawn, "k")


def test_narrow_pieces_are_given_room_and_that_is_said() -> None:
    drawn = map_of(
        "shuozhou-special-equipment", "grade", {"deaths": "0:400", "serious_injuries": "0:120"}, {"boiler_explosion": False}
    )
    axis = MapAxis(drawn.first, drawn.columns, 500)
    assert not axis.to_scale
    assert axis.ends[0] == 0
    assert axis.ends[-1] == pytest.approx(500)
    assert min(high - low for low, high in zip(axis.ends, axis.ends[1:], strict=False)) > 20
    assert "死亡人数、重伤人数的轴不按比例" in figure(drawn, "k")
    hours = map_of(*MAPS[3])
    even = MapAxis(hours.first, hours.columns, 500)
    assert even.to_scale
    assert [round(end) for end in even.ends] == [0, 200, 300, 400, 500]


def hostile_map() -> LevelMap:
    """A plan whose words are markup."""
    bad = "</text><script>alert(1)</script>"
    plan = tiny_plan(
        f'a: {{type: integer, unit: person, label: "{bad}", clause: "2"}}\nb: {{type: integer, unit: person, label: \'"&<b>\', clause: "2"}}\n',
        f'grade:\n  label: "<i>级</i>"\n  clause: "2"\n  levels: [low, high]\n  names: ["<b>低</b>", "{bad}"]\n'
        '  triggers:\n    low: [{a: {at_least: 2人}, clause: "2"}]\n    high: [{b: {at_least: 5人}, clause: "2"}]\n',
        moved=("grade",),
    )
    from engine.contract.sweep_order import read_sweep

    order = read_sweep(plan, {"vary": {"a": "0:10", "b": "0:10"}, "point": {"a": 1, "b": 1}}, plan_of)
    return level_map(order.sweep, "grade", "a", "b", order.point, point=True)


def test_words_of_a_plan_are_text() -> None:
    svg = figure(hostile_map(), "k")
    assert "<script" not in svg
    assert "<b>低" not in svg
    assert "&lt;script&gt;" in svg
    ElementTree.fromstring(svg)  # noqa: S314 -- just made
