"""What a sweep of an indicator usually runs over: from nothing to a little past its highest threshold."""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.drill.sweeps.axis import EVERY
from engine.drill.sweeps.variable import Variable
from engine.plan.measure import digits
from engine.plan.model import NO_CHOICES, Plan
from engine.trigger.judge import judge

PAST = 1.2
WITHOUT_THRESHOLD = 10


def usual_axis(plan: Plan, variable: Variable, choices: Mapping[str, str] = NO_CHOICES) -> str:
    """A range that shows every threshold, as it is written: “0:40”; “*” for words."""
    if variable.choices:
        return EVERY
    cuts = [
        float(cut)
        for key, domain in judge(plan, choices).domains.items()
        if variable.key in key.split("+")
        for cut, _ in domain.cuts
    ]
    low, high = min([0.0, *cuts]), max([0.0, *cuts])
    high = _round_up(high * PAST) if high > 0 else (0.0 if low < 0 else WITHOUT_THRESHOLD)
    low = -_round_up(-low * PAST) if low < 0 else 0.0
    if variable.whole:
        return f"{digits(math.floor(low))}:{digits(math.ceil(high))}"
    return f"{digits(low)}:{digits(high)}"


def is_asked(plan: Plan, variable: Variable, choices: Mapping[str, str] = NO_CHOICES) -> bool:
    """Whether some level depends on it."""
    return any(variable.key in key.split("+") for key in judge(plan, choices).domains)


def _round_up(value: float) -> float:
    """The next number of few digits: 36 to 40, 115 to 120, 960 to 1000."""
    unit = 10.0 ** math.floor(math.log10(value))
    step = unit / (5 if value < 2 * unit else 2)
    found = math.ceil(round(value / step, 9)) * step
    return float(f"{found:.12g}")
