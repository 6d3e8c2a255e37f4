"""What takes long to work out, kept for all tabs of this process while what it was worked out from stays the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """At most `most` values by key; the one that was made first goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._found: dict[Hashable, Value] = {}

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of this key, made where there is none yet."""
        with self._lock:
            found = self._found.get(key)
            if found is None:
                found = self._found[key] = make()
                while len(self._found) > self._most:
                    del self._found[next(iter(self._found))]
            return found
