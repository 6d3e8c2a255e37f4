"""大屏: read-only, for everybody in the room: clock, incidents, next deadlines, what waits for a signature, the line."""

from __future__ import annotations

from api.console.badge import badge
from api.console.common import common_panels
from api.console.markup import Markup, join, tag
from api.console.parts.words import ago, left, moment
from api.console.screen import Screen, nothing
from api.console.screens.sign import plan_of, waiting
from api.http.at_desk import AtDesk
from engine.contract.known import value_words
from engine.contract.work import NOBODY
from engine.incident.board import board, rows
from engine.incident.state import Course, Incident
from engine.plan.words import level_word

MOST_INCIDENTS, MOST_DUE, MOST_SIGNATURES, MOST_LEVELS, MOST_ASKED = 6, 7, 3, 3, 2
DAYS = "一二三四五六日"


class Wall(Screen):
    """One picture without forms. Nothing moves on it but what happens."""

    path, title = "/wall", "大屏"
    bare = True

    def frame(self, at_desk: AtDesk) -> Markup:
        def part(name: str, heading: str) -> Markup:
            return tag("section", tag("h2", heading), tag("div", data_panel=name), class_=f"wall-part {name}", aria_label=heading)

        return tag(
            "main",
            tag(
                "header",
                tag("div", " ", tag("small"), data_clock=True, class_="wall-clock", role="timer", aria_label="北京时间"),
                tag("div", data_panel="day", class_="wall-day"),
                tag("div", data_panel="duty", class_="wall-duty"),
                tag("div", tag("b", data_linked=True), tag("span", data_panel="state"), class_="wall-link"),
                class_="wall-top",
            ),
            tag("div", hidden=True, data_line=True, class_="line-down", role="alert"),
            tag(
                "div",
                part("incidents", "在办事件"),
                tag("div", part("due", "时限"), part("signatures", "待签"), class_="wall-side"),
                class_="wall-body",
            ),
            class_="wall",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        incidents = sorted((one for one in at_desk.open_incidents() if not one.watch), key=lambda one: one.id)
        now = at_desk.now
        return {
            "day": join((tag("b", f"{now:%Y-%m-%d}"), tag("span", f"星期{DAYS[now.weekday()]}"))),
            "duty": common_panels(at_desk)["duty"],
            "state": Markup(f"数据更新到 {now:%H:%M}"),
            "incidents": _incidents(at_desk, incidents),
            "due": _due(at_desk, incidents),
            "signatures": _signatures(at_desk, incidents),
        }


def _more(count: int, shown: int, words: str) -> Markup | None:
    return tag("p", f"另有 {count - shown} {words}", class_="wall-more") if count > shown else None


def _incidents(at_desk: AtDesk, incidents: list[Incident]) -> Markup:
    if not incidents:
        return nothing("没有在办的事件")
    worst = sorted(incidents, key=lambda one: -_height(at_desk, one))[:MOST_INCIDENTS]
    shown = [one for one in incidents if one in worst]
    cards = tag("div", *(_card(at_desk, one) for one in shown), class_=f"wall-cards n{len(shown)}")
    return join((cards, _more(len(incidents), len(shown), "件未列出，见值班台")))


def _height(at_desk: AtDesk, incident: Incident) -> float:
    """How high its highest level stands, from 0 to 1."""
    found = [0.0]
    for course in incident.courses.values():
        scales = at_desk.desk.versions[course.digest].scales
        found += [scale.rank(course.levels.get(key)) / len(scale.levels) for key, scale in scales.items()]
    return max(found)


def _card(at_desk: AtDesk, incident: Incident) -> Markup:
    pending = sum(len(one.pending) for one in incident.courses.values())
    return tag(
        "article",
        tag(
            "h3",
            tag("span", "演示", class_="chip demo") if incident.demo else None,
            tag("span", f"{pending} 项待签", class_="soon") if pending else None,
            " ",
            incident.title,
        ),
        *(_course(at_desk, incident, one) for one in incident.courses.values()),
        *_asked(at_desk, incident),
        _duties(at_desk, incident),
        _latest(at_desk, incident),
        tag(
            "p",
            f"{incident.place or incident.jurisdiction}　",
            ago(_iso(incident.reported_at), "前接报"),
            f"　负责：{incident.owner_name or '无'}",
        ),
        data_key=incident.id,
    )


def _asked(at_desk: AtDesk, incident: Incident) -> list[Markup]:
    """What is proposed, and who signs."""
    return [
        tag("p", "建议 ", tag("b", one.words), f"，待{'或'.join(one.signers[:2])}签", data_key=one.id)
        for course in incident.courses.values()
        for one in course.pending.values()
    ][:MOST_ASKED]


def _duties(at_desk: AtDesk, incident: Incident) -> Markup | None:
    """How many duties, and how far they are."""
    found = rows(incident, at_desk.now)
    if not found:
        return None
    done = sum(1 for one in found if one.duty.step == "done")
    late = sum(1 for one in found if one.deadline.state == "overdue")
    overdue = tag("span", f"逾期 {late} 项", class_="inverse") if late else None
    return tag("p", f"任务 {len(found)} 项，完成 {done} 项 ", overdue)


def _latest(at_desk: AtDesk, incident: Incident) -> Markup | None:
    """The latest fact."""
    last = max((one for listed in incident.facts.values() for one in listed), key=lambda one: one.entry, default=None)
    plan = next(
        (
            found
            for one in incident.courses.values()
            if last and last.indicator in (found := plan_of(at_desk, incident, one.plan)).indicators
        ),
        None,
    )
    if last is None or plan is None:
        return None
    words = f"{plan.indicators[last.indicator].short} {value_words(plan, last.indicator, last.value)}"
    return tag("p", f"最近：{words}（{last.source}，{moment(last.observed_at, at_desk.now)}）", class_="wall-latest")


def _course(at_desk: AtDesk, incident: Incident, course: Course) -> Markup:
    plan = plan_of(at_desk, incident, course.plan)
    held = [(scale, course.levels.get(key)) for key, scale in plan.scales.items() if course.levels.get(key) is not None]
    held.sort(key=lambda one: (-one[0].rank(one[1]) / len(one[0].levels), one[0].follows is not None))
    first = next(iter(plan.scales.values()))
    shown = held[:1] or [(first, None)]
    chips = [tag("span", f"{scale.short} {level_word(scale, level)}", class_="chip") for scale, level in held[1:MOST_LEVELS]]
    return tag(
        "div",
        badge(*shown[0], "large"),
        tag("b", plan.title),
        tag("span", course.phase_word, class_="chip"),
        *chips,
        class_="wall-course",
        data_key=course.plan,
    )


def _iso(at: object) -> str | None:
    return at.isoformat() if hasattr(at, "isoformat") else None


def _due(at_desk: AtDesk, incidents: list[Incident]) -> Markup:
    seen = {one.id: one for one in incidents}
    found = [one for one in at_desk.desk.states.deadlines(at_desk.now) if one.incident in seen]
    soonest = board(found, MOST_DUE)
    if not soonest:
        return nothing("没有在计时的时限")
    count = sum(len(one.rows) for one in found)
    overdue = sum(1 for one in found for row in one.rows if row.deadline.state == "overdue")
    items = []
    for row in soonest:
        due_at = row.deadline.due_at
        form = {"overdue": "inverse", "due_soon": "soon"}.get(row.deadline.state, "")
        word = {"overdue": "已逾期", "due_soon": "即将到期"}.get(row.deadline.state)
        one = row.duty.assigned
        items.append(
            tag(
                "li",
                tag(
                    "div",
                    tag("b", moment(due_at, at_desk.now)),
                    left(_iso(due_at)),
                    tag("span", word) if word else None,
                    class_=f"wall-when {form}",
                ),
                tag("div", tag("span", one.action), tag("small", f"{one.unit or NOBODY} · {seen[row.incident].title}")),
                data_key=f"{row.incident}/{one.key}",
            )
        )
    more = f"另有 {count - len(soonest)} 项" if count > len(soonest) else ""
    late = f"共 {overdue} 项已逾期" if overdue else ""
    tail = "；".join(one for one in (late, more) if one)
    return join((tag("ol", *items), tag("p", tail, class_="wall-more") if tail else None))


def _signatures(at_desk: AtDesk, incidents: list[Incident]) -> Markup:
    found = sorted(waiting(at_desk, incidents), key=lambda one: str(one["proposed_at"]))
    if not found:
        return nothing("没有待签的建议")
    items = []
    for one in found[:MOST_SIGNATURES]:
        scale = plan_of(at_desk, at_desk.desk.incident(one["incident"]), one["plan"]).scales[one["scale"]]
        items.append(
            tag(
                "li",
                badge(scale, one["level"], "large"),
                tag(
                    "div",
                    tag("b", one["words"]),
                    tag("span", f"由{'或'.join(one['signers'][:2])}签　", ago(one["proposed_at"], "前提出")),
                    tag("small", one["title"]),
                ),
                data_key=f"{one['incident']}/{one['id']}",
            )
        )
    return join((tag("ol", *items), _more(len(found), MOST_SIGNATURES, "项待签")))
