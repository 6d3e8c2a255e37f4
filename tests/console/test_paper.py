"""Paper: what each sheet holds, the versions and hashes of every page, the mark of a demo, no colour alone, hostile text."""

from __future__ import annotations

from datetime import date

import pytest

from api.console.screens.paper import IncidentPaper
from api.console.screens.paper_sheets import ContactSheet, DeadlineSheet, DutyCards
from api.console.visit import Visit
from api.people.person import Person
from api.store.failure import NoIncident
from engine.incident.command import Observe, Open, RecordMoment, Sign
from engine.plan.units import Contact, Unit, Units
from tests.console.small_office import SmallOffice, texts
from tests.desk.setting import PLACE

HOSTILE = "<i>歹</i>"


@pytest.fixture
def head(small_office: SmallOffice) -> Person:
    return small_office.hire("head", "leader", posts=("市指挥部",))


def engaged(office: SmallOffice, head: Person, *, demo: bool = False) -> str:
    command = Open(f"某厂爆炸{HOSTILE}", PLACE, "有人被困", "电话", office.clock(), (office.plan,), demo=demo)
    incident = office.office.desk.open(command, office.actor(office.officer)).state.id
    office.do(incident, Observe({"deaths": 4}, "现场", office.clock()))
    office.office.desk.do(incident, Sign("good", "response", "I", "市指挥部", "P2"), office.actor(head))
    office.do(incident, RecordMoment("good", "reported", office.clock()))
    return incident


def head_of(office: SmallOffice, words: str, *marks: str) -> list[str]:
    version = office.plan.digest[:12]
    return [
        words, *marks, f"《某地某类事件应急预案》某政发〔2026〕1号　版本 {version}", "印制 2026-11-22 03:12（北京时间）　印制人 officer先生",
    ]  # fmt: skip


def tail_of(office: SmallOffice, incident: str, mark: str = "") -> list[str]:
    state = office.office.desk.incident(incident)
    return [f"{incident} 日志第 {state.seq} 条，校验值 {state.hash[:16]}{mark}"]


def test_the_summary_of_an_incident(small_office: SmallOffice, head: Person) -> None:
    incident = engaged(small_office, head)
    seen = small_office.see(IncidentPaper, incident_id=incident)
    assert seen.lines("head") == head_of(small_office, f"事件摘要：某厂爆炸{HOSTILE}")
    assert seen.lines("tail") == tail_of(small_office, incident)
    lines = seen.lines("sheet")
    journal = f"日志（共 {small_office.office.desk.incident(incident).seq} 条）"
    assert lines[: lines.index(journal)] == [
        "事件", "编号", incident, "地点", "某市", "接报", "2026-11-22 03:12，电话", "首报", "有人被困", "状态", "处置中",
        "责任人", "officer先生",
        "《某地某类事件应急预案》·常态", "等级体系", "在行级别", "自", "暂定到",
        "分级", "—", "未达级别", "—", "—", "响应", "■", "Ⅰ级", "03:12", "不限",
        "待签", "分级达到Ⅲ级", "，03:12 提出，由市指挥部或带班领导或值班员签发（2）",
        "已知的事实", "事实", "值", "来源", "时间", "死亡人数", "4人", "现场", "03:12",
        "从未报告", "受伤人数、中断时间、起因、小时值、均值、各乡镇",
        "在计时的时限", "时限", "单位", "任务", "条款", "进展", "04:12", "进行中", "1小时内，自接到报告起", "事发单位", "报告情况", "4", "未通知",
        "签发的决定", "时间", "决定", "03:12", "市指挥部head先生签发：响应Ⅰ级，按建议",
    ]  # fmt: skip
    assert lines[-11:] == ["各单位的任务", "单位", "任务", "完成", "逾期", "下一时限", "事发单位", "2", "0", "—", "04:12"]
    assert HOSTILE not in seen.frame + "".join(seen.panels.values())
    assert "data-print" in seen.frame


def test_a_demo_is_marked_on_every_sheet(small_office: SmallOffice, head: Person) -> None:
    incident = engaged(small_office, head, demo=True)
    for kind, given in ((IncidentPaper, {"incident_id": incident}), (DutyCards, {"incident_id": incident}), (DeadlineSheet, {})):
        seen = small_office.see(kind, None, None, **given)
        assert seen.lines("head")[1] == "演示·不是真实事件"
        assert seen.lines("tail") == tail_of(small_office, incident, "（演示）")


def test_the_duty_card_of_a_unit(small_office: SmallOffice, head: Person) -> None:
    incident = engaged(small_office, head)
    seen = small_office.see(DutyCards, query={"unit": "事发单位"}, incident_id=incident)
    assert seen.lines("head") == head_of(small_office, f"任务卡：某厂爆炸{HOSTILE}")
    assert seen.lines("sheet") == [
        "事发单位　2 项", "在行：响应Ⅰ级", "任务", "时限", "条款", "进展", "完成时间、签名",
        "☐", "报告情况", "04:12", "进行中", "1小时内，自接到报告起", "4", "Ⅰ级起", "未通知",
        "☐", "增派人员", "无时限", "4", "Ⅰ级起", "未通知",
    ]  # fmt: skip
    assert small_office.see(DutyCards, incident_id=incident).lines("sheet") == seen.lines("sheet")
    nobody = small_office.see(DutyCards, query={"unit": HOSTILE}, incident_id=incident)
    assert nobody.lines("sheet") == ["这件事件没有这个单位的任务"]


def test_cards_follow_each_other_or_have_a_page_each(small_office: SmallOffice, head: Person) -> None:
    incident = engaged(small_office, head)
    compact = small_office.see(DutyCards, query={"unit": "事发单位"}, incident_id=incident)
    assert 'class="sheet-section unit-card"' in compact.panels["sheet"]
    assert f'href="/print/duties/{incident}?unit=%E4%BA%8B%E5%8F%91%E5%8D%95%E4%BD%8D&amp;each=page"' in compact.frame
    assert "每个单位一页" in texts(compact.frame)
    each = small_office.see(DutyCards, query={"each": "page"}, incident_id=incident)
    assert 'class="sheet-section unit-card unit-page"' in each.panels["sheet"]
    assert f'href="/print/duties/{incident}"' in each.frame and "连着印，省纸" in texts(each.frame)
    assert texts(each.panels["sheet"]) == texts(compact.panels["sheet"])


def test_the_deadline_board(small_office: SmallOffice, head: Person) -> None:
    assert small_office.see(DeadlineSheet).lines("sheet") == ["没有在计时的时限"]
    engaged(small_office, head)
    small_office.later(minutes=61)
    seen = small_office.see(DeadlineSheet)
    assert seen.lines("sheet") == [
        "共 1 项，已逾期 1 项", "时限", "单位", "任务", "事件", "条款", "完成时间",
        "☐", "04:12", "已逾期", "1小时内，自接到报告起", "事发单位", "报告情况", f"某厂爆炸{HOSTILE}", "4",
    ]  # fmt: skip
    assert 'class="boxed"' in seen.panels["sheet"]


def test_the_contact_sheet(small_office: SmallOffice) -> None:
    assert small_office.see(ContactSheet).lines("sheet") == ["没有登记单位。单位写在 units 文件里"]
    known = Unit("某局", "市", ("局",), ("值班室", "主要负责人"), (Contact("值班室", "0349-1", HOSTILE, date(2026, 11, 2)),))
    visit = Visit(small_office.place, small_office.staff.session(small_office.officer), {}, {})
    html = ContactSheet(visit)._place(visit.at_desk(), Units(PLACE, {"某局": known, "局": known}))
    assert texts(html) == [
        PLACE, "1 个单位。", "单位", "岗位", "姓名", "电话", "核实日期", "某局", "值班室", HOSTILE, "0349-1", "2026-11-02（20 天前）",
        "主要负责人",
    ]  # fmt: skip
    assert HOSTILE not in html


def test_who_may_have_which_sheet(small_office: SmallOffice, head: Person) -> None:
    assert "observer" not in ContactSheet.roles
    incident = engaged(small_office, head)
    stranger = small_office.hire("stranger", "officer", place="别处")
    for kind in (IncidentPaper, DutyCards):
        with pytest.raises(NoIncident):
            small_office.see(kind, stranger, incident_id=incident)
    assert small_office.see(DeadlineSheet, stranger).lines("sheet") == ["没有在计时的时限"]
