"""The last warnings and errors of this process, kept in memory for the screen of the system's state."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime

MOST = 100


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the log."""

    at: datetime
    grave: bool
    words: str


class RecentLog(logging.Handler):
    """Keeps the newest lines; `listed` gives them, newest first."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__(logging.WARNING)
        self._kept: deque[Said] = deque(maxlen=most)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            words = record.getMessage()
            if record.exc_info and record.exc_info[1] is not None:
                words = f"{words}：{type(record.exc_info[1]).__name__} {record.exc_info[1]}"
        except Exception:
            self.handleError(record)
            return
        self._kept.append(Said(datetime.fromtimestamp(record.created, UTC), record.levelno >= logging.ERROR, words))

    def listed(self) -> tuple[Said, ...]:
        return tuple(reversed(self._kept))


RECENT = RecentLog()


def keep_recent() -> None:
    """Listen to the log of this process, once."""
    log = logging.getLogger("yuan")
    if RECENT not in log.handlers:
        log.addHandler(RECENT)
