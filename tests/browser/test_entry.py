"""What is typed into the console, as facts: pure, no browser."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest

from api.console.entry import BadEntry, read_number, read_series, read_time
from engine.plan.model import Indicator
from engine.trigger.facts import CHINA

PEOPLE = Indicator("people", "integer", "人数", "1", unit="person")
MONEY = Indicator("money", "number", "损失", "1", unit="CNY")
DEGREES = Indicator("degrees", "number", "温度", "1", unit="degC", signed=True)
HOURLY = Indicator("hourly", "series", "小时值", "1", unit="1")


@pytest.mark.parametrize(
    ("indicator", "how", "text", "expected"),
    [
        (PEOPLE, "", "", ("", None)),
        (PEOPLE, "at_least", "", ("at_least", None)),
        (PEOPLE, "", "0", ("exactly", 0)),
        (PEOPLE, "", " ３０ 人", ("exactly", 30)),
        (PEOPLE, "", "1,234", ("exactly", 1234)),
        (PEOPLE, "at_least", "10", ("at_least", {"at_least": 10})),
        (PEOPLE, "exactly", "≥10", ("at_least", {"at_least": 10})),
        (PEOPLE, "", "10人以上", ("at_least", {"at_least": 10})),
        (PEOPLE, "at_least", "至多5", ("at_most", {"at_most": 5})),
        (PEOPLE, "", "3~9", ("between", {"between": [3, 9]})),
        (PEOPLE, "", "3到9人", ("between", {"between": [3, 9]})),
        (PEOPLE, "between", "3-9", ("between", {"between": [3, 9]})),
        (MONEY, "", "5000万", ("exactly", 50_000_000)),
        (MONEY, "", "1.5亿元", ("exactly", 150_000_000)),
        (DEGREES, "", "-5", ("exactly", -5)),
        (DEGREES, "", "-5~-3", ("between", {"between": [-5, -3]})),
    ],
)
def test_numbers(indicator: Indicator, how: str, text: str, expected: tuple[str, Any]) -> None:
    assert read_number(indicator, how, text) == expected


@pytest.mark.parametrize(
    ("how", "text"), [("", "三"), ("", "3个县"), ("between", "3"), ("", "≥"), ("", "~"), ("", "3~"), ("", "9" * 400 + ".5")]
)
def test_what_is_no_number_says_what_to_type(how: str, text: str) -> None:
    with pytest.raises(BadEntry, match=r"填数字|两个数"):
        read_number(PEOPLE, how, text)


@pytest.mark.parametrize(
    "text", ["2026-01-17 03:12", "2026/1/17 3:12", "2026年1月17日3时12分", "２０２６-01-17　03：12", "2026-01-17T03:12:00+08:00"]
)
def test_times(text: str) -> None:
    assert read_time(text) == datetime.datetime(2026, 1, 17, 3, 12, tzinfo=CHINA)


def test_no_time_is_none_and_a_bad_one_says_how_to_write_it() -> None:
    assert read_time("  ") is None
    for text in ("昨天", "2026-02-30 01:00", "25:00"):
        with pytest.raises(BadEntry, match="写成 2026-01-17 03:12"):
            read_time(text)


def test_series_from_a_spreadsheet_or_csv() -> None:
    text = "时间\tAQI\n2020-12-20 08:00\t135\n\n2020/12/20 9:00,140.5\n2020-12-20T10:00:00+08:00;缺测\n2020-12-20 11:00\n"
    points, lines = read_series(HOURLY, text)
    assert points == [
        ["2020-12-20T08:00", 135],
        ["2020-12-20T09:00", 140.5],
        ["2020-12-20T10:00:00+08:00", None],
        ["2020-12-20T11:00", None],
    ]
    assert lines == [2, 4, 5, 6]


@pytest.mark.parametrize(
    ("text", "problem"),
    [("2020-12-20 08:00 1\n早上 2", "第2行：“早上 2”不是“时间 值”"), ("2020-12-20 08:00 高", "第1行：“高”不是数")],
)
def test_a_bad_row_is_named(text: str, problem: str) -> None:
    with pytest.raises(BadEntry, match=problem):
        read_series(HOURLY, text)


def test_no_text_at_all_breaks_the_readers() -> None:
    chance = random.Random(20261122)
    signs = "0123456789.,-~≥≤<>=:/ \tT年月日时分人万亿元以上至少多到缺测\n３　：%٣²"
    for _ in range(20_000):
        text = "".join(chance.choices(signs, k=chance.randint(0, 14)))
        for read in (
            lambda t: read_number(PEOPLE, chance.choice(("", "between", "at_most")), t),
            read_time,
            lambda t: read_series(HOURLY, t),
        ):
            try:
                read(text)
            except BadEntry as problem:
                assert str(problem)
