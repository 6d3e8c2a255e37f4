"""An incident as JSON: the same from the journal as at hand, plain data throughout, and a line in words for whatever can happen."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, get_args

import pytest

from api.http.at_desk import RECORDED
from api.library import library
from engine.contract.entry import KIND_WORDS, Wording, entry_data
from engine.contract.incident import incident_data, incident_row
from engine.incident import command as cmd
from engine.incident import event as ev
from engine.incident.chain import Entry, canonical
from engine.incident.state import Incident, fold
from engine.trigger.facts import CHINA
from tests.engine.incident.desk import MAYOR, OFFICER, VICE, Desk

PLAN = library().plan("shuozhou-heavy-pollution")
PLANS = {PLAN.digest: PLAN}
AT = datetime(2020, 12, 20, 20, 0, tzinfo=CHINA)
PIN = ev.Pin(PLAN.id, PLAN.digest, PLAN.title, "routine", "常态")
EVENTS: list[tuple[ev.Event, str]] = [
    (ev.Opened("险情", "某市", "报告", "电话", AT, (PIN,)), f"接报登记：险情（电话），启用《{PLAN.title}》"),
    (ev.Opened("监测", "某市", "报告", "电话", AT, watch=True), "开始常态监测：监测（电话）"),
    (ev.PlanAdded(PIN, "也有关"), f"启用《{PLAN.title}》：也有关"),
    (ev.PlanMoved(PLAN.id, "0", PIN, "市长", "新版施行", ("级别和任务都不变",), {}, {}, {}), f"市长将《{PLAN.title}》换为另一版本：新版施行；级别和任务都不变"),
    (ev.FactObserved("aqi_24h_mean", {"at_least": 210}, "监测站", AT), "当前监测的AQI日均值：至少210（监测站，12-20 20:00）"),
    (ev.FactObserved("unheard_of", 3, "监测站", AT), "unheard_of：3（监测站，12-20 20:00）"),
    (ev.FactCorrected(3, "aqi_24h_mean", None, "看错了"), "更正第3条：当前监测的AQI日均值：撤回；看错了"),
    (ev.Proposed("P1", PLAN.id, "warning", None, "red", "raise", "red", None, {}, ("3.2.3",), (3,), ("red",), ("市长",), words="预警级别达到红色"), "建议预警级别达到红色（3.2.3），由市长签发（P1）"),
    (ev.Superseded("P1", "事实变化，不再需要这项建议"), "建议 P1 失效：事实变化，不再需要这项建议"),
    (ev.Decided("D1", PLAN.id, "warning", None, False, False, "主管副市长", "乙", AT, AT, None, None, reason="误报", area="市区", until=AT, authority="书面授权"),
     "主管副市长乙（受权：书面授权）签发：解除预警级别，因误报，暂定到 12-20 20:00，范围：市区；更高职务的决定仍然有效"),
    (ev.DeviationEnded(PLAN.id, "warning", "事实与在行级别一致"), "事实与在行级别一致，恢复提出建议"),
    (ev.LevelSet(PLAN.id, "warning", "raise", "red", {}, {}, {"response": "I", "warning": "red"}, "response", "应急响应", AT, "D1", {}), "12-20 20:00 起：预警级别红色、响应级别Ⅰ级；应急响应"),
    (ev.PhaseMoved(PLAN.id, "x", "recovery", "后期处置", "带班领导", "已解除"), "带班领导：进入后期处置，已解除"),
    (ev.MomentRecorded(PLAN.id, "x", "收到上级通报", AT), "收到上级通报：12-20 20:00"),
    (ev.DutiesChanged(PLAN.id, (ev.Assigned("k", "d", "市局", "局", "书面初报", "4.3", "response", "I"),), ("j",), AT), "下达1项任务，1个单位；结束1项任务"),
    (ev.DutyMarked("k", "done", AT, "传真"), "k：已完成，12-20 20:00（传真）"),
    (ev.Message("in", "省厅", "值班室", "电话", "继续监测", AT), "来文（电话）省厅 → 值班室：继续监测"),
    (ev.Noted("一切如常", AT), "一切如常"),
    (ev.Linked("E-2", "同一过程"), "与 E-2 关联：同一过程"),
    (ev.Merged("E-2", None, "同一过程", "0"), "并入 E-2：同一过程"),
    (ev.Merged(None, "E-2", "同一过程", "0"), "E-2 并来：同一过程"),
    (ev.Split("E-3", None, "性质不同"), "分出 E-3：性质不同"),
    (ev.Split(None, "E-1", "性质不同"), "分自 E-1：性质不同"),
    (ev.HandedOver("a", "甲", "b", "乙", "h", {}), "甲交班给乙，双方已签"),
    (ev.OwnerSet("a", "甲"), "责任人：甲"),
    (ev.Ended("带班领导", "已解除", AT), "带班领导结束事件：已解除"),
    (ev.Archived("资料齐备"), "归档：资料齐备"),
]  # fmt: skip


def story() -> Desk:
    desk = Desk(PLANS)
    desk.do(cmd.Open("空气质量转差", "某市", "能见度下降", "电话", desk.at, (PLAN,)))
    desk.do(cmd.Observe({"aqi_above_200_duration": 80}, "预报组", desk.at))
    desk.do(cmd.Sign(PLAN.id, "warning", "orange", "主管副市长", "P1"), VICE)
    desk.later(minutes=40)
    desk.do(cmd.MarkDuty(next(iter(desk.state.courses[PLAN.id].duties)), "done", desk.at))
    desk.do(cmd.Observe({"aqi_above_200_duration": 100, "aqi_above_300_duration": 50}, "预报组", desk.at))
    return desk


def seen(state: Incident, at: datetime) -> Any:
    return incident_data(state, PLANS, at, {"u1": OFFICER.name}, frozenset(MAYOR.posts))


def test_an_incident_read_from_the_journal_looks_as_it_did_at_hand() -> None:
    desk = story()
    stored = [
        Entry(**{**{name: getattr(one, name) for name in Entry.__slots__}, "body": json.loads(canonical(one.body))})
        for one in desk.entries
    ]
    for count in range(1, len(stored) + 1):
        at_hand, read = fold("E-1", desk.entries[:count]), fold("E-1", stored[:count])
        assert seen(at_hand, desk.at) == seen(read, desk.at)
        assert incident_row(at_hand, PLANS, desk.at, None) == incident_row(read, PLANS, desk.at, None)


def test_it_is_plain_data() -> None:
    desk = story()
    found = seen(desk.state, desk.at)
    assert json.loads(json.dumps(found, ensure_ascii=False, allow_nan=False)) == found
    (pending,) = found["plans"][0]["proposals"]
    assert pending["effect"]["words"].startswith("将以市长签发预警级别红色，改为响应级别Ⅰ级，")
    assert {one["step_name"] for one in found["duties"]} == {"未通知", "已完成"}


@pytest.mark.parametrize(("event", "words"), EVENTS, ids=[ev.kind_of(event) for event, _ in EVENTS])
def test_whatever_happens_has_its_line(event: ev.Event, words: str) -> None:
    wording = Wording(fold("E-1", story().entries[:1]), PLANS, {"u1": "值班甲"})
    entry = Entry("E-1", 9, AT, "u1", ev.kind_of(event), ev.to_data(event), None, "0", "1")
    found = entry_data(entry, wording)
    assert (found["words"], found["by_name"], found["kind_name"]) == (words, "值班甲", KIND_WORDS[entry.kind])


def test_every_kind_of_event_and_every_command_is_known() -> None:
    assert {ev.kind_of(event) for event, _ in EVENTS} == KIND_WORDS.keys() == ev.KINDS.keys()
    assert set(get_args(cmd.Command)) - RECORDED.keys() == {cmd.TakeIn, cmd.Tick}
    assert set(RECORDED.values()) <= ev.KINDS.keys()
