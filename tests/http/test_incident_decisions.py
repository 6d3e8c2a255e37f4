"""Signing over HTTP: one of two wins, a delegate names his authority, a request sent again counts once, other places see nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from api.people.delegations import NewDelegation
from tests.http.duty_office import COUNTY, POLLUTION, City, DutyOffice, Person, signature


def test_of_two_simultaneous_decisions_exactly_one_wins_and_the_other_hears_who_was_first(city: City) -> None:
    other = city.office.hire("deputy", "leader", posts=("主管副市长",))
    for _ in range(5):
        incident = city.opened()
        city.forecast(incident, aqi_above_200_duration=80)
        barrier = Barrier(2)

        def sign(person: Person, incident: str = incident, barrier: Barrier = barrier) -> tuple[int, dict[str, str]]:
            barrier.wait()
            answer = person.send(f"/incidents/{incident}/decisions", signature("orange", "主管副市长", proposal="P1"))
            return answer.status_code, answer.json()

        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(sign, (city.vice, other)))
        assert sorted(status for status, _ in found) == [200, 409]
        winner = "vice" if found[0][0] == 200 else "deputy"
        assert next(body for status, body in found if status == 409) == {
            "code": "conflict",
            "message": f"主管副市长（{winner}先生）已于 12-20 20:00 签发：橙色",
            "where": "proposal",
            "remedy": "看过之后，仍有不同意见的，写明理由另行签发",
        }
        decided = city.officer.get(f"/incidents/{incident}/journal", kind="decided")["entries"]
        assert [one["body"]["level"] for one in decided] == ["orange"]


def test_a_proposal_that_newer_facts_overtook_cannot_be_signed(city: City) -> None:
    incident = city.opened()
    city.forecast(incident, aqi_above_200_duration=80)
    city.office.later(minutes=1)
    city.forecast(incident, aqi_above_200_duration=100, aqi_above_300_duration=50)
    found = city.vice.refused(f"/incidents/{incident}/decisions", signature("orange", "主管副市长", proposal="P1"))
    assert found == (409, "conflict", "建议 P1 已被更新的事实取代；现在的建议是“预警级别达到红色”（P2）")


def test_deciding_otherwise_needs_a_reason(city: City) -> None:
    incident = city.opened()
    city.forecast(incident, aqi_above_200_duration=80)
    path = f"/incidents/{incident}/decisions"
    assert city.vice.refused(path, signature("黄色", "主管副市长", proposal="P1"))[:2] == (409, "refused")
    told = city.vice.post(path, signature("黄色", "主管副市长", proposal="P1", reason="预报不确定"))
    assert told["entries"][0]["words"] == "主管副市长vice先生签发：预警级别黄色，未按建议，因预报不确定"
    (standing,) = city.officer.get(f"/incidents/{incident}")["plans"][0]["decisions"]
    assert (standing["level_name"], standing["proposed_name"], standing["approved"], standing["entry"]) == (
        "黄色",
        "橙色",
        False,
        5,
    )


def test_a_delegate_signs_for_another_and_the_journal_says_on_what_authority(city: City) -> None:
    staff = city.office.staff.people
    until = city.office.clock() + timedelta(days=2)
    lent = NewDelegation("主管副市长", city.leader.id, "市政府会议纪要第8号", until, by_person=city.vice.id)
    delegation = staff.delegations.create(lent, city.vice.id).delegated.id
    incident = city.opened()
    city.forecast(incident, aqi_above_200_duration=80)
    assert city.leader.get("/proposals", mine=True)[0]["mine"] == ["主管副市长"]
    told = city.leader.post(f"/incidents/{incident}/decisions", signature("orange", "主管副市长", proposal="P1"))
    authority = f"vice先生授权，市政府会议纪要第8号，至 2020-12-22 20:00（{delegation}）"
    assert told["entries"][0]["body"]["authority"] == authority
    assert told["entries"][0]["words"] == f"主管副市长leader先生（受权：{authority}）签发：预警级别橙色，按建议"


def test_a_provisional_decision_for_an_area_from_later_on(city: City) -> None:
    incident = city.opened()
    city.forecast(incident, aqi_above_200_duration=80)
    more = {"effective_from": "2020-12-20T22:00:00+08:00", "until": "2020-12-21T08:00:00+08:00", "area": "市区"}
    city.vice.post(f"/incidents/{incident}/decisions", signature("orange", "主管副市长", proposal="P1", **more))
    (scheduled,) = city.officer.get(f"/incidents/{incident}")["plans"][0]["scheduled"]
    assert {key: scheduled[key] for key in more} == more
    city.office.later(hours=2)
    assert city.officer.get(f"/incidents/{incident}")["plans"][0]["levels"]["warning"] == {
        "label": "预警级别", "level": "orange", "level_name": "橙色", "own": "orange", "imposed": None,
        "since": "2020-12-20T22:00:00+08:00", "until": "2020-12-21T08:00:00+08:00",
    }  # fmt: skip
    city.office.later(hours=10)
    (pending,) = city.vice.get("/proposals", mine=True)
    assert (pending["kind"], pending["cause"]) == ("keep", "provisional_end")


def test_what_is_sent_again_with_its_key_counts_once(city: City) -> None:
    body = {"report": "空气质量转差", "source": "电话", "plans": [POLLUTION]}
    first = city.officer.post("/incidents", body, key="a1")
    incident = first["incident"]
    steps: list[tuple[Person, str, dict[str, object]]] = [
        (city.officer, "facts", {"facts": {"aqi_above_200_duration": 80}, "source": "监测站"}),
        (city.vice, "decisions", signature("orange", "主管副市长", proposal="P1")),
        (city.officer, "notes", {"text": "已电话通知"}),
        (city.officer, "messages", {"direction": "out", "sender": "甲", "recipient": "乙", "medium": "传真", "text": "通报"}),
    ]
    for person, path, what in steps:
        told = person.post(f"/incidents/{incident}/{path}", what, key=f"k-{path}")
        city.office.later(minutes=1)
        assert person.post(f"/incidents/{incident}/{path}", what, key=f"k-{path}")["entries"] == told["entries"]
    again = city.officer.post("/incidents", body, key="a1")
    assert (again["incident"], again["entries"]) == (incident, first["entries"])
    assert [one["id"] for one in city.officer.get("/incidents")["incidents"]] == [incident]
    entries = city.officer.get(f"/incidents/{incident}/journal")["entries"]
    assert [one["key"] for one in entries if one["kind"] in ("noted", "decided", "message")] == [
        "k-decisions",
        "k-notes",
        "k-messages",
    ]


def test_a_key_that_stands_for_something_else_is_refused_and_nothing_is_swallowed(city: City) -> None:
    incident = city.opened()
    path = f"/incidents/{incident}/notes"
    seq = city.officer.post(path, {"text": "第一条"}, key="k")["seq"]
    for person, address, body in (
        (city.officer, path, {"text": "第二条"}),
        (city.leader, path, {"text": "第一条"}),
        (city.officer, f"/incidents/{incident}/facts", {"facts": {"aqi_above_200_duration": 80}, "source": "监测站"}),
        (city.officer, f"/incidents/{incident}/merge", {"into": city.opened(), "reason": "同一过程"}),
    ):
        assert person.refused(address, body, key="k")[:2] == (409, "key-reused")
    assert city.officer.get(f"/incidents/{incident}")["seq"] == seq
    other = {"report": "另一件", "source": "电话"}
    city.officer.post("/incidents", other, key="k2")
    assert city.officer.refused("/incidents", {**other, "report": "又一件"}, key="k2")[:2] == (409, "key-reused")


def test_another_places_incident_is_as_if_it_were_not_there(city: City, duty_office: DutyOffice) -> None:
    stranger = duty_office.hire("stranger", "officer", "leader", posts=("值班员", "主管副市长"), place=COUNTY)
    incident = city.opened()
    city.forecast(incident, aqi_above_200_duration=80)
    missing = stranger.client.get("/api/v1/incidents/20201220-999", headers=dict(stranger.headers)).json()
    for path in ("", "/duties", "/journal", "/journal/verify", "/journal/export", "/triage", "/version-change?plan=x"):
        answer = stranger.client.get(f"/api/v1/incidents/{incident}{path}", headers=dict(stranger.headers))
        assert (answer.status_code, answer.json()) == (404, {**missing, "message": f"没有事件“{incident}”"}), path
    posts = {
        "facts": {"facts": {"x": 1}, "source": "s"},
        "decisions": signature("orange", "主管副市长", proposal="P1"),
        "notes": {"text": "x"},
        "what-if": {},
        "merge": {"into": incident, "reason": "x"},
        "owner": {"person": stranger.id},
        "end": {"post": "值班员", "reason": "x"},
    }
    for path, body in posts.items():
        assert stranger.refused(f"/incidents/{incident}/{path}", body)[:2] == (404, "no-incident"), path
    assert stranger.get("/incidents") == {"incidents": [], "next": None}
    assert (stranger.get("/proposals"), stranger.get("/deadlines")["rows"], stranger.get("/watches")) == ([], [], [])
    assert stranger.get("/incidents", jurisdiction="朔州市") == {"incidents": [], "next": None}
    assert stranger.refused("/incidents", {"report": "x", "source": "y", "jurisdiction": "朔州市"})[:2] == (403, "forbidden")


@pytest.mark.parametrize("scope", ["read", "facts"])
def test_a_token_signs_nothing(city: City, scope: str) -> None:
    incident = city.orange()
    program = city.office.program(city.vice, scope)
    assert program.refused(f"/incidents/{incident}/decisions", signature("red", "主管副市长"))[:2] == (403, "scope-needed")
    assert program.refused(f"/incidents/{incident}/end", {"post": "值班员", "reason": "x"})[:2] == (403, "scope-needed")
