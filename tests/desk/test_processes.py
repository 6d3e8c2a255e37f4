"""Several server processes on one store: each hears of what the others record, and one of them lets time pass."""

from __future__ import annotations

import http.client
import time
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from api.desk.desk import Desk
from api.library import Library
from api.store.database import connect
from api.store.journal import Journal
from tests.desk.client import Listener, Process, Servers, enter
from tests.desk.setting import check_sound, desk_on, eventually, opened, token_on
from tests.store.databases import Server


def ticks(log: Path) -> list[int]:
    """Who let time pass, in order."""
    return [int(line.split()[0]) for line in log.read_text().splitlines()] if log.exists() else []


def test_events_of_one_process_are_heard_at_another(
    servers: Servers, store_url: URL, desk: Desk, token: str, tmp_path: Path
) -> None:
    incident = opened(desk)
    pair = [servers.start(store_url, tmp_path / "ticks") for _ in range(2)]
    delays = []
    # How long it takes is measured, not asserted: a busy machine would decide. Usually 0.01 s on PostgreSQL, 0.25 s on SQLite.
    with Listener(pair[1].port, {"Authorization": f"Bearer {token}"}) as listener:
        connection = http.client.HTTPConnection("127.0.0.1", pair[0].port, timeout=10)
        for n in range(20):
            sent = time.monotonic()
            seq = enter(connection, token, incident, f"k{n}", {"injuries": n})
            heard = listener.event()
            assert heard is not None
            delays.append(time.monotonic() - sent)
            assert (heard.kind, heard.data["seq"], heard.data["body"]["value"]) == ("fact_observed", seq, n)
        connection.close()
    for process in pair:
        process.kill()
    print(f"{store_url.get_backend_name()}: {sorted(delays)[10] * 1000:.0f} ms, at most {max(delays) * 1000:.0f} ms")
    desk.states.refresh(incident)
    check_sound(desk, incident)


def test_one_process_ticks_and_another_takes_over_when_it_is_killed(
    servers: Servers, store_url: URL, engine: Engine, tmp_path: Path
) -> None:
    log = tmp_path / "ticks"
    group: dict[int, Process] = {}
    for _ in range(3):
        process = servers.start(store_url, log, every=0.1)
        group[process.pid] = process
    for left in (3, 2, 1):
        before = len(ticks(log))
        eventually(lambda before=before: len(ticks(log)) >= before + 8)
        leading = set(ticks(log)[before + 1 :])
        assert len(leading) == 1
        leader = group.pop(leading.pop())
        leader.kill()
        if left > 1:
            eventually(lambda leader=leader: ticks(log)[-1] != leader.pid, 3.0)
    assert group == {}


def test_a_server_outlives_a_crash_of_its_database(servers: Servers, postgres: Server, tmp_path: Path) -> None:
    url = postgres.make()
    engine = connect(url)
    desk, token, log = desk_on(Journal(engine), Library([servers.plans])), token_on(engine), tmp_path / "ticks"
    incident = opened(desk)
    process = servers.start(url, log, every=0.1)
    with Listener(process.port, {"Authorization": f"Bearer {token}"}, seconds=20) as listener:
        connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=20)
        enter(connection, token, incident, "before", {"injuries": 1})
        before = listener.event()
        postgres.stop("immediate")
        with pytest.raises(ValueError, match="store-unavailable"):
            enter(connection, token, incident, "during", {"injuries": 2})
        postgres.start()
        enter(connection, token, incident, "during", {"injuries": 2})
        after = listener.event()
        count = len(ticks(log))
        eventually(lambda: len(ticks(log)) > count + 3, 10.0)
        connection.close()
    process.kill()
    assert before is not None and after is not None
    assert (before.data["seq"], after.data["seq"]) == (3, 4)
    engine.dispose()
