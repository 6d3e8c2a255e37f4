"""The command line as its user meets it: by hand, with right and wrong input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.library import library


def yuan(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "api.cli", *arguments], input=stdin, capture_output=True, text=True, check=False)


def test_people_get_levels_reasons_distance_question_and_duties(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("deaths: 8\nboiler_explosion: true\n")
    done = yuan("assess", "shuozhou-special-equipment", str(facts))
    assert done.returncode == 0
    for words in (
        "Ⅲ级（较大）",
        "附件2 较大事故1",
        "死亡人数还差2人，到10人以上",
        "先问：发生爆炸或者中断运行的锅炉的容量",
        "600兆瓦以上 → 事故分级 Ⅰ级",
        "项任务",
    ):
        assert words in done.stdout


def test_a_reading_can_be_switched(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"deaths": 1}')
    levels = [
        json.loads(yuan("assess", "shuozhou-special-equipment", str(facts), "--json", *more).stdout)["levels"]["response"]
        for more in ((), ("--reading", "SE-23=a"))
    ]
    assert levels == ["III", None]


def test_a_reading_of_the_duties_can_be_switched() -> None:
    place = ("shuozhou-special-equipment", "--scale", "response", "--level", "II", "--json")
    printed, switched = (json.loads(yuan("duties", *place, *more).stdout) for more in ((), ("--reading", "SE-24=a")))
    assert [one for one in switched if one["level"] == "II"] == printed
    assert {one["clause"] for one in switched if one["level"] == "III"} == {
        "附件6 三级", "附件6 三级(1)", "附件6 三级(2)", "附件6 三级(3)", "附件6 三级(4)", "附件6 三级(5)", "附件6 三级(6)",
    }  # fmt: skip


def test_the_readings_that_move_duties_are_listed_with_what_they_change() -> None:
    place = ("wutai-communications", "--scale", "response", "--level", "IV", "--readings")
    effects = json.loads(yuan("duties", *place, "--json").stdout)
    assert [(one["reading"], one["alternative"], len(one["added"]), one["removed"], one["changed"]) for one in effects] == [
        ("R-19", "a", 27, [], []),
        ("R-21", "a", 1, [], []),
    ]
    assert [(one["action"], one["due"], one["from"]) for one in effects[1]["added"]] == [
        ("接到报告后1小时内报上级机构", {"within": "PT1H"}, "接到报告")
    ]
    shown = yuan("duties", *place).stdout
    assert all(words in shown for words in ("R-21", "各级均适用", "增加"))


def test_a_reading_that_can_not_be_switched_says_why(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text("{}")
    done = yuan("assess", "shuozhou-special-equipment", str(facts), "--reading", "SE-14=a")
    assert (done.returncode, done.stdout) == (2, "")
    assert "读法“SE-14”不能切换为“a”：词汇表没有“除外”这一事实" in done.stderr
    assert (
        yuan("duties", "shuozhou-special-equipment", "--scale", "grade", "--level", "I", "--reading", "SE-14=a").returncode == 2
    )
    listed = json.loads(yuan("assess", "shuozhou-special-equipment", str(facts), "--readings", "--json").stdout)
    assert [(one["reading"], one["alternative"]) for one in listed if "fixed" in one] == [
        ("SE-08", "a"), ("SE-09", "a"), ("SE-10", "a"), ("SE-14", "a"),
    ]  # fmt: skip
    assert "没有“除外”这一事实" in yuan("assess", "shuozhou-special-equipment", str(facts), "--readings").stdout.replace("\n", "")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("f.yaml", "deaths: [", "不是合法的 YAML"),
        ("f.yaml", "deaths: 1\ndeaths: 2", "重复"),
        ("f.yaml", "death: 1", "是不是“deaths”"),
        ("f.yaml", "deaths: 08:30", "facts.deaths"),
        ("f.json", "{", "第 1 行第 2 列"),
        ("f.json", '{"facts": {}, "at": "later"}', "at"),
    ],
)
def test_wrong_facts_say_where_and_what_to_do(tmp_path: Path, name: str, text: str, words: str) -> None:
    facts = tmp_path / name
    facts.write_text(text)
    done = yuan("assess", "shuozhou-special-equipment", str(facts))
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "处理：" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_names_and_missing_files() -> None:
    assert "是不是“shuozhou-drought”" in yuan("show", "shuozhou-draught").stderr
    assert "读不了文件" in yuan("assess", "shuozhou-drought", "nowhere.yaml").stderr
    assert "读不了文件" in yuan("check", "nowhere.yaml").stderr
    assert "没有级别“purple”" in yuan("duties", "shuozhou-drought", "--scale", "warning", "--level", "purple").stderr
    assert "没有写等级体系" in yuan("duties", "shuozhou-drought", "--level", "red").stderr
    assert "缺少预案或事实文件" in yuan("assess").stderr


def test_a_batch_goes_on_after_a_bad_line() -> None:
    done = yuan(
        "assess",
        "--batch",
        "-",
        stdin='{"id": 1, "plan": "shuozhou-drought", "facts": {}}\nnonsense\n\n{"id": 2, "plan": "shuozhou-drought", "facts": {}}\n',
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer["id"] for answer in answers] == [1, None, 2]
    assert [sorted(answer) for answer in answers] == [
        ["basis", "id", "levels", "possible"],
        ["error", "id"],
        ["basis", "id", "levels", "possible"],
    ]


def test_plans_check_and_diagram() -> None:
    assert all(plan in yuan("plans").stdout for plan in library().plans)
    assert yuan("check").stdout.strip().endswith("0 条意见")
    diagram = yuan("diagram", "shuozhou-heavy-pollution").stdout
    assert diagram.count("stateDiagram-v2") == 2
    assert "3.5.2" in diagram


def test_the_command_line_never_imports_the_console() -> None:
    code = "import sys, api.cli, api.cases, api.screen; sys.exit(any(name.startswith(('nicegui', 'fastapi', 'api.console')) for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_duties_for_people_and_programs() -> None:
    listed = json.loads(yuan("duties", "shuozhou-heavy-pollution", "--scale", "warning", "--level", "red", "--json").stdout)
    report = [duty for duty in listed if duty["clause"] == "4.3" and duty["due"] == {"within": "PT30M"}]
    assert [duty["unit"] for duty in report] == ["市重污染天气应急指挥部办公室"]
    assert "30分钟内" in yuan("duties", "shuozhou-heavy-pollution", "--scale", "warning", "--level", "红色").stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("? [a, b]\n: 1\n", "键不是一个词"),
        ('deaths: !!int ""\n', "锚点、别名或标签"),
        ("a: &a [x, x]\nb: [*a, *a]\n", "锚点、别名或标签"),
        ("boiler_explosion: yes\n", "不是“是”或“否”"),
        ("plan: shuozhou-drought\nfacts: {deaths: 3}\n", "不是“shuozhou-special-equipment”的"),
    ],
)
def test_odd_yaml_is_an_error_and_no_traceback(tmp_path: Path, text: str, words: str) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text(text)
    done = yuan("assess", "shuozhou-special-equipment", str(facts))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_batch_takes_no_other_arguments(tmp_path: Path) -> None:
    lines = tmp_path / "cases.jsonl"
    lines.write_text("")
    assert "--batch 与其他参数" in yuan("assess", "shuozhou-drought", "--batch", str(lines)).stderr


def test_nothing_is_cut_off_in_a_narrow_window(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text("{}")
    assert "…" not in yuan("assess", "wutai-forest-grassland-fire", str(facts)).stdout
    assert "…" not in yuan("duties", "shuozhou-heavy-pollution", "--scale", "warning", "--level", "red").stdout


def test_an_assessment_says_where_an_episode_would_merge_two_spells(tmp_path: Path) -> None:
    values = [250] * 30 + [160] * 40 + [250] * 30
    series = [[f"2026-12-{1 + n // 24:02d}T{n % 24:02d}:00", value] for n, value in enumerate(values)]
    facts = tmp_path / "facts.json"
    facts.write_text(
        json.dumps(
            {
                "aqi_hourly": series,
                "so2_hourly_max": 0,
                "regional_notice": "none",
                "consultation_warning": "none",
                "no_improvement_24h": False,
            }
        )
    )
    assert "按3.4合为一次计时：预警级别 橙色" in yuan("assess", "shuozhou-heavy-pollution", str(facts)).stdout.replace("\n", "")
