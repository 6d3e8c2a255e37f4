"""任务: the three views, the filters, what is ticked off, a unit that two incidents engage, who may tick, hostile text."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from api.console.screens.duties import Duties
from api.people.person import Person
from engine.incident.command import MarkDuty, Observe, RecordMoment, Sign
from tests.console.small_office import SmallOffice

HOSTILE = "<script>alert(1)</script>"
REPORT = ["1小时内，自接到报告起", "报告情况"]


@pytest.fixture
def head(small_office: SmallOffice) -> Person:
    return small_office.hire("head", "leader", posts=("市指挥部",))


def engaged(office: SmallOffice, head: Person, title: str = "某厂爆炸") -> str:
    """An incident with two duties of one unit: one with a deadline that runs, one without."""
    incident = office.open(title)
    office.do(incident, Observe({"deaths": 4}, "现场", office.clock()))
    office.office.desk.do(incident, Sign("good", "response", "I", "市指挥部", "P2"), office.actor(head))
    office.do(incident, RecordMoment("good", "reported", office.clock()))
    return incident


def keys(office: SmallOffice, incident: str) -> list[str]:
    return list(office.office.desk.incident(incident).courses["good"].duties)


def test_by_unit(small_office: SmallOffice, head: Person) -> None:
    engaged(small_office, head)
    seen = small_office.see(Duties)
    assert seen.lines("views") == ["按单位", "按事件", "按时限", "打印时限板"]
    assert seen.lines("duties") == [
        "事发单位", "2 项", "任务卡",
        "04:12", "进行中", *REPORT, "某厂爆炸", "4", "Ⅰ级起", "○ 未通知", "收到", "完成", "登记",
        "无时限", "增派人员", "某厂爆炸", "4", "Ⅰ级起", "○ 未通知", "收到", "完成", "登记",
    ]  # fmt: skip


def test_by_incident_and_by_deadline(small_office: SmallOffice, head: Person) -> None:
    engaged(small_office, head)
    assert small_office.see(Duties, query={"view": "incident"}).lines("duties")[:3] == ["某厂爆炸", "2 项", "打印全部任务卡"]
    lines = small_office.see(Duties, query={"view": "deadline"}).lines("duties")
    assert [one for one in lines if "·" in one] == ["1 小时内 · 1", "无时限 · 1"]
    small_office.later(minutes=61)
    lines = small_office.see(Duties, query={"view": "deadline"}).lines("duties")
    assert [one for one in lines if "·" in one] == ["已逾期 · 1", "无时限 · 1"]
    assert "已逾期" in lines


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ({"state": "running"}, ["报告情况"]),
        ({"state": "none"}, ["增派人员"]),
        ({"state": "overdue"}, []),
        ({"text": "增派 事发"}, ["增派人员"]),
        ({"text": "某厂"}, ["报告情况", "增派人员"]),
        ({"text": HOSTILE}, []),
        ({"state": HOSTILE, "view": HOSTILE}, ["报告情况", "增派人员"]),
        ({"incident": "20261122-009"}, []),
    ],
)
def test_filters(small_office: SmallOffice, head: Person, query: dict[str, str], actions: list[str]) -> None:
    engaged(small_office, head)
    seen = small_office.see(Duties, query=query)
    assert [one for one in seen.lines("duties") if one in ("报告情况", "增派人员")] == actions
    assert HOSTILE not in seen.frame + "".join(seen.panels.values())


def test_what_is_ticked_off_stands_with_its_word_time_person_and_note(small_office: SmallOffice, head: Person) -> None:
    incident = engaged(small_office, head)
    first, second = keys(small_office, incident)
    small_office.do(incident, MarkDuty(first, "done", small_office.clock(), f"已电话{HOSTILE}"))
    small_office.do(incident, MarkDuty(second, "not_applicable", small_office.clock(), "人手已足"))
    assert small_office.see(Duties).lines("duties") == ["没有未完成的任务。级别签发生效后，各单位的任务列在这里"]
    done = small_office.see(Duties, query={"state": "done"})
    assert done.lines("duties")[3:] == [
        "04:12", "✓ 已完成", *REPORT, "某厂爆炸", "4", "Ⅰ级起", "✓ 已完成", f"03:12 officer先生：已电话{HOSTILE}", "登记",
    ]  # fmt: skip
    assert HOSTILE not in done.panels["duties"]
    assert "— 不适用" in small_office.see(Duties, query={"state": "settled"}).lines("duties")


def test_done_late_says_so(small_office: SmallOffice, head: Person) -> None:
    incident = engaged(small_office, head)
    small_office.later(minutes=90)
    small_office.do(incident, MarkDuty(keys(small_office, incident)[0], "done", small_office.clock(), None))
    assert "逾期完成" in small_office.see(Duties, query={"state": "done"}).lines("duties")


def test_a_unit_that_two_incidents_engage_is_marked(small_office: SmallOffice, head: Person) -> None:
    engaged(small_office, head, "甲事")
    assert small_office.see(Duties).lines("clashes") == []
    engaged(small_office, head, "乙事")
    seen = small_office.see(Duties)
    assert seen.lines("clashes") == ["1 个单位同时承担两件以上事件", "事发单位", "：甲事、乙事"]
    assert seen.lines("duties")[:5] == ["事发单位", "4 项", "同时承担 2 件事件", "任务卡（甲事）", "任务卡（乙事）"]


@pytest.mark.parametrize(
    ("role", "ticks"), [("observer", False), ("officer", True), ("leader", True), ("director", False), ("admin", False)]
)
def test_who_may_tick_off(small_office: SmallOffice, head: Person, role: str, ticks: bool) -> None:
    engaged(small_office, head)
    seen = small_office.see(Duties, small_office.hire("other", role))
    assert ("<dialog" in seen.frame) is ticks
    assert ("登记" in seen.lines("duties")) is ticks
    assert "报告情况" in seen.lines("duties")


def test_the_button_names_the_duty_and_opens_the_one_form(small_office: SmallOffice, head: Person) -> None:
    incident = engaged(small_office, head)
    seen = small_office.see(Duties, query={"text": "报告"})
    buttons = re.findall(r'<button[^>]*data-open="mark"[^>]*>', seen.panels["duties"])
    told = [dict(re.findall(r'data-set-(\w+)="([^"]*)"', one)) for one in buttons]
    key = keys(small_office, incident)[0]
    what = "事发单位：报告情况"
    assert told == [{"incident": incident, "key": key, "step": step, "what": what} for step in ("acknowledged", "done", "")]
    assert 'data-url="/api/v1/incidents/{incident}/duties/{key}/steps"' in seen.frame


def test_another_place_s_duties_are_not_there(small_office: SmallOffice, head: Person) -> None:
    engaged(small_office, head)
    stranger = small_office.hire("stranger", "officer", place="别处")
    assert small_office.see(Duties, stranger).lines("duties") == ["没有未完成的任务。级别签发生效后，各单位的任务列在这里"]


def test_a_long_list_shows_its_first_rows_and_the_address_opens_it_whole(small_office: SmallOffice, head: Person) -> None:
    for number in range(4):
        engaged(small_office, head, f"第{number}件")
    seen = small_office.see(Duties, query={"text": "事发"})
    assert len(re.findall('class="duty-row"', seen.panels["duties"])) == 5
    href = re.findall(r'<a href="([^"]*)"[^>]*>全部 8 项</a>', seen.panels["duties"])[0]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(unescape(href)).query).items()}
    assert asked["text"] == "事发"
    whole = small_office.see(Duties, query=asked)
    assert len(re.findall('class="duty-row"', whole.panels["duties"])) == 8
    assert whole.lines("duties")[0] == "回到全部"
