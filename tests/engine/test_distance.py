"""A stated distance does reach its level and nothing smaller does; a way out does leave it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.assess import Assessment, assess
from engine.counterfactual import Change, Distance, distances, ways_out
from engine.plan.condition import Level
from engine.trigger.facts import Facts
from tests.engine.samples import PLANS, plan_of, random_sample
from tests.engine.test_possible import MODERATE, SEEDS
from tests.engine.walker import indicator_of


def after(assessment: Assessment, changes: list[Change], scale: str) -> Level:
    """The level once the changes are made."""
    facts: Facts = assessment.facts
    for change in changes:
        facts = change.applied(assessment.plan, facts)
    return assess(assessment.plan, facts, readings=assessment.choices).levels[scale]


def short(assessment: Assessment, change: Change) -> Iterator[Change]:
    """The change taken one unit (or a hair) back; none where it goes no further than one step."""
    if isinstance(change.to, bool | str):
        return
    if change.beyond:
        yield replace(change, beyond=False)
        return
    whole = indicator_of(assessment.plan, change.indicator).type == "integer"
    step: Any = 1 if whole else max(abs(change.to) * 1e-6, 1e-6)
    back = change.to - step if change.rising else change.to + step
    if back < 0 and not indicator_of(assessment.plan, change.indicator).signed:
        return
    if isinstance(change.now, int | float) and (back < change.now if change.rising else back > change.now):
        return
    yield replace(change, to=back)


def less(assessment: Assessment, distance: Distance) -> Iterator[list[Change]]:
    """Every set of changes that is a little smaller: one left out, or one taken back a step."""
    changes = list(distance.changes)
    for n, change in enumerate(changes):
        yield changes[:n] + changes[n + 1 :]
        for shorter in short(assessment, change):
            yield [*changes[:n], shorter, *changes[n + 1 :]]


@pytest.mark.parametrize("plan_id", PLANS)
@MODERATE
@given(seed=SEEDS, unknown=st.integers(0, 12))
def test_a_distance_reaches_its_level_and_nothing_smaller_does(plan_id: str, seed: int, unknown: int) -> None:
    found = random_sample(plan_of(plan_id), seed, unknown).assess()
    for scale_id, scale in found.plan.scales.items():
        for level in scale.levels[scale.rank(found.levels[scale_id]) :]:
            for one in distances(found, scale_id, level):
                rank = scale.rank(level)
                assert scale.rank(after(found, list(one.changes), scale_id)) >= rank, (scale_id, one)
                for smaller in less(found, one) if plan_id != "tiny" else ():
                    assert scale.rank(after(found, smaller, scale_id)) < rank, (scale_id, one, smaller)


@pytest.mark.parametrize("plan_id", PLANS)
@MODERATE
@given(seed=SEEDS, unknown=st.integers(0, 12))
def test_a_way_out_leaves_the_level_and_nothing_smaller_does(plan_id: str, seed: int, unknown: int) -> None:
    found = random_sample(plan_of(plan_id), seed, unknown).assess()
    for scale_id, scale in found.plan.scales.items():
        rank = scale.rank(found.levels[scale_id])
        for one in ways_out(found, scale_id):
            assert after(found, list(one.changes), scale_id) == one.level
            assert scale.rank(one.level) < rank
            for smaller in less(found, one):
                assert scale.rank(after(found, smaller, scale_id)) >= rank, (scale_id, one, smaller)


@pytest.mark.parametrize("plan_id", PLANS)
@MODERATE
@given(seed=SEEDS, unknown=st.integers(0, 3))
def test_a_level_that_facts_can_still_reach_has_a_distance(plan_id: str, seed: int, unknown: int) -> None:
    """The plans' own readings: another may leave a level that no fact establishes."""
    sample = random_sample(plan_of(plan_id), seed, unknown)
    sample.choices = {}
    found = sample.assess()
    for scale_id, scale in found.plan.scales.items():
        above = scale.levels[scale.rank(found.levels[scale_id]) :]
        if above and plan_id != "tiny":
            assert distances(found, scale_id, above[-1]), (scale_id, above[-1])


@pytest.mark.parametrize("seed", range(20))
def test_a_level_that_needs_one_change_after_another_has_a_distance(seed: int) -> None:
    """Three counties with 150 mm, and none of those with less than 50 mm to come: the first change breaks the second condition."""
    sample = random_sample(plan_of("shuozhou-meteorological"), seed, 0)
    sample.choices = {"M-02": "a"}
    found = sample.assess()
    if found.levels["rainstorm_response"] != "I":
        assert distances(found, "rainstorm_response", "I")
