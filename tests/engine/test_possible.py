"""`possible` is exact: brute force says the same, its lowest is the level, and no fact ever adds to it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.assess import assess
from engine.trigger.facts import validate
from tests.engine.samples import PLANS, Sample, complete, plan_of, random_sample, refined
from tests.engine.walker import TooMany

MODERATE = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
"""The same examples every time; a seed cannot be made simpler, so no time goes into shrinking."""

SEEDS = st.integers(0, 2**32)
WALKED = 3_000
"""Most completions of one example in the everyday run; `make test-long` walks up to 20,000."""


def compare(sample: Sample, most: int) -> int:
    """Assert that every scale agrees with the walker; the number of scales walked."""
    found = sample.assess()
    walked = 0
    for scale in sample.plan.scales:
        try:
            expected = sample.walker.possible(scale, sample.raw, most)
        except TooMany:
            continue
        walked += 1
        assert found.possible[scale] == expected, (scale, sample.raw, sample.choices)
        assert found.levels[scale] == expected[0]
    return walked


@pytest.mark.parametrize("plan_id", PLANS)
@MODERATE
@given(seed=SEEDS, unknown=st.integers(0, 6))
def test_possible_is_what_brute_force_finds(plan_id: str, seed: int, unknown: int) -> None:
    compare(random_sample(plan_of(plan_id), seed, unknown), WALKED)


@pytest.mark.long
@pytest.mark.parametrize("plan_id", PLANS)
def test_possible_is_what_brute_force_finds_up_to_20_000_completions(plan_id: str) -> None:
    walked = sum(compare(random_sample(plan_of(plan_id), seed, seed % 9), 20_000) for seed in range(1_000))
    assert walked > 500


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_samples_are_mostly_within_reach_of_the_walker(plan_id: str) -> None:
    """Else the comparison above would be empty."""
    samples = [random_sample(plan_of(plan_id), seed, seed % 6) for seed in range(30)]
    assert sum(compare(sample, WALKED) for sample in samples) > 0.8 * sum(len(sample.plan.scales) for sample in samples)


@pytest.mark.parametrize("plan_id", PLANS)
@MODERATE
@given(seed=SEEDS, unknown=st.integers(0, 200))
def test_the_level_is_the_lowest_possible_one(plan_id: str, seed: int, unknown: int) -> None:
    found = random_sample(plan_of(plan_id), seed, unknown).assess()
    for scale_id, scale in found.plan.scales.items():
        ranks = [scale.rank(level) for level in found.possible[scale_id]]
        assert ranks == sorted(set(ranks)) != []
        assert scale.rank(found.levels[scale_id]) == ranks[0]


@pytest.mark.parametrize("plan_id", PLANS)
@MODERATE
@given(seed=SEEDS, unknown=st.integers(1, 40))
def test_one_more_fact_never_widens_what_is_possible(plan_id: str, seed: int, unknown: int) -> None:
    sample = random_sample(plan_of(plan_id), seed, unknown)
    before = sample.assess()
    finer = refined(sample, Random(seed))
    if finer is None:
        return
    after = finer.assess()
    for scale in sample.plan.scales:
        assert set(after.possible[scale]) <= set(before.possible[scale]), (scale, sample.raw, finer.raw)


@pytest.mark.parametrize("plan_id", PLANS)
@MODERATE
@given(seed=SEEDS)
def test_complete_facts_leave_one_level(plan_id: str, seed: int) -> None:
    sample = complete(plan_of(plan_id), Random(seed))
    assert all(len(levels) == 1 for levels in sample.assess().possible.values())
    compare(sample, 1)


@pytest.mark.parametrize("plan_id", PLANS)
def test_nothing_known_leaves_every_level_possible(plan_id: str) -> None:
    plan = plan_of(plan_id)
    found = assess(plan, validate(plan, {}))
    for scale_id, scale in plan.scales.items():
        assert found.possible[scale_id] == (None, *scale.levels), scale_id
