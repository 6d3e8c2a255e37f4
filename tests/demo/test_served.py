"""The demonstration as it is served: by the command, over the interface, on the login page."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.console.demo_parts import demo_logins, removal_form
from api.console.login import login_page
from api.demo.store import Demo, prepare
from api.library import Library
from api.office import open_office
from api.server import FIRST_STEPS
from api.settings import Settings

PATIENCE = 60.0
REMOVED = {"removed": True, "next": "演示已移除，服务随即停止。正式值守请运行 yuan serve"}


class Visitor:
    """Somebody at the interface of an office, with the password of the demonstration."""

    def __init__(self, settings: Settings, library: Library, demo: Demo | None) -> None:
        self.office = open_office(settings, library, demo=demo)
        app = create_app(library, settings, console=False, office=self.office)
        self.client = TestClient(app, base_url="http://testserver")

    def log_in(self, login: str, password: str) -> dict[str, str]:
        answer = self.client.post("/api/v1/session", json={"login": login, "password": password})
        assert answer.status_code in (200, 201), answer.text
        return {"X-CSRF-Token": answer.json()["csrf"]}


@pytest.fixture
def visitor(settings: Settings, library: Library) -> Iterator[Visitor]:
    demo, _ = prepare(settings, library)
    demo.leave = lambda: None
    found = Visitor(settings, library, demo)
    yield found
    found.office.engine.dispose()


def password_of(visitor: Visitor) -> str:
    assert visitor.office.demo is not None
    return visitor.office.demo.story.password


def test_only_an_administrator_removes_it(visitor: Visitor) -> None:
    demo = visitor.office.demo
    assert demo is not None
    headers = visitor.log_in("zhiban1", password_of(visitor))
    assert visitor.client.get("/api/v1/demo", headers=headers).json() == {"demo": True, "made_at": demo.made_at.isoformat()}
    assert visitor.client.post("/api/v1/demo/removal", headers=headers).status_code == 403
    assert demo.removal_asked is False
    headers = visitor.log_in("admin", password_of(visitor))
    answer = visitor.client.post("/api/v1/demo/removal", headers=headers)
    assert (answer.status_code, answer.json(), demo.removal_asked) == (202, REMOVED, True)


def test_an_office_has_nothing_to_remove(office_settings: Settings, library: Library) -> None:
    visitor = Visitor(office_settings, library, None)
    accounts = visitor.office.people.accounts
    once = accounts.first_administrator()
    assert once is not None
    accounts.change_password(accounts.everybody()[0].id, once, "a sound password", None)
    headers = visitor.log_in("admin", "a sound password")
    assert visitor.client.get("/api/v1/demo", headers=headers).json() == {"demo": False, "made_at": None}
    answer = visitor.client.post("/api/v1/demo/removal", headers=headers)
    assert (answer.status_code, answer.json()["message"]) == (409, "这不是演示，没有可移除的")
    assert (office_settings.data_dir / "yuan.db").is_file()
    visitor.office.engine.dispose()


def test_the_login_page_shows_the_logins_of_a_demonstration_only(visitor: Visitor) -> None:
    demo = visitor.office.demo
    assert demo is not None
    shown = login_page(demo_logins(demo))
    assert re.findall(r"<code>(.*?)</code>", shown) == [demo.story.password, *(one.login for one in demo.story.people)]
    assert '<th scope="row">市值班员</th><td><code>zhiban1</code> <code>zhiban2</code> <code>zhiban3</code></td>' in shown
    assert demo.story.password not in login_page()


def test_the_button_says_what_it_does_and_is_never_sent_later(visitor: Visitor) -> None:
    demo = visitor.office.demo
    assert demo is not None
    form = removal_form(demo)
    assert 'data-url="/api/v1/demo/removal"' in form
    assert "data-now-or-never" in form
    assert f"删去演示的全部数据（{demo.folder}），服务随即停止；正式的库不受影响。" in form
    assert removal_form(None) == ""


def yuan(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "api.cli", *arguments]


def environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("YUAN_")}
    return {**kept, "YUAN_DATA_DIR": str(folder / "yuan"), "PYTHONUNBUFFERED": "1"}


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        yuan(folder, *arguments), capture_output=True, text=True, check=False, env=environment(folder), timeout=PATIENCE
    )
    return done.returncode, done.stdout + done.stderr


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        found: int = one.getsockname()[1]
        return found


def asked(address: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[Any, str]:
    """The answer and the session's cookie; asked again until the server is there."""
    data = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(address, data, sent)  # noqa: S310 -- loopback
    until = time.monotonic() + PATIENCE
    while True:
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(request, timeout=10) as answer:
                return json.load(answer), str(answer.headers.get("Set-Cookie", "")).split(";")[0]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from None
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_one_click_removes_it_and_stops_the_server(tmp_path: Path) -> None:
    port = free_port()
    server = subprocess.Popen(
        yuan(tmp_path, "serve", "--demo", "--port", str(port)),
        env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}/api/v1"
        person, cookie = asked(f"{address}/session", {"login": "admin", "password": "yuan-yanshi"})
        incidents, _ = asked(f"{address}/incidents", headers={"Cookie": cookie})
        assert "演示正在运行" in run(tmp_path, "demo", "remove")[1]
        removed, _ = asked(f"{address}/demo/removal", {}, {"Cookie": cookie, "X-CSRF-Token": person["csrf"]})
        assert removed == REMOVED
        said, _ = server.communicate(timeout=PATIENCE)
    finally:
        server.kill()
    assert server.returncode == 0, said
    assert "【演示】已按现在的时间生成一个晚上" in said
    assert said.endswith("演示已移除。正式值守：yuan serve\n")
    assert len(incidents["incidents"] if isinstance(incidents, dict) else incidents) >= 3
    assert list(tmp_path.iterdir()) == []


def test_the_office_starts_empty_and_says_what_to_do_first(tmp_path: Path) -> None:
    port = free_port()
    server = subprocess.Popen(
        yuan(tmp_path, "serve", "--no-console", "--port", str(port)),
        env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        asked(f"http://127.0.0.1:{port}/api/v1/plans")
        server.terminate()
        said, _ = server.communicate(timeout=PATIENCE)
    finally:
        server.kill()
    assert "首次启动：已建立管理员 admin" in said
    assert [line.strip().split(". ", 1)[1] for line in said.splitlines() if re.match(r"  \d\. ", line)] == list(FIRST_STEPS)
    assert [path.name for path in tmp_path.iterdir()] == ["yuan"]


def test_a_demonstration_runs_in_one_process(tmp_path: Path) -> None:
    code, said = run(tmp_path, "serve", "--demo", "--workers", "2")
    assert (code, "演示只用一个工作进程" in said, list(tmp_path.iterdir())) == (2, True, [])


def test_there_is_nothing_to_remove_where_there_is_none(tmp_path: Path) -> None:
    code, said = run(tmp_path, "demo", "remove")
    assert (code, "这个文件夹不是演示库，没有动它" in said, list(tmp_path.iterdir())) == (2, True, [])
