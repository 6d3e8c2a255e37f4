"""Facts of a scenario file: texts typed by the plans' indicators, certain, known in part, drawn, or hours of a series."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from engine.drill.authoring.amounts import BadAmount, draw_tree, read_draw, read_number
from engine.drill.draw import Draw
from engine.drill.scenario import Hours
from engine.plan.finding import FactInvalid
from engine.plan.measure import UNITS, BadQuantity, Number, digits, parse_quantity, words
from engine.plan.model import Indicator, Plan
from engine.plan.spelling import nearest
from engine.trigger.facts import CHINA, PARTIAL_KEYS, validate

WITHDRAWN = (None, "未知", "撤回", "unknown")
FLAGS = {"true": True, "是": True, "有": True, "false": False, "否": False, "无": False}
SHARES = (0.0, 0.25, 0.5, 0.75, 1 - 1e-9)
MOST_HOURS = 1_000
_TIMES = re.compile(r"(.+?)\s*[×xX*]\s*(\d{1,4})")
_SOME_DAY = datetime(2026, 1, 1, tzinfo=CHINA)


def find_indicator(plans: Sequence[Plan], name: str) -> Indicator:
    """The indicator of the first plan that has it, by id or by what it is called. Raises FactInvalid with the nearest name."""
    for plan in plans:
        if name in plan.indicators:
            return plan.indicators[name]
    called = {word: one for plan in reversed(plans) for one in plan.indicators.values() for word in (one.label, one.short)}
    if name in called:
        return called[name]
    ids = list(dict.fromkeys(key for plan in plans for key in plan.indicators))
    near = nearest(name, [*ids, *called])
    if near in called:
        near = called[near].id
    label = next((plan.indicators[near].short for plan in plans if near in plan.indicators), "")
    raise FactInvalid(f"没有指标“{name}”", remedy=f"是不是“{near}”（{label}）？" if near else f"可用：{'、'.join(ids[:40])}")


def read_fact(plans: Sequence[Plan], indicator: Indicator, given: Any) -> Any:
    """A fact in the contract's form, a Draw, Hours, or None where it is withdrawn. Raises FactInvalid."""
    if given is None or (
        isinstance(given, str) and given in WITHDRAWN and given not in (*indicator.values, *indicator.value_labels)
    ):
        return None
    try:
        found = _read(indicator, given)
    except BadAmount as error:
        raise FactInvalid(error.found, remedy=f"写 {error.expected}") from None
    for plan in plans:
        if indicator.id in plan.indicators:
            for sample in _samples(found):
                validate(plan, {indicator.id: sample})
    return found


def _read(indicator: Indicator, given: Any) -> Any:
    if isinstance(given, dict) and set(given) == {"draw"}:
        if indicator.type in ("series", "areas"):
            raise BadAmount(f"“{indicator.short}”不是一个数，不能抽取", "确定的值")
        drawn = read_draw(given["draw"], lambda one: _single(indicator, one), whole=indicator.type == "integer")
        return drawn.values[0] if drawn.sure else drawn
    if indicator.type == "series":
        return _hours(indicator, given)
    if indicator.type == "areas":
        return _areas(indicator, given)
    return _partial(indicator, given)


def _areas(indicator: Indicator, given: Any) -> dict[str, Any]:
    """{area: {indicator: value}}, by the areas' and indicators' ids or names."""
    if not isinstance(given, dict) or not given:
        raise BadAmount(f"“{indicator.short}”要分区域写", "{区域: {指标: 值}}")
    called = {word: key for key, part in indicator.parts.items() for word in (part.label, part.short, key)}
    found: dict[str, Any] = {}
    for area, row in given.items():
        if not isinstance(row, dict):
            raise BadAmount(f"“{area}”后面不是 指标: 值", "{区域: {指标: 值}}")
        if area not in indicator.areas:
            near = nearest(area, list(indicator.areas))
            raise FactInvalid(f"没有区域“{area}”", remedy=f"是不是“{near}”？" if near else f"可用：{'、'.join(indicator.areas)}")
        cells: dict[str, Any] = {}
        for name, value in row.items():
            if name not in called:
                near = nearest(name, list(called))
                raise FactInvalid(
                    f"“{area}”没有指标“{name}”", remedy=f"是不是“{near}”？" if near else f"可用：{'、'.join(indicator.parts)}"
                )
            if value is None or (isinstance(value, dict) and "draw" in value):
                raise BadAmount(f"“{area}”的“{name}”", "确定的或部分已知的值；分区域的事实不能撤回或抽取")
            cells[called[name]] = _partial(indicator.parts[called[name]], value)
        found[area] = cells
    return found


def _partial(indicator: Indicator, given: Any) -> Any:
    if not isinstance(given, dict):
        return _single(indicator, given)
    if len(given) != 1 or next(iter(given)) not in PARTIAL_KEYS:
        raise BadAmount(
            f"“{'、'.join(str(key) for key in given)}”", "值；或 {at_least: …}、{at_most: …}、{between: […]}、{one_of: […]}"
        )
    ((key, value),) = given.items()
    if key in ("at_least", "at_most"):
        return {key: _single(indicator, value)}
    if not isinstance(value, list):
        raise BadAmount(f"{key} 后面不是列表", f"{{{key}: [甲, 乙]}}")
    return {key: [_single(indicator, one) for one in value]}


def _single(indicator: Indicator, given: Any) -> Any:
    if not isinstance(given, str):
        raise BadAmount(f"“{indicator.short}”没有写值" if given is None else f"“{indicator.short}”的值不是一个词或数", "一个值")
    if indicator.type == "boolean":
        if given not in FLAGS:
            raise BadAmount(f"“{given}”", "是 或 否")
        return FLAGS[given]
    if indicator.type == "enum":
        return dict(zip(indicator.value_labels, indicator.values, strict=False)).get(given, given)
    return _quantity(indicator, given)


def _quantity(indicator: Indicator, given: str) -> Number:
    unit = indicator.unit or "1"
    try:
        return read_number(given)
    except BadAmount:
        try:
            return parse_quantity(given, unit)
        except BadQuantity as error:
            raise BadAmount(f"“{given[:40]}”不是数", f"数字，或{error.expected}") from None


def _hours(indicator: Indicator, given: Any) -> Hours:
    """`{hours: {begins: -24小时, every: 6小时, values: […]}}`."""
    form = "{hours: {begins: -24小时, every: 6小时, values: [60×4, 210, …]}}"
    inner = given.get("hours") if isinstance(given, dict) and set(given) == {"hours"} else None
    if not isinstance(inner, dict) or set(inner) - {"begins", "every", "values"} or not isinstance(inner.get("values"), list):
        raise BadAmount(f"“{indicator.short}”是逐小时的", form)
    begins, every = _whole_hours(inner.get("begins", "0")), _whole_hours(inner.get("every", "1"))
    if every < 1:
        raise BadAmount(f"“{inner['every']}”", "every 至少1小时")
    listed = [one for given in inner["values"] for one in _repeated(given)]
    if not listed or len(listed) * every > MOST_HOURS:
        raise BadAmount(f"{len(listed)} 个值，每 {every} 小时一个", f"至少一个，合计不超过 {MOST_HOURS} 小时")
    values = tuple(None if one is None or one in WITHDRAWN else float(_quantity(indicator, str(one))) for one in listed)
    return Hours(begins, every, values)


def _repeated(given: Any) -> list[Any]:
    """`60×4` is 60 four times."""
    found = _TIMES.fullmatch(given.strip()) if isinstance(given, str) else None
    return [given] if found is None else [found.group(1).strip()] * min(int(found.group(2)), MOST_HOURS + 1)


def _whole_hours(text: Any) -> int:
    given = str(text).strip().removesuffix("小时").removesuffix("h").strip()
    found = read_number(given)
    if found != int(found) or abs(found) > MOST_HOURS:
        raise BadAmount(f"“{text}”", "整小时数，如 -24小时")
    return int(found)


def _samples(found: Any) -> list[Any]:
    """Values to be checked against the indicator's domain."""
    match found:
        case Draw("choice", values):
            return list(values)
        case Draw():
            return [found.at(share) for share in SHARES]
        case Hours():
            return [found.points(_SOME_DAY)]
        case _:
            return [found]


def fact_tree(indicator: Indicator, value: Any) -> Any:
    """A fact as the file writes it; read back it is the same."""
    match value:
        case None:
            return None
        case Draw():
            return {"draw": draw_tree(value, lambda one: _word(indicator, one))}
        case Hours(begins, every, values):
            numbers = [
                part for one, run in groupby(values) for part in _runs("未知" if one is None else digits(one), len(list(run)))
            ]
            return {"hours": {"begins": f"{begins}小时", "every": f"{every}小时", "values": numbers}}
        case Mapping() if indicator.type == "areas":
            return {area: {key: fact_tree(indicator.parts[key], one) for key, one in row.items()} for area, row in value.items()}
        case Mapping():
            ((key, one),) = value.items()
            return {key: [_word(indicator, part) for part in one] if isinstance(one, list) else _word(indicator, one)}
        case _:
            return _word(indicator, value)


def _runs(word: str, count: int) -> list[str]:
    return [word] * count if count < 3 else [f"{word}×{count}"]


def _word(indicator: Indicator, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return (
            indicator.word(value)
            if indicator.type == "enum" and indicator.value_labels.count(indicator.word(value)) == 1
            else value
        )
    unit = indicator.unit or "1"
    text = words(value, unit) if UNITS[unit][0] else digits(value)
    try:
        return text if parse_quantity(text, unit) == value else digits(value)
    except BadQuantity:
        return digits(value)
