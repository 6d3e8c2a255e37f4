"""The plans against the published contract: vocabulary, clause ids, readings. Needs ../shared; a stranger has none."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.library import library
from engine.contract import plan_data

SHARED = Path(__file__).resolve().parents[3] / "shared" / "contract"
PLANS = sorted(library().plans)

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir() and os.environ.get("CI") != "true",
    reason="the published contract (../shared/contract) is not on this machine",
)


def vocabulary(plan_id: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((SHARED / "vocabulary" / f"{plan_id}.yaml").read_text())
    return found


def contained(expected: Any, found: Any, where: str = "") -> list[str]:
    """What of `expected` is not in `found`, by place."""
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            return [f"{where}: {found!r}"]
        return [one for key, value in expected.items() for one in contained(value, found.get(str(key)), f"{where}.{key}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [one for n, (a, b) in enumerate(zip(expected, found, strict=True)) for one in contained(a, b, f"{where}[{n}]")]
    same = expected == found or str(expected) == str(found)
    return [] if same else [f"{where}: {found!r}, expected {expected!r}"]


def test_every_vocabulary_has_its_plan() -> None:
    assert {path.stem for path in (SHARED / "vocabulary").glob("*.yaml")} >= set(PLANS)


@pytest.mark.parametrize("plan_id", PLANS)
def test_indicators_and_scales_are_the_vocabularys(plan_id: str) -> None:
    expected, shown = vocabulary(plan_id), plan_data(library().plans[plan_id])
    assert shown["title"] == expected["title"]
    assert shown["document"]["number"] == expected["document"]
    assert shown["document"]["issued"] == str(expected["issued"])
    assert list(shown["indicators"]) == list(expected["indicators"])
    assert list(shown["scales"]) == list(expected["scales"])
    assert contained(expected["indicators"], shown["indicators"]) == []
    assert contained(expected["scales"], shown["scales"]) == []


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_ledger_holds_every_clause_in_order(plan_id: str) -> None:
    expected = (SHARED / "clauses" / f"{plan_id}.txt").read_text().split("\n")
    assert list(plan_data(library().plans[plan_id])["clauses"]) == [clause for clause in expected if clause.strip()]


@pytest.mark.parametrize("plan_id", PLANS)
def test_every_registered_reading_is_there(plan_id: str) -> None:
    text = (SHARED / "readings" / f"{plan_id}.md").read_text()
    lettered = re.findall(r"^(?:- )?\*\*([A-Z]+-\d+)[ 　：。]", text, re.M)
    numbered = [f"R-{int(n):02d}" for n in re.findall(r"^(\d+)\. ", text, re.M)]
    registered = lettered or numbered
    assert registered
    assert [reading["id"] for reading in plan_data(library().plans[plan_id])["readings"]] == registered
