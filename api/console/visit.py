"""Who looks at a page, and what a page works with: the same desk as the interface's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request

from api.backtesting.shelf import Shelf
from api.console.clause import ReadClause
from api.drills.drills import Drills
from api.http.at_desk import AtDesk
from api.http.caller import COOKIE
from api.http.wings import base_of
from api.library import Library
from api.office import Office
from api.people.service import Caller
from api.people.sessions import csrf_token
from api.settings import Settings
from api.wings import Wing, Wings
from engine.plan.load import Loaded

ROLES = {"observer": "观察员", "officer": "值班员", "leader": "带班领导", "director": "导调员", "admin": "管理员"}


class WingGone(LookupError):
    """The exercise is served no longer."""


@dataclass(frozen=True, slots=True)
class Place:
    """What all pages of an office share. In a wing: the wing, the office that is live meanwhile, and who knows whether it still stands."""

    library: Library
    office: Office
    own: str | None
    read_clause: ReadClause
    settings: Settings | None = None
    tabs: Callable[[], int] | None = None
    """How many tabs are open on this process."""
    wing: Wing | None = None
    live: Office | None = None
    wings: Wings | None = None
    backtests: Shelf = field(default_factory=Shelf)
    drills: Drills | None = None
    """Those that this process plays; None where it plays none."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One tab's visitor. The session is asked for anew each time: it may have ended."""

    place: Place
    secret: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    base: str = ""
    """What stands before every address of a wing."""

    def caller(self) -> Caller | None:
        """Who this is, while the session stands; in a wing, as whom he takes part."""
        caller = self.place.office.people.by_session(self.secret)
        wing = self.place.wing
        return caller if caller is None or wing is None else wing.admit(caller)

    def at_desk(self) -> AtDesk:
        """The desk as the visitor may use it now. Raises WingGone once the wing stands no longer, LookupError once the session has ended."""
        place = self.place
        if place.wing is not None and place.wings is not None and not place.wings.serves(place.wing):
            raise WingGone(place.wing.key)
        caller = self.caller()
        if caller is None:
            raise LookupError("session ended")
        office = place.office
        return AtDesk(office.desk, office.people, place.library, place.own, caller, None, place.wing)

    @property
    def csrf(self) -> str:
        return csrf_token(self.secret)

    def now(self) -> datetime:
        return self.place.office.desk.now()

    def loaded(self) -> Loaded:
        return self.place.library.current()


def visit_of(place: Place, request: Request) -> Visit | None:
    """The visitor of a page; None without a session."""
    secret = request.cookies.get(COOKIE)
    parameters, query = dict(request.path_params), dict(request.query_params)
    found = None if secret is None else Visit(place, secret, parameters, query, base_of(request))
    return found if found is not None and found.caller() is not None else None
