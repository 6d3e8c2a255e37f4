"""分级: the thresholds of each scale and level with their clauses, and what the plan leaves open."""

from __future__ import annotations

from collections.abc import Iterable

from api.console.badge import badge
from api.console.markup import EMPTY, Markup, join, tag
from api.console.parts.gaps import Gap, gaps, has_conditions, open_end
from api.console.parts.words import clause
from api.http.at_desk import AtDesk
from engine.plan.condition import All, Any, Compare, Condition, Count, Member, ScaleIs, Sum, Switch
from engine.plan.model import Plan, Scale, Trigger
from engine.plan.words import bounds_word, condition_word, find_indicator, level_word

OTHER = "其他条件"
FEW = 2
"""Gaps of one kind that stand unfolded."""


def levels_part(at_desk: AtDesk, plan: Plan, query: dict[str, str]) -> Markup:
    """The part."""
    scales = [_scale(plan, one) for one in plan.scales.values()]
    jumps = (tag("a", one.short, href=f"#scale-{one.id}", class_="chip") for one in plan.scales.values())
    return tag(
        "div",
        tag(
            "div",
            tag(
                "p",
                "各行任一成立即达到，就高；“以上”含本数，“不足”“超过”不含。",
                *(jumps if len(scales) > 2 else ()),
                class_="line aside",
            ),
            *scales,
            class_="stack",
        ),
        tag("section", tag("h2", "预案没有写明的", class_="title"), gap_list(plan, gaps(plan)), class_="panel gaps"),
        class_="columns levels-columns",
    )


def gap_list(plan: Plan, found: Iterable[Gap]) -> Markup:
    """What the plan leaves open, kind by kind; more than a few of a kind fold."""
    kinds: dict[str, list[Gap]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    if not kinds:
        return tag("p", "没有发现", class_="nothing")
    return tag("ul", *(_kind(plan, kind, listed) for kind, listed in kinds.items()))


def _kind(plan: Plan, kind: str, found: list[Gap]) -> Markup:
    rows = [
        tag("div", one.words, " ", tag("span", *(clause(plan.id, name) for name in one.clauses), class_="clauses"))
        for one in found
    ]
    part = tag("a", "看", href=f"/plans/{plan.id}?part={found[0].part}", class_="push") if found[0].part != "levels" else None
    head = tag("div", open_end(kind), tag("span", f"{len(found)} 处", class_="aside"), part, class_="line")
    if len(rows) <= FEW:
        return tag("li", head, *rows)
    return tag("li", head, *rows[:FEW], tag("details", tag("summary", f"还有 {len(rows) - FEW} 处"), *rows[FEW:]))


def _scale(plan: Plan, scale: Scale) -> Markup:
    return tag(
        "section",
        tag("h2", scale.label, " ", clause(plan.id, scale.clause), class_="title"),
        *_notes(plan, scale),
        EMPTY if scale.highest_of else _follows(plan, scale) if scale.follows else _table(plan, scale),
        class_="panel scale",
        id=f"scale-{scale.id}",
    )


def _notes(plan: Plan, scale: Scale) -> list[Markup]:
    found = []
    if scale.highest_of:
        names = "、".join(plan.scales[one].short for one in scale.highest_of)
        found.append(tag("p", f"取以下各项中的最高级别：{names}"))
    for one in scale.takes_over:
        if not one.under:
            words = f"{level_word(scale, one.level)}时，{level_word(scale, one.source)}的任务照办"
            found.append(tag("p", words, " ", clause(plan.id, one.clause), class_="aside"))
    return found


def _follows(plan: Plan, scale: Scale) -> Markup:
    """A scale that is another's, level by level."""
    assert scale.follows is not None
    leading = plan.scales[scale.follows.scale]
    back = {to: [of for of, at in scale.follows.map.items() if at == to] for to in scale.levels}
    rows = (
        tag("td", join((badge(leading, of) for of in back[level]), " ") if back[level] else open_end("没有条件"))
        for level in scale.levels
    )
    return tag(
        "table",
        _heads(scale),
        tag("tbody", tag("tr", tag("th", f"随{leading.short}", scope="row"), *rows)),
        class_="thresholds",
    )


def _heads(scale: Scale) -> Markup:
    return tag("thead", tag("tr", tag("td", ""), *(tag("th", badge(scale, level), scope="col") for level in scale.levels)))


def _table(plan: Plan, scale: Scale) -> Markup:
    rows: dict[str, dict[str, list[Markup]]] = {}
    for level in scale.levels:
        for trigger in scale.triggers.get(level, ()):
            label, words = threshold(plan, trigger.condition)
            rows.setdefault(label, {}).setdefault(level, []).append(_cell(plan, trigger, words))
    body = [
        tag("tr", tag("th", label, scope="row"), *(tag("td", *(cells.get(level) or (_none(),))) for level in scale.levels))
        for label, cells in sorted(rows.items(), key=lambda row: row[0] == OTHER)
    ]
    empty = [level for level in scale.levels if not has_conditions(scale, level)]
    if empty:
        cells = (tag("td", open_end("预案没有写") if level in empty else EMPTY) for level in scale.levels)
        body.append(tag("tr", tag("th", "达到的条件", scope="row"), *cells))
    return tag("table", _heads(scale), tag("tbody", *body), class_="thresholds")


def _none() -> Markup:
    return tag("span", "—", class_="none", aria_label="不适用")


def _cell(plan: Plan, trigger: Trigger, words: str) -> Markup:
    readings = dict.fromkeys((*trigger.readings, *switches(trigger.condition)))
    return tag(
        "div",
        tag("b", words) if len(words) <= 24 else tag("span", words),
        tag(
            "span",
            clause(plan.id, trigger.clause),
            reading_links(plan, readings),
            tag("span", "上级通报", class_="chip") if trigger.imposed else None,
            class_="clauses",
        ),
        tag("small", trigger.note) if trigger.note else None,
        class_="threshold",
    )


def reading_links(plan: Plan, readings: Iterable[str]) -> Markup | None:
    """The readings that something rests on, by number; the question on pointing, all of it one click away."""
    found = sorted(set(readings))
    if not found:
        return None
    return tag("span", tag("span", "读法"), *(_reading(plan, one) for one in found), class_="reading-links")


def _reading(plan: Plan, reading: str) -> Markup:
    question = plan.readings[reading].question if reading in plan.readings else ""
    number = reading.rsplit("-", 1)[-1]
    return tag(
        "a", number, href=f"/plans/{plan.id}?part=readings#reading-{reading}", title=f"读法 {reading}：{question}",
        aria_label=f"读法 {reading}：{question}", class_="reading",
    )  # fmt: skip


def switches(condition: Condition) -> list[str]:
    """The readings that decide between whole conditions here, outermost first."""
    found = []
    while isinstance(condition, Switch):
        found.append(condition.reading)
        condition = dict(condition.options)["chosen"]
    return found


def threshold(plan: Plan, condition: Condition) -> tuple[str, str]:
    """What is measured, and within which bounds, as a row's label and a cell; the whole in words where it is not one quantity."""
    while isinstance(condition, Switch):
        condition = dict(condition.options)["chosen"]
    match condition:
        case Compare(key, bounds):
            indicator = find_indicator(plan, key)
            return indicator.short, bounds_word(bounds, indicator.unit or "1")
        case Member(key, values):
            indicator = find_indicator(plan, key)
            if indicator.type == "boolean":
                return indicator.short, "是" if True in values else "否"
            return indicator.short, "或".join(indicator.word(one) for one in indicator.values if one in values)
        case Sum(keys, bounds):
            first, second = (plan.indicators[key] for key in keys)
            return f"{first.short}与{second.short}合计", bounds_word(bounds, first.unit or "1")
        case ScaleIs(key, levels):
            other = plan.scales[key]
            return other.short, "或".join(level_word(other, one) for one in (None, *other.levels) if one in levels)
        case Count(_, bounds, where, _, among):
            label, words = threshold(plan, where)
            exact = bounds.low is None or bounds.high is not None
            number = bounds_word(bounds, "1") + "个" if exact else f"{(bounds.low or 0) + bounds.low_open}个以上"
            if label != OTHER:
                return f"各县（市、区）{label}", f"{'、'.join(among)}{'中' if among else ''}{number}：{words}"
        case Any(parts) if parts and all(isinstance(part, Compare) for part in parts):
            inner = [threshold(plan, part) for part in parts]
            return "；或".join(label for label, _ in inner), "；或".join(words for _, words in inner)
        case All(parts) if all(not isinstance(part, Count | All) for part in parts):
            inner = [threshold(plan, part) for part in parts]
            if all(label != OTHER for label, _ in inner):
                measured = [words for _, words in inner if words != "是"]
                return "，且".join(label for label, _ in inner), "，且".join(measured) or "是"
    return OTHER, condition_word(plan, condition)
