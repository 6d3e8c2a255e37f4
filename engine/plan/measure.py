"""Quantities with their units, as the gazettes print them: `5000万元`, `48小时`, `3.5小时`, `PT30M`.

Sources: the unit words of the ten plans; ISO 8601 durations for output.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

Number = int | float

# unit id -> (the word to print, {word: factor to the unit})
UNITS: dict[str, tuple[str, dict[str, Fraction]]] = {
    "1": ("", {"": Fraction(1), "个": Fraction(1)}),
    "person": ("人", {"人": Fraction(1)}),
    "CNY": ("元", {"元": Fraction(1)}),
    "h": ("小时", {"小时": Fraction(1), "h": Fraction(1), "分钟": Fraction(1, 60)}),
    "d": ("日", {"日": Fraction(1), "天": Fraction(1), "d": Fraction(1)}),
    "MW": ("兆瓦", {"兆瓦": Fraction(1), "MW": Fraction(1)}),
    "percent": ("%", {"%": Fraction(1), "％": Fraction(1)}),
    "ha": ("公顷", {"公顷": Fraction(1)}),
    "mm": ("毫米", {"毫米": Fraction(1), "mm": Fraction(1)}),
    "degC": ("℃", {"℃": Fraction(1), "°C": Fraction(1)}),
    "bft": ("级", {"级": Fraction(1)}),
    "m": ("米", {"米": Fraction(1), "公里": Fraction(1000)}),
    "ug/m3": ("微克/立方米", {"微克/立方米": Fraction(1), "μg/m³": Fraction(1)}),
    "mg/m3": ("毫克/立方米", {"毫克/立方米": Fraction(1), "mg/m³": Fraction(1)}),
}
SCALED = {"": 1, "万": 10_000, "亿": 100_000_000}
LONGEST = 60
"""Characters of a quantity; a longer text is none, and a number of a million digits would take its time."""
MOST_DECIMALS, LAST_DECIMAL = 6, 16
"""Decimals that a reported number is thought to have; those that a float has at all."""
SIGNED_UNITS = frozenset({"degC"})

_QUANTITY = re.compile(r"^([+-]?\d+(?:\.\d+)?)\s*([万亿]?)\s*(.*)$")
_DURATION = re.compile(r"^(\d+(?:\.\d+)?)\s*(分钟|小时|天|日|周|个?月|年)$")
_ISO = {"分钟": "PT{}M", "小时": "PT{}H", "天": "P{}D", "日": "P{}D", "个月": "P{}M", "月": "P{}M", "年": "P{}Y"}
_SECONDS = {"分钟": 60, "小时": 3600, "天": 86400, "日": 86400, "周": 604800}


class BadQuantity(ValueError):
    """The text is no quantity of the unit that was asked for. `expected` says what would be."""

    def __init__(self, text: str, expected: str) -> None:
        super().__init__(text)
        self.expected = expected


def parse_quantity(text: str, unit: str) -> Number:
    """`"5000万元"`, `"CNY"` -> 50000000. A unit other than "1" must be written. Raises BadQuantity."""
    word, factors = UNITS[unit]
    names = "、".join(w for w in factors if w) or "（无单位）"
    expected = f"数字（可带 万、亿）加单位“{names}”，如 10{word}"
    match = _QUANTITY.match(text.strip()) if len(text) <= LONGEST else None
    if not match:
        raise BadQuantity(text, expected)
    number, scale, suffix = match.groups()
    factor = factors.get(suffix.strip())
    if factor is None:
        raise BadQuantity(text, expected)
    return plain(Fraction(Decimal(number)) * SCALED[scale] * factor)


def plain(value: Fraction) -> Number:
    """A whole number as int, any other as the nearest float."""
    return int(value) if value.denominator == 1 else float(value)


def words(value: Number, unit: str) -> str:
    """50000000, "CNY" -> "5000万元"; 3.5, "h" -> "3.5小时". The one rule for numbers that people read: see `shortened`."""
    word = UNITS[unit][0]
    value = shortened(value)
    if unit == "CNY" and value == int(value) and value:
        for mark, scale in (("亿", 100_000_000), ("万", 10_000)):
            if value % (scale // 100 or 1) == 0 and abs(value) >= scale:
                return f"{digits(value / scale)}{mark}{word}"
    if unit == "person" and value and value % 1000 == 0 and value >= 10_000:
        return f"{digits(plain(Fraction(value) / 10_000))}万{word}"
    return f"{digits(value)}{word}"


def shortened(value: Number) -> Number:
    """A number as reported, with up to six decimals, stays whole; a quotient keeps two, 276.0416666667 -> 276.04.

    It keeps more where it would look rounder than it is: 599.99999 is never 600, whatever is printed as a threshold.
    """
    if isinstance(value, int) or value == round(value, MOST_DECIMALS):
        return value
    for decimals in range(2, LAST_DECIMAL):
        short = round(value, decimals)
        if short != round(value, decimals - 1) and abs(short) >= 10 ** (1 - decimals):
            return short
    return value


def digits(value: Number) -> str:
    """The shortest text of a number: 3.0 -> "3"."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def parse_duration(text: str) -> str:
    """`"30分钟"` -> `"PT30M"`, in the clause's own unit (24小时 is PT24H, not P1D). Raises BadQuantity."""
    match = _DURATION.match(text.strip())
    if not match:
        raise BadQuantity(text, "如 30分钟、2小时、7天、1年")
    number, unit = match.groups()
    if unit == "周":
        return f"P{int(number) * 7}D"
    return _ISO[unit].format(digits(plain(Fraction(Decimal(number)))))


def parse_seconds(text: str) -> int:
    """`"6小时"` -> 21600. Raises BadQuantity for months and years, which have no fixed length."""
    match = _DURATION.match(text.strip())
    if not match or match.group(2) not in _SECONDS:
        raise BadQuantity(text, "如 30分钟、6小时、2天")
    return int(Fraction(Decimal(match.group(1))) * _SECONDS[match.group(2)])


def iso_words(duration: str) -> str:
    """`"PT30M"` -> `"30分钟"`."""
    match = re.fullmatch(r"P(T?)([\d.]+)([MHDY])", duration)
    if not match:
        return duration
    return (
        match.group(2)
        + {("T", "M"): "分钟", ("T", "H"): "小时", ("", "D"): "天", ("", "M"): "个月", ("", "Y"): "年"}[
            (match.group(1), match.group(3))
        ]
    )
