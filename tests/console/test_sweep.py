"""情景扫描: the map, counts and turns of what is typed; a second reading beside it; an incident's facts and point; larger runs in their own thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

import pytest

from api.console.screens.sweep import Sweep
from api.console.visit import Place, Visit
from api.library import Library
from engine.plan.finding import YuanError
from tests.console.small_office import Seen
from tests.console.story_desk import Desk, said
from tests.http.duty_office import CITY, POLLUTION, City

AIR = {"plan": "shuozhou-heavy-pollution", "x": "aqi_above_200_duration", "y": "so2_hourly_max"}
INJURED = {"plan": "shuozhou-special-equipment", "x": "deaths", "y": "serious_injuries"}


def see(desk: Desk, **query: str) -> Seen:
    return desk.see("", kind=Sweep, query=query)


def test_the_work_area_is_in_the_dress_of_drills(desk: Desk) -> None:
    seen = see(desk)
    assert 'class="assumption sweeping"' in seen.frame
    assert '<b class="assumed">推演</b>' in seen.frame
    assert "什么也不记录" in seen.frame


def test_every_plan_has_a_first_picture(desk: Desk) -> None:
    for plan in desk.place.library.current().plans:
        seen = see(desk, plan=plan)
        assert seen.panels["problems"] == ""
        assert seen.panels["counts"], plan
        assert seen.panels["map"], plan


def test_map_counts_and_turns(desk: Desk) -> None:
    seen = see(desk, **INJURED, rest="normal", scale="grade", yr="0,10,50,100", xp="2", yp="20")
    assert "现在 2人，20人" in seen.lines("map")
    assert "③ 死亡人数 10人以上" in seen.lines("map")
    assert "死亡人数还差8人（10人以上、不足30人）：Ⅱ级（重大），" in " ".join(seen.lines("map"))
    assert seen.lines("counts")[0] == "全部组合 164 例；其余取常值"
    assert "10.37%" in seen.lines("counts")
    assert "30人以上" in seen.lines("courses")
    assert "/sweeps/page?plan=shuozhou-special-equipment&amp;x=deaths" in seen.panels["export"]


def test_only_one_indicator(desk: Desk) -> None:
    seen = see(desk, plan="shuozhou-special-equipment", x="deaths", y="none")
    assert seen.lines("map") == ["只变一个指标：见下面在哪里变。"]
    assert seen.lines("counts")[0] == "全部组合 41 例；其余未知"
    assert "3人以上" in seen.lines("courses")


def test_a_second_reading_stands_beside_it(desk: Desk) -> None:
    fixed = {
        "f.regional_notice": "none",
        "f.consultation_warning": "none",
        "f.no_improvement_24h": "true",
        "f.aqi_24h_mean_max": "342",
    }
    seen = see(desk, **AIR, **fixed, reading="HP-10=a", xp="76", yp="612")
    assert "现在这一点会变：预警级别 橙色 → 黄色" in seen.lines("compare")
    assert seen.panels["map"].count("<svg") == seen.panels["compare"].count("<svg") == 1
    assert any(one.startswith("预警级别：级别不同 ") for one in seen.lines("compare"))
    assert "监测或预测的二氧化硫小时浓度的最大值501微克/立方米" in seen.lines("compare")


def test_what_cannot_be_understood_is_said_and_the_rest_goes_on(desk: Desk) -> None:
    seen = see(desk, **INJURED, **{"f.boiler_capacity": "much", "xp": "two"})
    assert "发生爆炸或者中断运行的锅炉的容量" in said(seen, "problems")
    assert "死亡人数：“two”不是" in said(seen, "problems")
    assert seen.panels["map"]
    for query, words in (({"xr": "40:0"}, "下限 40 大于上限 0"), ({"xr": "0:99999999", "yr": "0:99"}, "超过 1,000,000 例")):
        seen = see(desk, **INJURED, **query)
        assert words in said(seen, "problems")
        assert seen.panels["map"] == seen.panels["counts"] == ""


def test_an_unknown_plan_is_refused(desk: Desk) -> None:
    with pytest.raises(YuanError):
        see(desk, plan="nothing")


def test_facts_readings_and_point_of_an_incident(desk: Desk) -> None:
    incident = desk.city.opened()
    desk.city.forecast(incident, aqi_above_200_duration=76, so2_hourly_max=612, regional_notice="none")
    seen = see(desk, incident=incident, x="aqi_above_200_duration", y="so2_hourly_max")
    assert f'href="/incidents/{incident}"' in seen.frame
    assert "现在 76小时，612微克/立方米" in seen.lines("map")
    moved = see(desk, incident=incident, x="aqi_above_200_duration", y="so2_hourly_max", yp="900")
    assert "现在 76小时，900微克/立方米" in moved.lines("map")
    partly = desk.city.forecast(incident, so2_hourly_max={"at_least": 612})
    assert partly
    seen = see(desk, incident=incident, x="aqi_above_200_duration", y="regional_notice")
    assert seen.panels["problems"] == ""
    assert "全部组合" in said(seen, "counts")
    with pytest.raises(YuanError):
        see(desk, incident="20200101-999")


def test_nothing_typed_becomes_markup(desk: Desk) -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    seen = see(desk, **INJURED, xr=hostile, yp=hostile, **{"f.boiler_capacity": hostile}, reading=hostile, scale=hostile)
    assert "<img" not in seen.frame + "".join(seen.panels.values())


def test_a_large_sweep_is_counted_in_its_own_thread_and_wakes_the_tab(desk: Desk) -> None:
    query: Mapping[str, str] = {**AIR, "xr": "0:499:1", "yr": "0:999:1"}
    secret = desk.city.officer.headers["cookie"].partition("=")[2]
    screen = Sweep(Visit(desk.place, secret, {}, query))
    woken = threading.Event()
    screen.wake = woken.set
    at_desk = screen.visit.at_desk()
    first = screen.panels(at_desk)
    if "<progress" in first["counts"]:
        assert "正在数：" in first["counts"]
        assert first["map"] == ""
    assert woken.wait(60)
    for _ in range(300):
        found = screen.panels(at_desk)
        if found["map"]:
            break
        time.sleep(0.05)
    assert "全部组合 500,000 例" in found["counts"]
    assert screen.panels(at_desk) == found


def test_another_plan_and_another_version_stand_beside_it_too(desk: Desk) -> None:
    safety, metal = "wutai-mayday-work-safety", "wutai-metallurgy-trade-accident"
    seen = see(desk, plan=safety, x="deaths", y="serious_injuries", reading=f"plan={metal}")
    assert f'value="plan={metal}"' in seen.frame
    assert 'value="plan=shuozhou-drought"' not in seen.frame
    metal_title = desk.place.library.current().plans[metal].title
    assert any(one.startswith(f"乙 《{metal_title}》") for one in seen.lines("compare"))
    assert "事故等级：两边处处相同" in seen.lines("compare")


def test_a_version_that_is_not_in_force_yet(city: City, two_versions: Library) -> None:
    desk = Desk(city, Place(two_versions, city.office.office, CITY, lambda plan, clause: {}))
    both = [one.digest[:12] for one in two_versions.current().versions[POLLUTION]]
    frame = see(desk, **AIR).frame
    (other,) = [digest for digest in both if f'value="plan={digest}"' in frame]
    compared = see(desk, **AIR, reading=f"plan={other}")
    assert compared.panels["problems"] == ""
    assert any(f"（版本 {other[:8]}）" in one for one in compared.lines("compare"))
    assert "预警级别：两边处处相同" in compared.lines("compare")
