"""The readings that a scale rests on: those that hold its level up first, and what each alternative would make of it."""

from __future__ import annotations

from api.console.markup import Child, Markup, join, tag
from api.console.parts.words import clause
from engine.assess import Assessment
from engine.explain import ReadingEffect, reading_effects, readings_used
from engine.plan.model import Reading, Scale
from engine.plan.words import level_word


def readings_of(assessment: Assessment, scale: Scale) -> Markup:
    """Each reading in a fold; its clause and alternatives inside."""
    holding = {name for chain in assessment.grounds[scale.id] for trigger in chain for name in trigger.readings}
    effects = [one for one in reading_effects(assessment) if one.possible[scale.id] != assessment.possible[scale.id]]
    deciding = {one.reading for one in effects}
    used = sorted(readings_used(assessment, scale.id), key=lambda name: (name not in deciding, name not in holding))
    if not used:
        return tag("p", "不依赖任何有分歧的条款", class_="aside")
    rows = (
        _row(assessment, scale, assessment.plan.readings[name], [one for one in effects if one.reading == name], name in holding)
        for name in used
    )
    words = f"其中 {len(deciding)} 条换一种读法，级别就不同" if deciding else "换读法，级别都不变"
    return join((tag("h3", f"所依的条款解释 {len(used)} ", tag("small", words)), *rows))


def _row(assessment: Assessment, scale: Scale, reading: Reading, effects: list[ReadingEffect], holds: bool) -> Markup:
    by_letter = {one.alternative: one for one in effects}
    lines: list[Child] = [
        tag("p", tag("span", "在用", class_="label"), reading.chosen, " ", clause(assessment.plan.id, reading.clause))
    ]
    for letter in reading.letters:
        effect = by_letter.get(letter)
        lines.append(
            tag(
                "p",
                tag("span", f"另读 {letter}", class_="label"),
                reading.words(letter),
                None if effect is None else tag("b", f"　→ {_words(scale, effect)}"),
            )
        )
    if reading.because:
        lines.append(tag("p", reading.because, class_="aside"))
    marked = tag("small", "换读法级别不同", class_="chip") if effects else None
    return tag(
        "details",
        tag("summary", tag("span", reading.id, class_="id"), reading.question, " ", marked),
        *lines,
        class_="held" if holds else None,
        data_key=f"reading-{reading.id}",
    )


def _words(scale: Scale, effect: ReadingEffect) -> str:
    """The level under an alternative, and what would still be possible."""
    level = effect.levels[scale.id]
    rest = [level_word(scale, one) for one in effect.possible[scale.id] if one != level]
    return level_word(scale, level) + (f"，还可能 {'、'.join(rest)}" if rest else "")
