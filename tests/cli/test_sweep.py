"""`yuan sweep` as its user meets it: options and files, tables, HTML, CSV and JSON that bear 推演, and mistakes that say what to write."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.library import library
from engine.plan.finding import YuanError

EQUIPMENT, POLLUTION = "shuozhou-special-equipment", "shuozhou-heavy-pollution"
GRID = ("--vary", "deaths=0:40", "--vary", "serious_injuries=0,10,50,100")


def sweep(*arguments: str, plan: str = EQUIPMENT) -> str:
    """What it prints. Raises what it refuses."""
    done = CliRunner().invoke(app, ["sweep", plan, *arguments])
    if isinstance(done.exception, YuanError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def as_json(*arguments: str, plan: str = EQUIPMENT) -> Any:
    return json.loads(sweep(*arguments, "--json", plan=plan))


def test_the_command_shows_counts_map_and_where_things_change() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "sweep", EQUIPMENT, *GRID, "--rest", "normal", "--scale", "grade"],
        capture_output=True, text=True, check=True, env={"COLUMNS": "160", "PATH": ""},
    )  # fmt: skip
    assert done.stdout.startswith("[推演] 情景扫描")
    for words in (
        "例数  164（全部组合）",
        "◆ Ⅲ 较大",
        "10.37%",
        "死亡人数 10人以上  附件2 重大事故1",
        "沿死亡人数（重伤人数0人）",
        "增 18 项",
    ):
        assert words in done.stdout
    assert done.stderr == ""


def test_counts_as_json() -> None:
    found = as_json(*GRID, "--fix", "boiler_explosion=false", "--scale", "grade", "--scale", "response")
    assert (found["kind"], found["cases"], found["drawn"]) == ("推演", 164, False)
    assert [(one["level"], one["cases"]) for one in found["scales"]["grade"]["levels"]] == [
        (None, 1), ("IV", 2), ("III", 17), ("II", 70), ("I", 74),
    ]  # fmt: skip
    assert found["fixed"] == [{"indicator": "boiler_explosion", "label": "锅炉爆炸", "words": "否"}]
    turns = next(one for one in found["courses"] if one["indicator"] == "deaths")["turns"]
    assert [(turn["at"], turn["inclusive"]) for turn in turns] == [(1, True), (3, True), (10, True), (30, True)]
    assert found["maps"][0]["map"]["lines_x"][3]["clauses"] == ["附件2 特别重大事故1"]
    assert list(found["scales"]) == ["grade", "response"]


def test_draws_follow_the_seed() -> None:
    draw = ("--vary", "deaths=poisson(3)", "--cases", "2000", "--unknown", "10%", "--scale", "grade")
    one, two, three = (as_json(*draw, "--seed", seed)["scales"] for seed in ("1", "1", "2"))
    assert one == two != three
    levels = as_json(*draw, "--seed", "1", "--unknown", "deaths=0")
    assert levels["varied"][0]["unknown"] == 0.0


def test_a_reading_is_compared_with_the_plans_own() -> None:
    found = as_json("--vary", "deaths=0:4", "--vary", "serious_injuries=0:3", "--reading", "SE-23=a")["comparison"]
    assert found["two"]["readings"] == {"SE-23": "a"}
    assert found["scales"]["response"]["differing"] == 11
    (example,) = [one for one in found["examples"] if one["scale"] == "response"]
    assert [side["level"] for side in example["sides"]] == ["III", None]
    assert len(example["facts"]) == 1
    other = as_json("--vary", "deaths=0:4", "--base-reading", "SE-23=a", "--scale", "response")
    assert [one["level"] for one in other["scales"]["response"]["levels"]] == [None, "II"]
    assert other["comparison"] is None


def test_another_plan_and_a_version_are_compared() -> None:
    found = as_json("--vary", "deaths=0:31", "--against", "wutai-metallurgy-trade-accident", plan="wutai-mayday-work-safety")
    assert found["comparison"]["two"]["plan"] == "wutai-metallurgy-trade-accident"
    with pytest.raises(YuanError) as raised:
        sweep("--vary", "deaths=0:3", "--against", library().plan(EQUIPMENT).digest[:12])
    assert "两边完全相同" in raised.value.message


def test_a_file_says_what_options_say_and_options_go_first(tmp_path: Path) -> None:
    file = tmp_path / "sweep.yaml"
    file.write_text(
        f"plan: {EQUIPMENT}\nvary: {{deaths: 0:40, serious_injuries: [0, 10, 50, 100]}}\nfix: {{boiler_explosion: false}}\nscales: [grade]\n"
    )
    done = CliRunner().invoke(app, ["sweep", "--spec", str(file), "--json"])
    assert json.loads(done.output) == as_json(*GRID, "--fix", "boiler_explosion=false", "--scale", "grade")
    done = CliRunner().invoke(app, ["sweep", "--spec", str(file), "--vary", "deaths=0:3", "--json"])
    assert json.loads(done.output)["cases"] == 4


def test_files_bear_the_mark_in_name_and_content(tmp_path: Path) -> None:
    paths = [tmp_path / f"air.{kind}" for kind in ("html", "csv", "json")]
    printed = sweep(
        "--vary", "aqi_above_200_duration=0:120:4", "--vary", "so2_hourly_max=0:1000:50", "--point", "aqi_above_200_duration=76",
        "--point", "so2_hourly_max=612", "--reading", "HP-10=a", *(part for path in paths for part in ("--out", str(path))), plan=POLLUTION,
    )  # fmt: skip
    written = [path.with_name(f"[推演] {path.name}") for path in paths]
    assert sorted(tmp_path.iterdir()) == sorted(written)
    assert all(f"已写入 {path}" in printed.replace("\n", "") for path in written)
    html = written[0].read_text("utf-8")
    assert "<title>[推演] 情景扫描：" in html
    assert html.count("<svg") == 2
    for words in (
        "现在 76小时，612微克/立方米",
        "签发人 主管副市长 → 市长",
        "双线：签发人改变",
        "最小例子",
        "监测或预测的二氧化硫小时浓度的最大值501微克/立方米",
    ):
        assert words in html
    assert not re.search(r"<script|https?://|@import|url\((?!#)", html)
    rows = list(csv.DictReader(written[1].read_text("utf-8-sig").splitlines()))
    assert {row["标记"] for row in rows} == {"推演"}
    own = [row for row in rows if row["一边"] == "甲" and row["等级"] == "预警级别"]
    assert sum(int(row["例数"]) for row in own) == 31 * 21
    assert json.loads(written[2].read_text("utf-8"))["kind"] == "推演"


def test_a_file_that_bears_the_mark_keeps_its_name(tmp_path: Path) -> None:
    sweep("--vary", "deaths=0:3", "--out", str(tmp_path / "推演1.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["推演1.csv"]


@pytest.mark.parametrize(
    ("arguments", "where", "message", "remedy"),
    [
        (("--vary", "death=0:4"), "vary.death", "没有指标“death”", "是不是“deaths”（死亡人数）？"),
        (("--vary", "deaths="), "--vary", "不是 指标=值", "deaths=0:40"),
        (("--vary", "deaths=0:3", "--vary", "deaths=4"), "--vary", "写了两次", "只写一次"),
        (("--vary", "deaths=40:0"), "vary.deaths", "下限 40 大于上限 0", "0:40"),
        (("--vary", "leading_group_response=II,V"), "vary.leading_group_response", "“V”不是", "II（二级）"),
        (("--vary", "deaths=0:100000", "--vary", "serious_injuries=0:1000000"), "cases", "100001 × 1000001", "--cases"),
        (("--vary", "deaths=poisson(3)"), "cases", "deaths 是分布", "--cases 100000"),
        ((), "vary", "没有写变动哪些指标", "deaths=0:40"),
        (("--vary", "deaths=0:4", "--fix", "deaths=3"), "fix.deaths", "又固定又变动", "只留一处"),
        (("--vary", "deaths=0:4", "--fix", "boiler_explosion=maybe"), "fix.boiler_explosion", "不是“是”或“否”", "true 或 false"),
        (("--vary", "deaths=0:4", "--fix", "ropeway=1"), "fix.ropeway", "没有指标", "ropeway_stranded"),
        (("--vary", "deaths=0:4", "--map", "deaths,serious_injuries"), "map", "没有变动", "deaths"),
        (("--vary", "deaths=0:4", "--map", "deaths"), "map", "两个不同的指标", "如"),
        (("--vary", "deaths=0:4", "--point", "crane_overturn=true"), "point.crane_overturn", "没有变动", "fix"),
        (("--vary", "deaths=0:4", "--scale", "alarm"), "scale", "没有等级体系", "grade"),
        (("--vary", "deaths=0:4", "--unknown", "2"), "unknown.deaths", "不是比例", "0 到 1"),
        (("--vary", "deaths=0:4", "--unknown", "many"), "--unknown", "不是比例", "0.1"),
        (("--vary", "deaths=0:4", "--unknown", "serious_injuries=0.1"), "unknown.serious_injuries", "没有变动", "deaths"),
        (("--vary", "deaths=0:4", "--rest", "zero"), "rest", "不是其余事实的取法", "normal"),
        (("--vary", "deaths=0:4", "--cases", "0"), "cases", "不在 1 到", "换一个数"),
        (("--vary", "deaths=0:4", "--seed", "-1"), "seed", "不在 0 到", "换一个数"),
        (("--vary", "deaths=0:4", "--reading", "SE-23"), "--reading", "不是 读法=取法", "SE-23=a"),
        (("--vary", "deaths=0:4", "--reading", "SE-99=a"), "against.readings.SE-99", "没有读法", "SE-23"),
        (("--vary", "deaths=0:4", "--against", "nothing"), "plan", "没有预案", EQUIPMENT),
        (("--vary", "deaths=0:4", "--out", "x.pdf"), "--out", "不会写“.pdf”", ".html"),
        (("--vary", "deaths=0:4", "--out", "/nowhere/x.csv"), "--out", "没有文件夹", "建立"),
        (("--vary", "deaths=0:4", "--spec", "/nowhere.yaml"), "/nowhere.yaml", "读不了文件", "路径"),
    ],
)  # fmt: skip
def test_mistakes_say_where_and_what_to_write(arguments: tuple[str, ...], where: str, message: str, remedy: str) -> None:
    with pytest.raises(YuanError) as raised:
        sweep(*arguments)
    assert raised.value.where == where
    assert message in raised.value.message
    assert remedy in raised.value.remedy


def test_no_plan_and_no_accelerator_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(app, ["sweep", "--vary", "deaths=0:3"])
    assert isinstance(done.exception, YuanError)
    assert done.exception.message == "没有写预案"
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(YuanError) as raised:
        sweep("--vary", "deaths=0:3", "--accelerate")
    assert "pip install 'yuan[fast]'" in raised.value.remedy
