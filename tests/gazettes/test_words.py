"""No sentence of the gazettes is in the repository."""

from __future__ import annotations

import re
from pathlib import Path

from api.gazettes import Gazettes
from api.library import library
from engine.gazette.subjects import squeeze

ROOT = Path(__file__).resolve().parents[2]


def test_no_sentence_of_a_plan_stands_in_this_package_or_its_tests(gazettes: Gazettes) -> None:
    files = [*ROOT.glob("engine/gazette/*.py"), *ROOT.glob("tests/engine/gazette/*.py"), *ROOT.glob("api/gazette*.py")]
    ours = squeeze("".join(path.read_text() for path in files))
    for plan in library().plans.values():
        printed = gazettes.find(plan.title)
        assert printed is not None
        sentences = {squeeze(one) for one in re.split(r"[。；，\n\t]", printed.document.text)}
        assert [one for one in sentences if len(one) >= 14 and one in ours] == []
