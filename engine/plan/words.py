"""Plans' values in the words that officials read: levels, facts, conditions, deadlines. The message catalogue of the core."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from engine.plan.condition import (
    All,
    Any,
    Bounds,
    Compare,
    Condition,
    Count,
    InForce,
    Level,
    Member,
    Not,
    Scalar,
    ScaleIs,
    Sum,
    Switch,
)
from engine.plan.measure import Number, iso_words, plain, words
from engine.plan.model import Due, Indicator, Plan, Scale

NO_LEVEL = "未达级别"
UNKNOWN = {"never": "从未报告", "stale": "已过期", "conflicting": "相互矛盾", "partial": "部分已知"}
TRUTHS = {"held": "成立", "failed": "不成立", "unknown": "未知"}
STEPS = {"propose": "提出", "decide": "决定", "sign": "签发", "publish": "发布", "adjust": "调整", "terminate": "终止"}
ROMAN = {"I": "Ⅰ级", "II": "Ⅱ级", "III": "Ⅲ级", "IV": "Ⅳ级"}
NUMERAL_WORDS = {"I": "一级", "II": "二级", "III": "三级", "IV": "四级"}
COLOURS = {"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"}


def level_word(scale: Scale, level: Level) -> str:
    """A level as a badge names it: “Ⅱ级（重大）”, “橙色”, “未达级别”."""
    if level is None:
        return NO_LEVEL
    name = scale.name(level)
    mark = ROMAN.get(level) or COLOURS.get(level)
    if mark is None or name in (mark, f"{level}级", NUMERAL_WORDS.get(level)):
        return mark or name
    return f"{mark}（{name}）"


def find_indicator(plan: Plan, key: str) -> Indicator:
    """An indicator by key; area indicators as "counties.rain"."""
    if "." in key:
        areas, name = key.split(".", 1)
        return plan.indicators[areas].parts[name]
    return plan.indicators[key]


def value_word(indicator: Indicator, value: Scalar) -> str:
    """A value as an officer reads it: “30人”, “是”, “黄色”."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return indicator.word(value)
    return words(value, indicator.unit or "1")


def bounds_word(bounds: Bounds, unit: str) -> str:
    """“10人以上、不足30人”: 以上 includes the number, 以下 (不足) does not; the exclusive lower bound is 超过."""
    if bounds.low is not None and bounds.low == bounds.high:
        return f"等于{words(bounds.low, unit)}"
    parts = []
    if bounds.low is not None:
        parts.append(f"超过{words(bounds.low, unit)}" if bounds.low_open else f"{words(bounds.low, unit)}以上")
    if bounds.high is not None:
        parts.append(f"不足{words(bounds.high, unit)}" if bounds.high_open else f"不超过{words(bounds.high, unit)}")
    return "、".join(parts)


def condition_word(plan: Plan, condition: Condition) -> str:
    """A condition as one line of Chinese."""
    match condition:
        case Compare(key, bounds):
            indicator = find_indicator(plan, key)
            return f"{indicator.short} {bounds_word(bounds, indicator.unit or '1')}"
        case Member(key, values):
            indicator = find_indicator(plan, key)
            if indicator.type == "boolean":
                return indicator.short if True in values else f"没有“{indicator.short}”"
            return f"{indicator.short}：{'或'.join(indicator.word(v) for v in indicator.values if v in values)}"
        case Sum(keys, bounds):
            first, second = (plan.indicators[key] for key in keys)
            return f"{first.short}与{second.short}合计 {bounds_word(bounds, first.unit or '1')}"
        case Count(areas, bounds, where, _, among):
            number = f"{'、'.join(among)}中{_count_word(bounds)}" if among else _count_word(bounds)
            return f"{number}县（市、区）各自满足：{condition_word(plan, where)}" if plan.indicators[areas].areas else ""
        case ScaleIs(scale_id, levels) | InForce(scale_id, levels):
            scale = plan.scales[scale_id]
            names = [level_word(scale, level) for level in (None, *scale.levels) if level in levels]
            verb = "在行的" if isinstance(condition, InForce) else ""
            return f"{verb}{scale.short}为{'或'.join(names)}"
        case All(parts):
            return "，且".join(_inner(plan, part) for part in parts)
        case Any(()):
            return "无论如何不成立"
        case Any(parts):
            return "；或".join(_inner(plan, part) for part in parts)
        case Not(part):
            return f"并非（{condition_word(plan, part)}）"
        case Switch(reading, options):
            return f"{condition_word(plan, dict(options)['chosen'])}（读法 {reading}）"


def _inner(plan: Plan, condition: Condition) -> str:
    text = condition_word(plan, condition)
    return f"（{text}）" if isinstance(condition, All | Any) and len(condition.parts) > 1 else text


def _count_word(bounds: Bounds) -> str:
    if bounds.low is not None and bounds.high is None:
        return f"{bounds.low + bounds.low_open}个以上"
    return bounds_word(bounds, "1") + "个"


def due_word(due: Due | None, moments: Mapping[str, str]) -> str:
    """“30分钟内，自发布预警信息起”, “每日15:00前”, “每日2次”; “无时限” where the plan prints none."""
    if due is None:
        return "无时限"
    start = f"，自{moments[due.moment]}起" if due.moment else ""
    match due.kind:
        case "within":
            return f"{iso_words(str(due.value))}内{start}"
        case "daily_at":
            return f"每日{due.value}前"
        case "every":
            return f"每{iso_words(str(due.value)).removeprefix('1')}一次"
        case "times_per_day":
            return f"每日{due.value}次"
        case "within_workdays":
            return f"{due.value}个工作日内{start}"


def difference_word(indicator: Indicator, now: Number, to: Number, *, beyond: bool) -> str:
    """How far a value is from where it would matter: “还差2人”, “再降1小时”; “还差38微克/立方米以上” where the bound itself is not enough."""
    gap = plain(Fraction(Decimal(str(to)) - Decimal(str(now))))
    amount = words(abs(gap), indicator.unit or "1")
    falling = gap < 0 or (gap == 0 and not beyond)
    return f"{'再降' if falling else '还差'}{amount}{'以上' if beyond else ''}"
