"""Every level can come about, and the exact set of possible levels can be worked out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.plan.finding import Finding
from engine.plan.model import Plan
from engine.plan.source import Source
from engine.plan.words import level_word
from engine.trigger.component import TooComplex
from engine.trigger.facts import Facts
from engine.trigger.judge import judge


def check(plan: Plan, source: Source) -> Iterator[Finding]:
    """A level that no facts lead to is a mistake in a condition; a plan beyond the limit of exactness is refused."""
    try:
        possible = judge(plan).outcome(Facts()).possible
    except TooComplex as error:
        yield Finding(source.place(("scales",)), error.code, error.message, "相连的条件少一些", error.remedy)
        return
    for scale in plan.scales.values():
        for level in scale.levels:
            if level not in possible[scale.id]:
                yield Finding(
                    source.place(("scales", scale.id, "triggers", level)),
                    "unreachable",
                    f"{scale.label}的{level_word(scale, level)}无论事实如何都不会成立",
                    "至少有一组事实能达到每个级别",
                    "检查上下限和并列条件；总被更高一级取代的级别须删去",
                )
