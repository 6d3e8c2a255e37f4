"""Entries as rows and rows as entries: what is sealed is stored as the texts that were sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row

from api.store.failure import StoreDamaged
from engine.incident.chain import Entry, canonical


class Placed(NamedTuple):
    """An entry and its position in the order of all incidents' entries: 1, 2, … in order of commit."""

    position: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Listed:
    """An incident as a list shows it. `position` is that of its first entry, `head_seq` and `head_hash` are its last entry's."""

    id: str
    jurisdiction: str
    title: str
    kind: str
    status: str
    opened_at: datetime
    position: int
    head_seq: int
    head_hash: str


def entry_of(row: Row[Any]) -> Entry:
    """The entry in a row of `entries`. Raises StoreDamaged where its texts cannot be read."""
    try:
        return Entry(
            row.incident,
            row.seq,
            datetime.fromisoformat(row.at),
            row.by,
            row.kind,
            json.loads(row.body),
            row.key,
            row.previous,
            row.hash,
        )
    except (ValueError, TypeError):
        raise StoreDamaged(
            f"第{row.seq}条记录已损坏，读不出来",
            where=str(row.incident),
            remedy="用 yuan journal verify 查看，用 yuan restore 恢复备份",
        ) from None


def rows_of(entries: Iterable[Entry], after_position: int) -> list[dict[str, Any]]:
    """The entries of one command as rows, with the positions that follow `after_position`."""
    return [
        {
            "position": after_position + n,
            "incident": one.incident,
            "seq": one.seq,
            "at": one.at.isoformat(),
            "by": one.by,
            "kind": one.kind,
            "body": canonical(one.body),
            "key": one.key,
            "n": n if one.key is not None else 0,
            "previous": one.previous,
            "hash": one.hash,
        }
        for n, one in enumerate(entries, start=1)
    ]


def listed_of(row: Row[Any]) -> Listed:
    """The incident in a row of `incidents`."""
    return Listed(
        row.id,
        row.jurisdiction,
        row.title,
        row.kind,
        row.status,
        datetime.fromisoformat(row.opened_at),
        row.position,
        row.head_seq,
        row.head_hash,
    )
