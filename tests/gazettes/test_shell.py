"""The gazettes by the command line and HTTP: with a folder, and without one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.gazettes import Gazettes, clause_data, known_digests, record
from api.library import library
from api.reading import BadInput
from api.settings import Settings
from engine.gazette.reading import Gazette
from engine.plan.load import load
from tests.engine.gazette.print import PLAN, RAW, TITLE, UNITS


@pytest.fixture
def press(tmp_path: Path) -> Path:
    folder = tmp_path / "press"
    folder.mkdir()
    (folder / "2031-2.txt").write_text(RAW)
    return folder


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    for name, text in (("some/lanterns.yaml", PLAN), ("units/some.yaml", UNITS)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def yuan(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("YUAN_")}
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments], capture_output=True, text=True, check=False, env=env | settings
    )


def test_a_clause_shows_its_text_where_a_gazette_is_configured(press: Path, office: Path) -> None:
    done = yuan("show", "lanterns", "--clause", "3.1(2)", YUAN_GAZETTES=str(press), YUAN_PLANS_DIR=str(office))
    assert done.returncode == 0
    assert "3.5小时以上" in done.stdout
    assert "2031-2.txt" in done.stdout


def test_without_a_gazette_it_says_so_plainly(office: Path) -> None:
    done = yuan("show", "lanterns", "--clause", "3.1(2)", YUAN_PLANS_DIR=str(office))
    assert (done.returncode, "YUAN_GAZETTES" in done.stdout) == (0, True)
    assert yuan("show", "lanterns", "--clause", "9.9", YUAN_PLANS_DIR=str(office)).returncode == 2


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    done = yuan("check", "--gazettes", str(tmp_path / "none"))
    assert done.returncode == 2
    assert "处理：" in done.stderr


def test_check_holds_every_plan_against_its_print(press: Path, office: Path) -> None:
    done = yuan("check", str(office / "some/lanterns.yaml"), "--gazettes", str(press), YUAN_PLANS_DIR=str(office))
    assert "条款 18：编入 7，注明 11，缺 0；错误 0" in done.stdout
    assert done.returncode == 0
    (office / "some/lanterns.yaml").write_text(PLAN.replace("at_least: 5人", "at_least: 6人"))
    done = yuan("check", str(office / "some/lanterns.yaml"), "--gazettes", str(press), YUAN_PLANS_DIR=str(office))
    assert (done.returncode, "figure-not-printed" in done.stdout) == (1, True)


def test_a_draft_is_printed_as_yaml(press: Path, office: Path) -> None:
    done = yuan("draft", str(press / "2031-2.txt"), "--title", TITLE, "--against", "lanterns", YUAN_PLANS_DIR=str(office))
    assert "条款 18/18" in done.stderr
    assert done.returncode == 0
    assert load({"x/draft.yaml": done.stdout}, {}, {}).findings
    assert yuan("draft", str(press / "2031-2.txt"), "--title", "别的预案").returncode == 2


def test_http_gives_clause_state_text_and_source(press: Path) -> None:
    plan = next(iter(library().plans.values()))
    clause = plan.clauses[0]
    bare = TestClient(create_app(settings=Settings(gazettes=None), console=False))
    answer = bare.get(f"/api/v1/plans/{plan.id}/clauses/{clause}").json()
    assert (answer["clause"], answer["text"], answer["source"]) == (clause, None, None)
    assert answer["state"]
    assert bare.get(f"/api/v1/plans/{plan.id}/clauses/无此条").status_code in (404, 422)
    other = TestClient(create_app(settings=Settings(gazettes=press), console=False))
    assert "没有" in other.get(f"/api/v1/plans/{plan.id}/clauses/{clause}").json()["note"]


def test_http_shows_the_print(gazettes: Gazettes) -> None:
    client = TestClient(create_app(settings=Settings(gazettes=gazettes.folder), console=False))
    for plan in library().plans.values():
        clause = plan.clauses[-1]
        answer = client.get(f"/api/v1/plans/{plan.id}/clauses/{clause}").json()
        assert answer["text"], plan.id
        assert answer["source"]["number"] == plan.document.number
        assert not answer["source"]["changed"]


def test_a_source_that_changed_says_so(press: Path, tmp_path: Path) -> None:
    plans = load({"x/lanterns.yaml": PLAN}, {"units/x.yaml": UNITS}, {}).plans
    path = tmp_path / "kept" / "sources.yaml"
    path.parent.mkdir()
    assert record(Gazettes(press), plans, path) == 1
    digest = Gazette(RAW).find(TITLE).digest  # type: ignore[union-attr]
    assert known_digests((path.parent,)) == {"lanterns": digest}
    assert json.loads(json.dumps(clause_data(plans["lanterns"], "3.2", Gazettes(press))))["source"]["changed"] is False


def test_a_gazette_that_cannot_be_read_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        Gazettes(tmp_path / "none")
