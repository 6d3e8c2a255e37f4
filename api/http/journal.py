"""`/api/v1/incidents/{incident_id}/journal`: what was recorded; messages and notes into it."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from api.http.at_desk import WRITTEN_EXAMPLE, TheDesk
from api.http.fields import Body
from api.http.strict import READS, WRITES, IncidentId, Line, PastMoment, StrictRoute, Text, Time, example
from api.people.refusal import Invalid
from api.store.verification import verify
from engine.contract.entry import KIND_WORDS
from engine.incident.chain import Entry, canonical
from engine.incident.command import Note, Tell

router = APIRouter(prefix="/api/v1/incidents/{incident_id}", tags=["journal"], route_class=StrictRoute)
WRITTEN = WRITES | example(WRITTEN_EXAMPLE)
BATCH = 1000
LINES: dict[int | str, dict[str, Any]] = {
    200: {"description": "一行一条，可据以独立核对校验链", "content": {"application/x-ndjson": {"schema": {"type": "string"}}}}
}


class MessageBody(Body):
    """A message in or out."""

    direction: Annotated[Literal["in", "out"], Field(description="in 来文，out 去文")]
    sender: Line
    recipient: Line
    medium: Annotated[Line, Field(description="电话、传真、电子公文……")]
    text: Text
    happened_at: Annotated[Time | None, Field(description="不写则为现在")] = None


class NoteBody(Body):
    """A line in the log; `entry`: the entry that it is about."""

    text: Text
    happened_at: Annotated[Time | None, Field(description="不写则为现在")] = None
    entry: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


@router.post("/messages", responses=WRITTEN)
def record_message(incident_id: IncidentId, body: MessageBody, at_desk: TheDesk) -> dict[str, Any]:
    """Record a message that came in or went out."""
    at = body.happened_at or at_desk.now
    command = Tell(body.direction, body.sender, body.recipient, body.medium, body.text, at)
    return at_desk.written(at_desk.do(incident_id, command))


@router.post("/notes", responses=WRITTEN)
def record_note(incident_id: IncidentId, body: NoteBody, at_desk: TheDesk) -> dict[str, Any]:
    """Write a line in the log."""
    return at_desk.written(at_desk.do(incident_id, Note(body.text, body.happened_at or at_desk.now, body.entry)))


@router.get("/journal", responses=READS)
def list_entries(
    incident_id: IncidentId,
    at_desk: TheDesk,
    kind: Annotated[list[str] | None, Query(description="只看这些种类，可重复")] = None,
    by: Annotated[str | None, Query(max_length=100, description="只看这个人（id）、engine 或 feed:… 记的")] = None,
    since: PastMoment = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="只看这一条之后的，用来翻页")] = 0,
    limit: Annotated[int, Query(ge=1, le=BATCH)] = 200,
) -> dict[str, Any]:
    """The entries in order, each with one line in words. `next` is what `after` takes for the next page; null at the end."""
    state = at_desk.incident(incident_id)
    for one in kind or ():
        if one not in KIND_WORDS:
            raise Invalid(f"没有这种记录：“{one}”", where="kind", remedy=f"可用：{'、'.join(KIND_WORDS)}")
    found: list[Entry] = []
    while len(found) <= limit and after < state.seq:
        batch = at_desk.desk.journal.read(incident_id, after, min(after + BATCH, state.seq))
        after += BATCH
        found += [
            one for one in batch if (not kind or one.kind in kind) and by in (None, one.by) and (since is None or one.at >= since)
        ]
    more, found = len(found) > limit, found[:limit]
    return {"incident": incident_id, "entries": at_desk.entries(state, found), "next": found[-1].seq if more else None}


@router.get("/journal/verify", responses=READS)
def verify_journal(incident_id: IncidentId, at_desk: TheDesk) -> dict[str, Any]:
    """Whether every stored entry is what was once sealed; where not, which entry."""
    at_desk.incident(incident_id)
    verdict = verify(at_desk.desk.journal.engine, incident_id)
    head = at_desk.desk.journal.head(incident_id)
    return {
        "incident": incident_id,
        "entries": verdict.entries,
        "sound": not verdict.breaks,
        "breaks": [{"seq": one.seq, "words": one.words} for one in verdict.breaks],
        "head": {"seq": head.head_seq, "hash": head.head_hash},
    }


@router.get("/journal/export", status_code=200, response_class=Response, responses=READS | LINES)
def export_journal(incident_id: IncidentId, at_desk: TheDesk) -> Response:
    """Every entry as it was sealed, one JSON line each; one of an exercise says so."""
    at_desk.incident(incident_id)
    mark = {} if at_desk.wing is None else {"exercise": True}
    lines = "".join(canonical(sealed(one) | mark) + "\n" for one in at_desk.desk.journal.read(incident_id))
    name = f'attachment; filename="{incident_id}.jsonl"'
    if at_desk.wing is not None:
        name = f"attachment; filename=\"drill-{incident_id}.jsonl\"; filename*=UTF-8''{quote(f'[推演]{incident_id}')}.jsonl"
    return Response(lines, media_type="application/x-ndjson", headers={"Content-Disposition": name})


def sealed(one: Entry) -> dict[str, Any]:
    """An entry as it was sealed."""
    names = ("incident", "seq", "by", "kind", "key", "previous", "hash")
    return {**{name: getattr(one, name) for name in names}, "at": one.at.isoformat(), "body": dict(one.body)}
