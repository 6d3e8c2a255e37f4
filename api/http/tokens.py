"""`/api/v1/tokens`: API tokens for programs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.http.answers import CHANGING, errors
from api.http.caller import TheCaller, ThePeople
from api.http.fields import Body, Id, Labels, PathId, Short, When
from api.http.sessions import check_own
from api.people.clock import stamp
from api.people.tokens import NewToken, Token

router = APIRouter(prefix="/api/v1/tokens", tags=["tokens"])


class TokenBody(Body):
    """A token: what for, which scopes (read, facts, feed), until when; `feeds` with `feed`: plan/indicator."""

    label: Short
    scopes: Labels
    expires_at: When
    feeds: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=100, default_factory=list)]
    person: Id | None = None


@router.get("", responses=errors(401, 403, 404, 422, 503))
def list_tokens(
    caller: TheCaller, people: ThePeople, person: Annotated[Id | None, Query(description="另一人员的 id；管理员可用")] = None
) -> list[dict[str, Any]]:
    """One's own tokens; for an administrator those of a person. The secret is not among it."""
    wanted = person or caller.actor.person_id
    check_own(caller, people.accounts.find(wanted))
    return [token_data(one) for one in people.tokens.listed(wanted)]


@router.post("", status_code=201, responses=CHANGING)
def create_token(body: TokenBody, caller: TheCaller, people: ThePeople) -> dict[str, Any]:
    """A token; the answer shows its secret, this once."""
    wanted = body.person or caller.actor.person_id
    check_own(caller, people.accounts.find(wanted))
    new = NewToken(wanted, body.label, frozenset(body.scopes), body.expires_at, frozenset(body.feeds))
    token, secret = people.tokens.create(new, caller.actor.person_id)
    return {**token_data(token), "token": secret}


@router.delete("/{token_id}", status_code=204, responses=CHANGING)
def revoke_token(token_id: PathId, caller: TheCaller, people: ThePeople) -> None:
    """Revoke a token."""
    check_own(caller, people.accounts.find(people.tokens.get(token_id).person_id))
    people.tokens.revoke(token_id, caller.actor.person_id)


def token_data(token: Token) -> dict[str, Any]:
    """A token as data, without its secret."""
    return {
        "id": token.id,
        "person": token.person_id,
        "label": token.label,
        "scopes": sorted(token.scopes),
        "feeds": sorted(token.feeds),
        "created_at": stamp(token.created_at),
        "expires_at": stamp(token.expires_at),
        "revoked_at": stamp(token.revoked_at),
        "used_at": stamp(token.used_at),
    }
