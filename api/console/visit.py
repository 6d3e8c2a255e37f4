"""Who looks at a page, and what a page works with: the same desk as the interface's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from api.console.clause import ReadClause
from api.http.at_desk import AtDesk
from api.http.caller import COOKIE
from api.library import Library
from api.office import Office
from api.people.service import Caller
from api.people.sessions import csrf_token
from api.settings import Settings
from engine.plan.load import Loaded

ROLES = {"observer": "观察员", "officer": "值班员", "leader": "带班领导", "director": "导调员", "admin": "管理员"}


@dataclass(frozen=True, slots=True)
class Place:
    """What all pages of this server share."""

    library: Library
    office: Office
    own: str | None
    read_clause: ReadClause
    settings: Settings | None = None
    tabs: Callable[[], int] | None = None
    """How many tabs are open on this process."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One tab's visitor. The session is asked for anew each time: it may have ended."""

    place: Place
    secret: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]

    def caller(self) -> Caller | None:
        """Who this is, while the session stands."""
        return self.place.office.people.by_session(self.secret)

    def at_desk(self) -> AtDesk:
        """The desk as the visitor may use it now. Raises LookupError once the session has ended."""
        caller = self.caller()
        if caller is None:
            raise LookupError("session ended")
        office = self.place.office
        return AtDesk(office.desk, office.people, self.place.library, self.place.own, caller, None)

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
    found = None if secret is None else Visit(place, secret, dict(request.path_params), dict(request.query_params))
    return found if found is not None and found.caller() is not None else None
