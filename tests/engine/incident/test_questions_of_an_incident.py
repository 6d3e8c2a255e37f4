"""What one asks of an incident without changing it: which plans it concerns, what would differ, what the next shift must know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.library import library
from engine.incident.board import board, deadlines
from engine.incident.command import AddPlan, Observe, Open, Sign
from engine.incident.handover import handover_summary
from engine.incident.triage import concerns
from engine.incident.whatif import what_if
from engine.plan.finding import FactInvalid
from tests.engine.incident.desk import VICE, Desk
from tests.engine.incident.test_story import PLAN, forecast, opened, signed_orange

SHUOZHOU = [plan for plan in library().plans.values() if plan.jurisdiction == "朔州市"]
WUTAI = [plan for plan in library().plans.values() if plan.jurisdiction == "五台县"]


def test_a_boiler_explosion_with_deaths_concerns_special_equipment() -> None:
    found = concerns(SHUOZHOU, {"boiler_explosion": True, "deaths": 4}, None)
    # 死亡人数也是食品安全预案的指标：知道得多的预案在前，由人选定
    assert [(one.plan.id, one.verdict, one.known) for one in found if one.known] == [
        ("shuozhou-special-equipment", "applies", ("boiler_explosion", "deaths")),
        ("shuozhou-food-safety", "applies", ("deaths",)),
    ]
    assert found[0].assessment is not None and found[0].assessment.levels["grade"] == "III"


def test_deaths_in_a_works_concern_both_accident_plans() -> None:
    found = concerns(WUTAI, {"deaths": 4}, None)
    assert {one.plan.id for one in found if one.verdict == "applies"} == {
        "wutai-mayday-work-safety", "wutai-metallurgy-trade-accident",
    }  # fmt: skip


def test_a_fact_that_no_plan_has_is_an_error() -> None:
    with pytest.raises(FactInvalid) as error:
        concerns(SHUOZHOU, {"boiler_explosions": True}, None)
    assert error.value.remedy == "是不是“boiler_explosion”？"


def test_what_if_shows_the_difference_and_records_nothing() -> None:
    desk = signed_orange()
    before = desk.state
    facts = {"aqi_above_200_duration": 100, "aqi_above_300_duration": 50}
    (difference,) = what_if(desk.state, desk.plans, facts, {}, desk.at)
    assert (difference.now.levels["warning"], difference.then.levels["warning"]) == ("orange", "red")
    assert difference.then.signers == {"warning": ("市长",)}
    # 响应随预警逐级对应，同一任务只列一次
    assert {one.level for one in difference.added} == {"red"}
    assert {one.level for one in difference.removed} == {"orange"}
    assert desk.state is before


def test_what_if_with_another_reading() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=10, so2_hourly_max=700, regional_notice="none", consultation_warning="none")
    (difference,) = what_if(desk.state, desk.plans, {}, {PLAN.id: {"HP-10": "a"}}, desk.at)
    assert (difference.now.levels["warning"], difference.then.levels["warning"]) == ("orange", None)


def test_the_board_shows_the_soonest_first_and_holds_until_something_changes() -> None:
    desk = signed_orange()
    found = deadlines(desk.state, desk.at)
    shown = board([found], 3)
    assert [row.deadline.due_at for row in shown] == sorted(row.deadline.due_at for row in shown)
    assert shown[0].deadline.due_at == desk.at + timedelta(minutes=30)
    assert found.until is not None
    later = deadlines(desk.state, desk.at + timedelta(minutes=31))
    assert later.rows[0].deadline.state == "overdue"


def test_the_hand_over_names_levels_proposals_and_deadlines() -> None:
    desk = signed_orange()
    forecast(desk, aqi_above_200_duration=100, aqi_above_300_duration=50)
    summary = handover_summary([desk.state], desk.plans, desk.at)
    (incident,) = summary["incidents"]
    assert incident["levels"] == [
        "《朔州市重污染天气应急预案》预警级别橙色", "《朔州市重污染天气应急预案》响应级别Ⅱ级",
    ]  # fmt: skip
    assert [(one["words"], one["signers"]) for one in incident["unsigned"]] == [("预警级别升至红色", ["市长"])]
    assert incident["deadlines"][0]["due_at"] == (desk.at + timedelta(minutes=30)).isoformat()


def test_a_watch_proposes_to_open_an_incident_and_signs_nothing() -> None:
    desk = Desk({PLAN.digest: PLAN})
    desk.do(Open("常态监测", "朔州市", "空气质量常态监测", "自动监测", desk.at, (PLAN,), watch=True))
    assert desk.do(Observe({"aqi_above_200_duration": 80}, "预报系统", desk.at)) == ["fact_observed", "proposed"]
    with pytest.raises(Exception, match="这是常态监测，还没有事件"):
        desk.do(Sign(PLAN.id, "warning", "orange", "主管副市长", "P1"), VICE)


def test_a_second_plan_takes_the_facts_that_it_knows() -> None:
    plan, other = library().plan("wutai-mayday-work-safety"), library().plan("wutai-metallurgy-trade-accident")
    desk = Desk({plan.digest: plan, other.digest: other})
    desk.do(Open("厂房坍塌", "五台县", "厂房坍塌", "企业电话", desk.at, (plan,)))
    desk.do(Observe({"deaths": 4}, "企业", desk.at))
    kinds = desk.do(AddPlan(other))
    assert kinds[0] == "plan_added" and kinds.count("proposed") == 2
    assert {scale: one.level for scale, one in desk.state.courses[other.id].pending.items()} == {
        "grade": "III",
        "response": "III",
    }
