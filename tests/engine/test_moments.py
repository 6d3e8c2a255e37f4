"""What makes a moment happen, and which change of level moves a phase along: as the plan files say it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from api.library import library
from engine.contract.plan import plan_data
from engine.plan.load import load
from engine.plan.model import MomentEvent, Plan

GOOD = (Path(__file__).parents[1] / "bad_plans/good.yaml").read_text()
PLANS = sorted(library().plans)


def plan_with(moments: str, goes_with: str = "") -> Plan:
    text = GOOD.replace(
        "moments: {reported: 接到报告}\n", "moments:\n" + textwrap.indent(textwrap.dedent(moments).strip() + "\n", "  ")
    )
    text = text.replace('to: response, clause: "3"', f'to: response, {goes_with}clause: "3"')
    loaded = load({"good.yaml": text}, {}, {})
    assert loaded.findings == ()
    return loaded.plans["good"]


def test_a_moment_may_say_what_makes_it_happen() -> None:
    plan = plan_with("""
        reported: {label: 接到报告, on: report}
        raised: {label: 启动响应, on: {response: raise}}
        lowered: {label: 降级, on: {response: lower}}
        lifted: {label: 响应终止, on: {response: lift}}
        signed: {label: 签发, on: {grade: decided}}
        told: {label: 接到通报}
        seen: 发现
    """)
    assert plan.moments == {
        "reported": "接到报告", "raised": "启动响应", "lowered": "降级", "lifted": "响应终止", "signed": "签发", "told": "接到通报", "seen": "发现"
    }  # fmt: skip
    assert plan.moment_events == {
        "reported": MomentEvent("report"),
        "raised": MomentEvent("raise", "response"),
        "lowered": MomentEvent("lower", "response"),
        "lifted": MomentEvent("lift", "response"),
        "signed": MomentEvent("decided", "grade"),
    }
    shown = plan_data(plan)
    assert shown["moments"] == dict(plan.moments)
    assert shown["moment_events"] == {
        "reported": "report",
        "raised": {"response": "raise"},
        "lowered": {"response": "lower"},
        "lifted": {"response": "lift"},
        "signed": {"grade": "decided"},
    }


@pytest.mark.parametrize(("written", "read"), [("", None), ("goes_with: {response: raise}, ", ("response", "raise"))])
def test_a_phase_may_move_with_a_change_of_level(written: str, read: tuple[str, str] | None) -> None:
    plan = plan_with("reported: 接到报告", written)
    assert [one.goes_with for one in plan.lifecycle.transitions] == [read]
    assert plan_data(plan)["lifecycle"]["transitions"][0]["goes_with"] == (None if read is None else {"response": "raise"})


def test_the_moments_that_the_plans_tie_to_an_event() -> None:
    found = {
        plan.id.partition("-")[2]: {key: (event.kind, event.scale) for key, event in plan.moment_events.items()}
        for plan in library().plans.values()
        if plan.moment_events
    }
    assert found == {
        "communications": {"report_received": ("report", None)},
        "mayday-covid": {"case_found": ("report", None)},
        "mayday-work-safety": {"report_received": ("report", None), "accident_known": ("report", None)},
        "metallurgy-trade-accident": {"accident_report_received": ("report", None)},
        "heavy-pollution": {
            "approval_received": ("decided", "warning"),
            "warning_issued": ("raise", "warning"),
            "warning_lifted": ("lift", "warning"),
        },
    }


@pytest.mark.parametrize("plan_id", PLANS)
def test_every_phase_is_entered_with_a_scale_that_can_move_so(plan_id: str) -> None:
    """What comes into force can come into force; what is lifted has a rule by which it is."""
    plan = library().plan(plan_id)
    for move in plan.lifecycle.transitions:
        if move.goes_with is None:
            continue
        scale, kind = move.goes_with
        follows = plan.scales[scale].follows
        leader = follows.scale if follows is not None else scale
        assert kind in plan.lifecycle.levels[leader]


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_phases_that_no_scale_moves_are_those_of_plans_without_such_a_scale(plan_id: str) -> None:
    plan = library().plan(plan_id)
    left = [one for one in plan.lifecycle.transitions if one.goes_with is None]
    assert all("warning" in (one.target, *one.sources) and "warning" not in plan.scales for one in left)
    assert any(one.goes_with and one.goes_with[1] == "raise" and one.target == "response" for one in plan.lifecycle.transitions)
