"""All ten plans against the five raw gazettes: every clause found, every number and unit printed, slips seen."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from api.gazettes import Gazettes, compare_all, known_digests
from api.library import library
from engine.gazette.clauses import split
from engine.gazette.compare import Comparison, compare
from engine.gazette.draft import draft_plan
from engine.gazette.figures import duty_figures, trigger_figures
from engine.gazette.reading import Gazette
from engine.gazette.recall import recall
from engine.plan.load import load
from tests.gazettes import FOLDER

PLANS = sorted(library().plans)
LOADED = library()


@cache
def comparisons() -> dict[str, Comparison]:
    return {one.plan: one for one in compare_all(LOADED, Gazettes(FOLDER))}


@pytest.fixture(params=PLANS)
def comparison(request: pytest.FixtureRequest, gazettes: Gazettes) -> Comparison:
    return comparisons()[request.param]


def test_in_ci_the_gazettes_are_there() -> None:
    assert os.environ.get("CI") != "true" or len(list(FOLDER.glob("*.txt"))) == 5


@pytest.mark.parametrize("number", range(5))
def test_every_raw_gazette_can_be_read(folder: Path, number: int) -> None:
    found = Gazette(sorted(folder.glob("*.txt"))[number].read_text("utf-8"))
    assert len(found.numbers) >= 7
    assert len(set(found.heads)) == len(found.numbers)


def test_a_plan_stands_in_one_gazette_only(folder: Path) -> None:
    whole = [Gazette(path.read_text("utf-8")) for path in sorted(folder.glob("*.txt"))]
    for plan in LOADED.plans.values():
        assert sum(one.find(plan.title) is not None for one in whole) == 1, plan.id


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_extract_and_the_whole_gazette_give_the_same_text(gazettes: Gazettes, plan_id: str) -> None:
    plan = LOADED.plans[plan_id]
    extract = Gazette((FOLDER / "plans" / f"{plan_id}.txt").read_text("utf-8")).find(plan.title)
    whole = gazettes.find(plan.title)
    assert extract is not None
    assert whole is not None
    assert (extract.digest, extract.number, extract.issued) == (whole.document.digest, plan.document.number, plan.document.issued)


def test_every_clause_of_the_ledger_is_in_the_text_and_the_other_way_round(comparison: Comparison) -> None:
    assert (comparison.missing, comparison.extra) == ((), ())
    assert comparison.encoded + comparison.noted == comparison.clauses


def test_no_number_unit_or_document_differs(comparison: Comparison) -> None:
    assert [str(one) for one in comparison.findings if one.severity == "error"] == []


def test_the_source_is_the_one_that_the_plan_was_made_from(comparison: Comparison) -> None:
    assert comparison.plan in known_digests()
    assert not comparison.changed


def clause_marks(plan_id: str) -> list[tuple[str, str]]:
    """For clauses that are numbers: the id and how its text must begin."""
    found = []
    for clause in LOADED.plans[plan_id].clauses:
        last = re.search(r"(\d+(?:\.\d+)+|\(\d+\)|[①-⑳])$", clause)
        if last and "附" not in clause:
            found.append((clause, last.group()))
    return found


@pytest.mark.parametrize("plan_id", PLANS)
def test_each_numbered_clause_begins_with_its_number_and_holds_no_other_of_its_kind(gazettes: Gazettes, plan_id: str) -> None:
    texts, _ = gazettes.texts(LOADED.plans[plan_id])  # type: ignore[misc]
    for clause, mark in clause_marks(plan_id):
        own = (texts.own(clause) or "").replace("（", "(").replace("）", ")").replace("( ", "(")
        assert own.startswith(mark), clause
        following = {n for n in re.findall(r"(?m)^\((\d+)\)", own[1:])} if mark.startswith("(") else set()
        assert not following, clause


@pytest.mark.parametrize("plan_id", PLANS)
def test_a_clause_cut_from_the_text_is_reported_and_the_others_stay(gazettes: Gazettes, plan_id: str) -> None:
    plan = LOADED.plans[plan_id]
    texts, printed = gazettes.texts(plan)  # type: ignore[misc]
    whole = printed.document.text
    for clause, mark in clause_marks(plan_id)[2::9]:
        own = texts.text(clause) or ""
        cut = whole.replace(own, own.replace(mark, "", 1) if own.startswith(mark) else own[3:], 1)
        again = split(type(printed.document)(plan.title, None, None, cut), [one for one in plan.clauses if "附" not in one])
        assert clause in again.missing, clause
        assert len(again.missing) <= 1 + sum(one.startswith(clause) for one in plan.clauses), (clause, again.missing)


def test_a_number_that_the_print_has_otherwise_is_seen(gazettes: Gazettes) -> None:
    # Some plans' numbers all stand in a reading or in a clause that is printed twice: over all plans there are plenty that do not.
    assert sum(seen_otherwise(gazettes, plan_id) for plan_id in PLANS) >= 15


def seen_otherwise(gazettes: Gazettes, plan_id: str) -> int:
    """How many numbers were changed in the print, each of them seen."""
    plan = LOADED.plans[plan_id]
    texts, printed = gazettes.texts(plan)  # type: ignore[misc]
    tried = 0
    for figure in [*trigger_figures(plan), *duty_figures(plan)]:
        own = texts.own(figure.clause) or ""
        if figure.alternative or figure.implied or not figure.stands(own) or not re.search(r"\d", own[12:]):
            continue
        wrong = own[:12] + re.sub(r"[0-8]", "9", own[12:])
        if any(figure.stands(reading.chosen + reading.question + (reading.because or "")) for reading in plan.readings.values()):
            continue
        if figure.stands(wrong) or printed.document.text.count(own) != 1:
            continue
        tried += 1
        document = replace(printed.document, text=printed.document.text.replace(own, wrong))
        found = compare(plan, LOADED.sources[plan_id], document, {}).findings
        assert any(one.code.startswith("figure") and f"“{figure.clause}”" in one.expected + one.found for one in found), figure
        if tried == 4:
            break
    return tried


RECALL = {"clauses": 0.95, "units": 0.75, "thresholds": 0.9, "deadlines": 0.95}


def test_a_draft_finds_most_of_the_ten_plans(gazettes: Gazettes) -> None:
    found = dict.fromkeys(RECALL, 0)
    total = dict.fromkeys(RECALL, 0)
    for plan in LOADED.plans.values():
        printed = gazettes.find(plan.title)
        assert printed is not None
        draft = draft_plan(printed.document)
        checked = load({"x/draft.yaml": draft.yaml}, {}, {})
        assert not {one.code for one in checked.findings} & {"syntax", "unknown-key", "duplicate-key"}, plan.id
        shares = recall(draft, plan)
        for kind in RECALL:
            found[kind] += getattr(shares, kind).found
            total[kind] += getattr(shares, kind).total
    assert {kind for kind, least in RECALL.items() if found[kind] < least * total[kind]} == set()
