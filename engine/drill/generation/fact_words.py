"""Facts of an inject in the words of a report: “死亡人数3人；某区、某县：预计未来24小时降雨量100毫米”."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.drill.draw import Draw
from engine.drill.scenario import Hours
from engine.plan.measure import digits
from engine.plan.model import Indicator, Plan
from engine.plan.words import value_word

ENDS = {"at_least": "至少", "at_most": "至多"}


def facts_words(plan: Plan, facts: Mapping[str, Any]) -> str:
    """All facts in one line; those of areas with the same value together."""
    return "；".join(part for key, value in facts.items() for part in _parts(plan.indicators[key], value))


def _parts(indicator: Indicator, value: Any) -> list[str]:
    if indicator.type != "areas" or not isinstance(value, Mapping):
        return [fact_word(indicator, value)]
    found: dict[str, list[str]] = {}
    for area, row in value.items():
        for name, one in row.items():
            found.setdefault(fact_word(indicator.parts[name], one), []).append(area)
    return [f"{'、'.join(areas)}：{words}" for words, areas in found.items()]


def fact_word(indicator: Indicator, value: Any) -> str:
    """One fact in words."""
    name = indicator.short
    match value:
        case None:
            return f"撤回“{name}”"
        case Hours():
            return f"{name}{_hours_word(indicator, value)}"
        case Draw():
            return f"{name}待抽取"
        case bool():
            return f"已确认“{name}”" if value else f"未发现“{name}”"
        case Mapping():
            ((key, one),) = value.items()
            if key in ENDS:
                return f"{name}{ENDS[key]}为{value_word(indicator, one)}，其余正在核实"
            return f"{name}为{'到' if key == 'between' else '或'}".join(value_word(indicator, part) for part in one)
        case str():
            return f"{name}：{value_word(indicator, value)}"
        case _:
            return f"{name}{value_word(indicator, value)}"


def _hours_word(indicator: Indicator, hours: Hours) -> str:
    """“：最高约315，高位约72小时，此后的预报尚未作出”."""
    known = [value for value in hours.values if value is not None]
    if not known:
        return "没有数据"
    top = max(known)
    level = digits(top) if indicator.unit in (None, "1") else value_word(indicator, top)
    if min(known) == top:
        return f"：都在{level}上下"
    high = sum(1 for value in known if value == top) * hours.every
    rest = "，此后的预报尚未作出" if None in hours.values else ""
    return f"：最高约{level}，高位约{high}小时{rest}"
