"""Refusals and words of the journal that say what was really meant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.library import library
from engine.contract.entry import Wording
from engine.incident import event as ev
from engine.incident.command import Actor, End, Observe, Open, Overtaken, Refused, Sign
from engine.incident.ending import may_end
from tests.engine.incident.desk import MAYOR, OFFICER, VICE, Desk
from tests.engine.incident.test_story import PLAN, forecast, opened, signed_orange

BOILER = library().plan("shuozhou-special-equipment")
LEADER = Actor("u9", "带班领导丁", {"带班领导": None})


def test_an_incident_does_not_end_while_a_signed_level_waits_for_its_time() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=80)
    soon = desk.at + timedelta(hours=3)
    desk.do(Sign(PLAN.id, "warning", "orange", "主管副市长", "P1", effective_from=soon), VICE)
    with pytest.raises(Refused) as refused:
        desk.do(End("带班领导", "误报"), LEADER)
    assert refused.value.message == "已签发的预警级别橙色（12-20 23:00 起）还没有生效"
    assert refused.value.remedy == "另行签发以撤回它，或等它生效后按预案解除，再结束事件"
    desk.do(Sign(PLAN.id, "warning", None, "主管副市长", reason="预报改为好转"), VICE)
    assert desk.do(End("带班领导", "误报"), LEADER)[0] == "ended"


def test_a_signed_lift_that_waits_for_its_time_is_named_and_not_asked_for_again() -> None:
    desk = signed_orange()
    soon = desk.at + timedelta(hours=2)
    desk.do(Sign(PLAN.id, "warning", None, "主管副市长", reason="会商认为可以解除", effective_from=soon), VICE)
    with pytest.raises(Refused) as refused:
        desk.do(End("带班领导", "处置完毕"), LEADER)
    assert "解除预警级别" in refused.value.message and "12-20 22:00" in refused.value.message
    assert refused.value.remedy == "等它生效，再结束事件"


def decided(desk: Desk) -> str:
    entry = [one for one in desk.entries if one.kind == "decided"][-1]
    return Wording(desk.state, desk.plans, {}).of(ev.from_data(entry.kind, entry.body))


def test_signing_that_nothing_is_in_force_is_not_called_a_lift() -> None:
    desk = opened()
    forecast(desk, aqi_above_200_duration=80)
    desk.do(Sign(PLAN.id, "warning", None, "主管副市长", "P1", reason="再等一次会商"), VICE)
    assert decided(desk) == "主管副市长副市长乙签发：预警级别不变（未达级别），未按建议，因再等一次会商"
    lifting = signed_orange()
    lifting.do(Sign(PLAN.id, "warning", None, "主管副市长", reason="活动取消"), VICE)
    assert decided(lifting) == "主管副市长副市长乙签发：解除预警级别，因活动取消"


def test_a_proposal_of_another_scale_is_said_to_be_one() -> None:
    desk = Desk({BOILER.digest: BOILER})
    desk.do(Open("某厂锅炉爆炸", "朔州市", "爆炸", "电话", desk.at, (BOILER,)))
    desk.do(Observe({"boiler_explosion": True, "deaths": 4}, "现场", desk.at))
    pending = desk.state.courses[BOILER.id].pending
    response, grade = pending["response"], pending["grade"]
    with pytest.raises(Refused) as refused:
        desk.do(Sign(BOILER.id, "response", response.level, response.signers[0], grade.id), MAYOR)
    assert not isinstance(refused.value, Overtaken)
    assert (
        refused.value.message
        == f"建议 {grade.id} 是“{BOILER.scales['grade'].short}”的，不是“{BOILER.scales['response'].short}”的"
    )
    assert refused.value.remedy == f"这一项的建议是 {response.id}"


def test_a_watch_is_ended_by_who_records_too() -> None:
    watch, incident = Desk({PLAN.digest: PLAN}), opened()
    watch.do(Open("空气监测", "朔州市", "监测", "自动站", watch.at, (PLAN,), watch=True))
    assert "值班员" in may_end(watch.state, watch.plans) and "值班员" not in may_end(incident.state, incident.plans)
    assert watch.do(End("值班员", "季节已过"), OFFICER) == ["ended"]
