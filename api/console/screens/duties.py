"""任务: who must do what by when, over all incidents: by unit, by incident or by deadline; ticked off with time and note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.console.markup import Markup, join, tag
from api.console.screen import AT_WORK, Screen, nothing, panel
from api.console.screens.duties_rows import DONE, SETTLED, Drawn, Row, address, grouped
from api.console.visit import Visit
from api.http.at_desk import AtDesk
from api.http.incident_duties import Engagements
from engine.contract.incident import duties_data
from engine.contract.work import NOBODY, STEP_WORDS
from engine.incident.chain import Entry
from engine.incident.state import Incident

VIEWS = {"unit": "按单位", "incident": "按事件", "deadline": "按时限"}
STATES = {
    "open": "未完成", "overdue": "已逾期", "due_soon": "即将到期", "running": "进行中", "waiting": "未起算", "none": "无时限",
    "done": "已完成", "settled": "不适用、无法完成", "ended": "已结束", "all": "全部",
}  # fmt: skip
DRAWN_FOR = {
    "duties_changed",
    "duty_marked",
    "moment_recorded",
    "level_set",
    "ended",
    "merged",
    "opened",
    "plan_moved",
    "archived",
}


class Duties(Screen):
    """The duties of every open incident that the visitor may see."""

    path, title, rail = "/duties", "任务", "任务"

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._engagements = Engagements()

    def frame(self, at_desk: AtDesk) -> Markup:
        return tag(
            "div",
            tag(
                "div",
                tag("div", data_panel="views", class_="views"),
                _filters(self._asked("state", "open"), self._asked("text", ""), self._asked("view", "unit")),
                class_="panel duties-head",
            ),
            panel("clashes", label="同时承担两件事件的单位", classes="clashes"),
            panel("duties", label="任务"),
            _dialog() if at_desk.caller.actor.roles & AT_WORK else None,
            class_="stack",
        )

    def _asked(self, name: str, otherwise: str) -> str:
        """What the address asks for; what it does not know counts as not asked."""
        found = self.visit.query.get(name, otherwise)
        known = {"view": VIEWS, "state": STATES}.get(name)
        return otherwise if known is not None and found not in known else found

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        view, state, text = self._asked("view", "unit"), self._asked("state", "open"), self._asked("text", "").strip()
        only = self.visit.query.get("incident")
        incidents = {one.id: one for one in at_desk.open_incidents() if not one.watch and only in (None, "", one.id)}
        running = [one for one in at_desk.open_incidents() if not one.watch]
        several = {one["unit_id"]: tuple(one["incidents"]) for one in self._engagements.several(running, len(running))}
        rows = [
            one
            for incident in incidents.values()
            for one in duties_data(incident, at_desk.desk.versions, at_desk.now, at_desk.names, ended=state in ("ended", "all"))
            if _in_state(one, state) and _says(one, incident, text)
        ]
        drawn = Drawn(at_desk, incidents, several, self.visit.query, bool(at_desk.caller.actor.roles & AT_WORK))
        return {
            "views": _views(view, self.visit.query),
            "clashes": _clashes(at_desk, several, rows),
            "duties": grouped(drawn, rows, view, at_desk.now) if rows else nothing(_empty(state, text)),
        }

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return entry.kind in DRAWN_FOR


def _empty(state: str, text: str) -> str:
    if text or state != "open":
        return "按这样筛选没有任务。换一种状态，或清空文字"
    return "没有未完成的任务。级别签发生效后，各单位的任务列在这里"


def _in_state(one: Row, state: str) -> bool:
    """Whether a duty is in the state that is asked for."""
    settled, found = one["step"] in SETTLED, one["deadline"]["state"]
    done = found in DONE or (found == "none" and one["step"] == "done")
    match state:
        case "all":
            return True
        case "ended":
            return one["ended_at"] is not None
        case "open":
            return not done and not settled
        case "done":
            return done
        case "settled":
            return settled
        case "none":
            return found == "none" and not done and not settled
        case _:
            return bool(found == state)


def _says(one: Row, incident: Incident, text: str) -> bool:
    """Whether every word occurs in the duty."""
    where = f"{one['unit'] or NOBODY} {one['action']} {one['clause']} {one['note'] or ''} {incident.title}".casefold()
    return all(word in where for word in text.casefold().split())


def _views(view: str, query: Mapping[str, str]) -> Markup:
    return join(
        (
            *(
                tag("a", words, href=address(query, view=key), class_="button", aria_current="true" if key == view else None)
                for key, words in VIEWS.items()
            ),
            tag("a", "打印时限板", href="/print/deadlines", class_="button push"),
        )
    )


def _filters(state: str, text: str, view: str) -> Markup:
    options = [tag("option", words, value=key, selected=key == state) for key, words in STATES.items()]
    return tag(
        "form",
        tag("input", type="hidden", name="view", value=view),
        tag("label", "状态", tag("select", *options, name="state")),
        tag(
            "label",
            "单位、任务、条款里的字",
            tag("input", type="search", name="text", value=text, autocomplete="off"),
            class_="wide",
        ),
        tag("button", "筛选", type="submit", class_="button"),
        data_ask=True,
        action="/duties",
        method="get",
        class_="duties-filter",
        role="search",
        aria_label="筛选任务",
    )


def _dialog() -> Markup:
    """Ticking off: what happened, when, and a note."""
    steps = [tag("option", "选一项", value=""), *(tag("option", words, value=key) for key, words in STEP_WORDS.items())]
    return tag(
        "dialog",
        tag("p", tag("output", name="what", class_="what")),
        tag(
            "form",
            tag("input", type="hidden", name="incident"),
            tag("input", type="hidden", name="key"),
            tag(
                "div",
                tag("label", "进展", tag("select", *steps, name="step", required=True, autofocus=True)),
                tag(
                    "label",
                    "什么时候（不填为现在）",
                    tag("input", name="happened_at", data_type="moment", placeholder="1430 或 11-22 14:30", autocomplete="off"),
                ),
                class_="row",
            ),
            tag("label", "备注（不适用、无法完成须写原因）", tag("textarea", name="note", maxlength="2000", rows="2")),
            tag("p", data_said=True, class_="said", role="status", tabindex="-1"),
            tag(
                "div",
                tag("button", "登记进展", type="submit", class_="button primary"),
                tag("button", "关闭", type="button", class_="button", data_close=True),
                class_="line",
            ),
            data_url="/api/v1/incidents/{incident}/duties/{key}/steps",
            data_label="任务进展",
            data_done="已登记",
            data_guard=True,
        ),
        id="mark",
        data_once=True,
        aria_label="登记任务进展",
    )


def _clashes(at_desk: AtDesk, several: Mapping[str, tuple[str, ...]], rows: Iterable[Row]) -> Markup:
    """Units that two incidents engage at once."""
    shown = {one["unit_id"]: one["unit"] for one in rows if one["unit_id"] in several}
    if not shown:
        return Markup("")
    items = [
        tag("li", tag("b", str(name)), f"：{'、'.join(at_desk.desk.incident(one).title for one in several[unit])}", data_key=unit)
        for unit, name in shown.items()
    ]
    most = tag("ul", *items[:4])
    rest = (
        tag("details", tag("summary", f"全部 {len(items)} 个单位"), tag("ul", *items[4:]), data_key="rest") if items[4:] else None
    )
    return join((tag("h2", f"{len(items)} 个单位同时承担两件以上事件", class_="title"), most, rest))
