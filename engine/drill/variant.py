"""A scenario with something changed: facts, times, how long people take, readings, the plan's version. Checked; the original stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import permutations
from typing import Any

from engine.assess import check_readings
from engine.drill.draw import Draw
from engine.drill.scenario import Inject, Player, Scenario
from engine.incident.fact import check_fact
from engine.lifecycle.signers import signers
from engine.plan.finding import FactInvalid, UnknownName, YuanError
from engine.plan.model import NO_CHOICES, Plan
from engine.plan.spelling import nearest

UNLISTED = 100
"""So long (in characters) may a list of names be in a message."""


@dataclass(frozen=True, slots=True)
class FactChange:
    """Inject `inject` reports this value; None: it withdraws what was reported. The inject need not have spoken of it."""

    inject: str
    indicator: str
    value: Any


@dataclass(frozen=True, slots=True)
class TimeChange:
    """Inject `inject` comes at T+ `at` (seconds)."""

    inject: str
    at: Draw


@dataclass(frozen=True, slots=True)
class Dropped:
    """Inject `inject` does not come."""

    inject: str


@dataclass(frozen=True, slots=True)
class DelayChange:
    """A person (or whoever holds the post, where the scenario names nobody) takes so long (seconds) to decide."""

    person: str
    decides: Draw


@dataclass(frozen=True, slots=True)
class ReadingChange:
    """A clause of a plan is read as this alternative; "chosen": as the plan has it."""

    plan: str
    reading: str
    letter: str


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A plan is played in the version whose digest begins so."""

    plan: str
    version: str


Change = FactChange | TimeChange | Dropped | DelayChange | ReadingChange | VersionChange


def variant(
    scenario: Scenario, changes: Iterable[Change], versions: Mapping[str, Iterable[Plan]], *, title: str = ""
) -> Scenario:
    """The scenario with the changes, in their order.

    versions: plan id -> its versions, to check against. Raises UnknownName for what the scenario or plan does not have,
    FactInvalid for a value that the indicator may not have; both say what there is.
    """
    found = scenario
    for change in changes:
        found = _changed(found, change, versions)
    return replace(found, title=title) if title else found


def _changed(scenario: Scenario, change: Change, versions: Mapping[str, Iterable[Plan]]) -> Scenario:
    match change:
        case FactChange(inject, indicator, value):
            one = _inject(scenario, inject)
            _check_value(scenario, indicator, value, versions, f"{inject}.{indicator}")
            does = replace(one.does, facts={**one.does.facts, indicator: value})
            return _with_inject(scenario, replace(one, does=does))
        case TimeChange(inject, at):
            _check_amount(at, scenario.lasts, f"{inject}.at")
            return _with_inject(scenario, replace(_inject(scenario, inject), at=at))
        case Dropped(inject):
            _inject(scenario, inject)
            return replace(scenario, injects=tuple(one for one in scenario.injects if one.id != inject))
        case DelayChange(person, decides):
            _check_amount(decides, None, f"{person}.decides")
            return _with_delay(scenario, person, decides, versions)
        case ReadingChange(plan, reading, letter):
            listed = _versions(scenario, plan, versions)
            check_readings(listed[-1], {reading: letter})
            kept = {**scenario.readings.get(plan, {}), reading: letter}
            return replace(scenario, readings={**scenario.readings, plan: kept})
        case VersionChange(plan, version):
            listed = _versions(scenario, plan, versions)
            if not any(one.digest.startswith(version) for one in listed):
                known = "、".join(one.digest[:12] for one in listed)
                raise UnknownName(f"预案“{plan}”没有版本“{version}”", where=f"versions.{plan}", remedy=f"可用：{known}")
            return replace(scenario, versions={**scenario.versions, plan: version})


def _inject(scenario: Scenario, name: str) -> Inject:
    found = scenario.inject(name)
    if found is None:
        raise _unknown("注入", name, [one.id for one in scenario.injects], "injects")
    return found


def _with_inject(scenario: Scenario, changed: Inject) -> Scenario:
    return replace(scenario, injects=tuple(changed if one.id == changed.id else one for one in scenario.injects))


def _with_delay(scenario: Scenario, person: str, decides: Draw, versions: Mapping[str, Iterable[Plan]]) -> Scenario:
    """The people of this id, name or post; a post that nobody holds gets somebody. Raises UnknownName where the plans have none such."""
    meant = [one for one in scenario.people if person in (one.id, one.name)]
    meant = meant or [one for one in scenario.people if person in one.posts]
    if not meant:
        posts = _posts(scenario, versions)
        if person not in posts:
            raise _unknown("签发人", person, [*(one.name for one in scenario.people), *posts], "people")
        return replace(scenario, people=(*scenario.people, Player(person, f"{person}（推演）", (person,), decides)))
    ids = {one.id for one in meant}
    return replace(scenario, people=tuple(replace(one, decides=decides) if one.id in ids else one for one in scenario.people))


def _posts(scenario: Scenario, versions: Mapping[str, Iterable[Plan]]) -> dict[str, None]:
    """Every post that may sign some change of a level by the scenario's plans."""
    return dict.fromkeys(
        post
        for plan_id in scenario.plans
        for plan in versions.get(plan_id, ())
        for scale in plan.scales.values()
        for before, after in permutations((None, *scale.levels), 2)
        for post in signers(plan, scale.id, before, after, scenario.readings.get(plan_id, NO_CHOICES))
    )


def _versions(scenario: Scenario, plan: str, versions: Mapping[str, Iterable[Plan]]) -> list[Plan]:
    listed = list(versions.get(plan, ()))
    if plan not in scenario.plans or not listed:
        raise _unknown("预案", plan, list(scenario.plans), "plans")
    return listed


def _check_value(scenario: Scenario, indicator: str, value: Any, versions: Mapping[str, Iterable[Plan]], where: str) -> None:
    having = [plan for plan_id in scenario.plans for plan in list(versions.get(plan_id, ()))[-1:] if indicator in plan.indicators]
    if not having:
        known = [key for plan_id in scenario.plans for plan in list(versions.get(plan_id, ()))[-1:] for key in plan.indicators]
        raise _unknown("指标", indicator, known, where)
    if value is None or isinstance(value, Draw):
        return
    for plan in having:
        try:
            check_fact(plan, indicator, value)
        except FactInvalid as error:
            raise FactInvalid(error.message, where=where, remedy=error.remedy) from None


def _check_amount(draw: Draw, most: timedelta | None, where: str) -> None:
    """A time is not before T+0 and not after the end. Raises FactInvalid."""
    if any(not isinstance(one, int | float) or one < 0 for one in draw.values):
        raise FactInvalid("时间不能是负的", where=where, remedy="写 T+ 多少，如 90分钟")
    if most is not None and min(draw.values) > most.total_seconds():
        raise FactInvalid("时间晚于推演的结束", where=where, remedy="改早，或延长推演")


def _unknown(what: str, name: str, known: list[str], where: str) -> YuanError:
    near = nearest(name, known)
    listed = "、".join(known)
    listed = listed if len(listed) <= UNLISTED else listed[:UNLISTED] + "…"
    return UnknownName(f"没有{what}“{name}”", where=where, remedy=(f"是不是“{near}”？" if near else "") + f"可用：{listed}")


_FORM = re.compile(r"\s*([^=]+?)\s*=\s*(.+?)\s*")
FORMS = "注入2.deaths=10；注入2.at=1:30；注入2=无；市长.decides=40分钟；预案id.读法id=a；预案id.version=摘要"


def read_change(text: str, scenario: Scenario) -> Change:
    """A change as a person writes it: `FORMS` has one of each kind. Raises FactInvalid."""
    from engine.drill.authoring.amounts import BadAmount, read_clock, read_duration

    found = _FORM.fullmatch(text)
    if found is None:
        raise FactInvalid(f"“{text}”不是一处改动", where=text, remedy=f"如 {FORMS}")
    name, value = found.groups()
    owner, _, part = name.rpartition(".")
    try:
        if not owner:
            _inject(scenario, name.removeprefix("注入"))
            if value != "无":
                raise FactInvalid(f"“{text}”没有写改什么", where=text, remedy=f"如 {FORMS}")
            return Dropped(name.removeprefix("注入"))
        if part == "decides":
            return DelayChange(owner, Draw("fixed", (read_duration(value),)))
        if owner in scenario.plans:
            return VersionChange(owner, value) if part == "version" else ReadingChange(owner, part, value)
        inject = owner if scenario.inject(owner) is not None else owner.removeprefix("注入")
        if part == "at":
            return TimeChange(inject, Draw("fixed", (read_clock(value),)))
    except BadAmount as error:
        raise FactInvalid(f"“{value}”：{error.found}", where=text, remedy=error.expected) from None
    return FactChange(inject, part, _value(value))


def _value(text: str) -> Any:
    """A value as JSON would have it, or 是、否、未知; anything else is a word of the indicator, or a quantity with its unit."""
    words: dict[str, Any] = {"是": True, "否": False, "true": True, "false": False, "未知": None, "null": None}
    if text in words:
        return words[text]
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
