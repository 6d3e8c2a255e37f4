"""What happens next by the scenario: injects, people who decide, duties that get done, time that passes.

`next_act` looks at the run as it is and says what comes first; it plans nothing ahead, so that an officer, a director or
another branch may do anything in between. The live exercise and the headless one ask the same function.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from engine.drill.cue import holds
from engine.drill.draw import Draw
from engine.drill.run import Act, Run
from engine.drill.scenario import DECIDES, Completion, Happening, Hours, Inject, Player, Scenario
from engine.duty.deadlines import Deadline
from engine.incident.board import deadline_of
from engine.incident.command import ENGINE, Actor, Command, Correct, MarkDuty, Observe, RecordMoment, Sign, Tell, Tick
from engine.incident.event import Proposed
from engine.incident.state import OVER, Course, DutyState, Incident
from engine.lifecycle.signers import RECORDERS
from engine.trigger.derive import derives

RECORDER = Actor("recorder", "值班员（推演）", dict.fromkeys(RECORDERS))
"""Who takes down what comes in."""
HOUR = timedelta(hours=1)
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
        planned = scenario.begins + _span(inject.at, scenario, origin)
        until = planned + inject.within
        if planned > now:  # a condition is looked at when its time comes
            act = given(run, inject.does, planned, origin) if inject.when is None else _look(planned, origin)
            yield planned, INJECT, order, act
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
            return value.drawn(scenario.seed, scenario.id, origin, key)
        case Hours():
            return value.points(scenario.begins)
        case _:
            return value


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
        if (one.scale, one.proposed) == (proposal.scale, proposal.level) and one.level != course.levels.get(one.scale):
            return Sign(course.plan, one.scale, one.level, post, proposal.id, one.reason)
    return Sign(course.plan, proposal.scale, proposal.level, post, proposal.id)


def _of_duties(run: Run, course: Course) -> Iterator[Due]:
    rules = run.scenario.duties
    if not rules:
        return
    for key, duty in course.duties.items():
        if duty.ended_at is not None or (duty.step in OVER and duty.assigned.due_kind in (None, "within", "within_workdays")):
            continue
        rule = next((one for one in rules if _fits(one, duty)), None)
        found = None if rule is None else _done_at(run, duty, rule)
        if rule is None or found is None:
            continue
        at, origin = max(found[0], run.at), found[1]
        if origin not in run.settled:
            yield at, DUTY, key, Act(at, RECORDER, (MarkDuty(key, rule.step, at),), origin)  # type: ignore[arg-type]


def _fits(rule: Completion, duty: DutyState) -> bool:
    """Whether the rule speaks of this duty; a share of the time given only of one that has a deadline in an incident."""
    one = duty.assigned
    if rule.share is not None and (one.due_kind is None or one.standing):
        return False
    return rule.clause in (None, one.clause) and rule.unit in (None, one.unit) and (rule.has is None or rule.has in one.action)


def _done_at(run: Run, duty: DutyState, rule: Completion) -> tuple[datetime, str] | None:
    """When a duty gets done, and under what name that is dealt with; None: not by this rule, or its clock has not started."""
    one, scenario = duty.assigned, run.scenario
    deadline = deadline_of(duty, run.at)
    if rule.share is not None:
        if deadline.due_at is None or deadline.state in ("met", "met_late"):
            return None
        base = _opens(duty, deadline)
        share = rule.share.drawn(scenario.seed, scenario.id, "share", one.duty, deadline.due_at.isoformat())
        return base + (deadline.due_at - base) * share, f"duty:{one.key}:{deadline.due_at.isoformat()}"
    if rule.takes is None or (one.moment is not None and one.starts is None):
        return None
    base = max(one.starts or duty.assigned_at, *duty.done, duty.assigned_at) if duty.done else one.starts or duty.assigned_at
    return base + _span(rule.takes, scenario, "takes", one.duty, len(duty.done)), f"duty:{one.key}:{len(duty.done)}"


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
        moments.append(run.at.replace(minute=0, second=0, microsecond=0) + HOUR)
    for at in moments:
        if at > run.at:
            yield at, CLOCK, "", Act(at, ENGINE, (Tick(),), "clock")
