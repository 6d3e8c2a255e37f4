"""One bad plan file a finding code: each is found where it stands, with its remedy, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.checkup import check_up
from engine.plan.finding import Finding
from engine.plan.load import load
from engine.plan.source import read

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FILES = sorted(HERE.glob("*.yaml"))
EXPECTED = [line for line in (HERE / "expected.txt").read_text().splitlines() if not line.startswith("#")]
INDEX = {"hj-633-2012.yaml": (ROOT / "plans/indexes/hj-633-2012.yaml").read_text()}


def findings(path: Path) -> tuple[Finding, ...]:
    return check_up(load({path.name: path.read_text()}, {}, INDEX))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_has_exactly_its_findings(path: Path) -> None:
    found = findings(path)
    assert [f"{one.place} {one.code}" for one in found] == [line for line in EXPECTED if line.startswith(f"{path.name}:")]
    assert all(one.found and one.expected and one.remedy for one in found)


def test_every_code_of_the_engine_has_a_bad_file() -> None:
    sources = "\n".join(path.read_text() for folder in ("plan", "checkup") for path in (ROOT / "engine" / folder).glob("*.py"))
    # Codes stand as literals after the path, or as a default; too-large is tested below with a text that no repository wants.
    codes = set(
        re.findall(r'"((?:unknown|wrong|missing|duplicate|ledger|too|empty|out|levels|un|re|mis)[a-z]*(?:-[a-z]+)+)"', sources)
    )
    codes |= {"alias", "cycle", "misplaced", "syntax", "unreachable"}
    codes -= {"unknown-name", "too-large", "unknown-post"}  # the last is of units: test_units.py
    shown = {line.split()[1] for line in EXPECTED}
    assert codes <= shown, sorted(codes - shown)


def test_all_mistakes_of_a_file_come_in_one_run() -> None:
    codes = {finding.code for finding in findings(HERE / "several.yaml")}
    assert {"unknown-key", "wrong-type", "unknown-indicator", "unknown-clause", "unknown-moment"} <= codes


def test_a_good_plan_has_no_findings_and_loads() -> None:
    loaded = load({"good.yaml": (HERE / "good.yaml").read_text()}, {}, INDEX)
    assert check_up(loaded) == ()
    assert list(loaded.plans) == ["good"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 100_000_000, "too-large"),
        ("a: " + "[" * 10_000 + "]" * 10_000, "too-deep"),
        ("\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]), "alias"),
        ("- x\n" * 400_000, "too-large"),
    ],
    ids=["100 MB", "10,000 levels deep", "alias bomb", "400,000 nodes"],
)
def test_a_hostile_file_is_refused_at_once(text: str, code: str) -> None:
    source = read(text, "hostile.yaml")
    assert source.tree is None
    assert [finding.code for finding in source.findings] == [code]


@pytest.mark.parametrize(
    "text", ["", "\x00", "[1, 2]", "a: b: c", "--- a\n--- b", "a: 1\na: 2", "? [1]\n: 2", "a: *x", "%YAML 9"]
)
def test_any_text_gives_findings_and_never_raises(text: str) -> None:
    loaded = load({"plans/x/odd.yaml": text}, {}, {})
    assert loaded.plans == {}
    assert loaded.findings


def test_scalars_stay_what_they_look_like() -> None:
    tree = read('clause: 8.10\ntime: 15:00\non: off\nnothing: ~\nempty: ""\n', "plain.yaml").tree
    assert tree == {"clause": "8.10", "time": "15:00", "on": "off", "nothing": None, "empty": ""}
