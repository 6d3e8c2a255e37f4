"""Idempotency of what no journal records: a change sent again under its key is answered as it was, and not made again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from api.store.failure import KeyReused

MOST = 1000


class Once:
    """The last answers of this process, by who asked and under which key. Safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[str, str], tuple[Any, Any]] = OrderedDict()
        self._turns: dict[tuple[str, str], threading.Lock] = {}

    def __call__(self, person: str, key: str | None, asked: Any, make: Callable[[], Any]) -> Any:
        """The answer that `make` gives, or gave. asked: what was asked for. Raises KeyReused where it was something else."""
        if key is None:
            return make()
        name = (person, key)
        with self._lock:
            turn = self._turns.setdefault(name, threading.Lock())
        with turn:
            known = self._answers.get(name)
            if known is None:
                try:
                    known = (asked, make())
                except BaseException:
                    with self._lock:
                        self._turns.pop(name, None)
                    raise
                with self._lock:
                    self._answers[name] = known
                    while len(self._answers) > MOST:
                        old, _ = self._answers.popitem(last=False)
                        self._turns.pop(old, None)
        if known[0] != asked:
            raise KeyReused(
                f"幂等键“{key}”已用于另一个操作", where="Idempotency-Key", remedy="每个操作用一个新的键；重发同一操作才用原来的键"
            )
        return known[1]
