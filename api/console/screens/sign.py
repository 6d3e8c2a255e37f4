"""待签: every proposal that waits, those that the visitor may sign first; provisional levels; what a person may decide alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.console.badge import badge
from api.console.markup import Markup, join, tag
from api.console.parts.words import ago, clause, left, moment
from api.console.screen import AT_WORK, Screen, line, nothing, panel
from api.http.at_desk import AtDesk
from engine.contract.choice import leading_scales
from engine.contract.incident import pending_data
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.plan.model import Plan
from engine.plan.words import level_word

MOST = 12
DRAWN_FOR = {
    "opened",
    "proposed",
    "superseded",
    "decided",
    "deviation_ended",
    "level_set",
    "ended",
    "merged",
    "archived",
    "plan_added",
    "plan_moved",
}


class Sign(Screen):
    """The list."""

    path, title, rail = "/sign", "待签", "待签"

    def frame(self, at_desk: AtDesk) -> Markup:
        return tag(
            "div",
            panel("waiting", label="待签的建议", heading="待签的建议", live=True),
            tag(
                "div",
                panel("provisional", label="暂定与待生效", heading="暂定与待生效的级别"),
                panel("alone", label="没有建议也可决定", heading="没有建议，由人决定"),
                class_="stack",
            ),
            class_="columns signing",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        incidents = sorted((one for one in at_desk.open_incidents() if not one.watch), key=lambda one: one.id)
        return {
            "waiting": _waiting(at_desk, waiting(at_desk, incidents)),
            "provisional": _provisional(at_desk, incidents),
            "alone": _alone(at_desk, incidents),
        }

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return entry.kind in DRAWN_FOR


def waiting(at_desk: AtDesk, incidents: Sequence[Incident]) -> list[dict[str, Any]]:
    """What waits for a signature: the visitor's own first, then the oldest."""
    found = [one for incident in incidents for one in pending_data(incident, at_desk.desk.versions, at_desk.now, at_desk.posts)]
    return sorted(found, key=lambda one: (not mine(at_desk, one), str(one["proposed_at"]), one["incident"], one["id"]))


def mine(at_desk: AtDesk, one: dict[str, Any]) -> bool:
    """Whether the visitor may sign it."""
    return bool(one["mine"]) and bool(at_desk.caller.actor.roles & AT_WORK)


def plan_of(at_desk: AtDesk, incident: Incident, plan_id: str) -> Plan:
    """A plan of the incident, in its pinned version."""
    return at_desk.desk.versions[incident.courses[plan_id].digest]


def demo_mark(incident: Incident) -> Markup | None:
    return tag("span", "演示", class_="chip demo") if incident.demo else None


def _waiting(at_desk: AtDesk, found: list[dict[str, Any]]) -> Markup:
    if not found:
        return nothing("没有待签的建议。事实使级别应当变动时，建议列在这里，注明由谁签")
    own = [one for one in found if mine(at_desk, one)]
    others = [one for one in found if not mine(at_desk, one)]
    parts = []
    if own:
        parts.append(tag("h3", f"等您签 · {len(own)}", class_="band"))
        parts.append(_list(at_desk, own, first=True))
    if others:
        parts.append(tag("h3", f"等别人签 · {len(others)}", class_="band"))
        parts.append(_list(at_desk, others, first=False))
    return join(parts)


def _list(at_desk: AtDesk, found: list[dict[str, Any]], *, first: bool) -> Markup:
    rows = [_row(at_desk, one, own=first) for one in found]
    rest = rows[MOST:]
    more = tag("details", tag("summary", f"全部 {len(rows)} 项"), tag("ol", *rest), data_key="rest") if rest else None
    return tag("div", tag("ol", *rows[:MOST]), more, data_key="own" if first else "others")


def _row(at_desk: AtDesk, one: dict[str, Any], *, own: bool) -> Markup:
    incident = at_desk.desk.incident(one["incident"])
    plan = plan_of(at_desk, incident, one["plan"])
    scale = plan.scales[one["scale"]]
    href = f"/sign/{one['incident']}/{one['id']}"
    facts = "；".join(f"{fact['label']} {fact['words']}" for fact in one["facts"][:3])
    clauses = [clause(plan.id, name) for name in one["clauses"][:3]]
    higher = [
        name
        for level, name in zip(one["possible"], one["possible_names"], strict=True)
        if scale.rank(level) > scale.rank(one["level"])
    ]
    still = tag("span", f"还可能：{'、'.join(higher)}", class_="chip maybe-more") if higher else None
    return tag(
        "li",
        line(
            badge(scale, one["before"]),
            tag("span", "→", aria_label="改为"),
            badge(scale, one["level"]),
            tag("b", one["words"]),
            still,
        ),
        line(
            tag("a", one["title"], href=f"/incidents/{one['incident']}"),
            demo_mark(incident),
            tag("span", plan.title, class_="aside"),
        ),
        line(tag("span", "因为", class_="label"), tag("span", facts or "见条款"), *clauses),
        line(
            tag("span", "由", class_="label"),
            tag("b", "或".join(one["signers"][:3]), class_="signer"),
            tag("span", "签"),
            tag("span", moment(one["proposed_at"], at_desk.now), class_="aside"),
            ago(one["proposed_at"], "前提出"),
            tag(
                "a",
                "看后签" if own else "看详情",
                href=href,
                class_=f"button push {'primary' if own else ''}",
                data_shortcut="d" if own else None,
            ),
        ),
        class_="proposal" + (" unacknowledged" if own else ""),
        data_key=f"{one['incident']}/{one['id']}",
    )


def _provisional(at_desk: AtDesk, incidents: Sequence[Incident]) -> Markup:
    ends, later = [], []
    for incident in incidents:
        for course in incident.courses.values():
            plan = at_desk.desk.versions[course.digest]
            for key, until in course.provisional.items():
                ends.append(
                    (until, _standing(at_desk, incident, plan, key, f"暂定到 {moment(until, at_desk.now)}", until.isoformat()))
                )
            for one in course.scheduled:
                words = f"{one.post}已签{level_word(plan.scales[one.scale], one.level)}，{moment(one.effective_from, at_desk.now)} 起生效"
                later.append(
                    (one.effective_from, _standing(at_desk, incident, plan, one.scale, words, one.effective_from.isoformat()))
                )
    if not ends and not later:
        return nothing("没有暂定或待生效的级别。签发时填了“暂定到”的，到期前列在这里")
    return tag("ul", *(row for _, row in sorted([*ends, *later], key=lambda one: one[0])))


def _standing(at_desk: AtDesk, incident: Incident, plan: Plan, scale_id: str, words: str, at: str) -> Markup:
    scale = plan.scales[scale_id]
    return tag(
        "li",
        line(badge(scale, incident.courses[plan.id].levels.get(scale_id), "small"), tag("b", words), left(at)),
        line(
            tag("a", incident.title, href=f"/incidents/{incident.id}"), tag("span", f"{plan.title}·{scale.short}", class_="aside")
        ),
        data_key=f"{incident.id}/{plan.id}/{scale_id}/{words}",
    )


def _alone(at_desk: AtDesk, incidents: Sequence[Incident]) -> Markup:
    if not incidents:
        return nothing("没有在办的事件")
    rows = [
        tag(
            "details", tag("summary", incident.title, " ", demo_mark(incident)), *_scales(at_desk, incident), data_key=incident.id
        )
        for incident in incidents
    ]
    return join([tag("p", "升级、降级、解除，预案留给人决定的，也在这里签，须写理由。", class_="aside"), *rows])


def _scales(at_desk: AtDesk, incident: Incident) -> list[Markup]:
    found = []
    for course in incident.courses.values():
        plan = at_desk.desk.versions[course.digest]
        rows = [
            tag(
                "li",
                badge(scale, course.levels.get(scale.id), "small"),
                tag("a", f"{scale.short}：另行决定", href=f"/sign/{incident.id}/{plan.id}/{scale.id}/new"),
                class_="line",
            )
            for scale in leading_scales(plan)
        ]
        found.append(tag("div", tag("span", plan.title, class_="aside"), tag("ul", *rows), data_key=plan.id))
    return found or [nothing("还没有选定预案")]
