"""How a level looks wherever it is shown: colour, shape and numeral together, so that none of them is needed alone (ISO 22324)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from engine.plan.condition import Level
from engine.plan.model import Scale
from engine.plan.words import NO_LEVEL, level_word


@dataclass(frozen=True, slots=True)
class Mark:
    """How the levels of one severity look: filled and open shape, numeral, CSS class."""

    shape: str
    hollow: str
    numeral: str
    colour: str


BLUE = Mark("●", "○", "Ⅳ", "blue")
YELLOW = Mark("◆", "◇", "Ⅲ", "yellow")
ORANGE = Mark("▲", "△", "Ⅱ", "orange")
RED = Mark("■", "□", "Ⅰ", "red")
MARKS: Mapping[str, Mark] = {
    "IV": BLUE, "III": YELLOW, "II": ORANGE, "I": RED,
    "blue": BLUE, "yellow": YELLOW, "orange": ORANGE, "red": RED,
}  # fmt: skip


def mark_words(scale: Scale, level: str, mark: Mark) -> str:
    """“Ⅲ 较大”, “Ⅲ 黄色”; “Ⅳ级” alone where the plan's name is the numeral itself."""
    return f"{mark.numeral}级" if is_numeral(scale, level, mark) else f"{mark.numeral} {scale.name(level)}"


def is_numeral(scale: Scale, level: str, mark: Mark) -> bool:
    """Whether the plan's name says no more than the numeral, in whatever letters (Ⅳ级, IV级)."""
    return unicodedata.normalize("NFKC", scale.name(level)) == unicodedata.normalize("NFKC", f"{mark.numeral}级")


def level_name(scale: Scale, level: Level) -> str:
    """The level in a sentence."""
    mark = MARKS.get(level or "")
    return f"{mark.numeral}级" if level and mark and is_numeral(scale, level, mark) else level_word(scale, level)


def short_name(scale: Scale, level: str) -> str:
    """The numeral, or the plan's word where there is none."""
    mark = MARKS.get(level)
    return mark.numeral if mark else scale.name(level)


def marked_words(scale: Scale, level: Level) -> str:
    """Shape, numeral and name in one text: “◆ Ⅲ 较大”."""
    if level is None:
        return f"— {NO_LEVEL}"
    mark = MARKS.get(level)
    return scale.name(level) if mark is None else f"{mark.shape} {mark_words(scale, level, mark)}"
