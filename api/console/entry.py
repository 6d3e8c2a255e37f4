"""What an officer types, as the values that `engine.trigger.facts.validate` takes. Pure: text in, value or BadEntry out."""

from __future__ import annotations

import datetime
import re
from typing import Any

from api.console import texts
from engine.plan.finding import FactInvalid
from engine.plan.measure import UNITS, BadQuantity, Number, parse_quantity
from engine.plan.model import Indicator
from engine.trigger.facts import CHINA, parse_time

FULL_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
AT_LEAST = re.compile(r"^(?:≥|>=|至少|不少于)\s*(.+)$|^(.+?)\s*以上$")
AT_MOST = re.compile(r"^(?:≤|<=|至多|不超过)\s*(.+)$")
BETWEEN = re.compile(r"^(.+?)\s*(?:~|—|–|至|到|(?<=[\d人元万亿])-)\s*(.+)$")
ROW = re.compile(
    r"^(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[T\s]*\d{1,2}[:时]\d{0,2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)(?:[\s,;]+(.*))?$"
)
STAMP = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]*(?:(\d{1,2})[:时](\d{1,2})?(?::\d{2}(?:\.0+)?)?分?)?$")
TYPED = re.compile(r"^(?:(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})[\sT]+)?(\d{1,2}):?(\d{2})$")
MISSING = frozenset({"", "-", "—", "--", "NA", "N/A", "nan", "NaN", "null", "缺测"})
MOST_SHOWN = 24


class BadEntry(ValueError):
    """Something typed that cannot be understood; the text says what to type instead."""


def half_width(text: str) -> str:
    """Full-width digits and signs, as Chinese input methods give them, in their ordinary form."""
    return text.translate(FULL_WIDTH).strip()


def plain_number(text: str) -> str:
    """The same, without the commas between thousands."""
    return THOUSANDS.sub("", half_width(text))


def shown(text: str) -> str:
    """Typed text, short enough for a message."""
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"


def read_quantity(indicator: Indicator, text: str) -> Number:
    """`"30"`, `"30人"`, `"5000万"` -> a number in the indicator's unit. Raises BadEntry."""
    unit = indicator.unit or "1"
    word = UNITS[unit][0]
    for written, of in ((text, "1"), (text, unit), (text + word, unit)):
        try:
            return parse_quantity(written, of)
        except (BadQuantity, OverflowError):
            continue
    example = "30 或 5000万" if unit == "CNY" else "30"
    raise BadEntry(texts.NOT_A_NUMBER.format(text=shown(text), example=example))


def read_number(indicator: Indicator, how: str, text: str) -> tuple[str, Any]:
    """How much is known, and the value for `validate` (None: unknown). What the text itself says (≥50, 20~30) goes before `how`.

    Raises BadEntry.
    """
    text = plain_number(text)
    if not text:
        return how, None
    for name, pattern in (("at_least", AT_LEAST), ("at_most", AT_MOST)):
        match = pattern.match(text)
        if match:
            return name, {name: read_quantity(indicator, next(part for part in match.groups() if part))}
    match = BETWEEN.match(text)
    if match:
        return "between", {"between": [read_quantity(indicator, part.strip()) for part in match.groups()]}
    value = read_quantity(indicator, text)
    if how == "between":
        raise BadEntry(texts.NOT_BETWEEN)
    return (how, {how: value}) if how in ("at_least", "at_most") else ("exactly", value)


def read_time(text: str) -> datetime.datetime | None:
    """`"2026-01-17 03:12"` in Beijing time; None for nothing. Raises BadEntry."""
    text = half_width(text)
    if not text:
        return None
    try:
        return parse_time(_iso(text), "at")
    except FactInvalid:
        raise BadEntry(texts.NOT_A_TIME.format(text=shown(text))) from None


def read_past(text: str, now: datetime.datetime) -> datetime.datetime:
    """`"1430"`, `"14:30"`, `"11-22 14:30"`, or a full time, as the last time that it was so; Beijing time. Raises BadEntry.

    The same as the script makes of a field of type `moment`.
    """
    written = half_width(text)
    match = TYPED.match(written)
    try:
        if match is None:
            found = parse_time(_iso(written), "at")
        else:
            year, month, day, hour, minute = (None if one is None else int(one) for one in match.groups())
            here = now.astimezone(CHINA)
            date = here.date() if month is None or day is None else datetime.date(year or here.year, month, day)
            found = datetime.datetime.combine(date, datetime.time(hour or 0, minute or 0), CHINA)
            if found > now and year is None:
                found = found - datetime.timedelta(days=1) if month is None else found.replace(year=here.year - 1)
    except (FactInvalid, ValueError):
        raise BadEntry(texts.NOT_PAST.format(text=shown(written))) from None
    return found


def _iso(text: str) -> str:
    match = STAMP.match(text)
    if match is None:
        return text
    year, month, day, hour, minute = match.groups()
    return f"{year}-{int(month):02}-{int(day):02}T{int(hour or 0):02}:{int(minute or 0):02}"


def read_series(indicator: Indicator, text: str) -> tuple[list[list[Any]], list[int]]:
    """Pasted rows “时间 值” as [time, value] points, with the line number of each. A heading is passed over. Raises BadEntry."""
    points: list[list[Any]] = []
    lines: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        row = half_width(line).replace('"', "").rstrip(",;")
        if not row:
            continue
        match = ROW.match(row)
        if match is None:
            if not points and not any(sign.isdigit() for sign in row[:4]):
                continue
            raise BadEntry(texts.NOT_A_ROW.format(line=number, text=shown(row)))
        value = (match.group(2) or "").strip()
        points.append([_iso(match.group(1)), None if value in MISSING else _row_value(indicator, value, number)])
        lines.append(number)
    return points, lines


def _row_value(indicator: Indicator, text: str, line: int) -> Number:
    try:
        return read_quantity(indicator, text)
    except BadEntry:
        raise BadEntry(texts.BAD_VALUE.format(line=line, text=shown(text))) from None


def problem_of(error: FactInvalid) -> str:
    """What the core finds wrong, in one line with what to do."""
    return texts.WITH_REMEDY.format(message=error.message, remedy=error.remedy) if error.remedy else error.message


def row_of(error: FactInvalid, lines: list[int]) -> str:
    """What the core finds wrong with a series, naming the pasted line."""
    match = re.search(r"\[(\d+)\]", error.where)
    if match is None:
        return problem_of(error)
    return texts.BAD_ROW.format(line=lines[int(match.group(1))], problem=problem_of(error))
