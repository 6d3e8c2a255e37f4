"""kill -9 at random moments under load: nothing acknowledged is missing, nothing is recorded twice, the chains hold."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from itertools import pairwise

import pytest
from sqlalchemy import URL

from api.store.database import connect
from api.store.journal import Journal
from api.store.verification import Verdict, verify
from tests.store.acknowledged import Acknowledgement, parse, troubles
from tests.store.databases import Server
from tests.store.load import THREADS, drafts
from tests.store.samples import NOON, OPENING, draft, opened

LONGEST = 0.25
"""Seconds of load before a process is killed, at most."""


def start(url: URL, name: str) -> subprocess.Popen[str]:
    """A process that is ready to write."""
    command = [sys.executable, "-m", "tests.store.load", url.render_as_string(hide_password=False), name]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def load(process: subprocess.Popen[str], seconds: float) -> list[str]:
    """Let it write for so long after its first acknowledgement, and kill it: what it said."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    first = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    rest = process.stdout.readlines()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    return [first, *rest]


def resend(journal: Journal, said: list[Acknowledgement], name: str) -> list[Acknowledgement]:
    """What a client does that got no answer: send each incident's next command again, with its key. All that is now said."""
    now = list(said)
    for incident in (f"{name}-{n}" for n in range(THREADS)):
        own = [one for one in said if one.incident == incident]
        key, seq = (int(own[-1].key) + 1, own[-1].seq) if own else (0, 0)
        if own:
            unsaid = journal.append(incident, journal.head(incident).head_seq, NOON, drafts(key), str(key))
        else:
            unsaid = journal.open_incident(incident, OPENING, NOON, drafts(key), str(key))
        assert [one.seq for one in unsaid] == [seq + 1 + n for n in range(len(drafts(key)))]
        assert journal.append(incident, 0, NOON, drafts(key), str(key)) == unsaid
        now.append(Acknowledgement(incident, str(key), unsaid[-1].seq))
    return now


def kill_rounds(url: URL, journal: Journal, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    said: list[Acknowledgement] = []
    names = [f"r{n}" for n in range(rounds + 1)]
    ready = start(url, names[0])
    try:
        for name, following in pairwise(names):
            process, ready = ready, start(url, following)
            heard = parse(load(process, chance.uniform(0, LONGEST)))
            assert troubles(heard, journal.read) == []
            said = resend(journal, heard, name)
            assert said and troubles(said, journal.read) == []
    finally:
        ready.kill()
        ready.communicate()
    found = verify(journal.engine)
    assert found == Verdict(len(journal.incidents()), journal.position(), ())


def test_nothing_acknowledged_is_lost_in_20_rounds(store_url: URL, journal: Journal) -> None:
    kill_rounds(store_url, journal, 20 if store_url.get_backend_name() == "sqlite" else 5, seed=4)


@pytest.mark.long
def test_nothing_acknowledged_is_lost_in_1000_rounds(store_url: URL, journal: Journal) -> None:
    kill_rounds(store_url, journal, 1000 if store_url.get_backend_name() == "sqlite" else 100, seed=5)


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.long)])
def test_nothing_acknowledged_is_lost_when_postgresql_itself_crashes(postgres: Server, rounds: int) -> None:
    url = postgres.make()
    for n in range(rounds):
        process = start(url, f"r{n}")
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        first = process.stdout.readline()
        time.sleep(0.2)
        postgres.stop("immediate")
        process.kill()
        rest, _ = process.communicate()
        postgres.start()
        journal = Journal(connect(url))
        heard = parse([first, *rest.splitlines(keepends=True)])
        assert troubles(heard, journal.read) == []
        assert troubles(resend(journal, heard, f"r{n}"), journal.read) == []
        assert verify(journal.engine).breaks == ()
        journal.engine.dispose()


def test_the_check_itself_sees_what_is_lost_or_recorded_twice(journal: Journal) -> None:
    first = opened(journal)
    journal.append("a", 2, NOON, [draft()], None)
    again = journal.append("a", 3, NOON, [draft()], "k")
    said = [Acknowledgement("a", "open", 2), Acknowledgement("a", "k", 4), Acknowledgement("a", "lost", 5)]
    assert troubles(said, journal.read) == ["a: key lost acknowledged at 5, found at None"]
    assert troubles(said[:2], lambda _: (*first, *again)) == ["a: 缺第3条，后一条是第4条"]
    assert troubles(said[:1], lambda _: (*first, *again, *first)) == [
        "a: 缺第3条，后一条是第4条",
        "a: key open recorded twice",
    ]
    assert parse(["a k 3\n", "a k"]) == [Acknowledgement("a", "k", 3)]
