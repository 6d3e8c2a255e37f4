"""任务矩阵: units by levels with counts; each unit unfolds to its duties with deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.console.badge import badge, short_name
from api.console.markup import Markup, tag
from api.console.parts.gaps import open_end
from api.console.parts.words import clause
from api.console.screen import nothing
from api.console.screens.plan_levels import reading_links
from api.http.at_desk import AtDesk
from engine.duty.duties import DutyInForce, duties_at
from engine.plan.model import Duty, Plan, Scale
from engine.plan.words import condition_word, due_word, level_word

NOBODY = "没有写明单位"


@dataclass
class UnitRow:
    """A unit's duties on one scale: by duty, the levels at which it is in force."""

    name: str
    duties: dict[str, tuple[Duty, list[str]]] = field(default_factory=dict)

    def count(self, level: str) -> int:
        return sum(level in levels for _, levels in self.duties.values())


def duties_part(at_desk: AtDesk, plan: Plan, query: dict[str, str]) -> Markup:
    """The part: of the scale that is asked for, or of that with the most duties."""
    counted = {key: _by_level(plan, scale) for key, scale in plan.scales.items()}
    able = {key: found for key, found in counted.items() if any(found.values())}
    if not able:
        return tag("section", nothing("这件预案没有随级别而来的任务"), class_="panel")
    wanted = query.get("scale", "")
    key = wanted if wanted in able else max(able, key=lambda one: sum(len(found) for found in able[one].values()))
    scale, unit = plan.scales[key], query.get("unit")
    rows = unit_rows(able[key])
    shown = [row for row in rows if unit is None or row.name == unit]
    return tag(
        "section",
        tag(
            "div",
            tag("h2", "单位 × 级别", class_="title"),
            *(_choice(plan, one, one == key) for one in able),
            tag("a", "全部单位", href=f"/plans/{plan.id}?part=duties&scale={key}", class_="button") if unit else None,
            tag("span", _sum_words(rows), class_="aside push"),
            class_="line",
        ),
        _matrix(plan, scale, shown, unfolded=unit is not None) if shown else nothing(f"“{unit}”在这里没有任务"),
        class_="panel",
    )


def unit_rows(counted: Mapping[str, tuple[DutyInForce, ...]]) -> list[UnitRow]:
    """The units in the order in which the plan names them; who is not named stands last."""
    rows: dict[str, UnitRow] = {}
    for level, found in counted.items():
        for one in found:
            name = unit_name(one.duty)
            row = rows.setdefault(name, UnitRow(name))
            row.duties.setdefault(one.duty.id, (one.duty, []))[1].append(level)
    return sorted(rows.values(), key=lambda row: row.name == NOBODY)


def unit_name(duty: Duty) -> str:
    """The unit's full name; for a subject that is no registered unit, as the plan prints it."""
    return (duty.unit_id or duty.unit or NOBODY).rsplit("/", 1)[-1]


def _by_level(plan: Plan, scale: Scale) -> dict[str, tuple[DutyInForce, ...]]:
    return {level: duties_at(plan, scale.id, level) for level in scale.levels}


def _choice(plan: Plan, key: str, chosen: bool) -> Markup:
    address = f"/plans/{plan.id}?part=duties&scale={key}"
    return tag("a", plan.scales[key].short, href=address, class_="button", aria_current="true" if chosen else None)


def _sum_words(rows: list[UnitRow]) -> str:
    duties = {key: duty for row in rows for key, (duty, _) in row.duties.items()}
    timed = sum(duty.due is not None for duty in duties.values())
    units = sum(row.name != NOBODY for row in rows)
    return f"{units} 个单位、{len(duties)} 项任务，{timed} 项有时限" + ("" if timed else "；预案没有时限，不自行添加")


def _matrix(plan: Plan, scale: Scale, rows: list[UnitRow], *, unfolded: bool) -> Markup:
    totals = {level: sum(row.count(level) for row in rows) for level in scale.levels}
    return tag(
        "div",
        tag(
            "div",
            tag("span", "单位"),
            *(tag("span", badge(scale, level, "small"), class_="number") for level in scale.levels),
            class_="matrix-row heads",
        ),
        *(_row(plan, scale, row, unfolded=unfolded) for row in rows),
        tag(
            "div",
            tag("b", "合计"),
            *(tag("b", str(totals[level]), class_="number") for level in scale.levels),
            class_="matrix-row sums",
        ),
        class_="matrix",
        style=f"--levels:{len(scale.levels)}",
    )


def _row(plan: Plan, scale: Scale, row: UnitRow, *, unfolded: bool) -> Markup:
    name = open_end(row.name) if row.name == NOBODY else tag("b", row.name)
    counts = (tag("span", str(row.count(level) or "—"), class_="number") for level in scale.levels)
    return tag(
        "details",
        tag("summary", tag("span", name), *counts, class_="matrix-row"),
        tag("ol", *(_duty(plan, scale, duty, levels) for duty, levels in row.duties.values())),
        open=unfolded,
        data_key=f"unit-{row.name}",
    )


def _duty(plan: Plan, scale: Scale, duty: Duty, levels: list[str]) -> Markup:
    due = due_word(duty.due, plan.moments)
    return tag(
        "li",
        tag("span", _level_words(scale, levels), class_="at"),
        tag(
            "span",
            duty.action,
            tag("span", f"（{duty.note}）", class_="aside") if duty.note else None,
            tag("div", f"条件：{condition_word(plan, duty.when)}", class_="aside") if duty.when else None,
        ),
        tag("span", tag("b", due) if duty.due else tag("span", due, class_="aside"), class_="due"),
        tag(
            "span",
            clause(plan.id, duty.clause),
            tag("span", "立即", class_="chip") if duty.immediate else None,
            tag("span", "平时", class_="chip") if duty.standing else None,
            tag("span", duty.group, class_="chip") if duty.group else None,
            reading_links(plan, duty.readings),
            class_="clauses",
        ),
        class_="duty",
    )


def _level_words(scale: Scale, levels: list[str]) -> str:
    if len(levels) == len(scale.levels):
        return "各级"
    short = [short_name(scale, one) for one in scale.levels if one in levels]
    return "、".join(short) if len(short) > 1 else level_word(scale, levels[0])
