"""How a deadline stands in print: 1小时内, 每日两次, 15:00前, 2个工作日内, 一周内, 每年."""

from __future__ import annotations

import re
from fractions import Fraction

from engine.gazette.cleaning import fold
from engine.gazette.quantities import Quantity, exact, quantities
from engine.plan.model import Due

_PERIOD = re.compile(r"P(T?)([\d.]+)([MHDYW])")
_UNITS = {
    ("T", "M"): ("h", Fraction(1, 60)),
    ("T", "H"): ("h", Fraction(1)),
    ("", "D"): ("d", Fraction(1)),
    ("", "M"): ("month", Fraction(1)),
    ("", "Y"): ("year", Fraction(1)),
}
_EACH = {
    "d": r"每[日天]|逐日|日报|每24小时|当[日天]|一[日天]一",
    "year": r"每年|年度|逐年|每[一1]年",
    "month": r"每月|逐月|月度",
    "h": r"每小时|逐时",
}


def due_stands(due: Due, text: str) -> bool:
    """Whether the text prints the deadline."""
    folded, printed = fold(text), quantities(text)
    match due.kind:
        case "within":
            return period_stands(str(due.value), printed)
        case "every":
            unit = _unit(str(due.value))
            return bool(unit and unit[1] == 1 and re.search(_EACH[unit[0]], folded)) or period_stands(str(due.value), printed)
        case "times_per_day":
            times = exact(due.value)
            if times == 1 and re.search(_EACH["d"], folded):
                return True
            return bool(re.search(_EACH["d"], folded)) and any(one.value == times and one.unit == "times" for one in printed)
        case "within_workdays":
            return any(one.value == exact(due.value) and one.unit == "workday" for one in printed)
        case "daily_at":
            hour, minute = str(due.value).split(":")
            clock = rf"(?<!\d)0?{int(hour)}(?::{minute}|[时点]{'' if minute == '00' else minute})"
            afternoon = rf"下午{int(hour) - 12}(?::{minute}|[时点])" if int(hour) > 12 else "(?!)"
            return bool(re.search(f"{clock}|{afternoon}", folded))


def period_stands(iso: str, printed: tuple[Quantity, ...]) -> bool:
    """Whether a period such as PT30M or P7D stands among the printed numbers (7 days also as a week)."""
    unit = _unit(iso)
    if unit is None:
        return False
    name, value = unit
    if any(one.value == value and one.unit == name for one in printed):
        return True
    return name == "d" and value % 7 == 0 and any(one.value == value / 7 and one.unit == "week" for one in printed)


def _unit(iso: str) -> tuple[str, Fraction] | None:
    match = _PERIOD.fullmatch(iso)
    if match is None or (match[1], match[3]) not in _UNITS:
        return None
    unit, factor = _UNITS[match[1], match[3]]
    return unit, exact(match[2]) * factor
