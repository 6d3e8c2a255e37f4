"""Backtests that the console started: each in its own thread, one at a time, the last few kept."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from api.backtesting.job import Result
from engine.drill.backtests.backtest import Progress
from engine.plan.finding import YuanError

log = logging.getLogger("yuan")
MOST = 8
MOST_OF_ONE = 2
"""Backtests of one person that are kept or under way."""
BREATH = 0.002
"""Seconds that a backtest rests now and then, so that the desk beside it answers."""
TELL = 0.4
"""Seconds between two looks at how far it is."""


@dataclass
class Trial:
    """One backtest: what was asked, how far it is, what came of it."""

    id: str
    owner: str
    asked: Mapping[str, str]
    content: bytes
    name: str
    done: int = 0
    total: int = 0
    result: Result | None = None
    failed: YuanError | None = None
    broken: str | None = None
    took: float = 0.0
    told: float = field(default=0.0, repr=False)

    @property
    def ended(self) -> bool:
        return self.result is not None or self.failed is not None or self.broken is not None


class Shelf:
    """The backtests of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = threading.Lock()
        self._trials: dict[str, Trial] = {}
        self._wakes: dict[str, list[Callable[[], None]]] = {}

    def start(self, owner: str, asked: Mapping[str, str], content: bytes, name: str, work: Callable[[Progress], Result]) -> Trial:
        """Begin one; the person's oldest are dropped."""
        trial = Trial(secrets.token_urlsafe(9), owner, dict(asked), content, name)
        with self._lock:
            self._trials[trial.id] = trial
            own = [one for one in self._trials.values() if one.owner == owner]
            everyone = list(self._trials.values())
            for old in (*own[:-MOST_OF_ONE], *everyone[:-MOST]):
                self._trials.pop(old.id, None)
                self._wakes.pop(old.id, None)
        threading.Thread(target=self._run, args=(trial, work), name="yuan-backtest", daemon=True).start()
        return trial

    def get(self, trial_id: str, owner: str) -> Trial | None:
        """A person's own."""
        with self._lock:
            found = self._trials.get(trial_id)
        return found if found is not None and found.owner == owner else None

    def follow(self, trial: Trial, wake: Callable[[], None]) -> None:
        """Call this whenever it is farther, or done."""
        with self._lock:
            if trial.id in self._trials:
                self._wakes.setdefault(trial.id, []).append(wake)

    def _tell(self, trial: Trial) -> None:
        with self._lock:
            wakes = list(self._wakes.get(trial.id, ()))
        for wake in wakes:
            wake()

    def _run(self, trial: Trial, work: Callable[[Progress], Result]) -> None:
        def progress(done: int, total: int) -> None:
            trial.done, trial.total = done, total
            time.sleep(BREATH)
            if time.monotonic() - trial.told > TELL:
                trial.told = time.monotonic()
                self._tell(trial)

        with self._running:
            began = time.monotonic()
            try:
                trial.result = work(progress)
            except YuanError as error:
                trial.failed = error
            except Exception as error:
                log.exception("a backtest failed")
                trial.broken = f"{type(error).__name__} {error}"
            trial.took = time.monotonic() - began
        self._tell(trial)
