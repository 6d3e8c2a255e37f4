"""The cells of a level map are what single assessments say everywhere in them; its lines stand where something changes."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from engine.assess import assess
from engine.drill.sweeps.level_map import LevelMap, MapTooFine, level_map, regions
from engine.drill.sweeps.stretch import Stretch
from engine.drill.sweeps.sweep_change import signer_of
from engine.lifecycle.signers import signers
from engine.trigger.facts import validate
from tests.engine.drill.sweeps import DROUGHT, EQUIPMENT, FIRE, POLLUTION, WEATHER, order_of, written

AIR = {"aqi_24h_mean_max": 342, "no_improvement_24h": True, "regional_notice": "none", "consultation_warning": "none"}
MAPS = [
    (EQUIPMENT, "grade", {"deaths": "0:40", "serious_injuries": "0:120"}, {"boiler_explosion": False}),
    (EQUIPMENT, "response", {"boiler_capacity": "0:700", "boiler_outage_duration": "0:300"}, {"deaths": 1}),
    (EQUIPMENT, "grade", {"deaths": "0:40", "boiler_explosion": "*"}, {"serious_injuries": {"at_least": 10}}),
    (POLLUTION, "warning", {"aqi_above_200_duration": "0:120", "so2_hourly_max": "0:1000"}, AIR),
    (POLLUTION, "warning", {"so2_hourly_max": "0:800", "consultation_warning": "*"}, {"aqi_above_200_duration": 50}),
    (FIRE, "grassland_grade", {"grassland_fire_deaths": "0:15", "grassland_fire_serious_injuries": "0:25"}, {}),
    (FIRE, "grassland_grade", {"grassland_fire_deaths": "0:15", "affected_grassland_area": "0:9000"}, {"grassland_fire_serious_injuries": 4}),
    (DROUGHT, "warning", {"season": "*", "consecutive_rainless_days": "0:100"}, {"forecast_rainless_days": 20}),
    (WEATHER, "rainstorm_response", {"counties.rain_past_24h": "0:120", "counties.rain_next_24h": "0:120"}, {}),
    (WEATHER, "frost_response", {"counties.ground_temp_min_next_24h": "-10:5", "frost_serious_farming_impact": "*"}, {}),
]  # fmt: skip


def map_of(plan_id: str, scale: str, vary: dict[str, Any], fix: dict[str, Any], **more: Any) -> LevelMap:
    order = order_of(plan_id, vary=vary, fix=fix, **more)
    first, second = vary
    return level_map(order.sweep, scale, first, second, order.point, point=bool(order.point))


def samples(piece: Stretch, random: Random, *, whole: bool) -> list[Any]:
    """Values of a piece: its ends as far as they belong to it, and some between."""
    if piece.value is not None:
        return [piece.value]
    low, high = piece.bounds.low, piece.bounds.high
    assert low is not None
    assert high is not None
    between = [low + (high - low) * random.random() for _ in range(2)]
    listed = [low, high, low + 1, high - 1, *between, piece.sample]
    return [one for one in ([round(one) for one in listed] if whole else listed) if one in piece.bounds]


@pytest.mark.parametrize(("plan_id", "scale", "vary", "fix"), MAPS)
def test_cells_are_what_single_assessments_say_in_them(plan_id: str, scale: str, vary: Any, fix: Any) -> None:
    drawn, random = map_of(plan_id, scale, vary, fix), Random(7)
    plan = drawn.plan
    asked = 0
    for n, row in enumerate(drawn.rows):
        for m, column in enumerate(drawn.columns):
            for x in samples(column, random, whole=drawn.first.whole)[:3]:
                for y in samples(row, random, whole=drawn.second.whole)[-2:]:
                    raw = written(plan, fix, {drawn.first.name: x, drawn.second.name: y})
                    outcome = assess(plan, validate(plan, raw)).outcome
                    assert (outcome.ranks[scale], set(outcome.clauses[scale])) == (
                        drawn.cell(m, n)[0],
                        set(drawn.cell(m, n)[1]),
                    ), raw
                    asked += 1
    assert asked >= len(drawn.rows) * len(drawn.columns)


@pytest.mark.parametrize(("plan_id", "scale", "vary", "fix"), MAPS)
def test_lines_stand_exactly_between_cells_that_differ(plan_id: str, scale: str, vary: Any, fix: Any) -> None:
    drawn = map_of(plan_id, scale, vary, fix)
    assert drawn.across_first or drawn.across_second
    for borders, wide, high, of in (
        (drawn.across_first, len(drawn.columns), len(drawn.rows), drawn.cell),
        (drawn.across_second, len(drawn.rows), len(drawn.columns), lambda place, other: drawn.cell(other, place)),
    ):
        marked = {(one.place, other) for one in borders for low, high_end in one.runs for other in range(low, high_end + 1)}
        signed = {(one.place, other) for one in borders for low, high_end in one.signing for other in range(low, high_end + 1)}
        for place in range(1, wide):
            for other in range(high):
                before, after = of(place - 1, other), of(place, other)
                assert ((place, other) in marked) == (before[0] != after[0])
                posts = [signer_of(drawn.plan, scale, one[0][0]) for one in (before, after)]
                assert ((place, other) in signed) == (posts[0] != posts[1])


@pytest.mark.parametrize(("plan_id", "scale", "vary", "fix"), MAPS)
def test_regions_cover_every_cell_once(plan_id: str, scale: str, vary: Any, fix: Any) -> None:
    drawn = map_of(plan_id, scale, vary, fix)
    seen: dict[tuple[int, int], object] = {}
    for low, high, under, over in regions(drawn):
        kinds = {drawn.cell(m, n)[0] for m in range(low, high + 1) for n in range(under, over + 1)}
        assert len(kinds) == 1
        for m in range(low, high + 1):
            for n in range(under, over + 1):
                assert (m, n) not in seen
                seen[m, n] = kinds
    assert len(seen) == len(drawn.columns) * len(drawn.rows)


def test_thresholds_of_the_picture() -> None:
    """The picture of the design: 48, 72 and 96 hours, 500, 650 and 800 micrograms, and the mayor above 800."""
    drawn = map_of(*MAPS[3], point={"aqi_above_200_duration": 76, "so2_hourly_max": 612})
    assert [drawn.columns[one.place].bounds.low for one in drawn.across_first] == [48, 72, 96]
    assert [(drawn.rows[one.place].bounds.low, drawn.rows[one.place].bounds.low_open) for one in drawn.across_second] == [
        (500, True), (650, True), (800, True),
    ]  # fmt: skip
    top = drawn.across_second[-1]
    assert top.clauses == ("3.2.3",)
    assert top.signing == ((0, 3),)
    assert signers(drawn.plan, "warning", None, "red") == ("市长",)
    assert drawn.at_point == (2, 1)
    assert [(along, rising, piece.bounds.low, piece.bounds.high, found[0]) for along, rising, piece, found in drawn.ways()] == [
        (True, True, 96, 120, (2, 3)), (True, False, 48, 72, (1,)), (False, True, 800, 1000, (3,)),
    ]  # fmt: skip


def test_two_counts_that_are_added_up_meet_in_steps() -> None:
    drawn = map_of(*MAPS[5])
    for x in range(16):
        for y in range(26):
            raw = {"grassland_fire_deaths": x, "grassland_fire_serious_injuries": y}
            expected = assess(drawn.plan, validate(drawn.plan, raw)).outcome.ranks["grassland_grade"]
            column = next(n for n, one in enumerate(drawn.columns) if x in one.bounds)
            row = next(n for n, one in enumerate(drawn.rows) if y in one.bounds)
            assert drawn.cell(column, row)[0] == expected, raw


def test_a_point_on_a_line_lies_on_the_side_that_it_belongs_to() -> None:
    for value, place in ((47.9, 0), (48, 1), (71.9, 1), (72, 2), (120, 3), (121, None)):
        drawn = map_of(*MAPS[3], point={"aqi_above_200_duration": value, "so2_hourly_max": 500})
        assert (drawn.at_point and drawn.at_point[0]) == place
    for value, place in ((500, 0), (500.1, 1), (800, 2), (800.1, 3)):
        drawn = map_of(*MAPS[3], point={"aqi_above_200_duration": 0, "so2_hourly_max": value})
        assert drawn.at_point == (0, place)


def test_a_map_that_cannot_be_drawn_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.drill.sweeps.level_map.MOST_CELLS", 10)
    with pytest.raises(MapTooFine) as raised:
        map_of(*MAPS[3])
    assert raised.value.where == "map"
    assert "画不下" in raised.value.message
