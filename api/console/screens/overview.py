"""值班台: what is overdue, what comes next, which incident is worst, what waits for a signature."""

from __future__ import annotations

from typing import Any

from api.console.badge import badge
from api.console.markup import EMPTY, Markup, join, tag
from api.console.parts.kept import Kept
from api.console.parts.words import ago, deadline, left, moment, to_go
from api.console.screen import Screen, nothing, panel
from api.http.at_desk import AtDesk
from engine.assess import assess
from engine.contract.incident import incident_row, pending_data
from engine.contract.work import NOBODY, work_data
from engine.counterfactual import distances
from engine.incident.board import board
from engine.incident.fact import facts_now
from engine.incident.state import Incident
from engine.plan.model import Plan, Scale
from engine.plan.words import level_word

MOST_CARDS, MOST_ROWS, MOST_SCALES = 12, 12, 4
WHERE = {"overdue": "已逾期", "hour": "1 小时内", "shift": "8 小时内", "later": "以后"}
WATCHES: Kept[Markup] = Kept(200)
HOUR, SHIFT = 3600, 8 * 3600


class Overview(Screen):
    """The first screen."""

    path, title, rail = "/", "值班台", "值班"

    def frame(self, at_desk: AtDesk) -> Markup:
        return tag(
            "div",
            tag(
                "div",
                panel("signatures", label="待签", heading="待签", classes="signatures", live=True),
                panel("incidents", label="在办事件", heading="在办事件"),
                panel("watches", label="常态监测", heading="常态监测"),
                class_="stack",
            ),
            panel("board", label="时限", heading="时限", classes="board"),
            class_="columns overview",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        found = at_desk.open_incidents()
        incidents = [one for one in found if not one.watch]
        return {
            "signatures": _signatures(at_desk, incidents),
            "incidents": _incidents(at_desk, incidents),
            "watches": _watches(at_desk, [one for one in found if one.watch]),
            "board": _board(at_desk, incidents),
        }


def _signatures(at_desk: AtDesk, incidents: list[Incident]) -> Markup:
    waiting = [one for incident in incidents for one in pending_data(incident, at_desk.desk.versions, at_desk.now, at_desk.posts)]
    if not waiting:
        return nothing("没有待签的建议")
    return tag("ul", *(_signature(at_desk, one) for one in waiting))


def _signature(at_desk: AtDesk, one: dict[str, Any]) -> Markup:
    scale = at_desk.desk.versions[at_desk.desk.incident(one["incident"]).courses[one["plan"]].digest].scales[one["scale"]]
    mine = tag("b", "等您签", class_="soon") if one["mine"] else None
    return tag(
        "li",
        badge(scale, one["level"]),
        tag("a", f"{one['words']}", href=f"/sign/{one['incident']}/{one['id']}"),
        tag("span", one["title"]),
        tag("span", f"由{'、'.join(one['signers'][:2])}签", class_="aside"),
        ago(one["proposed_at"], "前提出"),
        mine,
        class_="line" + (" unacknowledged" if one["mine"] else ""),
        data_key=f"{one['incident']}/{one['id']}",
    )


def _incidents(at_desk: AtDesk, incidents: list[Incident]) -> Markup:
    if not incidents:
        return tag(
            "div",
            nothing("没有在办的事件。接到第一句话就记："),
            tag("a", "快报", href="/new", class_="button primary", data_shortcut="n"),
        )
    soonest = {one.incident: one.rows[0] for one in at_desk.desk.states.deadlines(at_desk.now) if one.rows}
    ordered = sorted(incidents, key=lambda one: one.id)
    cards = (
        _card(at_desk, n, one, incident_row(one, at_desk.desk.versions, at_desk.now, soonest.get(one.id)))
        for n, one in enumerate(ordered[:MOST_CARDS], start=1)
    )
    more = tag("a", f"全部 {len(incidents)} 件", href="/incidents") if len(incidents) > MOST_CARDS else None
    return join((tag("div", *cards, class_="cards"), more))


def _card(at_desk: AtDesk, number: int, incident: Incident, row: dict[str, Any]) -> Markup:
    plans = [_plan_line(at_desk.desk.versions[course.digest], course.levels) for course in incident.courses.values()]
    following = row["next_deadline"]
    due = nothing("没有在计时的时限") if following is None else tag(
        "div", deadline(following["deadline"], at_desk.now), tag("span", f"{following['unit'] or ''} {following['action']}"), class_="next"
    )  # fmt: skip
    return tag(
        "article",
        tag(
            "div",
            tag("span", str(number), class_="chip") if number < 10 else None,
            tag(
                "a", row["title"], href=f"/incidents/{row['id']}", class_="name",
                data_shortcut=str(number) if number < 10 else None,
            ),
            tag("span", "演示", class_="chip demo") if row["demo"] else None,
            tag("span", f"{row['proposals']} 项待签", class_="soon") if row["proposals"] else None,
            class_="line",
        ),
        *plans or (nothing("还没有选定预案"),),
        due,
        tag(
            "div", tag("span", row["place"]) if row["place"] else None, ago(row["reported_at"], "前接报"),
            tag("span", f"负责：{row['owner']['name'] if row['owner'] else '无'}", class_="push"), class_="line aside",
        ),
        class_="card",
        data_key=row["id"],
    )  # fmt: skip


def _plan_line(plan: Plan, levels: Any) -> Markup:
    """One coloured badge a plan: of the highest scale in force; the others are outlined chips."""
    shown = [scale for scale in plan.scales.values() if levels.get(scale.id) is not None]
    first = max(
        shown, key=lambda scale: (scale.rank(levels.get(scale.id)) / len(scale.levels), scale.follows is None), default=None
    )
    if first is None:
        first = next(iter(plan.scales.values()))
    chips = (
        tag("span", f"{one.short} {level_word(one, levels.get(one.id))}", class_="chip") for one in shown if one is not first
    )
    return tag("div", badge(first, levels.get(first.id)), tag("span", plan.title), *chips, class_="line")


def _watches(at_desk: AtDesk, watches: list[Incident]) -> Markup:
    if not watches:
        return join((nothing("没有常态监测。建立后，这里显示离下一级还差多少"), tag("a", "去建立常态监测", href="/watches")))
    return tag("ul", *(_watch(at_desk, one) for one in sorted(watches, key=lambda one: one.id)))


def _watch(at_desk: AtDesk, watch: Incident) -> Markup:
    """A watch, the same for every visitor: worked out once a minute, and when something is recorded."""
    return WATCHES.get((watch.hash, at_desk.now.replace(second=0, microsecond=0)), lambda: _watched(at_desk, watch))


def _watched(at_desk: AtDesk, watch: Incident) -> Markup:
    lines, made = [], []
    for course in watch.courses.values():
        plan = at_desk.desk.versions[course.digest]
        found = assess(plan, facts_now(watch, plan).facts, at_desk.now)
        leading = [scale for scale in plan.scales.values() if scale.follows is None]
        for scale in leading:
            name = tag("span", scale.short) if len(leading) > 1 else None
            lines.append(
                tag("div", name, badge(scale, found.levels[scale.id], "small"), _gap(found, plan, scale), class_="watch-row")
            )
        for one in course.pending.values():
            said = f"已登记为事件：{one.words}" if _registered(watch) else f"建议登记事件：{one.words}"
            made.append(tag("a", said, href=f"/watches/{watch.id}", class_="chip" if _registered(watch) else "soon"))
    rest = len(lines) - MOST_SCALES
    return tag(
        "li",
        tag(
            "div",
            tag("a", watch.title, href=f"/watches/{watch.id}"),
            *made,
            tag("span", ago(_stamp(watch), "前更新"), class_="aside push"),
            class_="line",
        ),
        *lines[:MOST_SCALES],
        tag("a", f"另有 {rest} 项", href=f"/watches/{watch.id}", class_="aside") if rest > 0 else None,
        data_key=watch.id,
    )


def _registered(watch: Incident) -> bool:
    """Whether an incident was opened from it."""
    return bool(watch.links)


def _stamp(watch: Incident) -> str | None:
    return None if watch.last_at is None else watch.last_at.isoformat()


def _gap(found: Any, plan: Plan, scale: Scale) -> Markup:
    above = scale.levels[scale.rank(found.levels[scale.id]) :][:1]
    for level in above:
        for way in distances(found, scale.id, level, most=1):
            return tag("div", f"到{level_word(scale, level)}：", to_go(plan, way.changes, scale.id), class_="aside")
    return EMPTY


def _board(at_desk: AtDesk, incidents: list[Incident]) -> Markup:
    seen = {one.id: one for one in incidents}
    found = [one for one in at_desk.desk.states.deadlines(at_desk.now) if one.incident in seen]
    rows = board(found, 60)
    if not rows:
        return nothing("没有在计时的时限。级别生效后，各单位的时限列在这里")
    groups: dict[str, list[Markup]] = {}
    for row in rows:
        due = row.deadline.due_at
        assert due is not None
        remains = (due - at_desk.now).total_seconds()
        group = "overdue" if remains < 0 else "hour" if remains <= HOUR else "shift" if remains <= SHIFT else "later"
        plan = at_desk.desk.versions[seen[row.incident].courses[row.plan].digest]
        groups.setdefault(group, []).append(_due_row(seen[row.incident], work_data(row, plan, at_desk.now, {}), at_desk, group))
    return join(
        tag("section", tag("h3", f"{WHERE[key]} · {len(listed)}"), tag("ol", *listed[:MOST_ROWS]), data_key=key)
        for key in WHERE if (listed := groups.get(key))
    )  # fmt: skip


def _due_row(incident: Incident, row: dict[str, Any], at_desk: AtDesk, group: str) -> Markup:
    found = row["deadline"]
    form = "inverse" if group == "overdue" else "soon" if group == "hour" else None
    return tag(
        "li",
        tag(
            "div",
            tag("b", moment(found["due_at"], at_desk.now), class_="time"),
            left(found["due_at"]),
            class_=f"when {form or ''}",
        ),
        tag(
            "div",
            tag(
                "a",
                f"{row['unit'] or NOBODY}：{row['action']}",
                href=f"/incidents/{incident.id}#{row['key']}",
                data_shortcut="d",
            ),
            tag("small", f"{incident.title} · {row['clause']} · {row['step_name']}"),
        ),
        class_="due-row",
        data_key=f"{incident.id}/{row['key']}",
    )
