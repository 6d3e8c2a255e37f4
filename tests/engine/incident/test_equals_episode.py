"""An incident in which every proposal is approved at once goes through the same levels as `yuan episode`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.library import library
from engine.incident.chain import BEGINNING, seal
from engine.incident.command import Actor, Command, Observe, Open, Sign, Tick
from engine.incident.decide import decide
from engine.incident.state import Incident, evolve
from engine.lifecycle.episode import Step, levels_through
from engine.lifecycle.machine import rules_of
from engine.plan.condition import walk
from engine.plan.model import Plan
from engine.trigger.facts import validate
from tests.engine.incident.desk import OFFICER, START
from tests.engine.samples import blurred, complete

PLANS = sorted(library().plans)
Steps = list[tuple[datetime, dict[str, Any]]]


def random_steps(plan: Plan, seed: int) -> Steps:
    """Some steps, each with facts near the thresholds, a few of them unknown or known in part."""
    random, at, found = Random(seed), START, []
    for _ in range(random.randint(2, 6)):
        sample = complete(plan, random, choices={})
        variables = sample.variables()
        for variable in random.sample(variables, min(random.choice((0, 0, 1, 2, 5)), len(variables))):
            sample = sample.with_fact(variable, blurred(sample, random, variable))
        at += timedelta(hours=random.randint(1, 40))
        found.append((at, {**conditions_to_end(plan, random), **sample.raw}))
    return found


def conditions_to_end(plan: Plan, random: Random) -> dict[str, Any]:
    """Facts that no level depends on, such that the plan's conditions for lowering and lifting mostly hold."""
    found: dict[str, Any] = {}
    for scale in plan.lifecycle.levels:
        for rule in rules_of(plan, scale).values():
            for node in () if rule.when is None else walk(rule.when):
                for key in (getattr(node, name, None) for name in ("indicator", "key")):
                    indicator = plan.indicators.get(str(key))
                    if indicator is None or random.random() < 0.1:
                        continue
                    if indicator.type == "boolean":
                        found[indicator.id] = random.random() < 0.9
                    elif indicator.type == "number":
                        found[indicator.id] = random.choice((0, 35, 36, 48))
    return found


class Office:
    """Signs at once whatever is proposed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.state = Incident("E-1")
        self.signed = 0
        self.do(Open("试验", plan.jurisdiction, "试验", "试验", START, (plan,)), START)

    def do(self, command: Command, at: datetime, actor: Actor = OFFICER) -> None:
        drafts = decide(self.state, command, actor, at, {self.plan.digest: self.plan})
        for entry in seal("E-1", self.state.seq, self.state.hash or BEGINNING, at, drafts, None):
            self.state = evolve(self.state, entry)

    def step(self, at: datetime, raw: dict[str, Any]) -> dict[str, Any]:
        """The levels in force once the step's facts, and they alone, are known and every proposal is approved."""
        self.state = replace(self.state, facts={})  # an episode's facts do not carry over, an incident's do
        self.do(Observe(raw, "试验", at) if raw else Tick(), at)
        waiting = list(self.state.courses[self.plan.id].pending.values())
        for one in waiting:
            assert self.state.courses[self.plan.id].pending[one.scale] == one, "signing one scale changed another's proposal"
            post = one.signers[-1]
            self.do(Sign(self.plan.id, one.scale, one.level, post, one.id), at, Actor("u9", "签发人", {post: None}))
        self.signed += len(waiting)
        levels = self.state.courses[self.plan.id].levels
        return {scale: levels.get(scale) for scale in self.plan.scales}


def compare(plan: Plan, seed: int) -> tuple[int, int]:
    """Both ways; how many proposals were signed, and how often a level went down."""
    steps = random_steps(plan, seed)
    office = Office(plan)
    by_incident = [office.step(at, raw) for at, raw in steps]
    by_episode = levels_through(plan, [Step(at, validate(plan, raw)) for at, raw in steps], {})
    assert by_incident == by_episode
    down = sum(
        scale.rank(after[scale.id]) < scale.rank(before[scale.id])
        for before, after in pairwise(by_episode)
        for scale in plan.scales.values()
    )
    return office.signed, down


@pytest.mark.parametrize("plan_id", PLANS)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_approving_everything_at_once_gives_the_episodes_levels(plan_id: str, seed: int) -> None:
    compare(library().plan(plan_id), seed)


@pytest.mark.parametrize("plan_id", PLANS)
def test_the_steps_are_not_idle(plan_id: str) -> None:
    plan = library().plan(plan_id)
    signed, down = map(sum, zip(*(compare(plan, seed) for seed in range(40)), strict=True))
    lowers = any(rule.when is not None for rules in plan.lifecycle.levels.values() for rule in rules.values())
    assert signed > 20
    assert down > 0 or not lowers
