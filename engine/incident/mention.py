"""Which plans a report in free words speaks of: by the words that it shares with a plan's title, scales and indicators.

Nothing is known of the language but its script: a word is a run of two or more characters that stands in the report and in a phrase of
the plan, taken as long as it goes. What more than half of the plans have says nothing about which one; the fewer have it, and the
longer it is, the more it weighs. It orders plans for a person to look at, and says why; it decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.plan.model import Indicator, Plan

RUN = re.compile(r"[\u4e00-\u9fff]{2,}|[A-Za-z]{2,}(?:[0-9.]*[0-9])?")
"""What words are looked for in: Chinese without its punctuation, and abbreviations as AQI or PM2.5."""
FURTHEST, LONGEST = 1000, 24
"""Characters of a report that are looked at, and of a word."""
TITLE = 2.0
"""How much more a word of the title weighs."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a report that a plan has too, the weightiest first."""

    words: tuple[str, ...] = ()
    weight: float = 0.0


NOTHING = Mention()


def mentions(plans: Iterable[Plan], report: str) -> Mapping[str, Mention]:
    """Of each plan, by id, what the report says of it."""
    listed = list(plans)
    runs = RUN.findall(report[:FURTHEST])
    own = {plan.id: tuple(_phrases(plan)) for plan in listed}
    shared = {plan.id: _shared(runs, own[plan.id]) for plan in listed}
    having = {word: sum(_has(own[plan.id], word) for plan in listed) for words in shared.values() for word in words}
    telling = {word: count for word, count in having.items() if count * 2 <= len(listed) or len(listed) == 1}
    return {plan.id: _mention(plan, [word for word in shared[plan.id] if word in telling], telling) for plan in listed}


def _mention(plan: Plan, words: Sequence[str], having: Mapping[str, int]) -> Mention:
    weights = {word: (len(word) - 1) / having[word] * (TITLE if word in plan.title else 1) for word in words}
    return Mention(tuple(sorted(words, key=lambda word: -weights[word])), sum(weights.values()))


def _phrases(plan: Plan) -> Iterator[str]:
    yield plan.title
    yield from (scale.short for scale in plan.scales.values())
    for one in plan.indicators.values():
        yield from _labels(one)


def _labels(one: Indicator) -> Iterator[str]:
    yield one.short
    yield from one.value_labels
    for part in one.parts.values():
        yield from _labels(part)


def _has(phrases: Iterable[str], word: str) -> bool:
    return any(word in phrase for phrase in phrases)


def _shared(runs: Iterable[str], phrases: Sequence[str]) -> list[str]:
    """The longest words that stand in a run and in a phrase, in the order of the report."""
    pairs = {phrase[n : n + 2] for phrase in phrases for n in range(len(phrase) - 1)}
    found: dict[str, None] = {}
    for run in runs:
        end = 0
        for start in range(len(run) - 1):
            if run[start : start + 2] in pairs:
                stop = _as_far(run, start, phrases)
                if stop > end:
                    found[run[start:stop]] = None
                    end = stop
    return [word for word in found if not any(word != other and word in other for other in found)]


def _as_far(run: str, start: int, phrases: Sequence[str]) -> int:
    stop = start + 2
    while stop < min(len(run), start + LONGEST) and _has(phrases, run[start : stop + 1]):
        stop += 1
    return stop
