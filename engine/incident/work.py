"""Events in the making: each one is applied at once, so that the next follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.incident.assignment import changes, moments_made
from engine.incident.chain import Draft
from engine.incident.command import ENGINE, Actor, Refused
from engine.incident.event import (
    DeviationEnded,
    DutiesChanged,
    Event,
    Levels,
    LevelSet,
    PhaseMoved,
    Proposed,
    Superseded,
    kind_of,
    to_data,
)
from engine.incident.fact import Known, facts_now
from engine.incident.proposal import FACTS, KEEP, PROVISIONAL, Target, combined, leading, propose, targets
from engine.incident.state import Course, Incident, applied
from engine.lifecycle.machine import LIFT, RAISE, State, move, move_kind, set_level
from engine.plan.condition import Level
from engine.plan.finding import IllegalMove
from engine.plan.model import Plan, Scale


@dataclass(slots=True)
class Work:
    """An incident while a command is carried out at a time: its state so far and the events that led there."""

    state: Incident
    plans: Mapping[str, Plan]
    actor: Actor
    at: datetime
    events: list[tuple[Event, str]] = field(default_factory=list)

    def add(self, event: Event, by: Actor | None = None) -> None:
        """One more event, by the actor or another."""
        who = (by or self.actor).id
        self.state = applied(self.state, event, self.at, who)
        self.events.append((event, who))

    def drafts(self) -> tuple[Draft, ...]:
        """The events as the journal takes them."""
        return tuple(Draft(kind_of(event), to_data(event), by) for event, by in self.events)

    def plan(self, plan_id: str) -> Plan:
        """The plan of a course, in its pinned version. Raises Refused."""
        course = self.state.courses.get(plan_id)
        if course is None:
            known = "、".join(one.title for one in self.state.courses.values()) or "（无）"
            raise Refused(f"本事件没有启用预案“{plan_id}”", where="plan", remedy=f"本事件的预案：{known}")
        return self.plans[course.digest]

    def know(self, plan: Plan) -> None:
        """One more version, beside those that the incident is pinned to. (The shell's mapping lists only what it has loaded so far.)"""
        pinned = (course.digest for course in self.state.courses.values())
        self.plans = {**{digest: self.plans[digest] for digest in pinned}, plan.digest: plan}

    def settle(self) -> None:
        """Everything that follows by itself: decisions that take effect, proposals made and overtaken, duties put on units."""
        if self.state.status != "open":
            return
        for plan_id in self.state.courses:
            plan = self.plan(plan_id)
            known = facts_now(self.state, plan)
            for decision in self.state.courses[plan_id].scheduled:
                if decision.effective_from <= self.at:
                    branches = (decision.own, decision.imposed)
                    self.take_effect(plan, decision.scale, branches, decision.effective_from, decision.id)
            found = targets(plan, self.state.courses[plan_id], known, self.at)
            if self._move_branches(plan, found):
                found = targets(plan, self.state.courses[plan_id], known, self.at)
            self._propose(plan, known, found)
            self._assign(plan, known, ())

    def take_effect(self, plan: Plan, scale_id: str, branches: tuple[Level, Level], effective_at: datetime, cause: str) -> None:
        """A level (own, imposed) comes into force: the machines move, the phase goes along, moments happen, duties are put on units.

        Raises IllegalMove where the plan has no such move; nothing has changed then.
        """
        course = self.state.courses[plan.id]
        scale = plan.scale(scale_id)
        own, imposed = branches
        levels = combined(plan, course, scale, own, imposed)
        kind = move_kind(plan, scale_id, course.levels.get(scale_id), levels[scale_id]) or KEEP
        phase = check_move(plan, course, scale, levels)
        moments = dict.fromkeys(moments_made(plan, course.levels, levels), effective_at)
        self.add(
            LevelSet(
                plan.id, scale_id, kind, levels[scale_id], {**course.own, scale_id: own}, {**course.imposed, scale_id: imposed},
                levels, phase, plan.lifecycle.phases[phase], effective_at, cause, moments,
            ),
            ENGINE,
        )  # fmt: skip
        self._assign(plan, facts_now(self.state, plan), moments, effective_at)

    def move_phase(self, plan: Plan, do: str, post: str, reason: str | None) -> None:
        """A phase transition by a person's word. Raises IllegalMove."""
        course = self.state.courses[plan.id]
        after = move(plan, State(course.phase, course.levels), do, choices=course.readings)
        self.add(PhaseMoved(plan.id, do, after.phase, plan.lifecycle.phases[after.phase], post, reason))

    def _move_branches(self, plan: Plan, found: Mapping[str, Target]) -> bool:
        """A branch that changes beneath the other's level needs nobody's signature: what is in force stays as it is."""
        course = self.state.courses[plan.id]
        moved = False
        for target in found.values():
            scale = target.scale
            branches = (target.own, target.imposed)
            now = (course.own.get(scale.id), course.imposed.get(scale.id))
            if branches != now and target.level == course.levels.get(scale.id):
                self.take_effect(plan, scale.id, branches, self.at, "branch")
                course = self.state.courses[plan.id]
                moved = True
        return moved

    def _propose(self, plan: Plan, known: Known, found: Mapping[str, Target]) -> None:
        course = self.state.courses[plan.id]
        for scale in leading(plan):
            target = self._wanted(plan, course, found[scale.id])
            pending = course.pending.get(scale.id)
            self._end_deviation(plan, course, found[scale.id])
            if pending is not None and self._only_stale(plan, course, known, pending, target):
                continue
            if target is None:
                if pending is not None:
                    self.add(Superseded(pending.id, "事实变化，不再需要这项建议"), ENGINE)
                continue
            fresh = propose(plan, course, target, known, self.at, self.state.proposals + 1)
            if pending is None and self._answered(course, fresh):
                continue
            if pending is not None:
                if (pending.level, pending.own, pending.imposed, pending.clauses) == (
                    fresh.level, fresh.own, fresh.imposed, fresh.clauses,
                ):  # fmt: skip
                    continue
                self.add(Superseded(pending.id, f"事实变化，改为建议“{fresh.words}”", fresh.id), ENGINE)
            self.add(fresh, ENGINE)

    def _only_stale(self, plan: Plan, course: Course, known: Known, pending: Proposed, target: Target | None) -> bool:
        """Whether nothing but the age of facts speaks against raising as proposed: on silence no warning is taken back."""
        scale = plan.scale(pending.scale)
        if pending.kind != RAISE or (target is not None and scale.rank(target.level) >= scale.rank(pending.level)):
            return False
        ageless = replace(known, facts=replace(known.facts, marks={}))
        return targets(plan, course, ageless, self.at)[scale.id].level == pending.level

    def _end_deviation(self, plan: Plan, course: Course, target: Target) -> None:
        scale = target.scale.id
        standing = course.standing.get(scale)
        waits = course.ahead(scale) is not None
        if standing is not None and not waits and not standing.decision.approved and target.level == course.levels.get(scale):
            self.add(DeviationEnded(plan.id, scale, "事实与在行级别一致"), ENGINE)

    def _answered(self, course: Course, fresh: Proposed) -> bool:
        """Whether the decision that stands has answered this already: otherwise than proposed, and after a lift no newer report came."""
        standing = course.standing.get(fresh.scale)
        if standing is None or standing.decision.approved or standing.decision.proposed != fresh.level:
            return False
        return standing.decision.level is not None or max(fresh.facts, default=0) < standing.entry

    def _wanted(self, plan: Plan, course: Course, target: Target) -> Target | None:
        """The target where a proposal is called for: it differs from what is in force and was not just decided otherwise."""
        scale = target.scale
        ahead = course.ahead(scale.id)
        if ahead is not None:  # what has been signed and is still to take effect; the facts may have moved on since
            return None if target.level in (ahead.level, ahead.proposed) else replace(target, cause=FACTS)
        until = course.provisional.get(scale.id)
        if until is not None and until <= self.at:
            return _provisional_end(plan, course, target)
        return None if target.level == course.levels.get(scale.id) else target

    def _assign(self, plan: Plan, known: Known, renewed: Iterable[str], at: datetime | None = None) -> None:
        changed = changes(plan, self.state, known, at or self.at, renewed)
        if changed is not None:
            self.add(changed, ENGINE)

    def end_duties(self, plan_id: str) -> None:
        """End every duty of a plan."""
        course = self.state.courses[plan_id]
        keys = tuple(key for key, one in course.duties.items() if one.ended_at is None)
        if keys:
            self.add(DutiesChanged(plan_id, (), keys, self.at), ENGINE)


def check_move(plan: Plan, course: Course, scale: Scale, levels: Levels) -> str:
    """The phase after the scale's change, if the plan's machines allow it. Raises IllegalMove."""
    before = State(course.phase, {one: course.levels.get(one) for one in plan.scales})
    set_level(plan, before, scale.id, levels[scale.id], choices=course.readings)
    return _phase_after(plan, before, levels)


def _provisional_end(plan: Plan, course: Course, target: Target) -> Target | None:
    """What to propose once a provisional level has run out: what the facts and rules lead to, else to lift or to keep it."""
    scale = target.scale
    now = course.levels.get(scale.id)
    if target.level != now:
        return target
    if target.own is not None and target.cause == FACTS and target.level is not None:
        try:
            set_level(
                plan,
                State(course.phase, {one: course.levels.get(one) for one in plan.scales}),
                scale.id,
                None,
                choices=course.readings,
            )
        except IllegalMove:
            return Target(scale, now, target.own, target.imposed, PROVISIONAL)
        return Target(scale, course.imposed.get(scale.id), None, course.imposed.get(scale.id), PROVISIONAL)
    return Target(scale, now, target.own, target.imposed, PROVISIONAL)


def _phase_after(plan: Plan, before: State, levels: Levels) -> str:
    """The phase that goes with levels coming into force from none and being lifted to none."""
    state = before
    for scale in plan.scales:
        was, now = before.levels.get(scale), levels.get(scale)
        if (was is None) == (now is None):
            continue
        kind = RAISE if was is None else LIFT
        for one in plan.lifecycle.transitions:
            if one.goes_with == (scale, kind) and state.phase in one.sources:
                state = move(plan, state, one.do)
                break
    return state.phase
