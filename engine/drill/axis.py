"""What an indicator runs over in a sweep: listed values, an even range, or a distribution; always within what the indicator allows.

Each axis gives the value of a case from a place (its number on the axis) or from a chance (a number from 0 up to 1), so
that any case can be worked out by itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.drill.variable import Variable, exact_number
from engine.plan.condition import Scalar
from engine.plan.finding import FactInvalid
from engine.plan.measure import Number, digits, plain

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
UNKNOWN_WORDS = ("unknown", "未知", "?", "？")
EVERY = "*"
STEPS = 100
"""Steps of a range of quantities that names none."""
LARGEST = 2**53
"""Beyond it a double no longer holds every whole number."""
MOST_LISTED = 10_000
MOST_MEAN = 1_000_000
LEAST_CHANCE = 2.0**-54
FARTHEST = 8.5
"""Standard deviations within which every drawn number lies."""
TAIL = 0.001
_CALL = re.compile(r"^\s*(\w+)\s*[(（](.*)[)）]\s*$")
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
        return "、".join("未知" if one is None else variable.word(one) for one in self.values)


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


def read_axis(variable: Variable, given: Any, where: str) -> Axis:
    """An axis from what a person wrote: "0:40", "0:40:2", "0,10,50", "*", "normal(600, 100)", or a list of values. Raises FactInvalid."""
    if isinstance(given, str):
        call = _CALL.match(given)
        if call is not None:
            return _distribution(variable, call.group(1), call.group(2), where)
        if given.strip() == EVERY:
            return _every(variable, where)
        if ":" in given or "：" in given:
            return _range(variable, given.replace("：", ":"), where)
        given = [part.strip() for part in re.split(r"[,，、]", given)]
        if not any(given):
            raise FactInvalid("没有写取值", where=where, remedy=f"如 {_example(variable)}")
    if not isinstance(given, Sequence):
        given = [given]
    if not given:
        raise FactInvalid("没有取值", where=where, remedy=f"如 {_example(variable)}")
    if len(given) > MOST_LISTED:
        raise FactInvalid(f"列了 {len(given)} 个取值", where=where, remedy=f"至多 {MOST_LISTED} 个；更多就写 下限:上限:步长")
    values = tuple(dict.fromkeys(_listed(variable, one, where) for one in given))
    return Listed(values)


def _listed(variable: Variable, given: Any, where: str) -> Scalar | None:
    if given is None or (isinstance(given, str) and given in UNKNOWN_WORDS and given not in variable.indicator.values):
        return None
    found = variable.read(given, where)
    if isinstance(found, int | float) and abs(found) > LARGEST:
        raise FactInvalid("数字太大", where=where, remedy="扫描的数不超过 2 的 53 次方")
    return found


def _every(variable: Variable, where: str) -> Axis:
    if not variable.choices:
        raise FactInvalid(f"“{variable.label}”是数，不能列出全部取值", where=where, remedy=f"写范围，如 {_example(variable)}")
    return Listed(variable.choices)


def _range(variable: Variable, text: str, where: str) -> Axis:
    if variable.choices:
        named = "、".join(str(one).lower() if isinstance(one, bool) else one for one in variable.choices)
        raise FactInvalid(f"“{variable.label}”没有大小，不能写范围", where=where, remedy=f"列出取值，如 {named}；* 为全部")
    parts = [part.strip() for part in text.split(":")]
    if len(parts) not in (2, 3) or not all(parts):
        raise FactInvalid(f"“{text}”不是范围", where=where, remedy=f"写成 下限:上限 或 下限:上限:步长，如 {_example(variable)}")
    low, high = (_exact(variable, part, where) for part in parts[:2])
    if low > high:
        raise FactInvalid(f"下限 {parts[0]} 大于上限 {parts[1]}", where=where, remedy=f"对调两数：{parts[1]}:{parts[0]}")
    if len(parts) == 3:
        step = _exact(variable, parts[2], where, step=True)
    else:
        step = Fraction(1) if variable.whole else (high - low) / STEPS
    if step <= 0 and low < high:
        raise FactInvalid("步长要大于 0", where=where, remedy=f"如 {_example(variable)}")
    size = 1 if low == high else int((high - low) / step) + 1
    scale = math.lcm(low.denominator, step.denominator)
    if scale > LARGEST or max(abs(low), abs(high)) * scale > LARGEST:
        raise FactInvalid("数字太大，或小数位太多", where=where, remedy="缩小范围，或把步长取整一些")
    return Even(low, step or Fraction(1), size)


def _exact(variable: Variable, text: str, where: str, *, step: bool = False) -> Fraction:
    """A number as it was written, exactly. A step is an amount: it may be smaller than any value that the indicator allows."""
    found = exact_number(text)
    if found is None:
        found = Fraction(repr(variable.read(text, where)))
    if step:
        if variable.whole and found.denominator != 1:
            raise FactInvalid(f"“{text}”不是整数", where=where, remedy=f"“{variable.label}”的步长填整数")
        return found
    variable.read(plain(found), where)
    return found


def _distribution(variable: Variable, kind: str, text: str, where: str) -> Axis:
    if variable.choices:
        raise FactInvalid(f"“{variable.label}”不是数，没有分布", where=where, remedy="列出取值；* 为全部")
    names = KINDS.get(kind.lower())
    usage = "；".join(f"{one}({', '.join(words)})" for one, words in KINDS.items())
    if names is None:
        raise FactInvalid(f"不认识的分布“{kind}”", where=where, remedy=f"可用：{usage}")
    parts = [part.strip() for part in re.split(r"[,，]", text)]
    if len(parts) != len(names) or not all(parts):
        raise FactInvalid(f"“{kind}”的参数不对", where=where, remedy=f"写成 {kind}({', '.join(names)})")
    given = tuple(_parameter(variable, part, name, kind, where) for part, name in zip(parts, names, strict=True))
    found = Drawn(kind.lower(), given, variable.whole, variable.indicator.signed)
    problem = _problem(found)
    if problem:
        raise FactInvalid(f"“{text}”：{problem}", where=where, remedy=f"写成 {kind}({', '.join(names)})")
    return found


def _parameter(variable: Variable, text: str, name: str, kind: str, where: str) -> float:
    """A parameter; places on the indicator's scale may carry its unit and must be among its values, spreads are bare amounts."""
    try:
        found = float(text)
    except ValueError:
        read = variable.read(text, where)
        assert isinstance(read, int | float)
        found = float(read)
    if not math.isfinite(found) or abs(found) > LARGEST:
        raise FactInvalid(f"“{text}”不是可用的数", where=where, remedy=f"{name}写有限的数")
    return found


def _problem(one: Drawn) -> str | None:
    """What is wrong with the parameters together."""
    given = one.parameters
    match one.kind:
        case "normal" | "lognormal":
            if given[1] <= 0:
                return "标准差要大于 0"
            if one.kind == "lognormal" and given[0] <= 0:
                return "中位数要大于 0"
            if one.kind == "lognormal" and math.log(given[0]) + FARTHEST * given[1] > math.log(LARGEST):
                return "太分散，会得出大得没有意义的数"
            if one.kind == "normal" and not one.signed and given[0] < -8 * given[1]:
                return "几乎都小于 0，而指标不小于 0"
        case "poisson":
            if not 0 < given[0] <= MOST_MEAN:
                return f"均值要大于 0，至多 {MOST_MEAN}"
        case _:
            if list(given) != sorted(given) or given[0] == given[-1]:
                return "各数要从小到大"
            if given[0] < 0 and not one.signed:
                return "下限小于 0，而指标不小于 0"
            if one.whole and one.kind == "uniform" and any(number != int(number) for number in given):
                return "整数指标的上下限要是整数"
    return None


def _example(variable: Variable) -> str:
    if variable.choices:
        return ",".join(str(one).lower() if isinstance(one, bool) else str(one) for one in variable.choices[:2])
    return "0:40" if variable.whole else "0:1000:10"
