"""Numbers, deadlines and names are found in any notation of the print."""

from __future__ import annotations

import pytest

from engine.gazette.deadlines import due_stands
from engine.gazette.phrases import deadlines, thresholds
from engine.gazette.quantities import quantities, stands
from engine.gazette.subjects import cut, names
from engine.plan.model import Due


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (100_000_000, "CNY", "损失1亿元以上"),
        (50_000_000, "CNY", "损失5000万元以下"),
        (50_000_000, "CNY", "损失5000万以上"),
        (10, "person", "灯匠10 人以上"),
        (150_000, "person", "转移１５万人"),
        (3.5, "h", "停了３．５小时"),
        (0.5, "h", "30分钟内"),
        (15, "percent", "占15%-30%"),
        (15, "percent", "占15-30％"),
        (-3, "degC", "降到-3°C以下"),
        (0, "degC", "降到零摄氏度"),
        (6, "bft", "风力6-7级"),
        (3, "bft", "三级风"),
        (1000, "m", "能见度不足1公里"),
        (200, "1", "指数>200"),
        (2, "1", "流入2个以上镇"),
        (500, "ug/m3", "超过500微克/立方米"),
        (12, "d", "连续十二日"),
    ],
)
def test_a_number_stands_however_it_is_printed(value: float, unit: str, text: str) -> None:
    assert stands(value, unit, quantities(text))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (10, "person", "10小时"),
        (5, "person", "50人"),
        (500, "m", "500毫米"),
        (3, "person", "(3) 灯匠到场"),
        (3, "1", "见附件3"),
        (2, "1", "2、灯匠到场"),
        (1, "1", "①先封桥"),
        (3.2, "h", "3.2 报告"),
        (1, "1", "一般险情，一律照办"),
    ],
)
def test_other_numbers_are_not_taken_for_it(value: float, unit: str, text: str) -> None:
    assert not stands(value, unit, quantities(text))


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (Due("within", "PT2H"), "应在2 小时内报告"),
        (Due("within", "PT30M"), "３０分钟内"),
        (Due("within", "P7D"), "一周内"),
        (Due("within", "P1M"), "一个月内"),
        (Due("every", "PT2H"), "每隔2小时"),
        (Due("every", "P1Y"), "每年一次"),
        (Due("times_per_day", 1), "每日报告"),
        (Due("times_per_day", 2), "每日报告两次"),
        (Due("daily_at", "15:00"), "每日15：00前"),
        (Due("daily_at", "15:00"), "下午3时前"),
        (Due("within_workdays", 2), "2个工作日内"),
    ],
)
def test_a_deadline_stands_however_it_is_printed(due: Due, text: str) -> None:
    assert due_stands(due, text)
    assert not due_stands(due, "及时报告")


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("市文旅局", "由市 文旅局牵头"),
        ("市公安局", "市文旅局、公安局"),
        ("气象部门", "文旅、气象等部门"),
        ("移动某市公司", "移动、联通某市公司"),
        ("灯会办公室", "灯会下设办公室"),
        ("县气象局局长", "某某 县气象局\n某某 林场场长\n局长"),
    ],
)
def test_a_name_stands_in_enumerations_and_rosters(unit: str, text: str) -> None:
    assert names(unit, text)


def test_a_name_that_is_not_printed_does_not_stand() -> None:
    assert not names("市水利局", "市文旅局负责。水位由别人看。")
    assert not names("市公安局", "市文旅局。公安局")
    assert cut("县文化和旅游局局长", "县文化和旅游\n某某 林场场长\n局局长")
    assert not cut("县文化和旅游局局长", "县林场场长")


def test_thresholds_and_deadlines_are_told_apart() -> None:
    text = "落水5人以上20人以下，灯船超过10艘，应在1小时内报告，每日两次续报。"
    assert [one.phrase for one in thresholds(text)] == ["5人以上20人以下", "超过10"]
    assert [(one.kind, one.value) for one in deadlines(text)] == [("within", "1小时"), ("times_per_day", "两")]
