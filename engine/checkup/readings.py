"""Every alternative of a reading can be switched, or the plan says why not."""

from __future__ import annotations

from collections.abc import Iterator

from engine.plan.finding import Finding
from engine.plan.model import Plan
from engine.plan.source import Source


def check(plan: Plan, source: Source) -> Iterator[Finding]:
    """An alternative that nothing depends on and that has no reason was forgotten; one with both contradicts itself."""
    switches = plan.switches()
    for reading in plan.readings.values():
        for letter in reading.letters:
            switched = letter in switches.get(reading.id, ())
            if not switched and letter not in reading.fixed:
                yield Finding(
                    source.place(("readings", reading.id)),
                    "reading-not-switched",
                    f"读法“{reading.id}”的另读 {letter}（{reading.words(letter)}）无处可切换，也没有理由",
                    "在条件、任务等处用上（by_reading、under、otherwise），或在 fixed 中写明不能切换的理由",
                    f"编入，或写 fixed: {{{letter}: 一句理由}}",
                )
            elif switched and letter in reading.fixed:
                yield Finding(
                    source.place(("readings", reading.id, "fixed", letter)),
                    "reading-both",
                    f"读法“{reading.id}”的另读 {letter} 已可切换，又写了不能切换的理由",
                    "可切换的不写 fixed",
                    "删去这条理由",
                )
