"""What the sweep screen says: the map, how many cases, where something changes, both readings side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.console.badge import badge
from api.console.markup import EMPTY, Child, Markup, join, tag
from api.console.parts.words import clause
from api.documents.level_map import drawing, figure
from api.documents.map_lines import map_title
from api.documents.sweep_page import contingency, possible_words, share
from engine.contract.sweep import Swept, example_word, held_word, rest_word, side_word
from engine.contract.sweep_map import ranks_word, threshold_word
from engine.drill.sweeps.level_map import LevelMap
from engine.drill.sweeps.sweep_change import Course
from engine.plan.model import Scale

MOST_MAPS = 3
MAIN, ASIDE = (488.0, 372.0), (314.0, 250.0)
"""Sizes of the drawings at the smallest window, so that their text is as large as the page's."""
MOST_EXAMPLES = 8


def maps(swept: Swept) -> Markup:
    """The maps, one a scale; without a second indicator the course of the one."""
    if not swept.maps:
        words = "在这个范围内级别不变。" if swept.order.drawn_over is not None else "只变一个指标：见下面在哪里变。"
        return tag("p", words, class_="nothing")
    parts: list[Child] = []
    for n, (drawn, other) in enumerate(swept.maps[:MOST_MAPS]):
        scale = drawn.plan.scales[drawn.scale]
        side = "甲" if other is not None else None
        parts += [
            tag("h2", map_title(scale), tag("small", f"　{side}") if side else None, class_="title"),
            figure(drawn, f"m{n}", MAIN),
        ]
    return join(parts)


def course(swept: Swept, one: Course) -> Markup:
    """Where levels, signers and duties change along one indicator."""
    held = held_word(swept.sweep, one.held)
    title = tag("h2", f"沿{one.variable.label}", tag("small", f"　{held}") if held else None, class_="title")
    if not one.turns:
        return tag("section", title, tag("p", "从头到尾没有变化", class_="aside"), class_="panel")
    rows = []
    for turn in one.turns:
        levels: list[Child] = []
        for scale_id in turn.scales:
            scale = swept.plan.scales[scale_id]
            ranks = turn.after.found[scale_id][0]
            more = ranks_word(scale, ranks).partition("，")[2]
            cited = (clause(swept.plan.id, name) for name in turn.clauses(scale_id))
            levels.append(
                tag(
                    "div",
                    f"{scale.short} ",
                    badge(scale, scale.level_at(ranks[0]), "small"),
                    f" {more} " if more else " ",
                    join(cited, " "),
                )
            )
        posts: list[Child] = [
            tag("div", f"{swept.plan.scales[key].short}：", tag("b", "或".join(turn.after.signers[key]) or "不须签发"))
            for key in turn.signing
        ]
        duties = "，".join(f"{word} {len(listed)} 项" for word, listed in (("增", turn.added), ("减", turn.removed)) if listed)
        rows.append(
            tag(
                "tr",
                tag("td", threshold_word(one.variable, turn.after.where), class_="where"),
                tag("td", *(levels or ["不变"])),
                tag("td", *(posts or ["不变"])),
                tag("td", duties or "不变"),
            )
        )
    heads = ("从这里起", "级别", "签发人", "任务")
    table = tag(
        "table",
        tag("thead", tag("tr", *(tag("th", one, scope="col") for one in heads))),
        tag("tbody", *rows),
        class_="sweep-turns",
    )
    return tag("section", title, table, class_="panel")


def counts(swept: Swept) -> Markup:
    """How many cases come to what."""
    tally = swept.tally
    parts: list[Child] = [tag("p", f"全部组合 {tally.cases:,} 例；{rest_word(swept.order)}", class_="aside")]
    for key in swept.sweep.scales:
        scale = swept.plan.scales[key]
        found = tally.by_possible(key)
        if len(found) < 2 and len(swept.sweep.scales) > 2:
            continue
        rows = (
            tag(
                "tr",
                tag("td", badge(scale, scale.level_at(ranks[0]), "small"), _still(scale, ranks)),
                tag("td", f"{count:,}"),
                tag("td", share(count, tally.cases)),
            )
            for ranks, count in found.items()
        )
        head = tag("tr", *(tag("th", one, scope="col") for one in (scale.short, "例数", "占比")))
        parts.append(tag("table", tag("thead", head), tag("tbody", *rows), class_="sweep-counts"))
    return join(parts)


def _still(scale: Scale, ranks: tuple[int, ...]) -> Markup:
    more = possible_words(scale, ranks).partition("，")[2]
    return tag("small", f" {more}") if more else EMPTY


def comparison(swept: Swept) -> Markup:
    """The other side: its maps, how many cases differ, the smallest examples, and whether the current point changes."""
    contrast, against = swept.contrast, swept.order.against
    if contrast is None or against is None:
        return tag("p", "选另一种读法、版本或预案，两边并排比较：级别图、多少例不同、最小的例子。", class_="nothing")
    parts: list[Child] = []
    if against.plan.digest != swept.plan.digest:
        parts += [tag("p", f"甲 {side_word(swept.sweep)}"), tag("p", f"乙 {side_word(against)}")]
    else:
        parts += _readings(swept, swept.sweep.choices, against.choices)
    for n, (drawn, other) in enumerate(swept.maps[:MOST_MAPS]):
        if other is not None:
            parts += [
                _at_point(drawn, other),
                tag("h3", f"乙：{drawn.plan.scales[drawn.scale].short}"),
                drawing(other, f"o{n}", ASIDE),
            ]
    for key in contrast.pairs:
        one, two = swept.plan.scales[key], against.plan.scales[key]
        differing, possible = contrast.differing(key), contrast.differing_in_possible(key)
        if not differing and not possible:
            parts.append(tag("p", f"{one.short}：两边处处相同", class_="aside"))
            continue
        words = f"{one.short}：级别不同 {differing:,} 例（{share(differing, contrast.cases)}）" + (
            f"，只是可能的级别不同 {possible:,} 例" if possible else ""
        )
        parts.append(tag("h3", words))
        if differing:
            parts.append(contingency(one, two, contrast.table(key)))
    listed = swept.examples[:MOST_EXAMPLES]
    if listed:
        items = (
            tag(
                "li", tag("div", example_word(swept.order, one)),
                tag("div", "甲 ", badge(swept.plan.scales[one.scale], one.levels[0], "small"), " 乙 ", badge(against.plan.scales[one.scale], one.levels[1], "small"),
                    tag("small", " 只是可能的级别不同") if one.levels[0] == one.levels[1] else None),
            )
            for one in listed
        )  # fmt: skip
        parts += [tag("h3", "最小的例子"), tag("ul", *items, class_="examples")]
    return join(parts)


def _readings(swept: Swept, one: Mapping[str, str], two: Mapping[str, str]) -> Iterator[Markup]:
    """The readings that are otherwise on the other side."""
    for key in dict.fromkeys((*one, *two)):
        now, then = one.get(key, "chosen"), two.get(key, "chosen")
        if now != then:
            reading = swept.plan.readings[key]
            yield tag("p", tag("b", f"{key} "), reading.question, " ", clause(swept.plan.id, reading.clause))
            yield tag("p", f"甲 {reading.words(now)}；乙 {reading.words(then)}")


def _at_point(drawn: LevelMap, other: LevelMap) -> Markup | None:
    """Whether the reading changes what holds at the current point."""
    if drawn.at_point is None or other.at_point is None:
        return None
    scale = drawn.plan.scales[drawn.scale]
    now, then = drawn.cell(*drawn.at_point)[0], other.cell(*other.at_point)[0]
    if now == then:
        return tag("p", f"现在这一点不变：{scale.short} {ranks_word(scale, now)}")
    words = f"现在这一点会变：{scale.short} {ranks_word(scale, now)} → {ranks_word(scale, then)}"
    return tag("p", words, class_="changes-here")
