"""Time passes: one process of several lets it, every few seconds."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from api.store.leadership import Leadership
from engine.plan.finding import YuanError

EVERY = 5.0
"""Seconds between two ticks."""
PATIENCE = 10.0
"""Seconds that `stop` waits for a tick that is under way."""
log = logging.getLogger("yuan")


class Ticker:
    """Calls `tick` every few seconds while this process leads, in a thread that outlives the loss of the database."""

    def __init__(self, tick: Callable[[], object], leadership: Leadership, every: float = EVERY) -> None:
        self._tick = tick
        self._leadership = leadership
        self._every = every
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._ticked: float | None = None

    def start(self) -> None:
        """Begin, with a tick at once."""
        self._thread = threading.Thread(target=self._run, name="yuan-ticks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it and give up the lead; returns when the tick under way has ended."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(PATIENCE)
        self._leadership.resign()

    @property
    def every(self) -> float:
        """Seconds between two ticks."""
        return self._every

    @property
    def since(self) -> float | None:
        """Seconds since this process's last tick that went well; None where it has not led."""
        return None if self._ticked is None else time.monotonic() - self._ticked

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                if self._leadership.leads():
                    self._tick()
                    self._ticked = time.monotonic()
            except YuanError as error:
                log.warning("tick: %s", error.message)
            except Exception:
                log.exception("tick failed")
            self._stopped.wait(self._every)
