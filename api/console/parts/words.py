"""Times, deadlines, clauses and levels as every screen writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from api.console.badge import badge
from api.console.markup import Markup, join, tag
from engine.counterfactual import Change, grouped
from engine.plan.condition import Level
from engine.plan.model import Plan
from engine.trigger.facts import CHINA

STATES = {
    "waiting": "未起算", "none": "无时限", "running": "进行中", "due_soon": "即将到期",
    "overdue": "已逾期", "met": "已完成", "met_late": "逾期完成",
}  # fmt: skip

MOST_AREAS = 3
"""Areas that are named in a line."""


def moment(at: str | datetime | None, today: datetime) -> str:
    """“03:12”; with its date as soon as that is not today."""
    if at is None:
        return "—"
    time = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(CHINA)
    return f"{time:%H:%M}" if time.date() == today.astimezone(CHINA).date() else f"{time:%m-%d %H:%M}"


def left(due_at: str | None) -> Markup:
    """What is left until a limit; the browser keeps it true."""
    return Markup("") if due_at is None else tag("span", data_due=due_at, data_tick=True, class_="left")


def ago(at: str | None, after: str = "前") -> Markup:
    """How long ago; the browser keeps it true."""
    return Markup("") if at is None else tag("span", data_since=at, data_after=after, data_tick=True, class_="ago")


def clause(plan: str, name: str) -> Markup:
    """A clause; its original text is one click away."""
    return tag("button", name, type="button", class_="clause", data_clause=f"{plan}|{name}", title="看条款原文")


def deadline(found: dict[str, Any], today: datetime) -> Markup:
    """A deadline as data (`deadline_data`): the time, what is left, and its state in a word and a form."""
    state, due_at = found["state"], found.get("due_at")
    if state in ("none", "waiting"):
        return tag("span", STATES[state], class_="aside")
    form = {"overdue": "inverse", "due_soon": "soon"}.get(state, "")
    done = state in ("met", "met_late")
    mark = "✓ " if state == "met" else ""
    word = tag("span", f"{mark}{STATES[state]}", class_=form or "left")
    return tag("span", tag("b", moment(due_at, today), class_="time"), " ", Markup("") if done else left(due_at), " ", word)


def mentioned(words: Iterable[str]) -> Markup | None:
    """Why a plan stands before others of which no fact is known either."""
    listed = "、".join(words)
    return tag("p", "快报里有这份预案的词：", tag("b", listed), "。是否适用看事实", class_="aside") if listed else None


def to_go(plan: Plan, changes: Iterable[Change], key: str) -> Markup:
    """What a way asks for, in a line; of many areas the first, the rest unfolded. key: of the fold on its screen."""
    parts = []
    for n, (words, areas) in enumerate(grouped(plan, changes)):
        if len(areas) <= MOST_AREAS:
            parts.append(join(("、".join(areas), words)))
            continue
        fold = tag("details", tag("summary", "全部列出"), "、".join(areas), data_key=f"{key}-{n}", class_="areas-all")
        parts.append(join((f"{'、'.join(areas[:MOST_AREAS])}等 {len(areas)} 处{words}", fold)))
    return join(parts, "，且")


def level(plan: Plan, scale: str, at: Level, size: str = "") -> Markup:
    """A level as a badge."""
    return badge(plan.scales[scale], at, size)
