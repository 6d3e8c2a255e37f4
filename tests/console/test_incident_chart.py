"""The drawing of hourly values, and the reading of pasted ones."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from api.console.parts.chart import Drawn, Line, chart, summary
from api.console.parts.chart_lines import lines, preview
from api.library import Library, plans_folder
from engine.plan.model import Plan
from engine.trigger.facts import CHINA

START = datetime(2020, 12, 20, 8, tzinfo=CHINA)
POINTS = tuple((START + timedelta(hours=n), None if n == 3 else 100.0 + n) for n in range(6))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Library((plans_folder(),)).current().plan("shuozhou-heavy-pollution")


def test_what_has_happened_is_solid_what_is_forecast_dashed_and_gaps_are_hatched() -> None:
    drawn = str(
        chart(
            Drawn("aqi", "指数", "", POINTS, (Line(104, "橙色 3.2"), Line(900, "红色"))), START + timedelta(hours=1, minutes=30)
        )
    )
    assert drawn.count('class="course main past"') == 1
    assert drawn.count('class="course main ahead"') == 2
    assert 'class="gap"' in drawn and 'fill="url(#hatch-aqi)"' in drawn
    assert "橙色 3.2" in drawn and "现在 09:30" in drawn
    assert 'aria-label="指数：5 个小时值，12-20 08时 至 12-20 13时，最高 105（12-20 13时），缺 1 小时（斜纹）"' in drawn


def test_only_the_next_threshold_above_the_values_is_drawn() -> None:
    drawn = str(chart(Drawn("aqi", "指数", "", POINTS, (Line(150, "甲"), Line(900, "乙"))), START))
    assert "甲" in drawn and "乙" not in drawn


def test_missing_hours_are_counted_whether_empty_or_left_out() -> None:
    sparse = (POINTS[0], POINTS[5])
    assert "缺 4 小时" in summary(Drawn("aqi", "指数", "", sparse))
    assert summary(Drawn("aqi", "指数", "", ((START, None),))).endswith("都缺测")


def test_the_thresholds_are_the_plans_own(plan: Plan) -> None:
    assert [line.value for line in lines(plan, "so2_hourly")] == [500, 650, 800]
    assert lines(plan, "so2_hourly")[1].words == "橙色 3.2.2"
    assert {150, 200, 300, 500} <= {line.value for line in lines(plan, "aqi_hourly")}


def test_pasted_rows_are_drawn_as_they_will_be_recorded(plan: Plan) -> None:
    text = "时间\t值\n2020年12月20日 8:00\t１３５\n2020-12-20 09:00\t\n2020/12/20 10:00,NA\n"
    points, drawn = preview(plan, "aqi_hourly", text, START)
    assert points == [["2020-12-20T08:00", 135], ["2020-12-20T09:00", None], ["2020-12-20T10:00", None]]
    assert drawn.startswith("<figure")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2020-12-20 08:00\t高", "第1行：“高”不是数"),
        ("2020-12-20 08:00\t1\n<b>x</b>", "第2行"),
        ("2020-12-20 08:30\t1", "不是整点"),
        ("2020-12-20 08:00\t1\n2020-12-20 08:00\t2", "重复的小时"),
    ],
)
def test_a_wrong_row_is_named(plan: Plan, text: str, words: str) -> None:
    points, drawn = preview(plan, "aqi_hourly", text, START)
    assert points is None and words in drawn and "<b>" not in drawn
