"""Incidents from the first report to the archive, wholly over HTTP; what was seen at a moment can be seen again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from tests.http.duty_office import COUNTY, FIRE, POLLUTION, City, DutyOffice, signature

CLEARING = {
    "aqi_above_200_duration": 50, "aqi_above_300_duration": 0, "aqi_24h_mean_max": 250, "so2_hourly_max": 100, "no_improvement_24h": False,
    "below_standard_duration": 35, "aqi_at_most_150_duration": 0, "aqi_24h_mean": 180, "regional_notice": "none", "consultation_warning": "none",
}  # fmt: skip


def levels(seen: Any) -> dict[str, str]:
    """The levels in force, in words."""
    return {key: one["level_name"] for key, one in seen["plans"][0]["levels"].items()}


def test_heavy_pollution_from_the_first_report_to_the_archive(city: City) -> None:
    office, seen = city.office, dict[datetime, Any]()

    def look() -> Any:
        """The incident now, kept to be compared with what the journal says of that moment later."""
        seen[office.clock()] = found = city.officer.get(f"/incidents/{incident}")
        return found

    incident = city.opened()
    assert incident == "20201220-001"
    assert levels(look()) == {"warning": "未达级别", "response": "未达级别"}

    office.later(minutes=5)
    told = city.forecast(incident, aqi_above_200_duration=80)
    assert [one["words"] for one in told["entries"]] == [
        "预测AQI日均值>200将持续的时间：80小时（监测预报组，12-20 20:05）",
        "建议预警级别达到橙色（3.2.2），由主管副市长签发（P1）",
    ]
    (proposal,) = told["proposals"]
    assert (proposal["level"], proposal["clauses"], proposal["signers"], proposal["mine"]) == (
        "orange",
        ["3.2.2"],
        ["主管副市长"],
        [],
    )
    assert [(one["entry"], one["label"], one["source"]) for one in proposal["facts"]] == [
        (3, "预测AQI日均值>200将持续的时间", "监测预报组")
    ]
    assert proposal["effect"]["words"].startswith("将以主管副市长签发预警级别橙色，启动响应级别")
    look()

    office.later(minutes=5)
    path = f"/incidents/{incident}/decisions"
    assert city.officer.refused(path, signature("orange", "值班员", proposal="P1")) == (
        403, "not-yours", "“值班员”不能签发：预警级别橙色",
    )  # fmt: skip
    assert city.officer.refused(path, signature("orange", "主管副市长", proposal="P1"))[:2] == (403, "not-yours")
    signed = city.vice.post(path, signature("orange", "主管副市长", proposal="P1"))
    assert [one["kind"] for one in signed["entries"]] == ["decided", "level_set", "duties_changed"]
    assert signed["entries"][0]["words"] == "主管副市长vice先生签发：预警级别橙色，按建议"
    assert levels(look()) == {"warning": "橙色", "response": "Ⅱ级"}
    duties = city.officer.get(f"/incidents/{incident}/duties")
    effect = proposal["effect"]
    assert (duties["duties"], len([one for one in duties["units"] if one["unit"] != "（条款未写明单位）"])) == (
        effect["duties"],
        effect["units"],
    )

    row = city.officer.get("/deadlines", limit=1)["rows"][0]
    assert row["due"] == {"within": "PT30M"}
    assert (row["incident"], row["deadline"]["state"], row["deadline"]["remaining_s"]) == (incident, "running", 1800)
    assert row["deadline"]["due_at"] == "2020-12-20T20:40:00+08:00"
    office.later(minutes=27)
    assert city.officer.get("/deadlines", limit=1)["rows"][0]["deadline"]["state"] == "due_soon"
    office.later(minutes=10)
    assert city.officer.get("/deadlines", limit=1)["rows"][0]["deadline"]["remaining_s"] == -420
    done = city.officer.post(f"/incidents/{incident}/duties/{quote(row['key'])}/steps", {"step": "done", "note": "传真已发"})
    assert done["entries"][0]["words"] == f"{row['unit']}{row['action']}：已完成，12-20 20:47（传真已发）"
    state = next(one for one in look()["duties"] if one["key"] == row["key"])
    assert (state["deadline"]["state"], state["deadline"]["state_name"], state["step_name"]) == ("met_late", "逾期完成", "已完成")
    assert state["steps"][0]["by_name"] == "officer先生"

    office.later(hours=2)
    city.forecast(incident, aqi_above_200_duration=100, aqi_above_300_duration=50)
    (pending,) = city.mayor.get("/proposals", mine=True)
    assert (pending["words"], pending["mine"], city.vice.get("/proposals", mine=True)) == ("预警级别升至红色", ["市长"], [])
    city.mayor.post(path, signature("red", "市长", proposal=pending["id"]))
    assert levels(look()) == {"warning": "红色", "response": "Ⅰ级"}

    office.later(hours=30)
    assert city.forecast(incident, **CLEARING)["proposals"] == []
    look()
    office.later(hours=2)
    (lower,) = city.forecast(incident, below_standard_duration=36)["proposals"]
    assert (lower["kind"], lower["level"], lower["clauses"], lower["signers"]) == ("lower", "yellow", ["3.5.1"], ["市长"])
    city.mayor.post(path, signature("yellow", "市长", proposal=lower["id"]))
    assert levels(look()) == {"warning": "黄色", "response": "Ⅲ级"}
    assert city.leader.refused(f"/incidents/{incident}/end", {"post": "带班领导", "reason": "好转"})[:2] == (409, "refused")

    office.later(hours=10)
    (lift,) = city.forecast(incident, aqi_above_200_duration=0, aqi_at_most_150_duration=40)["proposals"]
    assert (lift["kind"], lift["effect"]["words"].split("，")[:2]) == (
        "lift",
        ["将以主管副市长解除预警级别黄色", "终止响应级别Ⅲ级"],
    )
    city.vice.post(path, signature(None, "主管副市长", proposal=lift["id"]))
    assert levels(look()) == {"warning": "未达级别", "response": "未达级别"}
    office.later(hours=1)
    city.leader.post(f"/incidents/{incident}/end", {"post": "带班领导", "reason": "过程结束，已解除"})
    assert (look()["status_name"], look()["plans"][0]["phase"]) == ("已结束", "recovery")
    office.later(hours=1)
    city.leader.post(f"/incidents/{incident}/archive", {"reason": "资料齐备"})
    assert look()["status"] == "archived"
    assert city.officer.refused(f"/incidents/{incident}/notes", {"text": "补记"})[:2] == (409, "refused")
    assert [one["status"] for one in city.officer.get("/incidents")["incidents"]] == ["archived"]
    assert city.officer.get("/incidents", status="open") == {"incidents": [], "next": None}

    for moment, then in seen.items():
        assert city.officer.get(f"/incidents/{incident}", at=moment.isoformat()) == then
    verdict = city.officer.get(f"/incidents/{incident}/journal/verify")
    assert (verdict["sound"], verdict["entries"]) == (True, look()["seq"])


def test_a_forest_fire_whose_first_report_knows_only_the_area_and_a_shift_that_changes_hands(duty_office: DutyOffice) -> None:
    first = duty_office.hire("first", "officer", posts=("值班员",), place=COUNTY)
    second = duty_office.hire("second", "officer", posts=("值班员",), place=COUNTY)
    head = duty_office.hire("head", "leader", posts=("县委副书记、县长",), place=COUNTY)
    opened = first.post("/incidents", {"report": "台怀镇后山冒烟。有村民看见明火", "source": "村民电话"})
    incident = opened["incident"]
    assert opened["entries"][0]["words"] == "接报登记：台怀镇后山冒烟（村民电话）"
    assert first.refused(f"/incidents/{incident}/facts", {"facts": {"affected_forest_area": 12}, "source": "护林员"})[:2] == (
        409,
        "refused",
    )

    asked = first.post("/triage", {"facts": {"affected_forest_area": 12}})["plans"]
    assert [(one["plan"], one["verdict_name"]) for one in asked if one["verdict"] == "applies"] == [(FIRE, "适用")]
    assert asked[0]["words"] == "森林火灾级别Ⅲ级（较大）（6.1.2）；分级响应县级（7.1.1、6.1.2）"
    first.post(f"/incidents/{incident}/plans", {"plan": FIRE, "reason": "林火"})
    told = first.post(f"/incidents/{incident}/facts", {"facts": {"affected_forest_area": 12}, "source": "护林员"})
    proposals = {one["scale"]: one for one in told["proposals"]}
    assert (proposals["forest_grade"]["level"], proposals["response"]["level"]) == ("III", "county")
    assert proposals["forest_grade"]["possible"] == ["III", "II", "I"]

    duty_office.later(hours=1)
    handover = first.post("/handovers", {"to_person": second.id})
    (listed,) = handover["summary"]["incidents"]
    assert (listed["id"], [one["proposal"] for one in listed["unsigned"]]) == (incident, [one["id"] for one in told["proposals"]])
    assert (handover["signed"], handover["from_person"]["name"], handover["to_person"]["name"]) == (
        False,
        "first先生",
        "second先生",
    )
    assert head.refused(f"/handovers/{handover['id']}/sign")[:2] == (403, "forbidden")
    assert first.post(f"/handovers/{handover['id']}/sign")["signed"] is False
    before = first.get(f"/incidents/{incident}")
    assert (before["owner"]["name"], before["seq"]) == ("first先生", told["seq"])
    assert second.post(f"/handovers/{handover['id']}/sign")["signed"] is True
    assert second.refused(f"/handovers/{handover['id']}/sign")[:2] == (409, "conflict")
    (entry,) = second.get(f"/incidents/{incident}/journal", kind="handed_over")["entries"]
    assert (entry["words"], entry["body"]["summary"]["incidents"]) == ("first先生交班给second先生，双方已签", [listed])
    assert second.get(f"/incidents/{incident}")["owner"]["name"] == "second先生"
    assert [one["id"] for one in second.get("/handovers")] == [handover["id"]]

    body = {
        "plan": FIRE,
        "scale": "response",
        "level": "县级",
        "post": "县委副书记、县长",
        "proposal": proposals["response"]["id"],
    }
    assert second.refused(f"/incidents/{incident}/decisions", body)[:2] == (403, "not-yours")
    head.post(f"/incidents/{incident}/decisions", body)
    shown = second.get(f"/incidents/{incident}")["plans"][0]
    assert (shown["levels"]["response"]["level"], shown["phase"]) == ("county", "response")
    assert POLLUTION not in [one["plan"] for one in second.get(f"/incidents/{incident}/triage")["plans"]]
