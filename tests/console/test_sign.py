"""待签 and the decision: who sees what, what is said, what becomes of a page whose proposal was overtaken, hostile text."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from api.console.screens.decision import Decision, OwnDecision
from api.console.screens.sign import Sign
from api.console.visit import Visit
from api.people.person import Person
from api.store.failure import NoIncident
from engine.contract.choice import choices_data, leading_scales
from engine.incident.command import Actor, Observe, Tick
from engine.incident.command import Sign as Signature
from engine.incident.decide import decide
from engine.plan.finding import UnknownName, YuanError
from tests.console.small_office import SmallOffice, texts

HOSTILE = '<img src=x onerror="alert(1)">'


def proposed(office: SmallOffice, deaths: object = 1, source: str = "现场") -> str:
    """An incident with two proposals: a grade that the office records, and a response that the head of the command signs."""
    incident = office.open()
    office.do(incident, Observe({"deaths": deaths}, source, office.clock()))
    return incident


@pytest.fixture
def head(small_office: SmallOffice) -> Person:
    """The head of the plan's command."""
    return small_office.hire("head", "leader", posts=("市指挥部",))


def test_one_s_own_come_first_with_what_why_by_whom_and_since_when(small_office: SmallOffice, head: Person) -> None:
    proposed(small_office)
    assert small_office.see(Sign, small_office.officer).lines("waiting") == [
        "等您签 · 1", "—", "未达级别", "→", "●", "Ⅳ级", "分级达到Ⅳ级", "某厂爆炸", "某地某类事件应急预案",
        "因为", "死亡人数 1人", "2", "由", "市指挥部或带班领导或值班员", "签", "03:12", "看后签",
        "等别人签 · 1", "—", "未达级别", "→", "▲", "Ⅱ级", "响应达到Ⅱ级", "某厂爆炸", "某地某类事件应急预案",
        "因为", "死亡人数 1人", "3", "2", "由", "市指挥部", "签", "03:12", "看详情",
    ]  # fmt: skip
    assert small_office.see(Sign, head).lines("waiting")[0] == "等您签 · 2"


@pytest.mark.parametrize("role", ["observer", "director", "admin"])
def test_who_does_not_sign_sees_all_and_can_sign_nothing(small_office: SmallOffice, role: str) -> None:
    incident = proposed(small_office)
    person = small_office.hire("other", role, posts=("市指挥部",))
    assert small_office.see(Sign, person).lines("waiting")[0] == "等别人签 · 2"
    seen = small_office.see(Decision, person, incident_id=incident, proposal_id="P1")
    assert "<form" not in seen.frame
    assert seen.lines("cannot")[0] == "您的角色只能看。各项决定由谁签："
    names = "officer先生" in seen.panels["cannot"]
    assert names is (role != "observer")


def test_another_place_s_proposals_are_not_there(small_office: SmallOffice) -> None:
    incident = proposed(small_office)
    stranger = small_office.hire("stranger", "officer", posts=("值班员",), place="别处")
    assert small_office.see(Sign, stranger).lines("waiting") == ["没有待签的建议。事实使级别应当变动时，建议列在这里，注明由谁签"]
    with pytest.raises(NoIncident):
        small_office.see(Decision, stranger, incident_id=incident, proposal_id="P1")


def test_a_proposal_states_effect_reasons_facts_and_signers(small_office: SmallOffice) -> None:
    seen = small_office.see(Decision, small_office.officer, incident_id=proposed(small_office), proposal_id="P1")
    assert {name: seen.lines(name) for name in ("ended", "effect", "why", "unknown", "units", "readings", "who")} == {
        "ended": [],
        "effect": [
            "待签", "›", "某厂爆炸", "某地某类事件应急预案", "建议 P1", "03:12 提出", "将以值班员签发分级Ⅳ级", "级别",
            "—", "未达级别", "→", "●", "Ⅳ级", "任务", "没有随之下达的任务",
        ],
        "why": ["✓", "死亡人数 1人以上、不足3人", "1人", "2", "事实", "值", "来源", "时间", "死亡人数", "1人", "现场", "03:12"],
        "unknown": ["已知事实足以定级，没有还可能的级别。"],
        "units": ["这一级别没有给单位的任务"],
        "readings": ["不依赖任何有分歧的条款。"],
        "who": ["市指挥部", "：此刻没有登记任职的人", "带班领导", "：leader先生", "值班员", "：officer先生"],
    }  # fmt: skip


def test_what_is_not_known_is_said_with_the_levels_still_possible(small_office: SmallOffice) -> None:
    seen = small_office.see(Decision, incident_id=proposed(small_office, {"at_least": 1}), proposal_id="P1")
    assert seen.lines("unknown") == [
        "按现有事实还可能：", "◆", "Ⅲ级", "未知", "死亡人数", "1人以上、不足3人 → Ⅳ级；3人以上 → Ⅲ级",
    ]  # fmt: skip


def test_the_units_and_their_shortest_deadlines(small_office: SmallOffice, head: Person) -> None:
    seen = small_office.see(Decision, head, incident_id=proposed(small_office), proposal_id="P2")
    assert seen.lines("units") == ["单位", "任务", "新增", "最短时限", "事发单位", "1", "1", "1小时内，自接到报告起", "报告情况"]


def test_nothing_is_chosen_and_each_alternative_has_its_signer_word_and_effect(small_office: SmallOffice) -> None:
    seen = small_office.see(Decision, small_office.officer, incident_id=proposed(small_office), proposal_id="P1")
    assert " checked" not in seen.frame + seen.panels["choices"] + seen.panels["posts"]
    assert seen.lines("choices") == [
        "●", "Ⅳ级", "与建议一致", "签发", "值班员", "将以值班员签发分级Ⅳ级",
        "—", "未达级别", "另行决定：维持·理由必填", "签发", "值班员", "将以值班员维持分级未达级别",
        "◆", "Ⅲ级", "另行决定：升级·理由必填", "签发", "值班员", "将以值班员签发分级Ⅲ级",
    ]  # fmt: skip
    inputs = re.findall(r"<input[^>]*>", seen.panels["choices"])
    said = [
        dict(re.findall(r'data-(word|posts|effect)="([^"]*)"', one)) | {"otherwise": "data-otherwise" in one} for one in inputs
    ]
    assert said == [
        {"word": "四级|IV级", "posts": "值班员", "effect": "签发分级Ⅳ级", "otherwise": False},
        {"word": "维持", "posts": "值班员", "effect": "维持分级未达级别", "otherwise": True},
        {"word": "三级|III级", "posts": "值班员", "effect": "签发分级Ⅲ级", "otherwise": True},
    ]
    assert re.search(r'<button[^>]* disabled[^>]*data-effect-button="先选一项决定"', seen.frame)
    assert "data-confirm" in seen.frame


def test_whoever_holds_no_fitting_post_sees_who_can_sign(small_office: SmallOffice) -> None:
    seen = small_office.see(Decision, small_office.officer, incident_id=proposed(small_office), proposal_id="P2")
    assert "<form" not in seen.frame
    assert seen.lines("cannot") == [
        "您的职务：值班员。各项决定由谁签：", "▲", "Ⅱ级", "建议", "签发", "市指挥部", "—", "未达级别", "维持", "签发", "市指挥部",
        "■", "Ⅰ级", "升级", "签发", "市指挥部", "市指挥部", "：此刻没有登记任职的人",
    ]  # fmt: skip


def test_every_choice_offered_is_one_that_the_core_accepts_and_no_other(small_office: SmallOffice, head: Person) -> None:
    incident = small_office.office.desk.incident(proposed(small_office))
    plan, versions, at = small_office.plan, small_office.office.desk.versions, small_office.clock()
    for scale in leading_scales(plan):
        pending = incident.courses[plan.id].pending[scale.id].id
        for one in choices_data(incident, versions, plan, scale.id, at, head.posts):
            for post in one["signers"]:
                sign = Signature(plan.id, scale.id, one["level"], post, pending, "理由")
                if one["refused"] is None:
                    assert decide(incident, sign, Actor("x", "x", {post: None}), at, versions)
                else:
                    with pytest.raises(YuanError, match=re.escape(one["refused"])):
                        decide(incident, sign, Actor("x", "x", {post: None}), at, versions)


def test_an_open_page_whose_facts_changed_says_which_and_stops_its_form(small_office: SmallOffice) -> None:
    incident = proposed(small_office)
    visit = Visit(
        small_office.place, small_office.staff.session(small_office.officer), {"incident_id": incident, "proposal_id": "P1"}, {}
    )
    screen = Decision(visit)
    assert 'id="decision"' in screen.frame(visit.at_desk())
    small_office.later(minutes=5)
    small_office.do(incident, Observe({"deaths": 4}, HOSTILE, small_office.clock()))
    ended = screen.panels(visit.at_desk())["ended"]
    assert 'data-stops="decision"' in ended
    assert texts(ended) == [
        "“分级达到Ⅳ级”已被更新的事实取代，这一页不能再签",
        "03:17　建议 P1 失效：事实变化，改为建议“分级达到Ⅲ级”",
        f"officer先生 03:17 记：死亡人数：4人（{HOSTILE}，11-22 03:17）",
        "看现在的建议 P3",
        "回到待签",
        "某厂爆炸",
    ]
    assert HOSTILE not in ended


def test_a_signed_proposal_says_who_decided_what_and_when(small_office: SmallOffice, head: Person) -> None:
    incident = proposed(small_office)
    sign = Signature("good", "response", "I", "市指挥部", "P2", f"宁可从严{HOSTILE}")
    small_office.office.desk.do(incident, sign, small_office.actor(head))
    seen = small_office.see(Decision, incident_id=incident, proposal_id="P2")
    assert "<form" not in seen.frame
    assert seen.lines("ended") == [
        "“响应达到Ⅱ级”已经签过，这一页不能再签",
        f"03:12　市指挥部head先生签发：响应Ⅰ级，未按建议，因宁可从严{HOSTILE}",
        "回到待签",
        "某厂爆炸",
    ]
    assert HOSTILE not in seen.panels["ended"]


def test_a_proposal_that_never_was(small_office: SmallOffice) -> None:
    seen = small_office.see(Decision, incident_id=proposed(small_office), proposal_id=HOSTILE)
    assert seen.lines("ended")[:2] == [f"没有建议 {HOSTILE}", "检查地址，或回到待签"]


def test_a_provisional_level_is_listed_until_it_ends(small_office: SmallOffice, head: Person) -> None:
    incident = proposed(small_office)
    until = small_office.clock() + timedelta(hours=6)
    sign = Signature("good", "response", "II", "市指挥部", "P2", until=until)
    small_office.office.desk.do(incident, sign, small_office.actor(head))
    assert small_office.see(Sign).lines("provisional") == ["▲", "Ⅱ级", "暂定到 09:12", "某厂爆炸", "某地某类事件应急预案·响应"]
    small_office.later(hours=7)
    small_office.do(incident, Tick())
    waiting = small_office.see(Sign, head).lines("waiting")
    assert "响应维持Ⅱ级" in waiting


def test_a_decision_without_a_proposal(small_office: SmallOffice, head: Person) -> None:
    incident = small_office.open(HOSTILE)
    seen = small_office.see(OwnDecision, head, incident_id=incident, plan="good", scale="response")
    assert 'data-go="/incidents/{incident}"' in seen.frame and 'name="proposal"' not in seen.frame
    assert seen.lines("choices") == [
        "—", "未达级别", "维持·理由必填", "签发", "市指挥部", "现在不能：“响应”已经是未达级别",
        "▲", "Ⅱ级", "升级·理由必填", "签发", "市指挥部", "将以市指挥部签发响应Ⅱ级，1个单位、1项任务，最紧的：事发单位报告情况（1小时内，自接到报告起）",
        "■", "Ⅰ级", "升级·理由必填", "签发", "市指挥部", "将以市指挥部签发响应Ⅰ级，1个单位、2项任务，最紧的：事发单位报告情况（1小时内，自接到报告起）",
    ]  # fmt: skip
    assert HOSTILE not in seen.frame + "".join(seen.panels.values())
    with pytest.raises(UnknownName):
        small_office.see(OwnDecision, head, incident_id=incident, plan="good", scale="nothing")
