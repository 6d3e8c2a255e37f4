"""The duties of an incident by unit: state, deadline, clause; ticked off with time and note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from api.console.markup import EMPTY, Markup, join, tag
from api.console.parts.words import clause, deadline, moment
from api.console.screens.incident_dialogs import time_line
from api.console.screens.incident_view import View
from api.console.tree import unknown_plate
from api.http.incident_duties import Engagements
from engine.contract.incident import duties_data
from engine.contract.work import STEP_WORDS, by_unit

Json = dict[str, Any]
MOST_OTHERS = 3
OVER = ("done", "not_applicable", "impossible")
STATES = (("", "全部状态"), ("fresh", "未确认"), ("open", "在办"), ("timed", "有时限"), ("overdue", "已逾期"), ("over", "已办结"))


Others = tuple[int, tuple[tuple[str, str], ...]]
"""How many open incidents engage a unit, and ids and titles of the first of the others."""
Elsewhere = Mapping[str, Others]


def elsewhere(view: View, engagements: Engagements) -> dict[str, Others]:
    """Of the units of an incident, those that are engaged elsewhere. Of the past nothing is said."""
    if view.past or view.incident.status != "open":
        return {}
    running = {one.id: one for one in view.at_desk.open_incidents() if not one.watch}
    return {
        one["unit_id"]: (
            one["count"],
            tuple((each, running[each].title) for each in one["incidents"] if each != view.incident.id)[:MOST_OTHERS],
        )
        for one in engagements.several(list(running.values()), len(running))
        if view.incident.id in one["incidents"] or one["count"] > len(one["incidents"])
    }


def panels(view: View, shared: Elsewhere) -> dict[str, Markup]:
    """Every duty in force, by unit in a fixed order: a panel a unit, so that what changes is little."""
    found = duties_data(view.incident, view.at_desk.desk.versions, view.at, view.at_desk.names, ended=False)
    if not found:
        return {"duties": tag("p", "没有在行的任务。级别签发后，各单位的任务列在这里", class_="nothing"), "duty-counts": EMPTY}
    groups = [{**unit, "duties": sorted(unit["duties"], key=_rank)} for unit in by_unit(found)]
    groups.sort(key=lambda unit: _rank(unit["duties"][0]))
    first = next((one["key"] for unit in groups for one in unit["duties"] if _fresh(one)), None)
    places = (
        tag("section", data_key=_unit_key(one), data_panel=f"duties:{_unit_key(one)}", data_still=True, data_group=True)
        for one in groups
    )
    none = tag("p", "按此筛选没有任务", class_="nothing", data_none=True, hidden=True)
    skeleton = join((tag("div", *places, data_narrowed="duties"), none))
    return {
        "duties": skeleton,
        "duty-counts": _counts(found),
        **{f"duties:{_unit_key(one)}": _unit(view, one, first, shared.get(one["unit_id"] or "")) for one in groups},
    }


def _rank(one: Json) -> int:
    """With a limit first, what must stand at all times last; it never changes, so rows keep their places."""
    return 3 if one["standing"] else 0 if one["due"] is not None else 1 if one["immediate"] else 2


def _counts(found: list[Json]) -> Markup:
    over = sum(1 for one in found if one["step"] in OVER)
    late = sum(1 for one in found if one["deadline"]["state"] == "overdue")
    fresh = sum(1 for one in found if _fresh(one))
    return tag(
        "p",
        f"{len(found)} 项，办结 {over}，未确认 {fresh}，",
        tag("b", f"逾期 {late}", class_="inverse" if late else None),
        class_="aside",
    )


def units(view: View) -> Markup:
    """The units to choose from."""
    found = duties_data(view.incident, view.at_desk.desk.versions, view.at, {}, ended=False)
    options = (
        tag("option", f"{one['unit']} {len(one['duties'])}", value=_unit_key(one), data_key=_unit_key(one))
        for one in by_unit(found)
    )
    return join((tag("option", "全部单位", value="", data_key="all"), *options))


def _unit_key(unit: Json) -> str:
    return quote(str(unit["unit_id"] or unit["unit"]), safe="")


def _fresh(one: Json) -> bool:
    """Nobody has confirmed it yet; what must stand at all times waits for nobody."""
    return one["step"] in (None, "notified") and not one["standing"]


def _unit(view: View, unit: Json, first: str | None, others: Others | None) -> Markup:
    over = sum(1 for one in unit["duties"] if one["step"] in OVER)
    named = unit["duties"][0]["unit"] is not None
    standing = [one for one in unit["duties"] if one["standing"]]
    return join((
        tag(
            "h3",
            tag("span", unit["unit"]) if named else unknown_plate("责任单位 预案未写明"),
            tag("small", f"{over}/{len(unit['duties'])}"),
            tag("span", f"同时承担 {others[0]} 件", class_="chip twice") if others else None,
            tag("a", "打印", href=f"/print/duties/{quote(view.incident.id)}?unit={quote(str(unit['unit']))}", class_="aside push") if named else None,
            class_="line",
        ),
        _others(*others) if others else None,
        tag("ul", *(_row(view, one, _unit_key(unit), first) for one in unit["duties"] if not one["standing"])),
        tag(
            "details",
            tag("summary", f"平时即须落实 {len(standing)} 项"),
            tag("ul", *(_row(view, one, _unit_key(unit), first) for one in standing)),
            data_key="standing",
            class_="duty-more",
        )
        if standing
        else None,
    ))  # fmt: skip


def _others(count: int, others: tuple[tuple[str, str], ...]) -> Markup:
    """The other incidents that engage the unit."""
    links = [tag("a", title, href=f"/incidents/{quote(each)}") for each, title in others]
    more = f" 等 {count - 1} 件" if count - 1 > len(others) else None
    return tag("p", "也承担：", join(links, "、"), more, class_="aside")


def _row(view: View, one: Json, unit: str, first: str | None) -> Markup:
    found = one["deadline"]
    over, fresh = one["step"] in OVER, _fresh(one)
    states = [name for name, holds in (
        ("fresh", fresh), ("open", not over), ("timed", found["due_at"] is not None), ("overdue", found["state"] == "overdue"), ("over", over),
    ) if holds]  # fmt: skip
    waits = found["state"] in ("running", "due_soon", "overdue")
    return tag(
        "li",
        tag("span", "✓" if one["step"] == "done" else "—" if over else "□", class_="tick-mark", role="img", aria_label=one["step_name"]),
        tag(
            "div",
            tag(
                "span", one["action"], class_="done" if over else None, tabindex="-1" if waits else None,
                data_focus=True if waits else None, data_shortcut="d" if waits else None,
            ),
            " ",
            clause(one["plan"], one["clause"]),
            class_="do",
        ),
        tag("div", _due(one, view), class_="limit"),
        tag("div", *_steps(one, view), *(_buttons(view, one, first) if view.acts else ()), class_="line aside under"),
        id=one["key"],
        data_key=one["key"],
        data_row=True,
        data_unit=unit,
        data_state=" ".join(states),
        class_="duty" + (" unacknowledged" if one["key"] == first and waits else ""),
    )  # fmt: skip


def _due(one: Json, view: View) -> Markup:
    if one["deadline"]["state"] == "none":
        return tag("b", "立即") if one["immediate"] else tag("span", "平时落实" if one["standing"] else "", class_="aside")
    return deadline(one["deadline"], view.at)


def _steps(one: Json, view: View) -> list[Markup]:
    """How far it is, since when and by whom; the limit in words; remarks."""
    found = []
    if one["steps"]:
        last = one["steps"][-1]
        note = f"：{last['note']}" if last["note"] else ""
        found.append(tag("b", f"{last['step_name']} {moment(last['happened_at'], view.at)}"))
        found.append(tag("span", f"{last['by_name']}{note}"))
    elif not one["standing"]:
        found.append(tag("span", one["step_name"]))
    if one["due"] is not None:
        found.append(tag("span", one["due_words"]))
    if not one["sure"]:
        found.append(unknown_plate("是否适用未知"))
    if one["note"]:
        found.append(tag("span", one["note"]))
    return found


def _buttons(view: View, one: Json, first: str | None) -> list[Markup]:
    """Confirm and finish at once; every other step, another time or a note in the dialog."""
    if one["step"] in OVER:
        return [_other(one)]
    url = f"/api/v1/incidents/{quote(view.incident.id)}/duties/{quote(one['key'], safe='')}/steps"

    def quick(step: str, word: str, key: str | None = None) -> Markup:
        return tag(
            "button", word, type="submit", form="step-now", name="step", value=step, data_url=url, class_="button small",
            data_shortcut=key, aria_label=f"{word}：{one['action']}",
        )  # fmt: skip

    found = [quick("acknowledged", "确认", "a")] if _fresh(one) else []
    return [tag("span", *found, quick("done", "完成"), _other(one), class_="push")]


def _other(one: Json) -> Markup:
    return tag(
        "button", "…", type="button", class_="button small", data_open="step", data_setkey=one["key"],
        data_tells=f"{one['unit'] or ''}：{one['action']}（{one['clause']}）", aria_label=f"记进展：{one['action']}",
    )  # fmt: skip


def filters() -> Markup:
    """Chosen by the officer, kept by the browser."""
    states = (tag("option", words, value=value) for value, words in STATES)
    return tag(
        "div",
        tag("select", data_panel="units", data_narrow="duties", data_by="unit", aria_label="单位"),
        tag("select", *states, data_narrow="duties", data_by="state", aria_label="状态"),
        class_="line filters",
    )


def step_forms(incident: str) -> Markup:
    """The form behind the buttons, and the dialog for a step with its time and a note."""
    steps = (
        tag("label", tag("input", type="radio", name="step", value=step), f" {word}", class_="choice")
        for step, word in STEP_WORDS.items()
    )
    return join((
        tag("form", tag("p", data_said=True, class_="said", role="status", tabindex="-1"), id="step-now", data_url="/", data_label="任务进展"),
        tag(
            "dialog",
            tag("h2", "记任务进展", class_="title"),
            tag("p", data_about=True, class_="about"),
            tag(
                "form",
                tag("input", type="hidden", name="key"),
                tag("div", *steps, class_="choices", role="radiogroup", aria_label="进展"),
                time_line("什么时候"),
                tag("label", "备注（不适用、无法完成须写）", tag("textarea", name="note")),
                tag("div", tag("button", "记下", type="submit", class_="button primary"),
                    tag("button", "关闭", type="button", class_="button", data_close=True), class_="line"),
                tag("p", data_said=True, class_="said", role="status", tabindex="-1"),
                data_url=f"/api/v1/incidents/{incident}/duties/{{key}}/steps",
                data_label="任务进展",
            ),
            id="step",
            aria_label="记任务进展",
            data_once=True,
        ),
    ))  # fmt: skip
