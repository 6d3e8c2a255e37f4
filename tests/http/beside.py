"""An office beside the live one that has no script and nobody of its own: what is served under a wing, without a drill behind it."""

from __future__ import annotations

from sqlalchemy import URL

from api.desk.desk import Desk
from api.desk.live import Live
from api.desk.ticker import Ticker
from api.desk.versions import Versions
from api.library import Library
from api.office import Office
from api.people.clock import Clock
from api.people.service import PeopleService
from api.store.database import connect
from api.store.journal import Journal
from api.store.leadership import leadership
from api.store.notices import Notices
from api.store.plan_texts import PlanTexts
from api.store.schema import migrate


def open_beside(url: URL, library: Library, clock: Clock, people: PeopleService, tick_every: float = 1.0) -> Office:
    """The office on a store of its own. people: who may enter, read from the live store."""
    engine = connect(url)
    migrate(engine)
    journal = Journal(engine)
    desk = Desk(journal, Versions(library, PlanTexts(engine)), clock)
    live = Live(journal, desk.states, Notices(journal))
    return Office(engine, desk, people, live, Ticker(desk.tick, leadership(engine), tick_every))
