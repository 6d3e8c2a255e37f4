"""An incident's list, owner, links, merging and splitting, phases, journal, messages; watches and feeds."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from engine.incident.chain import Entry, first_break
from engine.trigger.facts import parse_time
from tests.http.duty_office import COUNTY, POLLUTION, City, DutyOffice, signature

METEOROLOGY = "shuozhou-meteorological"


def test_ten_seconds_are_enough_to_take_down_a_report(city: City) -> None:
    told = city.officer.post("/incidents", {"report": "  某小区有浓烟。电话里说有人被困  ", "source": "110转来"})
    assert [one["kind"] for one in told["entries"]] == ["opened", "owner_set"]
    seen = city.officer.get(f"/incidents/{told['incident']}")
    assert (seen["title"], seen["report"], seen["plans"], seen["owner"]["name"]) == (
        "某小区有浓烟", "某小区有浓烟。电话里说有人被困", [], "officer先生",
    )  # fmt: skip
    assert (seen["jurisdiction"], seen["reported_at"], seen["status_name"]) == ("朔州市", "2020-12-20T20:00:00+08:00", "处置中")


def test_the_list_shows_levels_age_owner_next_deadline_and_what_waits(city: City) -> None:
    first, bare = city.orange(), city.opened(plans=[])
    city.office.later(minutes=20)
    city.forecast(first, aqi_above_200_duration=100, aqi_above_300_duration=50)
    listed = city.officer.get("/incidents")["incidents"]
    assert [one["id"] for one in listed] == [bare, first]
    row = listed[1]
    assert {key: row[key] for key in ("status_name", "age_s", "owner", "proposals")} == {
        "status_name": "处置中", "age_s": 1200, "owner": {"id": city.officer.id, "name": "officer先生"}, "proposals": 1,
    }  # fmt: skip
    assert row["plans"][0]["levels"]["warning"]["level_name"] == "橙色"
    assert row["plans"][0]["phase_name"] == "应急响应"
    assert (row["next_deadline"]["deadline"]["remaining_s"], row["next_deadline"]["deadline"]["state"]) == (600, "running")
    assert [one["id"] for one in city.officer.get("/incidents", plan=POLLUTION)["incidents"]] == [first]
    assert city.officer.get("/incidents", status="ended") == {"incidents": [], "next": None}


def test_the_list_comes_in_pages(city: City) -> None:
    made = [city.opened(plans=[POLLUTION] if n % 2 else []) for n in range(7)]
    found: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = city.officer.get("/incidents", **query)
        found += [one["id"] for one in page["incidents"]]
        if page["next"] is None:
            break
        query["before"] = page["next"]
    assert found == made[::-1]
    page = city.officer.get("/incidents", plan=POLLUTION, limit=2)
    rest = city.officer.get("/incidents", plan=POLLUTION, limit=2, before=page["next"])
    assert [one["id"] for one in (*page["incidents"], *rest["incidents"])] == made[5::-2]
    assert rest["next"] is None


def test_a_moment_before_the_opening_is_an_error(city: City) -> None:
    incident = city.opened()
    answer = city.office.client.get(
        f"/api/v1/incidents/{incident}?at=2020-12-20T19:59:59%2B08:00", headers=dict(city.officer.headers)
    )
    assert (answer.status_code, answer.json()) == (
        422,
        {
            "code": "invalid-value",
            "message": "那时这个事件还没有登记",
            "where": "at",
            "remedy": "写 2020-12-20 20:00:00 或以后的时间",
        },
    )
    plus = city.office.client.get(
        f"/api/v1/incidents/{incident}?at=2020-12-20T20:00:00+08:00", headers=dict(city.officer.headers)
    )
    assert plus.status_code == 200


def test_facts_show_source_age_and_what_is_wrong_with_them(city: City) -> None:
    incident = city.opened()
    city.forecast(incident, aqi_above_200_duration=80)
    city.officer.post(f"/incidents/{incident}/facts", {"facts": {"aqi_above_200_duration": 70}, "source": "省站"})
    city.office.later(hours=1)
    city.forecast(incident, regional_notice="none")

    def fact(indicator: str) -> dict[str, Any]:
        listed = city.officer.get(f"/incidents/{incident}")["plans"][0]["facts"]
        return next(one for one in listed if one["indicator"] == indicator)

    conflicting = fact("aqi_above_200_duration")
    assert {key: conflicting[key] for key in ("value", "words", "mark_name", "source", "age_s", "entries")} == {
        "value": {"one_of": [80, 70]}, "words": "70小时或80小时", "mark_name": "相互矛盾", "source": "监测预报组；省站", "age_s": 3600, "entries": [3, 5],
    }  # fmt: skip
    told = city.officer.post(f"/incidents/{incident}/facts/5/correction", {"value": None, "reason": "发错了"})
    assert told["entries"][0]["words"] == "更正第5条：预测AQI日均值>200将持续的时间：撤回；发错了"
    settled = fact("aqi_above_200_duration")
    assert (settled["value"], settled["mark"], settled["entries"]) == (80, None, [3])
    assert [(one["entry"], one["value"], one["corrections"]) for one in settled["reports"]] == [
        (3, 80, []),
        (5, None, [told["entries"][0]["seq"]]),
    ]
    assert fact("so2_hourly_max")["mark_name"] == "从未报告"
    assert city.officer.refused(f"/incidents/{incident}/facts/1/correction", {"value": 3, "reason": "x"})[:2] == (409, "refused")


def test_owner_links_merge_and_split(city: City, duty_office: DutyOffice) -> None:
    first, second = city.opened(), city.opened()
    city.forecast(second, aqi_above_200_duration=80)
    told = city.officer.post(f"/incidents/{first}/owner", {"person": city.leader.id})
    assert told["entries"][0]["words"] == "责任人：leader先生"
    stranger = duty_office.hire("stranger", "officer", place=COUNTY)
    assert city.officer.refused(f"/incidents/{first}/owner", {"person": stranger.id})[0] == 422
    assert city.officer.refused(f"/incidents/{first}/owner", {"person": "nobody"})[0] == 404
    city.officer.post(f"/incidents/{first}/links", {"incident": second, "words": "同一天气过程"})
    assert city.officer.refused(f"/incidents/{first}/links", {"incident": "20201220-099", "words": "x"})[0] == 404

    merged = city.officer.post(f"/incidents/{second}/merge", {"into": first, "reason": "同一过程"}, key="m")
    assert (merged["entries"][-1]["words"], merged["into"]["entries"][0]["words"]) == (
        f"并入 {first}：同一过程", f"{second} 并来：同一过程",
    )  # fmt: skip
    assert [one["words"] for one in merged["into"]["proposals"]] == ["预警级别达到橙色"]
    again = city.officer.post(f"/incidents/{second}/merge", {"into": first, "reason": "同一过程"}, key="m")
    assert again["into"]["entries"] == merged["into"]["entries"]
    assert city.officer.refused(f"/incidents/{second}/merge", {"into": first, "reason": "同一过程"})[:2] == (409, "refused")

    body = {"report": "某厂另有险情", "reason": "性质不同", "plans": []}
    split = city.officer.post(f"/incidents/{first}/split", body, key="s")
    part = split["part"]["incident"]
    assert city.officer.post(f"/incidents/{first}/split", body, key="s")["part"]["incident"] == part
    assert city.officer.get(f"/incidents/{part}")["links"] == [{"incident": first, "words": "分自"}]
    assert city.officer.get(f"/incidents/{first}")["links"] == [
        {"incident": second, "words": "同一天气过程"}, {"incident": second, "words": "已并来"}, {"incident": part, "words": "分出"},
    ]  # fmt: skip
    assert [one["status_name"] for one in city.officer.get("/incidents")["incidents"]] == ["处置中", "已并入", "处置中"]


def test_moments_and_phases_are_recorded_and_what_the_plan_does_not_have_is_refused(city: City) -> None:
    incident = city.orange()
    moments = city.officer.get(f"/incidents/{incident}")["plans"][0]["moments"]
    free = next(one for one in moments if one["at"] is None)
    told = city.officer.post(f"/incidents/{incident}/moments", {"plan": POLLUTION, "moment": free["moment"]})
    assert told["entries"][0]["words"] == f"{free['words']}：12-20 20:00"
    assert city.officer.refused(f"/incidents/{incident}/moments", {"plan": POLLUTION, "moment": "x"})[:2] == (409, "refused")
    body = {"plan": POLLUTION, "do": "nothing", "post": "值班员"}
    assert city.officer.refused(f"/incidents/{incident}/phase", body)[:2] == (409, "illegal-move")


def test_the_journal_in_pages_by_kind_by_whom_and_since(city: City) -> None:
    incident = city.orange()
    city.office.later(minutes=10)
    city.leader.post(f"/incidents/{incident}/notes", {"text": "已向省里口头报告", "entry": 6})
    city.leader.post(
        f"/incidents/{incident}/messages",
        {"direction": "in", "sender": "省厅", "recipient": "值班室", "medium": "电话", "text": "继续监测"},
    )
    entries = city.officer.get(f"/incidents/{incident}/journal")["entries"]
    assert [one["seq"] for one in entries] == list(range(1, len(entries) + 1))
    assert all(one["words"] and one["kind_name"] and one["by_name"] for one in entries)
    assert [one["words"] for one in entries[-2:]] == ["关于第6条：已向省里口头报告", "来文（电话）省厅 → 值班室：继续监测"]
    mine = city.officer.get(f"/incidents/{incident}/journal", by=city.leader.id)["entries"]
    assert [one["kind"] for one in mine] == ["noted", "message"]
    late = city.officer.get(f"/incidents/{incident}/journal", since=city.office.clock().isoformat())["entries"]
    assert late == mine
    kinds = city.officer.get(f"/incidents/{incident}/journal", kind=["decided", "noted"])["entries"]
    assert [one["kind"] for one in kinds] == ["decided", "noted"]
    pages = []
    after: int | None = 0
    while after is not None:
        page = city.officer.get(f"/incidents/{incident}/journal", after=after, limit=3)
        pages += page["entries"]
        after = page["next"]
    assert pages == entries


def test_the_exported_journal_can_be_checked_by_anybody(city: City) -> None:
    incident = city.orange()
    answer = city.office.client.get(f"/api/v1/incidents/{incident}/journal/export", headers=dict(city.officer.headers))
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    entries = [Entry(**{**one, "at": parse_time(one["at"], "at")}) for one in lines]
    assert first_break(entries) is None
    assert city.officer.get(f"/incidents/{incident}/journal/verify") == {
        "incident": incident, "entries": len(lines), "sound": True, "breaks": [], "head": {"seq": len(lines), "hash": lines[-1]["hash"]},
    }  # fmt: skip


def test_a_watch_proposes_and_an_incident_comes_out_of_it_with_its_facts(city: City) -> None:
    watch = city.officer.post("/watches", {"title": "冬季空气质量", "plans": [POLLUTION]})["incident"]
    assert watch == "W20201220-001"
    told = city.officer.post(f"/watches/{watch}/facts", {"facts": {"aqi_above_200_duration": 80}, "source": "监测站"})
    assert [one["words"] for one in told["proposals"]] == ["预警级别达到橙色"]
    assert city.vice.refused(f"/incidents/{watch}/decisions", signature("orange", "主管副市长", proposal="P1"))[:2] == (
        409,
        "refused",
    )
    assert city.officer.get("/incidents") == {"incidents": [], "next": None}
    assert [(one["id"], one["proposals"]) for one in city.officer.get("/watches")] == [(watch, 1)]
    opened = city.officer.post(f"/watches/{watch}/incident", {}, key="w")
    incident = opened["incident"]
    assert city.officer.post(f"/watches/{watch}/incident", {}, key="w")["incident"] == incident
    seen = city.officer.get(f"/incidents/{incident}")
    assert (seen["report"], seen["links"]) == (
        "常态监测“冬季空气质量”：预警级别达到橙色", [{"incident": watch, "words": "由常态监测转来"}],
    )  # fmt: skip
    assert [one["words"] for one in opened["proposals"]] == ["预警级别达到橙色"]
    assert city.officer.get(f"/watches/{watch}")["links"] == [{"incident": incident, "words": "已登记为事件"}]
    assert city.officer.refused(f"/watches/{incident}/incident", {})[:2] == (404, "no-incident")


def test_what_a_watch_learns_goes_on_to_the_incident_that_came_out_of_it(city: City) -> None:
    watch = city.officer.post("/watches", {"title": "冬季空气质量", "plans": [POLLUTION]})["incident"]
    city.officer.post(f"/watches/{watch}/facts", {"facts": {"aqi_above_200_duration": 80}, "source": "监测站"})
    incident = city.officer.post(f"/watches/{watch}/incident", {})["incident"]
    body = {"facts": {"aqi_above_200_duration": 100, "aqi_above_300_duration": 50}, "source": "监测站"}
    for _ in range(2):  # sent again under the same key, it is passed on once
        city.officer.post(f"/watches/{watch}/facts", body, key="again")
    (pending,) = city.officer.get("/proposals")
    assert (pending["incident"], pending["words"]) == (incident, "预警级别达到红色")
    (fact,) = [
        one
        for one in city.officer.get(f"/incidents/{incident}")["plans"][0]["facts"]
        if one["indicator"] == "aqi_above_200_duration"
    ]
    assert (fact["value"], len(fact["reports"])) == (100, 2)


def test_a_feed_token_appends_hours_to_its_own_indicator_and_nothing_else(city: City) -> None:
    watch = city.officer.post("/watches", {"title": "冬季空气质量", "plans": [POLLUTION]})["incident"]
    program = city.office.program(city.officer, "feed", feeds=(f"{POLLUTION}/aqi_hourly",))
    start = city.office.clock() - timedelta(hours=2)
    points = [[(start + timedelta(hours=n)).isoformat(), 180 + n] for n in range(3)]
    told = program.post(f"/feeds/{watch}/aqi_hourly", {"points": points}, key="h20")
    assert told["entries"][0]["words"] == "城市AQI小时值：3个小时值，最后 12-20 20:00 为182（监测站接口，12-20 20:00）"
    assert (told["entries"][0]["by"], told["entries"][0]["by_name"]) == (f"feed:{program.id}", "监测站接口")
    assert program.post(f"/feeds/{watch}/aqi_hourly", {"points": points}, key="h20")["entries"] == told["entries"]
    (fact,) = [one for one in city.officer.get(f"/watches/{watch}")["plans"][0]["facts"] if one["indicator"] == "aqi_hourly"]
    assert (fact["words"], fact["mark"], fact["value"]) == ("3个小时值，最后 12-20 20:00 为182", None, points)
    assert [one["value"] for one in fact["reports"]] == [{"hours": 3}]
    other = next(
        key for key, one in city.office.office.desk.versions._library.current().plan(POLLUTION).indicators.items()
        if one.type == "series" and key != "aqi_hourly"
    )  # fmt: skip
    assert program.refused(f"/feeds/{watch}/{other}", {"points": points})[:2] == (403, "scope-needed")
    assert program.refused(f"/feeds/{watch}/aqi_24h_mean", {"points": points})[:2] == (422, "fact-invalid")
    assert program.refused(f"/feeds/{watch}/aqi_hourly", {"points": [["bald", 3]]})[:2] == (422, "fact-invalid")
    assert program.refused(f"/watches/{watch}/facts", {"facts": {"aqi_24h_mean": 3}, "source": "x"})[:2] == (403, "scope-needed")


def test_a_unit_that_is_wanted_in_two_incidents_is_named(city: City) -> None:
    assert city.officer.get("/deadlines")["units"] == []
    first, second = city.orange(), city.orange()
    board = city.officer.get("/deadlines", limit=1000)
    assert {tuple(one["incidents"]) for one in board["units"]} == {(first, second)}
    assert sum(board["counts"].values()) == len(board["rows"])
    due = [one["deadline"]["due_at"] for one in board["rows"]]
    assert due == sorted(due)


@pytest.mark.parametrize("step", ["notified", "acknowledged", "started", "not_applicable", "impossible"])
def test_the_steps_of_a_duty(city: City, step: str) -> None:
    incident = city.orange()
    key = city.officer.get("/deadlines", limit=1)["rows"][0]["key"].replace("#", "%23")
    path = f"/incidents/{incident}/duties/{key}/steps"
    if step in ("not_applicable", "impossible"):
        assert city.officer.refused(path, {"step": step})[:2] == (409, "refused")
    told = city.officer.post(path, {"step": step, "note": "电话"})
    assert told["entries"][0]["body"]["step"] == step
    duties = [one for unit in city.officer.get(f"/incidents/{incident}/duties")["units"] for one in unit["duties"]]
    assert [one["step"] for one in duties if one["step"]] == [step]
