"""What the command line prints for people: tables, reason trees, the next question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column
from rich.table import Table as RichTable
from rich.tree import Tree

from engine.assess import Assessment
from engine.counterfactual import distances, questions, ways_out
from engine.duty.by_unit import Clash, MergedDuty, UnitDuty, levels_word
from engine.duty.duties import DutyInForce, acts_at, duties_at
from engine.duty.effects import DutyEffect
from engine.explain import LevelReasons, merged_spells, reasons
from engine.explain import reading_effects as effects_of_readings
from engine.plan.ledger import ENCODED, ledger
from engine.plan.model import Act, Plan
from engine.plan.units import Unit
from engine.plan.words import STEPS, TRUTHS, UNKNOWN, condition_word, due_word, level_word
from engine.trigger.derive import index_now
from engine.trigger.reason import Reason
from engine.trigger.truth import Truth

MARKS = {Truth.HELD: "[green]✓[/]", Truth.FAILED: "[dim]✗[/]", Truth.UNKNOWN: "[yellow]？[/]"}
MOST_DUTIES_SHOWN = 12

out = Console(highlight=False)


def make_table(*columns: str | Column, **options: Any) -> RichTable:
    """A table that folds long words: Chinese has no spaces to break at, and nothing may be cut off."""
    return RichTable(*(Column(one, overflow="fold") if isinstance(one, str) else one for one in columns), **options)


def plans(found: Iterable[Plan], own: str | None) -> None:
    """The plans; with an office's own jurisdiction its plans first, the others marked as for looking only."""
    listed = sorted(found, key=lambda plan: own is not None and plan.jurisdiction != own)
    table = make_table(Column("预案", no_wrap=True), Column("标题", overflow="fold"), Column("文号", overflow="fold"))
    for plan in listed:
        mark = "（非本地，仅供查看）" if own is not None and plan.jurisdiction != own else ""
        table.add_row(plan.id, plan.title + mark, plan.document.number)
    out.print(table)


def plan(plan: Plan) -> None:
    """The plan in short: scales with their triggers, organization, procedure, ledger."""
    out.print(f"[bold]{plan.title}[/]  {plan.document.number}  {plan.document.issued} 起", highlight=False)
    for scale in plan.scales.values():
        table = make_table(
            "级别",
            "条件（任一）",
            "条款",
            title=f"{scale.short}（{scale.id}，{scale.clause}）",
            title_justify="left",
            expand=True,
        )
        for level in reversed(scale.levels):
            for n, trigger in enumerate(scale.triggers.get(level, ())):
                table.add_row(
                    "" if n else level_word(scale, level), escape(condition_word(plan, trigger.condition)), trigger.clause
                )
        out.print(table)
    table = make_table("步骤", "等级", "由谁", "条款", title="程序", title_justify="left")
    for act in plan.procedure_under():
        table.add_row(
            STEPS[act.step],
            f"{act.scale or '—'} {'各级' if act.every_level else '、'.join(act.levels)}",
            act.who or "未写明",
            act.clause,
        )
    out.print(table)
    entries = ledger(plan)
    encoded = sum(1 for state in entries.values() if state == ENCODED)
    out.print(
        f"条款 {len(entries)}：已编入 {encoded}，不约束任何人的 {len(entries) - encoded}；任务 {len(plan.duties_under())}；读法 {len(plan.readings)}"
    )


def assessment(found: Assessment) -> None:
    """Levels first, then why, how far, what to ask, who signs, what to do."""
    plan = found.plan
    out.print(f"[bold]{plan.title}[/]  {plan.document.number}" + (f"  {found.at:%Y-%m-%d %H:%M}" if found.at else ""))
    table = make_table("等级体系", "级别", "还可能是", "依据")
    for key, scale in plan.scales.items():
        possible = [level_word(scale, level) for level in found.possible[key] if level != found.levels[key]]
        table.add_row(
            scale.label,
            f"[bold]{level_word(scale, found.levels[key])}[/]",
            "、".join(possible) or "（已确定）",
            "；".join(found.basis(key)) or "—",
        )
    out.print(table)
    for key in plan.scales:
        _why(found, key)
    _indexes(found)
    _merged(found)
    _questions(found)
    _readings(found)
    for key, scale in plan.scales.items():
        level = found.levels[key]
        if level is None or scale.follows is not None:
            continue
        for act in acts_at(plan, key, level, found.choices):
            out.print(f"  {STEPS[act.step]}：{act.who or '未写明'}{f'（{act.form}）' if act.form else ''}  [dim]{act.clause}[/]")
        in_force = duties_at(plan, key, level, found.facts, choices=found.choices, in_force=found.in_force)
        duties(plan, key, level, in_force, most=MOST_DUTIES_SHOWN)


def _why(found: Assessment, key: str) -> None:
    plan = found.plan
    scale = plan.scales[key]
    level = found.levels[key]
    tree = Tree(f"[bold]{scale.short}[/] {level_word(scale, level)}")
    for one in reasons(found, key):
        shown = [reason for reason in one.triggers if _worth_showing(one, reason)]
        if not shown:
            continue
        branch = tree.add(f"{level_word(scale, one.level)} {_state_word(one.state)}")
        for reason in shown:
            _reason(branch, reason)
    for next_level in scale.levels[scale.rank(level) :][:1]:
        for one_way in distances(found, key, next_level, most=3):
            tree.add(
                f"[cyan]到{level_word(scale, next_level)}[/]：{escape('，且'.join(c.words(plan) for c in one_way.changes))}  [dim]{one_way.clause}[/]"
            )
    for one_way in ways_out(found, key, most=2):
        tree.add(f"[cyan]不再是{level_word(scale, level)}[/]：{escape('，且'.join(c.words(plan) for c in one_way.changes))}")
    if tree.children:
        out.print(tree)


def _worth_showing(level: LevelReasons, reason: Reason) -> bool:
    """Held conditions, and unknown ones of levels that are still open where something is known about them."""
    if reason.truth is Truth.HELD:
        return level.state in ("established", "possible")
    return reason.truth is Truth.UNKNOWN and level.state == "possible" and _touched(reason)


def _touched(reason: Reason) -> bool:
    if reason.areas is not None:
        return any(one is Truth.HELD for one in reason.areas.values())
    return (reason.truth is Truth.HELD and reason.indicator is not None) or any(_touched(part) for part in reason.parts)


def _state_word(state: str) -> str:
    return {"established": "[bold]成立[/]", "possible": "还可能", "below": "已超过", "ruled_out": "已排除"}[state]


def _reason(branch: Tree, reason: Reason) -> None:
    fact = f"：{reason.fact}" if reason.fact else ""
    unknown = f"（{UNKNOWN[reason.unknown]}）" if reason.unknown else ""
    clause = f"  [dim]{reason.clause}[/]" if reason.clause else ""
    node = branch.add(f"{MARKS[reason.truth]} {escape(reason.text)}{escape(fact)}{unknown} {TRUTHS[reason.truth]}{clause}")
    for part in reason.parts:
        _reason(node, part)


def reading_effects(found: Assessment) -> None:
    """The readings that the levels depend on, and what each alternative would make of them."""
    table = make_table("读法", "条款", "问题", "换成", "级别将为")
    for effect in effects_of_readings(found):
        reading = found.plan.readings[effect.reading]
        changed = [
            f"{scale.short} {'或'.join(level_word(scale, level) for level in effect.possible[key])}"
            for key, scale in found.plan.scales.items()
            if effect.possible[key] != found.possible[key]
        ]
        table.add_row(
            effect.reading,
            reading.clause,
            escape(reading.question),
            f"{effect.alternative} {escape(effect.words)}",
            "；".join(changed),
        )
    if table.row_count:
        out.print(table)
    else:
        out.print("级别不取决于任何可切换的读法")
    fixed_readings(found.plan)


def fixed_readings(plan: Plan) -> None:
    """The alternatives that can not be switched, and why."""
    table = make_table("读法", "不能换成", "理由", title="不能切换的读法", title_justify="left")
    for reading in plan.readings.values():
        for letter, why in reading.fixed.items():
            table.add_row(reading.id, f"{letter} {escape(reading.words(letter))}", escape(why))
    if table.row_count:
        out.print(table)


def duty_effects(plan: Plan, scale_id: str, level: str, effects: Iterable[DutyEffect]) -> None:
    """The readings that move the duties of a level, and what each alternative adds, removes and changes."""
    scale = plan.scale(scale_id)
    title = f"{scale.short} {level_word(scale, level)}"
    table = make_table("读法", "换成", "增减", "任务或程序", title=title, title_justify="left", expand=True)
    for effect in effects:
        rows = [
            *(("增加", duty_words(plan, one)) for one in effect.added),
            *(("取消", duty_words(plan, one)) for one in effect.removed),
            *(("改变", f"{duty_words(plan, now)}→{duty_words(plan, then)}") for now, then in effect.changed),
            *(("增加程序", act_words(act)) for act in effect.acts_added),
            *(("取消程序", act_words(act)) for act in effect.acts_removed),
        ]
        for n, (mark, words) in enumerate(rows):
            head = ("", "") if n else (effect.reading, f"{effect.alternative} {escape(effect.words)}")
            table.add_row(*head, mark, escape(words))
    if table.row_count:
        out.print(table)
    else:
        out.print(f"{title}：没有读法牵动任务")


def duty_words(plan: Plan, one: DutyInForce) -> str:
    """One duty in a line."""
    duty = one.duty
    details = [duty.clause]
    if duty.due is not None:
        details.append(due_word(duty.due, plan.moments))
    if duty.when is not None:
        details.append(condition_word(plan, duty.when))
    return f"{duty.unit or '（未写明）'}：{duty.action}（{'，'.join(details)}）"


def act_words(act: Act) -> str:
    """One entry of the procedure in a line."""
    return f"{STEPS[act.step]}：{act.who or '未写明'}（{act.clause}）"


def _indexes(found: Assessment) -> None:
    """The indices computed from concentrations, with their edition and primary pollutants."""
    for series, one in index_now(found.plan, found.given, found.at).items():
        values = [(word, value) for word, value in (("24小时", one.day), ("1小时", one.hour)) if value is not None]
        words = "；".join(
            f"{word} {value.value}" + (f"，首要污染物 {'、'.join(value.primary)}" if value.primary else "")
            for word, value in values
        )
        out.print(f"{found.plan.indicators[series].short}（由浓度按 {one.edition} 计算）：{words or '小时数不足'}")


def _merged(found: Assessment) -> None:
    """Say where an episode would count two spells as one and come to another level."""
    merged = merged_spells(found)
    if merged is None:
        return
    changed = [
        f"{scale.short} {'或'.join(level_word(scale, level) for level in merged.possible[key])}"
        for key, scale in found.plan.scales.items()
        if merged.possible[key] != found.possible[key]
    ]
    out.print(
        f"[bold]注意[/] 前后两次过程按{'、'.join(merged.clauses)}合为一次计时：{'；'.join(changed)}（单次研判不合并，预警过程合并）"
    )


def _readings(found: Assessment) -> None:
    """The readings that the levels reached rest on; the others are in `yuan show`."""
    plan = found.plan
    used = {name for chains in found.grounds.values() for chain in chains for trigger in chain for name in trigger.readings}
    for name, reading in plan.readings.items():
        if name in used:
            out.print(f"[magenta]读法 {name}[/] {escape(reading.question)}——{escape(reading.chosen)}  [dim]{reading.clause}[/]")


def _questions(found: Assessment) -> None:
    asked = questions(found, most=3)
    for n, question in enumerate(asked):
        out.print(f"{'[bold]先问[/]' if n == 0 else '再问'}：{escape(question.label)}")
        if n:
            continue
        for answer in question.answers:
            outcomes = [
                f"{scale.short} {'或'.join(level_word(scale, level) for level in answer.possible[key])}"
                for key, scale in found.plan.scales.items()
                if answer.possible[key] != found.possible[key]
            ]
            out.print(f"    {escape(answer.words)} → {'；'.join(outcomes) or '不变'}")


def unit_card(unit: Unit) -> None:
    """A unit's names and contact posts, with the day that each number was last verified."""
    out.print(f"[bold]{unit.name}[/]  {unit.level}" + (f"  又称：{'、'.join(unit.aliases)}" if unit.aliases else ""))
    contacts = {contact.post: contact for contact in unit.contacts}
    for post in unit.posts:
        contact = contacts.get(post)
        out.print(
            f"  {post}：{contact.phone} {contact.person or ''}（{contact.verified_at} 核实）" if contact else f"  {post}：未填"
        )


def unit_duties(found: Iterable[UnitDuty]) -> None:
    """A unit's duties, plan by plan."""
    for plan, group in groupby(found, key=lambda one: one.plan):
        listed = list(group)
        table = make_table(
            "任务", "时限", "在哪一级", "条款", title=f"《{plan.title}》{len(listed)} 项", title_justify="left", expand=True
        )
        for one in listed:
            due = due_word(one.duty.due, plan.moments) if one.duty.due else "立即" if one.duty.immediate else ""
            table.add_row(escape(one.duty.action), due, levels_word(plan, one.at), one.duty.clause)
        out.print(table)


def merged(found: Mapping[str, list[MergedDuty]], clashes: Iterable[Clash]) -> None:
    """The duties of several plans in force by unit, clashes first."""
    for clash in clashes:
        out.print(f"[bold]冲突[/] {escape(clash.unit)} {escape(clash.words)}")
    for name, listed in found.items():
        table = make_table(
            "预案",
            "任务",
            "时限",
            "条款",
            title=f"{name or '（未写明单位）'}：{len(listed)} 项",
            title_justify="left",
            expand=True,
        )
        for one in listed:
            plan, duty = one.where.plan, one.one.duty
            due = due_word(duty.due, plan.moments) if duty.due else "立即" if duty.immediate else ""
            table.add_row(plan.title, escape(duty.action), due, duty.clause)
        out.print(table)


def duties(plan: Plan, scale_id: str, level: str, found: Iterable[DutyInForce], most: int | None = None) -> None:
    """Duties by unit, those that cannot wait first."""
    scale = plan.scale(scale_id)
    listed = sorted(found, key=lambda one: not one.cannot_wait)
    table = make_table(
        "单位",
        "任务",
        "时限",
        "条款",
        title=f"{scale.short} {level_word(scale, level)}：{len(listed)} 项任务",
        title_justify="left",
        expand=True,
    )
    for one in listed[:most]:
        duty = one.duty
        due = due_word(duty.due, plan.moments) if duty.due else "立即" if duty.immediate else ""
        table.add_row(
            duty.unit or "（未写明）",
            escape(duty.action) + ("（尚待查明）" if one.applies is Truth.UNKNOWN else ""),
            due,
            duty.clause,
        )
    out.print(table)
    if most is not None and len(listed) > most:
        out.print(f"[dim]另有 {len(listed) - most} 项：yuan duties {plan.id} --scale {scale_id} --level {level}[/]")
