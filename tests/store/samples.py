"""Incidents and entries for the tests of the store."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from api.store.journal import Journal, Opening
from engine.incident.chain import Draft, Entry

NOON = datetime(2026, 7, 1, 12, 0, 0, 123456, timezone(timedelta(hours=8)))
OPENING = Opening("某县", "某厂锅炉爆炸")


def draft(kind: str = "fact", **body: Any) -> Draft:
    return Draft(kind, body, "zhang")


def opened(journal: Journal, incident: str = "a", key: str | None = "open") -> tuple[Entry, ...]:
    """An incident with two entries."""
    return journal.open_incident(incident, OPENING, NOON, [draft("opened", 预案="p"), draft(deaths=3)], key)


def filled(journal: Journal) -> None:
    """Two incidents, seven entries, commands with and without keys."""
    opened(journal, "a")
    opened(journal, "b")
    journal.append("a", 2, NOON, [draft(rate=0.1), draft(name="张三"), draft("note", text="一\n二")], "k3")
    journal.append("b", 2, NOON, [draft("tick")], None)
