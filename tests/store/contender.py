"""Another process that appends to the same incident: `python -m tests.store.contender URL NAME` says `won` or who was faster."""

from __future__ import annotations

import sys

from sqlalchemy import make_url

from api.store.database import connect
from api.store.failure import Conflict
from api.store.journal import Journal
from tests.store.samples import NOON, draft


def main() -> None:
    journal = Journal(connect(make_url(sys.argv[1])))
    name = sys.argv[2]
    for line in sys.stdin:
        after = int(line)
        try:
            journal.append("a", after, NOON, [draft("decided", by=name)], f"{name}-{after}")
        except Conflict as error:
            print(error.came[0].body["by"], flush=True)
        else:
            print("won", flush=True)


if __name__ == "__main__":
    main()
