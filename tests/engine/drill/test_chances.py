"""Many runs: chances are drawn by key, runs are independent of order, and the weight of an assumption is what it alone does."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

import pytest

from api.library import library
from engine.drill.chances import Assumption, assumptions, by_weight, chances, only, sample, weight
from engine.drill.draw import Draw, chance, fixed
from engine.drill.play import begin, plans_of, play
from engine.drill.tally import tally
from engine.plan.model import Plan
from tests.drills.boiler import PLAN, SCENARIO

GRADE_II = (PLAN, "grade", "II")
GRADE_III = (PLAN, "grade", "III")


@pytest.fixture(scope="module")
def plans() -> tuple[Plan, ...]:
    return plans_of(SCENARIO, library().versions)


@pytest.mark.parametrize(
    ("draw", "quantiles"),
    [
        (fixed(7), (7, 7, 7)),
        (Draw("uniform", (10, 20)), (11, 15, 19)),
        (Draw("triangular", (0, 10, 20)), (4.4721, 10, 15.5279)),
        (Draw("triangular", (0, 0, 10)), (0.5132, 2.9289, 6.8377)),
        (Draw("lognormal", (20, 60)), (8.4975, 20, 47.0726)),
        (Draw("choice", ("a", "b", "c")), ("a", "b", "c")),
    ],
)
def test_an_amount_has_the_quantiles_of_its_distribution(draw: Draw, quantiles: tuple[object, ...]) -> None:
    found = tuple(draw.at(share) for share in (0.1, 0.5, 0.9))
    if isinstance(quantiles[0], str):
        assert found == quantiles
    else:
        assert found == pytest.approx(quantiles, abs=1e-3)
    assert draw.middle == found[1]


def test_a_chance_is_decided_by_seed_and_key_alone() -> None:
    numbers = [chance(1, "inject", n) for n in range(4000)]
    assert numbers == [chance(1, "inject", n) for n in range(4000)]
    assert all(0 < one < 1 for one in numbers)
    assert mean(numbers) == pytest.approx(0.5, abs=0.02)
    assert len(set(numbers)) == 4000
    assert chance(1, "a", "bc") != chance(1, "ab", "c")
    assert chance(1, "a") != chance(2, "a")


def test_runs_are_the_same_in_any_order_and_any_share(plans: tuple[Plan, ...]) -> None:
    whole = chances(sample(SCENARIO, plans, 3, range(12)))
    parts = [*sample(SCENARIO, plans, 3, range(6, 12)), *sample(SCENARIO, plans, 3, range(6))]
    assert chances(parts) == whole
    assert chances(sample(SCENARIO, plans, 4, range(12))) != whole


def test_a_light_run_counts_what_a_whole_one_counts(plans: tuple[Plan, ...]) -> None:
    for one in sample(SCENARIO, plans, 5, range(4)):
        seed = int(chance(5, "run", one.number) * 2**53)
        run = play(begin(replace(SCENARIO, seed=seed), plans))
        assert one.tally == tally(run.incident, run.at)
        since = min(e.at for e in run.entries if e.kind == "level_set" and e.body["levels"]["grade"] is not None)
        assert one.reached[PLAN, "grade", "IV"] == (since - SCENARIO.begins).total_seconds() / 60
        assert one.undecided == 0


def test_what_may_happen_or_not_has_its_share(plans: tuple[Plan, ...]) -> None:
    found = chances(sample(SCENARIO, plans, 1, range(60)))
    assert found.runs == 60
    assert found.reached[GRADE_III].share == 1
    assert 0.2 < found.reached[GRADE_II].share < 0.5  # sixty seriously injured, of three cases
    low, middle, high = (found.reached[GRADE_III].at(share) for share in (0.05, 0.5, 0.95))
    assert low is not None and middle is not None and high is not None
    assert 10 < low < middle < high < 45  # five minutes to the inject, five to forty to the signature
    assert found.missed.at(0.5) is not None


def test_the_assumptions_are_what_is_drawn() -> None:
    found = [one.id for one in assumptions(SCENARIO)]
    assert found == ["fact:2:serious_injuries", "inject:2", "person:vice-mayor", "duty:0:share"]
    assert assumptions(only(SCENARIO, None)) == ()


def test_an_assumption_alone_moves_what_depends_on_it(plans: tuple[Plan, ...]) -> None:
    weights = {}
    for one in assumptions(SCENARIO):
        weights[one.id] = weight(one, sample(only(SCENARIO, one), plans, 1, range(12)))
    spans = {key: found.reached[GRADE_III][1] - found.reached[GRADE_III][0] for key, found in weights.items()}
    assert spans["person:vice-mayor"] > 5
    assert {key for key, span in spans.items() if span == 0} == {"inject:2", "fact:2:serious_injuries", "duty:0:share"}
    assert by_weight(weights.values(), GRADE_III)[0].assumption == Assumption("person:vice-mayor", "副市长（推演）作决定的用时")
    assert by_weight(weights.values())[0].assumption.id == "duty:0:share"


def test_an_assumption_that_decides_whether_a_level_is_reached_matters_most(plans: tuple[Plan, ...]) -> None:
    """Sixty seriously injured make it grade II, two or eleven do not: when it is reached, it is always at the same time."""
    weights = [weight(one, sample(only(SCENARIO, one), plans, 1, range(24))) for one in assumptions(SCENARIO)]
    first, *others = by_weight(weights, GRADE_II)
    assert first.assumption.id == "fact:2:serious_injuries"
    assert 0.05 < first.share[GRADE_II] < 0.95
    assert all(one.share.get(GRADE_II, 0.0) in (0, 1) for one in others)


def test_levels_come_from_the_lowest_up(plans: tuple[Plan, ...]) -> None:
    found = chances(sample(SCENARIO, plans, 1, range(12)))
    assert [level for _, scale, level in found.reached if scale == "grade"] == ["IV", "III", "II"]
