"""What the next shift must know: open incidents, deadlines, unsigned proposals, unfinished duties, facts gone stale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.incident.board import rows
from engine.incident.fact import facts_now
from engine.incident.state import OVER, Incident
from engine.plan.model import Plan
from engine.plan.words import level_word
from engine.trigger.derive import prepare

SHOWN = ("overdue", "due_soon", "running", "waiting")


def handover_summary(incidents: Iterable[Incident], plans: Mapping[str, Plan], at: datetime) -> dict[str, Any]:
    """The hand-over as data, in the words that both will sign. plans: by digest."""
    listed = [_incident(one, plans, at) for one in incidents if one.status == "open" and not one.watch]
    return {"at": at.isoformat(), "incidents": listed}


@dataclass(frozen=True, slots=True)
class Since:
    """What a summary does not tell: entries of its incidents that came later, and incidents that were opened later."""

    entries: int
    incidents: int


def since(summary: Mapping[str, Any], incidents: Iterable[Incident]) -> Since:
    """What was recorded after a summary was made. incidents: those of the place, as they are now, ended ones of the summary too."""
    told = {one["id"]: one.get("seq") for one in summary["incidents"]}
    entries = opened = 0
    for one in incidents:
        if one.id not in told:
            opened += one.status == "open" and not one.watch
        elif told[one.id] is not None:
            entries += one.seq - told[one.id]
    return Since(entries, opened)


def _incident(incident: Incident, plans: Mapping[str, Plan], at: datetime) -> dict[str, Any]:
    levels, unsigned, stale = [], [], []
    for course in incident.courses.values():
        plan = plans[course.digest]
        for scale in plan.scales.values():
            if (level := course.levels.get(scale.id)) is not None:
                levels.append(f"《{plan.title}》{scale.short}{level_word(scale, level)}")
        for scale_id, one in course.pending.items():
            since = course.pending_since[scale_id]
            unsigned.append({"proposal": one.id, "words": one.words, "signers": list(one.signers), "since": since.isoformat()})
        counted = prepare(plan, facts_now(incident, plan).facts, at, course.own, choices=course.readings)
        stale += [plan.indicators[key.split(".")[0]].short for key, why in counted.missing.items() if why == "stale"]
    waiting = [row for row in rows(incident, at) if row.deadline.state in SHOWN]
    unfinished = sum(
        1 for course in incident.courses.values() for one in course.duties.values() if not one.ended_at and one.step not in OVER
    )
    return {
        "id": incident.id,
        "seq": incident.seq,
        "title": incident.title,
        "levels": levels,
        "unsigned": unsigned,
        "deadlines": [
            {
                "key": row.duty.assigned.key,
                "unit": row.duty.assigned.unit,
                "action": row.duty.assigned.action,
                "state": row.deadline.state,
                "due_at": None if row.deadline.due_at is None else row.deadline.due_at.isoformat(),
            }
            for row in sorted(waiting, key=lambda row: (row.deadline.due_at is None, row.deadline.due_at or at))
        ],
        "unfinished": unfinished,
        "stale": stale,
        "owner": incident.owner_name,
    }
