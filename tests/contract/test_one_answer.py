"""The same cases through the function, the command line and HTTP: whole answers, compared."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.cases import CASE_KEYS, assess_case, assess_line
from api.library import library
from engine.contract import assessment_data, error_data, explained_data
from engine.plan.finding import YuanError
from tests.contract.cases import CASES, more_cases

ALL = [*CASES, *more_cases(library())]


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(console=False))


def by_function(case: dict[str, Any]) -> dict[str, Any]:
    try:
        plan = library().plan(case["plan"])
        return {"id": case["id"], **assessment_data(assess_case(plan, case, ("id", "plan", *CASE_KEYS)))}
    except YuanError as error:
        return {"id": case["id"], "error": error_data(error)}


def run_cli(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "api.cli", *arguments], input=stdin, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def cli_answers() -> list[dict[str, Any]]:
    lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in ALL)
    done = run_cli("assess", "--batch", "-", stdin=lines)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_command_line_answers_as_the_function_does(cli_answers: list[dict[str, Any]]) -> None:
    assert cli_answers == [by_function(case) for case in ALL]


def test_http_batch_answers_as_the_function_does(client: TestClient) -> None:
    body = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in ALL)
    answer = client.post("/api/v1/assess/batch", content=body.encode())
    assert answer.status_code == 200
    assert [json.loads(line) for line in answer.text.splitlines()] == [by_function(case) for case in ALL]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case["id"])
def test_http_single_answers_as_the_function_does(client: TestClient, case: dict[str, Any]) -> None:
    body = {key: value for key, value in case.items() if key not in ("id", "plan")}
    answer = client.post(f"/api/v1/plans/{case['plan']}/assess", json=body)
    expected = by_function(case)
    if "error" in expected:
        assert answer.status_code in (400, 404, 422)
        found, wanted = answer.json(), expected["error"]
        assert {**found, "remedy": ""} == {**wanted, "remedy": ""}
    else:
        assert answer.json() == {key: value for key, value in expected.items() if key != "id"}


@pytest.mark.parametrize(
    "case", [case for case in CASES if "error" not in assess_line(json.dumps(case), library().plan)], ids=lambda case: case["id"]
)
def test_explanations_are_the_same_everywhere(client: TestClient, case: dict[str, Any], tmp_path: Path) -> None:
    body = {key: value for key, value in case.items() if key not in ("id", "plan")}
    expected = json.loads(json.dumps(explained_data(assess_case(library().plan(case["plan"]), body))))
    assert client.post(f"/api/v1/plans/{case['plan']}/assess?explain=1", json=body).json() == expected
    facts = tmp_path / "case.json"
    facts.write_text(json.dumps(body, ensure_ascii=False))
    done = run_cli("assess", case["plan"], str(facts), "--json")
    assert json.loads(done.stdout) == expected


@pytest.mark.parametrize("plan_id", sorted(library().plans))
def test_duties_and_plans_are_the_same_everywhere(client: TestClient, plan_id: str) -> None:
    shown = run_cli("show", plan_id, "--json")
    assert json.loads(shown.stdout) == client.get(f"/api/v1/plans/{plan_id}").json()
    scale = list(library().plans[plan_id].scales.values())[-1]
    listed = run_cli("duties", plan_id, "--scale", scale.id, "--level", scale.levels[-1], "--json")
    assert (
        json.loads(listed.stdout)
        == client.get(f"/api/v1/plans/{plan_id}/duties", params={"scale": scale.id, "level": scale.levels[-1]}).json()
    )


def test_duties_under_another_reading_are_the_same_everywhere(client: TestClient) -> None:
    place = {"scale": "response", "level": "II"}
    path = "/api/v1/plans/shuozhou-special-equipment/duties"
    arguments = ("duties", "shuozhou-special-equipment", "--scale", "response", "--level", "II", "--json")
    listed = client.get(path, params={**place, "readings": "SE-24=a"}).json()
    assert listed != client.get(path, params=place).json()
    assert json.loads(run_cli(*arguments, "--reading", "SE-24=a").stdout) == listed
    assert client.post(path, params={**place, "readings": ["SE-24=a"]}, json={}).json() == listed
    effects = client.get(f"{path}/readings", params=place).json()
    assert json.loads(run_cli(*arguments, "--readings").stdout) == effects
    assert [(one["reading"], one["alternative"], len(one["added"])) for one in effects] == [("SE-24", "a", 9)]


def test_an_assessments_duties_follow_its_readings(client: TestClient) -> None:
    body = {"facts": {"deaths": 5}, "readings": {"SE-24": "a"}}
    answer = client.post("/api/v1/plans/shuozhou-special-equipment/assess?explain=1", json=body).json()
    assert "附件6 三级(4)" in {one["clause"] for one in answer["scales"]["response"]["duties"]}


def test_a_reading_that_can_not_be_switched_says_why(client: TestClient) -> None:
    path = "/api/v1/plans/shuozhou-special-equipment/duties"
    for readings, where in (("SE-14=a", "readings.SE-14"), ("SE-99=a", "readings.SE-99"), ("SE-24", "readings")):
        answer = client.get(path, params={"scale": "response", "level": "II", "readings": readings})
        assert 400 <= answer.status_code < 500
        assert answer.json()["where"] == where
