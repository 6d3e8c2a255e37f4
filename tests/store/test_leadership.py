"""Exactly one process leads, and another takes over when it dies."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from sqlalchemy import URL, Engine

from api.store.database import connect
from api.store.leadership import leadership
from tests.store.databases import Server


def candidate(url: URL) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.candidate", url.render_as_string(hide_password=False)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)


def leads(process: subprocess.Popen[str]) -> bool:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("?\n")
    return process.stdout.readline() == "True\n"


def test_of_several_processes_one_leads_and_when_it_is_killed_another_takes_over(store_url: URL) -> None:
    processes = [candidate(store_url) for _ in range(3)]
    try:
        for left in (3, 2, 1):
            deadline = time.monotonic() + 5
            while (answers := [leads(one) for one in processes]).count(True) != 1 and time.monotonic() < deadline:
                time.sleep(0.05)
            assert answers.count(True) == 1
            assert [leads(one) for one in processes] == answers
            leader = processes.pop(answers.index(True))
            leader.kill()
            leader.communicate()
            assert len(processes) == left - 1
    finally:
        for one in processes:
            one.kill()
            one.communicate()


def test_a_leader_may_resign(store_url: URL, engine: Engine) -> None:
    other = connect(store_url)
    first, second = leadership(engine), leadership(other)
    assert [first.leads(), second.leads(), first.leads()] == [True, False, True]
    first.resign()
    assert [second.leads(), first.leads()] == [True, False]
    second.resign()
    other.dispose()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_leader_that_loses_the_database_no_longer_leads_until_it_is_back(postgres: Server, mode: str) -> None:
    engine = connect(postgres.make())
    candidacy = leadership(engine)
    assert candidacy.leads()
    postgres.stop(mode)
    try:
        assert not candidacy.leads()
    finally:
        postgres.start()
    assert candidacy.leads()
    candidacy.resign()
    engine.dispose()
