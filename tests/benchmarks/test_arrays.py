"""What is compared in `tests.benchmarks.arrays` is the same: the chains, the array form, and single assessments."""

from __future__ import annotations

import numpy as np

from engine.assess import assess
from engine.trigger.array import array_form
from engine.trigger.facts import validate
from tests.benchmarks.arrays import SPECIAL, assess_by_hand, blocks, dicts, random_columns
from tests.benchmarks.floor import grade
from tests.engine.samples import plan_of

CASES = 3_000
PLAN = plan_of(SPECIAL)


def test_the_chains_and_the_array_form_say_the_same_of_random_complete_facts() -> None:
    columns = random_columns(PLAN, CASES, 3)
    found = array_form(PLAN).judge(columns, CASES)
    ranks = {scale: found.ranks(scale) for scale in PLAN.scales}
    clauses = {scale: found.clauses(scale) for scale in PLAN.scales}
    for n, case in enumerate(dicts(PLAN, columns, CASES)):
        by_hand = assess_by_hand(case)
        assert grade(case) == by_hand["grade"][0]
        for scale, of in PLAN.scales.items():
            level, basis = by_hand[scale]
            codes, each = clauses[scale]
            assert of.level_at(int(ranks[scale][n])) == level, case
            assert set(each[codes[n]]) == set(basis), case


def test_the_chain_by_hand_is_the_engines_assessment() -> None:
    for case in dicts(PLAN, random_columns(PLAN, 500, 5), 500):
        found = assess(PLAN, validate(PLAN, case))
        assert {scale: (found.levels[scale], set(found.basis(scale))) for scale in PLAN.scales} == {
            scale: (level, set(basis)) for scale, (level, basis) in assess_by_hand(case).items()
        }


def test_the_cases_meet_every_level_and_half_of_the_facts_can_be_unknown() -> None:
    found = array_form(PLAN).judge(random_columns(PLAN, 20_000, 1), 20_000)
    for scale, of in PLAN.scales.items():
        assert set(found.ranks(scale).tolist()) == set(range(len(of.levels) + 1))
    half = random_columns(PLAN, 20_000, 1, unknown=0.5)
    unknown = np.mean([np.isnan(one).mean() if one.dtype.kind == "f" else (one == -1).mean() for one in half.values()])
    assert 0.48 < unknown < 0.52


def test_blocks_are_of_the_size_asked_for_and_differ() -> None:
    found = [columns for columns, size in blocks(PLAN, 300, 100) if size == 100]
    assert len(found) == 3
    assert any((found[0][key] != found[1][key]).any() for key in found[0])
