"""Word of changes among people, to this process: accounts, posts, shifts, delegations, hand-overs have no journal that tells of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("yuan")


class Changes:
    """Tells its followers that something about people is not as it was; what, they see for themselves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._followers: list[Callable[[], None]] = []

    def follow(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback` called after each change, in the thread that made it; it must not block. Call what is returned to end it."""
        with self._lock:
            self._followers.append(callback)

        def end() -> None:
            with self._lock:
                if callback in self._followers:
                    self._followers.remove(callback)

        return end

    def tell(self) -> None:
        """Something changed, and stands in the store. A follower that fails is logged."""
        with self._lock:
            followers = tuple(self._followers)
        for callback in followers:
            try:
                callback()
            except Exception:
                log.exception("a follower of changes among people failed")
