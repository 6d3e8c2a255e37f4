"""A sweep on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from api.documents.level_mark import marked_words
from api.documents.map_lines import lines, map_title
from api.documents.sweep_page import possible_words, share
from api.screen import make_table
from engine.contract.sweep import Swept, example_word, fixed_data, held_word, rest_word, side_word, varied_data
from engine.contract.sweep_map import threshold_word
from engine.drill.sweeps.level_map import LevelMap
from engine.drill.sweeps.sweep import Tally
from engine.drill.sweeps.sweep_change import Course
from engine.plan.model import Scale

out = Console(highlight=False)
MOST_ROWS = 40
MOST_CELLS = 14
MOST_LINES = 20


def show(swept: Swept) -> None:
    """Everything in tables, the mark of drills first."""
    sweep = swept.sweep
    out.print(f"[bold]\\[推演] 情景扫描[/]  {escape(side_word(sweep))}")
    for one in varied_data(sweep):
        share_unknown = f"，未知 {one['unknown']:.0%}" if one["unknown"] else ""
        out.print(f"变动  {one['label']}：{escape(one['words'])}{share_unknown}")
    fixed = "；".join(f"{one['label']} {one['words']}" for one in fixed_data(sweep, swept.order))
    out.print(f"固定  {escape(fixed) or '无'}；{rest_word(swept.order)}")
    how = f"，种子 {sweep.seed}" if sweep.drawn is not None else "（全部组合）"
    out.print(f"例数  {swept.tally.cases:,}{how}")
    for scale in sweep.scales:
        _counts(swept.plan.scales[scale], swept.tally)
    for drawn, other in swept.maps:
        _map(drawn, "甲" if other is not None else "")
        if other is not None:
            _map(other, "乙")
    for along in swept.courses:
        _course(swept, along)
    _comparison(swept)


def _counts(scale: Scale, tally: Tally) -> None:
    table = make_table("级别", "例数", "占比", title=scale.short, title_justify="left")
    table.columns[1].justify = table.columns[2].justify = "right"
    for ranks, count in tally.by_possible(scale.id).items():
        table.add_row(possible_words(scale, ranks), f"{count:,}", share(count, tally.cases))
    out.print(table)


def _map(drawn: LevelMap, side: str) -> None:
    """The cells as a table, the second indicator upwards; of a map with very many cells only the lines."""
    scale = drawn.plan.scales[drawn.scale]
    name = f"{side}{map_title(scale)}：横轴{drawn.first.label}，纵轴{drawn.second.label}"
    if len(drawn.columns) <= MOST_CELLS and len(drawn.rows) <= MOST_ROWS:
        table = make_table(
            "", *(one.words(drawn.first) for one in drawn.columns), title=name, title_justify="left", show_lines=True
        )
        for n in range(len(drawn.rows) - 1, -1, -1):
            said = [possible_words(scale, found[0]) for found in drawn.cells[n]]
            marks = [f"[bold reverse] {words} [/]" if drawn.at_point == (at, n) else words for at, words in enumerate(said)]
            table.add_row(drawn.rows[n].words(drawn.second), *marks)
        out.print(table)
    else:
        out.print(f"[bold]{name}[/]（格子太多，不画；写 --out 图.html）")
    listed = list(lines(drawn))
    for line in listed[:MOST_LINES]:
        out.print(
            f"  {escape(line.where)}  [dim]{escape('、'.join(line.clauses))}[/]"
            + "".join(f"  [bold]{escape(one)}[/]" for one in line.signing)
        )
    if len(listed) > MOST_LINES:
        out.print(f"  [dim]另有 {len(listed) - MOST_LINES} 条界线[/]")


def _course(swept: Swept, one: Course) -> None:
    held = held_word(swept.sweep, one.held)
    title = f"沿{one.variable.label}" + (f"（{held}）" if held else "")
    if not one.turns:
        out.print(f"[bold]{escape(title)}[/]：从头到尾没有变化")
        return
    table = make_table("从这里起", "级别", "签发人", "任务", title=escape(title), title_justify="left")
    for turn in one.turns:
        levels, posts = [], []
        for scale_id in turn.scales:
            scale = swept.plan.scales[scale_id]
            clauses = "、".join(turn.clauses(scale_id))
            levels.append(
                f"{scale.short} {possible_words(scale, turn.after.found[scale_id][0])}" + (f"（{clauses}）" if clauses else "")
            )
        for scale_id in turn.signing:
            posts.append(f"{swept.plan.scales[scale_id].short} {'或'.join(turn.after.signers[scale_id]) or '不须签发'}")
        duties = "，".join(f"{word} {len(listed)} 项" for word, listed in (("增", turn.added), ("减", turn.removed)) if listed)
        table.add_row(
            threshold_word(one.variable, turn.after.where),
            escape("\n".join(levels)) or "不变",
            escape("\n".join(posts)) or "不变",
            duties or "不变",
        )
    out.print(table)


def _comparison(swept: Swept) -> None:
    contrast, against = swept.contrast, swept.order.against
    if contrast is None or against is None:
        return
    out.print(f"[bold]甲[/] {escape(side_word(swept.sweep))}")
    out.print(f"[bold]乙[/] {escape(side_word(against))}")
    for key in contrast.pairs:
        one, two = swept.plan.scales[key], against.plan.scales[key]
        counted = contrast.table(key)
        columns = sorted({pair[1] for pair in counted})
        title = f"{one.short}：级别不同 {contrast.differing(key):,} 例，只是还可能的级别不同 {contrast.differing_in_possible(key):,} 例"
        table = make_table(
            "甲 ＼ 乙", *(marked_words(two, two.level_at(rank)) for rank in columns), title=title, title_justify="left"
        )
        for row in sorted({pair[0] for pair in counted}):
            cells = (f"{counted.get((row, column), 0):,}" for column in columns)
            table.add_row(marked_words(one, one.level_at(row)), *cells)
        out.print(table)
    for example in swept.examples:
        one, two = swept.plan.scales[example.scale], against.plan.scales[example.scale]
        out.print(
            f"最小例子  {one.short}：{escape(example_word(swept.order, example))} → "
            f"甲 {marked_words(one, example.levels[0])}，乙 {marked_words(two, example.levels[1])}"
        )
