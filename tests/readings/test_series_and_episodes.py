"""Alternatives that change what follows from a series or from the date, and those that change how a level in force moves.

In `<plan>.yaml`, beside the cases of `test_alternatives`: a case of a derivation has `hours` (indicator -> runs of hours and
their value, from midnight or `since`), `now`, and what is `measured` and the `levels`, each under the plan's own reading
and under this one. An episode has `steps` (facts, with `now` and `hours` as above), what is in force before (`initial`)
and the `course` of the leading scale under both. Facts that are not written are as they normally are.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from api.cases import episode_lines
from api.library import library
from engine.assess import Assessment, assess
from engine.plan.model import Plan
from engine.trigger.facts import CHINA, Facts, Partial, parse_time, validate
from tests.readings.test_alternatives import Case, of_kind

SINCE = "2020-12-18T00:00"


def raw_facts(plan: Plan, case: Case) -> dict[str, Any]:
    """The case's facts and series; what nothing in the case says or leads to is as it normally is."""
    raw = dict(case.get("facts", {}))
    since = parse_time(case.get("since", SINCE), "since")
    for key, runs in case.get("hours", {}).items():
        values = [value for hours, value in runs for _ in range(hours)]
        raw[key] = [[(since + datetime.timedelta(hours=n)).isoformat(), value] for n, value in enumerate(values)]
    for key, indicator in plan.indicators.items():
        if indicator.type == "series" or key in raw:
            continue
        spec = indicator.derived_from.spec if indicator.derived_from else {}
        if not ("at" in spec and "now" in case) and spec.get("series") not in raw:
            raw[key] = indicator.normal
    return raw


def now_of(case: Case) -> str | None:
    """The time of the case: written out, or as hours after the first point."""
    now = case.get("now")
    if isinstance(now, int):
        return (parse_time(case.get("since", SINCE), "since") + datetime.timedelta(hours=now)).isoformat()
    return now if now is None else str(now)


def assessed(plan: Plan, case: Case, choices: dict[str, str]) -> Assessment:
    now = now_of(case)
    return assess(plan, validate(plan, raw_facts(plan, case)), None if now is None else parse_time(now, "now"), readings=choices)


def value_of(facts: Facts, key: str) -> Any:
    found = facts.of(key)
    return {"at_least": found.intervals[0].low} if isinstance(found, Partial) else found


def levels_of(assessment: Assessment) -> dict[str, Any]:
    possible = assessment.possible.items()
    return {scale: levels[0] if len(levels) == 1 else list(levels) for scale, levels in possible if levels != (None,)}


@pytest.mark.parametrize(("plan_id", "reading", "letter", "case"), of_kind("measured"))
def test_what_follows_from_a_series_or_the_date_differs(plan_id: str, reading: str, letter: str, case: Case) -> None:
    plan = library().plan(plan_id)
    both = [assessed(plan, case, {}), assessed(plan, case, {reading: letter})]
    measured = {key: [value_of(one.facts, key) for one in both] for key in case["measured"]}
    assert measured == case["measured"]
    assert [levels_of(one) for one in both] == case["levels"]
    assert case["levels"][0] != case["levels"][1]


def course(plan: Plan, case: Case, choices: dict[str, str]) -> list[str | None]:
    """The leading scale's levels after each step, as `yuan episode --batch` answers."""
    leading = next(iter(plan.scales))
    steps = [{"at": now_of(step), "facts": raw_facts(plan, step)} for step in case["steps"]]
    line = {"id": 1, "plan": plan.id, "initial": {leading: case.get("initial")}, "steps": steps, "readings": choices}
    (answer,) = episode_lines([json.dumps(line)], library().plan)
    return [levels[leading] for levels in json.loads(answer)["levels"]]


@pytest.mark.parametrize(("plan_id", "reading", "letter", "case"), of_kind("course"))
def test_the_levels_in_force_run_another_course(plan_id: str, reading: str, letter: str, case: Case) -> None:
    plan = library().plan(plan_id)
    assert [course(plan, case, {}), course(plan, case, {reading: letter})] == case["course"]
    assert case["course"][0] != case["course"][1]


def test_two_readings_of_one_derivation_work_together() -> None:
    """72 hours of 201, now the 48th: 24 hours to come, of which the means are the last 24; one of them is not counted from first to last."""
    plan = library().plan("shuozhou-heavy-pollution")
    case = {"hours": {"aqi_hourly": [[72, 201]]}, "now": 47}
    found = {
        letters: value_of(
            assessed(plan, case, dict(zip(("HP-02", "HP-03"), letters, strict=True))).facts, "aqi_above_200_duration"
        )
        for letters in (("a", "b"), ("a", "a"), ("d", "a"), ("b", "a"), ("c", "b"))
    }
    assert found == {("a", "b"): 49, ("a", "a"): 24, ("d", "a"): 23, ("b", "a"): 24, ("c", "b"): 48}


def test_a_reading_that_says_nothing_of_a_derivation_changes_nothing_in_it() -> None:
    plan = library().plan("shuozhou-heavy-pollution")
    case = {"hours": {"aqi_hourly": [[72, 201]]}, "now": 47}
    assert assessed(plan, case, {"HP-10": "a"}).facts == assessed(plan, case, {}).facts


def test_an_unknown_or_fixed_reading_is_an_error_of_its_line() -> None:
    line = {"id": 1, "plan": "shuozhou-heavy-pollution", "steps": [{"facts": {}}]}
    texts = [json.dumps({**line, "readings": {key: "a"}}) for key in ("HP-99", "HP-17")]
    answers = [json.loads(one) for one in episode_lines(texts, library().plan)]
    assert [one["error"]["where"] for one in answers] == ["readings.HP-99", "readings.HP-17"]


def test_the_seasons_of_the_lunisolar_calendar_begin_on_the_right_days() -> None:
    """Days of 2000 to 2099 from an ephemeris (sxtwl, lunar_python): the usual day of each term and the years of the others."""
    from engine.trigger.solar_terms import FIRST_YEAR, LAST_YEAR, term_day

    leap = [2068, 2072, 2076, 2080, 2084, 2088, 2092, 2096]
    early_spring = [
        *range(2017, 2050, 4), 2050, 2053, 2054, 2057, 2058, 2061, 2062, 2065, 2066, 2069, 2070, 2073, 2074, 2077, 2078, 2081, 2082, 2083,
        2085, 2086, 2087, 2089, 2090, 2091, 2093, 2094, 2095, 2097, 2098, 2099,
    ]  # fmt: skip
    late = [2002, *range(2003, 2032, 4)]
    days = {
        "立春": {(2, 4): None, (2, 3): early_spring},
        "立夏": {(5, 5): None, (5, 4): leap, (5, 6): late},
        "立秋": {(8, 7): None, (8, 6): [*leap, 2097], (8, 8): late},
        "立冬": {(11, 7): None, (11, 6): [2060, 2064, *leap, 2093, 2097], (11, 8): [*range(2003, 2024, 4)]},
    }
    for term, groups in days.items():
        others = {year: day for day, years in groups.items() for year in years or ()}
        usual = next(day for day, years in groups.items() if years is None)
        expected = {year: datetime.date(year, *others.get(year, usual)) for year in range(FIRST_YEAR, LAST_YEAR + 1)}
        assert {year: term_day(term, year) for year in expected} == expected


def test_the_season_by_solar_terms_turns_at_midnight_and_is_unknown_outside_the_years_of_the_formula() -> None:
    plan = library().plan("shuozhou-drought")

    def season(*time: int) -> Any:
        at = datetime.datetime(*time, tzinfo=CHINA)  # type: ignore[arg-type]
        return assess(plan, Facts(), at, readings={"D-03": "a"}).facts.of("season")

    assert [season(2026, 2, 3, 23, 59), season(2026, 2, 4), season(2026, 5, 4), season(2026, 5, 5)] == [
        "winter", "spring_autumn", "spring_autumn", "summer",
    ]  # fmt: skip
    assert [season(2026, 8, 6), season(2026, 8, 7), season(2026, 11, 6), season(2026, 11, 7)] == [
        "summer", "spring_autumn", "spring_autumn", "winter",
    ]  # fmt: skip
    assert [season(2026, 1, 1), season(1999, 7, 1), season(2100, 7, 1)] == ["winter", None, None]
