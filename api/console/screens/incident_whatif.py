"""假设: an incident with other facts or readings beside the live one. It asks and shows; nothing is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from api.console.badge import badge, ladder
from api.console.entry import BadEntry, read_number
from api.console.markup import Markup, join, tag
from api.console.parts.facts_fields import HOW, Field, fields_of, unit_of
from api.console.parts.words import clause
from api.console.screen import Screen, panel
from api.console.screens.incident_view import View
from api.http.at_desk import AtDesk
from engine.contract.comparison import difference_data
from engine.contract.known import fact_words
from engine.explain import level_states
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.incident.whatif import Difference, what_if
from engine.plan.finding import FactInvalid, YuanError
from engine.plan.model import Indicator, Plan

Json = dict[str, Any]
UNKNOWN = "unknown"
SAME = "照现在"
MOST_DUTIES = 40


class WhatIf(Screen):
    """The live state and the assumed one, side by side."""

    path, title = "/incidents/{incident_id}/what-if", "假设推算"

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return entry.incident == self.visit.parameters["incident_id"]

    def name(self, at_desk: AtDesk) -> str:
        try:
            return f"假设：{at_desk.incident(self.visit.parameters['incident_id']).title}"
        except YuanError:
            return self.title

    def frame(self, at_desk: AtDesk) -> Markup:
        view = View.of(at_desk, self.visit.parameters["incident_id"], None)
        query = self.visit.query
        fields = [one for one in fields_of(view.plans) if one.indicator.type != "series"]
        return tag(
            "div",
            tag(
                "div",
                tag("b", "假设", class_="assumed"),
                tag("span", "这里的一切都是假设，什么也不记录，不改动事件。", class_="strong"),
                tag("span", "实况随新的事实更新；假设的值保持不变。", class_="aside"),
                tag("a", "回到实况", href=f"/incidents/{quote(view.incident.id)}", class_="button push"),
                class_="line",
            ),
            tag(
                "div",
                tag(
                    "form",
                    tag("h2", "假设哪些事实、哪种读法", class_="title"),
                    tag(
                        "label",
                        "筛选",
                        tag("input", type="search", data_filter="assumptions", autocomplete="off", placeholder="打几个字"),
                    ),
                    tag(
                        "div",
                        *(_row(one, query) for one in fields),
                        *_readings(view, query),
                        id="assumptions",
                        class_="assumptions",
                    ),
                    tag("button", "全部照现在", type="reset", class_="button"),
                    data_ask=True,
                    class_="panel",
                ),
                panel("differences", label="实况与假设的差别", classes="differences", live=True),
                class_="columns what-if",
            ),
            class_="assumption of-incident",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        view = View.of(at_desk, self.visit.parameters["incident_id"], None)
        facts, readings, problems = assumed(view, self.visit.query)
        try:
            found = what_if(view.incident, at_desk.desk.versions, facts, readings, view.at)
        except YuanError as error:
            return {"differences": _problem(error.message, error.remedy)}
        parts = [_problem(one, "改过以后立即重算；其余的照算") for one in problems]
        if not facts and not any(readings.values()):
            parts.append(tag("p", "还没有假设。左边改一项，这里立即显示级别、签发人、任务和时限会怎样变。", class_="nothing"))
        return {"differences": join((*parts, *(_difference(one, facts) for one in found)))}


def assumed(view: View, query: Mapping[str, str]) -> tuple[Json, dict[str, dict[str, str]], list[str]]:
    """Facts (null: assumed not known) and readings that the address holds, and what in it cannot be understood."""
    facts: Json = {}
    problems: list[str] = []
    for one in fields_of(view.plans):
        indicator = one.indicator
        if indicator.type == "areas":
            rows: Json = {}
            for area in indicator.areas:
                for name, part in indicator.parts.items():
                    value = _read(f"{one.key}.{area}.{name}", part, query, f"{area}{part.short}", problems)
                    if value is not None:
                        rows.setdefault(area, {})[name] = value
            if rows:
                facts[one.key] = rows
            continue
        if query.get(f"h.{one.key}") == UNKNOWN or query.get(f"f.{one.key}") == UNKNOWN:
            facts[one.key] = None
            continue
        value = _read(one.key, indicator, query, indicator.short, problems)
        if value is not None:
            facts[one.key] = value
    readings = {
        plan.id: {
            key: letter for key, letters in plan.switches().items() if (letter := query.get(f"r.{plan.id}.{key}")) in letters
        }
        for plan in view.plans
    }
    return facts, readings, problems


def _read(key: str, indicator: Indicator, query: Mapping[str, str], label: str, problems: list[str]) -> Any:
    text = query.get(f"f.{key}", "").strip()
    if not text:
        return None
    if indicator.type == "boolean":
        return text == "true"
    if indicator.type == "enum":
        return text if text in indicator.values else None
    try:
        return read_number(indicator, query.get(f"h.{key}", ""), text)[1]
    except (BadEntry, FactInvalid) as problem:
        problems.append(f"{label}：{problem}")
        return None


def _row(one: Field, query: Mapping[str, str]) -> Markup:
    indicator = one.indicator
    label = tag("span", indicator.short, " ", tag("small", f"{unit_of(indicator)} {indicator.clause}".strip()))
    words = f"{indicator.label} {one.key}"
    if indicator.type == "areas":
        cells = [
            tag(
                "label",
                f"{area}{part.short} {unit_of(part)}",
                _control(f"{one.key}.{area}.{name}", part, query),
                data_words=f"{area}{part.label}",
            )
            for area in indicator.areas
            for name, part in indicator.parts.items()
        ]
        return tag("details", tag("summary", label), *cells, class_="assume", data_words=words)
    return tag("label", label, _control(one.key, indicator, query, whole=True), class_="assume", data_words=words)


def _control(key: str, indicator: Indicator, query: Mapping[str, str], *, whole: bool = False) -> Markup:
    name, now = f"f.{key}", query.get(f"f.{key}", "")
    unknown = [(UNKNOWN, "假设不知道")] if whole else []
    if indicator.type in ("boolean", "enum"):
        values = (
            [("true", "是"), ("false", "否")]
            if indicator.type == "boolean"
            else [(one, indicator.word(one)) for one in indicator.values]
        )
        return _select(name, [("", SAME), *values, *unknown], now)
    value = tag(
        "input", name=name, value=now, autocomplete="off", placeholder=SAME, inputmode="decimal", aria_label=indicator.short
    )
    if not whole:
        return value
    how = _select(f"h.{key}", [*HOW, *unknown], query.get(f"h.{key}", ""), f"{indicator.short}：知道到什么程度")
    return tag("span", how, value, class_="amount")


def _select(name: str, options: list[tuple[str, str]], now: str, label: str | None = None) -> Markup:
    listed = (tag("option", words, value=value, selected=value == now) for value, words in options)
    return tag("select", *listed, name=name, aria_label=label)


def _readings(view: View, query: Mapping[str, str]) -> list[Markup]:
    """The readings that something can be switched to."""
    found = []
    for plan in view.plans:
        for key, letters in plan.switches().items():
            reading = plan.readings[key]
            options = [
                ("", f"在用：{reading.chosen}"),
                *((letter, f"另读 {letter}：{reading.words(letter)}") for letter in letters),
            ]
            select = _select(f"r.{plan.id}.{key}", options, query.get(f"r.{plan.id}.{key}", ""))
            found.append(
                tag(
                    "label",
                    tag("span", tag("small", f"{key} {reading.clause}"), f" {reading.question}"),
                    select,
                    class_="assume",
                    data_words=f"{key} {reading.question}",
                )
            )
    return found


def _problem(message: str, remedy: str) -> Markup:
    return tag("p", tag("b", message), "　", remedy, class_="said error", role="alert")


def _difference(one: Difference, facts: Json) -> Markup:
    """One plan: facts, levels, possible levels, signers, counts side by side; duties and deadlines that differ."""
    plan, found = one.plan, difference_data(one)
    return tag(
        "section",
        tag("h2", plan.title, " ", tag("small", "没有差别" if found["same"] else "有差别"), class_="title"),
        tag(
            "table",
            tag("thead", tag("tr", tag("td"), tag("th", "实况", scope="col"), tag("th", "假设", scope="col"))),
            tag("tbody", *_facts(one, facts), *_levels(plan, one, found), *_counts(found)),
        ),
        _duties(plan, "新增的任务", "＋", found["added"]),
        _duties(plan, "不再有的任务", "－", found["removed"]),
        _moved(plan, found["moved"]),
        data_key=plan.id,
        data_plan=plan.id,
    )


def _pair(name: str, now: Markup | str, then: Markup | str) -> Markup:
    changed = now != then
    mark = tag("b", "变 ", class_="changed") if changed else None
    return tag("tr", tag("th", name, scope="row"), tag("td", now), tag("td", mark, then, class_="differs" if changed else None))


def _facts(one: Difference, facts: Json) -> list[Markup]:
    plan = one.plan
    return [
        _pair(
            plan.indicators[key].short,
            fact_words(plan, key, one.now.assessment.facts),
            fact_words(plan, key, one.then.assessment.facts),
        )
        for key in plan.indicators
        if key in facts
    ]


def _levels(plan: Plan, one: Difference, found: Json) -> list[Markup]:
    now, then = found["now"], found["then"]
    rows = []
    for key, scale in plan.scales.items():
        quiet = now["levels"].get(key) is None and then["levels"].get(key) is None
        possible = [ladder(scale, level_states(side.assessment, key)) for side in (one.now, one.then)]
        if quiet and possible[0] == possible[1] and len(plan.scales) > 3:
            continue
        rows.append(
            _pair(f"{scale.short}（按建议办理后）", badge(scale, now["levels"].get(key)), badge(scale, then["levels"].get(key)))
        )
        rows.append(_pair("　仍可能", possible[0], possible[1]))
        signers = ["、".join(side["signers"].get(key, ())) or "不须签发" for side in (now, then)]
        if scale.follows is None and not scale.highest_of:
            rows.append(_pair("　由谁签发", signers[0], signers[1]))
            rows.append(_pair("　依据", "、".join(now["basis"][key]) or "—", "、".join(then["basis"][key]) or "—"))
    return rows


def _counts(found: Json) -> list[Markup]:
    now, then = found["now"], found["then"]
    return [_pair("任务", f"{now['units']} 个单位，{now['duties']} 项", f"{then['units']} 个单位，{then['duties']} 项")]


def _duties(plan: Plan, title: str, sign: str, listed: list[Json]) -> Markup | None:
    if not listed:
        return None
    rows = (
        tag(
            "li", tag("b", sign, aria_hidden="true"), tag("span", one["unit"] or "（未写明）"), tag("span", one["action"]), clause(plan.id, one["clause"]),
            tag("b", one.get("due_words", ""), class_="push"), class_="line", data_key=one["id"],
        )
        for one in listed[:MOST_DUTIES]
    )  # fmt: skip
    more = tag("p", f"还有 {len(listed) - MOST_DUTIES} 项", class_="aside") if len(listed) > MOST_DUTIES else None
    return tag(
        "details",
        tag("summary", tag("b", f"{title} {len(listed)} 项")),
        tag("ul", *rows),
        more,
        data_key=title,
        open=len(listed) <= 12,
    )


def _moved(plan: Plan, listed: list[Json]) -> Markup | None:
    if not listed:
        return None
    rows = (
        tag(
            "li", tag("span", one["unit"] or "（未写明）"), tag("span", one["action"]), clause(plan.id, one["clause"]),
            tag("s", one["before_words"]), tag("b", f"→ {one['due_words']}"), class_="line", data_key=one["duty"],
        )
        for one in listed
    )  # fmt: skip
    return tag(
        "details", tag("summary", tag("b", f"时限改变的任务 {len(listed)} 项")), tag("ul", *rows), data_key="moved", open=True
    )
