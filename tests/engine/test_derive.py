"""Derived indicators, every expectation worked out by hand from the vocabulary's derivation rules (HJ 633-2012 for concentrations)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from api.library import library
from engine.assess import Assessment, assess
from engine.plan.condition import Bounds
from engine.trigger.facts import CHINA, Partial, validate
from engine.trigger.index import IndexValue
from tests.engine.tiny import tiny_findings

START = datetime.datetime(2020, 12, 18, 0, tzinfo=CHINA)
HOUR = datetime.timedelta(hours=1)


def hours(*runs: tuple[int, float | None], start: datetime.datetime = START) -> list[list[Any]]:
    """Hourly points: (how many hours, value) one run after another."""
    values = [value for count, value in runs for _ in range(count)]
    return [[(start + n * HOUR).isoformat(), value] for n, value in enumerate(values)]


def polluted(at: datetime.datetime | None = None, in_force: str | None = None, **raw: Any) -> Assessment:
    plan = library().plan("shuozhou-heavy-pollution")
    return assess(plan, validate(plan, raw), at, in_force={"warning": in_force})


def of(assessment: Assessment, key: str) -> Any:
    value = assessment.facts.of(key)
    if isinstance(value, Partial):
        assert value.intervals == (Bounds(value.intervals[0].low, False, None, False),)
        return {"at_least": value.intervals[0].low}
    return value


# --- 24-hour means and runs -------------------------------------------------------------------------------------------


def test_two_full_days_above_200_cover_48_hours() -> None:
    """48 hours of 201: means from the 24th to the 48th hour, a run of 25, covers 25 + 23 = 48."""
    found = polluted(aqi_hourly=hours((48, 201)))
    assert of(found, "aqi_above_200_duration") == 48
    assert found.levels["warning"] == "yellow"


def test_an_hour_less_is_47() -> None:
    found = polluted(aqi_hourly=hours((47, 201)))
    assert of(found, "aqi_above_200_duration") == 47
    assert found.levels["warning"] is None


def test_a_mean_of_exactly_200_is_not_above_200() -> None:
    assert of(polluted(aqi_hourly=hours((72, 200))), "aqi_above_200_duration") == 0


def test_means_run_across_midnight_and_are_not_rounded() -> None:
    """23 hours of 200 and one of 201: the mean is 200.04, above 200."""
    found = polluted(aqi_hourly=hours((23, 200), (1, 201)))
    assert of(found, "aqi_above_200_duration") == 24
    assert of(found, "aqi_24h_mean_max") == pytest.approx(200 + 1 / 24)


def test_the_first_23_hours_have_no_mean() -> None:
    found = polluted(aqi_hourly=hours((23, 400)))
    for key in ("aqi_above_200_duration", "aqi_above_300_duration", "aqi_24h_mean_max"):
        assert of(found, key) is None


def test_the_longest_of_two_runs_counts() -> None:
    """A spell of 30 hours and one of 50, with clean days between: runs of 7 and 27 hours of 24-hour means above 200 at the cores."""
    found = polluted(aqi_hourly=hours((30, 201), (48, 0), (50, 201)))
    assert of(found, "aqi_above_200_duration") == 50


def test_a_spell_that_was_over_before_now_does_not_count() -> None:
    """60 hours of 300, then 60 of 100. Means are above 200 while at least 13 of 24 hours are polluted: the run ends at hour 60 + 11."""
    series = hours((60, 300), (60, 100))
    last = START + 70 * HOUR
    assert of(polluted(last, aqi_hourly=series), "aqi_above_200_duration") == (70 - 23 + 1) + 23
    assert of(polluted(last + HOUR, aqi_hourly=series), "aqi_above_200_duration") == 0


def test_a_spell_still_going_on_counts_from_its_first_hour() -> None:
    found = polluted(START + 47 * HOUR, aqi_hourly=hours((72, 250)))
    assert of(found, "aqi_above_200_duration") == 72


def test_nothing_is_known_when_no_mean_exists_from_now_on() -> None:
    """A gap in the last 24 hours: no M(T) from now on."""
    found = polluted(START + 47 * HOUR, aqi_hourly=hours((46, 250), (1, None), (1, 250)))
    assert of(found, "aqi_above_200_duration") is None
    assert of(found, "aqi_24h_mean_max") is None


def test_a_missing_hour_ends_nothing_and_proves_nothing() -> None:
    """48 hours, one missing, 24 more: what is found is a lower bound."""
    series = hours((48, 250), (1, None), (24, 250))
    found = polluted(aqi_hourly=series)
    assert of(found, "aqi_above_200_duration") == {"at_least": 48}
    assert of(found, "aqi_24h_mean_max") == {"at_least": 250}
    assert found.possible["warning"] == ("yellow", "orange", "red")


def test_an_hour_left_out_is_missing_as_one_that_is_null() -> None:
    series = hours((48, 250), (1, 0), (24, 250))
    del series[48]
    assert of(polluted(aqi_hourly=series), "aqi_above_200_duration") == {"at_least": 48}


def test_the_maximum_counts_from_now_on_only() -> None:
    series = hours((24, 480), (48, 100))
    assert of(polluted(aqi_hourly=series), "aqi_24h_mean_max") == 480
    assert of(polluted(START + 47 * HOUR, aqi_hourly=series), "aqi_24h_mean_max") == 100


def test_sulphur_dioxide_is_the_largest_of_all_hours_past_and_to_come() -> None:
    series = hours((5, 400), (1, 651), (5, 400))
    assert of(polluted(START + 9 * HOUR, so2_hourly=series), "so2_hourly_max") == 651
    assert of(polluted(so2_hourly=hours((5, 400), (1, None))), "so2_hourly_max") == {"at_least": 400}
    assert of(polluted(so2_hourly=hours((2, None))), "so2_hourly_max") is None


# --- now ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "expected"), [(23, 100), (23.9, 100), (24, 100 + 100 / 24), (200, 200)])
def test_the_mean_now_is_that_of_the_last_hour_at_or_before_now(after: float, expected: float) -> None:
    series = hours((24, 100), (24, 200))
    assert of(polluted(START + after * HOUR, aqi_hourly=series), "aqi_24h_mean") == pytest.approx(expected)


def test_without_a_time_there_is_no_mean_now_and_everything_is_forecast() -> None:
    found = polluted(aqi_hourly=hours((60, 250)))
    assert of(found, "aqi_24h_mean") is None
    assert of(found, "aqi_above_200_duration") == 60


def test_before_the_first_point_the_whole_series_is_forecast() -> None:
    found = polluted(START - HOUR, aqi_hourly=hours((60, 250)))
    assert of(found, "aqi_24h_mean") is None
    assert of(found, "aqi_above_200_duration") == 60


def test_a_time_in_another_zone_is_the_same_hour() -> None:
    series = hours((24, 100), (24, 200))
    utc = (START + 24 * HOUR).astimezone(datetime.UTC)
    assert of(polluted(utc, aqi_hourly=series), "aqi_24h_mean") == pytest.approx(100 + 100 / 24)
    in_utc = [[datetime.datetime.fromisoformat(time).astimezone(datetime.UTC).isoformat(), value] for time, value in series]
    assert of(polluted(utc, aqi_hourly=in_utc), "aqi_24h_mean") == pytest.approx(100 + 100 / 24)


# --- runs from now, by the level in force ---------------------------------------------------------------------------


def test_a_run_from_now_does_not_count_the_present_hour() -> None:
    """All 72 hours at 100: now is hour 30, so hours 31 to 71 follow: 41."""
    found = polluted(START + 30 * HOUR, "yellow", aqi_hourly=hours((72, 100)))
    assert of(found, "below_standard_duration") == 41
    assert of(found, "aqi_at_most_150_duration") == 41


@pytest.mark.parametrize(("level", "expected"), [("yellow", 0), ("orange", 0), ("red", 41), (None, None)])
def test_what_is_below_the_standard_depends_on_the_level_in_force(level: str | None, expected: int | None) -> None:
    """A mean of 250 is below the standard of red (300), not of yellow or orange (200)."""
    found = polluted(START + 30 * HOUR, level, aqi_hourly=hours((72, 250)))
    assert of(found, "below_standard_duration") == expected
    assert of(found, "aqi_at_most_150_duration") == 0


def test_exactly_150_is_at_most_150() -> None:
    assert of(polluted(START + 23 * HOUR, aqi_hourly=hours((48, 150))), "aqi_at_most_150_duration") == 24


def test_a_run_from_now_ends_where_the_mean_rises_again() -> None:
    """24 hours of 100, then 300: after 6 hours the mean is 150, after 7 it is 158."""
    assert of(polluted(START + 23 * HOUR, aqi_hourly=hours((24, 100), (24, 300))), "aqi_at_most_150_duration") == 6


def test_a_run_from_now_is_a_lower_bound_once_an_hour_is_missing() -> None:
    found = polluted(START + 23 * HOUR, aqi_hourly=hours((30, 100), (1, None), (30, 100)))
    assert of(found, "aqi_at_most_150_duration") == {"at_least": 6}


def test_a_run_from_now_is_unknown_without_a_mean_now() -> None:
    assert of(polluted(START + 10 * HOUR, aqi_hourly=hours((48, 100))), "aqi_at_most_150_duration") is None
    assert of(polluted(aqi_hourly=hours((48, 100))), "aqi_at_most_150_duration") is None


# --- precedence and concentrations --------------------------------------------------------------------------------------


def test_a_given_value_goes_before_a_derived_one() -> None:
    found = polluted(aqi_hourly=hours((96, 250)), aqi_above_200_duration=10)
    assert of(found, "aqi_above_200_duration") == 10
    assert "aqi_above_200_duration" not in found.facts.derived
    assert "aqi_24h_mean_max" in found.facts.derived
    assert of(polluted(aqi_hourly=hours((96, 250)), aqi_above_200_duration=None), "aqi_above_200_duration") == 96
    assert of(polluted(aqi_hourly=hours((96, 250)), aqi_above_200_duration={"at_least": 48}), "aqi_above_200_duration") == {
        "at_least": 48
    }


def test_the_index_goes_before_concentrations() -> None:
    found = polluted(aqi_hourly=hours((24, 100)), pm25_hourly=hours((24, 400)))
    assert of(found, "aqi_24h_mean_max") == 100


@pytest.mark.parametrize(
    ("pollutant", "mean", "expected"),
    [
        ("pm25_hourly", 35, 50),
        ("pm25_hourly", 36, 52),  # 50 + 50 x 1/40 = 51.25
        ("pm25_hourly", 150, 200),
        ("pm25_hourly", 151, 201),
        ("pm25_hourly", 250, 300),
        ("pm25_hourly", 900, 500),
        ("pm10_hourly", 385, 250),  # halfway from 350 to 420
        ("so2_hourly", 475, 150),
        ("no2_hourly", 280, 200),
        ("co_hourly", 24, 200),
        ("o3_hourly", 215, 150),
        ("o3_hourly", 801, 301),  # above 800 by the hour: 300 + 100 x 1/200 = 300.5
    ],
)
def test_a_mean_concentration_gives_the_index_of_the_table(pollutant: str, mean: float, expected: int) -> None:
    assert of(polluted(**{pollutant: hours((24, mean))}), "aqi_24h_mean_max") == expected


def test_the_worst_pollutant_decides() -> None:
    assert of(polluted(pm25_hourly=hours((24, 35)), pm10_hourly=hours((24, 350))), "aqi_24h_mean_max") == 200


def test_twenty_of_twenty_four_hours_are_enough_and_nineteen_are_not() -> None:
    twenty = hours((10, 150), (4, None), (10, 150))
    nineteen = hours((10, 150), (5, None), (9, 150))
    assert of(polluted(pm25_hourly=twenty), "aqi_24h_mean_max") == {"at_least": 200}
    assert of(polluted(pm25_hourly=nineteen), "aqi_24h_mean_max") is None


def test_ozone_goes_by_its_worst_eight_hours() -> None:
    """Eight hours at 215 among clean ones: the index of 215, not of the day's mean."""
    assert of(polluted(o3_hourly=hours((8, 0), (8, 215), (8, 0))), "aqi_24h_mean_max") == 150


def test_the_index_of_means_is_not_the_mean_of_indices() -> None:
    """12 hours at 0 and 12 at 150 are a mean of 75 µg/m³: 100; hourly indices would average (0 + 200) / 2 as well, but of 12 at 500: 250 is 300."""
    assert of(polluted(pm25_hourly=hours((12, 0), (12, 150))), "aqi_24h_mean_max") == 100
    assert of(polluted(pm25_hourly=hours((12, 0), (12, 500))), "aqi_24h_mean_max") == 300


# --- the season --------------------------------------------------------------------------------------------------------

SEASONS = {
    **dict.fromkeys((3, 4, 5, 9, 10, 11), "spring_autumn"),
    **dict.fromkeys((6, 7, 8), "summer"),
    **dict.fromkeys((12, 1, 2), "winter"),
}


def drought(at: datetime.datetime | None, **raw: Any) -> Any:
    plan = library().plan("shuozhou-drought")
    return assess(plan, validate(plan, raw), at).facts.of("season")


@pytest.mark.parametrize("month", range(1, 13))
def test_the_season_follows_from_the_month(month: int) -> None:
    assert drought(datetime.datetime(2021, month, 15, tzinfo=CHINA)) == SEASONS[month]


def test_the_month_is_the_local_one() -> None:
    """31 May, 17:00 in London is already June in Shuozhou."""
    assert drought(datetime.datetime(2021, 5, 31, 17, tzinfo=datetime.UTC)) == "summer"
    assert drought(datetime.datetime(2021, 5, 31, 15, tzinfo=datetime.UTC)) == "spring_autumn"


def test_a_given_season_stays_and_without_a_time_there_is_none() -> None:
    assert drought(datetime.datetime(2021, 7, 1, tzinfo=CHINA), season="winter") == "winter"
    assert drought(datetime.datetime(2021, 7, 1, tzinfo=CHINA), season=None) == "summer"
    assert drought(None) is None


def test_an_index_from_concentrations_names_its_edition_and_primary_pollutants() -> None:
    from api.library import library
    from engine.trigger.derive import index_now
    from engine.trigger.facts import parse_time, validate

    plan = library().plans["shuozhou-heavy-pollution"]
    hours = [[f"2026-12-01T{n:02d}:00", 75] for n in range(24)]
    facts = validate(plan, {"pm25_hourly": hours, "co_hourly": [[time, 1] for time, _ in hours]})
    found = index_now(plan, facts, parse_time("2026-12-01T23:30", "at"))["aqi_hourly"]
    assert (found.edition, found.day, found.hour) == ("HJ 633-2012", IndexValue(100, ("pm25",)), IndexValue(100, ("pm25",)))
    assert index_now(plan, validate(plan, {"pm25_hourly": hours, "aqi_hourly": hours}), None) == {}


# --- what a plan file may say -----------------------------------------------------------------------------------------------

RUN = "series: hourly, of: trailing_24h_mean, test: '> 200', measure: longest_run"
SEASON = "at: local_month, cold: [1, 2, 11, 12], warm: [3, 4, 5, 6, 7, 8, 9, 10]"
READINGS = '{R-01: {clause: "3", question: 怎样数, chosen: 这样, alternatives: [那样, 又一样]}}'
SCALE = 'alarm: {label: 警报, clause: "2", levels: [red], triggers: {red: [{flag: true, clause: "2"}]}}\n'


@pytest.mark.parametrize(
    ("derived_from", "derived_by_reading", "codes"),
    [
        (RUN, "R-01: {a: {count: hours, part: all, round: up, least_hours: 20}, b: none}", []),
        (RUN, "R-01: {a: {count: minutes}}", ["wrong-derivation"]),
        (RUN, "R-01: {a: {least_hours: 25}}", ["wrong-derivation"]),
        (RUN, "R-01: {a: {counts: hours}}", ["wrong-derivation"]),
        (RUN, "R-01: {a: {test: '200'}}", ["wrong-derivation"]),
        (RUN, "R-01: {a: {series: daily}}", ["unknown-indicator"]),
        (RUN, "R-01: {a: {of: index_of_means}}", ["wrong-derivation"]),
        (RUN, "R-01: {c: {count: hours}}", ["unknown-key"]),
        (RUN, "R-02: {a: {count: hours}}", ["unknown-reading"]),
        (RUN, "R-01: {a: nothing}", ["wrong-derivation"]),
        ("series: hourly, of: value, measure: longest", "", ["wrong-derivation"]),
        ("series: hourly, of: value, measure: run_from_now, test: {red: 300}", "", ["wrong-derivation"]),
        (SEASON, "R-01: {a: {at: solar_term, cold: [立冬], warm: [立夏]}, b: none}", []),
        (SEASON, "R-01: {a: {at: solar_term}}", ["wrong-derivation", "wrong-derivation"]),
        (SEASON, "R-01: {a: {cold: [13]}}", ["wrong-derivation"]),
    ],
)
def test_a_derivation_says_only_what_there_is_a_rule_for(derived_from: str, derived_by_reading: str, codes: list[str]) -> None:
    kind = "enum\n      values: [cold, warm]" if derived_from is SEASON else "number\n      unit: h"
    indicators = f"""
    flag: {{type: boolean, label: 旗, clause: "2"}}
    hourly: {{type: series, unit: ug/m3, label: 小时值, clause: "2"}}
    one:
      type: {kind}
      label: 一
      clause: "2"
      derived_from: {{{derived_from}}}
      derived_by_reading: {{{derived_by_reading}}}
    """
    findings = tiny_findings(indicators, SCALE, moved=("alarm",), readings=READINGS)
    assert [one.code for one in findings] == codes
    assert all(one.found and one.expected and one.remedy for one in findings)
