"""An incident from the first report to the archive, under the plan's own rules."""

from __future__ import annotations

import pytest

from api.library import library
from engine.incident.command import (
    Archive,
    Correct,
    End,
    MarkDuty,
    MoveVersion,
    NotYours,
    Observe,
    Open,
    Overtaken,
    Refused,
    Sign,
    Tick,
)
from tests.engine.incident.desk import MAYOR, OFFICER, VICE, Desk
from tests.engine.tiny import tiny_plan

PLAN = library().plan("shuozhou-heavy-pollution")
FIRE = library().plan("wutai-forest-grassland-fire")


def opened() -> Desk:
    desk = Desk({PLAN.digest: PLAN})
    desk.do(Open("市区空气质量转差", "朔州市", "市区能见度下降", "市生态环境局电话", desk.at, (PLAN,)))
    return desk


def forecast(desk: Desk, **facts: object) -> list[str]:
    return desk.do(Observe(facts, "监测预报组", desk.at))


def in_force(desk: Desk) -> dict[str, str | None]:
    return dict(desk.state.courses[PLAN.id].levels)


def test_orange_is_proposed_signed_by_the_vice_mayor_and_refused_to_the_duty_officer() -> None:
    desk = opened()
    assert forecast(desk, aqi_above_200_duration=80) == ["fact_observed", "proposed"]
    pending = desk.state.courses[PLAN.id].pending["warning"]
    assert (pending.level, pending.signers, pending.clauses, pending.facts) == ("orange", ("主管副市长",), ("3.2.2",), (3,))
    with pytest.raises(NotYours) as refused:
        desk.do(Sign(PLAN.id, "warning", "orange", "值班员", pending.id))
    assert refused.value.message == "“值班员”不能签发：预警级别橙色"
    assert desk.do(Sign(PLAN.id, "warning", "orange", "主管副市长", pending.id), VICE) == [
        "decided",
        "level_set",
        "duties_changed",
    ]
    assert in_force(desk) == {"warning": "orange", "response": "II"}
    assert desk.state.courses[PLAN.id].phase == "response"


def test_the_first_report_runs_from_the_warning() -> None:
    desk = signed_orange()
    course = desk.state.courses[PLAN.id]
    reports = [one for one in course.duties.values() if one.assigned.due_value == "PT30M"]
    assert [(one.assigned.moment, one.assigned.starts) for one in reports] == [("warning_issued", desk.at)] * len(reports)
    assert reports


def signed_orange() -> Desk:
    desk = opened()
    forecast(desk, aqi_above_200_duration=80)
    desk.do(Sign(PLAN.id, "warning", "orange", "主管副市长", "P1"), VICE)
    return desk


def test_newer_facts_overtake_a_proposal_visibly() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=80)
    desk.later(hours=1)
    assert forecast(desk, aqi_above_200_duration=100, aqi_above_300_duration=50) == [
        "fact_observed", "fact_observed", "superseded", "proposed",
    ]  # fmt: skip
    with pytest.raises(Overtaken) as overtaken:
        desk.do(Sign(PLAN.id, "warning", "orange", "主管副市长", "P1"), VICE)
    assert overtaken.value.message == "建议 P1 已被更新的事实取代；现在的建议是“预警级别达到红色”（P2）"


def test_the_second_of_two_decisions_hears_who_was_first() -> None:
    desk = signed_orange()
    with pytest.raises(Overtaken) as overtaken:
        desk.do(Sign(PLAN.id, "warning", "yellow", "主管副市长", "P1", reason="再等等"), VICE)
    assert overtaken.value.message == "主管副市长（副市长乙）已于 12-20 20:00 签发：橙色"


def test_deciding_otherwise_needs_a_reason_and_is_not_proposed_again_until_the_facts_move() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=80)
    with pytest.raises(Refused):
        desk.do(Sign(PLAN.id, "warning", "yellow", "主管副市长", "P1"), VICE)
    desk.do(Sign(PLAN.id, "warning", "yellow", "主管副市长", "P1", reason="预报不确定"), VICE)
    assert in_force(desk)["warning"] == "yellow"
    desk.later(hours=1)
    assert desk.do(Tick()) == []
    assert forecast(desk, aqi_above_200_duration=100, aqi_above_300_duration=50)[-1] == "proposed"


def test_a_higher_post_prevails_and_both_stand() -> None:
    desk = signed_orange()
    desk.do(Sign(PLAN.id, "warning", "red", "市长", reason="重要活动在即"), MAYOR)
    assert in_force(desk)["warning"] == "red"
    desk.do(Sign(PLAN.id, "warning", "orange", "市长", reason="活动取消"), MAYOR)
    assert in_force(desk)["warning"] == "orange"
    with pytest.raises(NotYours):
        desk.do(Sign(PLAN.id, "warning", "red", "主管副市长", reason="仍应红色"), VICE)
    decided = [entry for entry in desk.entries if entry.kind == "decided"]
    assert [(one.body["post"], one.body["level"]) for one in decided] == [
        ("主管副市长", "orange"),
        ("市长", "red"),
        ("市长", "orange"),
    ]


def test_it_is_lowered_and_lifted_only_by_the_plans_rule() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=100, aqi_above_300_duration=50)
    desk.do(Sign(PLAN.id, "warning", "red", "市长", "P1"), MAYOR)
    desk.later(hours=30)
    # 降了，但还不到36小时：不建议降级
    assert forecast(
        desk, aqi_above_200_duration=50, aqi_above_300_duration=0, aqi_24h_mean_max=250, so2_hourly_max=100, no_improvement_24h=False,
        below_standard_duration=35, aqi_at_most_150_duration=0, aqi_24h_mean=180, regional_notice="none", consultation_warning="none",
    ).count("proposed") == 0  # fmt: skip
    desk.later(hours=2)
    forecast(desk, below_standard_duration=36)
    pending = desk.state.courses[PLAN.id].pending["warning"]
    assert (pending.kind, pending.level, pending.clauses, pending.signers) == ("lower", "yellow", ("3.5.1",), ("市长",))
    desk.do(Sign(PLAN.id, "warning", "yellow", "市长", pending.id), MAYOR)
    desk.later(hours=10)
    forecast(desk, aqi_above_200_duration=0, aqi_at_most_150_duration=40)
    pending = desk.state.courses[PLAN.id].pending["warning"]
    assert (pending.kind, pending.level, pending.clauses, pending.signers) == ("lift", None, ("3.5.2",), ("主管副市长",))
    desk.do(Sign(PLAN.id, "warning", None, "主管副市长", pending.id), VICE)
    assert in_force(desk) == {"warning": None, "response": None}
    assert desk.state.courses[PLAN.id].phase == "recovery"
    desk.do(End("带班领导", "过程结束，已解除"), type(OFFICER)("u4", "带班丁", {"带班领导": None}))
    desk.do(Archive("资料齐备"))
    assert desk.state.status == "archived"
    with pytest.raises(Refused):
        desk.do(Tick())


def test_it_cannot_end_while_a_level_that_the_plan_lifts_is_in_force() -> None:
    desk = signed_orange()
    with pytest.raises(Refused) as refused:
        desk.do(
            End("市政府分管生态环境工作的副市长", "结束"), type(OFFICER)("u5", "指挥长", {"市政府分管生态环境工作的副市长": None})
        )
    assert refused.value.remedy == "先按预案签发解除，再结束事件"


def test_a_correction_names_the_entry_and_the_original_stays() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=80)
    assert desk.do(Correct(3, 30, "听错了，是30小时")) == ["fact_corrected", "superseded"]
    assert desk.entries[2].body["value"] == 80
    assert desk.state.facts["aqi_above_200_duration"][0].value == 30


def test_a_later_start_takes_effect_when_its_time_comes() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=80)
    desk.do(Sign(PLAN.id, "warning", "orange", "主管副市长", "P1", effective_from=desk.at.replace(hour=23)), VICE)
    assert in_force(desk) == {}
    assert desk.do(Tick()) == []
    desk.later(hours=3)
    assert desk.do(Tick()) == ["level_set", "duties_changed"]
    assert desk.state.courses[PLAN.id].since["warning"] == desk.at


def test_a_provisional_end_makes_a_proposal_by_itself() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=80)
    desk.do(Sign(PLAN.id, "warning", "orange", "主管副市长", "P1", until=desk.at.replace(hour=22)), VICE)
    desk.later(hours=1)
    assert desk.do(Tick()) == []
    desk.later(hours=1)
    assert desk.do(Tick()) == ["proposed"]
    pending = desk.state.courses[PLAN.id].pending["warning"]
    assert (pending.kind, pending.level, pending.cause) == ("keep", "orange", "provisional_end")


def test_a_notice_from_above_stands_until_it_is_lifted() -> None:
    desk = opened()
    forecast(desk, regional_notice="red", aqi_above_200_duration=80)
    pending = desk.state.courses[PLAN.id].pending["warning"]
    assert (pending.level, pending.own, pending.imposed) == ("red", "orange", "red")
    desk.do(Sign(PLAN.id, "warning", "red", "市长", pending.id), MAYOR)
    with pytest.raises(Refused):
        desk.do(Sign(PLAN.id, "warning", "orange", "市长", reason="本地没有那么重"), MAYOR)
    desk.later(hours=5)
    forecast(desk, regional_notice="none")
    pending = desk.state.courses[PLAN.id].pending["warning"]
    assert (pending.kind, pending.level, pending.own, pending.imposed) == ("lower", "orange", "orange", None)


def test_a_duty_is_ticked_off_and_the_note_is_kept() -> None:
    desk = signed_orange()
    key = next(iter(desk.state.courses[PLAN.id].duties))
    desk.later(minutes=12)
    desk.do(MarkDuty(key, "done", desk.at, "传真已发"))
    duty = desk.state.courses[PLAN.id].duties[key]
    assert (duty.step, duty.done, duty.steps[-1][3]) == ("done", (desk.at,), "传真已发")
    with pytest.raises(Refused):
        desk.do(MarkDuty(key, "impossible", desk.at))


def test_facts_that_move_on_while_a_decision_waits_for_its_time_are_proposed() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=50)
    desk.do(Sign(PLAN.id, "warning", "yellow", "主管副市长", "P1", effective_from=desk.at.replace(hour=23)), VICE)
    assert forecast(desk, aqi_above_200_duration=100, aqi_above_300_duration=60)[-1] == "proposed"
    pending = desk.state.courses[PLAN.id].pending["warning"]
    assert (pending.kind, pending.level, pending.signers) == ("raise", "red", ("市长",))
    desk.do(Sign(PLAN.id, "warning", "red", "市长", pending.id), MAYOR)
    assert (in_force(desk)["warning"], desk.state.courses[PLAN.id].scheduled) == ("red", ())
    desk.later(hours=4)
    assert desk.do(Tick()) == []


def test_what_waits_for_its_time_can_be_withdrawn_by_who_may_sign_it() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=100, aqi_above_300_duration=60)
    desk.do(Sign(PLAN.id, "warning", "red", "市长", "P1", effective_from=desk.at.replace(hour=23)), MAYOR)
    assert forecast(desk, aqi_above_200_duration=0, aqi_above_300_duration=0)[-1] == "proposed"
    pending = desk.state.courses[PLAN.id].pending["warning"]
    assert (pending.kind, pending.level, pending.signers) == ("keep", None, ("市长",))
    with pytest.raises(NotYours):
        desk.do(Sign(PLAN.id, "warning", None, "主管副市长", reason="预报改了"), VICE)
    desk.do(Sign(PLAN.id, "warning", None, "市长", reason="预报改了"), MAYOR)
    assert desk.state.courses[PLAN.id].scheduled == ()
    desk.later(hours=4)
    assert desk.do(Tick()) == []
    assert in_force(desk).get("warning") is None


def test_deciding_otherwise_with_nothing_proposed_is_not_contested_at_once() -> None:
    desk = signed_orange()
    assert desk.do(Sign(PLAN.id, "warning", "yellow", "主管副市长", reason="会商认为够了"), VICE) == [
        "decided", "level_set", "duties_changed",
    ]  # fmt: skip
    desk.later(hours=1)
    assert desk.do(Tick()) == []
    assert forecast(desk, aqi_above_200_duration=100, aqi_above_300_duration=50)[-1] == "proposed"


def test_a_response_that_the_plan_lets_a_body_end_stays_ended() -> None:
    plan = library().plan("wutai-forest-grassland-fire")
    desk = Desk({plan.digest: plan})
    head = type(OFFICER)("u6", "县长", {"县委副书记、县长": None})
    desk.do(Open("林火", plan.jurisdiction, "冒烟", "护林员", desk.at, (plan,)))
    forecast(desk, affected_forest_area=150)
    proposal = desk.state.courses[plan.id].pending["response"]
    desk.do(Sign(plan.id, "response", "county", "县委副书记、县长", proposal.id), head)
    desk.later(hours=20)
    made = desk.do(Sign(plan.id, "response", None, "县委副书记、县长", reason="无火无烟无气，验收合格"), head)
    assert made == ["decided", "level_set", "duties_changed"]
    desk.later(hours=1)
    assert desk.do(Tick()) == []


def test_a_decision_does_not_take_effect_before_it_was_made() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=80)
    early = desk.at.replace(hour=1)
    with pytest.raises(Refused) as refused:
        desk.do(Sign(PLAN.id, "warning", "orange", "主管副市长", "P1", effective_from=early), VICE)
    assert refused.value.message == "生效时间早于决定的时间"
    desk.do(Sign(PLAN.id, "warning", "orange", "主管副市长", "P1", decided_at=early), VICE)
    assert desk.state.courses[PLAN.id].since["warning"] == early


def test_whom_the_plan_lets_end_a_response_ends_what_a_higher_post_started() -> None:
    plan = library().plan("wutai-metallurgy-trade-accident")
    desk = Desk({plan.digest: plan})
    chief, site = "县应急救援总指挥部总指挥", "县政府分管副县长"
    desk.do(Open("事故", plan.jurisdiction, "冒顶", "厂", desk.at, (plan,)))
    forecast(desk, deaths=3)
    proposal = desk.state.courses[plan.id].pending["response"]
    desk.do(Sign(plan.id, "response", "III", chief, proposal.id), type(OFFICER)("u7", "总指挥", {chief: None}))
    desk.later(hours=9)
    desk.do(Sign(plan.id, "response", None, site, reason="救援结束"), type(OFFICER)("u8", "副县长", {site: None}))
    assert desk.state.courses[plan.id].levels["response"] is None


def test_a_plan_without_a_command_changes_its_version_by_the_leader_on_duty() -> None:
    scales = 'flood: {label: 洪水, clause: "2", levels: [I], triggers: {I: [{rain: {at_least: %s毫米}, clause: "2"}]}}\n'
    before, after = (
        tiny_plan('rain: {type: number, unit: mm, label: 雨量, clause: "2"}\n', scales % limit, moved=("flood",))
        for limit in (50, 40)
    )
    desk = Desk({before.digest: before, after.digest: after})
    desk.do(Open("洪水", before.jurisdiction, "涨水", "水文站", desk.at, (before,)))
    with pytest.raises(NotYours) as refused:
        desk.do(MoveVersion(after, "值班员", "新版施行"))
    assert refused.value.remedy == "预案规定由带班领导签发"
    desk.do(MoveVersion(after, "带班领导", "新版施行"), type(OFFICER)("u9", "带班", {"带班领导": None}))
    assert desk.state.courses["tiny"].digest == after.digest


def test_a_version_without_the_level_that_waits_for_its_time_is_refused() -> None:
    rain = 'rain: {type: number, unit: mm, label: 雨量, clause: "2"}\n'
    two = 'flood: {label: 洪水, clause: "2", levels: [II, I], triggers: {II: [{rain: {at_least: 10毫米}, clause: "2"}], I: [{rain: {at_least: 50毫米}, clause: "2"}]}}\n'
    one = 'flood: {label: 洪水, clause: "2", levels: [II], triggers: {II: [{rain: {at_least: 10毫米}, clause: "2"}]}}\n'
    before, after = (tiny_plan(rain, scales, moved=("flood",)) for scales in (two, one))
    desk = Desk({before.digest: before, after.digest: after})
    leader = type(OFFICER)("u9", "带班", {"带班领导": None, "市长": None})
    desk.do(Open("洪水", before.jurisdiction, "涨水", "水文站", desk.at, (before,)))
    forecast(desk, rain=60)
    pending = desk.state.courses["tiny"].pending["flood"]
    desk.do(
        Sign("tiny", "flood", "I", pending.signers[0], pending.id, effective_from=desk.at.replace(hour=23)),
        type(OFFICER)("u9", "带班", {pending.signers[0]: None}),
    )
    with pytest.raises(Refused) as refused:
        desk.do(MoveVersion(after, "带班领导", "新版施行"), leader)
    assert refused.value.message == "已签发、还没有生效的洪水Ⅰ级在新版本中没有"
    desk.later(hours=4)
    assert "level_set" in desk.do(Tick())


def test_after_a_lift_newer_reports_are_proposed_again() -> None:
    desk = Desk({FIRE.digest: FIRE})
    head = type(OFFICER)("u6", "县长", {"县委副书记、县长": None})
    desk.do(Open("山火", "五台县", "山上起火", "群众电话", desk.at, (FIRE,)))
    desk.do(Observe({"affected_forest_area": 150}, "现场", desk.at))
    desk.do(Sign(FIRE.id, "response", "county", "县委副书记、县长", desk.state.courses[FIRE.id].pending["response"].id), head)
    desk.later(hours=5)
    desk.do(Sign(FIRE.id, "response", None, "县委副书记、县长", reason="明火全灭"), head)
    desk.later(hours=1)
    assert "response" not in desk.state.courses[FIRE.id].pending
    desk.do(Observe({"affected_forest_area": 160}, "现场", desk.at))
    assert desk.state.courses[FIRE.id].pending["response"].level == "county"
