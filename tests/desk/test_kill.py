"""kill -9 of a server at random moments while clients enter facts: nothing that was answered is lost, nothing is recorded twice."""

from __future__ import annotations

import http.client
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from api.desk.desk import Desk
from api.store.verification import verify
from tests.desk.client import Process, Servers, enter
from tests.desk.setting import check_sound, opened
from tests.store.acknowledged import Acknowledgement, troubles

CLIENTS = 4
LONGEST = 0.6
"""Seconds of load before a server is killed, at most."""


@dataclass
class Client:
    """Enters facts one after the other; what is not answered is sent again to the next server, under the same key."""

    name: int
    incident: str
    token: str
    said: list[Acknowledgement] = field(default_factory=list)
    refused: list[ValueError] = field(default_factory=list)

    def send(self, connection: http.client.HTTPConnection) -> None:
        """The next facts, or those without an answer. Raises OSError or HTTPException."""
        n = len(self.said)
        seq = enter(connection, self.token, self.incident, f"{self.name}-{n}", {"deaths": n % 4, "injuries": n})
        self.said.append(Acknowledgement(self.incident, f"{self.name}-{n}", seq))

    def work(self, port: int) -> None:
        """Until the server is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            while True:
                self.send(connection)
        except (OSError, http.client.HTTPException):
            pass
        except ValueError as error:
            self.refused.append(error)
        finally:
            connection.close()


def load_and_kill(server: Process, clients: list[Client], seconds: float) -> None:
    threads = [threading.Thread(target=client.work, args=(server.port,), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    server.kill()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def kill_rounds(
    servers: Servers, url: URL, desk: Desk, token: str, log: Path, rounds: int, seed: int, longest: float = LONGEST
) -> None:
    chance = random.Random(seed)
    incidents = [opened(desk) for _ in range(CLIENTS // 2)]
    clients = [Client(n, incidents[n % len(incidents)], token) for n in range(CLIENTS)]
    for _ in range(rounds):
        load_and_kill(servers.start(url, log), clients, chance.uniform(0, longest))
    last = servers.start(url, log)
    connection = http.client.HTTPConnection("127.0.0.1", last.port, timeout=20)
    for client in clients:
        client.send(connection)
        first = client.said[0]
        assert enter(connection, token, client.incident, first.key, {"deaths": 0, "injuries": 0}) == first.seq
    connection.close()
    last.kill()
    assert [client.refused for client in clients] == [[]] * CLIENTS
    assert troubles([one for client in clients for one in client.said], desk.journal.read) == []
    recorded = [entry.key for incident in incidents for entry in desk.journal.read(incident) if entry.kind == "fact_observed"]
    assert sorted(map(str, recorded)) == sorted(2 * [one.key for client in clients for one in client.said])
    assert verify(desk.journal.engine).breaks == ()
    for incident in incidents:
        desk.states.refresh(incident)
        check_sound(desk, incident)
    print(f"{rounds} kills, {len(recorded) // 2} commands")


def rounds_for(url: URL, many: int, some: int) -> int:
    return many if url.get_backend_name() == "sqlite" else some


def test_nothing_answered_is_lost_when_the_server_is_killed_20_times(
    servers: Servers, store_url: URL, engine: Engine, desk: Desk, token: str, tmp_path: Path
) -> None:
    kill_rounds(servers, store_url, desk, token, tmp_path / "ticks", rounds_for(store_url, 20, 5), seed=6)


@pytest.mark.long
def test_nothing_answered_is_lost_when_the_server_is_killed_1000_times(
    servers: Servers, store_url: URL, engine: Engine, desk: Desk, token: str, tmp_path: Path
) -> None:
    kill_rounds(servers, store_url, desk, token, tmp_path / "ticks", rounds_for(store_url, 1000, 100), seed=7, longest=0.25)
