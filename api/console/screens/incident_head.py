"""The head of an incident: what is in force under each plan, who signed it, in which version, and how the incident stands."""

from __future__ import annotations

from urllib.parse import quote

from api.console.badge import badge
from api.console.markup import Markup, join, tag
from api.console.parts.words import ago, deadline, moment
from api.console.screens.incident_view import Under, View
from engine.contract.incident import STATUS_WORDS
from engine.contract.moment import stamp
from engine.contract.signing import decision_data
from engine.contract.work import work_data
from engine.incident.board import deadlines
from engine.incident.state import Course, Incident
from engine.plan.model import Plan
from engine.plan.words import level_word

SHORT = 8


def head(view: View) -> Markup:
    """Title and marks, then a line a plan."""
    incident = view.incident
    lines = [_plan(view, one) for one in view.under]
    none = tag(
        "p",
        "还没有启用预案。",
        tag("button", "看哪些预案适用", type="button", class_="button primary", data_open="plan"),
        class_="line",
    )
    return join((_first(view), *(lines or [none if view.acts else tag("p", "没有启用预案", class_="aside")]), _links(incident)))


def _first(view: View) -> Markup:
    incident = view.incident
    return tag(
        "div",
        tag("h1", incident.title),
        tag("span", "演示", class_="chip demo") if incident.demo else None,
        tag("span", STATUS_WORDS[incident.status], class_="inverse" if incident.status != "open" else "chip"),
        tag("span", incident.id, class_="aside"),
        tag("span", incident.place, class_="aside") if incident.place else None,
        tag(
            "span", moment(incident.reported_at, view.at), " 接报", *((" · ", ago(stamp(incident.reported_at))) if not view.past else ()),
            class_="aside",
        ),
        tag("span", "负责 ", tag("b", incident.owner_name or "无人"), class_="aside"),
        _next(view),
        class_="line",
    )  # fmt: skip


def _next(view: View) -> Markup | None:
    """The soonest limit."""
    rows = deadlines(view.incident, view.at).rows
    if not rows:
        return None
    row = rows[0]
    found = work_data(row, view.at_desk.desk.versions[view.incident.courses[row.plan].digest], view.at, {})
    return tag(
        "a", tag("small", f"下一时限　{found['action']}", title=found["unit"]), " ", deadline(found["deadline"], view.at),
        href=f"#{found['key']}", class_="push following",
    )  # fmt: skip


def _plan(view: View, one: Under) -> Markup:
    plan, course = one.plan, one.course
    return tag(
        "div",
        levels_line(plan, course),
        tag("b", plan.title, class_="plan-name"),
        tag("span", course.phase_word, class_="chip"),
        *(_decision(plan, course, scale, view) for scale in course.standing if scale in plan.scales),
        tag("span", plan.document.number, " · 版本 ", tag("code", plan.digest[:SHORT], title=plan.digest), class_="aside push"),
        tag("a", "预案", href=f"/plans/{quote(plan.id)}", class_="aside"),
        class_="line plan-line",
        data_key=plan.id,
    )


def levels_line(plan: Plan, course: Course) -> Markup:
    """One coloured badge a plan: the highest scale in force; the others as outlined chips."""
    shown = [scale for scale in plan.scales.values() if course.levels.get(scale.id) is not None]
    first = max(
        shown,
        key=lambda scale: (scale.rank(course.levels.get(scale.id)) / len(scale.levels), scale.follows is None),
        default=next(iter(plan.scales.values())),
    )
    others = (
        tag("span", f"{one.short} {level_word(one, course.levels.get(one.id))}", class_="chip")
        for one in shown
        if one is not first
    )
    name = tag("span", first.short, class_="aside")
    return join((badge(first, course.levels.get(first.id), "large"), name, *others))


def _decision(plan: Plan, course: Course, scale: str, view: View) -> Markup:
    """Who signed what stands."""
    standing = course.standing[scale]
    found = decision_data(plan, standing.decision, standing.entry)
    name = plan.scales[scale].short
    until = f"，暂定到 {moment(found['until'], view.at)}" if found["until"] else ""
    area = f"，范围 {found['area']}" if found["area"] else ""
    otherwise = "" if found["approved"] else f"，未按建议：{found['reason']}"
    what = "解除" if found["level"] is None else f"{name}{found['level_name']}"
    when = moment(found["decided_at"], view.at)
    return tag(
        "span", f"{what}由 {found['post']} {found['name']} {when} 签发{until}{area}{otherwise}", class_="aside", data_key=scale
    )


def _links(incident: Incident) -> Markup | None:
    if not incident.links:
        return None
    parts = (tag("span", f"{words} ", tag("a", other, href=f"/incidents/{quote(other)}")) for other, words in incident.links)
    return tag("div", tag("span", "关联："), join(parts, "；"), class_="line aside")
