"""`/api/v1/session` and `/api/v1/sessions`: logging in and out, one's own password, sessions that stand."""

from __future__ import annotations

from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.http.answers import CHANGING, GUARDED, errors
from api.http.caller import COOKIE, TheCaller, ThePeople, address_of, check_jurisdiction
from api.http.fields import Body, Id, PathId
from api.people.actor import EVERYWHERE, Actor
from api.people.clock import stamp
from api.people.person import ROLES, Person
from api.people.refusal import Forbidden
from api.people.service import Caller
from api.people.sessions import Session, csrf_token

router = APIRouter(prefix="/api/v1", tags=["session"])
HASHING = 4
"""Passwords checked at a time: each takes 64 MiB and a core for a while."""


class Login(Body):
    """Login and password."""

    login: Annotated[str, Field(max_length=64)]
    password: Annotated[str, Field(max_length=1000)]


class NewPassword(Body):
    """The present password and the new one."""

    present: Annotated[str, Field(max_length=1000)]
    new: Annotated[str, Field(max_length=1000)]


@router.post("/session", responses=errors(401, 403, 413, 422, 429, 503))
async def log_in(body: Login, request: Request, response: Response, people: ThePeople) -> dict[str, Any]:
    """Log in: sets the session's cookie; answers the person and the token to send as X-CSRF-Token with every change."""
    agent, replaces = request.headers.get("user-agent", ""), request.cookies.get(COOKIE)

    def work() -> tuple[Person, Session, str, Actor]:
        person, session, secret = people.log_in(body.login, body.password, address_of(request), agent, replaces)
        return person, session, secret, people.actor(person.id)

    person, session, secret, actor = await to_thread.run_sync(work, limiter=_limiter(request))
    response.set_cookie(
        COOKIE, secret, max_age=None, path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict"
    )
    return {**_me(actor, person.must_change), "csrf": csrf_token(secret), "session": session_data(session)}


@router.get("/session", responses=GUARDED)
def show_me(caller: TheCaller) -> dict[str, Any]:
    """Who I am, in which posts I may act now (with the delegation's id where it is another's), and my CSRF token."""
    token = caller.token
    return {
        **_me(caller.actor, caller.must_change),
        "csrf": None if caller.secret is None else csrf_token(caller.secret),
        "session": None if caller.session is None else session_data(caller.session),
        "scopes": None if token is None else sorted(token.scopes),
    }


@router.delete("/session", status_code=204, responses=GUARDED)
def log_out(caller: TheCaller, people: ThePeople, response: Response) -> None:
    """Log out: the session ends here and now."""
    if caller.session is not None:
        people.sessions.end(caller.session.id, caller.actor.person_id)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


@router.post("/session/password", status_code=204, responses=errors(401, 403, 409, 413, 422, 429, 503))
async def change_password(body: NewPassword, request: Request, caller: TheCaller, people: ThePeople) -> None:
    """Change one's own password; all other sessions of the person end."""

    def work() -> None:
        people.change_password(caller, body.present, body.new, address_of(request))

    await to_thread.run_sync(work, limiter=_limiter(request))


@router.get("/sessions", responses=errors(401, 403, 404, 422, 503))
def list_sessions(
    caller: TheCaller, people: ThePeople, person: Annotated[Id | None, Query(description="另一人员的 id；管理员可用")] = None
) -> list[dict[str, Any]]:
    """The sessions that stand: one's own; for an administrator those of a person."""
    wanted = person or caller.actor.person_id
    check_own(caller, people.accounts.find(wanted))
    return [session_data(one) for one in people.sessions.standing(wanted)]


@router.delete("/sessions/{session_id}", status_code=204, responses=CHANGING)
def end_session(session_id: PathId, caller: TheCaller, people: ThePeople) -> None:
    """End a session: one's own, or as administrator anybody's."""
    for one in people.sessions.standing():
        if one.id == session_id:
            check_own(caller, people.accounts.find(one.person_id))
    people.sessions.end(session_id, caller.actor.person_id)


def check_own(caller: Caller, person: Person) -> None:
    """Raises Forbidden unless it is the caller's own, or the caller is an administrator of that jurisdiction."""
    if person.id == caller.actor.person_id:
        return
    if "admin" not in caller.actor.roles:
        raise Forbidden("这是别人的", where="person", remedy="由本人或管理员（admin）办理")
    check_jurisdiction(caller.actor, person.jurisdiction)


def session_data(session: Session) -> dict[str, Any]:
    """A session as data."""
    return {
        "id": session.id,
        "person": session.person_id,
        "address": session.address,
        "agent": session.agent,
        "created_at": stamp(session.created_at),
        "seen_at": stamp(session.seen_at),
        "expires_at": stamp(session.expires_at),
    }


def _me(actor: Actor, must_change: bool) -> dict[str, Any]:
    return {
        "person": {
            "id": actor.person_id,
            "name": actor.name,
            "jurisdiction": actor.jurisdiction,
            "everywhere": actor.jurisdiction == EVERYWHERE,
            "roles": {role: label for role, label in ROLES.items() if role in actor.roles},
        },
        "posts": dict(actor.posts),
        "must_change": must_change,
    }


def _limiter(request: Request) -> CapacityLimiter:
    """One limiter an application (and so an event loop)."""
    state = request.app.state
    if not hasattr(state, "hashing"):
        state.hashing = CapacityLimiter(HASHING)
    found: CapacityLimiter = state.hashing
    return found
