"""The numbers of a printed text with their units, in any notation: 1亿元, 5000万, 10人以上, 3.5小时, ５％, 两次, 一周."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from engine.gazette.cleaning import fold
from engine.plan.measure import UNITS, Number

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
# Words that the print uses for a unit of the plans besides those of engine.plan.measure: word -> (unit, factor).
_WORDS: dict[str, tuple[str, Fraction]] = {
    "名": ("person", Fraction(1)),
    "位": ("person", Fraction(1)),
    "例": ("person", Fraction(1)),
    "摄氏度": ("degC", Fraction(1)),
    "度": ("degC", Fraction(1)),
    "千米": ("m", Fraction(1000)),
    "米/秒": ("m/s", Fraction(1)),
    "个小时": ("h", Fraction(1)),
    "个工作日": ("workday", Fraction(1)),
    "工作日": ("workday", Fraction(1)),
    "次": ("times", Fraction(1)),
    "周": ("week", Fraction(1)),
    "个星期": ("week", Fraction(1)),
    "个月": ("month", Fraction(1)),
    "月": ("month", Fraction(1)),
    "年": ("year", Fraction(1)),
    "点": ("clock", Fraction(1)),
    "时": ("clock", Fraction(1)),
    "个": ("1", Fraction(1)),
    **{
        word: ("1", Fraction(1))
        for word in ("县", "项", "处", "起", "座", "支", "箱", "把", "件", "户", "天次", "号", "倍", "亩", "吨")
    },
}
WORDS: dict[str, tuple[str, Fraction]] = {
    **_WORDS,
    **{
        fold(word): (unit, factor)
        for unit, (_, factors) in UNITS.items()
        for word, factor in factors.items()
        if word and word not in _WORDS and word not in ("h", "d", "m")
    },
}
_SAME = {"bft": "grade"}  # 五级 in words may be a force of wind
_UNIT = "|".join(sorted(map(re.escape, WORDS), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<sign>(?<![\d%a-zA-Z）)〕〔级日时])-)?(?P<digits>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<scale>[百千]?万|亿|千)?(?P<unit>{_UNIT})?"
    rf"|(?P<words>[零〇一二两三四五六七八九十百千万亿半]+)(?P<wunit>{_UNIT})"
)
_RANGE = re.compile(r"\s*(?:-|—|–|~|～|至|到)+$")
MARKS = re.compile(
    rf"[(（]\d{{1,2}}[)）]|(?<![^\n\t\v])\d+(?:\.\d+)+(?=\s|[一-龥])(?!\s*(?:{_UNIT}))"
    r"|(?<![^\n\t\v。；;])\s*\d{1,2}\s*(?:[、．]|\.(?!\d))|[①-⑳]"
    r"|附[件表图录]\s*\d+|第\s*\d+\s*[条款项章节]|[〔\[]\d{4}[〕\]]\s*\d+\s*号|(?:19|20)\d\d年"
)
"""Numbers that measure nothing: of clauses, items, annexes, documents, years."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as the print means it. `unit` is a unit of the plans, a kind of count, or "" where no word follows."""

    value: Fraction
    unit: str
    printed: str
    start: int = 0


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of a text; the numbers of clauses and list items are none."""
    return tuple(_scan(fold(MARKS.sub("\n", text))))


def _scan(text: str) -> Iterator[Quantity]:
    waiting: list[Quantity] = []
    for match in _NUMBER.finditer(text):
        word = match["unit"] or match["wunit"] or ""
        unit, factor = WORDS.get(word, ("", Fraction(1)))
        value = _chinese(match["words"]) if match["words"] else _arabic(match["digits"], match["scale"] or "")
        if value is None:
            continue
        if match["sign"]:
            value = -value
        if word == "级" and match["words"]:
            unit = "grade"
        one = Quantity(value * factor, unit, match.group(), match.start())
        # 10-15%, 6至7级: the first number has the unit of the second
        for before in waiting:
            if _RANGE.fullmatch(text[before.start + len(before.printed) : match.start()]) and unit:
                yield Quantity(before.value * factor, unit, before.printed, before.start)
        waiting = [one] if not unit else []
        yield one


def _arabic(digits: str, scale: str) -> Fraction:
    return Fraction(digits.replace(",", "")) * _SCALES.get(scale, 1)


def _chinese(words: str) -> Fraction | None:
    """两 -> 2, 十五 -> 15, 一百二十 -> 120, 半 -> 1/2. None for what is no number."""
    if words == "半":
        return Fraction(1, 2)
    total = part = digit = 0
    for mark in words:
        if mark in _DIGITS:
            digit = _DIGITS[mark]
        elif mark in _TENS:
            part += (digit or 1) * _TENS[mark]
            digit = 0
        elif mark in ("万", "亿"):
            total += (part + digit or 1) * _SCALES[mark]
            part = digit = 0
        else:
            return None
    return Fraction(total + part + digit)


def exact(value: Number | str) -> Fraction:
    return Fraction(str(value))


def stands(value: Number, unit: str | None, printed: tuple[Quantity, ...]) -> bool:
    """Whether a value in a unit of the plans stands among the printed numbers; counts and bare numbers match any word."""
    wanted = exact(value)
    return any(
        one.value == wanted and (unit in (None, "1") or one.unit in ("", unit, _SAME.get(unit or "", unit))) for one in printed
    )
