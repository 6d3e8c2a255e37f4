"""An exercise that runs: the script on its clock at a desk of its own, and officers who act in between."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import URL, event

from api.desk.desk import Desk, Done
from api.desk.live import Live
from api.desk.ticker import Ticker
from api.desk.versions import Versions
from api.drills.clock import ExerciseClock
from api.library import Library
from api.office import Office
from api.people.service import PeopleService
from api.store.database import connect
from api.store.failure import StoreUnavailable
from api.store.journal import Journal
from api.store.leadership import leadership
from api.store.notices import Notices
from api.store.plan_texts import PlanTexts
from api.store.schema import migrate
from engine.drill.play import settled
from engine.drill.run import HAND, Act, Refusal, Run, key_of
from engine.drill.scenario import PREFIX, Happening, Scenario
from engine.drill.script import RECORDER, given, next_act
from engine.incident.chain import Entry
from engine.incident.command import Actor, AddPlan, Command, MoveVersion, Note, Open, Refused
from engine.incident.decide import carry_out
from engine.incident.state import Incident
from engine.plan.finding import YuanError
from engine.plan.model import Plan

LOOK_EVERY = 0.1
"""Seconds between two looks at what the script has due."""
ENDED = "推演已结束，只能查看"
AGAIN = "要再演，另开一次，或从某一时刻另开分支"
Keep = Callable[[Act, tuple[Refusal, ...]], None]
"""To be told of each act once it is done, and of what of it was refused."""
log = logging.getLogger("yuan")


class ExerciseDesk(Desk):
    """The desk of an exercise: what happens at it by hand is remembered beside what the script does."""

    exercise: Exercise

    def open(self, command: Open, actor: Actor, key: str | None = None) -> Done:
        """Raises Refused: an exercise has its one incident."""
        raise Refused("推演只演剧本里的这一件事件", where="incident", remedy="要加情况，由导调注入；要演别的事件，另开一次推演")

    def begin(self, command: Open, actor: Actor, key: str | None) -> Done:
        """The first report, by the script."""
        return super().open(command, actor, key)

    def do(self, incident_id: str, command: Command, actor: Actor, key: str | None = None) -> Done:
        """As at any desk; what the script has due before is done before."""
        return self.exercise.by_hand(
            command, actor, key, lambda mark: super(ExerciseDesk, self).do(incident_id, command, actor, mark)
        )

    def carry(self, incident_id: str, command: Command, actor: Actor, key: str | None) -> Done:
        """A command of the script."""
        return super().do(incident_id, command, actor, key)

    def tick(self) -> int:
        """Time is let pass by the script, at the script's moments."""
        return 0


class Exercise:
    """One branch of a drill: its office (a store, a desk, a clock) and how far it has come.

    Made standing at its first moment, with the first report taken down. `office.start` lets the script run on the clock; safe to
    share among threads. What the script does does not depend on how often it is looked at: between two acts its state stays.
    """

    def __init__(
        self,
        url: URL,
        library: Library,
        people: PeopleService,
        scenario: Scenario,
        plans: Iterable[Plan],
        played: Callable[[], frozenset[str]],
        *,
        acts: Iterable[Act] = (),
        at: datetime | None = None,
        clock: ExerciseClock | None = None,
        by: Actor = RECORDER,
        keep: Keep = lambda act, refusals: None,
    ) -> None:
        """acts: what has been done already, up to the moment `at`: done again, here. by: who takes down the first report.

        Raises UnknownName.
        """
        self.clock = clock or ExerciseClock(scenario.begins)
        self._lock = threading.RLock()
        self._played = played
        self._keep = keep
        self.ended = False
        """Whether the director has ended the drill: nothing more is taken down."""
        self.trouble: str | None = None
        """Why the script stands still, where something went wrong in it; the director may let it run again."""
        engine = connect(url)
        event.listen(engine, "connect", _hurry)
        migrate(engine)
        journal = Journal(engine)
        self.desk = ExerciseDesk(journal, Versions(library, PlanTexts(engine)), self.clock)
        self.desk.exercise = self
        live = Live(journal, self.desk.states, Notices(journal))
        self.office = Office(engine, self.desk, people, live, Ticker(self.beat, leadership(engine), LOOK_EVERY))
        self.changed: Callable[[], None] = lambda: None
        """To be told when something that screens show changed, and no entry tells of it."""
        self.begun_with = tuple(plans)
        """The versions that it began under."""
        report = scenario.report
        opening = Open(
            PREFIX + report.title, scenario.jurisdiction, report.words, report.source, scenario.begins, self.begun_with, report.place,
            demo=True, readings=scenario.readings,
        )  # fmt: skip
        self.opener = by
        begun = Act(scenario.begins, by, (opening,), "begin")
        with self.clock.held(scenario.begins):
            done = self.desk.begin(opening, by, key_of("begin", 0))
        self.incident_id = done.state.id
        start = Run(scenario, {plan.digest: plan for plan in self.begun_with}, scenario.begins, done.state, played=played())
        self._run = self._reached = settled(start, begun)
        self._coming: tuple[Run, Act | None] | None = None
        for act in acts:
            if act.origin != "begin":
                self._take(act)
        if at is not None:
            self._run = self._reached = replace(self._run, at=max(self._run.at, at))
            self.clock.put(self._run.at)

    @property
    def run(self) -> Run:
        """How far it has come, the officers' acts included, without its journal: that is the store's."""
        return self._reached

    @property
    def incident(self) -> Incident:
        """The incident now."""
        return self.desk.incident(self.incident_id)

    def entries(self) -> tuple[Entry, ...]:
        """The journal from its beginning."""
        return self.desk.journal.read(self.incident_id)

    def told(self) -> Run:
        """How far it has come, with the journal of just that: as a headless drill has it."""
        with self._lock:
            if not self.ended and self.trouble is None:
                self.pump()
            return replace(self._reached, entries=self.entries())

    def upcoming(self) -> Act | None:
        """What the script does next; None: nothing more."""
        with self._lock:
            return self._next()

    def beat(self) -> None:
        """The script goes on with the clock. Where something goes wrong in it the clock stands, and the director is told why."""
        if self.ended or self.trouble is not None:
            return
        try:
            self.pump()
        except Exception as error:
            log.exception("the script of %s stands still", self.incident_id)
            self.clock.stand()
            self.trouble = error.message if isinstance(error, YuanError) else "程序出错，见服务日志"
            self.changed()

    def pump(self) -> None:
        """Do what the script has due by now."""
        with self._lock:
            now = min(self.clock.shown(), self._run.scenario.ends)
            played = self._played()
            if played != self._run.played:  # who is no longer played by anybody decides from here on
                self._run = replace(self._run, played=played, at=self._reached.at)
            while (act := self._next()) is not None and act.at <= now:
                self._take(act)
            if (
                self._reached.at < now
                or self._reached.incident is not self._run.incident
                or self._reached.acts is not self._run.acts
            ):
                self._reached = replace(self._run, at=max(self._run.at, now))
            if now >= self._run.scenario.ends and self.clock.pulse().running:
                self.clock.stand()
                self.clock.put(self._run.scenario.ends)
                self.changed()

    def _next(self) -> Act | None:
        """The script's next act, worked out anew only when something happened."""
        if self._coming is None or self._coming[0] is not self._run:
            self._coming = (self._run, next_act(self._run))
        return self._coming[1]

    def by_hand(self, command: Command, actor: Actor, key: str | None, work: Callable[[str | None], Done]) -> Done:
        """A command of somebody at a screen, after what the script has due. work: carries it out, under the key that it is given."""
        with self._lock:
            self._check_running()
            self.pump()
            origin = "officer" if key is None else f"officer:{key}"
            before = self._run.incident.seq
            with self.clock.held(max(self.clock.shown(), self._run.at)):
                done = work(None if key is None else f"{HAND}{key}")
            fresh = [one for one in done.entries if one.seq > before]
            if fresh:
                act = Act(fresh[0].at, actor, (command,), origin)
                self._done(replace(self._with_plan(self._run, command), incident=done.state), act, ())
            return done

    def start(self, speed: float | None = None) -> None:
        """Let time pass, so many seconds of the exercise in a real one. Raises Refused at the end."""
        with self._lock:
            self._check_running()
            if self.clock.shown() >= self._run.scenario.ends:
                raise Refused(
                    f"剧本到 {self._run.scenario.ends:%m-%d %H:%M} 为止",
                    where="clock",
                    remedy="结束推演，或从某一时刻另开分支再演",
                )
            self.trouble = None
            self.clock.run(speed)
        self.changed()

    def stand(self) -> None:
        """Let the clock stand."""
        with self._lock:
            self.clock.stand()
            if not self.ended and self.trouble is None:
                self.pump()
        self.changed()

    def advance(self, moment: datetime) -> None:
        """Put the clock on to a later moment: all that the script has due until then is done at once. Raises Refused for an earlier one."""
        with self._lock:
            self._check_running()
            shown, ends = max(self.clock.shown(), self._run.at), self._run.scenario.ends
            if moment < shown:
                raise Refused(
                    f"推演已到 {shown:%m-%d %H:%M:%S}，时钟不能往回拨",
                    where="to",
                    remedy="要从更早的时刻重来，从那一时刻另开分支",
                )
            if moment > ends:
                raise Refused(f"剧本到 {ends:%m-%d %H:%M} 为止", where="to", remedy="写到此为止的时刻")
            self.trouble = None
            self.clock.put(moment)
            self.pump()
        self.changed()

    def end(self) -> None:
        """For good: the clock stands, and nothing more is taken down."""
        with self._lock:
            if self.ended:
                return
            self.clock.stand()
            try:
                self.pump()
            except YuanError as error:
                self.trouble = error.message
            self.ended = True
        self.office.ticker.stop()
        self.changed()

    def feed(self, does: Happening | Callable[[datetime], Happening]) -> None:
        """The director feeds something in, now. does: what, or what it is at that moment. Raises YuanError where it does not fit;
        nothing is taken down then."""
        with self._lock:
            at = self._now()
            what = does if isinstance(does, Happening) else does(at)
            self._give(given(self._run, what, at, "director"))
        self.changed()

    def give(self, inject_id: str) -> None:
        """The director gives an inject of the scenario, now. Raises Refused where it was given, or where there is none."""
        with self._lock:
            at = self._now()
            inject = self._run.scenario.inject(inject_id)
            if inject is None:
                known = "、".join(one.id for one in self._run.scenario.injects) or "（没有）"
                raise Refused(f"没有注入“{inject_id}”", where="inject", remedy=f"可用：{known}")
            origin = f"inject:{inject_id}"
            if origin in self._run.settled:
                how = "已给出" if inject_id in self._run.given else "已按条件略过"
                raise Refused(f"注入 {inject_id} {how}", where="inject", remedy="要再给一次，写成自由注入")
            self._give(given(self._run, inject.does, at, origin))
        self.changed()

    def _now(self) -> datetime:
        """The moment at which the director does something, with all that was due before done."""
        self._check_running()
        self.pump()
        return max(self.clock.shown(), self._run.at)

    def _give(self, act: Act) -> None:
        for command in act.commands:
            carry_out(self._run.incident, command, act.by, act.at, self.desk.versions)
        self._take(act)

    def step(self) -> datetime | None:
        """Stand, put the clock to the next thing that the script does, and do it; None where there is nothing more."""
        with self._lock:
            self._check_running()
            self.trouble = None
            self.clock.stand()
            self.pump()
            act = self._next_visible()
            self.clock.put(max(self._run.at if act is None else act.at, self.clock.shown()))
            self.pump()
        self.changed()
        return None if act is None else act.at

    def _next_visible(self) -> Act | None:
        """The next act that is more than time passing; what lies before it is done."""
        while (act := self._next()) is not None and (act.origin == "clock" or act.origin.startswith("look:")):
            self._take(act)
        return act

    def _check_running(self) -> None:
        if self.ended:
            raise Refused(ENDED, where="drill", remedy=AGAIN)

    def _take(self, act: Act) -> None:
        run, refusals = self._run, list(self._run.refusals)
        after = run
        with self.clock.held(act.at):
            for number, command in enumerate(act.commands):
                key = key_of(act.origin, number)
                try:
                    self.desk.carry(self.incident_id, command, act.by, key)
                    after = self._with_plan(after, command)
                except StoreUnavailable:
                    raise
                except YuanError as error:
                    refusals.append(Refusal(act.at, act.origin, error.message))
                    self.desk.carry(self.incident_id, Note(f"未办成：{error.message}", act.at), act.by, key)
        self._done(replace(after, incident=self.incident, refusals=tuple(refusals)), act, tuple(refusals[len(run.refusals) :]))

    def _done(self, after: Run, act: Act, refused: tuple[Refusal, ...]) -> None:
        """The run with an act done, which is remembered and kept."""
        before = self._run
        changed = after.incident.seq != before.incident.seq
        self._run = settled(replace(after, at=max(after.at, act.at)), act, changed=changed)
        self._reached = replace(self._run, at=max(self._reached.at, self._run.at))
        if self._run.acts is not before.acts:
            self._keep(act, refused)

    @staticmethod
    def _with_plan(run: Run, command: Command) -> Run:
        """The run with the version that a command brings in at hand."""
        if not isinstance(command, AddPlan | MoveVersion):
            return run
        return replace(run, plans={**run.plans, command.plan.digest: command.plan})

    def close(self) -> None:
        """End its threads and connections; the file stays."""
        self.clock.stand()
        self.office.stop()


def _hurry(connection: Any, record: Any) -> None:
    """An exercise need not outlive a power cut to the last entry: it does not wait for the disk after each, and its store stays sound."""
    connection.execute("PRAGMA synchronous = NORMAL")
