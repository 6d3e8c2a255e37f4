"""Four real winters, hour by hour. Needs ../shared/data; a stranger has none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from api.backtesting.mapping import ColumnMapping, match
from api.backtesting.record import make_record
from api.backtesting.table import read_table
from api.library import library
from engine.drill.backtests.backtest import Run, Setting, backtest
from engine.drill.backtests.episodes import counts, episodes, flaps
from engine.drill.backtests.forecast import Forecast
from engine.drill.backtests.record import Record
from engine.drill.backtests.sides import compare
from engine.drill.backtests.verification import scores
from engine.lifecycle.episode import Step, levels_through
from engine.trigger.facts import CHINA, Facts

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "beijing-2013-2017-hourly.csv"
PLAN = library().plans["shuozhou-heavy-pollution"]
LAST_WINTER = (datetime(2016, 11, 1, tzinfo=CHINA), datetime(2017, 2, 28, 23, tzinfo=CHINA))

pytestmark = pytest.mark.skipif(
    not DATA.is_file() and os.environ.get("CI") != "true", reason="the real series (../shared/data) is not on this machine"
)


@cache
def four_years() -> Record:
    table = read_table(DATA)
    return make_record(PLAN, table, match(PLAN, table.columns, ColumnMapping()))


def winter() -> Record:
    return four_years().cut(*LAST_WINTER)


def told(run: Run) -> list[tuple[str, int, str]]:
    return [
        (f"{one.start:%m-%d %H}", one.length, str(PLAN.scales["warning"].level_at(one.highest)))
        for one in episodes(run, "warning")
    ]


def happened(run: Run, *kinds: str) -> list[int]:
    return [one.count(*kinds) for one in scores(run, "warning")]


def test_one_winter_in_both_readings() -> None:
    own = backtest(PLAN, winter(), Setting(Forecast(72)))
    state = backtest(PLAN, winter(), Setting(Forecast(72), choices={"HP-02": "a"}))
    assert told(own) == [
        ("11-01 17", 117, "orange"),
        ("11-16 13", 84, "yellow"),
        ("11-23 23", 91, "yellow"),
        ("12-01 19", 90, "yellow"),
        ("12-09 22", 90, "yellow"),
        ("12-15 16", 173, "red"),
        ("12-28 15", 256, "red"),
        ("01-23 18", 305, "orange"),
        ("02-12 18", 390, "orange"),
    ]
    assert told(state) == [
        ("11-02 16", 94, "yellow"),
        ("12-16 15", 150, "red"),
        ("12-29 14", 233, "red"),
        ("01-25 04", 271, "orange"),
        ("02-13 17", 367, "yellow"),
    ]
    compared = compare(own, state, "warning")
    assert compared.differing == 1039
    assert all(second <= first for first, second in compared.hours), (
        "counted as a state's hours, a level is never reached earlier"
    )


def test_a_week_of_it_is_what_full_facts_give() -> None:
    record = four_years().cut(datetime(2016, 12, 14, tzinfo=CHINA), datetime(2016, 12, 21, tzinfo=CHINA))
    run = backtest(PLAN, record, Setting(Forecast(48), back=None))
    points: Mapping[str, tuple[tuple[datetime, float | None], ...]] = {
        key: tuple(zip(record.times, values, strict=True)) for key, values in record.hourly.items()
    }
    rows = range(record.count)
    steps = [
        Step(record.time(row), Facts(dict(record.assumed), series={key: series[: row + 49] for key, series in points.items()}))
        for row in rows
    ]
    scales = PLAN.scales
    assert [{key: scales[key].level_at(ranks[row]) for key, ranks in run.ranks.items()} for row in rows] == levels_through(
        PLAN, steps, {}
    )


@pytest.mark.long
def test_four_years() -> None:
    """What a planner is told: `yuan backtest` of the plan over them."""
    own = backtest(PLAN, four_years(), Setting(Forecast(72)))
    state = backtest(PLAN, four_years(), Setting(Forecast(72), choices={"HP-02": "a"}))
    assert [(len(episodes(run, "warning")), counts(run, "warning"), len(flaps(run, "warning"))) for run in (own, state)] == [
        (59, {"raise": 105, "lower": 41, "lift": 58}, 6),
        (37, {"raise": 59, "lower": 22, "lift": 36}, 0),
    ]
    assert [[run.ranks["warning"].count(rank) for rank in range(4)] for run in (own, state)] == [
        [24873, 4427, 3531, 2233],
        [28957, 2449, 2911, 747],
    ]
    assert [happened(own, "late", "missed"), happened(state, "late", "missed")] == [[0, 0, 0], [0, 0, 0]]
    short = backtest(PLAN, four_years(), Setting(Forecast(24)))
    assert len(episodes(short, "warning")) == 1, "24 hours of forecast never show the 36 that ending it takes"
