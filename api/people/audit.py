"""What was changed about people, by whom, when: append-only, in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from api.people import tables
from api.store.database import reading

CONSOLE = "yuan"
"""Who stands in an entry that was made on the server itself, by the command line or the first run."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. `by` and `subject` are ids."""

    id: int
    at: datetime
    by: str
    action: str
    subject: str
    detail: Mapping[str, Any]


def record(link: Connection, at: datetime, by: str, action: str, subject: str, **detail: Any) -> None:
    """Append an entry; `detail` never holds a secret."""
    link.execute(insert(tables.audit).values(at=at, by=by, action=action, subject=subject, detail=detail))


def entries(engine: Engine, *, before: int | None = None, limit: int = 100) -> list[Entry]:
    """The newest entries first; `before` an id for the next page."""
    query = select(tables.audit).order_by(tables.audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(tables.audit.c.id < before)
    with reading(engine) as link:
        return [Entry(**row) for row in link.execute(query).mappings()]
