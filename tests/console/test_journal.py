"""日志: order, filters, corrections, pages, the check of the chain."""

from __future__ import annotations

from api.console.screens.journal import PAGE, JournalScreen
from engine.incident.command import Correct, Note, Observe
from tests.console.small_office import Seen, SmallOffice
from tests.store.test_verification import tamper

SAID = "接报登记：某厂爆炸（电话），启用《某地某类事件应急预案》"


def told(office: SmallOffice) -> str:
    """An incident with a fact that was corrected."""
    incident = office.open()
    office.later(minutes=5)
    office.do(incident, Observe({"deaths": 0}, "现场", office.clock()))
    office.do(incident, Correct(3, 1, "数错了"))
    return incident


def said(seen: Seen) -> list[str]:
    """What the entries say, in order."""
    lines = seen.lines("entries")
    kinds = ("登记", "责任人", "事实", "更正", "建议", "值班记录")
    return [lines[n + 1] for n, one in enumerate(lines[:-1]) if one in kinds]


def test_the_newest_comes_first_with_kind_and_person(small_office: SmallOffice) -> None:
    told(small_office)
    seen = small_office.see(JournalScreen)
    assert said(seen) == [
        "建议响应达到Ⅱ级（3、2），由市指挥部签发（P2）",
        "建议分级达到Ⅳ级（2），由市指挥部或带班领导或值班员签发（P1）",
        "更正第3条：死亡人数：1人；数错了",
        "死亡人数：0人（现场，11-22 03:17）",
        "责任人：officer先生",
        SAID,
    ]
    assert seen.lines("entries")[0] == "2026-11-22 周日"


def test_a_correction_and_what_it_corrects_point_at_each_other(small_office: SmallOffice) -> None:
    incident = told(small_office)
    panel = small_office.see(JournalScreen).panels["entries"]
    assert f'class="log-row corrected" id="e-{incident}-3"' in panel
    assert f'<a href="/journal?incident={incident}&amp;at=4">已由第 4 条更正</a>' in panel
    assert f'<a href="/journal?incident={incident}&amp;at=3">更正第 3 条</a>' in panel
    found = small_office.see(JournalScreen, query={"incident": incident, "at": "3"}).panels["entries"]
    assert f'class="log-row corrected found" id="e-{incident}-3"' in found


def test_filters(small_office: SmallOffice) -> None:
    first = told(small_office)
    second = small_office.open("另一件")
    small_office.do(second, Note("已电话通知值守", small_office.clock()))

    def found(**query: str) -> list[str]:
        return said(small_office.see(JournalScreen, query=query))

    assert found(kind="noted") == ["已电话通知值守"]
    assert found(kind="opened") == ["接报登记：另一件（电话），启用《某地某类事件应急预案》", SAID]
    assert found(incident=first, kind="fact_observed") == ["死亡人数：0人（现场，11-22 03:17）"]
    assert found(by="engine", incident=second) == []
    assert len(found(by="engine")) == 2
    assert found(q="值守") == ["已电话通知值守"]
    assert found(q="死亡 数错") == ["更正第3条：死亡人数：1人；数错了"]
    assert found(before="1") == []
    assert found(before="2") == [SAID]


def test_another_place_is_not_told_of(small_office: SmallOffice) -> None:
    elsewhere = small_office.open("别处的", place="别处")
    seen = small_office.see(JournalScreen)
    assert said(seen) == []
    assert elsewhere not in seen.frame
    everywhere = small_office.hire("root", "observer", place="*")
    assert len(said(small_office.see(JournalScreen, everywhere))) == 2


def test_pages_follow_each_other(small_office: SmallOffice) -> None:
    incident = small_office.open()
    for n in range(PAGE):
        small_office.do(incident, Note(f"第{n}次巡查", small_office.clock()))
    queries: tuple[dict[str, str], ...] = ({}, {"incident": incident})
    for query in queries:
        first = small_office.see(JournalScreen, query=query)
        assert said(first) == [f"第{n}次巡查" for n in reversed(range(PAGE))]
        assert "before=3" in first.panels["entries"]
        assert said(small_office.see(JournalScreen, query={**query, "before": "3"})) == ["责任人：officer先生", SAID]


def test_the_chain_is_checked_when_asked_for(small_office: SmallOffice) -> None:
    incident = told(small_office)
    assert small_office.see(JournalScreen).lines("check") == []
    sound = small_office.see(JournalScreen, query={"verify": "now"})
    assert sound.lines("check") == ["03:17:00 已核对 1 件事件、6 条记录：校验链完整"]
    tamper(small_office.office.engine, "UPDATE entries SET body = '{}' WHERE seq = 3")
    broken = small_office.see(JournalScreen, query={"verify": "now", "incident": incident})
    assert broken.lines("check")[0].startswith("03:17:00 校验链不完整，1 处。停止使用受损的记录")
    assert broken.lines("check")[1].endswith("第3条的内容与它的校验值不符")


def test_one_incident_can_be_exported(small_office: SmallOffice) -> None:
    incident = told(small_office)
    seen = small_office.see(JournalScreen, query={"incident": incident})
    assert f'href="/api/v1/incidents/{incident}/journal/export"' in seen.panels["check"]


def test_hostile_words_are_text(small_office: SmallOffice) -> None:
    incident = small_office.open("<i>x</i>")
    small_office.do(incident, Note("<script>alert(1)</script>", small_office.clock()))
    seen = small_office.see(JournalScreen, query={"q": '"><script>'})
    assert "<script>" not in seen.frame
    seen = small_office.see(JournalScreen)
    assert "<script>" not in seen.panels["entries"] + seen.frame
    assert "<i>" not in seen.panels["entries"] + seen.frame
    assert "<script>alert(1)</script>" in said(seen)
