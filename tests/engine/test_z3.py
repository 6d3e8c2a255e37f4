"""Where too many completions remain to be walked, z3 answers for each level: is there a completion with exactly this level?"""

from __future__ import annotations

from random import Random

import pytest

from tests.engine import proof
from tests.engine.samples import PLANS, complete, plan_of, random_sample
from tests.engine.walker import TooMany

UNKNOWN = (10, 25, 60, 100, 1_000)
EVERYDAY, LONG = 20, 150


def compare(plan_id: str, seeds: range) -> int:
    """Assert that every scale agrees with z3; the number of scales that the walker could not have done."""
    beyond = 0
    for seed in seeds:
        sample = random_sample(plan_of(plan_id), 50_000 + seed, UNKNOWN[seed % len(UNKNOWN)])
        found = sample.assess()
        for scale in sample.plan.scales:
            try:
                for _ in sample.walker.completions(scale, sample.raw):
                    break
            except TooMany:
                beyond += 1
            assert found.possible[scale] == proof.possible(sample.plan, sample.choices, sample.raw, scale), (
                scale,
                sample.raw,
                sample.choices,
            )
    return beyond


@pytest.mark.parametrize("plan_id", PLANS)
def test_possible_is_what_z3_finds(plan_id: str) -> None:
    compare(plan_id, range(EVERYDAY))


@pytest.mark.long
@pytest.mark.parametrize("plan_id", PLANS)
def test_possible_is_what_z3_finds_in_many_samples(plan_id: str) -> None:
    compare(plan_id, range(EVERYDAY, EVERYDAY + LONG))


def test_the_samples_of_the_six_counties_are_beyond_the_walker() -> None:
    assert compare("shuozhou-meteorological", range(EVERYDAY, EVERYDAY + 5)) > 10


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_walker_and_z3_agree_on_complete_facts(plan_id: str) -> None:
    """Two translations of the same conditions, neither the engine's."""
    for seed in range(10):
        sample = complete(plan_of(plan_id), Random(seed))
        for scale in sample.plan.scales:
            assert sample.walker.possible(scale, sample.raw) == proof.possible(sample.plan, sample.choices, sample.raw, scale)
