"""`/api/v1/handovers`: the shift changes hands: a summary that both sign."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.http.at_desk import AtDesk, TheDesk
from api.http.caller import TELLING
from api.http.fields import Body, Id, PathId, Short
from api.http.strict import READS, WRITES, StrictRoute
from api.people.handovers import Handover
from api.people.refusal import Conflict, Missing
from engine.contract.moment import stamp
from engine.incident.command import HandOver, Refused
from engine.incident.handover import Since, handover_summary, since

router = APIRouter(prefix="/api/v1/handovers", tags=["handovers"], route_class=StrictRoute, dependencies=TELLING)


class HandoverBody(Body):
    """Who takes over."""

    to_person: Annotated[Id, Field(description="接班人")]
    jurisdiction: Annotated[Short | None, Field(description="辖区；不写则为自己的")] = None


@router.get("", responses=READS)
def list_handovers(
    at_desk: TheDesk,
    jurisdiction: Annotated[str | None, Query(max_length=64, description="辖区；不写则为自己的")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[dict[str, Any]]:
    """Hand-overs of a place, the newest first."""
    place = at_desk.jurisdiction(jurisdiction)
    return [_data(at_desk, one) for one in at_desk.people.handovers.listed(place, limit)]


@router.post("", status_code=201, responses=WRITES)
def begin_handover(body: HandoverBody, at_desk: TheDesk) -> dict[str, Any]:
    """Make the summary of the open incidents as they are now: for both to read and sign."""
    place = at_desk.jurisdiction(body.jurisdiction)
    taker = at_desk.person(body.to_person, place, "body.to_person")
    summary = handover_summary(at_desk.open_incidents(place), at_desk.desk.versions, at_desk.now)
    return _data(at_desk, at_desk.people.handovers.begin(at_desk.actor.id, taker.id, place, summary))


@router.get("/{handover_id}", responses=READS)
def show_handover(handover_id: PathId, at_desk: TheDesk) -> dict[str, Any]:
    """One hand-over."""
    return _data(at_desk, _visible(at_desk, handover_id))


@router.post("/{handover_id}/sign", responses=WRITES)
def sign_handover(handover_id: PathId, at_desk: TheDesk) -> dict[str, Any]:
    """Sign as the one who hands over or takes over. With the second signature it stands in the journal of every open incident."""
    before = _visible(at_desk, handover_id)
    try:
        signed = at_desk.people.handovers.sign(handover_id, at_desk.actor.id)
    except Conflict:
        if not before.is_signed or not _record(at_desk, before):
            raise
        return _data(at_desk, before)
    if signed.is_signed:
        _record(at_desk, signed)
    return _data(at_desk, signed)


@router.post("/{handover_id}/renewal", responses=WRITES)
def renew_handover(handover_id: PathId, at_desk: TheDesk) -> dict[str, Any]:
    """Make the summary anew, as things are now; who had signed signs again."""
    before = _visible(at_desk, handover_id)
    summary = handover_summary(at_desk.open_incidents(before.jurisdiction), at_desk.desk.versions, at_desk.now)
    return _data(at_desk, at_desk.people.handovers.renew(handover_id, at_desk.actor.id, summary))


def since_made(at_desk: AtDesk, one: Handover) -> Since | None:
    """What was recorded since its summary was made; None once both have signed."""
    if one.is_signed:
        return None
    told = [at_desk.desk.incident(each["id"]) for each in one.summary["incidents"]]
    known = {each.id for each in told}
    return since(one.summary, [*told, *(each for each in at_desk.open_incidents(one.jurisdiction) if each.id not in known)])


def _record(at_desk: AtDesk, handover: Handover) -> bool:
    """Enter it in every incident of the summary that is still open; again, it changes nothing. Whether anything was entered."""
    key = f"交接班 {handover.id}"  # no client can send such a key; releases before wrote the other
    keys = (key, f"handover/{handover.id}")
    entered = False
    for one in handover.summary["incidents"]:
        state = at_desk.desk.incident(one["id"])
        known = [entry for one_key in keys for entry in at_desk.desk.journal.recorded(state.id, one_key)]
        if state.status != "open" or any(entry.kind == "handed_over" for entry in known):
            continue
        command = HandOver(
            handover.from_person, _name(at_desk, handover.from_person), handover.to_person, _name(at_desk, handover.to_person),
            handover.id, {"at": handover.summary["at"], "incidents": [one]},
        )  # fmt: skip
        with suppress(Refused):  # it ended in the meantime
            at_desk.desk.do(state.id, command, at_desk.actor, key)
            entered = True
    return entered


def _visible(at_desk: AtDesk, handover_id: str) -> Handover:
    found = at_desk.people.handovers.get(handover_id)
    if not at_desk.sees(found.jurisdiction):
        raise Missing("没有这次交接班", where="handover", remedy="见交接班列表")
    return found


def _name(at_desk: AtDesk, person: str) -> str:
    return at_desk.names.get(person, person)


def _data(at_desk: AtDesk, one: Handover) -> dict[str, Any]:
    return {
        "id": one.id,
        "from_person": {"id": one.from_person, "name": _name(at_desk, one.from_person)},
        "to_person": {"id": one.to_person, "name": _name(at_desk, one.to_person)},
        "jurisdiction": one.jurisdiction,
        "at": stamp(one.at),
        "summary": dict(one.summary),
        "signed_from_at": stamp(one.signed_from_at),
        "signed_to_at": stamp(one.signed_to_at),
        "signed": one.is_signed,
        "since": None if (later := since_made(at_desk, one)) is None else asdict(later),
    }
