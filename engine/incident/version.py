"""What a change of a plan's version would change in a running incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.assess import assess
from engine.duty.duties import duties_at
from engine.incident.event import Levels
from engine.incident.fact import facts_now
from engine.incident.state import Course, Incident
from engine.plan.finding import FactInvalid
from engine.plan.model import Plan
from engine.plan.words import due_word, level_word


@dataclass(frozen=True, slots=True)
class Differences:
    """In words, and what is carried over: levels, own, imposed."""

    words: tuple[str, ...]
    carried: tuple[Levels, Levels, Levels]


def differences(before: Plan, after: Plan, course: Course, incident: Incident, at: datetime) -> Differences:
    """Levels that the facts would establish, duties and deadlines, under the two versions."""
    words: list[str] = []
    try:
        old = assess(before, facts_now(incident, before).facts, at, readings=course.readings)
        new = assess(after, facts_now(incident, after).facts, at)
        for scale_id in before.scales.keys() & after.scales.keys():
            if old.possible[scale_id] != new.possible[scale_id]:
                then = "或".join(level_word(before.scales[scale_id], one) for one in old.possible[scale_id])
                now = "或".join(level_word(after.scales[scale_id], one) for one in new.possible[scale_id])
                words.append(f"{after.scales[scale_id].short}：由{then}变为{now}")
    except FactInvalid as error:
        words.append(f"已填的事实在新版本中不成立：{error.message}")
    carried = tuple(_carried(after, found) for found in (course.levels, course.own, course.imposed))
    words += _duties(before, after, course, carried[0])
    missing = [one for one in incident.facts if one in before.indicators and one not in after.indicators]
    words += [f"指标“{before.indicators[one].short}”在新版本中没有了" for one in missing]
    return Differences(tuple(words) or ("级别和任务都不变",), (carried[0], carried[1], carried[2]))


def _carried(after: Plan, levels: object) -> Levels:
    found: Levels = {}
    for scale_id, scale in after.scales.items():
        level = levels.get(scale_id) if hasattr(levels, "get") else None
        found[scale_id] = level if level in scale.levels else None
    return found


def _duties(before: Plan, after: Plan, course: Course, levels: Levels) -> list[str]:
    then = _set(before, dict(course.levels))
    now = _set(after, levels)
    words = [f"减少任务：{unit}{action}（{clause}）" for unit, action, clause, _ in sorted(then - now)]
    return words + [f"增加任务：{unit}{action}（{clause}，{due}）" for unit, action, clause, due in sorted(now - then)]


def _set(plan: Plan, levels: Levels) -> set[tuple[str, str, str, str]]:
    return {
        (f"{one.duty.unit or ''} ", one.duty.action, one.duty.clause, due_word(one.duty.due, plan.moments))
        for scale, level in levels.items()
        if level is not None and scale in plan.scales
        for one in duties_at(plan, scale, level)
    }
