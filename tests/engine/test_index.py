"""HJ 633-2012 at every break point, typed from the standard's table 1; rounding, primary pollutants, missing hours."""

from __future__ import annotations

import pytest

from api.library import plans_folder
from engine.plan.indexes import IndexTable, load_indexes
from engine.plan.source import read
from engine.trigger.index import IndexValue, aqi_of_means, day_index, hour_index

SCALE = [0, 50, 100, 150, 200, 300, 400, 500]
DAY = {
    "pm25": [0, 35, 75, 115, 150, 250, 350, 500],
    "pm10": [0, 50, 150, 250, 350, 420, 500, 600],
    "so2": [0, 50, 150, 475, 800, 1600, 2100, 2620],
    "no2": [0, 40, 80, 180, 280, 565, 750, 940],
    "co": [0, 2, 4, 14, 24, 36, 48, 60],
}
HOUR = {
    "so2": [0, 150, 500, 650, 800],
    "no2": [0, 100, 200, 700, 1200, 2340, 3090, 3840],
    "co": [0, 5, 10, 35, 60, 90, 120, 150],
    "o3": [0, 160, 200, 300, 400, 800, 1000, 1200],
    "pm25": DAY["pm25"],
    "pm10": DAY["pm10"],
}
O3_8H = [0, 100, 160, 215, 265, 800]


def hj_633_2012() -> IndexTable:
    path = plans_folder() / "indexes" / "hj-633-2012.yaml"
    return load_indexes([read(path.read_text(), path.name)])["HJ 633-2012"]


TABLE = hj_633_2012()


@pytest.mark.parametrize(("pollutant", "n"), [(p, n) for p, row in DAY.items() for n in range(len(row))])
def test_the_day_tables_at_every_break_point(pollutant: str, n: int) -> None:
    found = day_index(TABLE, {pollutant: [DAY[pollutant][n]] * 24}, 23)
    assert found == IndexValue(SCALE[n], (pollutant,) if SCALE[n] > 50 else ())


@pytest.mark.parametrize("n", range(len(O3_8H)))
def test_ozones_eight_hour_table_at_every_break_point(n: int) -> None:
    # Eight hours at the value, sixteen at nothing: the largest 8-hour mean decides.
    found = day_index(TABLE, {"o3": [0.0] * 10 + [O3_8H[n]] * 8 + [0.0] * 6}, 23)
    assert found is not None
    assert found.value == SCALE[n]


def test_above_ozones_eight_hour_table_its_largest_hour_decides() -> None:
    found = day_index(TABLE, {"o3": [0.0] * 10 + [801] * 7 + [1000] + [0.0] * 6}, 23)
    assert found == IndexValue(400, ("o3",))


@pytest.mark.parametrize(("pollutant", "n"), [(p, n) for p, row in HOUR.items() for n in range(len(row))])
def test_the_hour_tables_at_every_break_point(pollutant: str, n: int) -> None:
    assert hour_index(TABLE, {pollutant: HOUR[pollutant][n]}) == IndexValue(SCALE[n], (pollutant,) if SCALE[n] > 50 else ())


def test_an_index_is_rounded_up_and_capped() -> None:
    # 35 -> 50 and 75 -> 100: 35.1 is 50.125.
    assert hour_index(TABLE, {"pm25": 35.1}) == IndexValue(51, ("pm25",))
    assert hour_index(TABLE, {"pm25": 5000}) == IndexValue(500, ("pm25",))
    assert day_index(TABLE, {"pm25": [150.01] * 24}, 23) == IndexValue(201, ("pm25",))


def test_sulphur_dioxide_above_its_hourly_table_has_no_hourly_sub_index() -> None:
    assert hour_index(TABLE, {"so2": 801}) is None
    assert hour_index(TABLE, {"so2": 801, "co": 10}) == IndexValue(100, ("co",))


def test_primary_pollutants_are_those_of_the_highest_sub_index() -> None:
    assert hour_index(TABLE, {"pm25": 75, "co": 10, "no2": 100}) == IndexValue(100, ("pm25", "co"))
    assert hour_index(TABLE, {"pm25": None}) is None


def test_twenty_of_twenty_four_hours_are_enough() -> None:
    hours: list[float | None] = [75.0] * 24
    hours[3:7] = [None] * 4
    assert day_index(TABLE, {"pm25": hours}, 23) == IndexValue(100, ("pm25",))
    hours[8] = None
    assert day_index(TABLE, {"pm25": hours}, 23) is None
    assert aqi_of_means(TABLE, {"pm25": [75.0] * 21}, 21)[18:] == [None, 100.0, 100.0]
