"""The series of a backtest: cut, filled, counted, seen; forecasts that are degraded by a seed."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import fmean, pstdev

import pytest

from api.library import library
from engine.drill.backtests.forecast import Forecast, Spoilt
from engine.drill.backtests.record import BadSeries, Column, Counted, Record, calm
from engine.drill.backtests.sight import Sight
from engine.drill.draw import NORMAL, chance
from engine.plan.condition import Bounds
from engine.trigger.facts import CHINA, Partial

POLLUTION = library().plans["shuozhou-heavy-pollution"]
START = datetime(2016, 1, 1, tzinfo=CHINA)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def least(count: int) -> Partial:
    return Partial((Bounds(count, False, None, False),))


def test_a_record_is_cut_at_both_ends_inclusive() -> None:
    record = Record(START, 1, 6, {"x": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]}, counted={"c": Counted([0.0] * 6, "< 1", ahead=False)})
    cut = record.cut(at(2), at(4))
    assert (cut.first, cut.count, cut.hourly["x"], len(cut.counted["c"].values)) == (at(2), 3, [2.0, 3.0, 4.0], 3)
    half = timedelta(minutes=30)
    assert record.cut(at(1) + half, at(3) + half).hourly["x"] == [2.0, 3.0]
    assert record.cut(None, None).count == record.cut(at(-5), at(99)).count == 6
    with pytest.raises(BadSeries, match="没有数据"):
        record.cut(at(9), None)


def test_short_gaps_are_filled_straight_in_the_step_of_the_series() -> None:
    values = [None, 1.0, None, None, 2.0, None, None, None, 5.5, None]
    filled = Record(START, 1, 10, {"x": values}).filled(2).hourly["x"]
    assert filled == [None, 1.0, 1.3, 1.7, 2.0, None, None, None, 5.5, None]


def test_rows_in_a_row_are_counted_back_and_ahead() -> None:
    values = [0.0, 0.0, 5.0, 0.0, None, 0.0, 0.0, 5.0, 0.0]
    back = Column(Counted(values, "< 0.1", ahead=False))
    assert [back.at(row, 3, 1) for row in range(9)] == [least(1), least(2), 0, 1, None, least(1), least(2), 0, 1]
    ahead = Column(Counted(values, "< 0.1", ahead=True))
    assert [ahead.at(row, 3, 1) for row in (0, 1, 2, 4, 5, 7, 8)] == [1, 0, least(1), 2, 1, least(1), least(0)]
    assert ahead.at(4, 1, 1) == least(1), "no farther than the forecast reaches"
    assert ahead.at(4, 3, 0.5) == 1


def test_what_no_column_gives_is_assumed_calm_unless_said_otherwise() -> None:
    record = Record(START, 1, 1, {"pm25_hourly": [1.0]})
    assert calm(POLLUTION, record, {}) == {
        "so2_hourly_max": 0,
        "regional_notice": "none",
        "consultation_warning": "none",
        "no_improvement_24h": False,
    }
    said = calm(POLLUTION, record, {"regional_notice": None, "no_improvement_24h": True})
    assert "regional_notice" not in said and said["no_improvement_24h"] is True


def test_hourly_indicators_want_hourly_rows() -> None:
    with pytest.raises(BadSeries, match="不是逐小时的数据"):
        Sight(POLLUTION, Record(START, 24, 2, {"pm25_hourly": [1.0, 2.0]}), {}, Forecast(), None)


def test_a_forecast_is_what_came_times_one_draw_for_each_issue() -> None:
    forecast = Forecast(lead=3, bias=0.1, error=0.2, every=6, seed=5)
    values = [100.0 + n for n in range(24)]
    found = Spoilt.of(forecast, values).numbers(13)
    size = 0.1 + 0.2 * NORMAL.inv_cdf(chance(5, "forecast", 2))
    assert found[:23] == [None] * 9 + values[:14], "measured"
    assert found[23:] == [float(int(value * (1 + size) + 0.5)) for value in values[14:17]]


def test_an_error_that_grows_begins_at_nothing() -> None:
    forecast = Forecast(lead=10, error=0.5, grows=True, every=100, seed=5)
    found = Spoilt.of(forecast, [1000.0] * 50).numbers(0)[23:]
    assert all(value is not None for value in found)
    sizes = [abs((value or 0) - 1000) for value in found]
    assert sizes == sorted(sizes) and sizes[-1] == pytest.approx(10 * sizes[0], rel=0.05)


def test_draws_have_the_spread_that_was_asked_for() -> None:
    forecast = Forecast(error=0.2)
    sizes = [forecast.size(issue) for issue in range(2000)]
    assert fmean(sizes) == pytest.approx(0, abs=0.02)
    assert pstdev(sizes) == pytest.approx(0.2, rel=0.05)
    assert forecast.spoil(30) == max(0.0, 1 + forecast.size(1))
    assert Forecast().spoil(30) == 1
