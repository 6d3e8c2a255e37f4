"""The duty office on its store: journal, desk and people, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from api.demo.desk import DemoDesk
from api.demo.store import Demo
from api.desk.desk import Desk
from api.desk.live import Live
from api.desk.ticker import Ticker
from api.desk.versions import Versions
from api.library import Library
from api.people.clock import Clock, system_clock
from api.people.service import PeopleService
from api.settings import Settings
from api.store.journal import Journal
from api.store.leadership import leadership
from api.store.notices import Notices
from api.store.plan_texts import PlanTexts
from api.store.schema import open_store


@dataclass(frozen=True, slots=True)
class Office:
    """What handlers and screens work with. `start` before the first request, `stop` after the last.

    demo: the demonstration that is shown; None at an office.
    """

    engine: Engine
    desk: Desk
    people: PeopleService
    live: Live
    ticker: Ticker
    demo: Demo | None = None

    def start(self) -> None:
        """Fold the open incidents, listen for other processes, and let time pass. Raises StoreUnavailable."""
        self.live.start()
        self.desk.states.deadlines(self.desk.now())
        self.ticker.start()

    def stop(self) -> None:
        """End the threads and close the connections."""
        self.ticker.stop()
        self.live.stop()
        self.engine.dispose()


def open_office(
    settings: Settings,
    library: Library,
    clock: Clock = system_clock,
    people: PeopleService | None = None,
    demo: Demo | None = None,
) -> Office:
    """The office on the store that the settings name, brought up to this release's schema. Raises StoreUnavailable, BadSetting."""
    engine = open_store(settings)
    journal = Journal(engine)
    desk = (Desk if demo is None else DemoDesk)(journal, Versions(library, PlanTexts(engine)), clock)
    live = Live(journal, desk.states, Notices(journal))
    ticker = Ticker(desk.tick, leadership(engine), settings.tick_every)
    return Office(engine, desk, people or PeopleService(engine, clock), live, ticker, demo)
