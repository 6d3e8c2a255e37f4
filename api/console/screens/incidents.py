"""事件: every incident that the visitor may see, open, ended and archived, with filters and pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from api.console.badge import badge
from api.console.markup import Markup, join, tag
from api.console.parts.picking import choose, number
from api.console.parts.words import ago, deadline, moment
from api.console.screen import Screen, nothing, panel
from api.http.at_desk import AtDesk
from api.store.record import Listed
from engine.contract.incident import STATUS_WORDS, incident_row
from engine.incident.state import Course, Incident
from engine.plan.model import Plan
from engine.plan.words import level_word

PAGE = 40
SHOWN = ("open", "ended", "archived", "merged")
ALL = "all"


class Incidents(Screen):
    """The list of incidents."""

    path, title, rail = "/incidents", "事件", "事件"

    def frame(self, at_desk: AtDesk) -> Markup:
        query = self.visit.query
        plans = [(one.id, one.title) for one in at_desk.library.current().plans.values() if at_desk.sees(one.jurisdiction)]
        states = [(one, STATUS_WORDS[one]) for one in SHOWN] + [(ALL, "全部")]
        form = tag(
            "form",
            tag(
                "label", "标题、编号、地点",
                tag("input", type="search", name="q", value=query.get("q"), autocomplete="off", data_shortcut="f"), class_="wide",
            ),
            choose("status", states, query.get("status", "open"), None, "状态"),
            choose("plan", plans, query.get("plan", ""), "不限", "预案"),
            tag("a", "快报", href="/new", class_="button primary"),
            tag("a", "常态监测", href="/watches", class_="button"),
            data_ask=True, class_="asking",
        )  # fmt: skip
        return tag(
            "div",
            tag("section", form, class_="panel", aria_label="筛选"),
            panel("list", label="事件"),
            class_="stack",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        query = self.visit.query
        found: list[tuple[Listed, Incident]] = []
        more = False
        for one in _matching(at_desk, query):
            more = len(found) == PAGE
            if more:
                break
            found.append(one)
        if not found:
            return {"list": nothing("没有这样的事件。登记以后列在这里，结束和归档的也查得到")}
        soonest = {one.incident: one.rows[0] for one in at_desk.desk.states.deadlines(at_desk.now) if one.rows}
        rows = (
            _row(at_desk, state, incident_row(state, at_desk.desk.versions, at_desk.now, soonest.get(state.id)))
            for _, state in found
        )
        heads = ("事件", "预案与级别", "状态", "下一时限", "接报", "负责")
        table = tag(
            "table",
            tag("thead", tag("tr", *(tag("th", one, scope="col") for one in heads))),
            tag("tbody", *rows),
            class_="list-table",
        )
        return {"list": join((table, _pages(query, found[-1][0].position if more else None)))}


def _matching(at_desk: AtDesk, query: Any) -> Iterator[tuple[Listed, Incident]]:
    """Incidents, newest first, that the filters let through."""
    status, plan, words = query.get("status", "open"), query.get("plan"), query.get("q", "").split()
    for one in at_desk.desk.journal.incidents(status if status in SHOWN else None, before=number(query.get("before"))):
        if one.kind != "live" or not at_desk.sees(one.jurisdiction):
            continue
        state = at_desk.desk.incident(one.id)
        text = f"{state.title} {state.id} {state.place or ''}"
        if plan in (None, "", *state.courses) and all(word in text for word in words):
            yield one, state


def _pages(query: Any, last: int | None) -> Markup | None:
    kept = {name: value for name, value in query.items() if name != "before"}
    first = tag("a", "回到最新", href=f"?{urlencode(kept)}") if query.get("before") else None
    older = tag("a", "更早的", href=f"?{urlencode({**kept, 'before': str(last)})}") if last is not None else None
    return tag("div", first, older, class_="pages") if first or older else None


def _row(at_desk: AtDesk, incident: Incident, row: dict[str, Any]) -> Markup:
    following = row["next_deadline"]
    due = tag("span", "—", class_="aside") if following is None else tag(
        "div", deadline(following["deadline"], at_desk.now), tag("div", f"{following['unit'] or ''} {following['action']}", class_="aside")
    )  # fmt: skip
    return tag(
        "tr",
        tag(
            "td",
            tag(
                "div", tag("a", row["title"], href=f"/incidents/{row['id']}", class_="name"),
                tag("span", "演示", class_="chip demo") if row["demo"] else None, class_="line",
            ),
            tag("div", tag("small", row["id"]), tag("span", row["place"]), class_="line aside"),
        ),
        tag("td", levels(at_desk, incident), class_="levels"),
        tag(
            "td", tag("span", row["status_name"], class_="chip"),
            tag("div", tag("a", f"{row['proposals']} 项待签", href="/sign", class_="soon")) if row["proposals"] else None, class_="narrow",
        ),
        tag("td", due),
        tag("td", tag("b", moment(row["reported_at"], at_desk.now)), tag("div", _age(row, at_desk), class_="aside"), class_="narrow"),
        tag("td", row["owner"]["name"] if row["owner"] else tag("span", "无", class_="aside"), class_="narrow"),
        data_key=row["id"],
    )  # fmt: skip


def _age(row: dict[str, Any], at_desk: AtDesk) -> Markup:
    if row["ended_at"] is None:
        return ago(row["reported_at"])
    return tag("span", f"{moment(row['ended_at'], at_desk.now)} 结束")


def levels(at_desk: AtDesk, incident: Incident) -> Markup:
    """An incident's plans, each with its levels in force: the highest as a badge, the others as chips."""
    if not incident.courses:
        return tag("span", "还没有启用预案", class_="aside")
    lines = (_levels(at_desk.desk.versions[one.digest], one) for one in incident.courses.values())
    return join(tag("div", *parts, class_="line") for parts in lines)


def _levels(plan: Plan, course: Course) -> list[Markup]:
    shown = [one for one in plan.scales.values() if course.levels.get(one.id) is not None]
    first = max(shown, key=lambda one: one.follows is None, default=next(iter(plan.scales.values())))
    chips = [
        tag("span", f"{one.short} {level_word(one, course.levels.get(one.id))}", class_="chip")
        for one in shown
        if one is not first
    ]
    return [badge(first, course.levels.get(first.id), "small"), tag("span", plan.title), *chips]
