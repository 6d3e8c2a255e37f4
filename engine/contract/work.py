"""Duties put on units, and their deadlines, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from engine.contract.moment import Names, by_whom, stamp
from engine.duty.deadlines import STATE_WORDS, Deadline
from engine.incident.board import Row, due_of
from engine.plan.model import Due, Plan
from engine.plan.words import due_word, level_word

Json = dict[str, Any]
STEP_WORDS = {
    "notified": "已通知",
    "acknowledged": "已确认收到",
    "started": "已开始",
    "done": "已完成",
    "not_applicable": "不适用",
    "impossible": "无法完成",
}
NOBODY = "（条款未写明单位）"


def work_data(row: Row, plan: Plan, at: datetime, names: Names) -> Json:
    """A duty of a running incident: whose, what, by when, how far, and where its deadline stands."""
    one, duty = row.duty.assigned, row.duty
    scale = plan.scales.get(one.scale)
    due = due_of(one)
    return {
        "key": one.key,
        "incident": row.incident,
        "plan": row.plan,
        "duty": one.duty,
        "unit": one.unit,
        "unit_id": one.unit_id,
        "action": one.action,
        "clause": one.clause,
        "scale": one.scale,
        "level": one.level,
        "level_name": level_word(scale, one.level) if scale is not None and one.level in scale.levels else one.level,
        "due": None if due is None else {due.kind: due.value},
        "due_words": _due_words(due, plan),
        "moment": one.moment,
        "starts": stamp(one.starts),
        "immediate": one.immediate,
        "standing": one.standing,
        "sure": one.sure,
        "note": one.note,
        "assigned_at": stamp(duty.assigned_at),
        "ended_at": stamp(duty.ended_at),
        "entry": duty.entry,
        "step": duty.step,
        "step_name": STEP_WORDS.get(duty.step or "", "未通知"),
        "steps": [
            {"step": step, "step_name": STEP_WORDS[step], "happened_at": stamp(happened), **by_whom(by, names), "note": note}
            for step, happened, by, note in duty.steps
        ],
        "deadline": deadline_data(row.deadline, at),
    }


def _due_words(due: Due | None, plan: Plan) -> str:
    """The deadline in words; a moment that a later version of the plan no longer has goes by its key."""
    if due is None or due.moment is None or due.moment in plan.moments:
        return due_word(due, plan.moments)
    return due_word(due, {due.moment: due.moment})


def deadline_data(one: Deadline, at: datetime) -> Json:
    """Where a deadline stands: its state, the limit, what remains (whole seconds, negative when overdue), the rounds of a recurring one."""
    waits = one.state in ("running", "due_soon", "overdue")
    period = one.period
    return {
        "state": one.state,
        "state_name": STATE_WORDS[one.state],
        "due_at": stamp(one.due_at),
        "since": stamp(one.since),
        "remaining_s": int((one.due_at - at).total_seconds()) if waits and one.due_at is not None else None,
        "soon_at": stamp(one.soon_at),
        "sure": one.sure,
        "period": None
        if period is None
        else {
            "number": period.number,
            "opens_at": stamp(period.opens_at),
            "next_at": stamp(period.next_at),
            "due": period.due,
            "met": period.met,
            "met_late": period.met_late,
            "missed": period.missed,
        },
    }


def count_units(units: Iterable[tuple[str | None, str | None]]) -> int:
    """How many units are named, by id and printed name: a registered unit counts once, however it is printed."""
    return len({key or name for key, name in units} - {None})


def by_unit(duties: Iterable[Json]) -> list[Json]:
    """The duties by unit, in the order in which the units first occur."""
    found: dict[str, Json] = {}
    for one in duties:
        unit = found.setdefault(
            one["unit_id"] or one["unit"] or "", {"unit": one["unit"] or NOBODY, "unit_id": one["unit_id"], "duties": []}
        )
        unit["duties"].append(one)
    return list(found.values())
