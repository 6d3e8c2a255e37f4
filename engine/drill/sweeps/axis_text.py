"""Axes as a person writes them: “0:40”, “0:40:2”, “0,10,50”, “*”, “normal(600, 100)”. What cannot be understood says what to write."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from engine.drill.sweeps.axis import EVERY, KINDS, LARGEST, Axis, Drawn, Even, Listed
from engine.drill.sweeps.variable import Variable, exact_number
from engine.plan.condition import Scalar
from engine.plan.finding import FactInvalid
from engine.plan.measure import plain

UNKNOWN_WORDS = ("unknown", "未知", "?", "？")
STEPS = 100
"""Steps of a range of quantities that names none."""
MOST_LISTED = 10_000
MOST_MEAN = 1_000_000
FARTHEST = 8.5
"""Standard deviations within which every drawn number lies."""
_CALL = re.compile(r"^\s*(\w+)\s*[(（](.*)[)）]\s*$")


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
