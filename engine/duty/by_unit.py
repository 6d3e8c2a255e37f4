"""What one unit must do, plan by plan; and the duties of several plans in force at once, with a unit's clashes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.duty.duties import DutyInForce, duties_at
from engine.plan.finding import UnknownName
from engine.plan.load import Loaded
from engine.plan.model import Due, Duty, Plan
from engine.plan.spelling import nearest
from engine.plan.words import due_word, level_word


@dataclass(frozen=True, slots=True)
class UnitDuty:
    """One duty of a unit, and everywhere that it stands."""

    plan: Plan
    duty: Duty
    at: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class InForceAt:
    """A plan in force at a level of a scale."""

    plan: Plan
    scale: str
    level: str
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MergedDuty:
    """A duty of one of several plans in force."""

    where: InForceAt
    one: DutyInForce


@dataclass(frozen=True, slots=True)
class Clash:
    """A unit that is wanted in two plans at once: it leads in both, or has deadlines in the same hour."""

    unit: str
    kind: str
    words: str
    plans: tuple[str, ...]


def find_unit(loaded: Loaded, name: str) -> tuple[str, ...]:
    """The ids that a printed name means: a registered unit, or a body or role of a plan. Raises UnknownName."""
    found = {unit.name for units in loaded.units.values() if (unit := units.find(name))}
    known: set[str] = {one for units in loaded.units.values() for one in units.by_name}
    for plan in loaded.plans.values():
        for duty in plan.duties:
            if duty.unit is not None and duty.unit_id is not None:
                known.add(duty.unit)
                if name in (duty.unit, duty.unit_id):
                    found.add(duty.unit_id)
    if not found:
        near = nearest(name, sorted(known))
        raise UnknownName(f"没有单位“{name}”", where="unit", remedy=f"是不是“{near}”？" if near else "写公报所印的名称或全称")
    return tuple(sorted(found))


def duties_of(loaded: Loaded, name: str) -> tuple[UnitDuty, ...]:
    """Every duty of a unit, plan by plan. Raises UnknownName."""
    ids = find_unit(loaded, name)
    return tuple(
        UnitDuty(plan, duty, duty.at) for plan in loaded.plans.values() for duty in plan.duties_under() if duty.unit_id in ids
    )


def parse_in_force(loaded: Loaded, text: str) -> InForceAt:
    """`A=II` (its `response` or only scale) or `B=grade:III`. Raises UnknownName."""
    plan_id, mark, rest = text.partition("=")
    if not mark:
        raise UnknownName(f"“{text}”不是 预案=级别", where="--plan", remedy="如 --plan 预案=II，或 预案=grade:III")
    plan = loaded.plan(plan_id)
    scale, mark, level = rest.partition(":")
    if not mark:
        level = scale
        scale = next(iter(plan.scales)) if len(plan.scales) == 1 else "response"
    return InForceAt(plan, scale, plan.level(scale, level))


def merge(in_force: Iterable[InForceAt]) -> dict[str, list[MergedDuty]]:
    """All duties of the plans in force by unit id ("" where the clause names nobody), in the order of the plans."""
    found: dict[str, list[MergedDuty]] = {}
    for where in in_force:
        for one in duties_at(where.plan, where.scale, where.level, choices=where.choices):
            found.setdefault(one.duty.unit_id or "", []).append(MergedDuty(where, one))
    return found


def clashes(loaded: Loaded, in_force: tuple[InForceAt, ...]) -> tuple[Clash, ...]:
    """Units that lead groups in two of the plans, and units with deadlines of two plans in the same hour."""
    return (*_double_leads(loaded, in_force), *_same_hours(in_force))


def _double_leads(loaded: Loaded, in_force: tuple[InForceAt, ...]) -> list[Clash]:
    leads: dict[str, list[tuple[str, str]]] = {}
    for where in in_force:
        units = loaded.units.get(where.plan.jurisdiction)
        for group in where.plan.organization.groups:
            for name in group.lead:
                known = units.find(name) if units else None
                leads.setdefault(known.name if known else name, []).append((where.plan.title, group.name))
    found = []
    for unit, places in leads.items():
        titles = tuple(dict.fromkeys(title for title, _ in places))
        if len(titles) > 1:
            words = "；".join(f"《{title}》{'、'.join(group for one, group in places if one == title)}" for title in titles)
            found.append(Clash(unit, "leads", f"同时牵头：{words}", titles))
    return found


def _same_hours(in_force: tuple[InForceAt, ...]) -> list[Clash]:
    found = []
    for unit, duties in merge(in_force).items():
        if not unit:
            continue
        hours: dict[str, list[MergedDuty]] = {}
        for merged in duties:
            hour = _hour(merged.one.duty.due)
            if hour is not None:
                hours.setdefault(hour, []).append(merged)
        for hour, due in hours.items():
            titles = tuple(dict.fromkeys(merged.where.plan.title for merged in due))
            if len(titles) > 1:
                words = "；".join(
                    f"{merged.one.duty.action}（{due_word(merged.one.duty.due, merged.where.plan.moments)}）" for merged in due
                )
                found.append(Clash(unit, "same_hour", f"{hour}：{words}", titles))
    return found


def _hour(due: Due | None) -> str | None:
    """The hour that a deadline falls in: of the day, or from a common start."""
    if due is None:
        return None
    if due.kind == "daily_at":
        return f"每日{str(due.value)[:2]}时"
    match = re.fullmatch(r"PT([\d.]+)([MH])", str(due.value)) if due.kind == "within" else None
    if match is None:
        return None
    hours = float(match.group(1)) / (60 if match.group(2) == "M" else 1)
    return f"起算后第{max(1, math.ceil(hours))}小时内"


def levels_word(plan: Plan, at: Mapping[str, tuple[str, ...]]) -> str:
    """Where a duty stands: “响应等级：Ⅱ级、Ⅰ级”."""
    return "；".join(
        f"{plan.scales[scale].label}：{'、'.join(level_word(plan.scales[scale], level) for level in levels)}"
        for scale, levels in at.items()
    )
