"""The real server in a process of its own, and the chromium of this machine."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
PATIENCE = 60


def find_chromium() -> str | None:
    """The path of a chromium on this machine."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The application under uvicorn; yields its address and stops it again."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "--factory",
        "api.app:create_app",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it answered")
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 -- loopback
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"the server did not answer within {PATIENCE} s")


@contextlib.contextmanager
def browsing(chromium: str) -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Console:
    """The page in an officer's words."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)
        self.conclusion.wait_for()

    def choose(self, plan: str) -> None:
        """A plan by its title."""
        if self.page.locator("select.plans option:checked").inner_text() == plan:
            return
        number = self.page.locator(".document").inner_text()
        self.page.get_by_label("预案", exact=True).select_option(label=plan)
        self.page.wait_for_function("before => document.querySelector('.document').textContent !== before", arg=number)
        self.conclusion.wait_for()

    def field(self, key: str) -> Locator:
        return self.page.locator(f'[data-field="{key}"]').first

    def type(self, key: str, text: str) -> None:
        """Into a number's field, key by key as a person does."""
        self.field(key).locator("input.value").press_sequentially(text)

    def how(self, key: str, word: str) -> None:
        self.field(key).locator("select.how").select_option(label=word)

    def say(self, key: str, word: str) -> None:
        """是, 否 or 未知, or one of a list of words."""
        radios = self.field(key).get_by_role("radio", name=word, exact=True)
        if radios.count():
            radios.check(force=True)
        else:
            self.field(key).locator("select").select_option(label=word)

    def cell(self, key: str, area: str) -> Locator:
        return self.page.locator(f'[data-field="{key}"] [data-area="{area}"] .cell')

    def scale(self, name: str) -> Locator:
        """The row of a scale: its badge and its ladder."""
        return self.page.locator(".scales .row").filter(has=self.page.locator(f'.scale[title="{name}"]'))

    def badge(self, name: str) -> Locator:
        return self.scale(name).locator(".badge")

    @property
    def conclusion(self) -> Locator:
        return self.page.locator(".conclusion .badge").first

    @property
    def ask(self) -> Locator:
        return self.page.locator(".ask")

    @property
    def duties(self) -> Locator:
        return self.page.locator(".list .listing").first
