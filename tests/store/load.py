"""A process under load: appends through the Journal, says what is acknowledged, and waits to be killed.

`python -m tests.store.load URL NAME` waits for a line on standard input, then writes to incidents NAME-0 … from as many threads,
and prints `incident key seq` for each acknowledged command: `seq` is that of its last entry. Each incident's keys are 0, 1, 2, …;
command `k` has 1 + k % 3 entries.
"""

from __future__ import annotations

import os
import sys
import threading

from sqlalchemy import make_url

from api.store.database import connect
from api.store.journal import Journal
from engine.incident.chain import Draft
from tests.store.samples import NOON, OPENING

THREADS = 3


def drafts(key: int) -> list[Draft]:
    """The drafts of command number `key`."""
    return [Draft("fact", {"key": key, "n": n, "text": "六字的内容" * 20}, "load") for n in range(1 + key % 3)]


def write(journal: Journal, incident: str) -> None:
    """Append until killed."""
    seq, key = 0, 0
    while True:
        if key == 0:
            found = journal.open_incident(incident, OPENING, NOON, drafts(0), "0")
        else:
            found = journal.append(incident, seq, NOON, drafts(key), str(key))
        seq = found[-1].seq
        os.write(1, f"{incident} {key} {seq}\n".encode())
        key += 1


def main() -> None:
    journal = Journal(connect(make_url(sys.argv[1])))
    journal.position()
    sys.stdin.readline()
    for n in range(THREADS):
        threading.Thread(target=write, args=(journal, f"{sys.argv[2]}-{n}"), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
