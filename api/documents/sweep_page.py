"""A sweep as a page that stands alone: what was varied, counts, level maps, where something changes, both sides compared. Prints on A4."""

from __future__ import annotations

from collections.abc import Iterator

from api.documents.level_map import figure
from api.documents.level_map_style import MAP_STYLE
from api.documents.level_mark import marked_words, short_name
from api.documents.map_lines import map_title
from api.documents.markup import Child, Markup, join, tag
from api.documents.page import facts, page, table
from engine.contract.sweep import Swept, example_word, fixed_data, held_word, rest_word, side_word, varied_data
from engine.contract.sweep_map import threshold_word
from engine.drill.sweeps.level_map import LevelMap
from engine.drill.sweeps.sweep import Tally
from engine.drill.sweeps.sweep_change import Course, Turn
from engine.plan.model import Scale
from engine.trigger.facts import CHINA

SWEEP = "情景扫描"
MOST_CLAUSES = 30
MOST_DUTIES = 6
"""Duties of a turn that are named; the others are counted."""
STYLE = f"""{MAP_STYLE}
.bar{{height:11px;min-width:190px;border:1px solid #333;background:#fff}}.bar span{{display:block;height:100%;background:repeating-linear-gradient(90deg,#333 0 2px,#999 2px 4px)}}
td.same{{background:#eee}}.two{{display:grid;grid-template-columns:1fr 1fr;gap:6mm}}
.chip{{border:1px solid #333;border-radius:3px;padding:0 5px;white-space:nowrap}}.signing{{font-weight:700}}
@media (max-width:640px){{.two{{grid-template-columns:1fr}}}}
"""


def sweep_page(swept: Swept) -> str:
    """The whole document."""
    sweep = swept.sweep
    body: list[Child] = [_head(swept)]
    for n, (drawn, other) in enumerate(swept.maps):
        body += [tag("h2", map_title(_scale(drawn))), _maps(swept, n, drawn, other)]
    body.append(tag("h2", "各级多少例"))
    body += [counts(swept.plan.scales[scale], swept.tally) for scale in sweep.scales]
    body += _comparison(swept)
    body.append(tag("h2", "在哪里变"))
    body += [_course(swept, one) for one in swept.courses]
    body.append(tag("footer", f"《{swept.plan.title}》版本 {swept.plan.digest}；例数 {swept.tally.cases:,}，种子 {sweep.seed}"))
    return page(f"{SWEEP}：{swept.plan.title}", *body, style=STYLE)


def _head(swept: Swept) -> Markup:
    sweep = swept.sweep
    varied = [
        tag("div", f"{one['label']}：{one['words']}" + (f"；其中未知 {one['unknown']:.0%}" if one["unknown"] else ""))
        for one in varied_data(sweep)
    ]
    fixed = "；".join(f"{one['label']}：{one['words']}" for one in fixed_data(sweep, swept.order))
    how = (
        f"随机抽取 {swept.tally.cases:,} 例，种子 {sweep.seed}"
        if sweep.drawn is not None
        else f"全部组合 {swept.tally.cases:,} 例"
    )
    return facts(
        [
            ("预案", side_word(sweep)),
            ("对比", None if swept.order.against is None else side_word(swept.order.against)),
            ("变动", join(varied)),
            ("固定", fixed or None),
            ("其余", rest_word(swept.order).removeprefix("其余")),
            ("例数", how),
            ("时刻", None if sweep.at is None else f"{sweep.at.astimezone(CHINA):%Y-%m-%d %H:%M}"),
        ]
    )


def _maps(swept: Swept, n: int, drawn: LevelMap, other: LevelMap | None) -> Markup:
    held = held_word(swept.sweep, drawn.held)
    above = tag("p", f"其他变动的指标：{held}", class_="small") if held else None
    if other is None or swept.order.against is None:
        return tag("div", above, figure(drawn, f"map-{n}"))
    sides = zip((swept.sweep, swept.order.against), (drawn, other), ("甲", "乙"), strict=True)
    return tag(
        "div",
        above,
        *(
            tag("div", tag("h3", f"{mark}：{side_word(side)}"), figure(one, f"map-{n}-{place}"))
            for place, (side, one, mark) in enumerate(sides)
        ),
    )


def _scale(drawn: LevelMap) -> Scale:
    return drawn.plan.scales[drawn.scale]


def counts(scale: Scale, tally: Tally) -> Markup:
    """Cases of a scale by level, by what is still possible where that is more, and by the clauses that decide."""
    total = tally.cases
    by_possible = tally.by_possible(scale.id)
    parts: list[Child] = [
        tag("h3", f"{scale.short}"),
        table(
            ("确立的级别", "例数", "占比", ""),
            (
                (marked_words(scale, scale.level_at(rank)), f"{count:,}", share(count, total), _bar(count, total))
                for rank, count in tally.by_level(scale.id).items()
            ),
            numbers=(1, 2),
            narrow=(0,),
        ),
    ]
    if any(len(ranks) > 1 for ranks in by_possible):
        rows = ((possible_words(scale, ranks), f"{count:,}", share(count, total)) for ranks, count in by_possible.items())
        parts.append(table(("确立的级别，和还可能的级别", "例数", "占比"), rows, numbers=(1, 2)))
    clauses = [(key, count) for key, count in tally.by_clause(scale.id).items() if key[0]]
    if clauses:
        ordered = sorted(clauses, key=lambda one: -one[1])[:MOST_CLAUSES]
        listed = (
            (marked_words(scale, scale.level_at(rank)), "、".join(names), f"{count:,}", share(count, total))
            for (rank, names), count in ordered
        )
        parts.append(table(("级别", "由哪些条款确立", "例数", "占比"), listed, numbers=(2, 3), narrow=(0,)))
    return tag("section", *parts)


def share(count: int, total: int) -> str:
    """A share of the cases; very small ones are not written as nothing."""
    part = count / total if total else 0.0
    return "不到 0.01%" if 0 < part < 0.0001 else f"{part:.2%}"


def _bar(count: int, total: int) -> Markup:
    filled = tag("span", style=f"width:{100 * count / total if total else 0:.2f}%")
    return tag("div", filled, class_="bar", aria_hidden="true")


def possible_words(scale: Scale, ranks: tuple[int, ...]) -> str:
    """“▲ Ⅱ 橙色，可能 Ⅰ”."""
    low = marked_words(scale, scale.level_at(ranks[0]))
    return low + (
        f"，可能 {'、'.join(short_name(scale, scale.levels[rank - 1]) for rank in ranks[1:])}" if len(ranks) > 1 else ""
    )


def _comparison(swept: Swept) -> Iterator[Markup]:
    contrast, against = swept.contrast, swept.order.against
    if contrast is None or against is None:
        return
    yield tag("h2", "两边对比")
    yield facts([("甲", side_word(swept.sweep)), ("乙", side_word(against))])
    for scale_id in contrast.pairs:
        one, two = swept.plan.scales[scale_id], against.plan.scales[scale_id]
        differing, possible = contrast.differing(scale_id), contrast.differing_in_possible(scale_id)
        words = f"级别不同 {differing:,} 例（{share(differing, contrast.cases)}）" if differing else "级别都相同"
        words += f"；级别相同而还可能的级别不同 {possible:,} 例" if possible else ""
        yield tag("h3", one.short, " ", tag("small", words))
        if differing:
            yield contingency(one, two, contrast.table(scale_id))
    if swept.examples:
        yield tag("h3", "每种差别的最小例子（逐一单独研判核对过；缺一不可，再小就没有差别）")
        yield table(
            ("等级", "事实", "甲", "乙"),
            (
                (
                    swept.plan.scales[one.scale].short, example_word(swept.order, one),
                    _said(swept.plan.scales[one.scale], one.levels[0], one.possible[0], one.clauses[0]),
                    _said(against.plan.scales[one.scale], one.levels[1], one.possible[1], one.clauses[1]),
                )
                for one in swept.examples
            ),
            narrow=(0,),
        )  # fmt: skip


def _said(scale: Scale, level: str | None, possible: tuple[str | None, ...], clauses: tuple[str, ...]) -> str:
    more = [short_name(scale, one) for one in possible if one is not None and one != level]
    return (
        marked_words(scale, level)
        + (f"，可能 {'、'.join(more)}" if more else "")
        + (f"（{'、'.join(clauses)}）" if clauses else "")
    )


def contingency(one: Scale, two: Scale, counted: dict[tuple[int, int], int]) -> Markup:
    """Cases by the level on one side (rows) and on the other (columns)."""
    rows = sorted({pair[0] for pair in counted})
    columns = sorted({pair[1] for pair in counted})
    head = ("甲 ＼ 乙", *(marked_words(two, two.level_at(rank)) for rank in columns))
    lines = [
        tag(
            "tr",
            tag("th", marked_words(one, one.level_at(row)), scope="row"),
            *(
                tag("td", f"{counted.get((row, column), 0):,}", class_="number same" if row == column else "number")
                for column in columns
            ),
        )
        for row in rows
    ]
    return tag(
        "table",
        tag("thead", tag("tr", *(tag("th", words, scope="col") for words in head))),
        tag("tbody", *lines),
        class_="contingency",
    )


def _course(swept: Swept, one: Course) -> Markup:
    held = held_word(swept.sweep, one.held)
    title = tag("h3", f"沿{one.variable.label}", tag("small", f"　{held}") if held else None)
    if not one.turns:
        return tag("section", title, tag("p", "从头到尾没有变化"))
    rows = (
        (threshold_word(one.variable, turn.after.where), _levels(swept, turn), _signers(swept, turn), _duties(turn))
        for turn in one.turns
    )
    return tag("section", title, table(("从这里起", "级别", "签发人", "任务"), rows, narrow=(0,)))


def _levels(swept: Swept, turn: Turn) -> Markup:
    found = []
    for scale_id in turn.scales:
        scale = swept.plan.scales[scale_id]
        before, after = (possible_words(scale, side.found[scale_id][0]) for side in (turn.before, turn.after))
        clauses = "、".join(turn.clauses(scale_id))
        found.append(tag("div", f"{scale.short}：{before} → {after}" + (f"（{clauses}）" if clauses else "")))
    return join(found) or Markup("不变")


def _signers(swept: Swept, turn: Turn) -> Markup:
    found = [
        tag(
            "div",
            f"{swept.plan.scales[scale].short}：{'或'.join(turn.before.signers[scale]) or '不须签发'}"
            f" → {'或'.join(turn.after.signers[scale]) or '不须签发'}",
        )
        for scale in turn.signing
    ]
    return join(found) or Markup("不变")


def _duties(turn: Turn) -> Markup:
    found: list[Markup] = []
    for word, listed in (("增", turn.added), ("减", turn.removed)):
        if listed:
            named = [
                tag("div", f"{one.duty.unit or '（未写明）'}：{one.duty.action}（{one.duty.clause}）")
                for one in listed[:MOST_DUTIES]
            ]
            more = f"等 {len(listed)} 项" if len(listed) > MOST_DUTIES else f"{len(listed)} 项"
            found.append(tag("div", tag("b", f"{word} {more}"), *named))
    return join(found) or Markup("不变")
