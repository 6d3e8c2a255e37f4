"""Backtests: the levels of an episode over full facts, at every row; delays; what the facts were."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.library import library
from engine.drill.backtests.backtest import Delays, Setting, backtest
from engine.drill.backtests.forecast import Forecast, Spoilt
from engine.drill.backtests.record import Counted, Record, calm
from engine.lifecycle.episode import Step, levels_through
from engine.plan.model import Plan
from engine.trigger.facts import CHINA, Facts

POLLUTION = library().plans["shuozhou-heavy-pollution"]
DROUGHT = library().plans["shuozhou-drought"]
START = datetime.datetime(2013, 1, 1, tzinfo=CHINA)
LEVELS = (40.0, 149.6, 150.0, 151.0, 199.6, 200.0, 201.0, 260.0, 301.0, 420.0, 500.0, None)
SWITCHES = ("HP-01", "HP-02", "HP-03", "HP-05", "HP-06", "HP-08", "HP-09", "HP-10")


def hourly_record(rows: Mapping[str, list[float | None]], **assumed: Any) -> Record:
    count = len(next(iter(rows.values())))
    record = Record(START, 1, count, rows)
    return Record(START, 1, count, rows, assumed=calm(POLLUTION, record, assumed))


def through(plan: Plan, record: Record, forecast: Forecast, choices: Mapping[str, str]) -> list[dict[str, str | None]]:
    """The same by full facts at every row."""
    spoilt = {key: Spoilt.of(forecast, values) for key, values in record.hourly.items()}
    steps = []
    for row in range(record.count):
        series = {}
        end = min(record.count, row + 1 + forecast.lead)
        for key, values in record.hourly.items():
            numbers = spoilt[key].numbers(row)[23 : 23 + end - row - 1]
            ahead = values[row + 1 : end] if forecast.exact else numbers
            series[key] = tuple(zip(record.times[:end], [*values[: row + 1], *ahead], strict=True))
        steps.append(Step(record.time(row), Facts(dict(record.assumed), series=series)))
    return levels_through(plan, steps, {}, choices)


def in_force(run: Any) -> list[dict[str, str | None]]:
    scales = run.plan.scales
    return [{key: scales[key].level_at(ranks[n]) for key, ranks in run.ranks.items()} for n in range(len(run.rows))]


runs = st.lists(st.tuples(st.integers(1, 50), st.sampled_from(LEVELS)), min_size=1, max_size=5)
choices = st.dictionaries(st.sampled_from(SWITCHES), st.sampled_from("abcd"), max_size=2).map(
    lambda found: {key: letter for key, letter in found.items() if letter in POLLUTION.alternatives(key)}
)


def spread(spells: list[tuple[int, float | None]]) -> list[float | None]:
    return [value for hours, value in spells for _ in range(hours)]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(runs, choices, st.sampled_from((0, 5, 36, 72)))
@example([(60, 301.0), (60, 40.0), (40, 260.0)], {}, 72)
@example([(50, 260.0), (30, 40.0), (50, 260.0), (20, None), (60, 40.0)], {"HP-02": "b"}, 36)
def test_the_levels_are_those_of_full_facts_at_every_hour(spells: Any, chosen: dict[str, str], lead: int) -> None:
    record = hourly_record({"aqi_hourly": spread(spells)})
    forecast = Forecast(lead)
    run = backtest(POLLUTION, record, Setting(forecast, choices=chosen, back=None))
    assert in_force(run) == through(POLLUTION, record, forecast, chosen)


concentrations = st.tuples(
    st.integers(1, 50), st.sampled_from((None, 30.0, 151.3, 255.5, 510.1)), st.sampled_from((None, 60.0, 170.5, 265.0, 900.0))
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(concentrations, min_size=2, max_size=5),
    choices,
    st.sampled_from((0, 30, 72)),
    st.sampled_from((0.0, 0.3)),
    st.booleans(),
)
@example([(40, 255.5, 60.0), (6, None, None), (50, 255.5, 900.0)], {}, 72, 0.3, True)
@example([(30, None, 900.0), (50, 255.5, 900.0)], {}, 30, 0.0, False)
def test_the_same_of_concentrations_and_of_degraded_forecasts(
    spells: Any, chosen: dict[str, str], lead: int, error: float, grows: bool
) -> None:
    record = hourly_record(
        {
            "pm25_hourly": [pm25 for hours, pm25, _ in spells for _ in range(hours)],
            "o3_hourly": [o3 for hours, _, o3 in spells for _ in range(hours)],
        }
    )
    forecast = Forecast(lead, bias=0.05 if error else 0.0, error=error, grows=grows, every=12, seed=3)
    run = backtest(POLLUTION, record, Setting(forecast, choices=chosen, back=None))
    assert in_force(run) == through(POLLUTION, record, forecast, chosen)


def spelled(*spells: tuple[int, float | None]) -> Record:
    return hourly_record({"aqi_hourly": spread(list(spells))})


def changes(record: Record, **setting: Any) -> list[tuple[int, str | None, tuple[str, ...]]]:
    run = backtest(POLLUTION, record, Setting(**setting))
    scale = POLLUTION.scales["warning"]
    return [(one.row, scale.level_at(one.after), one.clauses) for one in run.changes]


EPISODE = spelled((72, 60.0), (100, 320.0), (160, 60.0))
"""Three clean days, four that are severe, then clean. Means are above 200 from row 84 to 182, above 300 from 94 to 172, above 150 to 186."""


def test_what_is_proposed_is_in_force_at_once_by_its_clauses() -> None:
    assert changes(EPISODE, forecast=Forecast(72)) == [
        (36, "yellow", ("3.2.1",)),
        (60, "orange", ("3.2.2",)),
        (84, "red", ("3.2.3",)),
        (173, "orange", ("3.5.1",)),
        (183, "yellow", ("3.5.1",)),
        (187, None, ("3.5.2",)),
    ]


def test_people_take_their_time_and_go_no_farther_than_was_proposed_all_of_it() -> None:
    at_once = changes(EPISODE, forecast=Forecast(72))
    later = changes(EPISODE, forecast=Forecast(72), delays=Delays(2, 3, 6))
    assert [(row - 2, level, clauses) for row, level, clauses in later[:3]] == at_once[:3]
    assert later[3:] == [(176, "orange", ("3.5.1",)), (186, "yellow", ("3.5.1",)), (193, None, ("3.5.2",))]


def test_a_raise_that_is_taken_back_while_people_think_is_never_made() -> None:
    short = spelled((60, 60.0), (34, 260.0), (120, 60.0))
    assert [level for _, level, _ in changes(short, forecast=Forecast(48))][:1] == ["yellow"]
    assert changes(short, forecast=Forecast(48), delays=Delays(72, 0, 0)) == []


def test_a_missing_hour_keeps_a_level_and_is_blamed_for_it() -> None:
    quiet = [20.0] * 332
    gap = [*quiet[:150], None, *quiet[151:]]
    values = spread([(72, 60.0), (100, 320.0), (160, 60.0)])
    run = backtest(POLLUTION, hourly_record({"aqi_hourly": values, "so2_hourly": gap}), Setting(Forecast(72)))
    assert run.changes[-1].after > 0
    assert sum(run.held["warning"]) > 100
    assert (
        sum(
            backtest(POLLUTION, hourly_record({"aqi_hourly": values, "so2_hourly": quiet}), Setting(Forecast(72))).held["warning"]
        )
        == 0
    )
    forgotten = backtest(POLLUTION, hourly_record({"aqi_hourly": values, "so2_hourly": gap}), Setting(Forecast(72), back=96))
    assert [change.row for change in forgotten.changes if change.after == 0] == [150 + 96 + 1]


def daily(rain: list[float | None], **assumed: Any) -> Record:
    counted = {
        "consecutive_rainless_days": Counted(rain, "< 0.1", ahead=False),
        "forecast_rainless_days": Counted(rain, "< 0.1", ahead=True),
    }
    record = Record(datetime.datetime(2019, 6, 1, tzinfo=CHINA), 24, len(rain), counted=counted)
    return Record(record.first, 24, record.count, counted=counted, assumed=calm(DROUGHT, record, assumed))


def test_days_are_counted_back_and_ahead() -> None:
    run = backtest(DROUGHT, daily([3.0] + [0.0] * 25 + [4.0] * 3), Setting(Forecast(20 * 24)))
    assert [(one.row, one.after, one.clauses) for one in run.changes] == [(10, 1, ("4.2.1(1)",)), (20, 2, ("4.2.2(1)",))]
    assert run.ranks["warning"][-1] == 2, "the plan has no rule that ends it"


def test_where_no_rule_ends_a_level_people_may() -> None:
    setting = Setting(Forecast(20 * 24), discretion=48)
    run = backtest(DROUGHT, daily([3.0] + [0.0] * 25 + [4.0] * 6), setting)
    found = [(one.row, one.kind, one.clauses, one.free) for one in run.changes]
    assert found[-1] == (23, "lift", (), True), "the forecast ruled every level out from row 21 on"
    assert [one[:2] for one in found[:-1]] == [(10, "raise"), (20, "raise")]


def test_the_same_seed_gives_the_same_run() -> None:
    forecast = Forecast(48, error=0.3, seed=7)
    one, same, other = (
        backtest(POLLUTION, EPISODE, Setting(chosen)).ranks["warning"]
        for chosen in (forecast, forecast, Forecast(48, error=0.3, seed=8))
    )
    assert one == same != other


def test_looking_once_a_day_is_looking_at_every_24th_row() -> None:
    run = backtest(POLLUTION, EPISODE, Setting(Forecast(72), every=24))
    steps = [Step(EPISODE.time(row), _facts(EPISODE, row)) for row in run.rows]
    assert in_force(run) == levels_through(POLLUTION, steps, {})


def _facts(record: Record, row: int) -> Facts:
    points = {key: tuple(zip(record.times, values, strict=True))[: row + 73] for key, values in record.hourly.items()}
    return Facts(dict(record.assumed), series=points)
