"""`/api/v1/posts`: who may act in which post now."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.http.answers import GUARDED
from api.http.caller import TheActor, ThePeople
from api.http.delegations import delegated_data
from api.people.actor import EVERYWHERE, may_see

router = APIRouter(prefix="/api/v1/posts", tags=["posts"])


@router.get("", responses=GUARDED)
def list_posts(
    actor: TheActor, people: ThePeople, post: Annotated[str | None, Query(max_length=64, description="只看这个岗位")] = None
) -> list[dict[str, Any]]:
    """Each post with the people who may act in it now, holders before delegates."""
    return [
        {
            "post": one.post,
            "person": one.person_id,
            "name": one.name,
            "jurisdiction": one.jurisdiction,
            "delegation": None if one.delegation is None else delegated_data(one.delegation),
        }
        for one in people.posts.holders(post)
        if may_see(actor, one.jurisdiction) or one.jurisdiction == EVERYWHERE
    ]
