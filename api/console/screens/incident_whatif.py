"""假设: an incident with other facts or readings beside the live one. It asks and shows; nothing is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from api.console.entry import BadEntry, read_number, read_series, row_of
from api.console.markup import Markup, join, tag
from api.console.parts.facts_fields import HOW, Field, fields_of, unit_of
from api.console.screen import MOST_ASKED, Screen, panel
from api.console.screens.incident_difference import difference, problem
from api.console.screens.incident_view import View
from api.http.at_desk import AtDesk
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.incident.whatif import what_if
from engine.plan.finding import FactInvalid, YuanError
from engine.plan.model import Indicator
from engine.trigger.facts import validate

Json = dict[str, Any]
HOUR_TYPED = 24
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
        fields = sorted(fields_of(view.plans), key=lambda one: one.indicator.type == "series")
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
                    tag("a", "全部照现在", href=f"/incidents/{quote(view.incident.id)}/what-if", class_="button"),
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
            return {"differences": problem(error.message, error.remedy)}
        parts = [problem(one, "改过以后立即重算；其余的照算") for one in problems]
        if not facts and not any(readings.values()):
            parts.append(tag("p", "还没有假设。左边改一项，这里立即显示级别、签发人、任务和时限会怎样变。", class_="nothing"))
        return {"differences": join((*parts, *(difference(one, facts, view.at) for one in found)))}


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
        if indicator.type == "series":
            value = _read_series(one, query, problems)
        else:
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


def _read_series(one: Field, query: Mapping[str, str], problems: list[str]) -> list[list[Any]] | None:
    """Pasted hours; all of them or none, so that nothing is worked out from a part."""
    indicator, text = one.indicator, query.get(f"f.{one.key}", "")
    if len(text) >= MOST_ASKED:
        problems.append(f"{indicator.short}：太长，没有算进去；至多贴 {MOST_ASKED} 字，约 {MOST_ASKED // HOUR_TYPED} 个小时值")
        return None
    lines: list[int] = []
    try:
        points, lines = read_series(indicator, text)
        validate(one.plans[0], {one.key: points})
        return points or None
    except BadEntry as problem:
        problems.append(f"{indicator.short}：{problem}")
    except FactInvalid as problem:
        problems.append(f"{indicator.short}：{row_of(problem, lines)}")
    return None


def _row(one: Field, query: Mapping[str, str]) -> Markup:
    indicator = one.indicator
    label = tag("span", indicator.short, " ", tag("small", f"{unit_of(indicator)} {indicator.clause}".strip()))
    words = f"{indicator.plain} {one.key}"
    if indicator.type == "series":
        return _series_row(one, label, query, words)
    if indicator.type == "areas":
        cells = [
            tag(
                "label",
                f"{area}{part.short} {unit_of(part)}",
                _control(f"{one.key}.{area}.{name}", part, query),
                data_words=f"{area}{part.plain}",
            )
            for area in indicator.areas
            for name, part in indicator.parts.items()
        ]
        return tag("details", tag("summary", label), *cells, class_="assume", data_words=words)
    return tag("label", label, _control(one.key, indicator, query, whole=True), class_="assume", data_words=words)


def _series_row(one: Field, label: Markup, query: Mapping[str, str], words: str) -> Markup:
    """A place for pasted hours; those that are not pasted stay as they are."""
    text = query.get(f"f.{one.key}", "")
    unknown = _select(
        f"h.{one.key}",
        [("", "贴的钟点代替实况，其余照实况"), (UNKNOWN, "假设不知道")],
        query.get(f"h.{one.key}", ""),
        one.indicator.short,
    )
    return tag(
        "details",
        tag("summary", label),
        unknown,
        tag(
            "textarea", text, name=f"f.{one.key}", rows="6", aria_label=f"{one.indicator.short}：每行一个整点，时间和值",
            placeholder="从电子表格粘贴：\n2026-01-17 08:00\t135\n2026-01-17 09:00\t（缺测留空）",
        ),
        class_="assume",
        data_words=words,
        open=bool(text),
    )  # fmt: skip


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
