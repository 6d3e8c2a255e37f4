"""The stream of events over a real server: complete, resumable, to each what it may see, and nothing is left hanging."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import URL

from api.http.caller import COOKIE
from api.http.events import streams_of
from api.library import Library
from api.people.actor import EVERYWHERE
from api.people.audit import CONSOLE
from api.store.database import connect
from api.store.schema import migrate
from engine.incident.chain import Draft
from tests.desk.client import Listener, Servers
from tests.desk.setting import OFFICER, PLACE, clock, eventually, note, opened, plans_folder, token_on
from tests.http.served import PACE, Served


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plans_folder(tmp_path_factory.mktemp("plans"))


@pytest.fixture(scope="module")
def served(plans: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(URL.create("sqlite", database=str(tmp_path_factory.mktemp("store") / "yuan.db")), Library([plans]))
    yield made
    made.stop()


@pytest.fixture
def incident(served: Served) -> str:
    return opened(served.desk)


def test_a_new_entry_is_told_with_its_place_and_its_incident(served: Served, incident: str) -> None:
    with served.listen(served.reader()) as listener:
        assert (listener.status, listener.response.getheader("content-type")) == (200, "text/event-stream; charset=utf-8")
        assert listener.response.getheader("cache-control") == "no-store"
        began = time.monotonic()
        entry = served.desk.do(incident, note("一\n二"), OFFICER).entries[0]
        heard = listener.event()
        took = time.monotonic() - began
    assert heard is not None and took < 1.0
    assert (heard.id, heard.kind) == (str(served.office.live.position), "noted")
    assert heard.data == {
        "incident": incident, "title": "某厂爆炸", "seq": 3, "at": entry.at.isoformat(), "by": "u1", "kind": "noted",
        "body": dict(entry.body),
    }  # fmt: skip
    print(f"{took * 1000:.0f} ms")


def test_nothing_is_missed_from_the_answer_on(served: Served, incident: str) -> None:
    headers = served.reader()
    for n in range(50):
        with served.listen(headers) as listener:
            served.desk.do(incident, note(str(n)), OFFICER)
            heard = listener.event()
            assert heard is not None and heard.data["body"]["text"] == str(n)


def test_a_stream_is_taken_up_where_it_ended(served: Served, incident: str) -> None:
    headers = served.reader()
    with served.listen(headers) as listener:
        served.desk.do(incident, note("0"), OFFICER)
        first = listener.event()
    assert first is not None and first.id is not None
    for n in range(1, 700):
        served.desk.journal.append(incident, 2 + n, clock(), _draft(n), None)
    with served.listen(headers, "?after=0", int(first.id)) as listener:
        heard = [listener.event() for _ in range(700 - 1)]
        served.desk.states.refresh(incident)
        served.desk.do(incident, note("700"), OFFICER)
        heard.append(listener.event())
    assert [one.data["body"]["text"] for one in heard if one] == [str(n) for n in range(1, 701)]
    assert [int(one.id or 0) for one in heard if one] == list(range(int(first.id) + 1, int(first.id) + 701))


def _draft(n: int) -> list[Draft]:
    return [Draft("noted", {"text": str(n), "happened_at": clock().isoformat()}, "u1")]


def test_everything_can_be_asked_for(served: Served, incident: str) -> None:
    with served.listen(served.reader(), "?after=0") as listener:
        first = listener.event()
    assert first is not None and (first.id, first.kind, first.data["seq"]) == ("1", "opened", 1)


def test_a_position_ahead_of_the_store_is_told_to_be_out_of_date(served: Served, incident: str) -> None:
    with served.listen(served.reader(), last=10**12) as listener:
        heard = listener.event()
        assert heard is not None and heard.kind == "reset" and int(heard.id or 0) >= 1
        served.desk.do(incident, note(), OFFICER)
        following = listener.event()
    assert following is not None and following.kind == "noted"


def test_what_is_no_position_is_refused(served: Served) -> None:
    for query, headers in (("?after=-1", {}), ("?after=x", {}), ("", {"Last-Event-ID": "abc"}), (f"?after={2**63}", {})):
        with served.listen({**served.reader(), **headers}, query) as listener:
            assert listener.status == 422


def test_each_is_told_of_his_own_jurisdiction_only(served: Served, incident: str) -> None:
    with served.listen(served.reader("乙县")) as other, served.listen(served.reader(EVERYWHERE)) as all_places:
        served.desk.do(incident, note("甲"), OFFICER)
        elsewhere = opened(served.desk, place="乙县")
        served.desk.do(elsewhere, note("乙"), OFFICER)
        heard = [one for one in (other.event() for _ in range(3)) if one]
        assert [(one.data["incident"], one.kind) for one in heard] == [
            (elsewhere, "opened"), (elsewhere, "owner_set"), (elsewhere, "noted"),
        ]  # fmt: skip
        assert [one.data["incident"] for one in (all_places.event() for _ in range(4)) if one] == [incident, *[elsewhere] * 3]


def test_without_the_right_to_read_there_is_no_stream(served: Served) -> None:
    person = served.hire("feeder")
    for headers, status in (
        ({}, 401),
        ({"Authorization": "Bearer yuan_wrong"}, 401),
        (served.token(person, "feed")[1], 403),
        (served.token(person, "facts")[1], 403),
    ):
        with served.listen(headers) as listener:
            assert listener.status == status


def test_silence_is_filled_with_signs_of_life_that_move_the_position(served: Served, incident: str) -> None:
    with served.listen(served.reader("丙县")) as listener:
        first = listener.next()
        assert first is not None and first.comment is not None and first.id is None
        served.desk.do(incident, note(), OFFICER)
        until = time.monotonic() + 5
        while (found := listener.next()) is not None and found.id is None:
            assert time.monotonic() < until
        assert found is not None and found.kind is None and int(found.id or 0) == served.office.live.position


def test_others_events_do_not_keep_a_client_in_silence(served: Served, incident: str) -> None:
    with served.listen(served.reader("丁县")) as listener:
        stop = threading.Event()

        def chatter() -> None:
            while not stop.wait(0.05):
                served.desk.do(incident, note(), OFFICER)

        thread = threading.Thread(target=chatter)
        thread.start()
        began = time.monotonic()
        found = listener.next()
        stop.set()
        thread.join(5)
    assert found is not None and found.comment is not None
    assert time.monotonic() - began < 2


def test_a_stream_ends_with_the_session(served: Served, incident: str) -> None:
    person = served.hire("logging-out")
    people = served.office.people
    people.accounts.change_password(person.id, people.accounts.reset_password(person.id, CONSOLE), "a sound password", None)
    started = people.sessions.start(person.id)
    assert started is not None
    session, secret = started
    with served.listen({"Cookie": f"{COOKIE}={secret}"}) as listener:
        served.desk.do(incident, note(), OFFICER)
        assert listener.event() is not None
        people.sessions.end(session.id, person.id)
        assert listener.event() is None


def test_a_stream_ends_with_the_token_or_the_account_or_the_role(served: Served) -> None:
    people = served.office.people
    for n in range(2):
        person = served.hire(f"leaving{n}")
        token, headers = served.token(person)
        with served.listen(headers) as listener:
            if n == 0:
                people.tokens.revoke(token, CONSOLE)
            else:
                people.accounts.change(person.id, CONSOLE, active=False)
            assert listener.event() is None


def test_a_change_of_jurisdiction_holds_for_streams_that_are_open(served: Served, incident: str) -> None:
    person = served.hire("moving", "戊县")
    with served.listen(served.token(person)[1]) as listener:
        served.office.people.accounts.change(person.id, CONSOLE, jurisdiction=PLACE)
        time.sleep(4 * PACE.check)
        served.desk.do(incident, note("看得见"), OFFICER)
        heard = listener.event()
    assert heard is not None and heard.data["body"]["text"] == "看得见"


def test_a_client_that_does_not_read_is_cut_off_and_can_resume(served: Served, incident: str) -> None:
    headers = served.reader()
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.settimeout(10)
    slow.connect(("127.0.0.1", served.port))
    after = served.office.live.position
    request = f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: {headers['Authorization']}\r\n\r\n"
    slow.sendall(request.encode())
    eventually(lambda: served.streams() == 1)
    count = 400
    for n in range(count):
        served.desk.do(incident, note(f"{n} " + "长" * 7000), OFFICER)
    eventually(lambda: served.streams() == 0)
    read = b""
    with suppress(OSError):
        while part := slow.recv(65536):
            read += part
    slow.close()
    ids = [int(line[4:]) for line in read.split(b"\n") if line.startswith(b"id: ")][:-1]
    assert ids == list(range(after + 1, after + 1 + len(ids))) and len(ids) < count
    with served.listen(headers, last=ids[-1] if ids else after) as listener:
        heard = [listener.event() for _ in range(count - len(ids))]
    assert [int(one.id or 0) for one in heard if one] == list(range(after + len(ids) + 1, after + count + 1))


def test_clients_that_go_leave_nothing_behind(served: Served) -> None:
    headers = served.reader()
    listeners = [served.listen(headers) for _ in range(20)]
    eventually(lambda: served.streams() == 20)
    for listener in listeners:
        listener.close()
    eventually(lambda: served.streams() == 0)
    eventually(lambda: served.office.live.followers == 0)


def test_closed_streams_end_at_once_and_new_ones_too(plans: Path, tmp_path: Path) -> None:
    before = sum(one.name.startswith("yuan-") for one in threading.enumerate())
    own = Served(URL.create("sqlite", database=str(tmp_path / "yuan.db")), Library([plans]))
    headers = own.reader()
    with own.listen(headers) as listener:
        streams_of(own.app).close()
        assert listener.event() is None
    with own.listen(headers) as listener:
        assert (listener.status, listener.event()) == (200, None)
    began = time.monotonic()
    own.stop()
    assert time.monotonic() - began < 5
    assert sum(one.name.startswith("yuan-") for one in threading.enumerate()) == before


def test_a_server_that_is_told_to_stop_does_not_wait_for_its_streams(plans: Path, tmp_path: Path) -> None:
    url = URL.create("sqlite", database=str(tmp_path / "yuan.db"))
    engine = connect(url)
    migrate(engine)
    headers = {"Authorization": f"Bearer {token_on(engine)}"}
    engine.dispose()
    servers = Servers(plans)
    try:
        process = servers.start(url, tmp_path / "ticks")
        listener = Listener(process.port, headers)
        assert listener.status == 200
        began = time.monotonic()
        os.kill(process.pid, signal.SIGTERM)
        with suppress(http.client.HTTPException, OSError):
            assert listener.event() is None
        listener.close()
        eventually(lambda: not _lives(process.pid), 5)
        print(f"stopped in {time.monotonic() - began:.1f} s")
    finally:
        servers.close()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
