"""The way out of an incident on its screen: held, lowered, lifted, ended, archived; and hours that are only assumed."""

from __future__ import annotations

from datetime import timedelta

from api.console.screen import MOST_ASKED
from api.console.screens.incident_whatif import WhatIf
from tests.console.story_desk import CLEARING, RED, Desk, duties, said
from tests.http.duty_office import NIGHT, signature


def test_lowered_only_when_it_may_then_lifted_ended_and_archived(desk: Desk) -> None:
    city = desk.city
    incident = city.opened(title="市区重污染")
    city.forecast(incident, **RED)
    city.mayor.post(f"/incidents/{incident}/decisions", signature("red", "市长", proposal="P1"))
    running = desk.see(incident)
    assert "■ Ⅰ 红色" in said(running, "head") and "书面初报" in duties(running)

    desk.later(hours=30)
    city.forecast(incident, **CLEARING)
    held = desk.see(incident)
    assert "没有待签的建议" in said(held, "proposals") and "还在行：降级、解除的条件见下" in said(held, "proposals")
    assert "还差 1小时" in said(held, "assessment")

    desk.later(hours=2)
    city.forecast(incident, below_standard_duration=36)
    down = said(desk.see(incident, city.mayor), "proposals")
    assert "降至 ◆ Ⅲ 黄色" in down and "等您以市长签" in down
    city.mayor.post(f"/incidents/{incident}/decisions", signature("yellow", "市长", proposal="P2"))
    assert "◆ Ⅲ 黄色" in said(desk.see(incident), "head")

    desk.later(hours=10)
    city.forecast(incident, aqi_above_200_duration=0, aqi_at_most_150_duration=40)
    out = desk.see(incident, city.vice)
    assert "解除 ◆ Ⅲ 黄色" in said(out, "proposals") and "将以主管副市长解除预警级别黄色，终止响应级别Ⅲ级" in said(
        out, "proposals"
    )
    assert "解除的条件" in said(out, "assessment")
    city.vice.post(f"/incidents/{incident}/decisions", signature(None, "主管副市长", proposal="P3"))
    lifted = desk.see(incident)
    assert "解除由 主管副市长 vice先生" in said(lifted, "head") and "— 未达级别 预警级别" in said(lifted, "head")
    # 级别解除时已经逾期而没有结果的，留着等人交代；其余随级别结束
    assert "没有在行的任务" not in said(lifted, "duties") and said(lifted, "journal").count("解除") >= 2
    assert 'data-open="end"' in lifted.panels["actions"] and 'data-open="archive"' not in lifted.panels["actions"]

    city.leader.post(f"/incidents/{incident}/end", {"post": "带班领导", "reason": "过程结束"})
    ended = desk.see(incident)
    assert "没有在行的任务" in said(ended, "duties")
    assert "已结束" in said(ended, "head") and "过程结束" in said(ended, "journal")
    assert 'data-open="archive"' in ended.panels["actions"] and 'data-open="moment"' not in ended.panels["actions"]
    assert "data-entry" not in ended.frame and 'id="note"' in ended.frame

    city.leader.post(f"/incidents/{incident}/archive", {"reason": "材料齐全"})
    kept = desk.see(incident)
    assert "已归档" in said(kept, "head") and "材料齐全" in said(kept, "journal")
    assert "data-url" not in kept.frame + "".join(kept.panels.values())
    then = desk.see(incident, query={"at": (NIGHT + timedelta(minutes=1)).isoformat()})
    assert "■ Ⅰ 红色" in said(then, "head") and "不是现在" in then.frame


def _pasted(hours: range, value: int) -> str:
    return "\r\n".join(f"{NIGHT + timedelta(hours=n):%Y-%m-%d %H:%M}\t{value}" for n in hours)


def test_a_changed_series_is_assumed_drawn_and_what_follows_is_marked(desk: Desk) -> None:
    city = desk.city
    incident = city.opened()
    told = [[(NIGHT + timedelta(hours=n)).isoformat(), 90] for n in range(-30, 1)]
    city.officer.post(f"/incidents/{incident}/facts", {"facts": {"aqi_hourly": told}, "source": "自动站"})
    seq = city.officer.get(f"/incidents/{incident}")["seq"]
    same = desk.see(incident, kind=WhatIf)
    assert '<textarea name="f.aqi_hourly"' in same.frame and "假设的" not in said(same, "differences")

    query = {"f.aqi_hourly": _pasted(range(1, 90), 420)}
    seen = desk.see(incident, kind=WhatIf, query=query)
    differs = said(seen, "differences")
    assert "31个小时值" in differs and "变 120个小时值" in differs
    assert ("随之：" in differs and "▲ Ⅱ 橙色" in differs + seen.panels["differences"]) or "红色" in differs
    assert "<svg" in seen.panels["differences"] and query["f.aqi_hourly"][:16] in seen.frame
    gone = said(desk.see(incident, kind=WhatIf, query={"h.aqi_hourly": "unknown"}), "differences")
    assert "31个小时值，最后 12-20 20:00 为90 变 未知" in gone

    wrong = said(desk.see(incident, kind=WhatIf, query={"f.aqi_hourly": "2020-12-20 21:00\t很高"}), "differences")
    assert "第1行" in wrong.replace(" ", "")
    backwards = "2020-12-20 22:00\t90\n2020-12-20 21:00\t90"
    assert "时间倒退" in said(desk.see(incident, kind=WhatIf, query={"f.aqi_hourly": backwards}), "differences")
    cut = "2020-12-20 21:00\t90\n".ljust(MOST_ASKED, " ")
    assert "太长，没有算进去" in said(desk.see(incident, kind=WhatIf, query={"f.aqi_hourly": cut}), "differences")
    assert city.officer.get(f"/incidents/{incident}")["seq"] == seq
