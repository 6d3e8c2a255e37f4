"""The screen of an incident without a browser: what its panels say while the heavy-pollution story runs, to whom, and at which moment."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from api.console.screens.incident import IncidentScreen
from api.console.screens.incident_view import MEMO
from api.console.screens.incident_whatif import WhatIf
from api.console.visit import Visit
from tests.console.story_desk import CLEARING, ORANGE, RED, Desk, duties, said
from tests.http.duty_office import NIGHT, signature

HOSTILE = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"


def test_from_the_forecast_to_the_lift(desk: Desk) -> None:
    city = desk.city
    incident = city.opened(title="市区重污染")
    first = desk.see(incident)
    assert said(first, "proposals").startswith("没有待签的建议")
    assert "— 未达级别 预警级别" in said(first, "head")
    assert "未知 · 从未报告" in said(first, "facts")

    city.forecast(incident, **ORANGE)
    waiting = desk.see(incident)
    proposed = said(waiting, "proposals")
    assert "签发 ▲ Ⅱ 橙色 响应级别 Ⅱ级" in proposed
    assert "将以主管副市长签发预警级别橙色，启动响应级别Ⅱ级" in proposed
    assert "依据 3.2.2" in proposed and "80小时" in proposed
    assert f'href="/sign/{incident}/P1"' in waiting.panels["proposals"]
    assert "等您以主管副市长签" in said(desk.see(incident, city.vice), "proposals")
    assert "等您" not in proposed
    assert "80小时" in said(waiting, "facts") and "监测预报组" in said(waiting, "facts")
    why = said(waiting, "assessment")
    assert "为什么达到 ▲ Ⅱ 橙色" in why and "为什么没有达到 ■ Ⅰ 红色" not in why
    assert "预测AQI日均值>200将持续的时间 96小时以上 80小时 还差 16小时" in why
    assert "往上差多少 ■ Ⅰ 红色" in why and "预测AQI日均值的最大值500以上 3.2.3" in why
    assert "先问" in why

    city.vice.post(f"/incidents/{incident}/decisions", signature("orange", "主管副市长", proposal="P1"))
    running = desk.see(incident)
    head = said(running, "head")
    assert "▲ Ⅱ 橙色" in head and "响应级别 Ⅱ级" in head and "由 主管副市长 vice先生 20:00 签发" in head
    assert "朔政办发〔2020〕59号" in head and "版本" in head
    assert "书面初报" in duties(running) and "20:30" in duties(running)

    desk.later(minutes=40)
    assert "已逾期" in duties(desk.see(incident))
    city.forecast(incident, **RED)
    assert "升至 ■ Ⅰ 红色" in said(desk.see(incident), "proposals")
    city.mayor.post(f"/incidents/{incident}/decisions", signature("red", "市长", proposal="P2"))
    desk.later(hours=30)
    city.forecast(incident, **CLEARING)
    held = desk.see(incident)
    assert "没有待签的建议" in said(held, "proposals") and "红色还在行" in said(held, "proposals")
    rules = said(held, "assessment")
    assert "降级的条件 3.5.1" in rules and "还差 1小时" in rules
    desk.later(hours=2)
    city.forecast(incident, below_standard_duration=36)
    assert "降至 ◆ Ⅲ 黄色" in said(desk.see(incident), "proposals")


def test_the_past_is_shown_as_it_was_and_takes_nothing(desk: Desk) -> None:
    city = desk.city
    watcher = city.office.hire("watcher", "observer")
    incident = city.orange()
    city.forecast(incident, **RED)
    then, at = desk.see(incident, watcher), city.office.clock()
    desk.later(hours=3)
    city.forecast(incident, **CLEARING)
    MEMO.clear()
    past = desk.see(incident, watcher, query={"at": at.isoformat()})
    for name in ("facts", "assessment", "journal", "duty-counts"):
        assert past.panels[name] == then.panels[name], name
    assert duties(past) == duties(then)
    assert "不是现在" in past.frame
    officer = desk.see(incident, query={"at": at.isoformat()})
    assert "data-entry" not in officer.frame and "data-url" not in "".join(officer.panels.values())
    assert "在您看" not in desk.see(incident).frame


def test_an_observer_sees_everything_and_is_offered_no_form(desk: Desk) -> None:
    incident = desk.city.orange()
    seen = desk.see(incident, desk.city.office.hire("watcher", "observer"))
    assert "data-url" not in seen.frame + "".join(seen.panels.values())
    assert "书面初报" in duties(seen)


def test_a_fact_entered_elsewhere_changes_only_the_panels_concerned(desk: Desk) -> None:
    incident = desk.city.orange()
    before = desk.see(incident).panels
    desk.city.forecast(incident, aqi_24h_mean_max=310)
    after = desk.see(incident).panels
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"facts", "assessment", "journal", "options"}

    key = next(iter(desk.city.officer.get(f"/incidents/{incident}/duties")["units"]))["duties"][0]["key"]
    desk.city.officer.post(f"/incidents/{incident}/duties/{quote(key, safe='')}/steps", {"step": "notified"})
    marked = desk.see(incident).panels
    assert {name.partition(":")[0] for name in marked if marked[name] != after[name]} <= {"duties", "duty-counts", "journal"}
    assert "duties" not in {name for name in marked if marked[name] != after[name]}


def test_a_correction_names_its_entry_and_the_original_stays_readable(desk: Desk) -> None:
    city = desk.city
    incident = city.opened()
    told = city.forecast(incident, so2_hourly_max=621)
    entry = told["entries"][0]["seq"]
    city.officer.post(f"/incidents/{incident}/facts/{entry}/correction", {"value": 612, "reason": "读数誊错"})
    seen = desk.see(incident)
    facts = seen.panels["facts"]
    assert "<s>621微克/立方米</s>" in facts and "读数誊错" in facts and "1 次更正" in facts
    assert f'data-setentry="{entry}"' in facts
    assert f"已由第{entry + 1}条更正" in said(seen, "journal") or "更正" in said(seen, "journal")
    assert f'href="#entry-{entry}"' in seen.panels["journal"]


def test_two_sources_that_disagree_are_plainly_in_conflict(desk: Desk) -> None:
    incident = desk.city.opened()
    for source, value in (("市站", 300), ("省站", 700)):
        body = {"facts": {"so2_hourly_max": value}, "source": source, "observed_at": NIGHT.isoformat()}
        desk.city.officer.post(f"/incidents/{incident}/facts", body)
    assert "相互矛盾" in said(desk.see(incident), "facts")


def test_hostile_text_is_shown_and_never_run(desk: Desk) -> None:
    incident = desk.city.opened(title=HOSTILE, place=HOSTILE, report=HOSTILE, source=HOSTILE)
    path = f"/incidents/{incident}"
    desk.city.officer.post(f"{path}/facts", {"facts": ORANGE, "source": HOSTILE})
    desk.city.officer.post(f"{path}/notes", {"text": HOSTILE})
    desk.city.vice.post(f"{path}/decisions", signature("orange", "主管副市长", proposal="P1", area=HOSTILE))
    duty = desk.city.officer.get(f"{path}/duties")["units"][0]["duties"][0]["key"]
    desk.city.officer.post(f"{path}/duties/{quote(duty, safe='')}/steps", {"step": "impossible", "note": HOSTILE})
    for seen in (desk.see(incident), desk.see(incident, kind=WhatIf, query={"f.so2_hourly_max": HOSTILE, "r.x.y": HOSTILE})):
        html = seen.frame + "".join(seen.panels.values())
        assert "<script>alert" not in html and "<img src=x" not in html
        assert "&lt;script&gt;" in html


def test_what_if_shows_the_difference_beside_the_live_state_and_records_nothing(desk: Desk) -> None:
    city = desk.city
    incident = city.orange()
    seq = city.officer.get(f"/incidents/{incident}")["seq"]
    same = desk.see(incident, kind=WhatIf)
    assert "还没有假设" in said(same, "differences") and "没有差别" in said(same, "differences")
    seen = desk.see(
        incident,
        kind=WhatIf,
        query={"f.aqi_above_200_duration": "100", "f.aqi_above_300_duration": "50", "h.aqi_above_300_duration": "at_least"},
    )
    differs = said(seen, "differences")
    assert "假设" in seen.frame and "什么也不记录" in seen.frame
    assert "80小时 变 100小时" in differs and "未知 变 至少50小时" in differs
    assert "▲ Ⅱ 橙色 变 ■ Ⅰ 红色" in differs and "不须签发 变 市长" in differs
    assert "新增的任务" in differs
    wrong = desk.see(incident, kind=WhatIf, query={"f.aqi_above_200_duration": "很久"})
    assert "不是数" in said(wrong, "differences")
    assert city.officer.get(f"/incidents/{incident}")["seq"] == seq


def test_a_reported_series_is_drawn_against_the_thresholds(desk: Desk) -> None:
    incident = desk.city.opened()
    hours = [[(NIGHT + timedelta(hours=n)).isoformat(), None if n == -3 else 220 + n] for n in range(-30, 20)]
    desk.city.officer.post(f"/incidents/{incident}/facts", {"facts": {"aqi_hourly": hours}, "source": "自动站"})
    drawn = desk.see(incident).panels["series"]
    assert 'class="threshold"' in drawn and ">200</text>" in drawn and "现在 20:00" in drawn and 'class="gap"' in drawn
    assert "缺 1 小时（斜纹）" in drawn


def test_an_incident_that_is_not_there_is_said_so(desk: Desk) -> None:
    secret = desk.city.officer.headers["cookie"].partition("=")[2]
    screen = IncidentScreen(Visit(desk.place, secret, {"incident_id": "20201220-999"}, {}))
    at_desk = screen.visit.at_desk()
    assert "没有事件“20201220-999”" in screen.frame(at_desk)
    assert screen.name(at_desk) == "事件"
