"""Every plan's machines: they begin at rest, move as the plan prints, and an illegal move raises and changes nothing."""

from __future__ import annotations

import pytest

from api.library import library
from engine.lifecycle.machine import LIFT, LOWER, RAISE, State, begin, diagram, move, move_kind, moves, set_level
from engine.plan.finding import IllegalMove, YuanError
from engine.plan.model import Plan, Scale
from tests.engine.tiny import tiny_plan

PLANS = sorted(library().plans)


def plan_of(plan_id: str) -> Plan:
    return library().plan(plan_id)


def leading(plan: Plan) -> list[Scale]:
    return [scale for scale in plan.scales.values() if scale.follows is None]


def rules(plan: Plan, scale: Scale) -> set[str]:
    """The kinds of moves that the plan prints for a scale; the highest of several falls as they do."""
    printed = set(plan.lifecycle.levels.get(scale.id, {}))
    return printed | {RAISE} | ({LOWER, LIFT} if scale.highest_of and not printed else set())


@pytest.mark.parametrize("plan_id", PLANS)
def test_it_begins_at_rest(plan_id: str) -> None:
    plan = plan_of(plan_id)
    assert begin(plan) == State(plan.lifecycle.start, dict.fromkeys(plan.scales))


@pytest.mark.parametrize("plan_id", PLANS)
def test_every_phase_can_be_reached_and_every_transition_taken(plan_id: str) -> None:
    plan = plan_of(plan_id)
    seen, front, taken = {plan.lifecycle.start}, [begin(plan)], set()
    while front:
        state = front.pop()
        for one in moves(plan, state):
            after = move(plan, state, one.do)
            assert after == State(one.target, state.levels)
            taken.add((one.do, state.phase))
            if after.phase not in seen:
                seen.add(after.phase)
                front.append(after)
    assert seen == set(plan.lifecycle.phases)
    assert taken == {(one.do, source) for one in plan.lifecycle.transitions for source in one.sources}


@pytest.mark.parametrize("plan_id", PLANS)
def test_an_illegal_phase_move_raises_and_changes_nothing(plan_id: str) -> None:
    plan = plan_of(plan_id)
    every = {one.do for one in plan.lifecycle.transitions} | {"no_such_move"}
    for phase in plan.lifecycle.phases:
        state = State(phase, dict.fromkeys(plan.scales))
        for do in every - {one.do for one in moves(plan, state)}:
            with pytest.raises(IllegalMove) as error:
                move(plan, state, do)
            assert error.value.remedy
            assert state == State(phase, dict.fromkeys(plan.scales))


@pytest.mark.parametrize("plan_id", PLANS)
def test_levels_move_as_the_plan_prints_and_no_other_way(plan_id: str) -> None:
    plan = plan_of(plan_id)
    for scale in leading(plan):
        for now in (None, *scale.levels):
            before = State(plan.lifecycle.start, {**dict.fromkeys(plan.scales), scale.id: now})
            for to in (None, *scale.levels):
                kind = move_kind(plan, scale.id, now, to)
                if kind is None or kind in rules(plan, scale):
                    assert set_level(plan, before, scale.id, to).levels[scale.id] == to
                else:
                    with pytest.raises(IllegalMove):
                        set_level(plan, before, scale.id, to)
                assert before.levels[scale.id] == now


@pytest.mark.parametrize("plan_id", PLANS)
def test_scales_that_follow_move_along_and_not_by_themselves(plan_id: str) -> None:
    plan = plan_of(plan_id)
    for scale in plan.scales.values():
        if scale.follows is None:
            continue
        for level in plan.scales[scale.follows.scale].levels:
            after = set_level(plan, begin(plan), scale.follows.scale, level)
            assert after.levels[scale.id] == scale.follows.map.get(level)
        with pytest.raises(IllegalMove):
            set_level(plan, begin(plan), scale.id, scale.levels[0])


@pytest.mark.parametrize("plan_id", PLANS)
def test_scales_are_moved_one_at_a_time(plan_id: str) -> None:
    """No other scale changes but those that follow."""
    plan = plan_of(plan_id)
    for scale in leading(plan):
        after = set_level(plan, begin(plan), scale.id, scale.levels[-1])
        followers = {one.id for one in plan.scales.values() if one.follows is not None and one.follows.scale == scale.id}
        assert {key for key, level in after.levels.items() if level is not None} <= {scale.id} | followers


@pytest.mark.parametrize("plan_id", PLANS)
def test_an_unknown_scale_is_an_error_of_its_own(plan_id: str) -> None:
    plan = plan_of(plan_id)
    with pytest.raises(YuanError):
        set_level(plan, begin(plan), "no_such_scale", None)


@pytest.mark.parametrize("plan_id", PLANS)
def test_an_unknown_level_is_an_error_of_its_own(plan_id: str) -> None:
    plan = plan_of(plan_id)
    with pytest.raises(YuanError):
        set_level(plan, begin(plan), leading(plan)[0].id, "no_such_level")


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_diagram_names_every_phase_and_level(plan_id: str) -> None:
    plan = plan_of(plan_id)
    text = diagram(plan)
    assert text.count("stateDiagram-v2") == 1 + len(leading(plan))
    for phase in plan.lifecycle.phases.values():
        assert phase in text
    for scale in leading(plan):
        assert f"{plan.title}：{scale.label}" in text
    for transition in plan.lifecycle.transitions:
        assert transition.label in text


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_machines_of_two_states_do_not_mix(plan_id: str) -> None:
    """States are values: moving one leaves another where it was."""
    plan = plan_of(plan_id)
    one, two = begin(plan), begin(plan)
    scale = leading(plan)[0]
    moved = set_level(plan, one, scale.id, scale.levels[-1])
    assert two == begin(plan)
    assert set_level(plan, moved, scale.id, scale.levels[-1]) == moved


STEPWISE = """
alarm:
  raise: {clause: "2"}
  lower: {clause: "3", by_reading: {R-01: {a: {steps: one}}}}
  lift: {clause: "3"}
"""
ALARM = """
alarm:
  label: 警报
  clause: "2"
  levels: [yellow, orange, red]
  triggers:
    yellow: [{a: {at_least: 1人}, clause: "2"}]
    orange: [{a: {at_least: 2人}, clause: "2"}]
    red: [{a: {at_least: 3人}, clause: "2"}]
"""


def test_one_step_down_at_a_time_where_a_reading_says_so() -> None:
    plan = tiny_plan(
        'a: {type: integer, unit: person, label: 甲, clause: "2"}\n',
        ALARM,
        moved=("alarm",),
        levels=STEPWISE,
        readings='{R-01: {clause: "3", question: 降到哪一级, chosen: 可以一次降两级, alternatives: [每次只降一级]}}',
    )
    red = set_level(plan, begin(plan), "alarm", "red")
    assert set_level(plan, red, "alarm", "yellow").levels == {"alarm": "yellow"}
    stepwise = {"R-01": "a"}
    assert set_level(plan, red, "alarm", "orange", choices=stepwise).levels == {"alarm": "orange"}
    assert set_level(plan, red, "alarm", None, choices=stepwise).levels == {"alarm": None}
    assert set_level(plan, begin(plan), "alarm", "red", choices=stepwise) == red
    with pytest.raises(IllegalMove) as error:
        set_level(plan, red, "alarm", "yellow", choices=stepwise)
    assert error.value.remedy == "可用：lift_none、lower_orange"
