"""What the code may not know: plans, hazards, places, machines, wall clocks."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from api.library import library

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted([*ROOT.glob("engine/**/*.py"), *ROOT.glob("api/**/*.py")])
HAZARDS = (
    "火灾 草原 森林 干旱 旱情 暴雨 暴雪 寒潮 大风 沙尘 高温 霜冻 大雾 特种设备 锅炉 电梯 重污染 疫情 食品 通信保障 冶金".split()
)
HAZARDS_IN_ENGLISH = "wildfire forest grassland drought rainstorm snowstorm sandstorm boiler elevator ropeway covid epidemic heavy.pollution".split()


def named() -> list[str]:
    """Plan ids, titles, jurisdictions and areas: what a new plan file would bring."""
    found: set[str] = set()
    for plan in library().plans.values():
        found |= {
            plan.id,
            plan.title,
            plan.jurisdiction,
            plan.jurisdiction.rstrip("市县"),
            plan.id.split("-")[0],
            plan.document.number,
        }
        for indicator in plan.indicators.values():
            found |= set(indicator.areas)
    return sorted(found)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_plan_hazard_or_place_is_named_in_code(path: Path) -> None:
    text = path.read_text()
    assert [word for word in (*named(), *HAZARDS) if word in text] == []
    assert [word for word in HAZARDS_IN_ENGLISH if re.search(rf"\b{word}", text, re.I)] == []


@pytest.mark.parametrize("path", [path for path in CODE if "engine" in path.parts], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_reads_no_clock_and_no_file(path: Path) -> None:
    calls = {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)}
    assert [
        call for call in calls if call in ("open", "print", "input") or call.endswith((".now", ".today", ".utcnow", ".read_text"))
    ] == []


def test_only_the_generated_judge_is_executed() -> None:
    users = [path.name for path in CODE if re.search(r"\b(exec|eval)\(", path.read_text())]
    assert users == ["judge.py"]


def test_the_generated_judge_holds_no_text_of_a_plan() -> None:
    from engine.trigger.judge import _generate, judge

    for plan in library().plans.values():
        compiled = judge(plan)
        code = _generate(compiled._plain, compiled.domains).__code__
        assert all(not isinstance(constant, str) for constant in code.co_consts)
        assert all(re.fullmatch(r"get|v|bisect|[ikmct]\d+", name) for name in (*code.co_names, *code.co_varnames))


def test_nobody_is_named_by_name_and_no_machine_path_is_kept() -> None:
    for path in ROOT.glob("plans/**/*.yaml"):
        assert not re.search(r"/(home|root|work)/", path.read_text()), path
