"""What a decision shows before it is signed: effect, units, reasons, what is not known, readings, who may sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.console.badge import badge
from api.console.markup import Child, Markup, join, tag
from api.console.names import short_label
from api.console.parts.words import ago, clause, moment
from api.console.screen import line, nothing
from api.console.screens.sign import demo_mark
from api.http.at_desk import AtDesk
from engine.contract.choice import units_data, why_data
from engine.incident.event import Proposed
from engine.incident.state import Incident
from engine.plan.condition import Level
from engine.plan.model import Plan, Scale

MOST_UNITS, MOST_ASKED = 12, 4
STAFF = frozenset({"officer", "leader", "director", "admin"})


def row(label: str, *children: Child) -> Markup:
    return tag("div", tag("span", label, class_="label"), tag("div", *children), class_="said-row")


def change(scale: Scale, before: Level, after: Level, size: str = "") -> Markup:
    """Level before → level after."""
    return tag(
        "span", badge(scale, before, size), tag("span", " → ", aria_label="改为"), badge(scale, after, size), class_="change"
    )


def crumb(incident: Incident, plan: Plan, *children: Child) -> Markup:
    return line(
        tag("a", "待签", href="/sign"),
        tag("span", "›", aria_hidden="true"),
        tag("a", incident.title, href=f"/incidents/{incident.id}"),
        demo_mark(incident),
        tag("span", plan.title),
        *children,
        class_="line crumb",
    )


def effect(plan: Plan, scale: Scale, before: Level, found: Mapping[str, Any]) -> Markup:
    """What signing does: levels, duties, the shortest deadline."""
    rows = [row("级别", change(scale, before, found["level"]))]
    for also in found["also"]:
        other = plan.scales[also["scale"]]
        rows.append(row(other.short, change(other, also["before"], also["level"], "small")))
    counts = [f"{found['units']} 个单位、{found['duties']} 项任务"] if found["duties"] else ["没有随之下达的任务"]
    for key, words in (("new_duties", "新增 {} 项"), ("ended_duties", "结束 {} 项"), ("immediate", "须立即办的 {} 项")):
        if found[key]:
            counts.append(words.format(found[key]))
    rows.append(row("任务", tag("b", counts[0]), *(tag("span", f"，{one}") for one in counts[1:])))
    if found["stricter"]:
        listed = (
            tag(
                "li", f"{one['unit'] or '（条款未写明单位）'}：", tag("b", one["action"]), tag("small", f" 原为“{one['before']}”")
            )
            for one in found["stricter"]
        )
        rows.append(row("更严的", tag("ul", *listed)))
    if found["restarted"]:
        rows.append(row("重新起算", f"{found['restarted']} 项在计时的时限"))
    short = found["shortest"]
    if short is not None:
        rows.append(
            row(
                "最紧的",
                tag("b", short["due_words"]),
                f" {short['unit'] or ''}{short['action']} ",
                clause(plan.id, short["clause"]),
            )
        )
    return join(rows)


def units(incident: Incident, plan: Plan, levels: Mapping[str, Level]) -> Markup:
    """Which units get which duties."""
    found = units_data(incident, plan, levels)
    if not found:
        return nothing("这一级别没有给单位的任务")
    head = tag(
        "tr",
        *(
            tag("th", words, scope="col", class_=kind)
            for words, kind in (("单位", None), ("任务", "number"), ("新增", "number"), ("最短时限", None))
        ),
    )
    rows = [_unit(one) for one in found]
    rest = rows[MOST_UNITS:]
    more = (
        tag(
            "details",
            tag("summary", f"全部 {len(rows)} 行"),
            tag("table", tag("thead", head), tag("tbody", *rest)),
            data_key="rest",
        )
        if rest
        else None
    )
    return join((tag("table", tag("thead", head), tag("tbody", *rows[:MOST_UNITS])), more))


def _unit(one: Mapping[str, Any]) -> Markup:
    now = tag("span", f"立即 {one['immediate']} 项", class_="soon") if one["immediate"] else None
    due = (
        tag("span", tag("b", one["due_words"]), f" {one['action']}")
        if one["due_words"]
        else tag("span", "预案未写时限", class_="aside")
    )
    return tag(
        "tr",
        tag("td", one["unit"]),
        tag("td", str(one["duties"]), class_="number"),
        tag("td", str(one["new"]) if one["new"] else "—", class_="number"),
        tag("td", now, " " if now else None, due),
        data_key=one["unit"],
    )


def unknown(incident: Incident, plan: Plan, one: Proposed, why: Mapping[str, Any]) -> Markup:
    """Levels still possible, and what is not known."""
    scale = plan.scales[one.scale]
    open_levels = [level for level in one.possible if level != one.level]
    asked = why["questions"]
    if not open_levels and not asked:
        return tag("p", "已知事实足以定级，没有还可能的级别。", class_="aside")
    parts: list[Child] = []
    if open_levels:
        parts.append(
            tag("li", tag("b", "按现有事实还可能："), *(badge(scale, level, "small") for level in open_levels), class_="line")
        )
    for question in asked[:MOST_ASKED]:
        answers = "；".join(f"{answer['answer']} → {'、'.join(answer['possible'])}" for answer in question["answers"])
        parts.append(
            tag(
                "li",
                tag("span", tag("span", "未知", class_="plate"), class_="unknown"),
                tag("b", short_label(question["label"])),
                tag("small", answers),
                class_="line",
            )
        )
    if len(asked) > MOST_ASKED:
        parts.append(
            tag(
                "li",
                f"另有 {len(asked) - MOST_ASKED} 项也未知：{'、'.join(short_label(item['label']) for item in asked[MOST_ASKED:])}",
                class_="aside",
            )
        )
    return tag("ul", *parts, class_="not-known")


def why(
    incident: Incident, plan: Plan, one: Proposed, data: Mapping[str, Any], found: Mapping[str, Any], at_desk: AtDesk
) -> Markup:
    """Reasons with their clauses, and the facts behind them with source and age."""
    lines = [
        tag(
            "li",
            tag("span", "✓", class_="mark", aria_label="成立"),
            tag("span", reason["text"]),
            tag("b", reason["fact"]),
            clause(plan.id, reason["clause"]),
            class_="line",
        )
        for reason in found["grounds"]
    ]
    if found["rule"] is not None:
        words = found["rule"]["words"] or "由有权的人认定"
        lines.append(
            tag(
                "li", tag("span", "✓", class_="mark"), tag("span", words), clause(plan.id, found["rule"]["clause"]), class_="line"
            )
        )
    if not lines:
        causes = {"notice": "上级通报", "provisional_end": "暂定的期限已到"}
        lines.append(tag("li", causes.get(one.cause, one.words), *(clause(plan.id, name) for name in one.clauses), class_="line"))
    return join((tag("ul", *lines, class_="because"), _facts(data["facts"], at_desk)))


def _facts(facts: Sequence[Mapping[str, Any]], at_desk: AtDesk) -> Markup | None:
    if not facts:
        return None
    head = tag("tr", *(tag("th", words, scope="col") for words in ("事实", "值", "来源", "时间")))
    rows = [
        tag(
            "tr",
            tag("td", fact["label"]),
            tag("td", tag("b", fact["words"])),
            tag("td", fact["source"]),
            tag("td", moment(fact["observed_at"], at_desk.now), " ", ago(fact["observed_at"])),
            data_key=str(fact["entry"]),
        )
        for fact in facts
    ]
    return tag("table", tag("thead", head), tag("tbody", *rows))


def readings(plan: Plan, scale: Scale, data: Mapping[str, Any], found: Mapping[str, Any]) -> Markup:
    """The readings that it rests on, and what another reading would make of it."""
    if not data["readings"] and not found["reading_effects"]:
        return tag("p", "不依赖任何有分歧的条款。", class_="aside")
    items = [
        tag(
            "li",
            line(tag("b", one["question"]), clause(plan.id, one["clause"])),
            tag("div", f"在用：{one['chosen']}"),
            data_key=one["id"],
        )
        for one in data["readings"]
    ]
    for one in found["reading_effects"]:
        items.append(
            tag(
                "li",
                tag("div", tag("span", f"若另读为“{one['words']}”，研判为 "), badge(scale, one["levels"].get(scale.id), "small")),
                data_key=f"{one['reading']}/{one['alternative']}",
            )
        )
    return tag("ul", *items, class_="readings-used")


def who(at_desk: AtDesk, incident: Incident, posts: Sequence[str]) -> Markup:
    """Who can sign: the posts, and their holders where the visitor may know names."""
    names: dict[str, list[str]] = {post: [] for post in posts}
    if at_desk.caller.actor.roles & STAFF:
        for post in posts:
            for holder in at_desk.people.posts.holders(post, incident.jurisdiction):
                names[post].append(holder.name + ("（受权）" if holder.delegation else ""))
    rows = [
        tag("li", tag("b", post), tag("span", f"：{'、'.join(listed)}" if listed else "：此刻没有登记任职的人"), data_key=post)
        if at_desk.caller.actor.roles & STAFF
        else tag("li", tag("b", post), data_key=post)
        for post, listed in names.items()
    ]
    return tag("ul", *rows)


def reasons_of(incident: Incident, plan: Plan, one: Proposed, at_desk: AtDesk) -> dict[str, Any]:
    return why_data(incident, plan, one, at_desk.now)
