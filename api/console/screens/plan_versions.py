"""版本: each version with its digest and dates, what each changed, and what a change would do to running incidents."""

from __future__ import annotations

from itertools import pairwise

from api.console.markup import Markup, tag
from api.console.screen import nothing
from api.console.screens.plan_levels import threshold
from api.console.screens.plans import findings_of, rejected
from api.http.at_desk import AtDesk
from engine.incident.version import differences
from engine.plan.model import Plan
from engine.plan.words import due_word, level_word

MOST = 40
"""Changes shown of one kind."""


def versions_part(at_desk: AtDesk, plan: Plan, query: dict[str, str]) -> Markup:
    """The part."""
    listed = at_desk.library.current().versions[plan.id]
    found = findings_of(plan, at_desk.library.rejected)
    changed = [_changes(before, after) for before, after in pairwise(listed)]
    return tag(
        "div",
        tag("section", tag("h2", "版本", class_="title"), _table(at_desk, plan, listed), class_="panel"),
        tag("section", tag("h2", "没有采用的文件", class_="title"), rejected(found), class_="panel") if found else None,
        *reversed(changed),
        _running(at_desk, plan),
        class_="stack",
    )


def _table(at_desk: AtDesk, plan: Plan, listed: tuple[Plan, ...]) -> Markup:
    in_force, today = at_desk.plan(plan.id), at_desk.now.date()
    incidents = [one.courses[plan.id].digest for one in at_desk.open_incidents() if plan.id in one.courses]
    rows = []
    for one in reversed(listed):
        state = "在行" if one is in_force else "尚未施行" if one.document.in_force > today else "已被代替"
        shown = (
            tag("b", "正在看")
            if one.digest == plan.digest
            else tag("a", "看", href=f"/plans/{plan.id}?version={one.digest[:12]}")
        )
        rows.append(
            tag(
                "tr",
                tag("td", tag("b", state)),
                tag("td", one.document.number),
                tag("td", str(one.document.issued)),
                tag("td", str(one.document.in_force)),
                tag("td", "、".join(one.document.supersedes) or "—"),
                tag("td", f"{incidents.count(one.digest)} 件" if one.digest in incidents else "—"),
                tag("td", tag("code", one.digest[:12], title=one.digest)),
                tag("td", shown),
                data_key=one.digest,
            )
        )
    heads = (tag("th", word, scope="col") for word in ("", "文号", "印发", "施行", "代替", "在办事件", "摘要", ""))
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))


def _running(at_desk: AtDesk, plan: Plan) -> Markup:
    """Incidents that are pinned to another version than that in force, and what moving them would change."""
    in_force = at_desk.plan(plan.id)
    rows = []
    for one in at_desk.open_incidents():
        course = one.courses.get(plan.id)
        if course is None or course.digest == in_force.digest:
            continue
        before = at_desk.desk.versions[course.digest]
        words = differences(before, in_force, course, one, at_desk.now).words
        rows.append(
            tag(
                "li",
                tag("a", one.title, href=f"/incidents/{one.id}"),
                tag("span", f" 仍按 {before.document.number}（{course.digest[:12]}）办理；改按在行的版本须签发，将："),
                tag("ul", *(tag("li", word) for word in words[:MOST]), class_="changes"),
                data_key=one.id,
            )
        )
    body = tag("ul", *rows) if rows else nothing("在办事件都按在行的版本办理")
    return tag("section", tag("h2", "改版本会改变什么：在办事件", class_="title"), body, class_="panel")


def _changes(before: Plan, after: Plan) -> Markup:
    """What a version says otherwise than the one before it: conditions, duties, readings."""
    title = f"{after.document.number}（{after.document.in_force} 起）与前一版的差别"
    kinds = (
        ("分级条件", _conditions(before), _conditions(after)),
        ("任务", _duties(before), _duties(after)),
        ("读法", _readings(before), _readings(after)),
    )
    parts = []
    for word, then, now in kinds:
        lines = [f"减：{one}" for one in then if one not in now] + [f"增：{one}" for one in now if one not in then]
        if lines:
            more = tag("p", f"还有 {len(lines) - MOST} 处", class_="aside") if len(lines) > MOST else None
            parts.append(
                tag("div", tag("h3", f"{word} {len(lines)} 处"), tag("ul", *(tag("li", one) for one in lines[:MOST])), more)
            )
    return tag(
        "section", tag("h2", title, class_="title"), *parts or (nothing("条件、任务、读法都相同"),), class_="panel changes"
    )


def _conditions(plan: Plan) -> list[str]:
    return [
        f"{scale.short}{level_word(scale, level)}：{' '.join(threshold(plan, one.condition))}（{one.clause}）"
        for scale in plan.scales.values() for level in scale.levels for one in scale.triggers.get(level, ())
    ]  # fmt: skip


def _duties(plan: Plan) -> list[str]:
    return [f"{one.unit or ''} {one.action}，{due_word(one.due, plan.moments)}（{one.clause}）" for one in plan.duties_under()]


def _readings(plan: Plan) -> list[str]:
    return [f"{one.question} {one.chosen}（{one.clause}）" for one in plan.readings.values()]
