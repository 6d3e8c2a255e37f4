"""`/api/v1/delegations`: who acts in a post for whom, on what authority, until when."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from api.http.answers import CHANGING, GUARDED
from api.http.caller import TELLING, TheActor, ThePeople, check_jurisdiction
from api.http.fields import Body, Id, PathId, Short, When
from api.people.actor import EVERYWHERE, Actor, Delegated, may_see
from api.people.clock import stamp
from api.people.delegations import NewDelegation, Recorded
from api.people.refusal import Forbidden

router = APIRouter(prefix="/api/v1/delegations", tags=["delegations"], dependencies=TELLING)


class DelegationBody(Body):
    """A delegation, by a person who holds the post or by a post. `authority`: the document or order that it rests on."""

    post: Short
    to_person: Id
    authority: Annotated[str, Field(min_length=1, max_length=500)]
    until: When
    since: When | None = None
    by_person: Id | None = None
    by_post: Short | None = None


@router.get("", responses=GUARDED)
def list_delegations(actor: TheActor, people: ThePeople) -> list[dict[str, Any]]:
    """The delegations to people of one's jurisdiction, newest first, ended ones too."""
    places = {one.id: one.jurisdiction for one in people.accounts.everybody()}
    found = people.delegations.listed()
    return [_data(one) for one in found if may_see(actor, place := places[one.delegated.to_person]) or place == EVERYWHERE]


@router.post("", status_code=201, responses=CHANGING)
def create_delegation(body: DelegationBody, actor: TheActor, people: ThePeople) -> dict[str, Any]:
    """Record a delegation: of one's own post, or as administrator any."""
    _check_right(actor, body.by_person)
    if body.by_person != actor.person_id:
        for one in {body.to_person, body.by_person} - {None}:
            check_jurisdiction(actor, people.accounts.find(str(one)).jurisdiction)
    return _data(people.delegations.create(NewDelegation(**body.model_dump()), actor.person_id))


@router.delete("/{delegation_id}", status_code=204, responses=CHANGING)
def revoke_delegation(delegation_id: PathId, actor: TheActor, people: ThePeople) -> None:
    """Revoke a delegation, from now on."""
    found = people.delegations.get(delegation_id).delegated
    _check_right(actor, found.by_person)
    if found.by_person != actor.person_id:
        check_jurisdiction(actor, people.accounts.find(found.to_person).jurisdiction)
    people.delegations.revoke(delegation_id, actor.person_id)


def _check_right(actor: Actor, by_person: str | None) -> None:
    if by_person != actor.person_id and "admin" not in actor.roles:
        raise Forbidden("只能授权自己的岗位", where="by_person", remedy="由任此岗位的本人或管理员（admin）办理")


def delegated_data(one: Delegated) -> dict[str, Any]:
    """A delegation as data."""
    return {
        "id": one.id,
        "post": one.post,
        "by_person": one.by_person,
        "by_post": one.by_post,
        "to_person": one.to_person,
        "authority": one.authority,
        "since": stamp(one.since),
        "until": stamp(one.until),
    }


def _data(one: Recorded) -> dict[str, Any]:
    return {**delegated_data(one.delegated), "revoked_at": stamp(one.revoked_at)}
