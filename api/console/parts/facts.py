"""The facts of an incident as they count: value, source, age; what is unknown, stale or in conflict plainly so; corrections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from api.console.markup import Child, Markup, join, tag
from api.console.parts.chart_lines import series_chart
from api.console.parts.words import ago, clause, moment
from api.console.tree import unknown_plate
from engine.assess import Assessment
from engine.contract.entry import KIND_WORDS
from engine.contract.known import value_words
from engine.plan.model import Plan
from engine.plan.words import UNKNOWN

Json = dict[str, Any]
MOST_REPORTS = 12


@dataclass(frozen=True, slots=True)
class FactsOf:
    """One plan's facts. matter: the unknown ones that the level depends on. original: entries as they were first, by number."""

    plan: Plan
    assessment: Assessment
    rows: Sequence[Json]
    matter: frozenset[str]
    original: Mapping[int, Json]


def fact_list(found: Sequence[FactsOf], now: datetime, *, corrects: bool) -> Markup:
    """All facts: unknown ones that matter first, then what is known, then the rest folded away."""
    first: list[Markup] = []
    known: list[Markup] = []
    rest: list[Markup] = []
    seen: set[str] = set()
    for one in found:
        for row in one.rows:
            if row["indicator"] in seen:
                continue
            seen.add(row["indicator"])
            matters = row["indicator"] in one.matter
            drawn = _fact(one, row, now, matters=matters, corrects=corrects)
            (first if matters and row["mark"] else known if row["reports"] or row["derived"] else rest).append(drawn)
    if not seen:
        return tag("p", "还没有选定预案；选定后这里列出要报的事实", class_="nothing")
    head = tag("p", f"{len(known)} 项已知，{len(first)} 项未知而影响级别", class_="aside")
    others = tag(
        "details", tag("summary", f"其余 {len(rest)} 项未报，此刻不影响级别"), tag("ul", *rest), data_key="rest"
    ) if rest else None  # fmt: skip
    return join((head, tag("ul", *first, *known, class_="facts"), others))


def _fact(one: FactsOf, row: Json, now: datetime, *, matters: bool, corrects: bool) -> Markup:
    return tag(
        "li",
        tag(
            "div",
            tag("span", row["label"], class_="label"),
            clause(one.plan.id, one.plan.indicators[row["indicator"]].clause),
            _value(row)
            if not matters or not row["mark"]
            else tag("span", tag("b", "影响级别"), _value(row), class_="line of-mark"),
            class_="line",
        ),
        _origin(row, now),
        tag("p", f"{'、'.join(row['stale'])} 已超过时效", class_="aside") if row["stale"] and not row["mark"] else None,
        _reports(one, row, now, corrects=corrects),
        data_key=row["indicator"],
        class_="fact" + (" is-unknown" if row["mark"] else "") + (" matters" if matters and row["mark"] else ""),
    )


def _value(row: Json) -> Markup:
    """The value, or the hatched plate with the reason."""
    mark = row["mark"]
    if mark is None:
        return tag("b", row["words"], class_="value push" if row["type"] not in ("areas", "series") else "push")
    if mark in ("never", "stale"):
        return tag("span", unknown_plate(f"未知 · {UNKNOWN[mark]}"), class_="push")
    return tag("span", unknown_plate(f"{row['words']} · {UNKNOWN[mark]}"), class_="push")


def _origin(row: Json, now: datetime) -> Markup | None:
    if row["derived"]:
        return tag("div", "由小时值或日期推得", class_="line aside")
    if row["observed_at"] is None:
        return None
    last = (
        tag("span", "上次：", row["reports"][-1]["words"])
        if row["mark"] == "stale" and row["type"] not in ("areas", "series")
        else None
    )
    old = row["mark"] == "stale"
    age = tag("b" if old else "span", " · ", ago(row["observed_at"]), class_="age")
    return tag(
        "div",
        last,
        tag("span", row["source"] or ""),
        tag("span", moment(row["observed_at"], now), age, class_="push"),
        class_="line aside",
    )


def series_list(found: Sequence[tuple[Plan, Assessment]], now: datetime) -> Markup:
    """Every series that was reported, drawn against the plan's thresholds; once where two plans have it."""
    drawn: dict[str, Markup] = {}
    for plan, assessment in found:
        for key in assessment.facts.series:
            label = tag("h3", plan.indicators[key].short, " ", clause(plan.id, plan.indicators[key].clause))
            drawn.setdefault(key, tag("div", label, series_chart(plan, key, assessment.facts, now), data_key=key))
    if not drawn:
        return tag("p", "没有小时序列。在“新事实”里选一个序列，可从电子表格粘贴或选CSV文件", class_="nothing")
    return join(drawn.values())


def _reports(one: FactsOf, row: Json, now: datetime, *, corrects: bool) -> Markup | None:
    """The reports behind it, the newest first; those that were corrected with their original struck through."""
    reports = row["reports"]
    if not reports:
        return None
    corrected = sum(1 for report in reports if report["corrections"])
    words = f"{len(reports)} 次报告" + (f"，{corrected} 次更正" if corrected else "")
    listed = [_report(one, row, report, now, corrects=corrects) for report in reversed(reports[-MOST_REPORTS:])]
    return tag("details", tag("summary", words, class_="aside"), tag("ul", *listed, class_="reports"), data_key="reports")


def _report(one: FactsOf, row: Json, report: Json, now: datetime, *, corrects: bool) -> Markup:
    counts = report["entry"] in row["entries"]
    about = (
        f"第{report['entry']}条　{row['label']}：{report['words']}（{report['source']}，{moment(report['observed_at'], now)}）"
    )
    button = tag(
        "button", "更正", type="button", class_="button small", data_open="correct", data_setentry=str(report["entry"]),
        data_field_of=_field_id(one, row, report), data_tells=about,
    ) if corrects else None  # fmt: skip
    return tag(
        "li",
        tag("div", tag("span", f"第{report['entry']}条", class_="aside"), *_history(one, row, report), button, class_="line"),
        tag(
            "div",
            tag("span", f"{report['source']}，{moment(report['observed_at'], now)}，{report['by_name']}记"),
            tag("span", "在用", class_="chip") if counts else None,
            class_="line aside",
        ),
        data_key=str(report["entry"]),
    )


def _field_id(one: FactsOf, row: Json, report: Json) -> str:
    return str(row["indicator"]) if report["plan"] is None else f"{row['indicator']}@{report['plan']}"


def _history(one: FactsOf, row: Json, report: Json) -> Iterable[Child]:
    """The original struck through, each correction with its reason, and what stands."""
    if not report["corrections"]:
        yield tag("b", report["words"])
        return
    chain = [report["entry"], *report["corrections"]]
    for before, after in pairwise(chain):
        told, change = one.original.get(before), one.original.get(after)
        if told is not None:
            yield tag("s", value_words(one.plan, row["indicator"], told.get("value")))
        yield tag("span", f"第{after}条{KIND_WORDS['fact_corrected']}：{(change or {}).get('reason', '')}", class_="aside")
    yield tag("b", report["words"])
