"""Level badges and ladders: colour, shape, numeral and word together, so that none of them is needed alone (ISO 22324)."""

from __future__ import annotations

from collections.abc import Mapping

from api.console import texts
from api.console.markup import Child, Markup, join, tag
from api.documents.level_mark import MARKS, Mark, level_name, mark_words, short_name
from engine.plan.condition import Level
from engine.plan.model import Scale

__all__ = ["MARKS", "Mark", "badge", "ladder", "level_name", "short_name"]


def badge(scale: Scale, level: Level, size: str = "") -> Markup:
    """The level as a badge; levels without a standard colour (乡镇级) are plain and carry their word."""
    if level is None:
        return tag("span", tag("span", texts.DASH, aria_hidden="true"), " ", texts.NO_LEVEL, class_=f"badge none {size}")
    mark = MARKS.get(level)
    if mark is None:
        return tag("span", scale.name(level), class_=f"badge plain {size}")
    shape = tag("span", mark.shape, aria_hidden="true")
    return tag("span", shape, " ", mark_words(scale, level, mark), class_=f"badge {mark.colour} {size}")


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
