"""Where along an indicator something changes: exactly where single assessments, signers and duties of the values change."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from engine.assess import assess
from engine.drill.sweeps.sweep_change import Course, course, usual_point
from engine.duty.duties import duties_at
from engine.lifecycle.signers import signers
from engine.plan.measure import plain
from engine.trigger.facts import validate
from tests.engine.drill.sweeps import EQUIPMENT, FIRE, POLLUTION, WEATHER, order_of, written

COURSES = [
    (EQUIPMENT, "deaths", [n for n in range(41)], {"serious_injuries": 12}),
    (EQUIPMENT, "boiler_capacity", [plain(Fraction(n, 2)) for n in range(1180, 1221)], {"boiler_outage_duration": 250, "deaths": 0}),
    (POLLUTION, "so2_hourly_max", [plain(Fraction(n, 4)) for n in range(1990, 3220)], {"aqi_above_200_duration": 50}),
    (FIRE, "grassland_fire_deaths", [n for n in range(25)], {"grassland_fire_serious_injuries": 4}),
    (WEATHER, "counties.rain_past_24h", [n for n in range(131)], {}),
    (POLLUTION, "consultation_warning", ["none", "yellow", "orange", "red"], {"so2_hourly_max": 600}),
]  # fmt: skip


def course_of(plan_id: str, name: str, values: list[Any], fix: dict[str, Any]) -> Course:
    step = "" if isinstance(values[0], str) else f"{values[0]}:{values[-1]}"
    return course(order_of(plan_id, vary={name: step or values}, fix=fix).sweep, name)


def seen(plan_id: str, name: str, value: Any, fix: dict[str, Any]) -> tuple[Any, ...]:
    """What holds at one value, asked for singly: possible levels, signers, duties."""
    plan = order_of(plan_id, vary={name: "*"} if isinstance(value, str) else {name: [value]}).sweep.plan
    one = assess(plan, validate(plan, written(plan, fix, {name: value})))
    posts = {scale: signers(plan, scale, None, level) if level else () for scale, level in one.levels.items()}
    duties = {found.duty.id for scale, level in one.levels.items() if level for found in duties_at(plan, scale, level, one.facts)}
    return dict(one.possible), posts, duties


@pytest.mark.parametrize(("plan_id", "name", "values", "fix"), COURSES)
def test_every_part_says_what_holds_at_each_of_its_values(plan_id: str, name: str, values: list[Any], fix: Any) -> None:
    found = course_of(plan_id, name, values, fix)
    plan = found.variable.plan
    kinds = 0
    for part in found.parts:
        inside = [
            one for one in values if (one == part.where.value if part.where.value is not None else one in part.where.bounds)
        ]
        for value in inside[:3] + inside[-3:]:
            possible, posts, duties = seen(plan_id, name, value, fix)
            told = {scale: tuple(plan.scales[scale].level_at(rank) for rank in ranks) for scale, (ranks, _) in part.found.items()}
            assert told == possible, value
            assert dict(part.signers) == posts
            assert part.duties.keys() == duties
            kinds += 1
    assert kinds > len(found.parts)  # no part lies between the values that were asked


def test_turns_name_threshold_clause_signer_and_duties() -> None:
    found = course_of(*COURSES[2])
    duty, orange, red = found.turns
    assert [(turn.after.where.bounds.low, turn.after.where.bounds.low_open) for turn in found.turns] == [
        (500, True), (650, True), (800, True),
    ]  # fmt: skip
    assert duty.scales == ()  # the level is yellow already; a duty's own condition turns here
    assert [one.duty.clause for one in (*duty.added, *duty.removed)] != []
    assert orange.clauses("warning") == ("3.2.2",)
    assert orange.signing == ()
    assert red.clauses("warning") == ("3.2.3",)
    assert red.signing == ("warning",)
    assert (red.before.signers["warning"], red.after.signers["warning"]) == (("主管副市长",), ("市长",))
    assert red.added
    assert not {one.duty.id for one in red.added} & red.before.duties.keys()


def test_what_is_held_is_as_usual_or_as_ordered() -> None:
    order = order_of(EQUIPMENT, vary={"deaths": "0:40", "serious_injuries": "10:50"}, point={"deaths": 3})
    assert usual_point(order.sweep) == {"deaths": 0, "serious_injuries": 10}
    assert course(order.sweep, "serious_injuries", order.point).held == {"deaths": 3}
    assert course(order.sweep, "deaths", order.point).held == {"serious_injuries": 10}
    grades = [
        ranks[0] for ranks, _ in (part.found["grade"] for part in course(order.sweep, "serious_injuries", {"deaths": 30}).parts)
    ]
    assert grades == [4]
