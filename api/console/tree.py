"""Reasons as nested lists: each condition with its mark, the fact, how far it is from its bound, and the clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.console import texts
from api.console.badge import badge
from api.console.markup import EMPTY, Child, Markup, join, tag
from api.console.names import short_label
from engine.assess import Assessment
from engine.explain import reason_of
from engine.plan.condition import All, Any, Condition, Not, ScaleIs, parts_of, resolve
from engine.plan.measure import words
from engine.plan.model import Trigger
from engine.plan.words import UNKNOWN
from engine.trigger.reason import Reason
from engine.trigger.truth import Truth

FEW = 2


def unknown_plate(words_: str) -> Markup:
    """The one look of everything unknown: dashed, hatched, in words."""
    return tag("span", tag("span", words_, class_="plate"), class_="unknown")


def clause(text: str | None) -> Markup:
    return tag("button", text, class_="clause", type="button", data_clause=text, title=texts.CLAUSE) if text else EMPTY


def mark(truth: Truth) -> Markup:
    """✓, ✗ or ?, with the word for those who do not see it."""
    return tag("span", texts.TRUTHS[truth], class_=f"mark is-{truth}", role="img", aria_label=texts.TRUTH_WORDS[truth])


def level_tree(assessment: Assessment, triggers: Sequence[Trigger], folds: Folds) -> Markup:
    """The triggers of a level, of which any one is enough; those nearest to holding first."""
    order = {Truth.HELD: 0, Truth.UNKNOWN: 1, Truth.FAILED: 2}
    ranked = sorted(((reason_of(assessment, one), one) for one in triggers), key=lambda pair: order[pair[0].truth])
    draw = _Drawing(assessment, folds, alone=len(triggers) <= FEW)
    return join(
        tag("ul", draw.node(reason, resolve(one.condition, dict(assessment.choices))), class_="tree") for reason, one in ranked
    )


@dataclass(frozen=True, slots=True)
class Folds:
    """What the officer unfolded and folded; the rest is as the page has it."""

    unfolded: frozenset[str]
    folded: frozenset[str]

    def is_open(self, key: str, default: bool) -> bool:
        return key in self.unfolded or (default and key not in self.folded)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """`alone`: so few triggers that what they rest on is unfolded at once."""

    assessment: Assessment
    folds: Folds
    alone: bool

    def node(self, reason: Reason, condition: Condition) -> Markup:
        parts = parts_of(condition)
        if reason.parts and len(reason.parts) == len(parts):
            head = tag("span", _kind(condition), class_="kind")
            inner = tag("ul", *(self.node(one, part) for one, part in zip(reason.parts, parts, strict=True)))
            return tag("li", _row(reason, head, None), inner)
        return tag("li", _row(reason, reason.text, _fact(reason)), _areas(reason), self._below(condition))

    def _below(self, condition: Condition) -> Markup:
        """Of a level of another scale: what that level asks for, the lowest one that would do unfolded."""
        if not isinstance(condition, ScaleIs):
            return EMPTY
        scale = self.assessment.plan.scales[condition.scale]
        levels = [level for level in scale.levels if level in condition.levels and scale.triggers.get(level)]
        rows = []
        for n, level in enumerate(levels):
            key = f"below-{scale.id}-{level}"
            summary = tag("summary", badge(scale, level, "small"), tag("span", short_label(scale.label), class_="state"))
            triggers = level_tree(self.assessment, scale.triggers[level], self.folds)
            rows.append(tag("details", summary, triggers, data_key=key, open=self.folds.is_open(key, self.alone and n == 0)))
        return tag("div", *rows, class_="nested") if rows else EMPTY


def _row(reason: Reason, text: Child, fact: Child) -> Markup:
    return tag(
        "span", mark(reason.truth), tag("span", text, class_="text"), fact, clause(reason.clause), class_=f"row is-{reason.truth}"
    )


def _kind(condition: Condition) -> str:
    match condition:
        case All():
            return texts.ALL_TOGETHER
        case Any():
            return texts.ANY_OF
        case Not():
            return texts.NOT_THAT
        case _:
            return texts.EACH_AREA


def _fact(reason: Reason) -> Markup:
    """The value beside its bound: “现 6人 差4人”; what is unknown is hatched, with why."""
    if reason.unknown is not None and reason.fact in (None, texts.UNKNOWN):
        return unknown_plate(texts.FACT_UNKNOWN.format(why=UNKNOWN[reason.unknown]))
    if reason.fact is None:
        return EMPTY
    source = None
    if reason.mark is not None and reason.mark.source:
        source = tag("span", reason.mark.source, class_="source")
    value = tag("b", reason.fact) if reason.unknown is None else unknown_plate(reason.fact)
    return tag("span", value, _margin(reason), source, class_="value")


def _margin(reason: Reason) -> Markup:
    if reason.margin is None:
        return EMPTY
    amount = words(round(abs(reason.margin), 9), reason.unit or "1")
    if reason.margin:
        text = (texts.SPARE if reason.truth is Truth.HELD else texts.SHORT).format(amount=amount)
    else:
        text = texts.EXACT if reason.truth is Truth.HELD else texts.ON_BOUND
    return tag("span", text, class_="margin")


def _areas(reason: Reason) -> Markup:
    if reason.areas is None:
        return EMPTY
    return tag("span", *(tag("span", mark(truth), area) for area, truth in reason.areas.items()), class_="areas")
