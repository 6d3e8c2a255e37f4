"""Reason trees and the compiled form say the same: truths are brute force's, levels follow from them, grounds hold."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.explain import reason_of, reasons
from engine.plan.condition import ScaleIs, walk
from engine.trigger.reason import Reason
from engine.trigger.truth import Truth
from tests.engine.samples import PLANS, Sample, complete, plan_of, random_sample
from tests.engine.test_possible import MODERATE, SEEDS
from tests.engine.walker import TooMany

WORDS = {frozenset({True}): Truth.HELD, frozenset({False}): Truth.FAILED, frozenset({True, False}): Truth.UNKNOWN}
FEW = MODERATE
LEAST = 1_000


def check_truths(sample: Sample, most: int) -> None:
    """Each trigger's reason has the truth that brute force finds."""
    found = sample.assess()
    for scale in sample.plan.scales.values():
        for triggers in scale.triggers.values():
            for trigger in triggers:
                try:
                    truths = sample.walker.truths(trigger.condition, sample.raw, scale.id, most)
                except TooMany:
                    continue
                assert reason_of(found, trigger).truth is WORDS[frozenset(truths)], (trigger, sample.raw, sample.choices)


@pytest.mark.parametrize("plan_id", PLANS)
@FEW
@given(seed=SEEDS, unknown=st.integers(0, 4))
def test_a_reason_is_as_true_as_brute_force_finds(plan_id: str, seed: int, unknown: int) -> None:
    check_truths(random_sample(plan_of(plan_id), seed, unknown), LEAST)


@pytest.mark.parametrize("plan_id", PLANS)
@FEW
@given(seed=SEEDS)
def test_with_complete_facts_the_highest_trigger_that_holds_is_the_level(plan_id: str, seed: int) -> None:
    found = complete(plan_of(plan_id), Random(seed)).assess()
    for scale in found.plan.scales:
        held = [one.level for one in reasons(found, scale) if any(reason.truth is Truth.HELD for reason in one.triggers)]
        assert all(reason.truth is not Truth.UNKNOWN for one in reasons(found, scale) for reason in one.triggers)
        assert found.levels[scale] == (held[0] if held else None)


@pytest.mark.parametrize("plan_id", PLANS)
@FEW
@given(seed=SEEDS, unknown=st.integers(0, 30))
def test_what_bears_a_level_out_holds_or_may(plan_id: str, seed: int, unknown: int) -> None:
    """A ground that stands alone is held; several that cover the cases between them are at least possible."""
    found = random_sample(plan_of(plan_id), seed, unknown).assess()
    for scale_id, scale in found.plan.scales.items():
        chains = found.grounds[scale_id]
        assert bool(chains) == (found.levels[scale_id] is not None), scale_id
        truths = [reason_of(found, chain[-1]).truth for chain in chains]
        assert Truth.FAILED not in truths
        if len({chain[-1] for chain in chains}) == 1 and not rests_on_scales(chains[0][-1].condition):
            assert truths[0] is Truth.HELD, (scale_id, chains)
        for chain in chains:
            assert all(scale.rank(trigger.level) >= scale.rank(found.levels[scale_id]) for trigger in chain[:1])


def rests_on_scales(condition: object) -> bool:
    return any(isinstance(node, ScaleIs) for node in walk(condition))  # type: ignore[arg-type]


def leaves(reason: Reason) -> list[Reason]:
    return [found for part in reason.parts for found in leaves(part)] if reason.parts else [reason]


@pytest.mark.parametrize("plan_id", PLANS)
@FEW
@given(seed=SEEDS, unknown=st.integers(0, 12))
def test_parts_explain_their_whole(plan_id: str, seed: int, unknown: int) -> None:
    """A leaf without an unknown fact is settled, and a margin has the sign of the truth."""
    found = random_sample(plan_of(plan_id), seed, unknown).assess()
    for scale in found.plan.scales:
        for one in reasons(found, scale):
            for leaf in (leaf for reason in one.triggers for leaf in leaves(reason)):
                if leaf.indicator is not None and leaf.areas is None and leaf.unknown is None:
                    assert leaf.truth is not Truth.UNKNOWN, leaf
                if leaf.margin is not None and leaf.margin:
                    assert leaf.truth is (Truth.HELD if leaf.margin > 0 else Truth.FAILED), leaf
