"""Random facts for every plan: values around the thresholds, some of them unknown or known in part, readings switched."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st

from api.library import library
from engine.assess import Assessment, assess
from engine.plan.model import Indicator, Plan
from engine.trigger.facts import validate
from tests.engine.tiny import quirky
from tests.engine.walker import Variable, Walker, allows, indicator_of, known

PLANS = [*sorted(library().plans), "tiny"]
"""Every official plan, and the test's own that says what none of them does."""

MOODS = (0.3, 0.7, 0.9, 0.97)
"""How often a fact is as it normally is."""


@dataclass
class Sample:
    """Raw facts in the contract's form under a choice of readings."""

    plan: Plan
    raw: dict[str, Any]
    choices: dict[str, str] = field(default_factory=dict)

    @property
    def walker(self) -> Walker:
        return walker(self.plan, self.choices)

    def assess(self, **replaced: Any) -> Assessment:
        return assess(self.plan, validate(self.plan, {**self.raw, **replaced}), readings=self.choices)

    def variables(self) -> list[Variable]:
        """Every variable that some scale depends on."""
        return list(dict.fromkeys(variable for scale in self.plan.scales for variable in self.walker.used(scale)))

    def open(self) -> list[Variable]:
        """The variables that are unknown or known in part."""
        return [variable for variable in self.variables() if not_settled(known(self.raw, variable))]

    def with_fact(self, variable: Variable, fact: Any) -> Sample:
        """The sample with one fact set; None makes it unknown."""
        return Sample(self.plan, with_raw(self.raw, variable, fact), self.choices)


def not_settled(fact: Any) -> bool:
    return fact is None or isinstance(fact, dict)


def with_raw(raw: dict[str, Any], variable: Variable, fact: Any) -> dict[str, Any]:
    """A copy of raw facts with one of them set."""
    found = copy.deepcopy(raw)
    key, area = variable
    areas, _, name = key.partition(".")
    row = found.setdefault(areas, {}).setdefault(area, {}) if name else found
    row.pop(name or key, None)
    if fact is not None:
        row[name or key] = fact
    return found


_walkers: dict[tuple[str, tuple[tuple[str, str], ...]], Walker] = {}


def walker(plan: Plan, choices: dict[str, str]) -> Walker:
    """A walker for the plan under these readings, made once."""
    key = (plan.digest, tuple(sorted(choices.items())))
    if key not in _walkers:
        _walkers[key] = Walker(plan, choices)
    return _walkers[key]


def random_choices(plan: Plan, random: Random) -> dict[str, str]:
    """The plan's own readings half of the time, otherwise some switched."""
    if random.random() < 0.5:
        return {}
    return {reading: random.choice(letters) for reading, letters in plan.switches().items() if random.random() < 0.4}


def complete(plan: Plan, random: Random, choices: dict[str, str] | None = None) -> Sample:
    """Facts that say everything."""
    sample = Sample(plan, {}, random_choices(plan, random) if choices is None else choices)
    normal = random.choice(MOODS)
    raw: dict[str, Any] = {}
    for key, area in sample.variables():
        indicator = indicator_of(plan, key)
        value = indicator.normal if random.random() < normal else random.choice(sample.walker.representatives((key, area), None))
        areas, _, name = key.partition(".")
        (raw.setdefault(areas, {}).setdefault(area, {}) if name else raw)[name or key] = value
    sample.raw = raw
    return sample


def blurred(sample: Sample, random: Random, variable: Variable) -> Any:
    """What might be known of a variable: nothing, or a part that holds some of its representatives."""
    if random.random() < 0.4:
        return None
    indicator = indicator_of(sample.plan, variable[0])
    values = sample.walker.representatives(variable, None)
    return partial(indicator, values, random)


def partial(indicator: Indicator, values: list[Any], random: Random) -> dict[str, Any] | None:
    """Partial knowledge made from some of a variable's values."""
    two = random.sample(values, 2) if len(values) > 1 else values * 2
    if indicator.type == "boolean":
        return None
    low, high = sorted(two, key=indicator.values.index if indicator.type == "enum" else None)
    kind = random.choice(("at_least", "at_most", "between", "one_of"))
    return {
        kind: {"at_least": low, "at_most": high, "between": [low, high], "one_of": random.sample(values, min(len(values), 3))}[
            kind
        ]
    }


def random_sample(plan: Plan, seed: int, unknown: int) -> Sample:
    """Facts with about `unknown` of the variables unknown or known in part."""
    random = Random(seed)
    sample = complete(plan, random)
    variables = sample.variables()
    if plan.id == "tiny":
        unknown %= 5  # it ties together far more than any official plan
    if unknown <= 4 and random.random() < 0.5:
        # One scale's own variables: they matter together.
        variables = list(sample.walker.used(random.choice(list(plan.scales))))
    for variable in random.sample(variables, min(unknown, len(variables))):
        sample = sample.with_fact(variable, blurred(sample, random, variable))
    return sample


def refined(sample: Sample, random: Random) -> Sample | None:
    """The sample with one open fact narrowed or settled; None if nothing is open."""
    left = sample.open()
    if not left:
        return None
    variable = random.choice(left)
    fact = known(sample.raw, variable)
    indicator = indicator_of(sample.plan, variable[0])
    values = sample.walker.representatives(variable, fact)
    if random.random() < 0.5:
        return sample.with_fact(variable, random.choice(values))
    finer = partial(indicator, values, random)
    if finer is not None and all(allows(indicator, fact, value) for value in sample.walker.representatives(variable, finer)):
        return sample.with_fact(variable, finer)
    return sample.with_fact(variable, random.choice(values))


def plan_of(plan_id: str) -> Plan:
    return quirky() if plan_id == "tiny" else library().plan(plan_id)


@st.composite
def samples(draw: st.DrawFn, plan_id: str, most: int = 6) -> Sample:
    """Facts of a plan with at most `most` variables open."""
    return random_sample(plan_of(plan_id), draw(st.integers(0, 2**32)), draw(st.integers(0, most)))
