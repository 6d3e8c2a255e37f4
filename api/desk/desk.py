"""Commands on incidents: the state is at hand, the core decides, the journal records; then it is so."""

from __future__ import annotations

import datetime
import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from api.desk.states import States
from api.desk.versions import Versions
from api.store.failure import Conflict, StoreUnavailable
from api.store.journal import Addition, Journal, Opening
from engine.incident.chain import Entry
from engine.incident.command import (
    ENGINE,
    Actor,
    AddPlan,
    Command,
    Link,
    MergeInto,
    MoveVersion,
    Observe,
    Open,
    Overtaken,
    Refused,
    SplitOff,
    TakeIn,
    Tick,
)
from engine.incident.decide import decide
from engine.incident.proposal import leading
from engine.incident.state import Incident
from engine.plan.finding import YuanError
from engine.trigger.facts import CHINA

log = logging.getLogger("yuan")
REGISTERED = "已登记为事件"
"""How a watch names the incident that was opened from it."""
ATTEMPTS = 40
"""How often a command is tried again when others were faster, before it is refused."""
Clock = Callable[[], datetime.datetime]


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to: the incident's state and the entries that it recorded (those of the first time, if it was sent again)."""

    state: Incident
    entries: tuple[Entry, ...]


class Desk:
    """One office's desk on one store. Safe to share among threads; several processes may share the store."""

    def __init__(self, journal: Journal, versions: Versions, clock: Clock) -> None:
        self.journal = journal
        self.versions = versions
        self.clock = clock
        self.states = States(journal)
        self._locks: dict[str, threading.Lock] = {}
        self._naming = threading.Lock()

    def now(self) -> datetime.datetime:
        """The moment now, in China's time: what entries are stamped with."""
        return self.clock().astimezone(CHINA)

    def incident(self, incident_id: str) -> Incident:
        """The state now. Raises NoIncident."""
        return self.states.get(incident_id)

    def incident_at(self, incident_id: str, moment: datetime.datetime) -> Incident:
        """The state as the journal had it at a past moment. Raises NoIncident."""
        return self.states.past(incident_id, moment)

    def open(self, command: Open, actor: Actor, key: str | None = None) -> Done:
        """Begin an incident (or a watch); its id is the day and a running number."""
        self.versions.keep(command.plans)
        at = self.now()
        with self._naming:
            for _ in range(ATTEMPTS):
                name = self._next_name(at, "W" if command.watch else "")
                if key is not None and (known := self.states.opened_by(key)) is not None:
                    return self._recorded([known], key)[0]
                drafts = decide(Incident(name), command, actor, at, self.versions)
                opening = Opening(command.jurisdiction, command.title, "watch" if command.watch else "live")
                try:
                    entries = self.journal.open_incident(name, opening, at, drafts, key)
                except Conflict:
                    continue
                self.states.take(entries)
                return Done(self.incident(name), entries)
        raise Conflict(name, ())

    def do(self, incident_id: str, command: Command, actor: Actor, key: str | None = None) -> Done:
        """Carry out a command. Raises what `decide` raises; Conflict where others keep being faster; NoIncident.

        What a watch learns is passed on to the incidents that were opened from it.
        """
        done = self._carry_out(incident_id, command, actor, key)
        if done.state.watch and isinstance(command, Observe):
            self._pass_on(done.state, command, actor, key)
        return done

    def _carry_out(self, incident_id: str, command: Command, actor: Actor, key: str | None) -> Done:
        self.incident(incident_id)
        if isinstance(command, AddPlan | MoveVersion):
            self.versions.keep((command.plan,))
        with self._turns([incident_id]):
            if found := self._recorded([incident_id], key):
                return found[0]
            for _ in range(ATTEMPTS):
                state, at = self.incident(incident_id), self.now()
                try:
                    drafts = decide(state, command, actor, at, self.versions)
                except YuanError:
                    if found := self._recorded([incident_id], key):  # the same command, through another process
                        return found[0]
                    raise
                if not drafts:
                    return (self._recorded([incident_id], key) or [Done(state, ())])[0]
                after = self._status(state, command)
                try:
                    entries = self.journal.append(incident_id, state.seq, at, drafts, key, after)
                except Conflict:
                    self.states.refresh(incident_id)
                    continue
                self.states.take(entries)
                return Done(self.incident(incident_id), entries)
        raise Overtaken("别人一直在先，这一条没有记下", where="incident", remedy="再发一次")

    def _pass_on(self, watch: Incident, command: Observe, actor: Actor, key: str | None) -> None:
        """What a watch learns, the open incidents learn that were opened from it: feeds need not be turned over at night."""
        for name, words in watch.links:
            state = self.incident(name)
            plans = [self.versions[course.digest] for course in state.courses.values() if command.plan in (None, course.plan)]
            facts = {one: value for one, value in command.facts.items() if any(one in plan.indicators for plan in plans)}
            if words == REGISTERED and state.status == "open" and facts:
                onward = Observe(facts, command.source, command.observed_at, command.plan)
                self.do(name, onward, actor, None if key is None else f"{key}/{watch.id}")

    def merge(self, incident_id: str, into: str, reason: str, actor: Actor, key: str | None = None) -> tuple[Done, Done]:
        """One incident goes on in another: both journals say so, in one transaction; the facts come along."""
        if incident_id == into:
            raise Refused("不能并入自己", where="incident", remedy="写另一事件的编号")

        def commands(states: Mapping[str, Incident]) -> Mapping[str, Command]:
            taken = states[incident_id]
            facts = tuple(
                (one.indicator, one.value, one.source, one.observed_at, one.plan)
                for listed in taken.facts.values() for one in listed if one.value is not None
            )  # fmt: skip
            in_force = tuple(
                (course.plan, course.title, scale.id, level)
                for course in taken.courses.values()
                for scale in leading(self.versions[course.digest])
                if (level := course.levels.get(scale.id)) is not None
            )
            return {incident_id: MergeInto(into, reason), into: TakeIn(incident_id, taken.hash, reason, facts, in_force)}

        first, second = self._together([incident_id, into], commands, actor, key)
        return first, second

    def split(self, incident_id: str, part: Open, reason: str, actor: Actor, key: str | None = None) -> tuple[Done, Done]:
        """A part of an incident goes on as another; both journals say so."""
        if not self._recorded([incident_id], key):
            decide(self.incident(incident_id), SplitOff("", None, reason), actor, self.now(), self.versions)
        opened = self.open(part, actor, None if key is None else f"{key}/part")
        name = opened.state.id
        commands: dict[str, Command] = {
            incident_id: SplitOff(name, None, reason),
            name: SplitOff(None, incident_id, reason),
        }
        first, second = self._together([incident_id, name], lambda _: commands, actor, key)
        return first, second

    def open_from_watch(self, watch_id: str, command: Open, actor: Actor, key: str | None = None) -> Done:
        """An incident out of a watch: its facts come along, and each names the other."""
        watch = self.incident(watch_id)
        if not watch.watch:
            raise Refused("这不是常态监测", where="watch", remedy="直接登记事件")
        opened = self.open(command, actor, key)
        name = opened.state.id
        if any(other == watch_id for other, _ in opened.state.links):
            return opened
        plans = {plan: self.versions[course.digest] for plan, course in opened.state.courses.items()}
        for listed in watch.facts.values():
            for one in listed:
                having = any(one.plan in (None, plan) and one.indicator in found.indicators for plan, found in plans.items())
                if one.value is not None and having:
                    observed = Observe({one.indicator: one.value}, one.source, one.observed_at, one.plan)
                    self.do(name, observed, actor, None if key is None else f"{key}/{one.entry}")
        self.do(watch_id, Link(name, REGISTERED), actor, None if key is None else f"{key}/link")
        return Done(
            self.do(name, Link(watch_id, "由常态监测转来"), actor, None if key is None else f"{key}/link").state, opened.entries
        )

    def tick(self) -> int:
        """Let time pass on every open incident; how many changed. One that fails does not stop the others. Raises StoreUnavailable."""
        changed = 0
        for state in self.states.open():
            try:
                if decide(state, Tick(), ENGINE, self.now(), self.versions):
                    changed += bool(self.do(state.id, Tick(), ENGINE).entries)
            except StoreUnavailable:
                raise
            except YuanError as error:
                log.warning("tick of %s: %s", state.id, error.message)
            except Exception:
                log.exception("tick of %s failed", state.id)
        return changed

    def _together(
        self,
        names: Sequence[str],
        commands_on: Callable[[Mapping[str, Incident]], Mapping[str, Command]],
        actor: Actor,
        key: str | None,
    ) -> list[Done]:
        """Several incidents in one transaction; the commands are made for the states as they are then."""
        with self._turns(names):
            if found := self._recorded(names, key):
                return found
            for _ in range(ATTEMPTS):
                at, states = self.now(), {name: self.incident(name) for name in names}
                commands = commands_on(states)
                try:
                    additions = [
                        Addition(
                            name,
                            states[name].seq,
                            decide(states[name], commands[name], actor, at, self.versions),
                            self._status(states[name], commands[name]),
                        )
                        for name in names
                    ]
                except YuanError:
                    if found := self._recorded(names, key):
                        return found
                    raise
                try:
                    recorded = self.journal.append_all(additions, at, key)
                except Conflict:
                    for name in names:
                        self.states.refresh(name)
                    continue
                for entries in recorded:
                    self.states.take(entries)
                return [Done(self.incident(name), entries) for name, entries in zip(names, recorded, strict=True)]
        raise Overtaken("别人一直在先，这一条没有记下", where="incident", remedy="再发一次")

    def _recorded(self, names: Iterable[str], key: str | None) -> list[Done]:
        """What these incidents have under this key, where the command was carried out before; else nothing."""
        if key is None:
            return []
        before = {name: self.journal.recorded(name, key) for name in names}
        if not any(before.values()):
            return []
        for entries in before.values():
            self.states.take(entries)
        return [Done(self.incident(name), entries) for name, entries in before.items()]

    @staticmethod
    def _status(state: Incident, command: Command) -> str | None:
        """What lists show once the command is carried out; None: as before."""
        return {"End": "ended", "Archive": "archived", "MergeInto": "merged"}.get(type(command).__name__)

    def _next_name(self, at: datetime.datetime, mark: str) -> str:
        day = f"{mark}{at:%Y%m%d}-"
        numbers = [int(m[1]) for name in self.states.names() if (m := re.fullmatch(rf"{day}(\d+)", name))]
        self.states.refresh_names()
        numbers += [int(m[1]) for name in self.states.names() if (m := re.fullmatch(rf"{day}(\d+)", name))]
        return f"{day}{max(numbers, default=0) + 1:03d}"

    @contextmanager
    def _turns(self, names: Iterable[str]) -> Iterator[None]:
        locks = [self._locks.setdefault(name, threading.Lock()) for name in sorted(names)]
        for lock in locks:
            lock.acquire()
        try:
            yield
        finally:
            for lock in reversed(locks):
                lock.release()
