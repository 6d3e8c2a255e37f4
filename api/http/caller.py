"""What a route is handed: who calls, and the people of this store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from api.http.wings import people_of
from api.people.actor import Actor, may_see
from api.people.refusal import Forbidden
from api.people.service import Caller, PeopleService

COOKIE = "yuan_session"


def _caller(request: Request) -> Caller:
    """Whom the guard admitted. There is none on a public route."""
    caller: Caller = request.state.caller
    return caller


def _actor(request: Request) -> Actor:
    return _caller(request).actor


def _people(request: Request) -> PeopleService:
    return people_of(request)


async def _tell(request: Request, people: Annotated[PeopleService, Depends(_people)]) -> AsyncIterator[None]:
    yield
    if request.method not in ("GET", "HEAD"):
        people.changes.tell()


TheCaller = Annotated[Caller, Depends(_caller)]
TheActor = Annotated[Actor, Depends(_actor)]
ThePeople = Annotated[PeopleService, Depends(_people)]
TELLING = [Depends(_tell)]
"""Of routers through which people, shifts or hand-overs change: the screens of this process are told of what was accepted."""


def address_of(request: Request) -> str:
    """The caller's network address, as the server knows it."""
    return request.client.host if request.client is not None else "unknown"


def check_jurisdiction(actor: Actor, jurisdiction: str) -> None:
    """Raises Forbidden for another jurisdiction than the actor's."""
    if not may_see(actor, jurisdiction):
        raise Forbidden(f"不在您的辖区（{actor.jurisdiction}）", where="jurisdiction", remedy="请有该辖区权限的人员办理")
