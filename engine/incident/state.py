"""The state of an incident: the fold of its journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import singledispatch
from typing import Any, Literal

from engine.incident import event as ev
from engine.incident.chain import Entry
from engine.plan.condition import Level

OVER = ("done", "not_applicable", "impossible")
"""Steps after which nobody waits for a duty."""


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A reported fact as it counts now, with the entry that reported it and those that corrected it."""

    entry: int
    indicator: str
    value: Any
    source: str
    observed_at: datetime
    by: str
    plan: str | None = None
    corrections: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyState:
    """A duty put on a unit and how far it is. steps: (step, when it happened, by whom, note)."""

    assigned: ev.Assigned
    assigned_at: datetime
    entry: int
    ended_at: datetime | None = None
    steps: tuple[tuple[str, datetime, str, str | None], ...] = ()

    @property
    def step(self) -> str | None:
        """The last step; None where nothing has happened yet."""
        return self.steps[-1][0] if self.steps else None

    @property
    def done(self) -> tuple[datetime, ...]:
        """When it was recorded done."""
        return tuple(at for step, at, _, _ in self.steps if step == "done")


@dataclass(frozen=True, slots=True)
class Standing:
    """The decision that stands for a scale, and the proposal or situation that it answered."""

    decision: ev.Decided
    entry: int


@dataclass(frozen=True, slots=True)
class Course:
    """The incident under one plan."""

    plan: str
    digest: str
    title: str
    phase: str
    phase_word: str
    levels: Mapping[str, Level] = field(default_factory=dict)
    own: Mapping[str, Level] = field(default_factory=dict)
    imposed: Mapping[str, Level] = field(default_factory=dict)
    since: Mapping[str, datetime] = field(default_factory=dict)
    moments: Mapping[str, datetime] = field(default_factory=dict)
    pending: Mapping[str, ev.Proposed] = field(default_factory=dict)
    pending_since: Mapping[str, datetime] = field(default_factory=dict)
    scheduled: tuple[ev.Decided, ...] = ()
    standing: Mapping[str, Standing] = field(default_factory=dict)
    provisional: Mapping[str, datetime] = field(default_factory=dict)
    duties: Mapping[str, DutyState] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)

    def ahead(self, scale: str) -> ev.Decided | None:
        """The decision on a scale that was signed and is still to take effect."""
        return next((one for one in self.scheduled if one.scale == scale), None)


@dataclass(frozen=True, slots=True)
class Incident:
    """One event being handled. `seq` 0: nothing recorded yet. facts: by indicator, in the order of their entries."""

    id: str
    seq: int = 0
    hash: str = ""
    title: str = ""
    jurisdiction: str = ""
    report: str = ""
    source: str = ""
    place: str | None = None
    status: Literal["new", "open", "ended", "merged", "archived"] = "new"
    opened_at: datetime | None = None
    reported_at: datetime | None = None
    ended_at: datetime | None = None
    last_at: datetime | None = None
    owner: str | None = None
    owner_name: str | None = None
    demo: bool = False
    watch: bool = False
    courses: Mapping[str, Course] = field(default_factory=dict)
    facts: Mapping[str, tuple[FactEntry, ...]] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()
    proposals: int = 0
    decisions: int = 0
    assignments: int = 0

    def course_of(self, proposal: str) -> tuple[Course, ev.Proposed] | None:
        """The course and the pending proposal with this id."""
        for course in self.courses.values():
            for one in course.pending.values():
                if one.id == proposal:
                    return course, one
        return None


def fold(incident: str, entries: Iterable[Entry]) -> Incident:
    """The state after these entries, read from the first."""
    state = Incident(incident)
    for entry in entries:
        state = evolve(state, entry)
    return state


def evolve(state: Incident, entry: Entry) -> Incident:
    """The state after one more entry. Raises BadJournal for one that this release cannot read."""
    after = _after(ev.from_data(entry.kind, entry.body), state, entry)
    return replace(after, seq=entry.seq, hash=entry.hash, last_at=entry.at)


def applied(state: Incident, event: ev.Event, at: datetime, by: str) -> Incident:
    """The state as it will be once the event is recorded as the next entry."""
    entry = Entry(state.id, state.seq + 1, at, by, ev.kind_of(event), {}, None, state.hash, "")
    return replace(_after(event, state, entry), seq=entry.seq, last_at=at)


@singledispatch
def _after(event: ev.Event, state: Incident, entry: Entry) -> Incident:
    """Events that only stand in the journal: messages, notes, hand-overs."""
    return state


def _course(state: Incident, plan: str, **changes: Any) -> Incident:
    return replace(state, courses={**state.courses, plan: replace(state.courses[plan], **changes)})


def _begun(pin: ev.Pin) -> Course:
    return Course(pin.plan, pin.digest, pin.title, pin.phase, pin.phase_word, readings=pin.readings)


def _without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}


@_after.register
def _(event: ev.Opened, state: Incident, entry: Entry) -> Incident:
    return replace(
        state,
        title=event.title,
        jurisdiction=event.jurisdiction,
        report=event.report,
        source=event.source,
        place=event.place,
        status="open",
        opened_at=entry.at,
        reported_at=event.reported_at,
        demo=event.demo,
        watch=event.watch,
        courses={pin.plan: _begun(pin) for pin in event.plans},
    )


@_after.register
def _(event: ev.PlanAdded, state: Incident, entry: Entry) -> Incident:
    return replace(state, courses={**state.courses, event.pin.plan: _begun(event.pin)})


@_after.register
def _(event: ev.PlanMoved, state: Incident, entry: Entry) -> Incident:
    pin = event.pin
    return _course(
        state, pin.plan, digest=pin.digest, title=pin.title, phase=pin.phase, phase_word=pin.phase_word,
        levels=event.levels, own=event.own, imposed=event.imposed, pending={}, pending_since={}, readings=pin.readings,
    )  # fmt: skip


@_after.register
def _(event: ev.FactObserved, state: Incident, entry: Entry) -> Incident:
    one = FactEntry(entry.seq, event.indicator, event.value, event.source, event.observed_at, entry.by, event.plan)
    return replace(state, facts={**state.facts, event.indicator: (*state.facts.get(event.indicator, ()), one)})


@_after.register
def _(event: ev.FactCorrected, state: Incident, entry: Entry) -> Incident:
    found = tuple(
        one
        if one.entry != event.entry
        else replace(
            one,
            value=event.value,
            source=event.source or one.source,
            observed_at=event.observed_at or one.observed_at,
            corrections=(*one.corrections, entry.seq),
        )
        for one in state.facts.get(event.indicator, ())
    )
    return replace(state, facts={**state.facts, event.indicator: found})


@_after.register
def _(event: ev.Proposed, state: Incident, entry: Entry) -> Incident:
    course = state.courses[event.plan]
    changed = _course(
        state,
        event.plan,
        pending={**course.pending, event.scale: event},
        pending_since={**course.pending_since, event.scale: entry.at},
    )
    return replace(changed, proposals=state.proposals + 1)


@_after.register
def _(event: ev.Superseded, state: Incident, entry: Entry) -> Incident:
    found = state.course_of(event.proposal)
    if found is None:
        return state
    course, proposal = found
    return _course(
        state, course.plan, pending=_without(course.pending, proposal.scale),
        pending_since=_without(course.pending_since, proposal.scale),
    )  # fmt: skip


@_after.register
def _(event: ev.Decided, state: Incident, entry: Entry) -> Incident:
    course = state.courses[event.plan]
    answered = course.pending.get(event.scale)
    changes: dict[str, Any] = {}
    if answered is not None and (event.proposal == answered.id or event.prevails):
        changes["pending"] = _without(course.pending, event.scale)
        changes["pending_since"] = _without(course.pending_since, event.scale)
    if event.prevails:
        changes["standing"] = {**course.standing, event.scale: Standing(event, entry.seq)}
        changes["scheduled"] = (*(one for one in course.scheduled if one.scale != event.scale), event)
        changes["provisional"] = _without(course.provisional, event.scale)
        if event.until is not None:
            changes["provisional"][event.scale] = event.until
    return replace(_course(state, event.plan, **changes), decisions=state.decisions + 1)


@_after.register
def _(event: ev.DeviationEnded, state: Incident, entry: Entry) -> Incident:
    return _course(state, event.plan, standing=_without(state.courses[event.plan].standing, event.scale))


@_after.register
def _(event: ev.LevelSet, state: Incident, entry: Entry) -> Incident:
    course = state.courses[event.plan]
    since = {
        scale: event.effective_at if course.levels.get(scale) != level else course.since.get(scale, event.effective_at)
        for scale, level in event.levels.items()
        if level is not None
    }
    return _course(
        state, event.plan, own=event.own, imposed=event.imposed, levels=event.levels, phase=event.phase,
        phase_word=event.phase_word, since=since, moments={**course.moments, **event.moments},
        scheduled=tuple(one for one in course.scheduled if one.id != event.cause),
    )  # fmt: skip


@_after.register
def _(event: ev.PhaseMoved, state: Incident, entry: Entry) -> Incident:
    return _course(state, event.plan, phase=event.phase, phase_word=event.phase_word)


@_after.register
def _(event: ev.MomentRecorded, state: Incident, entry: Entry) -> Incident:
    course = state.courses[event.plan]
    return _course(
        state,
        event.plan,
        moments={**course.moments, event.moment: event.happened_at},
        duties={key: _started(duty, event) for key, duty in course.duties.items()},
    )


def _started(duty: DutyState, event: ev.MomentRecorded) -> DutyState:
    if duty.assigned.moment != event.moment or duty.ended_at is not None:
        return duty
    return replace(duty, assigned=replace(duty.assigned, starts=event.happened_at))


@_after.register
def _(event: ev.DutiesChanged, state: Incident, entry: Entry) -> Incident:
    course = state.courses[event.plan]
    duties = dict(course.duties)
    for key in event.ended:
        duties[key] = replace(duties[key], ended_at=event.effective_at)
    for one in event.assigned:
        before = duties.get(one.key)
        steps = before.steps if before is not None and before.ended_at is None else ()
        duties[one.key] = DutyState(one, event.effective_at, entry.seq, None, steps)
    return replace(_course(state, event.plan, duties=duties), assignments=state.assignments + 1)


@_after.register
def _(event: ev.DutyMarked, state: Incident, entry: Entry) -> Incident:
    for course in state.courses.values():
        duty = course.duties.get(event.key)
        if duty is not None:
            steps = (*duty.steps, (event.step, event.happened_at, entry.by, event.note))
            return _course(state, course.plan, duties={**course.duties, event.key: replace(duty, steps=steps)})
    return state


@_after.register
def _(event: ev.Linked, state: Incident, entry: Entry) -> Incident:
    return replace(state, links=(*state.links, (event.incident, event.words)))


@_after.register
def _(event: ev.Merged, state: Incident, entry: Entry) -> Incident:
    if event.into is not None:
        return replace(state, status="merged", ended_at=entry.at, links=(*state.links, (event.into, "已并入")))
    return replace(state, links=(*state.links, (event.taken or "", "已并来")))


@_after.register
def _(event: ev.Split, state: Incident, entry: Entry) -> Incident:
    if event.part is not None:
        return replace(state, links=(*state.links, (event.part, "分出")))
    return replace(state, links=(*state.links, (event.origin or "", "分自")))


@_after.register
def _(event: ev.OwnerSet, state: Incident, entry: Entry) -> Incident:
    return replace(state, owner=event.person, owner_name=event.name)


@_after.register
def _(event: ev.Ended, state: Incident, entry: Entry) -> Incident:
    courses = {
        plan: replace(
            course,
            pending={},
            pending_since={},
            scheduled=(),
            provisional={},
            duties={
                key: duty if duty.ended_at else replace(duty, ended_at=event.ended_at) for key, duty in course.duties.items()
            },
        )
        for plan, course in state.courses.items()
    }
    return replace(state, status="ended", ended_at=event.ended_at, courses=courses)


@_after.register
def _(event: ev.Archived, state: Incident, entry: Entry) -> Incident:
    return replace(state, status="archived")
