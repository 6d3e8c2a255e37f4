"""The floor and the peers answer the same question as the engine, or their times would say nothing."""

from __future__ import annotations

from random import Random

import pytest

from engine.assess import assess
from engine.trigger.facts import validate
from tests.benchmarks.floor import grade
from tests.benchmarks.peers import kleene_levels, zen_grade
from tests.engine.samples import complete, plan_of

PLAN = "shuozhou-special-equipment"
CASES = [complete(plan_of(PLAN), Random(seed), {}) for seed in range(2_000)]


def test_the_floor_is_the_engines_grade_on_complete_facts() -> None:
    plan = plan_of(PLAN)
    for sample in CASES:
        assert grade(sample.raw) == assess(plan, validate(plan, sample.raw)).levels["grade"], sample.raw


def test_the_cases_meet_every_grade() -> None:
    assert {grade(sample.raw) for sample in CASES} == {None, "IV", "III", "II", "I"}


def test_the_naive_interpreter_agrees_on_complete_facts() -> None:
    plan = plan_of(PLAN)
    for sample in CASES[:500]:
        found = assess(plan, validate(plan, sample.raw))
        assert {scale: level for scale, (level, _) in kleene_levels(plan, sample.raw).items()} == dict(found.levels)


def test_zen_engine_agrees_on_complete_facts() -> None:
    pytest.importorskip("zen", reason="the bench extra is not installed")
    zen = zen_grade(plan_of(PLAN), trace=False)
    assert [zen(sample.raw) for sample in CASES[:500]] == [grade(sample.raw) for sample in CASES[:500]]
