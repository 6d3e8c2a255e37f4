"""`GET /api/v1/events`: new entries of all incidents as server-sent events, to each client what it may see."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, FastAPI, Header, Query, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.desk.live import Live
from api.http.answers import errors
from api.http.caller import TheCaller, ThePeople
from api.http.policy import READ
from api.http.streams import Pace, Stream, Streams
from api.http.wings import wing_of
from api.people.actor import Actor
from api.people.refusal import Missing
from api.people.service import Caller, PeopleService
from api.wings import Wing

LARGEST = 2**63 - 1
router = APIRouter(prefix="/api/v1/events", tags=["events"])


class EventStream(Response):
    """The answer: its head at once, its body as things happen."""

    media_type = "text/event-stream"

    def __init__(self, streams: Streams | None = None, stream: Stream | None = None) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._streams = streams
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._streams is not None and self._stream is not None
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await self._streams.run(self._stream, receive, send)


def still(people: PeopleService, caller: Caller, wing: Wing | None = None) -> Actor | None:
    """The caller as an actor now; None once the session or token has ended, or the person may no longer read.

    It does not count as use of the session. Raises StoreUnavailable.
    """
    try:
        if caller.token is not None:
            token = people.tokens.get(caller.token.id)
            if token.revoked_at is not None or people.clock() >= token.expires_at or "read" not in token.scopes:
                return None
        elif caller.session is not None:
            standing = people.sessions.standing(caller.actor.person_id)
            if all(one.id != caller.session.id for one in standing):
                return None
        actor = people.actor(caller.actor.person_id)
        if wing is not None:
            actor = wing.admit(replace(caller, actor=actor)).actor
    except Missing:
        return None
    return actor if actor.roles & READ.roles else None


STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "事件流，不会自行结束。id 是记录在库中的位置，event 是记录的种类，data 是一条记录（JSON）；"
        "event 为 reset 时库已恢复到更早的状态，应重新读取全部内容",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    **errors(401, 403, 422, 503),
}
Position = Annotated[int | None, Query(ge=0, le=LARGEST, description="从这个位置之后开始；不写则从现在开始")]
LastEvent = Annotated[
    int | None, Header(ge=0, le=LARGEST, alias="Last-Event-ID", description="同 after，以它为准；浏览器重连时自己带上")
]


@router.get("", status_code=200, response_class=EventStream, responses=STREAM)
async def follow_events(
    request: Request, caller: TheCaller, people: ThePeople, after: Position = None, last_event_id: LastEvent = None
) -> EventStream:
    """New entries of every incident that you may see, as they are recorded. A client that does not keep up is cut off, and resumes."""
    wing = wing_of(request.scope)
    streams = streams_of(request.app) if wing is None else wing.streams
    stream = Stream(streams.live, caller.actor, lambda: still(people, caller, wing), streams.pace)
    position = after if last_event_id is None else last_event_id
    if position is not None:
        await to_thread.run_sync(stream.start_after, position)
    return EventStream(streams, stream)


def install(app: FastAPI, live: Live, pace: Pace | None = None) -> Streams:
    """Where the route's events come from. Whoever serves the application calls `close` before waiting for its answers to end."""
    app.state.streams = Streams(live, pace)
    return streams_of(app)


def streams_of(app: FastAPI) -> Streams:
    """The streams of an application's live office."""
    streams: Streams = app.state.streams
    return streams
