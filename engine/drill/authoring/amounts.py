"""Times and durations of a scenario file: as a director writes them, and back to words. Amounts may be drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.drill.draw import Draw, fixed
from engine.plan.measure import Number, digits, plain

SECONDS = {"天": 86_400, "日": 86_400, "小时": 3_600, "分钟": 60, "分": 60, "秒": 1}
DRAWN = ("between", "triangular", "median", "p95", "one_of")
LONGEST = 366 * 86_400
DURATION_FORM = "如 20分钟、2小时、1小时30分钟、3天"
CLOCK_FORM = "T+ 几时几分，如 1:30；或 90分钟"
DRAW_FORM = "{between: [少, 多]}、{triangular: [少, 最可能, 多]}、{median: 中位, p95: 多}、{one_of: [甲, 乙]} 之一"
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(天|日|小时|分钟|分|秒)")
_CLOCK = re.compile(r"(\d{1,4})[:：]([0-5]\d)(?:[:：]([0-5]\d))?")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?")


class BadAmount(ValueError):
    """A text that is no amount. found: what is wrong; expected: what would be right."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found)
        self.found = found
        self.expected = expected


def read_duration(text: Any) -> Number:
    """`"1小时30分钟"` -> 5400 seconds. Raises BadAmount."""
    if not isinstance(text, str):
        raise BadAmount("没有写时间" if text is None else "不是一段时间", DURATION_FORM)
    if text.strip().startswith("-"):
        raise BadAmount(f"“{text}”是负的", f"不小于零，{DURATION_FORM}")
    return _parts(text, DURATION_FORM)


def read_clock(text: Any) -> Number:
    """`"1:30"` or `"90分钟"` after T+0 -> 5400 seconds. Raises BadAmount."""
    if not isinstance(text, str):
        raise BadAmount("没有写时间" if text is None else "不是时间", CLOCK_FORM)
    given = text.strip().upper().removeprefix("T+").strip()
    if given.startswith("-"):
        raise BadAmount(f"“{text}”在开始之前", CLOCK_FORM)
    found = _CLOCK.fullmatch(given)
    if found is None:
        return _parts(given, CLOCK_FORM)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return _within(text, hours * 3_600 + minutes * 60 + seconds)


def _parts(text: str, form: str) -> Number:
    rest = text.strip()
    if rest in ("0", "零"):
        return 0
    total = Fraction(0)
    while rest and len(rest) < 60:
        found = _PART.match(rest)
        if found is None:
            raise BadAmount(f"“{text}”", form)
        total += Fraction(Decimal(found.group(1))) * SECONDS[found.group(2)]
        rest = rest[found.end() :].strip()
    if rest or not text.strip():
        raise BadAmount(f"“{text[:40]}”", form)
    return _within(text, plain(total))


def _within(text: str, seconds: Number) -> Number:
    if seconds > LONGEST:
        raise BadAmount(f"“{text}”太长", "不超过一年")
    return seconds


def read_number(text: Any) -> Number:
    """`"0.8"` -> 0.8. Raises BadAmount."""
    if not isinstance(text, str) or len(text) > 40 or not _NUMBER.fullmatch(text.strip()):
        raise BadAmount("没有数" if text is None else f"“{text}”不是数", "数字")
    return plain(Fraction(Decimal(text.strip())))


def read_share(text: Any) -> Number:
    """`"80%"` or `"0.8"` of the time given -> 0.8. Raises BadAmount."""
    found = _PERCENT.fullmatch(text.strip()) if isinstance(text, str) and len(text) < 40 else None
    share = read_number(text) if found is None else plain(Fraction(Decimal(found.group(1))) / 100)
    if not 0 <= share <= 100:
        raise BadAmount(f"“{text}”", "不小于零的份额，如 80% 或 0.8；超过 100% 就是超时")
    return share


def read_draw(given: Any, one: Callable[[Any], Any], *, whole: bool = False) -> Draw:
    """One amount, or a distribution of amounts; `one` reads a single one. Raises BadAmount."""
    if not isinstance(given, dict):
        return fixed(one(given))
    keys = set(given)
    if keys == {"median", "p95"}:
        median, upper = _numbers([given["median"], given["p95"]], one)
        if not 0 < median <= upper:
            raise BadAmount("中位数要大于零，且不大于 95% 分位数", "{median: 20分钟, p95: 60分钟}")
        return Draw("lognormal", (median, upper), whole)
    if len(keys) != 1 or next(iter(keys)) not in ("between", "triangular", "one_of"):
        raise BadAmount("、".join(str(key) for key in given) or "空表", DRAW_FORM)
    (kind,) = keys
    listed = given[kind]
    if not isinstance(listed, list) or not listed:
        raise BadAmount(f"{kind} 后面不是列表", DRAW_FORM)
    if kind == "one_of":
        return Draw("choice", tuple(one(value) for value in listed))
    size = 2 if kind == "between" else 3
    if len(listed) != size:
        raise BadAmount(f"{kind} 有 {len(listed)} 个数", f"{size} 个，从小到大")
    values = _numbers(listed, one)
    if list(values) != sorted(values):
        raise BadAmount(f"{kind} 的数不是从小到大", DRAW_FORM)
    return Draw("uniform" if kind == "between" else "triangular", values, whole)


def _numbers(listed: list[Any], one: Callable[[Any], Any]) -> tuple[Any, ...]:
    found = tuple(one(value) for value in listed)
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in found):
        raise BadAmount("不是数，没有分布", "{one_of: [甲, 乙]}")
    return found


def duration_words(seconds: Number) -> str:
    """5400 -> "90分钟"; 7200 -> "2小时". Read back it is the same number."""
    for unit in ("天", "小时", "分钟"):
        count = seconds / SECONDS[unit]
        if seconds and count == int(count) and (unit != "天" or count > 1):
            return f"{int(count)}{unit}"
    return "0分钟" if seconds == 0 else f"{digits(seconds)}秒"


def clock_words(seconds: Number) -> str:
    """5400 -> "1:30"; with seconds only where there are any."""
    if seconds != int(seconds):
        return f"{digits(seconds)}秒"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}" + (f":{rest:02d}" if rest else "")


def draw_tree(draw: Draw, words: Callable[[Any], Any]) -> Any:
    """The draw as a file writes it."""
    match draw.kind:
        case "fixed":
            return words(draw.values[0])
        case "lognormal":
            return {"median": words(draw.values[0]), "p95": words(draw.values[1])}
        case kind:
            name = {"uniform": "between", "triangular": "triangular", "choice": "one_of"}[kind]
            return {name: [words(value) for value in draw.values]}
