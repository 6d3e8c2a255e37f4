"""`yuan drill` as its user meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.library import library
from engine.plan.finding import YuanError


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plans are loaded once for all of these tests."""
    for module in ("api.drill_cli", "api.cli"):
        monkeypatch.setattr(f"{module}.load_plans", lambda *_: library())


QUARRY = "wutai-mayday-work-safety-quarry"


def yuan(*arguments: str) -> str:
    """The output of a command that succeeds."""
    found = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
    assert found.exception is None, found.exception
    return found.output


def refused(*arguments: str) -> YuanError:
    """The error of a command that is refused."""
    found = CliRunner().invoke(app, arguments)
    assert isinstance(found.exception, YuanError)
    assert found.exception.remedy
    return found.exception


def test_the_scenarios_are_listed() -> None:
    shown = yuan("drill")
    assert "[推演] 情景" in shown
    assert QUARRY in shown


def test_a_scenario_is_played_and_told_in_order() -> None:
    shown = yuan("drill", QUARRY)
    assert shown.startswith("[推演] 假期采石场坍塌：由预警到重大事故")
    places = [
        shown.index(words)
        for words in (
            "死亡3人",
            "建议事故等级升至Ⅲ级（较大）（1.4），由分管副县长签发",
            "签发：事故等级Ⅲ级（较大），按建议",
            "[推演] T+20:00 时：事故等级 Ⅱ级（重大）",
        )
    ]
    assert places == sorted(places)
    assert "预计" in shown
    assert "按时" in shown
    assert "响应期间每两小时续报：" in shown


def test_it_can_be_stopped_seeded_and_read_otherwise() -> None:
    assert "[推演] T+2:00 时：事故等级 Ⅳ级（一般）" in yuan("drill", QUARRY, "--until", "T+2:00")
    assert yuan("drill", QUARRY, "--seed", "8") == yuan("drill", QUARRY, "--seed", "8") != yuan("drill", QUARRY, "--seed", "9")
    assert "读法 R-04=a：" in yuan("drill", QUARRY, "--reading", "R-04=a")
    assert "读法 R-09=a：" in yuan("drill", "wutai-metallurgy-two-plans", "--reading", "wutai-mayday-work-safety:R-09=a")


def test_the_journal_comes_as_json(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    assert yuan("drill", QUARRY, "--json", str(path)).startswith("[推演] ")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    assert (found["mark"], found["drill"], found["seed"]) == ("推演", QUARRY, 52)
    assert found["title"].startswith("[推演] ")
    assert found["entries"][-1]["hash"] == found["hash"]
    assert json.loads(yuan("drill", QUARRY, "--json", "-")) == found


def test_a_plan_writes_its_own_scenario_which_is_then_a_file_like_any(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    made = ("drill", "--plan", "wutai-communications", "--to", "I", "--scale", "response", "--begins", "2026-10-22T09:00")
    shown = yuan(*made)
    assert "[推演] 五台县通信保障应急预案推演：应急响应级别Ⅰ级" in shown
    assert "已写成" in yuan(*made, "--write", str(path))
    assert "1 个情景可用，0 条意见" in yuan("drill", str(path), "--check")
    assert "1 个情景可用，0 条意见" in yuan("check", str(path))
    played = yuan("drill", str(path))
    assert played.splitlines()[3:] == shown.splitlines()[3:]
    assert refused(*made, "--write", str(path)).message == "已有这个文件"


def test_the_offices_own_scenarios_stand_beside_those_of_yuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "drills"
    own.mkdir()
    yuan("drill", "--plan", "wutai-communications", "--to", "IV", "--scale", "response", "--write", str(own / "本县.yaml"))
    monkeypatch.setenv("YUAN_PLANS_DIR", str(tmp_path))
    shown = yuan("drill")
    assert "本县" in shown
    assert QUARRY in shown
    assert "应急响应级别 Ⅳ级" in yuan("drill", "本县")


def test_mistakes_in_a_file_are_listed_with_their_places(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(
        "drill: wrong\ntitle: 错\nplans: [wutai-communications]\nbegins: 2026-10-22T09:00\nlasts: 5小时\n"
        "report: {title: 一, words: 二, source: 三}\ninjects:\n  - {id: a, at: 9:00, text: 迟}\n  - {id: b, at: 1:00, facts: {deaths: 1}}\n"
    )
    found = CliRunner().invoke(app, ["drill", str(path), "--check"])
    assert found.exit_code == 1
    places = [line.split(": ")[:2] for line in found.output.splitlines()]
    name = f"{path.parent.parent.name}/{path.parent.name}/wrong.yaml"
    assert places[:2] == [[f"{name}:8:13", "after-end"], [f"{name}:9:31", "unknown-indicator"]]
    assert CliRunner().invoke(app, ["check", str(path)]).exit_code == 1
    assert refused("drill", str(path)).code == "scenario-invalid"


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["drill", "wutai-quarry"], "drill"),
        (["drill", "nowhere/none.yaml"], "nowhere/none.yaml"),
        (["drill", "--plan", "wutai-communications"], "--to"),
        (["drill", "--plan", "wutai-comunications", "--to", "I"], "plan"),
        (["drill", "--plan", "wutai-communications", "--to", "V"], "to"),
        (["drill", "--to", "I"], "--plan"),
        (["drill", QUARRY, "--plan", "wutai-communications"], "--plan"),
        (["drill", QUARRY, "--until", "soon"], "--until"),
        (["drill", QUARRY, "--reading", "R-04"], "--reading"),
        (["drill", QUARRY, "--reading", "R-99=a"], "--reading"),
        (["drill", QUARRY, "--reading", "R-04=q"], "readings.R-04"),
        (["drill", QUARRY, "--begins", "tomorrow"], "--begins"),
        (["drill", "--plan", "wutai-communications", "--to", "I", "--write", "here.txt"], "--write"),
    ],
)
def test_wrong_input_is_answered_with_place_and_remedy(arguments: list[str], where: str) -> None:
    assert refused(*arguments).where == where
