"""The clock of an exercise: it stands, runs, runs faster, and is put to another time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from api.people.clock import Clock, system_clock
from api.wings import Pulse

SPEEDS = (1.0, 10.0, 60.0, 600.0)
"""Seconds of the exercise in a real one, as the console offers them."""


class ExerciseClock:
    """Answers the exercise's moment now, in UTC, as the clock of a desk does. Stands until it is started. Safe to share among threads."""

    def __init__(self, began: datetime, at: datetime | None = None, real: Clock = system_clock, speed: float = 60.0) -> None:
        self._real = real
        self._lock = threading.Lock()
        self._held = threading.local()
        self._pulse = Pulse(began, real(), at or began, speed, running=False)

    def __call__(self) -> datetime:
        held: datetime | None = getattr(self._held, "at", None)
        return (self.shown() if held is None else held).astimezone(UTC)

    def shown(self) -> datetime:
        """What it shows to everybody."""
        return self._pulse.at(self._real())

    def pulse(self) -> Pulse:
        """How it runs now."""
        return self._pulse

    def run(self, speed: float | None = None) -> None:
        """Let time pass."""
        self._change(speed=speed, running=True)

    def stand(self) -> None:
        """Let it stand."""
        self._change(running=False)

    def put(self, at: datetime) -> None:
        """Put it to a moment."""
        self._change(shown=at)

    def _change(self, *, shown: datetime | None = None, speed: float | None = None, running: bool | None = None) -> None:
        with self._lock:
            self._pulse = self._pulse.changed(self._real(), shown=shown, speed=speed, running=running)

    @contextmanager
    def held(self, at: datetime) -> Iterator[None]:
        """In this thread it is exactly this moment: what the script does is done at the time that the script says."""
        before = getattr(self._held, "at", None)
        self._held.at = at
        try:
            yield
        finally:
            self._held.at = before
