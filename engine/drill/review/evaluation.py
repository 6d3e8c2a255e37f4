"""How an exercise went: each expected action met, late, missed or not applicable; by unit, clause and objective; the score.

What is expected is the engine's own answer: every proposal is to be decided, every duty that came into force with a
deadline is to be done by then, each time anew where it recurs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.drill.review.expected import NOBODY, Expected, Fed, Outcome, Tally, Undated, tally
from engine.drill.review.findings import find_issues
from engine.drill.review.issue import Issue
from engine.drill.review.lanes import Wait, waits
from engine.drill.run import Refusal, Run
from engine.drill.scenario import Inject, Objective
from engine.drill.script import planned_at
from engine.duty.deadlines import deadline_at
from engine.duty.occurrences import Occurrence, occurrences
from engine.incident import event as ev
from engine.incident.board import done_at, due_of
from engine.incident.chain import Entry
from engine.incident.state import Course, DutyState, Incident
from engine.plan.model import Plan

LIFTED = "到期之前已解除"
TOO_LATE = "下达时已过时限"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """title: of the incident. at: the moment that it is evaluated for; over: whether nothing more can come. hash: of the journal's end."""

    title: str
    begins: datetime
    at: datetime
    over: bool
    hash: str
    expected: tuple[Expected, ...]
    undated: tuple[Undated, ...]
    objectives: tuple[Objective, ...] = ()
    fed: tuple[Fed, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    issues: tuple[Issue, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> Tally:
        return tally(self.expected)

    @property
    def by_unit(self) -> dict[str, Tally]:
        return self._by(lambda one: (one.unit or NOBODY,))

    @property
    def by_clause(self) -> dict[str, Tally]:
        return self._by(lambda one: one.clauses)

    @property
    def by_objective(self) -> dict[str, Tally]:
        found = self._by(lambda one: one.objectives)
        return {one.id: found.get(one.id, tally(())) for one in self.objectives}

    def _by(self, keys: Callable[[Expected], Iterable[str]]) -> dict[str, Tally]:
        groups: dict[str, list[Expected]] = {}
        for one in self.expected:
            for key in keys(one):
                groups.setdefault(key, []).append(one)
        return {key: tally(listed) for key, listed in groups.items()}


def evaluate(run: Run) -> Evaluation:
    """A drill, finished or as far as it is. Raises ValueError for one that was played without a journal."""
    if run.light:
        raise ValueError("a run without a journal cannot be evaluated")
    scenario = run.scenario
    found = evaluate_journal(run.incident, run.entries, run.plans, scenario.begins, run.at, scenario.objectives, over=run.over)
    return Evaluation(
        found.title, found.begins, found.at, found.over, found.hash, found.expected, found.undated, scenario.objectives,
        tuple(_fed(run, one) for one in scenario.injects), run.refusals, found.issues, run.names,
    )  # fmt: skip


def evaluate_journal(
    incident: Incident,
    entries: Sequence[Entry],
    plans: Mapping[str, Plan],
    begins: datetime,
    at: datetime,
    objectives: tuple[Objective, ...] = (),
    *,
    over: bool,
) -> Evaluation:
    """An incident's journal up to a moment, a live one's too. plans: by digest. over: what still waits, waits in vain."""
    marks = _marks(entries)
    expected = (
        *(_decision(one, entries, at, objectives, over=over) for one in waits(entries, at)),
        *(
            one
            for course in incident.courses.values()
            for key, duty in course.duties.items()
            for one in _duty(course, duty, marks.get(key, ()), at, objectives)
        ),
    )
    undated = tuple(
        Undated(key, course.plan, one.unit, one.unit_id, one.action, one.clause, min(duty.done, default=None))
        for course in incident.courses.values()
        for key, duty in course.duties.items()
        if not _has_limit(duty)
        for one in (duty.assigned,)
    )
    issues = find_issues(incident, plans, expected, at)
    return Evaluation(incident.title, begins, at, over, incident.hash, expected, undated, objectives, issues=issues)


def covers(objective: Objective, clauses: Iterable[str], units: Iterable[str | None], scale: str) -> bool:
    """Whether an action belongs to an objective; to one that names nothing everything does."""
    named = objective.clauses or objective.units or objective.scales
    return (
        not named
        or bool(set(objective.clauses) & set(clauses))
        or bool(set(objective.units) & set(units))
        or scale in objective.scales
    )


def _decision(wait: Wait, entries: Sequence[Entry], at: datetime, objectives: tuple[Objective, ...], *, over: bool) -> Expected:
    proposal = wait.proposal
    mine = [one for one in objectives if covers(one, proposal.clauses, proposal.signers, proposal.scale)]
    limit = min((one.decided_within for one in mine if one.decided_within is not None), default=None)
    due_at = None if limit is None else wait.begins + limit
    passed = due_at is not None and wait.ends > due_at
    outcome: Outcome
    done: datetime | None = None
    by, note, as_proposed, level = "", "", None, None
    if wait.answer == "decided":
        decision = next(
            event for one in entries if one.seq == wait.by and isinstance(event := ev.from_data(one.kind, one.body), ev.Decided)
        )
        done, by, note = (
            min(wait.ends, max(decision.decided_at, wait.begins)),
            f"{decision.post} {decision.name}",
            decision.reason or "",
        )
        as_proposed, level = decision.approved, decision.level
        outcome = "late" if due_at is not None and done > due_at else "met"
    elif wait.answer == "superseded":
        outcome, note = ("missed" if passed else "not_applicable"), wait.why
    else:
        outcome = "missed" if passed or over else "running"
    return Expected(
        "decision", proposal.id, 1, proposal.words, proposal.plan, proposal.scale, proposal.level, proposal.clauses,
        "或".join(proposal.signers), None, wait.begins, due_at, done, outcome,
        (wait.entry,) if wait.by is None else (wait.entry, wait.by), by, note, as_proposed, level,
        objectives=tuple(one.id for one in mine),
    )  # fmt: skip


Mark = tuple[str, datetime, int]
"""A step of a duty, when it happened, and its entry."""


def _marks(entries: Iterable[Entry]) -> dict[str, tuple[Mark, ...]]:
    found: dict[str, tuple[Mark, ...]] = {}
    for entry in entries:
        if entry.kind == ev.NAMES[ev.DutyMarked]:
            event = ev.from_data(entry.kind, entry.body)
            assert isinstance(event, ev.DutyMarked)
            found[event.key] = (*found.get(event.key, ()), (event.step, event.happened_at, entry.seq))
    return found


def _has_limit(duty: DutyState) -> bool:
    """Whether the duty has a deadline in an incident, once that begins to run."""
    start = duty.assigned.starts or duty.assigned_at
    return deadline_at(due_of(duty.assigned), start, (), start, standing=duty.assigned.standing).due_at is not None


def _duty(
    course: Course, duty: DutyState, marks: Sequence[Mark], at: datetime, objectives: tuple[Objective, ...]
) -> Iterator[Expected]:
    if not _has_limit(duty):
        return
    one = duty.assigned
    mine = tuple(obj.id for obj in objectives if covers(obj, (one.clause,), (one.unit, one.unit_id), one.scale))
    counted = done_at(duty)
    recorded = [mark for mark in marks if mark[0] == "done"]
    people = [by for step, _, by, _ in duty.steps if step == "done"]
    last = duty.steps[-1] if duty.steps else None

    def expected(found: Occurrence | None, outcome: Outcome, note: str = "") -> Expected:
        done = None if found is None else found.done_at
        place = counted.index(done) if done is not None else None
        entries = (duty.entry,) if place is None or place >= len(recorded) else (duty.entry, recorded[place][2])
        return Expected(
            "duty", one.key, 1 if found is None else found.number, one.action, course.plan, one.scale, one.level, (one.clause,),
            one.unit, one.unit_id, duty.assigned_at if found is None else found.opens_at, None if found is None else found.due_at,
            done, outcome, entries, "" if place is None else people[place], note, duty=one.duty, moment=one.moment,
            objectives=mine,
        )  # fmt: skip

    if last is not None and last[0] == "not_applicable" and one.due_kind in ("within", "within_workdays"):
        yield expected(None, "not_applicable", last[3] or "")
        return
    if one.starts is None:
        yield expected(None, "waiting")
        return
    stopped = last[1] if last is not None and last[0] == "not_applicable" else None
    ended = min((moment for moment in (duty.ended_at, stopped) if moment is not None), default=None)
    found = occurrences(due_of(one), one.starts, counted, at, ended, standing=one.standing)
    if not found:
        yield expected(None, "not_applicable", LIFTED)
    for each in found:
        outcome: Outcome = "running" if each.fate == "open" else each.fate
        note = TOO_LATE if each.due_at < duty.assigned_at else ""
        if each.fate in ("open", "missed") and ended is not None and ended <= each.due_at and ended <= at:
            outcome, note = "not_applicable", LIFTED if stopped is None else (last[3] if last is not None else "") or ""
        elif each.fate in ("open", "missed") and last is not None and last[0] == "impossible":
            outcome, note = "missed", f"无法完成：{last[3] or ''}"
        yield expected(each, outcome, note)


def _fed(run: Run, inject: Inject) -> Fed:
    origins = {act.origin: act.at for act in run.acts}
    given = run.given.get(inject.id)
    how: Literal["given", "instead", "skipped", "waiting"] = (
        "instead" if f"else:{inject.id}" in origins
        else "given" if given is not None
        else "skipped" if f"inject:{inject.id}" in run.settled
        else "waiting"
    )  # fmt: skip
    late: Literal["given", "spared", "waiting"] | None = None
    if inject.contingency is not None:
        late = (
            "given" if f"contingency:{inject.id}" in origins
            else "spared" if f"contingency:{inject.id}" in run.settled
            else "waiting"
        )  # fmt: skip
    return Fed(inject, planned_at(run.scenario, inject), how, given, late)
