"""The array form says of every case what `assess` says of its facts one by one: levels, possible levels, clauses."""

from __future__ import annotations

import datetime
import functools
import subprocess
import sys
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.assess import assess
from engine.plan.finding import FactInvalid
from engine.plan.model import Plan
from engine.trigger.array import ArrayForm, Outcomes, array_form
from engine.trigger.array_blocks import Machinery
from engine.trigger.facts import CHINA, validate
from tests.engine.samples import PLANS, complete, plan_of, random_choices
from tests.engine.tiny import tiny_plan
from tests.engine.walker import Variable, indicator_of, known


def case(plan: Plan, random: Random, choices: dict[str, str], unknown: float) -> dict[str, Any]:
    """Raw facts at and around the thresholds, about this share of them unknown."""
    sample = complete(plan, random, choices)
    raw: dict[str, Any] = {}
    for key, area in sample.variables():
        if random.random() >= unknown:
            areas, _, name = key.partition(".")
            (raw.setdefault(areas, {}).setdefault(area, {}) if name else raw)[name or key] = known(sample.raw, (key, area))
    return raw


def cases(plan: Plan, random: Random, choices: dict[str, str], count: int) -> list[dict[str, Any]]:
    """Complete facts, facts with a few and with many unknown, and facts of which nothing is known."""
    # The test's own plan ties together far more than any official one.
    shares = (0.0, 0.0, 0.03, 0.06) if plan.id == "tiny" else (0.0, 0.0, 0.1, 0.1, 0.5, 0.9, 1.0)
    return [case(plan, random, choices, random.choice(shares)) for _ in range(count)]


def column(plan: Plan, variable: Variable, raws: list[dict[str, Any]], random: Random) -> NDArray[Any]:
    """A column in one of the ways in which it may be given."""
    indicator = indicator_of(plan, variable[0])
    facts = [known(raw, variable) for raw in raws]
    if indicator.type == "enum":
        facts = [None if fact is None else indicator.values.index(fact) for fact in facts]
    holes = np.array([fact is None for fact in facts])
    if indicator.type in ("enum", "boolean"):
        codes = np.array([-1 if fact is None else int(fact) for fact in facts])
        match random.randrange(3):
            case 0:
                return codes.astype(np.int8 if indicator.type == "boolean" else np.int16)
            case 1:
                return np.where(holes, np.nan, codes)
            case _:
                return np.ma.array(np.maximum(codes, 0).astype(np.int32), mask=holes)
    floats = np.array([np.nan if fact is None else fact for fact in facts], np.float64)
    whole = all(fact is None or fact == int(fact) for fact in facts)
    if whole and random.random() < 0.6:
        return np.ma.array(
            np.where(holes, -7 if random.random() < 0.5 else 10**6, np.nan_to_num(floats)).astype(np.int64), mask=holes
        )
    return floats if random.random() < 0.7 else np.ma.array(np.where(holes, np.inf, floats), mask=holes)


def columns(plan: Plan, raws: list[dict[str, Any]], random: Random) -> dict[str, NDArray[Any]]:
    """Columns of every indicator that some case has, those of areas as one table or one by one."""
    found: dict[str, NDArray[Any]] = {}
    for key, indicator in plan.indicators.items():
        if indicator.type == "areas":
            for name in indicator.parts:
                each = {area: column(plan, (f"{key}.{name}", area), raws, random) for area in indicator.areas}
                if random.random() < 0.3:
                    found |= {f"{key}.{area}.{name}": one for area, one in each.items()}
                else:
                    found[f"{key}.{name}"] = np.ma.stack(list(each.values()), axis=1)
        elif indicator.type != "series" and any(key in raw for raw in raws):
            found[key] = column(plan, (key, None), raws, random)
    return found


def assert_equal(plan: Plan, found: Outcomes, raws: list[dict[str, Any]], choices: dict[str, str], at: Any = None) -> None:
    """Assert that every case is as it is by itself, in each form in which it can be read."""
    by_scale = {scale: (found.ranks(scale), found.possible(scale), found.clauses(scale)) for scale in plan.scales}
    for n, raw in enumerate(raws):
        expected = assess(plan, validate(plan, raw), at, readings=choices).outcome
        whole = found.distinct[found.codes[n]]
        for scale, (ranks, possible, (codes, clauses)) in by_scale.items():
            assert plan.scales[scale].level_at(int(ranks[n])) == expected.levels[scale], (scale, raw, choices)
            assert int(possible[n]) == sum(1 << rank for rank in expected.ranks[scale]), (scale, raw, choices)
            assert clauses[codes[n]] == expected.clauses[scale], (scale, raw, choices)
        assert (whole.levels, whole.possible, whole.grounds, whole.clauses) == (
            expected.levels,
            expected.possible,
            expected.grounds,
            expected.clauses,
        )


def compare(plan: Plan, seed: int, count: int, accelerate: bool = False) -> Outcomes:
    random = Random(seed)
    choices = random_choices(plan, random)
    raws = cases(plan, random, choices, count)
    found = array_form(plan, choices, accelerate=accelerate).judge(columns(plan, raws, random), count)
    assert_equal(plan, found, raws, choices)
    return found


@pytest.mark.parametrize("plan_id", PLANS)
def test_every_case_is_as_it_is_by_itself(plan_id: str) -> None:
    seeds, count = (2, 12) if plan_id == "tiny" else (4, 40)
    outcomes = sum(len(compare(plan_of(plan_id), seed, count).distinct) for seed in range(seeds))
    assert outcomes > 15


@pytest.mark.long
@pytest.mark.parametrize("plan_id", PLANS)
def test_every_case_is_as_it_is_by_itself_over_many_choices_of_readings(plan_id: str) -> None:
    pytest.importorskip("numba", reason="the extra fast is not installed")
    for seed in range(10, 14 if plan_id == "tiny" else 40):
        compare(plan_of(plan_id), seed, 60 if plan_id == "tiny" else 300, accelerate=seed % 2 == 1)


def test_machine_code_says_the_same() -> None:
    pytest.importorskip("numba", reason="the extra fast is not installed")
    for seed in range(3):
        compare(plan_of("shuozhou-special-equipment"), seed, 100, accelerate=True)


@pytest.mark.parametrize("plan_id", PLANS)
def test_each_alternative_reading_by_itself(plan_id: str) -> None:
    plan = plan_of(plan_id)
    for reading, letters in plan.switches().items():
        for letter in letters:
            random = Random(f"{reading}{letter}")
            choices = {reading: letter}
            raws = cases(plan, random, choices, 8)
            assert_equal(plan, array_form(plan, choices).judge(columns(plan, raws, random), 8), raws, choices)


@pytest.mark.parametrize("plan_id", [plan_id for plan_id in PLANS if plan_id != "tiny"])
def test_nothing_known_leaves_every_level_possible(plan_id: str) -> None:
    plan = plan_of(plan_id)
    form = array_form(plan)
    unknown: dict[str, NDArray[Any]] = {}
    for key, indicator in plan.indicators.items():
        if indicator.type == "areas":
            unknown |= {f"{key}.{name}": np.full((5, len(indicator.areas)), np.nan) for name in indicator.parts}
        elif indicator.type != "series":
            unknown[key] = np.full(5, np.nan)
    for found in (form.judge({}, 5), form.judge(unknown, 5)):
        assert_equal(plan, found, [{}] * 5, {})
        assert len(found.distinct) == 1
        for scale, of in plan.scales.items():
            assert found.possible(scale).tolist() == [(1 << len(of.levels) + 1) - 1] * 5


@pytest.mark.parametrize("accelerate", [False, True])
@pytest.mark.parametrize("plan_id", ["shuozhou-special-equipment", "shuozhou-drought", "wutai-forest-grassland-fire"])
def test_some_facts_may_be_the_same_in_every_case(plan_id: str, accelerate: bool) -> None:
    if accelerate:
        pytest.importorskip("numba", reason="the extra fast is not installed")
    plan = plan_of(plan_id)
    for seed in range(6):
        random = Random(seed)
        raws = cases(plan, random, {}, 20)
        held = columns(plan, raws, random)
        for key in random.sample(sorted(held), random.choice((1, len(held) // 2, len(held) - 1, len(held)))):
            held[key] = held[key][0, ...]
            first = raws[0].get(key)
            for raw in raws:
                raw |= {key: first}  # None: unknown
        assert_equal(plan, array_form(plan, accelerate=accelerate).judge(held, 20), raws, {})


def test_no_cases_are_no_outcomes() -> None:
    for plan_id in ("shuozhou-special-equipment", "shuozhou-meteorological"):
        found = array_form(plan_of(plan_id)).judge({}, 0)
        assert (len(found.codes), found.distinct) == (0, ())
        assert all(len(found.ranks(scale)) == 0 for scale in plan_of(plan_id).scales)


# --- edges ---------------------------------------------------------------------------------------------------------


@functools.cache
def edged() -> Plan:
    return tiny_plan(
        """
        n: {type: integer, unit: person, label: 人数, clause: "2"}
        x: {type: number, unit: degC, label: 气温, clause: "2"}
        """,
        f"""
        big:
          label: 大数
          clause: "2"
          levels: [III, II, I]
          triggers:
            III: [{{n: {{at_least: {2**53 + 1}人}}, clause: "2"}}]
            II: [{{n: {{over: {2**62}人}}, clause: "2"}}]
            I: [{{n: {{at_least: {10**19}人}}, clause: "2"}}]
        cold:
          label: 低温
          clause: "2"
          levels: [II, I]
          triggers:
            II: [{{x: {{at_most: -0.1℃}}, clause: "2"}}]
            I: [{{x: {{below: -12.5℃}}, clause: "2"}}]
        """,
        moved=("big", "cold"),
    )


@pytest.mark.parametrize("accelerate", [False, True])
def test_whole_numbers_are_compared_exactly_however_large(accelerate: bool) -> None:
    if accelerate:
        pytest.importorskip("numba", reason="the extra fast is not installed")
    form = array_form(edged(), accelerate=accelerate)
    values = [0, 2**31, 2**53, 2**53 + 1, 2**53 + 2, 2**62, 2**62 + 1, 2**63 - 1]
    expected = [0, 0, 0, 1, 1, 1, 2, 2]
    assert form.judge({"n": np.array(values, np.int64)}, 8).ranks("big").tolist() == expected
    assert form.judge({"n": np.array([*values[:7], 10**19], np.uint64)}, 8).ranks("big").tolist() == [*expected[:7], 3]
    floats = [2.0**53, 2.0**53 + 2, 2.0**62, np.nextafter(2.0**62, np.inf), 1e19, np.nextafter(1e19, 0)]
    assert form.judge({"n": np.array(floats)}, 6).ranks("big").tolist() == [0, 1, 1, 2, 3, 2]
    assert form.judge({"n": np.array([3, 2**31 - 1], np.int32)}, 2).ranks("big").tolist() == [0, 0]


@pytest.mark.parametrize("accelerate", [False, True])
def test_fractions_are_compared_exactly(accelerate: bool) -> None:
    if accelerate:
        pytest.importorskip("numba", reason="the extra fast is not installed")
    form = array_form(edged(), accelerate=accelerate)
    values = np.array([0.0, -0.1, np.nextafter(-0.1, 0), np.nextafter(-0.1, -1), -12.5, np.nextafter(-12.5, -13), np.nan])
    found = form.judge({"x": values}, 7)
    assert found.ranks("cold").tolist() == [0, 1, 0, 1, 1, 2, 0]
    assert found.possible("cold").tolist() == [1, 2, 1, 2, 2, 4, 7]
    assert form.judge({"x": np.array([0, -1, -12, -13])}, 4).ranks("cold").tolist() == [0, 1, 1, 2]
    # As float32 -0.1 is a little lower, and so below.
    assert form.judge({"x": np.array([-0.1], np.float32)}, 1).ranks("cold").tolist() == [1]


def test_a_little_less_than_600_megawatts_is_not_600() -> None:
    form = array_form(plan_of("shuozhou-special-equipment"))
    columns = {"boiler_explosion": np.array(1), "boiler_capacity": np.array([599.99999, np.nextafter(600, 0), 600.0, np.nan])}
    found = form.judge({**columns}, 4)
    assert found.ranks("grade").tolist() == [2, 2, 4, 2]
    codes, clauses = found.clauses("grade")
    assert [clauses[code] for code in codes] == [("附件2 较大事故2",)] * 2 + [("附件2 特别重大事故2",), ("附件2 较大事故2",)]


def test_a_total_of_two_counts_one_of_them_unknown() -> None:
    plan = plan_of("wutai-forest-grassland-fire")
    one, two = "grassland_fire_deaths", "grassland_fire_serious_injuries"
    values = [None, *range(0, 45), 2**40, 2**62]
    raws = [{key: value for key, value in ((one, a), (two, b)) if value is not None} for a in values for b in values]
    for kind in (np.int64, np.float64):
        held = {
            key: np.ma.array([raw.get(key, 0) for raw in raws], kind, mask=[key not in raw for raw in raws]) for key in (one, two)
        }
        assert_equal(plan, array_form(plan).judge(held, len(raws)), raws, {})


def test_the_season_follows_from_the_date_where_no_column_gives_it() -> None:
    plan = plan_of("shuozhou-drought")
    key = next(key for key, one in plan.indicators.items() if one.derived_from)
    seasons = plan.indicators[key].values
    days = [None, 10, 20, 30, 45, 60, 100]
    raws = [
        {**({"consecutive_rainless_days": day} if day else {}), **({key: season} if season else {})}
        for day in days
        for season in (None, *seasons)
    ]
    held = {
        "consecutive_rainless_days": np.array([raw.get("consecutive_rainless_days", np.nan) for raw in raws]),
        key: np.array([seasons.index(raw[key]) if key in raw else -1 for raw in raws], np.int16),
    }
    given = [dict(raw) for raw in raws]
    dateless = [{name: value for name, value in raw.items() if name != key} for raw in raws]
    for month in (1, 4, 8, 11):
        at = datetime.datetime(2021, month, 15, 8, tzinfo=CHINA)
        assert_equal(plan, array_form(plan).judge(held, len(raws), at), given, {}, at)
        without = {"consecutive_rainless_days": held["consecutive_rainless_days"]}
        assert_equal(plan, array_form(plan).judge(without, len(raws), at), dateless, {}, at)


# --- tables --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "limits",
    [
        {"array_states.MOST_ENTRIES": 40},
        {"array_states.MOST_STATES": 3},
        {"array_rows.MOST_ENTRIES": 2},
        {"array_rows.MOST_ENTRIES": 2, "array_rows.MOST_MIXED": 50},
        {"array_rows.MOST_CLASSIFIED": 1},
        {"array.MOST_CELLS": 1},
        {"array.MOST_INDICES": 1},
        {"array.ALIKE": 0},
        {"array.ALIKE": 2},
    ],
    ids=str,
)
@pytest.mark.parametrize("plan_id", ["shuozhou-special-equipment", "shuozhou-meteorological", "wutai-forest-grassland-fire"])
def test_however_little_room_there_is(plan_id: str, limits: dict[str, float], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, limit in limits.items():
        monkeypatch.setattr(f"engine.trigger.{name}", limit)
    plan = replace(plan_of(plan_id), memo={})
    random = Random(7)
    raws = cases(plan, random, {}, 30)
    form = ArrayForm(plan, {}, Machinery(chunk=7))
    for _ in range(2):
        assert_equal(plan, form.judge(columns(plan, raws, random), 30), raws, {})


def test_a_form_is_made_once_for_each_choice_of_readings() -> None:
    plan = replace(plan_of("shuozhou-special-equipment"), memo={})
    assert array_form(plan) is array_form(plan, {})
    assert array_form(plan, {"SE-03": "a"}) is array_form(plan, {"SE-03": "a"})
    assert array_form(plan, {"SE-03": "a"}) is not array_form(plan)
    assert array_form(plan).scales == tuple(plan.scales)


def test_single_assessments_do_without_numpy() -> None:
    code = "import sys, engine.assess, engine.contract; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- what is refused -----------------------------------------------------------------------------------------------

REFUSED = [
    ({"deaths": np.array([1, 2, -1, -5])}, "columns.deaths[2]", "小于 0"),
    ({"deaths": np.array([1, 2, 2.5, -1.0])}, "columns.deaths[2]", "不是整数"),
    ({"deaths": np.array([1, np.inf, np.nan, 0])}, "columns.deaths[1]", "不是有限的数"),
    ({"deaths": np.array([1, np.nan, 1e30, 0])}, "columns.deaths[2]", "数字太大"),
    ({"boiler_capacity": np.array([0, -0.0, -1e-300, 0])}, "columns.boiler_capacity[2]", "小于 0"),
    ({"boiler_capacity": np.ma.array([-1, 2, -3, 4], mask=[1, 0, 0, 0])}, "columns.boiler_capacity[2]", "小于 0"),
    ({"deaths": np.array(-1)}, "columns.deaths", "小于 0"),
    ({"deaths": np.array([True, False, True, True])}, "columns.deaths", "bool"),
    ({"deaths": np.array(["1", "2", "3", "4"])}, "columns.deaths", "<U1"),
    ({"deaths": np.array([1, 2, None, 3])}, "columns.deaths", "object"),
    ({"deaths": np.array([1, 2, 3])}, "columns.deaths", "形状"),
    ({"deaths": [1, 2, 3, 4]}, "columns.deaths", "不是 numpy 数组"),
    ({"crane_overturn": np.array([0, 1, -1, 2], np.int8)}, "columns.crane_overturn[3]", "位置"),
    ({"crane_overturn": np.array([0, 1, np.nan, 0.5])}, "columns.crane_overturn[3]", "位置"),
    ({"hidden_danger_grade": np.array([0, 4, -1, 5], np.int16)}, "columns.hidden_danger_grade[3]", "位置"),
    ({"hidden_danger_grade": np.array([0, -2, -1, 4], np.int64)}, "columns.hidden_danger_grade[1]", "位置"),
    ({"hidden_danger_grade": np.array([0, 255, 3, 4], np.uint8)}, "columns.hidden_danger_grade[1]", "位置"),
    ({"hidden_danger_grade": np.array(["I"] * 4)}, "columns.hidden_danger_grade", "<U1"),
    ({"death": np.array([1, 2, 3, 4])}, "facts.death", "没有指标"),
    ({"deaths.x": np.array([1, 2, 3, 4])}, "columns.deaths.x", "不分区域"),
]


@pytest.mark.parametrize("accelerate", [False, True])
@pytest.mark.parametrize(("held", "where", "message"), REFUSED, ids=[f"{where}-{message}" for _, where, message in REFUSED])
def test_what_a_fact_would_refuse_is_refused(held: dict[str, Any], where: str, message: str, accelerate: bool) -> None:
    if accelerate:
        pytest.importorskip("numba", reason="the extra fast is not installed")
    with pytest.raises(FactInvalid) as caught:
        array_form(plan_of("shuozhou-special-equipment"), accelerate=accelerate).judge(held, 4)
    assert caught.value.where == where
    assert message in caught.value.message
    assert caught.value.remedy


def test_columns_of_areas_and_series_that_are_refused() -> None:
    counties = array_form(plan_of("shuozhou-meteorological"))
    names = counties.plan.indicators["counties"].areas
    bad = np.zeros((3, len(names)))
    bad[1, 2] = -1
    for held, where in (
        ({"counties": bad}, "columns.counties"),
        ({"counties.rain_past_24h": bad}, f"columns.counties.rain_past_24h[1]（{names[2]}）"),
        ({f"counties.{names[0]}.rain_past_24h": bad[:, 2]}, f"columns.counties.rain_past_24h[1]（{names[0]}）"),
        ({"counties.rain_past_24h": bad[:, :2]}, "columns.counties.rain_past_24h"),
        ({"counties.rain": bad}, f"facts.counties.{names[0]}.rain"),
        ({"counties.某县.rain_past_24h": bad[:, 0]}, "facts.counties.某县"),
    ):
        with pytest.raises(FactInvalid) as caught:
            counties.judge(held, 3)
        assert caught.value.where == where
    with pytest.raises(FactInvalid, match="逐时序列"):
        array_form(plan_of("shuozhou-heavy-pollution")).judge({"aqi_hourly": np.zeros(3)}, 3)


def test_a_value_is_refused_also_where_no_scale_asks_for_it() -> None:
    plan = plan_of("shuozhou-heavy-pollution")
    form = array_form(plan)
    idle = next(key for key, one in plan.indicators.items() if one.type == "number" and key not in form.read_keys)
    with pytest.raises(FactInvalid, match="小于 0"):
        form.judge({idle: np.array([1.0, -1.0])}, 2)


def test_areas_may_be_the_same_in_every_case_and_one_of_them_by_itself() -> None:
    plan = plan_of("shuozhou-meteorological")
    names = plan.indicators["counties"].areas
    row = np.array([60.0, 0, 55, 10, 110, np.nan])
    one = np.array([0.0, 60, 120, np.nan])
    raws = []
    for value in one:
        facts = dict(zip(names, [value, *row[1:]], strict=True))
        raws.append({"counties": {area: {"rain_past_24h": rain} for area, rain in facts.items() if not np.isnan(rain)}})
    held = {
        "counties.rain_past_24h": row,
        f"counties.{names[0]}.rain_past_24h": one,
        "counties.temp_drop_next_24h": np.array(0.0),
    }
    for raw in raws:
        for area in names:
            raw["counties"].setdefault(area, {})["temp_drop_next_24h"] = 0.0
    assert_equal(plan, array_form(plan).judge(held, 4), raws, {})
