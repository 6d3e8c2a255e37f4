"""Level badges and ladders: colour, shape, numeral and word together, so that none of them is needed alone (ISO 22324)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from api.console import texts
from api.console.markup import Child, Markup, join, tag
from engine.plan.condition import Level
from engine.plan.model import Scale
from engine.plan.words import level_word


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


def badge(scale: Scale, level: Level, size: str = "") -> Markup:
    """The level as a badge; levels without a standard colour (乡镇级) are plain and carry their word."""
    if level is None:
        return tag("span", tag("span", texts.DASH, aria_hidden="true"), " ", texts.NO_LEVEL, class_=f"badge none {size}")
    mark = MARKS.get(level)
    if mark is None:
        return tag("span", scale.name(level), class_=f"badge plain {size}")
    shape = tag("span", mark.shape, aria_hidden="true")
    return tag("span", shape, " ", _words(scale, level, mark), class_=f"badge {mark.colour} {size}")


def _words(scale: Scale, level: str, mark: Mark) -> str:
    """“Ⅲ 较大”, “Ⅲ 黄色”; “Ⅳ级” alone where the plan's name is the numeral itself."""
    return f"{mark.numeral}级" if _is_numeral(scale, level, mark) else f"{mark.numeral} {scale.name(level)}"


def _is_numeral(scale: Scale, level: str, mark: Mark) -> bool:
    """Whether the plan's name says no more than the numeral, in whatever letters (Ⅳ级, IV级)."""
    return unicodedata.normalize("NFKC", scale.name(level)) == unicodedata.normalize("NFKC", f"{mark.numeral}级")


def level_name(scale: Scale, level: Level) -> str:
    """The level in a sentence."""
    mark = MARKS.get(level or "")
    return f"{mark.numeral}级" if level and mark and _is_numeral(scale, level, mark) else level_word(scale, level)


def short_name(scale: Scale, level: str) -> str:
    """The numeral, or the plan's word where there is none."""
    mark = MARKS.get(level)
    return mark.numeral if mark else scale.name(level)


def ladder(scale: Scale, states: Mapping[str, str], *, words: bool = True) -> Markup:
    """Every level in its fixed order, low to high: reached, hatched 可能, or ruled out. `states` as `engine.explain.level_states`."""
    return tag("span", *(_rung(scale, level, states[level], words=words) for level in scale.levels), class_="ladder")


def _rung(scale: Scale, level: str, state: str, *, words: bool) -> Markup:
    mark = MARKS.get(level)
    colour = mark.colour if mark and state == "established" else "" if mark else "plain"
    shape: Child = None
    if mark and words and state in ("established", "possible"):
        shape = tag("span", mark.shape if state == "established" else mark.hollow, aria_hidden="true")
    maybe = tag("span", texts.POSSIBLE, class_="maybe") if words and state == "possible" else None
    label = texts.LEVEL_STATE.format(level=level_name(scale, level), state=texts.STATES[state])
    inner = tag("span", join((shape, short_name(scale, level), maybe)), aria_hidden="true")
    return tag("span", inner, tag("span", label, class_="unseen"), class_=f"rung {state} {colour}", title=label)
