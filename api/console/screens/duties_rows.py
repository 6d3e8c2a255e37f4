"""The rows of 任务: one duty each, in groups by unit, by incident or by deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from api.console.markup import Child, Markup, join, tag
from api.console.parts.words import clause, deadline, moment
from api.console.screen import line
from api.http.at_desk import AtDesk
from engine.contract.work import NOBODY
from engine.incident.state import Incident

MOST = 12
FEW = 5
DONE = ("met", "met_late")
SETTLED = ("not_applicable", "impossible")
GROUPS = {
    "overdue": "已逾期", "hour": "1 小时内", "shift": "8 小时内", "later": "以后", "waiting": "未起算", "none": "无时限", "over": "已有结果",
}  # fmt: skip
HOUR, SHIFT = 3600, 8 * 3600
Row = Mapping[str, Any]


class Drawn:
    """What drawing a row needs."""

    def __init__(
        self,
        at_desk: AtDesk,
        incidents: Mapping[str, Incident],
        several: Mapping[str, tuple[str, ...]],
        query: Mapping[str, str],
        marks: bool,
    ) -> None:
        self.at_desk = at_desk
        self.incidents = incidents
        self.several = several
        self.query = query
        self.marks = marks

    def row(self, one: Row, *, unit: bool = True, incident: bool = True) -> Markup:
        """One duty. unit, incident: whether to name it, where the heading does not."""
        name = one["unit"] or NOBODY
        where = self.incidents[one["incident"]]
        twice = self.several.get(one["unit_id"] or "")
        about: list[Child] = [
            clause(one["plan"], one["clause"]),
            tag("span", f"{one['level_name']}起", title="从这一级别起由该单位承担"),
        ]
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
            data_key=f"{one['incident']}/{one['key']}",
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


def grouped(drawn: Drawn, rows: Sequence[Row], view: str, now: datetime) -> Markup:
    """The rows in their groups. Where the address opens one group, that alone."""
    groups: dict[str, list[Row]] = {}
    for one in sorted(rows, key=_due if view == "deadline" else _urgency):
        key = _when(one, now) if view == "deadline" else one["incident"] if view == "incident" else _unit_key(one)
        groups.setdefault(key, []).append(one)
    back = None
    if (opened := drawn.query.get("open")) in groups:
        groups = {opened: groups[opened]}
        back = tag("a", "回到全部", href=address(drawn.query), class_="all-of")
    if view == "deadline":
        return join((back, *(_deadline_group(drawn, key, groups[key]) for key in GROUPS if key in groups)))
    if view == "incident":
        return join((back, *(_incident_group(drawn, drawn.incidents[key], groups[key]) for key in sorted(groups))))
    ordered = sorted(groups.items(), key=lambda one: one[0] == NOBODY)
    rest = [_unit_line(drawn, listed) for _, listed in ordered[MOST:]]
    more = tag("details", tag("summary", f"全部 {len(ordered)} 个单位"), tag("ul", *rest), data_key="rest") if rest else None
    return join((back, *(_unit_group(drawn, listed) for _, listed in ordered[:MOST]), more))


def _due(one: Row) -> tuple[int, str]:
    return 0, str(one["deadline"]["due_at"] or "")


def _urgency(one: Row) -> tuple[int, str]:
    order = {"overdue": 0, "due_soon": 0, "running": 0, "waiting": 2, "none": 3}
    state = one["deadline"]["state"]
    rank = 1 if one["immediate"] and state in ("none", "waiting") and one["step"] is None else order.get(state, 4)
    return rank, str(one["deadline"]["due_at"] or "")


def _unit_key(one: Row) -> str:
    return str(one["unit_id"] or one["unit"] or "") or NOBODY


def _unit_group(drawn: Drawn, listed: Sequence[Row]) -> Markup:
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
        _list(drawn, _unit_key(first), listed, FEW, unit=False),
        class_="duty-group",
        data_key=_unit_key(first),
    )


def _unit_line(drawn: Drawn, listed: Sequence[Row]) -> Markup:
    """A unit further down: its name and how much it has to do."""
    first = listed[0]
    late = sum(1 for one in listed if one["deadline"]["state"] == "overdue")
    return tag(
        "li",
        tag("a", first["unit"] or NOBODY, href=address(drawn.query, open=_unit_key(first))),
        tag("span", f"{len(listed)} 项", class_="aside"),
        tag("span", f"已逾期 {late} 项", class_="inverse") if late else None,
        tag("span", "同时承担多件", class_="chip twice") if first["unit_id"] in drawn.several else None,
        class_="line",
        data_key=_unit_key(first),
    )


def _unit_query(one: Row) -> str:
    return urlencode({"unit": one["unit_id"] or one["unit"] or ""})


def _incident_group(drawn: Drawn, incident: Incident, listed: Sequence[Row]) -> Markup:
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
        _list(drawn, incident.id, listed, MOST, incident=False),
        class_="duty-group",
        data_key=incident.id,
    )


def _deadline_group(drawn: Drawn, key: str, listed: Sequence[Row]) -> Markup:
    return tag(
        "section",
        tag("h2", f"{GROUPS[key]} · {len(listed)}", class_="title group-head"),
        _list(drawn, key, listed, MOST),
        class_="duty-group",
        data_key=key,
    )


def _when(one: Row, now: datetime) -> str:
    state, due_at = one["deadline"]["state"], one["deadline"]["due_at"]
    if one["step"] in SETTLED or state in DONE or (state == "none" and one["step"] == "done"):
        return "over"
    if state in ("waiting", "none", "overdue") or due_at is None:
        return str(state)
    remains = (datetime.fromisoformat(due_at) - now).total_seconds()
    return "hour" if remains <= HOUR else "shift" if remains <= SHIFT else "later"


def address(query: Mapping[str, str], **changes: str) -> str:
    """The screen's address with these changes: view, filters and the group that is open are kept in it."""
    kept = {key: value for key, value in query.items() if key in ("view", "state", "text", "incident") and value}
    return f"/duties?{urlencode({**kept, **changes})}"


def _list(drawn: Drawn, key: str, listed: Sequence[Row], most: int, *, unit: bool = True, incident: bool = True) -> Markup:
    """The first duties of a group; all of them where the address opens it."""
    opened = drawn.query.get("open") == key
    shown = listed if opened else listed[:most]
    more = None
    if len(shown) < len(listed):
        more = tag("a", f"全部 {len(listed)} 项", href=address(drawn.query, open=key), class_="all-of")
    return tag("div", tag("ol", *(drawn.row(one, unit=unit, incident=incident) for one in shown)), more)
