"""Whatever comes in, an answer in the one error shape that says where and what to do; never a 5xx, never a guess."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app

FIRE = "/api/v1/plans/wutai-forest-grassland-fire/assess"
EQUIPMENT = "/api/v1/plans/shuozhou-special-equipment/assess"
WEATHER = "/api/v1/plans/shuozhou-meteorological/assess"
POLLUTION = "/api/v1/plans/shuozhou-heavy-pollution/assess"


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(console=False), raise_server_exceptions=False)


def error_of(answer: Any) -> dict[str, str]:
    assert 400 <= answer.status_code < 500, answer.text
    found: dict[str, str] = answer.json()
    assert set(found) == {"code", "message", "where", "remedy"}
    assert found["code"]
    assert found["message"]
    assert found["remedy"]
    return found


@pytest.mark.parametrize(
    ("path", "facts", "where"),
    [
        (EQUIPMENT, {"deaths": "three"}, "facts.deaths"),
        (EQUIPMENT, {"deaths": "3小时"}, "facts.deaths"),
        (EQUIPMENT, {"deaths": 2.5}, "facts.deaths"),
        (EQUIPMENT, {"deaths": -1}, "facts.deaths"),
        (EQUIPMENT, {"deaths": True}, "facts.deaths"),
        (EQUIPMENT, {"deaths": []}, "facts.deaths"),
        (EQUIPMENT, {"deaths": {"value": 3, "sauce": "x"}}, "facts.deaths"),
        (EQUIPMENT, {"deaths": {"at_least": 1, "at_most": 2}}, "facts.deaths"),
        (EQUIPMENT, {"deaths": {"between": [5, 2]}}, "facts.deaths.between"),
        (EQUIPMENT, {"deaths": {"between": [5]}}, "facts.deaths.between"),
        (EQUIPMENT, {"deaths": {"one_of": []}}, "facts.deaths.one_of"),
        (EQUIPMENT, {"deaths": {"value": 3, "observed_at": "soon"}}, "facts.deaths.observed_at"),
        (EQUIPMENT, {"boiler_explosion": "yes"}, "facts.boiler_explosion"),
        (EQUIPMENT, {"boiler_explosion": 1}, "facts.boiler_explosion"),
        (EQUIPMENT, {"boiler_explosion": {"at_least": True}}, "facts.boiler_explosion.at_least"),
        (EQUIPMENT, {"leading_group_response": "V"}, "facts.leading_group_response"),
        (EQUIPMENT, {"dead": 1}, "facts.dead"),
        (EQUIPMENT, [1], "facts"),
        (WEATHER, {"counties": {"应城": {}}}, "facts.counties.应城"),
        (WEATHER, {"counties": {"应县": {"rain": 1}}}, "facts.counties.应县.rain"),
        (WEATHER, {"counties": {"应县": 5}}, "facts.counties.应县"),
        (WEATHER, {"counties": ["应县"]}, "facts.counties"),
        (POLLUTION, {"aqi_hourly": 300}, "facts.aqi_hourly"),
        (POLLUTION, {"aqi_hourly": [["2026-12-01T01:00", 1], ["2026-12-01T01:00", 2]]}, "facts.aqi_hourly[1][0]"),
        (POLLUTION, {"aqi_hourly": [["2026-12-01T02:00", 1], ["2026-12-01T01:00", 2]]}, "facts.aqi_hourly[1][0]"),
        (POLLUTION, {"aqi_hourly": [["2026-12-01T02:30", 1]]}, "facts.aqi_hourly[0][0]"),
        (POLLUTION, {"aqi_hourly": [["2026-12-01T02:00"]]}, "facts.aqi_hourly[0]"),
        (POLLUTION, {"aqi_hourly": [["2026-12-01T02:00", -3]]}, "facts.aqi_hourly[0][1]"),
        (POLLUTION, {"aqi_hourly": [["0001-01-01T00:00+14:00", 3]]}, "facts.aqi_hourly[0][0]"),
    ],
)  # fmt: skip
def test_a_wrong_fact_says_where(client: TestClient, path: str, facts: Any, where: str) -> None:
    assert error_of(client.post(path, json={"facts": facts}))["where"] == where


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_is_refused(client: TestClient, number: str) -> None:
    found = error_of(client.post(FIRE, content=f'{{"facts": {{"affected_forest_area": {number}}}}}'))
    assert found["where"] == "facts.affected_forest_area"


def test_a_misspelt_fact_is_answered_with_the_right_one(client: TestClient) -> None:
    found = error_of(client.post(EQUIPMENT, json={"facts": {"death": 1}}))
    assert found == {
        "code": "fact-invalid",
        "message": "《朔州市特种设备事故应急预案》没有指标“death”",
        "where": "facts.death",
        "remedy": "是不是“deaths”（死亡人数）？",
    }
    assert "deaths" in error_of(client.post(EQUIPMENT, json={"facts": {"死亡人数": 1}}))["remedy"]


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "3", '{"facts": {}, "facts": {}}', '{"fact": {}}', '{"facts": {}, "at": 3}', '{"facts": {}, "at": "2026-13-01"}',
     '{"facts": {}, "readings": {"SE-99": "a"}}', '{"facts": {}, "readings": {"SE-23": "q"}}', '{"facts": {}, "readings": []}',
     '{"facts": {}, "in_force": {"warnings": "red"}}', '{"facts": {}, "in_force": {"warning": "pink"}}', "[" * 100_000, '{"facts": ' * 5000,
     '{"facts": {"deaths": ' + "9" * 5000 + "}}", "\ufeff{}", "{'facts': {}}"],
)  # fmt: skip
def test_a_wrong_body_is_an_error_and_no_crash(client: TestClient, body: str) -> None:
    error_of(client.post(EQUIPMENT, content=body.encode()))


def test_bytes_that_are_no_text(client: TestClient) -> None:
    error_of(client.post(EQUIPMENT, content=b"\xff\xfe\x00"))


def test_unknown_addresses_plans_scales_and_methods(client: TestClient) -> None:
    assert error_of(client.get("/api/v1/plans/nothing"))["code"] == "unknown-name"
    assert client.get("/api/v1/plans/nothing").status_code == 404
    assert error_of(client.get("/api/v1/nothing"))["code"] == "not-found"
    assert error_of(client.get(EQUIPMENT))["code"] == "not-allowed"
    assert error_of(client.get("/api/v1/plans/shuozhou-drought/duties"))["where"] == "query.scale"
    assert error_of(client.get("/api/v1/plans/shuozhou-drought/duties?scale=warning&level=pink"))["where"] == "level"
    assert error_of(client.get("/api/v1/plans/shuozhou-drought/duties?scale=alarm&level=red"))["where"] == "scale"


def test_a_body_of_100_mb_is_refused(client: TestClient) -> None:
    def body() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 1_000_000

    answer = client.post(EQUIPMENT, content=body())
    assert answer.status_code == 413
    assert error_of(answer)["code"] == "too-large"


def test_in_a_batch_the_other_lines_go_on(client: TestClient) -> None:
    good = b'{"id": 9, "plan": "shuozhou-special-equipment", "facts": {"deaths": 30}}\n'
    lines = [
        good,
        b"{\n",
        b"\n",
        b"[]\n",
        b'{"id": 1}\n',
        b'{"id": 2, "plan": "nothing", "facts": {}}\n',
        b"\xff\n",
        b"x" * 6_000_000 + b"\n",
        good[:-1],
    ]
    answers = [json.loads(line) for line in client.post("/api/v1/assess/batch", content=b"".join(lines)).text.splitlines()]
    assert [answer.get("error", {}).get("code") for answer in answers] == [
        None, "bad-input", "bad-input", "bad-input", "unknown-name", "bad-input", "bad-input", None,
    ]  # fmt: skip
    assert answers[0]["levels"]["grade"] == answers[-1]["levels"]["grade"] == "I"
    assert [answer["id"] for answer in answers] == [9, None, None, 1, 2, None, None, 9]


def test_an_empty_batch_is_an_empty_answer(client: TestClient) -> None:
    answer = client.post("/api/v1/assess/batch", content=b"")
    assert (answer.status_code, answer.text) == (200, "")


def test_openapi_describes_each_plans_facts(client: TestClient) -> None:
    found = client.get("/openapi.json").json()
    schemas = found["components"]["schemas"]
    properties = schemas["facts.shuozhou-special-equipment"]["properties"]
    assert properties["boiler_explosion"]["anyOf"][0] == {"type": "boolean"}
    assert properties["deaths"]["anyOf"][0] == {"type": "integer", "minimum": 0}
    counties = schemas["facts.shuozhou-meteorological"]["properties"]["counties"]["properties"]
    assert set(counties) == {"朔城区", "平鲁区", "山阴县", "应县", "右玉县", "怀仁市"}
    assess = found["paths"]["/api/v1/plans/{plan_id}/assess"]["post"]
    assert {"$ref": "#/components/schemas/case.shuozhou-drought"} in assess["requestBody"]["content"]["application/json"][
        "schema"
    ]["anyOf"]
    assert assess["responses"]["422"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}


def test_half_a_surrogate_pair_is_refused_everywhere(client: TestClient) -> None:
    for body in ('{"facts": {"\\ud800": 1}}', '{"facts": {"deaths": "\\udc00"}}', '{"facts": {}, "at": "\\ud800"}'):
        error_of(client.post(EQUIPMENT + "?explain=1", content=body))
    lines = client.post(
        "/api/v1/assess/batch", content='{"id": "\\ud800", "plan": "x"}\n{"id": 2, "plan": "shuozhou-drought", "facts": {}}\n'
    )
    answers = [json.loads(line) for line in lines.text.splitlines()]
    assert [answer["id"] for answer in answers] == [None, 2]
    assert answers[0]["error"]["where"].startswith("第 1 行")


def test_a_pair_of_surrogates_is_a_character(client: TestClient) -> None:
    body = '{"id": "\\ud83d\\ude92", "plan": "shuozhou-drought", "facts": {}}'
    assert json.loads(client.post("/api/v1/assess/batch", content=body).text)["id"] == "🚒"


@pytest.mark.parametrize("number", ["1" + "0" * 400, "1" + "0" * 40])
def test_a_number_beyond_all_measure_is_refused(client: TestClient, number: str) -> None:
    found = error_of(client.post(EQUIPMENT + "?explain=1", content=f'{{"facts": {{"direct_economic_loss": {number}}}}}'))
    assert found["where"] == "facts.direct_economic_loss"


def test_a_large_number_is_exact_and_explained(client: TestClient) -> None:
    answer = client.post(EQUIPMENT + "?explain=1", json={"facts": {"deaths": 2**31 + 1, "direct_economic_loss": 10**20}})
    assert answer.json()["levels"]["grade"] == "I"


def test_too_many_alternatives_are_refused(client: TestClient) -> None:
    found = error_of(client.post(EQUIPMENT, json={"facts": {"deaths": {"one_of": list(range(200))}}}))
    assert found["where"] == "facts.deaths.one_of"


def test_levels_in_force_say_where_they_are_wrong(client: TestClient) -> None:
    assert error_of(client.post(EQUIPMENT, json={"facts": {}, "in_force": {"grade": "XX"}}))["where"] == "in_force.grade"
    assert error_of(client.post(EQUIPMENT, json={"facts": {}, "in_force": {"bogus": None}}))["where"] == "in_force.bogus"


def test_the_documentation_needs_no_other_machine(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "/api/v1/plans/{plan_id}/assess" in page
    assert "http://" not in page
    assert "https://" not in page
