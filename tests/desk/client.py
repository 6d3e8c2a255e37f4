"""Clients of real servers: one that enters facts, one that listens to events; and the servers' processes."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

from sqlalchemy import URL


class Event(NamedTuple):
    """One event of a stream; a comment has its text in `comment` and nothing else."""

    id: str | None
    kind: str | None
    data: Any
    comment: str | None = None


class Listener:
    """A client of `/api/v1/events`, which waits ten seconds at most."""

    def __init__(
        self, port: int, headers: Mapping[str, str], query: str = "", seconds: float = 10.0, path: str = "/api/v1/events"
    ) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        self.connection.request("GET", f"{path}{query}", headers=dict(headers))
        self.response = self.connection.getresponse()
        self.status = self.response.status

    def next(self) -> Event | None:
        """The next event or comment; None at the end of the stream."""
        found: dict[str, str] = {}
        while True:
            line = self.response.readline().decode()
            if not line:
                return None
            if line != "\n":
                name, _, value = line.rstrip("\n").partition(": ")
                found[name] = value
            elif "data" in found:
                return Event(found.get("id"), found.get("event"), json.loads(found["data"]))
            elif "" in found or ":" in "".join(found):
                return Event(found.get("id"), None, None, found.get("", ""))
            else:
                found = {}

    def event(self) -> Event | None:
        """The next event; None at the end of the stream."""
        while (found := self.next()) is not None and found.kind is None:
            pass
        return found

    def close(self) -> None:
        self.response.close()
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def enter(connection: http.client.HTTPConnection, token: str, incident: str, key: str, facts: Mapping[str, Any]) -> int:
    """Enter facts; the number of the last entry. Raises OSError or HTTPException without an answer, ValueError with a refusal."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
    connection.request("POST", f"/api/v1/incidents/{incident}/facts", json.dumps({"facts": facts, "source": "现场"}), headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise ValueError(answer.status, body.decode())
    return int(json.loads(body)["entries"][-1]["seq"])


class Process(NamedTuple):
    port: int
    pid: int

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


class Servers:
    """Forks servers on demand; none outlives it."""

    def __init__(self, plans: Path) -> None:
        self.plans = plans
        command = [sys.executable, "-m", "tests.desk.server", str(plans)]
        self._source = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, url: URL, every: float, log: Path) -> None:
        """Have a server started."""
        assert self._source.stdin is not None
        self._source.stdin.write(f"{url.render_as_string(hide_password=False)} {every} {log}\n")
        self._source.stdin.flush()

    def ready(self) -> Process:
        """The next server that is ready."""
        assert self._source.stdout is not None
        port, pid = self._source.stdout.readline().split()
        return Process(int(port), int(pid))

    def start(self, url: URL, log: Path, every: float = 5.0) -> Process:
        self.ask(url, every, log)
        return self.ready()

    def close(self) -> None:
        assert self._source.stdin is not None and self._source.stdout is not None
        self._source.stdin.close()
        self._source.wait(20)
        self._source.stdout.close()
