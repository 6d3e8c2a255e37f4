"""Facts: validated against a plan's indicators, known, partly known or unknown."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.plan.condition import Bounds, Scalar
from engine.plan.finding import FactInvalid
from engine.plan.measure import UNITS, BadQuantity, Number, parse_quantity
from engine.plan.model import Indicator, Plan
from engine.plan.spelling import nearest

CHINA = datetime.timezone(datetime.timedelta(hours=8))
PARTIAL_KEYS = ("at_least", "at_most", "between", "one_of")
LARGEST = 10**30
MOST_ALTERNATIVES = 50
LONGEST_SERIES = datetime.timedelta(days=3660)
Point = tuple[datetime.datetime, float | None]


@dataclass(frozen=True, slots=True)
class Partial:
    """Partial knowledge: closed intervals of numbers, or a set of enum or boolean values."""

    intervals: tuple[Bounds, ...] = ()
    values: frozenset[str | bool] = frozenset()
    conflicting: bool = False
    """Two sources disagree (one_of)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a fact comes from, and when it was so."""

    source: str | None = None
    observed_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Facts:
    """Facts of one plan, validated. Keys are indicator ids; an absent key is unknown.

    known: bare values. partial: partial knowledge. areas: areas indicator -> area -> indicator -> value or Partial.
    series: hourly points in time order. marks: sources and times, of an area's fact by `area_mark`. missing: why a fact that was given does not count.
    """

    known: dict[str, Scalar] = field(default_factory=dict)
    partial: dict[str, Partial] = field(default_factory=dict)
    areas: dict[str, dict[str, dict[str, Scalar | Partial]]] = field(default_factory=dict)
    series: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    derived: frozenset[str] = frozenset()

    def of(self, key: str, area: str | None = None) -> Scalar | Partial | None:
        """The value, partial knowledge, or None. With `area`, `key` is "counties.rain_past_24h"."""
        if area is not None:
            areas, name = key.split(".", 1)
            return self.areas.get(areas, {}).get(area, {}).get(name)
        value = self.known.get(key)
        return self.partial.get(key) if value is None else value


def validate(plan: Plan, raw: Mapping[str, Any]) -> Facts:
    """Facts from the contract's JSON object. Raises FactInvalid, naming the place, for anything outside its domain."""
    if not isinstance(raw, Mapping):
        raise FactInvalid("facts 不是一个对象", where="facts", remedy="写成 {指标: 值}")
    facts = Facts()
    for key, value in raw.items():
        indicator = plan.indicators.get(key)
        if indicator is None:
            raise _unknown(key, f"facts.{key}", plan.indicators, plan.title)
        if value is None:
            continue
        where = f"facts.{key}"
        if indicator.type == "areas":
            facts.areas[key] = _areas(plan, indicator, value, where, facts.marks)
            continue
        bare, mark = _unwrap(value, where)
        if mark is not None:
            facts.marks[key] = mark
        if bare is None:
            continue
        if indicator.type == "series":
            facts.series[key] = _series(indicator, bare, where)
            continue
        checked = _value(indicator, bare, where)
        if isinstance(checked, Partial):
            facts.partial[key] = checked
        else:
            facts.known[key] = checked
    return facts


def parse_time(text: Any, where: str) -> datetime.datetime:
    """An ISO 8601 time; without an offset it is +08:00. Raises FactInvalid."""
    if isinstance(text, str):
        try:
            time = datetime.datetime.fromisoformat(text)
        except ValueError:
            time = None
        if time is not None:
            try:
                return time.replace(tzinfo=CHINA) if time.tzinfo is None else time.astimezone(CHINA)
            except OverflowError:
                pass
    raise FactInvalid(f"“{_shown(text)}”不是时间", where=where, remedy="写成 2020-12-20T08:00:00+08:00")


def _unknown(key: Any, where: str, known: Mapping[str, Indicator], title: str) -> FactInvalid:
    near = nearest(str(key), list(known))
    if not near:
        near = next((k for k, i in known.items() if str(key) in (i.label, i.short)), "")
    remedy = f"是不是“{near}”（{known[near].plain}）？" if near else f"可用：{'、'.join(list(known)[:40])}"
    return FactInvalid(f"《{title}》没有指标“{_shown(key)}”", where=where, remedy=remedy)


def _unwrap(value: Any, where: str) -> tuple[Any, Mark | None]:
    """The bare value of `{"value", "source", "observed_at"}`, and its mark."""
    if not isinstance(value, dict) or "value" not in value:
        if isinstance(value, dict) and not any(key in value for key in PARTIAL_KEYS):
            raise FactInvalid(
                "对象里没有 value", where=where, remedy='写成 {"value": …, "source": …, "observed_at": …}，或 {"at_least": …} 等'
            )
        return value, None
    extra = set(value) - {"value", "source", "observed_at"}
    if extra:
        raise FactInvalid(f"不认识的键“{sorted(extra)[0]}”", where=where, remedy="只有 value、source、observed_at")
    source = value.get("source")
    if source is not None and not isinstance(source, str):
        raise FactInvalid("source 不是文字", where=f"{where}.source", remedy="写来源的名称")
    observed = value.get("observed_at")
    return value["value"], Mark(source, None if observed is None else parse_time(observed, f"{where}.observed_at"))


def _value(indicator: Indicator, value: Any, where: str) -> Scalar | Partial:
    if isinstance(value, dict):
        return _partial(indicator, value, where)
    return _scalar(indicator, value, where)


def _scalar(indicator: Indicator, value: Any, where: str) -> Scalar:
    """A single value in its indicator's domain."""
    match indicator.type:
        case "boolean":
            if isinstance(value, bool):
                return value
            raise FactInvalid(f"“{_shown(value)}”不是“是”或“否”", where=where, remedy=f"“{indicator.plain}”填 true 或 false")
        case "enum":
            if isinstance(value, str) and value in indicator.values:
                return value
            near = nearest(str(value), list(indicator.values))
            choices = "、".join(f"{v}（{indicator.word(v)}）" if indicator.value_labels else v for v in indicator.values)
            raise FactInvalid(
                f"“{_shown(value)}”不是“{indicator.plain}”的取值",
                where=where,
                remedy=(f"是不是“{near}”？" if near else "") + f"可用：{choices}",
            )
        case _:
            return _number(indicator, value, where)


def _number(indicator: Indicator, value: Any, where: str) -> Number:
    unit = indicator.unit or "1"
    if isinstance(value, str):
        try:
            value = parse_quantity(value, unit)
        except BadQuantity as error:
            raise FactInvalid(
                f"“{_shown(value)}”不是{_unit_word(unit)}", where=where, remedy=f"填数字，或{error.expected}"
            ) from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FactInvalid(f"“{_shown(value)}”不是数字", where=where, remedy=f"“{indicator.plain}”填{_unit_word(unit)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise FactInvalid(f"“{value}”不是有限的数", where=where, remedy="不知道就不填")
    if indicator.type == "integer":
        if value != int(value):
            raise FactInvalid(f"“{value}”不是整数", where=where, remedy=f"“{indicator.plain}”填整数")
        value = int(value)
    if abs(value) > LARGEST:
        raise FactInvalid("数字太大", where=where, remedy="检查是不是多打了几位")
    if value < 0 and not indicator.signed:
        raise FactInvalid(f"“{value}”小于 0", where=where, remedy=f"“{indicator.plain}”不小于 0")
    number: Number = value
    return number


def _unit_word(unit: str) -> str:
    word = UNITS[unit][0]
    return f"以“{word}”为单位的数" if word else "数"


def _partial(indicator: Indicator, value: dict[str, Any], where: str) -> Scalar | Partial:
    if len(value) != 1 or next(iter(value)) not in PARTIAL_KEYS:
        raise FactInvalid(f"部分已知写法不对：{_shown(value)}", where=where, remedy="at_least、at_most、between、one_of 恰好一种")
    key, given = next(iter(value.items()))
    here = f"{where}.{key}"
    if key in ("between", "one_of") and (not isinstance(given, list) or not given or (key == "between" and len(given) != 2)):
        raise FactInvalid(f"{key} 的值不对：{_shown(given)}", where=here, remedy="between 写 [下限, 上限]，one_of 写取值列表")
    if key == "one_of" and len(given) > MOST_ALTERNATIVES:
        raise FactInvalid(f"one_of 有 {len(given)} 个取值", where=here, remedy=f"至多 {MOST_ALTERNATIVES} 个；更多就写 between")
    if indicator.type in ("boolean", "enum"):
        return _partial_choice(indicator, key, given, here)
    if key == "one_of":
        numbers = sorted({_number(indicator, one, here) for one in given})
        if len(numbers) == 1:
            return numbers[0]
        return Partial(tuple(Bounds(n, False, n, False) for n in numbers), conflicting=True)
    if key == "between":
        low, high = (_number(indicator, one, here) for one in given)
        if low > high:
            raise FactInvalid(f"下限 {low} 大于上限 {high}", where=here, remedy="对调两数")
        return low if low == high else Partial((Bounds(low, False, high, False),))
    number = _number(indicator, given, here)
    if key == "at_least":
        return Partial((Bounds(number, False, None, False),))
    floor = None if indicator.signed else 0
    return number if floor == number else Partial((Bounds(floor, False, number, False),))


def _partial_choice(indicator: Indicator, key: str, given: Any, where: str) -> Scalar | Partial:
    order: tuple[str | bool, ...] = (False, True) if indicator.type == "boolean" else indicator.values
    if key == "one_of":
        values = {_scalar(indicator, one, where) for one in given}
    else:
        if indicator.type == "boolean":
            raise FactInvalid(f"“{indicator.plain}”没有大小", where=where, remedy="填 true、false，或不填")
        ends = [order.index(_scalar(indicator, one, where)) for one in (given if key == "between" else [given])]
        first = ends[0] if key in ("at_least", "between") else 0
        last = ends[-1] if key in ("at_most", "between") else len(order) - 1
        if first > last:
            raise FactInvalid("下限高于上限", where=where, remedy="对调两个取值")
        values = set(order[first : last + 1])
    if len(values) == 1:
        return next(iter(values))
    return Partial(values=frozenset(values), conflicting=key == "one_of")  # type: ignore[arg-type]


def area_mark(key: str, area: str) -> str:
    """Where the mark of an area's fact is kept: ("counties.rain_past_24h" and an area name)."""
    return f"{key}@{area}"


def _areas(
    plan: Plan, indicator: Indicator, value: Any, where: str, marks: dict[str, Mark]
) -> dict[str, dict[str, Scalar | Partial]]:
    if isinstance(value, dict) and "value" in value:
        raise FactInvalid(
            "来源和时间写在每个区域的每项事实上", where=where, remedy="写成 {区域: {指标: {value, source, observed_at}}}"
        )
    if not isinstance(value, dict):
        raise FactInvalid(f"“{indicator.plain}”不是一个对象", where=where, remedy="写成 {区域: {指标: 值}}")
    found: dict[str, dict[str, Scalar | Partial]] = {}
    for area, facts in value.items():
        here = f"{where}.{area}"
        if area not in indicator.areas:
            near = nearest(str(area), list(indicator.areas))
            raise FactInvalid(
                f"没有区域“{_shown(area)}”",
                where=here,
                remedy=(f"是不是“{near}”？" if near else "") + f"可用：{'、'.join(indicator.areas)}",
            )
        if facts is None:
            continue
        if not isinstance(facts, dict):
            raise FactInvalid(f"“{area}”的值不是一个对象", where=here, remedy="写成 {指标: 值}")
        row: dict[str, Scalar | Partial] = {}
        for key, one in facts.items():
            part = indicator.parts.get(key)
            if part is None:
                raise _unknown(key, f"{here}.{key}", indicator.parts, plan.title)
            if one is None:
                continue
            bare, mark = _unwrap(one, f"{here}.{key}")
            if mark is not None:
                marks[area_mark(f"{indicator.id}.{key}", area)] = mark
            if bare is not None:
                row[key] = _value(part, bare, f"{here}.{key}")
        found[area] = row
    return found


def _series(indicator: Indicator, value: Any, where: str) -> tuple[Point, ...]:
    if not isinstance(value, list):
        raise FactInvalid(f"“{indicator.plain}”不是序列", where=where, remedy='写成 [["2020-12-20T08:00", 值], …]')
    points: list[Point] = []
    for n, point in enumerate(value):
        here = f"{where}[{n}]"
        if not isinstance(point, list | tuple) or len(point) != 2:
            raise FactInvalid(f"“{_shown(point)}”不是 [时间, 值]", where=here, remedy="每点两项：时间和值")
        when = f"{here}[0]"
        time = parse_time(point[0], when)
        if time.minute or time.second or time.microsecond:
            raise FactInvalid(f"“{point[0]}”不是整点", where=when, remedy="小时序列每点在整点")
        if points and time <= points[-1][0]:
            problem = "重复的小时" if time == points[-1][0] else "时间倒退"
            raise FactInvalid(f"{problem}：{point[0]}", where=when, remedy="按时间先后排列，每小时一点")
        if points and time - points[0][0] > LONGEST_SERIES:
            raise FactInvalid(f"序列跨度超过 {LONGEST_SERIES.days} 天", where=when, remedy="只给所研判过程前后的小时值")
        points.append((time, None if point[1] is None else _number(indicator, point[1], f"{here}[1]")))
    return tuple(points)


def _shown(value: Any) -> str:
    if isinstance(value, list | dict):
        return "列表" if isinstance(value, list) else "对象"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
