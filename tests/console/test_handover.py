"""交接班: what is told, both signatures, earlier ones, the roster."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.console.screens.handover import EarlierHandover, HandoverScreen
from api.people.audit import CONSOLE
from api.people.refusal import Missing
from engine.incident.command import Note, Observe
from engine.incident.handover import handover_summary
from tests.console.small_office import NIGHT, SmallOffice
from tests.desk.setting import PLACE

TOLD = [
    "待签", "分级达到Ⅳ级，待市指挥部或带班领导或值班员签，03:12 提出", "响应达到Ⅱ级，待市指挥部签，03:12 提出",
    "负责", "officer先生", "没有", "在行的级别、在计时的时限、未办结的任务、过期的事实",
]  # fmt: skip


def told(office: SmallOffice) -> str:
    incident = office.open("<b>某厂爆炸")
    office.do(incident, Observe({"deaths": 2}, "现场", office.clock()))
    return incident


def begun(office: SmallOffice) -> str:
    desk = office.office.desk
    summary = handover_summary(desk.states.open(), desk.versions, office.clock())
    return office.staff.people.handovers.begin(office.officer.id, office.leader.id, PLACE, summary).id


def test_what_the_next_shift_must_know(small_office: SmallOffice) -> None:
    incident = told(small_office)
    small_office.open("监测", watch=True)
    small_office.open("别处的", place="别处")
    seen = small_office.see(HandoverScreen)
    assert seen.lines("summary") == ["<b>某厂爆炸", incident, *TOLD]
    assert "<b>某厂" not in seen.panels["summary"]


def test_it_is_handed_to_somebody_else_at_work_here(small_office: SmallOffice) -> None:
    small_office.hire("observer", "observer")
    small_office.hire("away", "officer", place="别处")
    form = small_office.see(HandoverScreen).frame
    choice = form[form.index('name="to_person"') :]
    choice = choice[: choice.index("</select>")]
    assert choice.count("<option") == 2
    assert f'<option value="{small_office.leader.id}">leader先生</option>' in choice


def test_each_signs_his_own_side(small_office: SmallOffice) -> None:
    told(small_office)
    name = begun(small_office)
    seen = small_office.see(HandoverScreen)
    assert f'data-url="/api/v1/handovers/{name}/sign"' in seen.panels["waiting"]
    assert seen.lines("waiting") == [
        "待签的交接班", "officer先生 交给 leader先生", "03:12 作成", "看全文",
        "交班\u3000officer先生", "将以officer先生签交班：此前各项已向接班人交代", "签交班",
        "接班\u3000leader先生", "未签，请本人登录后签",
    ]  # fmt: skip
    small_office.staff.people.handovers.sign(name, small_office.officer.id)
    taker = small_office.see(HandoverScreen, small_office.leader).lines("waiting")
    assert taker[4:] == [
        "交班\u3000officer先生", "✓ 03:12 已签", "接班\u3000leader先生", "将以leader先生签接班：此前各项由您接着办", "签接班",
    ]  # fmt: skip
    small_office.staff.people.handovers.sign(name, small_office.leader.id)
    after = small_office.see(HandoverScreen)
    assert after.lines("waiting") == ["待签的交接班", "没有。作成交接单后，双方在这里签"]
    assert after.lines("earlier") == ["03:12\u3000officer先生 交给 leader先生", "1 件事件"]


def test_an_earlier_one_is_read_as_it_was_signed(small_office: SmallOffice) -> None:
    incident = told(small_office)
    name = begun(small_office)
    small_office.later(hours=1)
    small_office.open("后来的")
    lines = small_office.see(EarlierHandover, handover_id=name).lines("sheet")
    assert lines[:2] == ["某市 值班交接单", "officer先生 交给 leader先生，03:12 作成，"]
    assert lines[2] == "作成以后新开了 1 件：先看过再签，或按此刻的情况重新作成"
    assert lines[4 : 6 + len(TOLD)] == ["<b>某厂爆炸", incident, *TOLD]
    assert "data-print" in small_office.see(EarlierHandover, handover_id=name).frame


def test_one_of_another_place_is_not_there(small_office: SmallOffice) -> None:
    name = begun(small_office)
    stranger = small_office.hire("stranger", "officer", place="别处")
    for person, one in ((stranger, name), (small_office.officer, "unheard")):
        with pytest.raises(Missing):
            small_office.see(EarlierHandover, person, handover_id=one)


def test_the_roster_shows_who_is_on_gaps_and_overlaps(small_office: SmallOffice) -> None:
    shifts = small_office.staff.people.shifts

    def add(person: str, place: str, begins: float, ends: float) -> None:
        start = NIGHT.replace(minute=0)
        shifts.add(person, place, PLACE, start + timedelta(hours=begins), start + timedelta(hours=ends), CONSOLE)

    assert small_office.see(HandoverScreen).lines("roster")[0].startswith("没有排班")
    third = small_office.hire("third", "officer")
    add(small_office.officer.id, "值班员", -2, 5)
    add(third.id, "值班员", 4, 12)
    add(small_office.leader.id, "带班领导", 8, 12)
    assert small_office.see(HandoverScreen).lines("roster") == [
        "此刻没有带班领导在班",
        "值班员", "officer先生", "在班", "11-22 01:00 到 08:00", "与同一班位重叠：07:00 到 08:00",
        "带班领导", "无人值守", "11-22 03:12 到 11:00",
        "值班员", "third先生", "11-22 07:00 到 15:00", "与同一班位重叠：07:00 到 08:00",
        "带班领导", "leader先生", "11-22 11:00 到 15:00",
    ]  # fmt: skip


def test_who_makes_the_roster_and_who_does_not(small_office: SmallOffice) -> None:
    assert 'data-url="/api/v1/shifts"' not in small_office.see(HandoverScreen).frame
    assert 'data-url="/api/v1/shifts"' in small_office.see(HandoverScreen, small_office.leader).frame
    observer = small_office.hire("observer", "observer")
    assert "<form" not in small_office.see(HandoverScreen, observer).frame


def test_who_works_for_all_places_chooses_one(small_office: SmallOffice) -> None:
    root = small_office.hire("root", "officer", place="*")
    told(small_office)
    here = small_office.see(HandoverScreen, root)
    assert 'href="/handover?place=某市"' in here.frame
    assert here.lines("summary")[2:] == TOLD
    there = small_office.see(HandoverScreen, root, {"place": "别处"})
    assert there.lines("summary") == ["没有在办的事件"]


def test_what_was_recorded_since_stands_before_the_signature_and_it_can_be_renewed(small_office: SmallOffice) -> None:
    incident = told(small_office)
    name = begun(small_office)
    assert "renewal" not in small_office.see(HandoverScreen).panels["waiting"]
    small_office.staff.people.handovers.sign(name, small_office.officer.id)
    small_office.do(incident, Note("又来一次电话", small_office.clock()))
    small_office.open("后来的")
    seen = small_office.see(HandoverScreen, small_office.leader)
    assert "作成以后又记了 1 条、新开了 1 件：先看过再签，或按此刻的情况重新作成" in seen.lines("waiting")
    assert f'data-url="/api/v1/handovers/{name}/renewal"' in seen.panels["waiting"]
    assert "已签的要再签一次" in "".join(seen.lines("waiting"))
    third = small_office.hire("third", "officer")
    other = small_office.see(HandoverScreen, third)
    assert "renewal" not in other.panels["waiting"] and "作成以后又记了 1 条" in "".join(other.lines("waiting"))


def test_a_sheet_that_both_signed_says_nothing_of_what_came_later(small_office: SmallOffice) -> None:
    incident = told(small_office)
    name = begun(small_office)
    for one in (small_office.officer, small_office.leader):
        small_office.staff.people.handovers.sign(name, one.id)
    small_office.do(incident, Note("次日的事", small_office.clock()))
    assert "作成以后" not in "".join(small_office.see(EarlierHandover, handover_id=name).lines("sheet"))
