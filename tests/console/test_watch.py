"""常态监测: the list, one watch, its proposal."""

from __future__ import annotations

import pytest

from api.console.screens.watch import Watch, Watches
from api.store.failure import NoIncident
from engine.incident.command import Archive, End, NotYours, Observe
from tests.console.small_office import SmallOffice


def fed(office: SmallOffice, **facts: object) -> str:
    watch = office.open("某项监测", watch=True)
    office.do(watch, Observe(facts, "自动站", office.clock()))
    return watch


def test_the_list_shows_how_far_the_next_level_is(small_office: SmallOffice) -> None:
    watch = fed(small_office, deaths=0)
    small_office.open("一件事件")
    lines = small_office.see(Watches).lines("watches")
    assert lines[:11] == [
        "某项监测", watch, "某地某类事件应急预案",
        "分级", "—", "未达级别", "到Ⅳ级，最近：", "Ⅳ", "Ⅳ级\u3000已排除", "Ⅲ", "Ⅲ级\u3000已排除",
    ]  # fmt: skip
    assert lines[11:13] == ["死亡人数还差1人，到1人以上", "2"]


def test_values_come_with_source_and_age_and_the_unknown_is_said(small_office: SmallOffice) -> None:
    watch = fed(small_office, deaths=0, outage=3)
    seen = small_office.see(Watch, incident_id=watch)
    assert seen.lines("values") == [
        "指标", "值", "何时", "来源", "死亡人数", "0人", "自动站", "中断时间", "3小时", "自动站",
        "受伤人数", "未知 · 从未报告", "起因", "未知 · 从未报告", "小时值", "未知 · 从未报告", "均值", "未知 · 从未报告",
        "各乡镇", "未知 · 从未报告",
    ]  # fmt: skip
    assert 'data-since="2026-11-22T03:12:00+08:00"' in seen.panels["values"]


def test_a_reached_level_proposes_an_incident(small_office: SmallOffice) -> None:
    watch = fed(small_office, deaths=2)
    seen = small_office.see(Watch, incident_id=watch)
    assert seen.lines("proposal")[:4] == ["●", "Ⅳ级", "建议登记事件：分级达到Ⅳ级", "2"]
    assert "死亡人数 2人（自动站）" in seen.lines("proposal")
    assert f'data-url="/api/v1/watches/{watch}/incident"' in seen.frame
    assert 'data-go="/incidents/{incident}"' in seen.frame


def test_facts_are_fed_by_hand_area_by_area(small_office: SmallOffice) -> None:
    watch = fed(small_office, deaths=0)
    form = small_office.see(Watch, incident_id=watch).frame
    assert f'data-url="/api/v1/watches/{watch}/facts"' in form
    for name in ("facts.deaths", "facts.towns.甲.rain", "facts.towns.乙.rain", "facts.hourly"):
        assert f'name="{name}"' in form


def test_who_only_looks_has_no_forms(small_office: SmallOffice) -> None:
    watch = fed(small_office, deaths=0)
    observer = small_office.hire("observer", "observer")
    assert "<form" not in small_office.see(Watch, observer, incident_id=watch).frame
    assert "<form" not in small_office.see(Watches, observer).frame


def test_an_incident_is_no_watch_and_another_place_is_not_there(small_office: SmallOffice) -> None:
    elsewhere = small_office.open("别处的", watch=True, place="别处")
    for one in (small_office.open("事件"), elsewhere, "W20200101-001"):
        with pytest.raises(NoIncident):
            small_office.see(Watch, incident_id=one)
    assert "别处的" not in small_office.see(Watches).lines("watches")


def test_a_hostile_source_is_text(small_office: SmallOffice) -> None:
    watch = small_office.open("<b onclick=x>", watch=True)
    small_office.do(watch, Observe({"deaths": 2}, "<script>", small_office.clock()))
    seen = small_office.see(Watch, incident_id=watch)
    shown = seen.frame + "".join(seen.panels.values()) + small_office.see(Watches).panels["watches"]
    assert "<script>" not in shown and "<b onclick" not in shown
    assert "<script>" in seen.lines("values")


def test_a_watch_is_ended_with_a_reason_and_then_archived(small_office: SmallOffice) -> None:
    watch = fed(small_office, deaths=0)
    seen = small_office.see(Watch, incident_id=watch)
    assert f'data-url="/api/v1/incidents/{watch}/end"' in seen.panels["ending"]
    assert "值班员" in seen.lines("ending") and 'name="reason" required' in seen.panels["ending"]
    small_office.do(watch, End("值班员", "季节已过"))
    ended = small_office.see(Watch, incident_id=watch)
    assert ended.lines("ending")[:2] == ["监测已结束，03:12", "事实、建议和日志都还查得到；要再监测，另建一项"]
    assert f'data-url="/api/v1/incidents/{watch}/archive"' in ended.panels["ending"]
    assert "data-url" not in ended.frame
    assert small_office.see(Watches).lines("watches") == ["没有常态监测。建立后，这里显示离下一级还差多少"]
    small_office.do(watch, Archive("材料齐全"))
    assert small_office.see(Watch, incident_id=watch).lines("ending")[0] == "监测已归档"


def test_who_has_no_post_is_told_who_may_end_it(small_office: SmallOffice) -> None:
    watch = fed(small_office, deaths=0)
    bare = small_office.hire("bare", "officer")
    seen = small_office.see(Watch, bare, incident_id=watch)
    assert "data-url" not in seen.panels["ending"]
    assert seen.lines("ending") == ["结束监测由市指挥部或带班领导或值班员签，您没有这样的职务"]
    observer = small_office.hire("onlooker", "observer")
    assert small_office.see(Watch, observer, incident_id=watch).lines("ending") == []


def test_the_end_of_an_incident_stays_with_the_leader(small_office: SmallOffice) -> None:
    with pytest.raises(NotYours):
        small_office.do(small_office.open("一件事件"), End("值班员", "误报"))
