"""查找: groups, links, nothing of another place."""

from __future__ import annotations

from api.console.screens.search import Search
from engine.incident.command import Note
from engine.plan.units import Unit, Units
from tests.console.small_office import SmallOffice


def found(office: SmallOffice, words: str) -> list[str]:
    return office.see(Search, query={"q": words}).lines("results")


def test_plans_by_title_and_number(small_office: SmallOffice) -> None:
    assert found(small_office, "1号 某政发") == ["预案", "1 条", "某地某类事件应急预案", "某政发", "〔2026〕", "1号", "某市"]
    assert 'href="/plans/good"' in small_office.see(Search, query={"q": "1号"}).panels["results"]


def test_clauses_by_what_the_ledger_and_the_duties_say(small_office: SmallOffice) -> None:
    assert found(small_office, "编制目的") == ["条款", "1 条", "1", "某地某类事件应急预案", "编制目的"]
    assert found(small_office, "增派") == ["条款", "1 条", "4", "某地某类事件应急预案", "事发单位：", "增派", "人员"]


def test_incidents_watches_and_what_the_journal_says(small_office: SmallOffice) -> None:
    incident = small_office.open("桥梁受损")
    small_office.do(incident, Note("桥梁已封闭", small_office.clock()))
    watch = small_office.open("桥梁监测", watch=True)
    small_office.open("别处的桥梁", place="别处")
    seen = small_office.see(Search, query={"q": "桥梁"})
    lines = seen.lines("results")
    assert lines[:2] == ["事件", "2 条"]
    assert [one for one in lines if one in ("处置中", "常态监测")] == ["常态监测", "处置中"]
    assert f'href="/watches/{watch}"' in seen.panels["results"]
    assert f'href="/incidents/{incident}"' in seen.panels["results"]
    assert f'href="/journal?incident={incident}&amp;at=3"' in seen.panels["results"]
    assert "别处的" not in seen.panels["results"]


def test_units_by_every_name_that_they_go_by(small_office: SmallOffice) -> None:
    unit = Unit("某市应急管理局", "市", aliases=("市应急局",))
    loaded = small_office.library.current()
    before = dict(loaded.units)
    loaded.units["某市"] = Units("某市", {"某市应急管理局": unit, "市应急局": unit})  # type: ignore[index]
    try:
        assert found(small_office, "应急局") == ["单位", "1 条", "某市应急管理局", "某市", "又称：市", "应急局"]
    finally:
        loaded.units.clear()  # type: ignore[attr-defined]
        loaded.units.update(before)  # type: ignore[attr-defined]


def test_indicators_by_label(small_office: SmallOffice) -> None:
    assert found(small_office, "雨量") == ["指标", "1 条", "雨量", "2", "某地某类事件应急预案"]


def test_nothing_found_and_nothing_asked_are_said(small_office: SmallOffice) -> None:
    assert found(small_office, "zzz") == ["没有找到“zzz”。换一个词，或少写几个字"]
    assert found(small_office, "") == ["输入词语就找：文号、条款号、单位的简称、事件的标题、日志里的话"]


def test_hostile_words_are_text(small_office: SmallOffice) -> None:
    small_office.open('<img src=x onerror="1">')
    seen = small_office.see(Search, query={"q": "<img"})
    assert "<img" not in seen.frame + seen.panels["results"]
    assert seen.lines("results")[:2] == ["事件", "1 条"]
    assert small_office.see(Search, query={"q": "("}).lines("results") == ["没有找到“(”。换一个词，或少写几个字"]
