"""What a journal must hold after a crash: every acknowledged command, whole and once, in an unbroken chain.

Knows nothing of how the entries were written or are read, so that it serves the store and the HTTP API alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from engine.incident.chain import Entry, first_break

Read = Callable[[str], Sequence[Entry]]


class Acknowledgement(NamedTuple):
    """A command that was said to be recorded; seq: the number of its last entry."""

    incident: str
    key: str
    seq: int


def parse(lines: Iterable[str]) -> list[Acknowledgement]:
    """`incident key seq` a line; a last line without its end was not said."""
    found = [line.split() for line in lines if line.endswith("\n")]
    return [Acknowledgement(incident, key, int(seq)) for incident, key, seq in found]


def troubles(said: Iterable[Acknowledgement], read: Read) -> list[str]:
    """What is wrong: missing, elsewhere, recorded twice, or a broken chain. Empty where all is well."""
    found = []
    for incident, part in groupby(sorted(said), key=lambda one: one.incident):
        entries = read(incident)
        broken = first_break(entries)
        if broken is not None:
            found.append(f"{incident}: {broken.words}")
        runs = [(key, list(run)) for key, run in groupby(entries, key=lambda entry: entry.key)]
        keys = [key for key, _ in runs]
        found += [f"{incident}: key {key} recorded twice" for key in sorted({str(key) for key in keys if keys.count(key) > 1})]
        last = {key: run[-1].seq for key, run in runs}
        found += [
            f"{incident}: key {one.key} acknowledged at {one.seq}, found at {last.get(one.key)}"
            for one in part
            if last.get(one.key) != one.seq
        ]
    return found
