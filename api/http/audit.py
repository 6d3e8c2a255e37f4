"""`/api/v1/audit`: what was changed about people."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.http.answers import GUARDED
from api.http.caller import ThePeople
from api.people.audit import entries
from api.people.clock import stamp

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])


@router.get("", responses=GUARDED)
def list_audit(
    people: ThePeople,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="只看这一条之前的，用来翻页")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[dict[str, Any]]:
    """Who created, changed, disabled, delegated what, when; the newest first. Nothing in it can be changed or deleted."""
    return [
        {
            "id": one.id,
            "at": stamp(one.at),
            "by": one.by,
            "action": one.action,
            "subject": one.subject,
            "detail": one.detail,
        }
        for one in entries(people.engine, before=before, limit=limit)
    ]
