"""`/api/v1/shifts`: the roster, and who is on duty now."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.http.answers import CHANGING, GUARDED
from api.http.caller import TELLING, TheActor, ThePeople, check_jurisdiction
from api.http.fields import Body, Id, PathId, Short, When
from api.people.actor import EVERYWHERE, Actor
from api.people.clock import stamp
from api.people.person import checked_text
from api.people.refusal import Invalid
from api.people.roster import Shift, gaps, overlaps

router = APIRouter(prefix="/api/v1/shifts", tags=["shifts"], dependencies=TELLING)
SPAN, WIDEST = timedelta(days=14), timedelta(days=366)
Place = Annotated[str | None, Query(max_length=64, description="辖区；不写则为自己的")]


class ShiftBody(Body):
    """A shift. `place`: 值班员 or 带班领导; `jurisdiction`: the caller's own unless given."""

    person: Id
    place: Short
    begins: When
    ends: When
    jurisdiction: Short | None = None


@router.get("", responses=GUARDED)
def list_shifts(
    actor: TheActor, people: ThePeople, since: When | None = None, until: When | None = None, jurisdiction: Place = None
) -> dict[str, Any]:
    """The roster of a time (the next 14 days unless given), with its overlaps, and its gaps: times without anybody."""
    start = since or people.clock()
    end = until or start + SPAN
    if not start < end <= start + WIDEST:
        raise Invalid("时间段要有先后，至多一年", where="until", remedy="改正 since 和 until")
    where = _jurisdiction(actor, jurisdiction)
    found = people.shifts.between(where, start, end)
    return {
        "jurisdiction": where,
        "since": stamp(start),
        "until": stamp(end),
        "shifts": [shift_data(one) for one in found],
        "overlaps": [
            {"place": one.place, "begins": stamp(one.begins), "ends": stamp(one.ends), "shifts": list(one.shifts)}
            for one in overlaps(found)
        ],
        "gaps": [{"place": one.place, "begins": stamp(one.begins), "ends": stamp(one.ends)} for one in gaps(found, start, end)],
    }


@router.get("/now", responses=GUARDED)
def show_duty(actor: TheActor, people: ThePeople, jurisdiction: Place = None) -> dict[str, Any]:
    """Who is on duty now, and the next shift of each place."""
    where = _jurisdiction(actor, jurisdiction)
    on, following = people.shifts.now(where)
    return {"jurisdiction": where, "now": [shift_data(one) for one in on], "next": [shift_data(one) for one in following]}


@router.post("", status_code=201, responses=CHANGING)
def add_shift(body: ShiftBody, actor: TheActor, people: ThePeople) -> dict[str, Any]:
    """Put a person on the roster."""
    where = _jurisdiction(actor, body.jurisdiction)
    return shift_data(people.shifts.add(body.person, body.place, where, body.begins, body.ends, actor.person_id))


@router.delete("/{shift_id}", status_code=204, responses=CHANGING)
def remove_shift(shift_id: PathId, actor: TheActor, people: ThePeople) -> None:
    """Take a shift off the roster."""
    check_jurisdiction(actor, people.shifts.get(shift_id).jurisdiction)
    people.shifts.remove(shift_id, actor.person_id)


def _jurisdiction(actor: Actor, wanted: str | None) -> str:
    where = actor.jurisdiction if wanted is None else checked_text(wanted, "jurisdiction", "辖区")
    if where == EVERYWHERE:
        raise Invalid("写明是哪个辖区的班次", where="jurisdiction", remedy="加上 jurisdiction，如预案所写的县名")
    check_jurisdiction(actor, where)
    return where


def shift_data(one: Shift) -> dict[str, Any]:
    """A shift as data."""
    return {
        "id": one.id,
        "person": one.person_id,
        "name": one.name,
        "place": one.place,
        "jurisdiction": one.jurisdiction,
        "begins": stamp(one.begins),
        "ends": stamp(one.ends),
    }
