"""Fixtures: one server and one browser a session, a fresh context a test, which fails on any request that leaves the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.machine import Console, browsing, find_chromium, serving
from tests.browser.office import DutyOffice, Source
from tests.browser.screens import Evening, evening


@pytest.fixture(scope="session")
def chromium() -> str:
    path = find_chromium()
    if path is not None:
        return path
    reason = "no chromium, chromium-browser or google-chrome on this machine: the browser tests cannot run"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def address(chromium: str) -> Iterator[str]:
    with serving() as found:
        yield found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with browsing(chromium) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on its own; afterwards nothing may have left the machine, and the browser's console may hold no error."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.set_default_timeout(10_000)
    abroad: list[str] = []
    errors: list[str] = []

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            abroad.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    found = context.new_page()
    found.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.on("websocket", lambda socket: abroad.append(socket.url) if urlsplit(socket.url).hostname != "127.0.0.1" else None)
    yield found
    context.close()
    assert abroad == []
    assert errors == []


@pytest.fixture
def console(page: Page, address: str) -> Console:
    return Console(page, address)


@pytest.fixture(scope="session")
def offices(chromium: str) -> Iterator[Source]:
    """A source of duty offices' servers."""
    made = Source()
    yield made
    made.close()


@pytest.fixture
def office(offices: Source, browser: Browser, tmp_path: Path) -> Iterator[DutyOffice]:
    """A duty office of its own for a test, on the evening of 20 December; its clock runs from there, and can be moved."""
    made = DutyOffice(offices, browser, tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def demo(chromium: str) -> Iterator[Evening]:
    """The demonstration's evening, one a session: visit it, or write into it what disturbs nobody."""
    with evening() as found:
        yield found
