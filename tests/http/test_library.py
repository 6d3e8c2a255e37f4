"""An office's own plans: added by a folder, taken up without a restart, old versions kept, other places marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.library import BadFolder, Library, folders, plans_folder
from api.settings import Settings

GOOD = Path(__file__).parents[1] / "bad_plans" / "good.yaml"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    (folder / "own").mkdir(parents=True)
    (folder / "own" / "good.yaml").write_text(GOOD.read_text())
    return folder


@pytest.fixture
def shelf(office: Path) -> Library:
    return Library((plans_folder(), office))


def client_of(shelf: Library, jurisdiction: str | None = None) -> TestClient:
    return TestClient(create_app(shelf, Settings(jurisdiction=jurisdiction), console=False))


def test_a_folder_of_the_offices_own_adds_plans(shelf: Library) -> None:
    answer = client_of(shelf).post("/api/v1/plans/good/assess", json={"facts": {"deaths": 3}})
    assert answer.json()["levels"] == {"grade": "III", "response": "I"}


def test_a_jurisdiction_marks_the_plans_of_other_places_but_lets_them_be_seen(shelf: Library) -> None:
    client = client_of(shelf, "某市")
    own = {plan["plan"]: plan["own"] for plan in client.get("/api/v1/plans").json()}
    assert [plan for plan, mine in own.items() if mine] == ["good"]
    assert client.post("/api/v1/plans/shuozhou-drought/assess", json={"facts": {}}).status_code == 200


def test_a_new_version_is_taken_up_and_the_old_one_stays(office: Path, shelf: Library) -> None:
    client = client_of(shelf)
    newer = (
        GOOD.read_text()
        .replace("in_force: 2026-01-01", "in_force: 2026-06-01")
        .replace("at_least: 3人", "at_least: 4人")
        .replace("below: 3人", "below: 4人")
    )
    (office / "own" / "good@2.yaml").write_text(newer)
    shelf.refresh()
    versions = next(plan["versions"] for plan in client.get("/api/v1/plans").json() if plan["plan"] == "good")
    assert [version["in_force"] for version in versions] == ["2026-01-01", "2026-06-01"]
    old = versions[0]["digest"][:12]
    facts = {"facts": {"deaths": 3}}
    assert client.post("/api/v1/plans/good/assess", json=facts).json()["levels"]["grade"] == "IV"
    assert client.post(f"/api/v1/plans/good/assess?version={old}", json=facts).json()["levels"]["grade"] == "III"
    assert client.get("/api/v1/plans/good?version=none").json()["where"] == "version"


def test_an_overwritten_version_can_still_be_read(office: Path, shelf: Library) -> None:
    before = shelf.current().plans["good"].digest
    (office / "own" / "good.yaml").write_text(GOOD.read_text().replace("某地某类事件", "某地另一类事件"))
    shelf.refresh()
    assert shelf.current().plans["good"].title == "某地另一类事件应急预案"
    assert next(plan.digest for plan in shelf.current().versions["good"]) == before


def test_a_bad_file_is_not_taken_up_and_says_why(office: Path, shelf: Library) -> None:
    (office / "own" / "good.yaml").write_text(GOOD.read_text().replace("title:", "titel:"))
    shelf.refresh()
    assert shelf.current().plans["good"].title == "某地某类事件应急预案"
    findings = client_of(shelf).get("/api/v1/findings").json()
    assert {finding["code"] for finding in findings} == {"unknown-key", "missing-key"}
    assert all(finding["where"].startswith("office/own/good.yaml:") for finding in findings)


def test_a_folder_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YUAN_PLANS_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(BadFolder):
        folders()
