"""The list of incidents."""

from __future__ import annotations

from api.console.screens.incidents import PAGE, Incidents
from engine.incident.command import Archive, End, Observe
from tests.console.small_office import SmallOffice

HEADS = ["事件", "预案与级别", "状态", "下一时限", "接报", "负责"]


def names(lines: list[str]) -> list[str]:
    return [one for one in lines if one.startswith("甲事") or one.startswith("乙事") or one.startswith("丙事")]


def test_a_row_says_what_it_is_and_how_it_stands(small_office: SmallOffice) -> None:
    incident = small_office.open("甲事")
    small_office.do(incident, Observe({"deaths": 2}, "现场", small_office.clock()))
    seen = small_office.see(Incidents)
    assert seen.lines("list") == [
        *HEADS, "甲事", incident, "—", "未达级别", "某地某类事件应急预案", "处置中", "2 项待签", "—", "03:12", "officer先生",
    ]  # fmt: skip


def test_filters(small_office: SmallOffice) -> None:
    first = small_office.open("甲事一", plans=False)
    second = small_office.open("乙事二")
    small_office.open("监测丙", watch=True)
    small_office.open("丙事", place="别处")
    small_office.do(first, End("带班领导", "处置完毕"), small_office.leader)

    def listed(**query: str) -> list[str]:
        return names(small_office.see(Incidents, query=query).lines("list"))

    assert listed() == ["乙事二"]
    assert listed(status="ended") == ["甲事一"]
    assert listed(status="all") == ["乙事二", "甲事一"]
    assert listed(status="all", q="甲事") == ["甲事一"]
    assert listed(status="all", q=second) == ["乙事二"]
    assert listed(status="all", plan="good") == ["乙事二"]
    assert listed(status="archived") == []
    small_office.do(first, Archive("材料齐全"), small_office.leader)
    assert listed(status="archived") == ["甲事一"]
    assert listed(before="1") == []
    assert listed(before="9" * 40) == ["乙事二"]


def test_pages_follow_each_other(small_office: SmallOffice) -> None:
    titles = [f"甲事{n}" for n in range(PAGE + 2)]
    for title in titles:
        small_office.open(title, plans=False)
    newest_first = titles[::-1]
    seen = small_office.see(Incidents)
    assert names(seen.lines("list")) == newest_first[:PAGE]
    position = small_office.office.desk.states.listed()[PAGE - 1].position
    assert f'href="?before={position}"' in seen.panels["list"]
    after = small_office.see(Incidents, query={"before": str(position), "status": "open"})
    assert names(after.lines("list")) == newest_first[PAGE:]
    assert after.lines("list")[-1] == "回到最新"


def test_nothing_says_what_will_be_here(small_office: SmallOffice) -> None:
    assert small_office.see(Incidents).lines("list") == ["没有这样的事件。登记以后列在这里，结束和归档的也查得到"]


def test_a_hostile_title_is_text(small_office: SmallOffice) -> None:
    small_office.open("<script>alert(1)</script>")
    seen = small_office.see(Incidents, query={"q": '"><script>'})
    assert "<script>" not in seen.frame + seen.panels["list"]
    assert "<script>alert(1)</script>" in small_office.see(Incidents).lines("list")
