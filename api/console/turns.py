"""Whose turn it is to be drawn: few threads draw for all tabs, so that the loop that answers is not starved; who waits goes first."""

from __future__ import annotations

import asyncio
import itertools
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Turn = tuple[bool, int, Callable[[], Any], "asyncio.Future[Any]", asyncio.AbstractEventLoop]
DRAWERS = 2


class Turns:
    """Work of many tabs, done by few threads: that of a tab at which somebody waits before the others', else in order."""

    def __init__(self) -> None:
        self._waiting: queue.PriorityQueue[Turn] = queue.PriorityQueue()
        self._number = itertools.count()
        self._lock = threading.Lock()
        self._begun = False

    async def take(self, work: Callable[[], T], *, urgent: bool = False) -> T:
        """What the work returns; raises what it raises."""
        self._begin()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._waiting.put((not urgent, next(self._number), work, done, loop))
        return await done

    def _begin(self) -> None:
        with self._lock:
            if self._begun:
                return
            self._begun = True
        for n in range(DRAWERS):
            threading.Thread(target=self._draw, name=f"yuan-drawer-{n}", daemon=True).start()

    def _draw(self) -> None:
        while True:
            _, _, work, done, loop = self._waiting.get()
            if done.cancelled() or loop.is_closed():
                continue
            found, error = None, None
            try:
                found = work()
            except BaseException as raised:
                error = raised
            if not loop.is_closed():
                loop.call_soon_threadsafe(_hand, done, found, error)


def _hand(done: asyncio.Future[Any], found: Any, error: BaseException | None) -> None:
    if done.done():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(found)
