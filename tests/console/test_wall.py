"""大屏: the whole of it, without anything to press."""

from __future__ import annotations

import re

import pytest

from api.console.screens.wall import Wall
from engine.incident.command import MarkDuty, Observe, RecordMoment, Sign
from tests.console.small_office import SmallOffice

HOSTILE = "<b onclick=alert(1)>"


def test_an_empty_office(small_office: SmallOffice) -> None:
    seen = small_office.see(Wall)
    assert {name: seen.lines(name) for name in seen.panels} == {
        "day": ["2026-11-22", "星期日"],
        "duty": ["此刻没有排班"],
        "state": ["数据更新到 03:12"],
        "incidents": ["没有在办的事件"],
        "due": ["没有在计时的时限"],
        "signatures": ["没有待签的建议"],
    }


@pytest.mark.parametrize("role", ["observer", "officer", "leader", "director", "admin"])
def test_incidents_deadlines_and_signatures_for_every_role(small_office: SmallOffice, role: str) -> None:
    incident = small_office.open(f"某厂爆炸{HOSTILE}")
    head = small_office.hire("head", "leader", posts=("市指挥部",))
    small_office.do(incident, Observe({"deaths": 4}, HOSTILE, small_office.clock()))
    small_office.office.desk.do(incident, Sign("good", "response", "I", "市指挥部", "P2"), small_office.actor(head))
    small_office.do(incident, RecordMoment("good", "reported", small_office.clock()))
    small_office.later(minutes=61)
    last = list(small_office.office.desk.incident(incident).courses["good"].duties)[1]
    small_office.do(incident, MarkDuty(last, "done", small_office.clock(), None))
    seen = small_office.see(Wall, small_office.hire("other", role))
    title = f"某厂爆炸{HOSTILE}"
    assert {name: seen.lines(name) for name in ("incidents", "due", "signatures")} == {
        "incidents": [
            "1 项待签", title, "■", "Ⅰ级", "某地某类事件应急预案", "常态", "建议", "分级达到Ⅲ级", "，待市指挥部或带班领导签",
            "任务 2 项，完成 1 项", "逾期 1 项", f"最近：死亡人数 4人（{HOSTILE}，03:12）", "某市", "负责：officer先生",
        ],
        "due": ["04:12", "已逾期", "报告情况", f"事发单位 · {title}", "共 1 项已逾期"],
        "signatures": ["◆", "Ⅲ级", "分级达到Ⅲ级", "由市指挥部或带班领导签", title],
    }  # fmt: skip
    whole = seen.frame + "".join(seen.panels.values())
    assert HOSTILE not in whole
    assert not re.search(r"<(form|input|button|a)\b", whole)
    assert "data-clock" in seen.frame and "data-linked" in seen.frame and "data-line" in seen.frame


def test_more_than_fit_are_counted(small_office: SmallOffice) -> None:
    for number in range(8):
        small_office.open(f"第{number}件")
    lines = small_office.see(Wall).lines("incidents")
    assert lines[-1] == "另有 2 件未列出，见值班台"
    assert len([one for one in lines if one.startswith("第")]) == 6
