"""任务: who must do what by when, over all incidents: by unit, by incident or by deadline; ticked off with time and note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from api.console.markup import Child, Markup, join, tag
from api.console.parts.words import clause, deadline, moment
from api.console.screen import AT_WORK, Screen, line, nothing, panel
from api.console.visit import Visit
from api.http.at_desk import AtDesk
from api.http.incident_duties import Engagements
from engine.contract.incident import duties_data
from engine.contract.work import NOBODY, STEP_WORDS
from engine.incident.chain import Entry
from engine.incident.state import Incident

MOST = 12
VIEWS = {"unit": "按单位", "incident": "按事件", "deadline": "按时限"}
STATES = {
    "open": "未完成", "overdue": "已逾期", "due_soon": "即将到期", "running": "进行中", "waiting": "未起算", "none": "无时限",
    "done": "已完成", "settled": "不适用、无法完成", "ended": "已结束", "all": "全部",
}  # fmt: skip
DONE = ("met", "met_late")
SETTLED = ("not_applicable", "impossible")
GROUPS = {
    "overdue": "已逾期",
    "hour": "1 小时内",
    "shift": "8 小时内",
    "later": "以后",
    "waiting": "未起算",
    "none": "无时限",
    "over": "已有结果",
}
HOUR, SHIFT = 3600, 8 * 3600
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
Row = Mapping[str, Any]


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
        drawn = _Drawn(at_desk, incidents, several, bool(at_desk.caller.actor.roles & AT_WORK))
        return {
            "views": _views(view, self.visit.query),
            "clashes": _clashes(at_desk, several, rows),
            "duties": _grouped(drawn, rows, view, at_desk.now) if rows else nothing(_empty(state, text)),
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


def _address(query: Mapping[str, str], **changes: str) -> str:
    given = {**{key: value for key, value in query.items() if key in ("view", "state", "text", "incident") and value}, **changes}
    return f"/duties?{urlencode(given)}"


def _views(view: str, query: Mapping[str, str]) -> Markup:
    return join(
        (
            *(
                tag("a", words, href=_address(query, view=key), class_="button", aria_current="true" if key == view else None)
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
                tag("label", "什么时候（不填为现在）", tag("input", type="datetime-local", name="happened_at", data_type="time")),
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


class _Drawn:
    """What drawing a row needs."""

    def __init__(
        self, at_desk: AtDesk, incidents: Mapping[str, Incident], several: Mapping[str, tuple[str, ...]], marks: bool
    ) -> None:
        self.at_desk = at_desk
        self.incidents = incidents
        self.several = several
        self.marks = marks

    def row(self, one: Row, *, unit: bool = True, incident: bool = True) -> Markup:
        """One duty. unit, incident: whether to name it, where the heading does not."""
        name = one["unit"] or NOBODY
        where = self.incidents[one["incident"]]
        twice = self.several.get(one["unit_id"] or "")
        about: list[Child] = [clause(one["plan"], one["clause"]), tag("span", one["level_name"])]
        if incident:
            about.insert(0, tag("a", where.title, href=f"/incidents/{where.id}"))
            if where.demo:
                about.insert(1, tag("span", "演示", class_="chip demo"))
        if one["note"]:
            about.append(tag("span", f"注：{one['note']}"))
        if not one["sure"]:
            about.append(tag("span", tag("span", "是否适用未知", class_="plate"), class_="unknown"))
        return tag(
            "li",
            tag("div", self._due(one), class_="duty-when"),
            tag(
                "div",
                tag(
                    "div",
                    tag("b", name) if unit else None,
                    "：" if unit else None,
                    tag("span", one["action"], class_="does"),
                    tag("span", "立即", class_="soon") if one["immediate"] else None,
                    tag("span", f"同时承担 {len(twice)} 件", class_="chip twice") if unit and twice else None,
                ),
                tag("div", *about, class_="line about"),
            ),
            tag("div", self._step(one), class_="duty-step"),
            self._buttons(one, name) if self.marks else None,
            class_="duty-row",
            data_key=one["key"],
            id=one["key"],
        )

    def _due(self, one: Row) -> Markup:
        found = one["deadline"]
        if one["ended_at"] is not None and found["state"] not in ("overdue", *DONE):
            return tag("span", "任务已结束", class_="aside")
        period = found["period"]
        rounds = tag("small", f"第 {period['number']} 次，误 {period['missed']} 次") if period and period["missed"] else None
        printed = tag("small", one["due_words"]) if one["due"] else None
        return tag("div", deadline(found, self.at_desk.now), printed, rounds)

    def _step(self, one: Row) -> Markup:
        """How far it is, in a word and a form; who said so, and when."""
        step = one["step"]
        mark = {"done": "✓", "not_applicable": "—", "impossible": "✗", None: "○"}.get(step, "◔")
        last = one["steps"][-1] if one["steps"] else None
        said = None
        if last is not None:
            note = f"：{last['note']}" if last["note"] else ""
            said = tag("small", f"{moment(last['happened_at'], self.at_desk.now)} {last['by_name']}{note}")
        return tag("div", tag("span", f"{mark} {one['step_name']}", class_=f"step-word {step or 'not-yet'}"), said)

    def _buttons(self, one: Row, name: str) -> Markup:
        def button(words: str, step: str, key: str | None = None) -> Markup:
            return tag(
                "button", words, type="button", class_="button", data_open="mark", data_set_incident=one["incident"],
                data_set_key=one["key"], data_set_step=step, data_set_what=f"{name}：{one['action']}", data_shortcut=key,
                aria_label=f"{words}：{name}，{one['action']}",
            )  # fmt: skip

        fresh = one["step"] in (None, "notified") and one["ended_at"] is None
        return tag(
            "div",
            button("收到", "acknowledged", "a") if fresh else None,
            button("完成", "done") if one["step"] not in ("done", *SETTLED) or one["deadline"]["period"] else None,
            button("登记", ""),
            class_="duty-buttons",
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


def _grouped(drawn: _Drawn, rows: Sequence[Row], view: str, now: datetime) -> Markup:
    if view == "deadline":
        return _by_deadline(drawn, rows, now)
    groups: dict[str, list[Row]] = {}
    for one in sorted(rows, key=_urgency):
        key = one["incident"] if view == "incident" else (one["unit_id"] or one["unit"] or "")
        groups.setdefault(key, []).append(one)
    if view == "incident":
        return join(_incident_group(drawn, drawn.incidents[key], listed) for key, listed in sorted(groups.items()))
    ordered = sorted(groups.items(), key=lambda one: one[0] == "")
    parts = [_unit_group(drawn, listed, number < MOST) for number, (_, listed) in enumerate(ordered)]
    rest = parts[MOST:]
    more = tag("details", tag("summary", f"全部 {len(parts)} 个单位"), *rest, data_key="other-units") if rest else None
    return join((*parts[:MOST], more))


def _urgency(one: Row) -> tuple[int, str]:
    order = {"overdue": 0, "due_soon": 0, "running": 0, "waiting": 2, "none": 3}
    state = one["deadline"]["state"]
    rank = 1 if one["immediate"] and state in ("none", "waiting") and one["step"] is None else order.get(state, 4)
    return rank, str(one["deadline"]["due_at"] or "")


def _unit_group(drawn: _Drawn, listed: Sequence[Row], few: bool) -> Markup:
    first = listed[0]
    name = first["unit"] or NOBODY
    twice = drawn.several.get(first["unit_id"] or "")
    incidents = dict.fromkeys(one["incident"] for one in listed)
    cards = [
        tag(
            "a",
            f"任务卡{'' if len(incidents) == 1 else f'（{drawn.incidents[one].title}）'}",
            href=f"/print/duties/{one}?{_unit_query(first)}",
            class_="button",
        )
        for one in incidents
    ]
    head = line(
        tag("h2", name, class_="title"),
        tag("span", f"{len(listed)} 项", class_="aside"),
        tag("span", f"同时承担 {len(twice)} 件事件", class_="chip twice") if twice else None,
        tag("span", *cards, class_="push line"),
        class_="line group-head",
    )
    return tag(
        "section",
        head,
        _list([drawn.row(one, unit=False) for one in listed], 5 if few else 3),
        class_="duty-group",
        data_key=name,
    )


def _unit_query(one: Row) -> str:
    return urlencode({"unit": one["unit_id"] or one["unit"] or ""})


def _incident_group(drawn: _Drawn, incident: Incident, listed: Sequence[Row]) -> Markup:
    overdue = sum(1 for one in listed if one["deadline"]["state"] == "overdue")
    head = line(
        tag("h2", tag("a", incident.title, href=f"/incidents/{incident.id}"), class_="title"),
        tag("span", "演示", class_="chip demo") if incident.demo else None,
        tag("span", f"{len(listed)} 项", class_="aside"),
        tag("span", f"已逾期 {overdue} 项", class_="inverse") if overdue else None,
        tag("a", "打印全部任务卡", href=f"/print/duties/{incident.id}", class_="button push"),
        class_="line group-head",
    )
    return tag(
        "section",
        head,
        _list([drawn.row(one, incident=False) for one in listed], MOST),
        class_="duty-group",
        data_key=incident.id,
    )


def _by_deadline(drawn: _Drawn, rows: Sequence[Row], now: datetime) -> Markup:
    groups: dict[str, list[Row]] = {}
    for one in sorted(rows, key=lambda row: str(row["deadline"]["due_at"] or "")):
        groups.setdefault(_when(one, now), []).append(one)
    return join(
        tag(
            "section",
            tag("h2", f"{words} · {len(groups[key])}", class_="title group-head"),
            _list([drawn.row(one) for one in groups[key]], MOST),
            class_="duty-group",
            data_key=key,
        )
        for key, words in GROUPS.items() if key in groups
    )  # fmt: skip


def _when(one: Row, now: datetime) -> str:
    state, due_at = one["deadline"]["state"], one["deadline"]["due_at"]
    if one["step"] in SETTLED or state in DONE or (state == "none" and one["step"] == "done"):
        return "over"
    if state in ("waiting", "none", "overdue") or due_at is None:
        return str(state)
    remains = (datetime.fromisoformat(due_at) - now).total_seconds()
    return "hour" if remains <= HOUR else "shift" if remains <= SHIFT else "later"


def _list(rows: Sequence[Markup], most: int) -> Markup:
    rest = rows[most:]
    more = tag("details", tag("summary", f"全部 {len(rows)} 项"), tag("ol", *rest), data_key="rest") if rest else None
    return tag("div", tag("ol", *rows[:most]), more)
