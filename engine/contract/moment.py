"""Moments as the contract shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.trigger.facts import CHINA

Names = Mapping[str, str]
"""People's names by id."""


def stamp(moment: datetime | None) -> str | None:
    """A moment in ISO 8601, in Beijing time."""
    return None if moment is None else moment.astimezone(CHINA).isoformat()


def seconds(since: datetime | None, at: datetime) -> int | None:
    """Whole seconds from a moment until another."""
    return None if since is None else int((at - since).total_seconds())


def by_whom(by: str, names: Names) -> dict[str, str]:
    """Who, as id and as name."""
    return {"by": by, "by_name": names.get(by, by)}
