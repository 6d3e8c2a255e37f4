"""A story played through the real commands, in order, with a clock that moves up to the present moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import Engine

from api.demo.desk import DemoDesk
from api.demo.story import Duties, Event, Person, Roster, Step, Story
from api.desk.versions import Versions
from api.library import Library
from api.people.accounts import NewPerson
from api.people.audit import CONSOLE
from api.people.passwords import Passwords
from api.people.service import PeopleService
from api.reading import BadInput
from api.store.journal import Journal
from api.store.plan_texts import PlanTexts
from engine.incident import command as cmd
from engine.incident.command import Actor, Command
from engine.incident.handover import handover_summary
from engine.trigger.facts import CHINA

OFFICER = "值班员"
"""The place on the roster whose shifts hand over."""
BACK, AHEAD = timedelta(days=4), timedelta(days=3)
"""How much of the roster there is before and after the present moment."""
HANDOVERS = timedelta(hours=26)
"""How far back shifts have handed over."""
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Everybody's password is printed on the login page: hashing it slowly would protect nothing."""


@dataclass
class MovingClock:
    """The moment that it is in the story."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Player:
    """A story on its way into an empty store."""

    story: Story
    engine: Engine
    library: Library
    present: datetime
    ids: dict[str, str] = field(default_factory=dict)
    incidents: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.present = self.present.astimezone(CHINA).replace(second=0, microsecond=0)
        self.clock = MovingClock(self.present - BACK)
        self.people = PeopleService(self.engine, self.clock, passwords=Passwords(QUICK))
        self.desk = DemoDesk(Journal(self.engine), Versions(self.library, PlanTexts(self.engine)), self.clock)

    def play(self) -> None:
        """Everything, from the oldest to the newest; then it is now."""
        for person in self.story.people:
            self._hire(person)
        for roster in self.story.rosters:
            self._fill(roster)
        for moment, act in sorted(self._acts(), key=lambda one: one[0]):
            self.clock.now = moment
            act()
            self.desk.tick()
        self.clock.now = self.present
        self.desk.tick()

    def _hire(self, person: Person) -> None:
        new = NewPerson(person.login, person.name, person.jurisdiction, frozenset(person.roles), frozenset(person.posts))
        made, once = self.people.accounts.create(new, CONSOLE)
        self.people.accounts.change_password(made.id, once, self.story.password, None)
        self.ids[person.login] = made.id

    def _fill(self, roster: Roster) -> None:
        for number, begins, ends in _shifts(roster, self.present):
            login = roster.logins[number % len(roster.logins)]
            self.people.shifts.add(self.ids[login], roster.place, roster.jurisdiction, begins, ends, CONSOLE)

    def _acts(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for event in self.story.incidents:
            yield self.present - event.ago, lambda event=event: self._open(event)  # type: ignore[misc]
            for step in event.then:
                yield self.present - step.ago, lambda event=event, step=step: self._do(event, step)  # type: ignore[misc]
        for roster in self.story.rosters:
            if roster.place == OFFICER:
                for _, begins, _ in _shifts(roster, self.present):
                    if self.present - HANDOVERS < begins <= self.present:
                        yield begins, lambda roster=roster: self._hand_over(roster.jurisdiction)  # type: ignore[misc]

    def _open(self, event: Event) -> None:
        actor, plans = self._actor(event.by, event.jurisdiction), self.library.current()
        command = cmd.Open(
            event.title, event.jurisdiction, event.report, event.source, self.desk.now(),
            tuple(plans.plan(one) for one in event.plans), event.place, watch=event.watch,
        )  # fmt: skip
        if event.from_watch is None:
            done = self.desk.open(command, actor)
        else:
            done = self.desk.open_from_watch(self.incidents[event.from_watch], command, actor)
        self.incidents[event.key] = done.state.id

    def _do(self, event: Event, step: Step) -> None:
        actor = self._actor(step.by, event.jurisdiction)
        for command in self._commands(self.incidents[event.key], step):
            self.desk.do(self.incidents[event.key], command, actor)

    def _commands(self, incident: str, step: Step) -> Iterator[Command]:
        at = self.desk.now() - step.happened
        if step.source is not None:
            facts = {**(step.facts or {}), **self._series(step)}
            yield cmd.Observe(facts, step.source, at)
        elif step.sign is not None:
            one = step.sign
            pending = self.desk.incident(incident).courses[one.plan].pending.get(one.scale)
            proposal = None if pending is None else pending.id
            yield cmd.Sign(one.plan, one.scale, one.level, one.post, proposal, one.reason)
        elif step.moment is not None:
            yield cmd.RecordMoment(step.moment.plan, step.moment.moment, at)
        elif step.duty is not None:
            for key in self._keys(incident, step.duty):
                yield cmd.MarkDuty(key, step.duty.step, at, step.duty.note)
        elif step.message is not None:
            one_message = step.message
            yield cmd.Tell(
                one_message.direction, one_message.sender, one_message.recipient, one_message.medium, one_message.text, at
            )
        elif step.note is not None:
            yield cmd.Note(step.note, at)

    def _series(self, step: Step) -> dict[str, Any]:
        hour = self.present.replace(minute=0)
        return {
            key: [
                [(hour + timedelta(hours=n)).isoformat(), self.story.curves[part.of].at(n)]
                for n in range(part.first, part.last + 1)
            ]
            for key, part in (step.hours or {}).items()
        }

    def _keys(self, incident: str, wanted: Duties) -> list[str]:
        """The duties in force that are meant. Raises BadInput where there is none: the plan says something else by now."""
        found = [
            key
            for course in self.desk.incident(incident).courses.values()
            for key, one in course.duties.items()
            if one.ended_at is None
            and one.assigned.clause == wanted.clause
            and wanted.has in one.assigned.action
            and wanted.unit in (None, one.assigned.unit)
        ]
        if not found:
            raise BadInput(f"没有这项任务：{wanted.clause} {wanted.has}", where=f"演示 {incident}", remedy="改正演示文件")
        return found

    def _hand_over(self, jurisdiction: str) -> None:
        """The shift that ends gives, the one that begins takes; both sign, and every open incident says so."""
        giver = self._on_duty(OFFICER, jurisdiction, self.desk.now() - timedelta(minutes=1))
        taker = self._on_duty(OFFICER, jurisdiction, self.desk.now())
        listed = [one for one in self.desk.states.open() if one.jurisdiction == jurisdiction]
        summary = handover_summary(listed, self.desk.versions, self.desk.now())
        begun = self.people.handovers.begin(giver, taker, jurisdiction, summary)
        for person in (giver, taker):
            self.people.handovers.sign(begun.id, person)
        actor = self._person(taker)
        for one in summary["incidents"]:
            said = {"at": summary["at"], "incidents": [one]}
            command = cmd.HandOver(giver, self._person(giver).name, taker, actor.name, begun.id, said)
            with suppress(cmd.Refused):
                self.desk.do(one["id"], command, actor, f"handover/{begun.id}")

    def _actor(self, by: str, jurisdiction: str) -> Actor:
        """Who has this login; or who is on duty in this place."""
        return self._person(self.ids.get(by) or self._on_duty(by, jurisdiction, self.desk.now()))

    def _on_duty(self, place: str, jurisdiction: str, at: datetime) -> str:
        held = self.people.shifts.between(jurisdiction, at, at + timedelta(seconds=1))
        return next(one.person_id for one in held if one.place == place)

    def _person(self, person_id: str) -> Actor:
        found = self.people.accounts.find(person_id)
        return Actor(found.id, found.name, dict.fromkeys(found.posts))


def play(story: Story, engine: Engine, library: Library, present: datetime) -> None:
    """Fill an empty store with the story as it stands at the present moment."""
    Player(story, engine, library, present).play()


def _shifts(roster: Roster, present: datetime) -> Iterator[tuple[int, datetime, datetime]]:
    """The shifts around the present moment; number 0 is the one that is on now."""
    midnight = present.replace(hour=0, minute=0)
    days = range(-BACK.days - 1, AHEAD.days + 2)
    begins = sorted(midnight + timedelta(days=day) + change for day in days for change in roster.changes)
    now = max(n for n, one in enumerate(begins) if one <= present)
    for n, (one, following) in enumerate(pairwise(begins)):
        yield n - now, one, following
