"""快报 and which plans an event concerns."""

from __future__ import annotations

from api.console.screens.report import Concerns, Report
from engine.incident.command import AddPlan, Observe
from tests.console.small_office import SmallOffice, texts

HOSTILE = '<img src=x onerror="alert(1)">'


def test_a_first_report_asks_for_one_line_and_its_source(small_office: SmallOffice) -> None:
    form = small_office.see(Report).frame
    assert 'data-url="/api/v1/incidents"' in form
    assert 'data-go="/new/{incident}"' in form
    assert form.count("required") == 2
    assert 'name="report"' in form and 'name="source"' in form


def test_what_was_reported_within_a_day_stands_beside_the_form(small_office: SmallOffice) -> None:
    small_office.open("前天的")
    small_office.later(hours=25)
    small_office.open("某厂爆炸")
    small_office.open("监测", watch=True)
    assert small_office.see(Report).lines("recent") == ["04:12", "某厂爆炸", "电话"]


def test_sources_known_already_are_offered(small_office: SmallOffice) -> None:
    incident = small_office.open(source="企业值班室")
    small_office.do(incident, Observe({"deaths": 1}, "急救中心", small_office.clock()))
    form = small_office.see(Report).frame
    assert '<option value="企业值班室"></option><option value="急救中心"></option>' in form


def test_only_who_works_for_all_places_chooses_one(small_office: SmallOffice) -> None:
    everywhere = small_office.hire("root", "officer", place="*")
    assert 'name="jurisdiction"' not in small_office.see(Report).frame
    assert '<option value="某市" selected>某市</option>' in small_office.see(Report, everywhere).frame


def test_without_facts_every_plan_can_be_started_at_once(small_office: SmallOffice) -> None:
    incident = small_office.open(plans=False)
    seen = small_office.see(Concerns, incident_id=incident)
    assert seen.lines("verdicts") == ["没有相关的事实", "某地某类事件应急预案", "启用"]
    assert f'data-url="/api/v1/incidents/{incident}/plans"' in seen.panels["verdicts"]
    assert seen.lines("next")[-1] == "打开事件"


def test_before_any_fact_the_words_of_the_report_are_shown_and_nothing_is_chosen(small_office: SmallOffice) -> None:
    incident = small_office.open("下村停电，通信中断时间不明，有人死亡", plans=False)
    seen = small_office.see(Concerns, incident_id=incident)
    assert seen.lines("verdicts") == [
        "没有相关的事实", "某地某类事件应急预案", "启用", "快报里有这份预案的词：", "中断时间、死亡", "。是否适用看事实",
    ]  # fmt: skip
    assert "checked" not in seen.panels["verdicts"] and "inverse" not in seen.panels["verdicts"]


def test_picked_facts_give_a_verdict_with_its_reasons(small_office: SmallOffice) -> None:
    incident = small_office.open(plans=False)
    seen = small_office.see(Concerns, query={"f.deaths": "2"}, incident_id=incident)
    assert seen.lines("verdicts") == [
        "适用", "某地某类事件应急预案", "启用", "分级Ⅳ级（2）；响应Ⅱ级（3、2）",
        "分级", "2", "●", "Ⅳ", "Ⅳ级\u3000已达到", "Ⅲ", "Ⅲ级\u3000已排除", "死亡人数 1人以上、不足3人",
        "响应", "3", "2", "▲", "Ⅱ", "Ⅱ级\u3000已达到", "Ⅰ", "Ⅰ级\u3000已排除", "死亡人数 1人以上、不足3人",
    ]  # fmt: skip


def test_partial_knowledge_and_areas_count_and_nonsense_is_said(small_office: SmallOffice) -> None:
    incident = small_office.open(plans=False)
    query = {"f.deaths": "≥1", "f.towns.rain": "30", "a.towns": "甲", "f.outage": HOSTILE, "f.unheard": "1"}
    seen = small_office.see(Concerns, query=query, incident_id=incident)
    assert seen.lines("next")[:2] == ["没有算进去", '中断时间：“<img src=x onerror="ale…”不是数。填数字，如 30；不知道就清空']
    assert seen.lines("verdicts")[0] == "适用"
    assert "<img" not in seen.panels["next"]


def test_an_area_is_asked_for_where_none_was_chosen(small_office: SmallOffice) -> None:
    incident = small_office.open(plans=False)
    seen = small_office.see(Concerns, query={"f.towns.rain": "30"}, incident_id=incident)
    assert seen.lines("next")[:2] == ["没有算进去", "雨量：先选是哪里的各乡镇"]


def test_facts_are_taken_along_once_a_plan_is_started(small_office: SmallOffice) -> None:
    incident = small_office.open(plans=False)
    small_office.do(incident, AddPlan(small_office.plan, ""))
    query = {"f.deaths": "2", "f.cause": "minor"}
    seen = small_office.see(Concerns, query=query, incident_id=incident)
    assert seen.lines("next") == ["已启用《某地某类事件应急预案》", "这些事实的来源", "记入 2 项事实，打开事件", "打开事件"]
    assert 'value="{&quot;deaths&quot;: 2, &quot;cause&quot;: &quot;minor&quot;}"' in seen.panels["next"]
    small_office.do(incident, Observe({"deaths": 2, "cause": "minor"}, "现场", small_office.clock()))
    again = small_office.see(Concerns, query=query, incident_id=incident)
    assert again.lines("next") == ["已启用《某地某类事件应急预案》", "打开事件"]
    assert again.lines("verdicts")[:3] == ["适用", "某地某类事件应急预案", "✓ 已启用"]


def test_indicators_are_found_by_their_names_and_those_of_their_plans(small_office: SmallOffice) -> None:
    incident = small_office.open(plans=False)
    form = small_office.see(Concerns, incident_id=incident).frame
    assert 'data-words=" 死亡人数 死亡人数 某地某类事件应急预案"' in form
    assert [one for one in texts(form) if one in ("小时值", "雨量", "起因")] == ["起因", "雨量"]


def test_a_hostile_report_is_text(small_office: SmallOffice) -> None:
    incident = small_office.open(HOSTILE, source=HOSTILE, plans=False)
    seen = small_office.see(Concerns, query={"f.cause": HOSTILE}, incident_id=incident)
    shown = seen.frame + "".join(seen.panels.values()) + "".join(small_office.see(Report).panels.values())
    assert "<img" not in shown
    assert HOSTILE in small_office.see(Report).lines("recent")
