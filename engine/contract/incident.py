"""An incident as JSON: one line of a list, and whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.assess import assess
from engine.contract.assessment import assessment_data
from engine.contract.known import known_data
from engine.contract.moment import Names, seconds, stamp
from engine.contract.signing import decision_data, proposal_data
from engine.contract.work import deadline_data, work_data
from engine.incident.board import Row, deadline_of, is_waited_for
from engine.incident.fact import facts_now
from engine.incident.state import Course, Incident
from engine.plan.model import Plan
from engine.plan.words import level_word

Json = dict[str, Any]
Plans = Mapping[str, Plan]
STATUS_WORDS = {"open": "处置中", "ended": "已结束", "merged": "已并入", "archived": "已归档", "new": "未登记"}


def incident_head(incident: Incident, at: datetime) -> Json:
    """What names an incident and says how it stands."""
    return {
        "id": incident.id,
        "title": incident.title,
        "jurisdiction": incident.jurisdiction,
        "place": incident.place,
        "status": incident.status,
        "status_name": STATUS_WORDS[incident.status],
        "watch": incident.watch,
        "demo": incident.demo,
        "opened_at": stamp(incident.opened_at),
        "reported_at": stamp(incident.reported_at),
        "ended_at": stamp(incident.ended_at),
        "last_at": stamp(incident.last_at),
        "age_s": seconds(incident.reported_at, incident.ended_at or at),
        "owner": None if incident.owner is None else {"id": incident.owner, "name": incident.owner_name},
        "seq": incident.seq,
    }


def incident_row(incident: Incident, plans: Plans, at: datetime, nearest: Row | None) -> Json:
    """One line of a list. nearest: the row of the soonest deadline."""
    return {
        **incident_head(incident, at),
        "plans": [
            {
                "plan": course.plan,
                "title": course.title,
                "phase": course.phase,
                "phase_name": course.phase_word,
                "levels": levels_data(course, plans[course.digest]),
            }
            for course in incident.courses.values()
        ],
        "proposals": sum(len(course.pending) for course in incident.courses.values()),
        "next_deadline": None if nearest is None else nearest_data(nearest, at),
    }


def nearest_data(row: Row, at: datetime) -> Json:
    """A duty's deadline in short."""
    one = row.duty.assigned
    return {
        "key": one.key,
        "unit": one.unit,
        "action": one.action,
        "clause": one.clause,
        "deadline": deadline_data(row.deadline, at),
    }


def levels_data(course: Course, plan: Plan) -> Json:
    """The level of every scale in force, with its two branches, since when, and until when where it is provisional."""
    return {
        key: {
            "label": scale.short,
            "level": course.levels.get(key),
            "level_name": level_word(scale, course.levels.get(key)),
            "own": course.own.get(key),
            "imposed": course.imposed.get(key),
            "since": stamp(course.since.get(key)),
            "until": stamp(course.provisional.get(key)),
        }
        for key, scale in plan.scales.items()
    }


def incident_data(incident: Incident, plans: Plans, at: datetime, names: Names, posts: frozenset[str] = frozenset()) -> Json:
    """An incident whole, as it stands at a time."""
    return {
        **incident_head(incident, at),
        "at": stamp(at),
        "report": incident.report,
        "source": incident.source,
        "hash": incident.hash,
        "links": [{"incident": other, "words": words} for other, words in incident.links],
        "plans": [_course_data(incident, course, plans[course.digest], at, names, posts) for course in incident.courses.values()],
        "duties": duties_data(incident, plans, at, names),
    }


def _course_data(incident: Incident, course: Course, plan: Plan, at: datetime, names: Names, posts: frozenset[str]) -> Json:
    known = facts_now(incident, plan)
    assessment = assess(plan, known.facts, at, readings=course.readings, in_force=course.own)
    return {
        "plan": course.plan,
        "title": course.title,
        "digest": course.digest,
        "phase": course.phase,
        "phase_name": course.phase_word,
        "levels": levels_data(course, plan),
        "moments": [{"moment": key, "words": words, "at": stamp(course.moments.get(key))} for key, words in plan.moments.items()],
        "moves": [
            {"do": one.do, "label": one.label, "clause": one.clause}
            for one in plan.lifecycle.transitions
            if course.phase in one.sources and one.goes_with is None
        ],
        "assessment": assessment_data(assessment),
        "proposals": [proposal_data(incident, plan, one, at, posts) for one in course.pending.values()],
        "decisions": [decision_data(plan, one.decision, one.entry) for one in course.standing.values()],
        "scheduled": [decision_data(plan, one) for one in course.scheduled],
        "facts": known_data(incident, plan, known, assessment, at, names),
    }


def duties_data(incident: Incident, plans: Plans, at: datetime, names: Names, *, ended: bool = True) -> list[Json]:
    """Every duty that was put on a unit; without `ended` those that somebody still waits for."""
    return [
        work_data(row, plans[incident.courses[row.plan].digest], at, names)
        for row in every_row(incident, at)
        if ended or (incident.status == "open" and is_waited_for(row))
    ]


def every_row(incident: Incident, at: datetime) -> Iterator[Row]:
    """All duties with their deadlines, those that ended too."""
    for course in incident.courses.values():
        for duty in course.duties.values():
            yield Row(incident.id, course.plan, duty, deadline_of(duty, at))


def pending_data(incident: Incident, plans: Plans, at: datetime, posts: frozenset[str] = frozenset()) -> list[Json]:
    """The proposals that wait for a signature."""
    return [
        proposal_data(incident, plans[course.digest], one, at, posts)
        for course in incident.courses.values()
        for one in course.pending.values()
    ]
