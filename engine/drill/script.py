"""What happens next by the scenario: injects, people who decide, duties that get done, time that passes.

`next_act` looks at the run as it is and says what comes first; it plans nothing ahead, so that an officer, a director or
another branch may do anything in between. The live exercise and the headless one ask the same function.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from engine.drill.cue import holds
from engine.drill.draw import Draw
from engine.drill.run import Act, Run
from engine.drill.scenario import DECIDES, MARK, Completion, Happening, Hours, Inject, Player, Scenario
from engine.duty.deadlines import Deadline
from engine.incident.board import deadline_of
from engine.incident.command import ENGINE, Actor, Command, Correct, MarkDuty, Observe, RecordMoment, Sign, Tell, Tick
from engine.incident.event import DutyStep, Proposed
from engine.incident.state import OVER, Course, DutyState, Incident
from engine.lifecycle.signers import RECORDERS
from engine.trigger.derive import derives
from engine.trigger.facts import CHINA

RECORDER = Actor("recorder", "值班员（推演）", dict.fromkeys(RECORDERS))
"""Who takes down what comes in."""
HOUR = timedelta(hours=1)
FOREVER = datetime.max.replace(tzinfo=CHINA)
ONCE = (None, "within", "within_workdays")
"""Kinds of deadlines, none included, of duties that are done once."""
INJECT, PERSON, DUTY, CLOCK = range(4)
"""What comes first of what falls on one moment."""
Due = tuple[datetime, int, str, Act]


def next_act(run: Run) -> Act | None:
    """The next thing that happens by itself, not before the run's moment; None: nothing more until the end."""
    if run.over:
        return None
    first: tuple[datetime, int, str] | None = None
    found: Act | None = None
    for at, kind, name, act in _coming(run):
        if at <= run.scenario.ends and (first is None or (at, kind, name) < first):
            first, found = (at, kind, name), act
    return found


def _coming(run: Run) -> Iterator[Due]:
    for number, inject in enumerate(run.scenario.injects):
        yield from _of_inject(run, number, inject)
    for course in run.incident.courses.values():
        for proposal in course.pending.values():
            yield from _of_proposal(run, course, proposal)
        yield from _of_duties(run, course)
    yield from _of_clock(run)


def _of_inject(run: Run, number: int, inject: Inject) -> Iterator[Due]:
    scenario, order, now = run.scenario, f"{number:05d}", run.at
    origin = f"inject:{inject.id}"
    if origin not in run.settled:
        planned = planned_at(scenario, inject)
        until = planned + inject.within
        if planned > now:  # made, and its condition looked at, when its time comes
            yield planned, INJECT, order, _look(planned, origin)
        elif inject.when is None or holds(inject.when, run.incident, run.plans, run.given, now):
            yield now, INJECT, order, given(run, inject.does, now, origin)
        elif now < until:
            yield until, INJECT, order, _look(until, origin)
        elif inject.otherwise is not None:
            yield now, INJECT, order, given(run, inject.otherwise, now, f"else:{inject.id}")
        else:
            yield now, INJECT, order, Act(now, ENGINE, (), f"skip:{inject.id}")
    late, name = inject.contingency, f"contingency:{inject.id}"
    if late is not None and inject.id in run.given and name not in run.settled:
        at = run.given[inject.id] + _span(late.after, scenario, name)
        if at > now:
            yield at, INJECT, f"{order}c", _look(at, name)
        elif holds(late.unless, run.incident, run.plans, run.given, now):
            yield now, INJECT, f"{order}c", Act(now, ENGINE, (), f"spared:{inject.id}")
        else:
            yield now, INJECT, f"{order}c", given(run, late.does, now, name)


def planned_at(scenario: Scenario, inject: Inject) -> datetime:
    """When an inject's time comes."""
    return scenario.begins + _span(inject.at, scenario, f"inject:{inject.id}")


def _look(at: datetime, origin: str) -> Act:
    """Time comes at which something is looked at."""
    return Act(at, ENGINE, (), f"look:{origin}")


def given(run: Run, does: Happening, at: datetime, origin: str) -> Act:
    """What comes in, as commands of the officer who takes it down. `at` not before the run's moment."""
    scenario, observed_at = run.scenario, at - does.observed
    commands: list[Command] = []
    if does.text:
        commands.append(Tell("in", does.sender, does.to, does.medium, does.text, at))
    facts: dict[str, Any] = {}
    for key, value in does.facts.items():
        if value is None:
            commands += [Correct(entry, None, f"{does.sender}撤回") for entry in _standing(run.incident, key)]
        else:
            facts[key] = amount(value, scenario, origin, key)
    if facts:
        commands.append(Observe(facts, does.sender, observed_at, does.plan))
    for moment, ago in does.moments.items():
        for course in run.incident.courses.values():
            if does.plan in (None, course.plan) and moment in run.plans[course.digest].moments:
                commands.append(RecordMoment(course.plan, moment, at - ago))
    return Act(at, RECORDER, tuple(commands), origin)


def amount(value: Any, scenario: Scenario, origin: str, key: str) -> Any:
    """A fact's value: drawn where it is uncertain, hours of the exercise's clock where it is a series."""
    match value:
        case Draw():
            return _reported(value.drawn(scenario.seed, scenario.id, origin, key))
        case Hours():
            return value.points(scenario.begins)
        case _:
            return value


def _reported(value: Any) -> Any:
    """A drawn number as somebody would report it: to four digits."""
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _standing(incident: Incident, indicator: str) -> tuple[int, ...]:
    return tuple(one.entry for one in incident.facts.get(indicator, ()) if one.value is not None)


def _span(draw: Draw, scenario: Scenario, *key: object) -> timedelta:
    """A duration, to the second."""
    return timedelta(seconds=round(draw.drawn(scenario.seed, scenario.id, *key)))


def _of_proposal(run: Run, course: Course, proposal: Proposed) -> Iterator[Due]:
    """The first person of the scenario who may sign it signs after his delay; where it names nobody, whoever the plan names."""
    people = run.scenario.people
    able = [one for one in people if set(one.posts) & set(proposal.signers)]
    if any(one.id in run.played for one in able):
        return
    post = proposal.signers[0]
    player = able[0] if able else Player(post, f"{post}（推演）", (post,), DECIDES)
    origin = f"person:{player.id}:{proposal.id}"
    if origin in run.settled:
        return
    at = max(
        run.at, course.pending_since[proposal.scale] + _span(player.decides, run.scenario, "decides", player.id, proposal.id)
    )
    yield at, PERSON, proposal.id, Act(at, actor_of(player), (_signature(course, proposal, player),), origin)


def actor_of(player: Player) -> Actor:
    return Actor(player.id, player.name, dict.fromkeys(player.posts))


def _signature(course: Course, proposal: Proposed, player: Player) -> Sign:
    post = next(one for one in proposal.signers if one in player.posts)
    for one in player.otherwise:
        if (one.scale, one.proposed) == (proposal.scale, proposal.level):
            return Sign(course.plan, one.scale, one.level, post, proposal.id, one.reason)
    return Sign(course.plan, proposal.scale, proposal.level, post, proposal.id)


def _of_duties(run: Run, course: Course) -> Iterator[Due]:
    rules = run.scenario.duties
    if not rules:
        return
    leaves_out = run.light and not run.scenario.looks_at_duties
    for key, duty in course.duties.items():
        if leaves_out and duty.assigned.due_kind in ONCE:
            continue
        kept = run.planned.get(id(duty))
        if kept is None or kept[0] is not duty or (kept[1] is not None and kept[1][2] < run.at):
            kept = run.planned[id(duty)] = (duty, _planned(run, duty))
        if kept[1] is None:
            continue
        at, origin, _, step = kept[1]
        if origin not in run.settled:
            at = max(at, run.at)
            note = MARK if step in ("not_applicable", "impossible") else None
            yield at, DUTY, key, Act(at, RECORDER, (MarkDuty(key, step, at, note),), origin)


Planned = tuple[datetime, str, datetime, DutyStep]
"""When a duty gets done, under what name that is dealt with, until when this holds, and how it is ticked off."""


def _planned(run: Run, duty: DutyState) -> Planned | None:
    """None: not by any rule, or its clock has not started."""
    if duty.ended_at is not None or (duty.step in OVER and duty.assigned.due_kind in ONCE and not _again(duty)):
        return None
    rule = next((one for one in run.scenario.duties if _fits(one, duty)), None)
    return None if rule is None else _done_at(run, duty, rule)


def _again(duty: DutyState) -> bool:
    """Whether its time began to run anew after it was done: a moment that came once more."""
    starts = duty.assigned.starts
    return starts is not None and duty.step == "done" and max(duty.done) < starts


def counted_after(run: Run, duty: DutyState) -> bool:
    """Whether a run without a journal leaves out that a duty gets done, because nothing follows from it: see `as_done`."""
    return duty.assigned.due_kind in ONCE and not run.scenario.looks_at_duties


def as_done(run: Run, duty: DutyState, known_from: datetime) -> DutyState:
    """A duty that is done once, with its doing as the script has it. known_from: when it was known from when its deadline runs."""
    planned = _planned(run, replace(duty, ended_at=None))
    if planned is None:
        return duty
    at, _, _, step = planned
    at = max(at, known_from)
    if at > run.scenario.ends or (duty.ended_at is not None and at >= duty.ended_at):
        return duty
    return replace(duty, steps=(*duty.steps, (step, at, RECORDER.id, None)))


def _fits(rule: Completion, duty: DutyState) -> bool:
    """Whether the rule speaks of this duty; a share of the time given only of one that has a deadline in an incident."""
    one = duty.assigned
    if rule.share is not None and (one.due_kind is None or one.standing):
        return False
    return rule.clause in (None, one.clause) and rule.unit in (None, one.unit) and (rule.has is None or rule.has in one.action)


def _done_at(run: Run, duty: DutyState, rule: Completion) -> Planned | None:
    one, scenario = duty.assigned, run.scenario
    if rule.share is not None:
        deadline = deadline_of(duty, run.at)
        opens, due_at = _opens(duty, deadline), deadline.due_at
        if due_at is not None and deadline.state in ("met", "met_late"):  # done for this time: the next one
            opens, due_at = due_at, None if deadline.period is None else deadline.period.next_at
        if due_at is None:
            return None
        share = rule.share.drawn(scenario.seed, scenario.id, "share", one.duty, due_at.isoformat())
        until = FOREVER if deadline.period is None else due_at
        span = timedelta(seconds=round((due_at - opens).total_seconds() * share))
        return opens + span, f"duty:{one.key}:{due_at.isoformat()}", until, rule.step
    if rule.takes is None or (one.moment is not None and one.starts is None):
        return None
    done = duty.done
    base = max(done[-1] if done else duty.assigned_at, one.starts or duty.assigned_at)
    takes = _span(rule.takes, scenario, "takes", one.duty, len(done))
    return base + takes, f"duty:{one.key}:{len(done)}", FOREVER, rule.step


def _opens(duty: DutyState, deadline: Deadline) -> datetime:
    if deadline.period is not None:
        return deadline.period.opens_at
    return duty.assigned.starts or duty.assigned_at


def _of_clock(run: Run) -> Iterator[Due]:
    """Times at which something may follow by time alone: signed levels, provisional ends, hours of a series."""
    moments: list[datetime] = []
    for course in run.incident.courses.values():
        moments += [one.effective_from for one in course.scheduled]
        moments += list(course.provisional.values())
    if any(derives(plan) for plan in run.plans.values()):
        moments.append(_next_look(run))
    for at in moments:
        if at > run.at:
            yield at, CLOCK, "", Act(at, ENGINE, (Tick(),), "clock")


def _next_look(run: Run) -> datetime:
    """When facts that follow from others may next be otherwise: with hours of a series the next hour, else the next day."""
    hour = run.at.astimezone(CHINA).replace(minute=0, second=0, microsecond=0)
    keys = {key for plan in run.plans.values() for key, one in plan.indicators.items() if one.type == "series"}
    return hour + HOUR if not keys.isdisjoint(run.incident.facts) else hour.replace(hour=0) + 24 * HOUR
