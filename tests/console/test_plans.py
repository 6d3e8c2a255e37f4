"""The plans' screens: the list, and one plan's parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.console.parts.gaps import gaps
from api.console.screens.plan import PARTS, OnePlan
from api.console.screens.plan_duties import NOBODY
from api.console.screens.plans import Plans
from api.library import Library, library, plans_folder
from engine.incident.command import Sign
from engine.plan.finding import UnknownName
from tests.console.small_office import Seen, SmallOffice, texts

GOOD = Path(__file__).parent.parent / "bad_plans" / "good.yaml"
HOSTILE = "<img src=x onerror=alert(1)>"
Offices = Callable[..., SmallOffice]


@pytest.fixture
def office_on(tmp_path: Path) -> Iterator[Offices]:
    """An office on plan files of one's own: name -> text."""
    made = []

    def make(**files: str) -> SmallOffice:
        folder = tmp_path / "plans" / "place"
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text)
        made.append(SmallOffice(tmp_path, Library([folder.parent])))
        return made[-1]

    yield make
    for one in made:
        one.close()


def part(office: SmallOffice, name: str, **query: str) -> list[str]:
    return office.see(OnePlan, query={"part": name, **query}, plan_id="good").lines("part")


def test_the_list_shows_document_versions_check_up_and_incidents(small_office: SmallOffice) -> None:
    small_office.open()
    small_office.open(watch=True)
    seen = small_office.see(Plans)
    assert seen.lines("plans") == [
        "某市", "1 件", "预案", "文号", "施行", "任务", "读法", "版本", "体检", "在办",
        "某地某类事件应急预案", "某政发〔2026〕1号", "2026-01-01 起", "2", "2", "1", "体检通过", "1 件", "研判",
    ]  # fmt: skip
    assert 'href="/plans/good/assess"' in seen.panels["plans"]


def test_plans_of_another_place_stand_last_and_are_for_reading_only(office_on: Offices) -> None:
    text = GOOD.read_text()
    office = office_on(
        good=text, other=text.replace("plan: good", "plan: other").replace("jurisdiction: 某市", "jurisdiction: 丙县")
    )
    lines = office.see(Plans).lines("plans")
    assert (lines[0], lines[lines.index("丙县") + 1]) == ("某市", "仅供查看")
    head = office.see(OnePlan, plan_id="other").lines("head")
    assert "丙县 · 仅供查看" in head
    guest = office.hire("guest", "observer", place="丙县")
    assert office.see(Plans, guest).lines("plans")[0] == "丙县"


def test_a_file_that_was_not_taken_up_is_said_with_its_place(office_on: Offices, tmp_path: Path) -> None:
    office = office_on(good=GOOD.read_text())
    (tmp_path / "plans" / "place" / "good.yaml").write_text(GOOD.read_text().replace('clause: "4"', 'clause: "9"'))
    office.library.refresh()
    seen = office.see(Plans)
    assert "place/good.yaml:" in seen.panels["rejected"]
    assert any("没有采用" in one for one in seen.lines("plans"))


def test_thresholds_stand_by_indicator_and_level_with_clauses_and_readings(small_office: SmallOffice) -> None:
    lines = part(small_office, "levels")
    at = lines.index("死亡人数")
    assert lines[at : at + 7] == ["死亡人数", "1人以上、不足3人", "2", "3人以上", "2", "读法", "01"]
    html = small_office.see(OnePlan, plan_id="good").panels["part"]
    assert 'data-clause="good|2"' in html
    assert 'href="/plans/good?part=readings#reading-R-01"' in html


def test_what_the_plan_leaves_open_is_listed_under_the_hatch(small_office: SmallOffice) -> None:
    found = [(one.kind, one.words) for one in gaps(small_office.plan)]
    assert found == [
        ("没有程序", "分级由谁认定没有写，由值班员记录"),
        ("没有规则", "分级怎样降级、解除没有写"),
        ("没有规则", "响应怎样降级、解除没有写"),
        ("没有负责人", "市指挥部由谁负责没有写"),
    ]
    html = small_office.see(OnePlan, plan_id="good").panels["part"]
    assert html.count('class="unknown"') == 3


def test_machines_are_drawn_and_show_where_an_incident_stands(small_office: SmallOffice) -> None:
    incident = small_office.open("甲事")
    plain = small_office.see(OnePlan, query={"part": "states"}, plan_id="good").panels["part"]
    assert plain.count("<svg") == 3
    assert 'class="state now' not in plain
    assert f"part=states&amp;incident={incident}" in plain
    head = small_office.hire("head", "leader", posts=("市指挥部",))
    small_office.do(incident, Sign("good", "response", "I", "市指挥部", reason="情况紧急"), head)
    lit = small_office.see(OnePlan, query={"part": "states", "incident": incident}, plan_id="good").panels["part"]
    assert 'class="state now red"' in lit
    assert "现在：Ⅰ级" in " ".join(texts(lit))


def test_an_incident_of_another_place_is_not_shown(small_office: SmallOffice) -> None:
    there = small_office.open("乙事", place="别处")
    seen = small_office.see(OnePlan, plan_id="good", query={"part": "states"})
    assert "乙事" not in seen.panels["part"]
    with pytest.raises(Exception, match="没有事件"):
        small_office.see(OnePlan, plan_id="good", query={"part": "states", "incident": there})


def test_duties_stand_by_unit_and_level_with_deadlines(small_office: SmallOffice) -> None:
    lines = part(small_office, "duties")
    at = lines.index("事发单位")
    assert lines[at : at + 3] == ["事发单位", "1", "2"]
    assert "1小时内，自接到报告起" in lines
    assert part(small_office, "duties", unit="没有的单位")[-1] == "“没有的单位”在这里没有任务"


def test_duties_without_a_unit_stand_last_under_the_hatch(office_on: Offices) -> None:
    office = office_on(good=GOOD.read_text().replace("unit: 事发单位, do: 增派人员", "unit: null, do: 增派人员"))
    lines = part(office, "duties")
    assert lines.index(NOBODY) > lines.index("事发单位")


def test_readings_say_what_can_be_switched_and_why_not(small_office: SmallOffice) -> None:
    lines = part(small_office, "readings")
    assert "2 条读法，2 条可以切换；切换只在研判和推演中试，不改预案" in lines
    assert lines[lines.index("其他 b") : lines.index("其他 b") + 3] == ["其他 b", "另一种写法", "不能切换：只是写法不同"]


def test_the_ledger_has_every_clause(small_office: SmallOffice) -> None:
    lines = part(small_office, "ledger")
    assert "4 条：3 条已编入，1 条不编入并写了理由，没有遗漏" in lines
    assert lines[lines.index("1") : lines.index("1") + 4] == ["1", "不编入", "—", "编制目的"]


def test_versions_say_what_changed_and_what_a_change_would_do(office_on: Offices, tmp_path: Path) -> None:
    later = (
        GOOD.read_text()
        .replace("in_force: 2026-01-01", "in_force: 2026-12-01")
        .replace("1号", "9号")
        .replace("within: 1小时, from: reported}, clause", "within: 3小时, from: reported}, clause")
    )
    office = office_on(good=GOOD.read_text())
    incident = office.open("甲事")
    (tmp_path / "plans" / "place" / "good@2.yaml").write_text(later)
    office.library.refresh()
    head = office.hire("head", "leader", posts=("市指挥部",))
    office.do(incident, Sign("good", "response", "II", "市指挥部", reason="情况紧急"), head)
    lines = part(office, "versions")
    assert lines.index("尚未施行") < lines.index("在行")
    assert "增：事发单位 报告情况，3小时内，自接到报告起（4）" in lines
    assert "在办事件都按在行的版本办理" in lines
    office.later(days=10)
    lines = part(office, "versions")
    assert "甲事" in lines
    assert any("3小时" in one and "增加任务" in one for one in lines)
    old = office.library.current().versions["good"][0].digest
    assert "已被代替" in office.see(OnePlan, plan_id="good", query={"version": old[:12]}).lines("head")


def test_a_plan_that_is_not_there_is_said(small_office: SmallOffice) -> None:
    with pytest.raises(UnknownName, match="没有预案“别的”"):
        small_office.see(OnePlan, plan_id="别的")


def test_hostile_text_stays_text(office_on: Offices) -> None:
    text = GOOD.read_text().replace("某地某类事件应急预案", HOSTILE).replace("报告情况", HOSTILE).replace("三人算不算", HOSTILE)
    office = office_on(good=text)
    shown: list[Seen] = [office.see(Plans)]
    shown += [office.see(OnePlan, query={"part": one, "unit": f'"{HOSTILE}'}, plan_id="good") for one in PARTS]
    for seen in shown:
        for html in (seen.frame, *seen.panels.values()):
            assert "<img" not in html
    assert HOSTILE in texts(shown[0].panels["plans"])


@pytest.mark.parametrize("name", PARTS)
def test_every_part_of_every_plan_that_comes_with_yuan_can_be_drawn(tmp_path: Path, name: str) -> None:
    office = SmallOffice(tmp_path, Library((plans_folder(),)))
    for plan in library().plans:
        assert office.see(OnePlan, query={"part": name}, plan_id=plan).panels["part"]
    office.close()
