"""An indicator that a sweep varies or a map is drawn over: a plain one, one of every area alike, or one of a single area."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from engine.counterfactual.change import with_fact
from engine.plan.condition import Scalar
from engine.plan.finding import FactInvalid
from engine.plan.measure import LONGEST, plain
from engine.plan.model import Indicator, Plan
from engine.plan.spelling import nearest
from engine.plan.words import value_word
from engine.trigger.facts import Facts, Partial, area_mark, validate

NEVER = "never"
EVERY_AREA = "各区域"
DECIMAL = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?")


@dataclass(frozen=True)
class Variable:
    """`name`: as it is written: "deaths", "counties.rain_past_24h" (every area alike), "counties.某县.rain_past_24h" (one area)."""

    name: str
    plan: Plan = field(compare=False, repr=False)
    indicator: Indicator = field(compare=False, repr=False)
    areas: str | None = None
    area: str | None = None

    @property
    def key(self) -> str:
        """The key of the conditions: "deaths", "counties.rain_past_24h"."""
        return self.indicator.id if self.areas is None else f"{self.areas}.{self.indicator.id}"

    @property
    def places(self) -> tuple[str, ...]:
        """The areas that it is of; none for a plain indicator."""
        if self.areas is None:
            return ()
        return self.plan.indicators[self.areas].areas if self.area is None else (self.area,)

    @property
    def label(self) -> str:
        if self.areas is None:
            return self.indicator.short
        return f"{self.area or EVERY_AREA}{self.indicator.short}"

    @property
    def whole(self) -> bool:
        return self.indicator.type == "integer"

    @property
    def choices(self) -> tuple[str | bool, ...]:
        """Every value of a word or a yes-or-no; none for a number."""
        return (False, True) if self.indicator.type == "boolean" else self.indicator.values

    def word(self, value: Scalar) -> str:
        return value_word(self.indicator, value)

    def read(self, given: Any, where: str) -> Scalar:
        """A value that the indicator allows. Raises FactInvalid at `where`."""
        if self.indicator.type == "boolean" and isinstance(given, str):
            given = {"true": True, "false": False, "是": True, "否": False}.get(given, given)
        elif isinstance(given, str) and not self.choices:
            given = _bare_number(given)
        raw = given if self.areas is None else {self.places[0]: {self.indicator.id: given}}
        try:
            facts = validate(self.plan, {self.areas or self.indicator.id: raw})
        except FactInvalid as error:
            raise FactInvalid(error.message, where=where, remedy=error.remedy) from None
        found = facts.of(self.key, self.places[0] if self.areas else None)
        if found is None or isinstance(found, Partial):
            raise FactInvalid("不是一个值", where=where, remedy=f"“{self.label}”填确定的值；未知写 unknown")
        return found

    def put(self, facts: Facts, value: Scalar | tuple[Scalar | None, ...] | None) -> Facts:
        """The facts with this one set, and nothing derived for it; None makes it unknown. A tuple has one value for each area."""
        if self.areas is None:
            assert not isinstance(value, tuple)
            found = with_fact(facts, self.key, value)
            if value is None:
                return replace(found, missing={**found.missing, self.key: NEVER})
            return replace(found, missing={key: why for key, why in found.missing.items() if key != self.key})
        values = value if isinstance(value, tuple) else (value,) * len(self.places)
        for area, one in zip(self.places, values, strict=True):
            facts = with_fact(facts, self.key, one, area)
        return facts

    def without(self, facts: Facts) -> Facts:
        """The facts without this one, its sources and whatever was derived for it."""
        marks = {self.key, *(area_mark(self.key, area) for area in self.places)}
        found = self.put(facts, None)
        return replace(
            found,
            missing={key: why for key, why in found.missing.items() if key not in marks},
            marks={key: mark for key, mark in found.marks.items() if key not in marks},
            derived=found.derived - {self.key},
        )

    def of(self, facts: Facts) -> Scalar | Partial | None:
        """What is known of it; of every area alike only where all are."""
        if self.areas is None:
            return facts.of(self.key)
        found = {repr(one): one for one in (facts.of(self.key, area) for area in self.places)}
        return next(iter(found.values())) if len(found) == 1 else None


def _bare_number(text: str) -> Any:
    """A number written without its unit as a number; anything else as it is."""
    found = exact_number(text)
    return text if found is None else plain(found)


def exact_number(text: str) -> Fraction | None:
    """A decimal number exactly as it is written; None for anything else."""
    return Fraction(text) if len(text) <= LONGEST and DECIMAL.fullmatch(text) else None


def find_variable(plan: Plan, name: str, where: str) -> Variable:
    """The variable of this name. Raises FactInvalid with the nearest name there is."""
    parts = name.split(".")
    indicator = plan.indicators.get(parts[0])
    if indicator is None:
        raise _unknown(plan, name, where)
    if indicator.type == "series":
        derived = [one.id for one in plan.indicators.values() if _follows(one, parts[0])]
        raise FactInvalid(
            f"“{indicator.short}”是逐小时序列，不能直接扫描",
            where=where,
            remedy=f"扫描由它推得的指标：{'、'.join(derived)}" if derived else "换一个指标",
        )
    if indicator.type != "areas":
        if len(parts) > 1:
            raise FactInvalid(f"“{indicator.short}”不分区域", where=where, remedy=f"写 {parts[0]}")
        return Variable(name, plan, indicator)
    own = indicator.parts.get(parts[-1]) if 2 <= len(parts) <= 3 else None
    if own is None:
        listed = "、".join(f"{parts[0]}.{one}" for one in indicator.parts)
        raise FactInvalid(f"没有区域指标“{name}”", where=where, remedy=f"可用：{listed}；只变一个区域写 {parts[0]}.区域.指标")
    area = parts[1] if len(parts) == 3 else None
    if area is not None and area not in indicator.areas:
        near = nearest(area, list(indicator.areas))
        raise FactInvalid(
            f"没有区域“{area}”",
            where=where,
            remedy=(f"是不是“{near}”？" if near else "") + f"可用：{'、'.join(indicator.areas)}",
        )
    return Variable(name, plan, own, parts[0], area)


def variables_of(plan: Plan) -> tuple[Variable, ...]:
    """Every indicator that can be varied, in the plan's order; those of areas for every area alike."""
    return tuple(_variables(plan))


def _variables(plan: Plan) -> Iterable[Variable]:
    for key, indicator in plan.indicators.items():
        if indicator.type == "areas":
            for name, part in indicator.parts.items():
                yield Variable(f"{key}.{name}", plan, part, key)
        elif indicator.type != "series":
            yield Variable(key, plan, indicator)


def _follows(indicator: Indicator, series: str) -> bool:
    return indicator.derived_from is not None and indicator.derived_from.spec.get("series") == series


def _unknown(plan: Plan, name: str, where: str) -> FactInvalid:
    known = {one.name: one for one in variables_of(plan)}
    near = nearest(name, list(known)) or next(
        (key for key, one in known.items() if name in (one.indicator.label, one.indicator.short)), ""
    )
    remedy = f"是不是“{near}”（{known[near].label}）？" if near else f"可用：{'、'.join(list(known)[:40])}"
    return FactInvalid(f"《{plan.title}》没有指标“{name}”", where=where, remedy=remedy)
