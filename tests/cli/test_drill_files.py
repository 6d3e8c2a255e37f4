"""`yuan drill` writing what a drill leaves behind, and taking a scenario out of a journal or a CEXF file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from docx import Document

from api.drill_reports import report_name
from api.library import library
from engine.drill.authoring.scenario_text import scenario_text
from engine.incident.command import Observe, Open
from engine.plan.finding import YuanError
from tests.cli.test_drill import _loaded_once, refused, yuan
from tests.engine.drill.haze import PLAN, SCENARIO, played
from tests.engine.incident.desk import Desk
from tests.journals.record import line

__all__ = ["_loaded_once"]


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    path = tmp_path / "haze.yaml"
    path.write_text(scenario_text(SCENARIO, (library().plan(PLAN),)), "utf-8")
    return str(path)


def test_a_drill_leaves_its_files(scenario: str, tmp_path: Path) -> None:
    names = {key: tmp_path / f"[推演]{key}" for key in ("a.html", "a.docx", "e.json", "c.html", "f.feature", "x.json")}
    told = yuan(
        "drill", scenario, "--report", str(names["a.html"]), "--evaluation", str(names["e.json"]), "--variant", "vice.decides=10分钟",
        "--compare", str(names["c.html"]), "--feature", str(names["f.feature"]), "--cexf", str(names["x.json"]),
    )  # fmt: skip
    assert "[推演] 橙色预警推演：得分 80；按时 10，逾期 2，未完成 1" in told
    assert "变体1（副市长甲用时10分钟）：第一处不同：决定" in told
    assert "没有导出：签发人和用时" in told
    yuan("drill", scenario, "--report", str(names["a.docx"]))
    assert json.loads(names["e.json"].read_text("utf-8"))["total"]["score"] == 80.0
    assert names["a.html"].read_text("utf-8").startswith("<!doctype html>")
    assert "推演对比" in names["c.html"].read_text("utf-8")
    assert names["f.feature"].read_text("utf-8").startswith("# language: zh-CN")
    assert Document(io.BytesIO(names["a.docx"].read_bytes())).paragraphs[0].text.startswith("[推演]")
    back = yuan(
        "drill", "--from-cexf", str(names["x.json"]), "--write", str(tmp_path / "back.yaml"), "--begins", "2026-12-20T08:00"
    )
    assert "待补：facts" in back
    assert "会商意见形成" in (tmp_path / "back.yaml").read_text("utf-8")


def test_a_file_is_never_written_over(scenario: str, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("别动", "utf-8")
    for option in ("--report", "--json"):
        assert "已有这个文件" in refused("drill", scenario, option, str(path)).message
    assert path.read_text("utf-8") == "别动"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--report", "a.pdf"), "不会写“.pdf”文件"),
        (("--compare", "c.html"), "没有写与什么相比"),
        (("--variant", "9.x=1"), "没有注入“9”"),
        (("--from-incident", "no.jsonl"), "二者取一"),
        (("--variant", " ；"), "没有写改什么"),
        (("--runs", "5", "--report", "a.html"), "--runs 不与 --report 合用"),
        (("--runs", "5", "--variant", "2=无"), "--runs 不与 --variant 合用"),
        (("--incident", "3"), "没有写取自哪个文件"),
    ],
)
def test_what_cannot_be_is_refused(scenario: str, more: tuple[str, ...], words: str) -> None:
    found = refused("drill", scenario, *more)
    assert words in f"{found.message}{found.remedy}"


@pytest.mark.parametrize("more", [("--report", "a.html"), ("--runs", "5"), ("--json", "-"), ("--incident", "3")])
def test_what_is_asked_of_no_scenario_is_refused(more: tuple[str, ...]) -> None:
    assert refused("drill", *more).message == "没有写情景"


@pytest.mark.parametrize("more", [("--to", "II"), ("--begins", "2026-05-01"), ("--reading", "R-01=a")])
def test_what_an_incident_decides_is_not_asked_for(tmp_path: Path, more: tuple[str, str]) -> None:
    assert f"不与 {more[0]} 合用" in refused("drill", "--from-incident", str(journal(tmp_path)), *more).message


def test_plays_that_are_compared_go_equally_far(scenario: str) -> None:
    """What inject 3 changes at T+19:00 has not come by T+2:00."""
    told = yuan("drill", scenario, "--until", "T+2:00", "--variant", "3=无", "--against", scenario)
    assert told.count("两次的日志逐条相同") == 2


def journal(tmp_path: Path) -> Path:
    plan = library().plan("shuozhou-special-equipment")
    desk = Desk({plan.digest: plan})
    desk.do(Open("锅炉爆炸", plan.jurisdiction, "爆炸", "企业", desk.at, (plan,)))
    desk.later(minutes=5)
    desk.do(Observe({"boiler_explosion": True, "deaths": {"at_least": 1}}, "企业", desk.at))
    path = tmp_path / "journal.jsonl"
    path.write_text("".join(json.dumps(line(one), ensure_ascii=False) + "\n" for one in desk.entries), "utf-8")
    return path


def test_an_incident_becomes_a_scenario_and_is_played(tmp_path: Path) -> None:
    path = journal(tmp_path)
    told = yuan("drill", "--from-incident", str(path), "--write", str(tmp_path / "again.yaml"))
    assert "已写成" in told
    text = (tmp_path / "again.yaml").read_text("utf-8")
    assert "据事件复演：锅炉爆炸" in text
    assert "得分" in yuan("drill", str(tmp_path / "again.yaml"), "--evaluation", str(tmp_path / "e.json"))


def test_a_journal_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = journal(tmp_path)
    path.write_text(path.read_text("utf-8").replace('"at_least": 1', '"at_least": 9'), "utf-8")
    assert "日志被改动过" in refused("drill", "--from-incident", str(path)).message
    (tmp_path / "x").write_text("不是日志", "utf-8")
    assert "不是日志文件" in refused("drill", "--from-incident", str(tmp_path / "x")).message
    assert isinstance(refused("drill", "--from-incident", str(tmp_path / "none")), YuanError)


def test_suggested_names_begin_with_the_mark() -> None:
    assert report_name(played(), ".docx") == "[推演]评估报告-橙色预警推演-20261220.docx"
