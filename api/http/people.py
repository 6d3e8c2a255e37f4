"""`/api/v1/people`: accounts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from api.http.answers import CHANGING, GUARDED, errors
from api.http.caller import TELLING, TheActor, ThePeople, check_jurisdiction
from api.http.fields import Body, Labels, PathId, Short
from api.people.accounts import NewPerson
from api.people.actor import Actor, may_see
from api.people.clock import stamp
from api.people.person import ROLES, Person
from api.people.service import PeopleService

router = APIRouter(prefix="/api/v1/people", tags=["people"], dependencies=TELLING)


class PersonBody(Body):
    """A new person. `jurisdiction`: a place as plans name it, or * for all."""

    login: Short
    name: Short
    jurisdiction: Short
    roles: Labels = Field(default_factory=list)
    posts: Labels = Field(default_factory=list)


class PersonChange(Body):
    """What is to be changed; the rest stays."""

    name: Short | None = None
    jurisdiction: Short | None = None
    roles: Labels | None = None
    active: bool | None = None


class PostBody(Body):
    """A post, named exactly as plans print it."""

    post: Short


@router.get("", responses=GUARDED)
def list_people(actor: TheActor, people: ThePeople) -> list[dict[str, Any]]:
    """The people of one's jurisdiction, disabled ones too."""
    return [person_data(one) for one in people.accounts.everybody() if _may_list(actor, one)]


@router.post("", status_code=201, responses=CHANGING)
def create_person(body: PersonBody, actor: TheActor, people: ThePeople) -> dict[str, Any]:
    """A new person; the answer shows the one-time password, this once."""
    check_jurisdiction(actor, body.jurisdiction.strip())
    new = NewPerson(body.login, body.name, body.jurisdiction, frozenset(body.roles), frozenset(body.posts))
    person, password = people.accounts.create(new, actor.person_id)
    return {**person_data(person), "one_time_password": password}


@router.get("/{person_id}", responses=errors(401, 403, 404, 422, 503))
def show_person(person_id: PathId, actor: TheActor, people: ThePeople) -> dict[str, Any]:
    """One person."""
    person = people.accounts.find(person_id)
    if not _may_list(actor, person):
        check_jurisdiction(actor, person.jurisdiction)
    return person_data(person)


@router.patch("/{person_id}", responses=CHANGING)
def change_person(person_id: PathId, body: PersonChange, actor: TheActor, people: ThePeople) -> dict[str, Any]:
    """Change name, jurisdiction or roles; disable (sessions and tokens end) or enable."""
    _managed(actor, people, person_id)
    if body.jurisdiction is not None:
        check_jurisdiction(actor, body.jurisdiction.strip())
    changed = people.accounts.change(
        person_id,
        actor.person_id,
        name=body.name,
        jurisdiction=body.jurisdiction,
        roles=body.roles,
        active=body.active,
    )
    return person_data(changed)


@router.post("/{person_id}/password", responses=CHANGING)
def reset_password(person_id: PathId, actor: TheActor, people: ThePeople) -> dict[str, Any]:
    """A new one-time password, shown this once; the person's sessions end."""
    _managed(actor, people, person_id)
    return {"one_time_password": people.accounts.reset_password(person_id, actor.person_id)}


@router.post("/{person_id}/posts", status_code=201, responses=CHANGING)
def give_post(person_id: PathId, body: PostBody, actor: TheActor, people: ThePeople) -> dict[str, Any]:
    """Let a person hold a post."""
    _managed(actor, people, person_id)
    return person_data(people.posts.give(person_id, body.post, actor.person_id))


@router.delete("/{person_id}/posts/{post}", responses=CHANGING)
def take_post(person_id: PathId, post: str, actor: TheActor, people: ThePeople) -> dict[str, Any]:
    """End a person's holding of a post."""
    _managed(actor, people, person_id)
    return person_data(people.posts.take(person_id, post, actor.person_id))


def person_data(person: Person) -> dict[str, Any]:
    """A person as data."""
    return {
        "id": person.id,
        "login": person.login,
        "name": person.name,
        "jurisdiction": person.jurisdiction,
        "roles": {role: label for role, label in ROLES.items() if role in person.roles},
        "posts": sorted(person.posts),
        "active": person.active,
        "must_change": person.must_change,
        "created_at": stamp(person.created_at),
    }


def _may_list(actor: Actor, person: Person) -> bool:
    return may_see(actor, person.jurisdiction) or person.jurisdiction == "*"


def _managed(actor: Actor, people: PeopleService, person_id: str) -> None:
    """Raises Missing or Forbidden unless the person is of the administrator's jurisdiction."""
    check_jurisdiction(actor, people.accounts.find(person_id).jurisdiction)
