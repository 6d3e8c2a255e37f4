"""Streams of server-sent events: one a client, fed by the one reader of the journal, each with a bounded queue."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

import anyio
from anyio import to_thread
from starlette.types import Receive, Send

from api.desk.live import Live, News
from api.people.actor import Actor, may_see
from api.store.failure import StoreUnavailable

RECONNECT = b"retry: 2000\n\n"
RESET = "event: reset\nid: {}\ndata: {{}}\n\n"


@dataclass(frozen=True, slots=True)
class Pace:
    """heartbeat: seconds of silence before a comment. check: seconds between two looks whether the caller still may.

    most: events that wait for one client before it is cut off. grace: seconds to take those that wait, once it is.
    """

    heartbeat: float = 15.0
    check: float = 5.0
    most: int = 2000
    grace: float = 5.0


class Stream:
    """One client's events. `run` belongs to the client's event loop; `_hear` is called by the thread that reads the journal."""

    def __init__(self, live: Live, actor: Actor, still: Callable[[], Actor | None], pace: Pace) -> None:
        self._live = live
        self._actor = actor
        self._still = still
        self._pace = pace
        self._after = live.position
        self._reset = False
        self._at_once = False
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[News] = deque()
        self._something = asyncio.Event()
        self._ended = asyncio.Event()

    def start_after(self, position: int) -> None:
        """Begin with what the client missed. A position that is ahead of the store (it was put back) becomes its last. Raises StoreUnavailable."""
        last = self._live.last()
        self._after, self._reset = min(position, last), position > last

    def end(self, *, at_once: bool = True) -> None:
        """End the stream, in its own loop; what waits is still sent unless at once."""
        self._at_once = at_once
        self._ended.set()
        self._something.set()

    def end_from_outside(self) -> None:
        """`end`, from any thread."""
        with suppress(RuntimeError):  # its loop is closed already
            self._loop.call_soon_threadsafe(self.end)

    async def run(self, receive: Receive, send: Send) -> None:
        """Send the body until the client goes, the caller may no longer, the client is too slow, or `end`."""
        async with anyio.create_task_group() as group:

            async def leave() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                group.cancel_scope.cancel()

            async def cut() -> None:
                await self._ended.wait()
                await anyio.sleep(self._pace.grace)
                group.cancel_scope.cancel()

            group.start_soon(leave)
            group.start_soon(cut)
            group.start_soon(self._watch_caller)
            async with aclosing(self._chunks()) as chunks:
                async for chunk in chunks:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            group.cancel_scope.cancel()

    async def _watch_caller(self) -> None:
        while True:
            await anyio.sleep(self._pace.check)
            with suppress(StoreUnavailable):
                actor = await to_thread.run_sync(self._still, abandon_on_cancel=True)
                if actor is None:
                    self.end()
                    return
                self._actor = actor

    async def _chunks(self) -> AsyncGenerator[bytes]:
        """What is sent: first what the client missed, read for it alone; then what all are told."""
        yield RECONNECT if not self._reset else RECONNECT + RESET.format(self._after).encode()
        position = told = self._after
        while (leave := self._live.follow(self._hear, position)) is None:
            try:
                news = await to_thread.run_sync(self._live.read, position, abandon_on_cancel=True)
            except StoreUnavailable:
                return
            if self._ended.is_set():
                return
            chunk = self._told(news, position)
            position = news[-1].position if news else position
            if chunk:
                told = position
                yield chunk
        try:
            due = self._loop.time() + self._pace.heartbeat
            while not self._ended.is_set() or (self._waiting and not self._at_once):
                self._something.clear()
                news = tuple(self._waiting)
                self._waiting.clear()
                chunk = self._told(news, position)
                position = max(position, news[-1].position) if news else position
                if not chunk:
                    if await self._wait(due):
                        continue
                    chunk = b": %b\n\n" % (b"" if told == position else b"\nid: %d" % position)
                told = position
                yield chunk
                due = self._loop.time() + self._pace.heartbeat
        finally:
            leave()

    async def _wait(self, due: float) -> bool:
        """Until there is something; False when a sign of life is due."""
        try:
            async with asyncio.timeout_at(due):
                await self._something.wait()
        except TimeoutError:
            return False
        return True

    def _told(self, news: Sequence[News], after: int) -> bytes:
        """These entries in the form of the stream: those after a position that the caller may see."""
        return "".join(
            f"id: {one.position}\nevent: {one.entry.kind}\ndata: {one.data}\n\n"
            for one in news
            if one.position > after and may_see(self._actor, one.head.jurisdiction)
        ).encode()

    def _hear(self, news: Sequence[News]) -> None:
        self._loop.call_soon_threadsafe(self._put, news)

    def _put(self, news: Sequence[News]) -> None:
        if self._ended.is_set():
            return
        self._waiting += [one for one in news if may_see(self._actor, one.head.jurisdiction)] or news[-1:]
        self._something.set()
        if len(self._waiting) > self._pace.most:
            self.end(at_once=False)


class Streams:
    """All streams of an application, so that it can end them when it stops: a server waits for its answers to end."""

    def __init__(self, live: Live, pace: Pace | None = None) -> None:
        self.live = live
        self.pace = pace or Pace()
        self.closed = False
        self._streams: set[Stream] = set()

    async def run(self, stream: Stream, receive: Receive, send: Send) -> None:
        """Run a stream, and know of it meanwhile."""
        self._streams.add(stream)
        if self.closed:
            stream.end()
        try:
            await stream.run(receive, send)
        finally:
            self._streams.discard(stream)

    def close(self) -> None:
        """End every stream, from any thread."""
        self.closed = True
        for stream in tuple(self._streams):
            stream.end_from_outside()

    def __len__(self) -> int:
        return len(self._streams)


@contextmanager
def ended_by_signals(*close: Callable[[], None]) -> Iterator[None]:
    """Meanwhile a signal that stops the server ends the streams first: the server would wait for them for ever."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: handler for number in (signal.SIGINT, signal.SIGTERM) if callable(handler := signal.getsignal(number))}

    def handle(number: int, frame: FrameType | None) -> None:
        for one in close:
            one()
        before[signal.Signals(number)](number, frame)

    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
