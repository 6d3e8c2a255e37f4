"""The journal's entries and the hash chain that binds them: a changed byte is found, and where it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

BEGINNING = "0" * 64
"""What the first entry of an incident names as its predecessor."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be recorded: an event as data, by whom (a person's id, `engine`, or `feed:…`)."""

    kind: str
    body: Mapping[str, Any]
    by: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded entry.

    seq: 1, 2, … within the incident. at: when it was recorded, with offset. key: the command's idempotency key, shared by
    all entries of one command. previous, hash: SHA-256 in hex; `hash` covers everything else, `previous` included.
    """

    incident: str
    seq: int
    at: datetime
    by: str
    kind: str
    body: Mapping[str, Any]
    key: str | None
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold: the entry's number and what is wrong with it."""

    incident: str
    seq: int
    words: str


def canonical(body: Any) -> str:
    """JSON in one spelling: sorted keys, no spaces, no escapes beyond the necessary, no NaN. Raises ValueError."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(incident: str, seq: int, at: str, by: str, kind: str, body: str, key: str | None, previous: str) -> str:
    """The hash of an entry from its stored texts: `at` in ISO form, `body` as canonical JSON."""
    text = canonical([incident, seq, at, by, kind, body, key, previous])
    return hashlib.sha256(text.encode()).hexdigest()


def seal(incident: str, after: int, previous: str, at: datetime, drafts: Sequence[Draft], key: str | None) -> list[Entry]:
    """The drafts as entries that follow entry number `after`, whose hash is `previous`. `at` needs an offset."""
    if at.tzinfo is None:
        raise ValueError("an entry's time needs an offset")
    found = []
    for n, draft in enumerate(drafts, start=1):
        own = digest(incident, after + n, at.isoformat(), draft.by, draft.kind, canonical(draft.body), key, previous)
        found.append(Entry(incident, after + n, at, draft.by, draft.kind, draft.body, key, previous, own))
        previous = own
    return found


def first_break(entries: Iterable[Entry]) -> Break | None:
    """The first entry of one incident, read from its beginning, at which the chain does not hold; None where it does."""
    previous, expected = BEGINNING, 1
    for entry in entries:
        if entry.seq != expected:
            return Break(entry.incident, expected, f"缺第{expected}条，后一条是第{entry.seq}条")
        if entry.previous != previous:
            return Break(entry.incident, entry.seq, f"第{entry.seq}条接不上前一条")
        own = digest(
            entry.incident,
            entry.seq,
            entry.at.isoformat(),
            entry.by,
            entry.kind,
            canonical(entry.body),
            entry.key,
            entry.previous,
        )
        if own != entry.hash:
            return Break(entry.incident, entry.seq, f"第{entry.seq}条的内容与它的校验值不符")
        previous, expected = entry.hash, expected + 1
    return None
