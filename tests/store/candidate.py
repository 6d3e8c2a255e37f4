"""Another process that would lead: `python -m tests.store.candidate URL` answers each line of input with whether it leads."""

from __future__ import annotations

import sys

from sqlalchemy import make_url

from api.store.database import connect
from api.store.leadership import leadership


def main() -> None:
    candidacy = leadership(connect(make_url(sys.argv[1])))
    for _ in sys.stdin:
        print(candidacy.leads(), flush=True)


if __name__ == "__main__":
    main()
