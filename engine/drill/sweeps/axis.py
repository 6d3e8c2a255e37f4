"""What an indicator runs over in a sweep: listed values, an even range, or a distribution; always within what the indicator allows.

Each axis gives the value of a case from a place (its number on the axis) or from a chance (a number from 0 up to 1), so
that any case can be worked out by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from engine.drill.sweeps.variable import Variable
from engine.plan.condition import Scalar
from engine.plan.measure import Number, digits, plain

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
EVERY = "*"
LARGEST = 2**53
"""Beyond it a double no longer holds every whole number."""
MOST_NAMED = 12
LEAST_CHANCE = 2.0**-54
TAIL = 0.001
KINDS = {
    "uniform": ("下限", "上限"),
    "normal": ("均值", "标准差"),
    "lognormal": ("中位数", "对数的标准差"),
    "triangular": ("下限", "最可能", "上限"),
    "poisson": ("均值",),
}
KIND_WORDS = {
    "uniform": "均匀分布",
    "normal": "正态分布",
    "lognormal": "对数正态分布",
    "triangular": "三角分布",
    "poisson": "泊松分布",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """Values one by one; None is unknown."""

    values: tuple[Scalar | None, ...]

    @property
    def size(self) -> int:
        return len(self.values)

    def value(self, place: int) -> Scalar | None:
        return self.values[place]

    @property
    def ends(self) -> tuple[Number, Number] | None:
        """The least and the largest number; None for words."""
        numbers = [one for one in self.values if isinstance(one, int | float) and not isinstance(one, bool)]
        return (min(numbers), max(numbers)) if numbers else None

    def words(self, variable: Variable) -> str:
        named = "、".join("未知" if one is None else variable.word(one) for one in self.values[:MOST_NAMED])
        return named if self.size <= MOST_NAMED else f"{named}等 {self.size} 个值"


@dataclass(frozen=True, slots=True)
class Even:
    """From `low` in equal steps, `size` values. The values are exact decimals: 3 × 0.1 is 0.3."""

    low: Fraction
    step: Fraction
    size: int

    def value(self, place: int) -> Number:
        return plain(self.low + place * self.step)

    @property
    def ends(self) -> tuple[Number, Number]:
        return self.value(0), self.value(self.size - 1)

    def at(self, places: Places) -> Places | Numbers:
        """The values at these places: whole numbers where all of them are."""
        scale = math.lcm(self.low.denominator, self.step.denominator)
        found = int(self.low * scale) + places * int(self.step * scale)
        return found if scale == 1 else found / scale

    def words(self, variable: Variable) -> str:
        if self.size == 1:
            return variable.word(self.value(0))
        first, last = (variable.word(one) for one in self.ends)
        return f"{first}到{last}，每隔{variable.word(plain(self.step))}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A distribution, cut off where the indicator ends (below 0 unless it is signed). `whole`: drawn numbers are rounded to whole ones."""

    kind: str
    parameters: tuple[float, ...]
    whole: bool
    signed: bool

    def at(self, chances: Numbers) -> Numbers:
        """The values at these chances (from 0 up to 1), by the inverse of the distribution function."""
        match self.kind:
            case "uniform":
                low, high = self.parameters
                if self.whole:
                    return np.floor(low + (high - low + 1) * chances)
                return low + (high - low) * chances
            case "triangular":
                found = self._triangular(chances)
            case "poisson":
                return self._poisson(chances)
            case "lognormal":
                median, spread = self.parameters
                found = np.exp(_normal(math.log(median), spread, None, chances))
            case _:
                mean, spread = self.parameters
                found = _normal(mean, spread, None if self.signed else 0.0, chances)
        return np.floor(found + 0.5) if self.whole else found

    def _triangular(self, chances: Numbers) -> Numbers:
        low, mode, high = self.parameters
        turn = (mode - low) / (high - low)
        rising = low + np.sqrt(chances * (high - low) * (mode - low))
        falling = high - np.sqrt((1 - chances) * (high - low) * (high - mode))
        return np.where(chances < turn, rising, falling)

    def _poisson(self, chances: Numbers) -> Numbers:
        (mean,) = self.parameters
        last = int(mean + 12 * math.sqrt(mean) + 30)
        counts = np.arange(last + 1)
        logs = counts * math.log(mean) - mean - np.concatenate(([0.0], np.cumsum(np.log(counts[1:]))))
        return np.minimum(np.searchsorted(np.cumsum(np.exp(logs)), chances, side="right"), last).astype(np.float64)

    @property
    def ends(self) -> tuple[Number, Number]:
        """Where all but a thousandth on either side lie, outwards to a round number."""
        if self.kind in ("uniform", "triangular"):
            low, high = self.parameters[0], self.parameters[-1]
            return _number(low), _number(high)
        low, high = (float(one) for one in self.at(np.array([TAIL, 1 - TAIL])))
        step = 10.0 ** math.floor(math.log10(max(high - low, 1e-9)) - 1)
        step = max(step, 1.0) if self.whole else step
        return _number(math.floor(low / step) * step), _number(math.ceil(high / step) * step)

    def words(self, variable: Variable) -> str:
        listed = "，".join(f"{name} {digits(_number(one))}" for name, one in zip(KINDS[self.kind], self.parameters, strict=True))
        return f"{KIND_WORDS[self.kind]}（{listed}）"


Axis = Listed | Even | Drawn


def _normal(mean: float, spread: float, floor: float | None, chances: Numbers) -> Numbers:
    """The normal distribution, above the floor if there is one."""
    normal = NormalDist(mean, spread)
    below = 0.0 if floor is None else normal.cdf(floor)
    within = np.clip(below + chances * (1 - below), LEAST_CHANCE, 1 - LEAST_CHANCE)
    found = np.fromiter(map(normal.inv_cdf, within.tolist()), np.float64, len(within))
    return found if floor is None else np.maximum(found, floor)


def _number(value: float) -> Number:
    return int(value) if value == int(value) and abs(value) < LARGEST else value
