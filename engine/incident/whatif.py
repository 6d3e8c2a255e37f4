"""A running incident with changed facts or readings: what would differ. Nothing is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.assess import Assessment, assess, check_readings
from engine.duty.duties import DutyInForce
from engine.incident.assignment import in_force as duties_in_force
from engine.incident.event import FactObserved, Levels
from engine.incident.fact import Known, facts_now
from engine.incident.proposal import in_force, leading
from engine.incident.state import Course, Incident, applied
from engine.lifecycle.episode import Step, advance
from engine.lifecycle.signers import signers
from engine.plan.finding import FactInvalid
from engine.plan.model import Plan
from engine.trigger.facts import validate


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where one plan leads: the levels if every proposal were approved, those possible, signers and duties then."""

    assessment: Assessment
    levels: Levels
    signers: Mapping[str, tuple[str, ...]]
    duties: Mapping[str, DutyInForce]


@dataclass(frozen=True, slots=True)
class Difference:
    """One plan, as it is and as it would be."""

    plan: Plan
    now: Outcome
    then: Outcome

    @property
    def added(self) -> tuple[DutyInForce, ...]:
        return tuple(one for key, one in self.then.duties.items() if key not in self.now.duties)

    @property
    def removed(self) -> tuple[DutyInForce, ...]:
        return tuple(one for key, one in self.now.duties.items() if key not in self.then.duties)


def what_if(
    incident: Incident,
    plans: Mapping[str, Plan],
    facts: Mapping[str, Any],
    readings: Mapping[str, Mapping[str, str]],
    at: datetime,
) -> tuple[Difference, ...]:
    """Every plan of the incident, as it is and with these facts (null: no longer known) and readings (plan -> id -> letter)."""
    every = {key for course in incident.courses.values() for key in plans[course.digest].indicators}
    for key in facts:
        if key not in every:
            raise FactInvalid(f"本事件的预案都没有指标“{key}”", where=f"facts.{key}", remedy="见预案的指标表")
    found = []
    for course in incident.courses.values():
        plan = plans[course.digest]
        known = facts_now(incident, plan)
        choices = {**course.readings, **check_readings(plan, readings.get(plan.id, {}))}
        own = {key: value for key, value in facts.items() if key in plan.indicators}
        found.append(
            Difference(
                plan, _outcome(plan, course, known, course.readings, at), _outcome(plan, course, _with(incident, plan, known, own, at), choices, at)
            )
        )  # fmt: skip
    return tuple(found)


def _with(incident: Incident, plan: Plan, known: Known, facts: Mapping[str, Any], at: datetime) -> Known:
    """The facts with some replaced, and those that are null taken away."""
    gone = {key for key, value in facts.items() if value is None}
    state = incident
    for key, value in facts.items():
        if value is not None:
            validate(plan, {key: value})
            state = applied(state, FactObserved(key, value, "假设", at, plan.id), at, "")
    after = facts_now(state, plan)
    raw = {key: value for key, value in after.raw.items() if key not in gone}
    for key in facts.keys() - gone:
        if plan.indicators[key].type not in ("series", "areas"):
            raw[key] = facts[key]
    return Known(raw, validate(plan, raw), known.entries)


def _outcome(plan: Plan, course: Course, known: Known, choices: Mapping[str, str], at: datetime) -> Outcome:
    assessment = assess(plan, known.facts, at, readings=choices, in_force=course.own)
    levels = advance(plan, in_force(course), Step(at, known.facts), choices).levels(plan, choices)
    named = {
        scale.id: signers(plan, scale.id, course.levels.get(scale.id), levels[scale.id], choices)
        for scale in leading(plan)
        if levels[scale.id] != course.levels.get(scale.id)
    }
    there = Course(plan.id, plan.digest, plan.title, course.phase, course.phase_word, levels=levels)
    duties = {one.duty.id: one for one in duties_in_force(plan, there, known, choices)}
    return Outcome(assessment, levels, named, duties)
