"""Phrases of a printed text that look like thresholds and deadlines, for a first draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.gazette.cleaning import fold
from engine.gazette.quantities import MARKS

_NUM = r"-?\d+(?:\.\d+)?[百千]?[万亿]?|[一二两三四五六七八九十百]+(?=[级个])"
_UNIT = r"(?:%|℃|°C|摄氏度|人|元|小时|分钟|日|天|公顷|兆瓦|毫米|米|公里|级|个|微克/立方米|毫克/立方米|户|名|例|次)?"
_Q = rf"(?:{_NUM}){_UNIT}"
_BELOW_WORDS = "以下|以内|之内"
_THRESHOLDS = (
    # 10人以上30人以下
    (
        re.compile(rf"(?P<low>{_Q})(?:[(][^()]*[)])?以上[^，。；、0-9]{{0,6}}?(?P<high>{_Q})(?:[(][^()]*[)])?以下"),
        "at_least",
        "below",
    ),
    (re.compile(rf"(?P<low>{_Q})(?:-|—|~|至)(?P<high>{_Q})"), "at_least", "below"),
    (re.compile(rf"(?:≥|不低于|达到|不少于|累计达|下降|即将达到|占[^，。；]{{0,8}}?)(?P<low>{_Q})"), "at_least", None),
    (re.compile(rf"(?:>|大于|超过|高于)(?P<low>{_Q})"), "over", None),
    (re.compile(rf"(?:<|小于|低于|不足|少于)(?P<high>{_Q})"), None, "below"),
    (re.compile(rf"(?P<low>{_Q})(?:[^，。；、0-9]{{0,9}})?(?:及|及其)?以上"), "at_least", None),
    (re.compile(rf"(?P<high>{_Q})(?:[^，。；、0-9]{{0,6}})?(?:及)?以下"), None, "below"),
    (re.compile(r"(?P<low>\d+个(?:[县市区乡]|省))"), "at_least", None),
    (re.compile(r"(?<![\d第约])(?P<low>\d+(?:\.\d+)?(?:毫米|℃|小时|级|日))(?=内将|仍将|将)"), "at_least", None),
)
_PERIOD = r"(?P<value>(?:\d+(?:\.\d+)?|[一两二三四五六七八九十半]+))\s*(?P<unit>个?工作日|个?小时|分钟|天|日|周|个月)"
_DEADLINES = (
    (re.compile(rf"{_PERIOD}(?:之|以)?内"), "within"),
    (re.compile(rf"(?:不得?超过|不迟于){_PERIOD}"), "within"),
    (re.compile(rf"每隔?{_PERIOD}"), "every"),
    (re.compile(r"每[日天](?:上午|下午)?(?P<value>\d{1,2}[:：]\d{2})"), "daily_at"),
    (re.compile(r"每[日天][^，。；]{0,8}?(?P<value>\d+|[一二两三四])次"), "times_per_day"),
    (re.compile(r"(?:至少)?(?:每[日天]|逐日)(?P<value>)"), "times_per_day"),
    (re.compile(r"(?P<value>每年)"), "every"),
)
_LEAD = re.compile(r"提前$|未来$|过去$|预计$|连续$")


@dataclass(frozen=True, slots=True)
class Threshold:
    phrase: str
    low: str | None
    low_word: str | None
    high: str | None
    around: str


@dataclass(frozen=True, slots=True)
class Deadline:
    phrase: str
    kind: str
    value: str
    around: str


def folded(text: str) -> str:
    return fold(MARKS.sub("。", text).replace("\n", "。").replace("\t", "。"))


def thresholds(text: str) -> Iterator[Threshold]:
    """Bounds as printed: both ends of a range at once. A phrase inside another that was found is none."""
    whole = folded(text)
    taken: list[range] = []
    for pattern, low_word, _ in _THRESHOLDS:
        for match in pattern.finditer(whole):
            span = range(match.start(), match.end())
            if any(match.start() in one or match.end() - 1 in one for one in taken):
                continue
            taken.append(span)
            parts = match.groupdict()
            low, high = parts.get("low"), parts.get("high")
            if low is None or _has_digit(low) or high:
                yield Threshold(match.group(), low, low_word, high, whole[max(0, match.start() - 12) : match.end() + 6])


def deadlines(text: str) -> Iterator[Deadline]:
    """Periods with an end (内), clock times and frequencies."""
    whole = folded(text)
    taken: list[range] = []
    for pattern, kind in _DEADLINES:
        for match in pattern.finditer(whole):
            if any(match.start() in one for one in taken) or _LEAD.search(whole[: match.start()]):
                continue
            taken.append(range(match.start(), match.end()))
            unit = match.groupdict().get("unit") or ""
            value = match["value"] or "1"
            yield Deadline(
                match.group(),
                "within_workdays" if "工作日" in unit else kind,
                value + unit.removeprefix("个"),
                _around(whole, match),
            )


def _around(whole: str, match: re.Match[str]) -> str:
    begin = max(whole.rfind(mark, 0, match.start()) for mark in "。；") + 1
    return whole[begin : match.end()]


def _has_digit(text: str) -> bool:
    return bool(re.search(r"\d|[一二两三四五六七八九十]", text))
