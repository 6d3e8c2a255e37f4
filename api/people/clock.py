"""Time, handed in: a clock is a function that answers the moment now, in UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

Clock = Callable[[], datetime]
CHINA = timezone(timedelta(hours=8))


def system_clock() -> datetime:
    """The moment now."""
    return datetime.now(UTC)


def stamp(moment: datetime | None) -> str | None:
    """A moment as the interface shows it: ISO 8601 in China's time."""
    return None if moment is None else moment.astimezone(CHINA).isoformat()
