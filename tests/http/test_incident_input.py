"""Wrong input to every route of the duty office: an answer in the one error shape that says where; nothing is recorded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.duty_office import POLLUTION, City, signature

LONG = "长" * 10_001
NOTHING: list[Any] = [None, [], "x", 3, {}, {"unknown": 1}]
REPORT = {"report": "险情", "source": "电话"}
WRONG: list[tuple[str, list[Any]]] = [
    ("/incidents", [*NOTHING, {**REPORT, "report": "  "}, {**REPORT, "report": LONG}, {**REPORT, "plans": ["nothing"]}, {**REPORT, "plans": "x"},
                    {**REPORT, "reported_at": "soon"}, {**REPORT, "reported_at": "2020-12-20T20:00:00"}, {**REPORT, "reported_at": "1800-01-01T00:00:00Z"},
                    {**REPORT, "reported_at": "2020-12-21T20:00:00+08:00"}, {**REPORT, "title": "两\n行"}, {**REPORT, "jurisdiction": "*"}]),
    ("/incidents/{id}/plans", [*NOTHING, {"plan": POLLUTION}, {"plan": "nothing"}, {"plan": None}]),
    ("/incidents/{id}/version-change", [*NOTHING, {"plan": POLLUTION, "digest": "xyz", "post": "a", "reason": "b"}, {"plan": POLLUTION, "digest": "0" * 64, "post": "a", "reason": "b"},
                                        {"plan": "nothing", "digest": "0" * 64, "post": "a", "reason": "b"}]),
    ("/incidents/{id}/owner", [*NOTHING, {"person": "NOBODY"}, {"person": "nobody"}]),
    ("/incidents/{id}/links", [*NOTHING, {"incident": "../x", "words": "x"}, {"incident": "20201220-077", "words": "x"}, {"incident": "{id}", "words": "x"}]),
    ("/incidents/{id}/merge", [*NOTHING, {"into": "{id}", "reason": "x"}, {"into": "20201220-077", "reason": "x"}, {"into": "{id}", "reason": " "}]),
    ("/incidents/{id}/split", [*NOTHING, {"report": "x", "reason": "y", "plans": ["nothing"]}]),
    ("/incidents/{id}/phase", [*NOTHING, {"plan": "nothing", "do": "x", "post": "值班员"}, {"plan": POLLUTION, "do": "x", "post": "门卫"}]),
    ("/incidents/{id}/moments", [*NOTHING, {"plan": POLLUTION, "moment": "x"}, {"plan": POLLUTION, "moment": "warning_issued", "happened_at": "2020-12-22T00:00:00Z"}]),
    ("/incidents/{id}/end", [*NOTHING, {"post": "值班员", "reason": ""}, {"post": "门卫", "reason": "x"}]),
    ("/incidents/{id}/archive", [*NOTHING, {"reason": "x"}]),
    ("/incidents/{id}/facts", [*NOTHING, {"facts": {}, "source": "x"}, {"facts": {"nothing": 3}, "source": "x"}, {"facts": {"aqi_24h_mean": "many"}, "source": "x"},
                               {"facts": {"aqi_24h_mean": None}, "source": "x"}, {"facts": {"aqi_24h_mean": 3}, "source": ""}, {"facts": [3], "source": "x"},
                               {"facts": {"aqi_24h_mean": 3}, "source": "x", "plan": "nothing"}, {"facts": {"aqi_24h_mean": 3}, "source": "x", "observed_at": "2021-01-01T00:00:00Z"}]),
    ("/incidents/{id}/facts/3/correction", [*NOTHING, {"value": "many", "reason": "x"}, {"value": 3, "reason": ""}, {"value": 3}]),
    ("/incidents/{id}/facts/99/correction", [{"value": 3, "reason": "x"}]),
    ("/incidents/{id}/facts/0/correction", [{"value": 3, "reason": "x"}]),
    ("/incidents/{id}/decisions", [*NOTHING, signature("pink", "市长"), signature("red", "门卫"), signature("red", "市长"), signature("red", "市长", proposal="P9"), signature("red", "市长", reason="x", until="2020-12-20T00:00:00Z"),
                                   signature("red", "市长", reason="x", decided_at="2020-12-22T00:00:00Z"), {**signature("red", "市长"), "scale": "alarm"}, {**signature("red", "市长"), "plan": "nothing"},
                                   {key: value for key, value in signature("red", "市长").items() if key != "level"}]),
    ("/incidents/{id}/duties/nothing/steps", [*NOTHING, {"step": "done"}, {"step": "finished"}]),
    ("/incidents/{id}/messages", [*NOTHING, {"direction": "up", "sender": "a", "recipient": "b", "medium": "c", "text": "d"}]),
    ("/incidents/{id}/notes", [*NOTHING, {"text": ""}, {"text": "x", "entry": 0}, {"text": "x", "entry": 999}]),
    ("/incidents/{id}/what-if", [None, [], "x", {"unknown": 1}, {"facts": {"nothing": 1}}, {"facts": {"aqi_24h_mean": "many"}}, {"readings": {POLLUTION: {"x": "a"}}}, {"readings": {POLLUTION: "a"}}]),
    ("/triage", [*NOTHING, {"facts": {"nothing": 1}}, {"facts": {}, "at": "soon"}]),
    ("/feeds/{id}/aqi_hourly", [*NOTHING, {"points": []}, {"points": [["x"]]}, {"points": [["x", 1]]}, {"points": [["2020-12-20T19:30:00+08:00", 1]]}, {"points": [["2020-12-20T19:00:00+08:00", -1]]}]),
    ("/feeds/{id}/nothing", [{"points": [["2020-12-20T19:00:00+08:00", 1]]}]),
    ("/watches", [*NOTHING, {"title": "x", "plans": []}, {"title": "x", "plans": ["nothing"]}]),
    ("/watches/{id}/facts", [*NOTHING, {"facts": {"aqi_24h_mean": 3}, "source": "x"}]),
    ("/watches/{id}/incident", [[], {"unknown": 1}, {}]),
    ("/handovers", [*NOTHING, {"to_person": "nobody"}, {"to_person": "NOBODY"}]),
    ("/handovers/nothing/sign", [None]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "bodies"), WRONG, ids=[path for path, _ in WRONG])
def test_wrong_input_is_answered_in_the_one_shape_and_records_nothing(city: City, path: str, bodies: list[Any]) -> None:
    incident = city.opened()
    before = city.office.office.desk.journal.position()
    for body in bodies:
        sent = {key: incident if value == "{id}" else value for key, value in body.items()} if isinstance(body, dict) else body
        status, code, message = city.officer.refused(path.replace("{id}", incident), sent)
        assert 400 <= status < 500, (body, status, code)
        assert code
        assert message
    assert city.office.office.desk.journal.position() == before


@pytest.mark.parametrize(
    "path",
    [
        "/incidents?status=bogus", "/incidents?limit=0", "/incidents?limit=9999", "/incidents?before=x", "/incidents/a%00b", "/incidents/20201220-099",
        "/incidents/{id}?at=soon", "/incidents/{id}?at=2020-12-20T20:00:00", "/incidents/{id}/duties?at=1999-01-01T00:00:00Z",
        "/incidents/{id}/journal?kind=bogus", "/incidents/{id}/journal?limit=-1", "/incidents/{id}/journal?since=x", "/incidents/{id}/version-change",
        "/incidents/{id}/version-change?plan=nothing", "/incidents/{id}/version-change?plan=" + POLLUTION + "&digest=00000000", "/deadlines?limit=0",
        "/proposals?mine=perhaps", "/watches/{id}", "/handovers/nothing", "/handovers?jurisdiction=x",
    ],
)  # fmt: skip
def test_a_wrong_question_is_answered_in_the_one_shape(city: City, path: str) -> None:
    answer = city.office.client.get("/api/v1" + path.replace("{id}", city.opened()), headers=dict(city.officer.headers))
    assert 400 <= answer.status_code < 500, answer.text
    assert set(answer.json()) == {"code", "message", "where", "remedy"}


@pytest.mark.parametrize(
    "body", ["", "{", '{"text": "a", "text": "b"}', '{"text": "\\ud800"}', '{"text": NaN}', "[" * 100_000, "\ufeff{}", "null"]
)
def test_a_body_that_is_no_sound_json_is_refused(city: City, body: str) -> None:
    headers = {**city.officer.headers, "content-type": "application/json"}
    answer = city.office.client.post(f"/api/v1/incidents/{city.opened()}/notes", content=body.encode(), headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert set(answer.json()) == {"code", "message", "where", "remedy"}


def test_a_number_that_is_none_is_no_fact(city: City) -> None:
    incident = city.opened()
    headers = {**city.officer.headers, "content-type": "application/json"}
    for number in ("NaN", "Infinity", "1e999"):
        body = f'{{"facts": {{"aqi_24h_mean": {number}}}, "source": "x"}}'
        answer = city.office.client.post(f"/api/v1/incidents/{incident}/facts", content=body, headers=headers)
        assert (answer.status_code, answer.json()["where"]) == (422, "facts.aqi_24h_mean")


def test_a_body_that_is_too_large_is_refused_and_a_wrong_key_too(city: City) -> None:
    incident = city.opened()
    assert city.officer.refused(f"/incidents/{incident}/notes", {"text": "x" * 5_000_001})[:2] == (413, "too-large")
    assert city.officer.refused(f"/incidents/{incident}/notes", {"text": "x"}, key="two words")[:2] == (422, "bad-input")
    assert city.officer.refused(f"/incidents/{incident}/notes", {"text": "x"}, key="k" * 129)[:2] == (422, "bad-input")


def test_refusals_of_single_fields_say_what_is_wrong(city: City) -> None:
    found = {
        "缺少这个参数": {"report": "x"},
        "不认识的键": {**REPORT, "reporter": "x"},
        "不能为空": {**REPORT, "title": ""},
        "时间要写明时区，如 +08:00": {**REPORT, "reported_at": "2020-12-20T20:00:00"},
        "要写在一行内，不含控制字符": {**REPORT, "title": "两\n行"},
    }
    assert [city.officer.refused("/incidents", body)[2] for body in found.values()] == list(found)
