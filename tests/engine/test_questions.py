"""Each answer's stated outcome is what assessing with that answer gives; what settles most is asked first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.assess import assess
from engine.counterfactual import questions, with_fact
from engine.trigger.facts import Partial
from tests.engine.samples import PLANS, plan_of, random_sample
from tests.engine.test_possible import MODERATE, SEEDS
from tests.engine.walker import known


@pytest.mark.parametrize("plan_id", PLANS)
@MODERATE
@given(seed=SEEDS, unknown=st.integers(1, 12))
def test_answers_come_out_as_stated(plan_id: str, seed: int, unknown: int) -> None:
    """Every value that the fact may still have leads to one of the stated outcomes, and every stated outcome comes about."""
    sample = random_sample(plan_of(plan_id), seed, unknown)
    found = sample.assess()
    for question in questions(found, most=99):
        variable = (question.indicator, question.area)
        stated = [dict(answer.possible) for answer in question.answers]
        met: list[Any] = []
        for value in sample.walker.representatives(variable, known(sample.raw, variable)):
            outcome = assess(
                sample.plan, with_fact(found.facts, question.indicator, value, question.area), readings=sample.choices
            )
            assert dict(outcome.possible) in stated, (question, value)
            met.append(dict(outcome.possible))
        assert all(one in met for one in stated), question
        for answer in question.answers:
            assert dict(answer.levels) == {scale: levels[0] for scale, levels in answer.possible.items()}


@pytest.mark.parametrize("plan_id", PLANS)
@MODERATE
@given(seed=SEEDS, unknown=st.integers(1, 30))
def test_only_open_facts_that_matter_are_asked_for(plan_id: str, seed: int, unknown: int) -> None:
    found = random_sample(plan_of(plan_id), seed, unknown).assess()
    asked = questions(found, most=99)
    if all(len(levels) == 1 for levels in found.possible.values()):
        assert not asked
    for question in asked:
        value = found.facts.of(question.indicator, question.area)
        assert value is None or isinstance(value, Partial)
        assert any(answer.possible != found.possible for answer in question.answers)


@pytest.mark.parametrize("plan_id", PLANS)
@MODERATE
@given(seed=SEEDS, unknown=st.integers(1, 30))
def test_what_settles_most_is_asked_first(plan_id: str, seed: int, unknown: int) -> None:
    """With no level established yet, the fewer levels left undecided on average the earlier the question."""
    found = random_sample(plan_of(plan_id), seed, unknown).assess()
    asked = questions(found, most=99)
    if all(level is None for level in found.levels.values()):
        assert [one.open for one in asked] == sorted(one.open for one in asked)
    undecided = sum(len(levels) - 1 for levels in found.possible.values())
    assert all(0 <= one.open <= undecided for one in asked)


def test_an_answer_that_settles_everything_leaves_nothing_open() -> None:
    """One fact unknown and all others known: whatever it turns out to be, nothing is left to ask."""
    for plan_id in PLANS:
        sample = random_sample(plan_of(plan_id), 1, 0)
        variable = next(iter(sample.walker.used(next(iter(sample.plan.scales)))))
        found = sample.with_fact(variable, None).assess()
        for question in questions(found):
            assert question.open == pytest.approx(0.0)
