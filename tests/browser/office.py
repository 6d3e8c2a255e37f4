"""A duty office in a process of its own, whose clock the test sets, and people at their browsers."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import APIResponse, Browser, Locator, Page, expect

from engine.trigger.facts import CHINA
from tests.browser.machine import ROOT, free_port

PASSWORD = "a sound password"  # noqa: S105 -- of nobody
CITY, COUNTY = "朔州市", "五台县"
POLLUTION, FIRE = "shuozhou-heavy-pollution", "wutai-forest-grassland-fire"
POLLUTION_PLAN, FIRE_PLAN = "朔州市重污染天气应急预案", "五台县森林草原火灾应急预案"
EVENING = datetime(2026, 12, 20, 20, 0, tzinfo=CHINA)
HURRY = 10_000
"""Milliseconds after which a test that waits has failed."""
expect.set_options(timeout=HURRY)
REFUSALS = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
LINE_DOWN = re.compile(r"net::ERR_|WebSocket connection|Failed to fetch|reloading because")


class Someone(NamedTuple):
    """Who has an account."""

    login: str
    name: str
    place: str
    roles: tuple[str, ...]
    posts: tuple[str, ...] = ()


PEOPLE = (
    Someone("officer", "值班员甲", CITY, ("officer",), ("值班员",)),
    Someone("night", "值班员乙", CITY, ("officer",), ("值班员",)),
    Someone("leader", "带班丙", CITY, ("leader",), ("带班领导",)),
    Someone("vice", "副市长丁", CITY, ("leader",), ("主管副市长",)),
    Someone("vice2", "副市长戊", CITY, ("leader",), ("主管副市长",)),
    Someone("mayor", "市长己", CITY, ("leader",), ("市长",)),
    Someone("watcher", "观察员庚", CITY, ("observer",)),
    Someone("first", "县值班员甲", COUNTY, ("officer",), ("值班员",)),
    Someone("second", "县值班员乙", COUNTY, ("officer",), ("值班员",)),
    Someone("head", "县长丙", COUNTY, ("leader",), ("县委副书记、县长",)),
    Someone("admin", "管理员", "*", ("admin",)),
)


class Source:
    """Forks office servers on demand; none outlives it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.browser.office_server"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, port: int, data: Path, clock: Path, *, drill: bool = False) -> int:
        """The number of a server that listens."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"port": port, "data": str(data), "clock": str(clock), "drill": drill}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


class DutyOffice:
    """One office: its server can be stopped and started again on the same store and port, and its clock moved."""

    def __init__(
        self, source: Source, browser: Browser, folder: Path, at: datetime | None = EVENING, *, drill: bool = False
    ) -> None:
        self._source, self._browser, self._data, self._clock = source, browser, folder / "store", folder / "clock"
        self._drill = drill
        self._port = free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self._moved = timedelta() if at is None else at - datetime.now(UTC)
        self._people: list[AtBrowser] = []
        self._set()
        self.pid = self.start()

    def start(self) -> int:
        self.pid = self._source.start(self._port, self._data, self._clock, drill=self._drill)
        return self.pid

    def kill(self) -> None:
        """The server ends at once, as by a power failure."""
        os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            self.kill()

    def close(self) -> None:
        """Everybody leaves; nothing may have left the machine, and no page may have failed."""
        for one in self._people:
            one.page.context.close()
        self.stop()
        for one in self._people:
            assert one.abroad == []
            assert one.errors == []

    @property
    def now(self) -> datetime:
        return (datetime.now(UTC) + self._moved).astimezone(CHINA)

    def later(self, **span: float) -> datetime:
        """Time passes; whose session ends with it logs in again, and pages are loaded anew: browsers do not feel the jump."""
        places = [one.page.url.partition("#")[0] for one in self._people]
        self._moved += timedelta(**span)
        self._set()
        for one, place in zip(self._people, places, strict=True):
            one.log_in()
            one.go(place)
        return self.now

    def _set(self) -> None:
        fresh = self._clock.with_suffix(".new")
        fresh.write_text(str(self._moved.total_seconds()))
        fresh.replace(self._clock)

    def sit_down(self, login: str, path: str = "/", kind: type[AtBrowser] | None = None) -> AtBrowser:
        """Somebody logs in at a browser of his own."""
        found = (kind or AtBrowser)(self, self._browser, login)
        self._people.append(found)
        found.log_in()
        found.go(path)
        return found


class AtBrowser:
    """Somebody at a browser: what is done in an officer's words."""

    def __init__(self, office: DutyOffice, browser: Browser, login: str) -> None:
        self.office, self.login = office, login
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", base_url=office.address, reduced_motion="reduce"
        )
        context.set_default_timeout(HURRY)
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.line_may_fail = False
        context.on("request", lambda request: self.requests.append(request.url))
        self.page: Page = context.new_page()
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on(
            "console", lambda said: self._heard(said.text) if said.type == "error" or "reloading because" in said.text else None
        )
        self.page.on("pageerror", lambda error: self._heard(str(error)))

    def _heard(self, said: str) -> None:
        if not REFUSALS.search(said) and not (self.line_may_fail and LINE_DOWN.search(said)):
            self.errors.append(said)

    @property
    def abroad(self) -> list[str]:
        """What was asked of any other server."""
        here = urlsplit(self.office.address).netloc
        return [one for one in self.requests if urlsplit(one).scheme not in ("data", "blob") and urlsplit(one).netloc != here]

    def log_in(self) -> None:
        answer = self.page.request.post("/api/v1/session", data={"login": self.login, "password": PASSWORD})
        assert answer.ok, answer.text()

    def go(self, path: str) -> None:
        """Another screen, ready to be used; the same one anew."""
        self.page.goto(path)
        self.ready()

    def reload(self) -> None:
        self.page.reload()
        self.ready()

    def ready(self) -> None:
        """The script runs and the line is up."""
        self.page.wait_for_selector("html[data-connected=yes]", state="attached")
        self.page.wait_for_function("() => window.did_handshake")

    def get(self, path: str, **query: Any) -> Any:
        """What the interface answers this person."""
        answer = self.page.request.get(f"/api/v1{path}", params=query)
        assert answer.ok, answer.text()
        return answer.json()

    def post(self, path: str, body: Any = None) -> APIResponse:
        """A change over the interface, as the same person."""
        csrf = self.page.request.get("/api/v1/session").json()["csrf"]
        return self.page.request.post(f"/api/v1{path}", data=body, headers={"X-CSRF-Token": csrf})

    def panel(self, label: str) -> Locator:
        """A region by its name."""
        return self.page.locator(f'section[aria-label="{label}"]')

    def sees(self, *words: str, within: str | None = None) -> None:
        """All this is to be read, in a region or anywhere on the page."""
        place = self.page.locator("#work") if within is None else self.panel(within)
        for one in words:
            expect(place).to_contain_text(one)

    def press(self, name: str | re.Pattern[str], within: str | None = None) -> None:
        place: Page | Locator = self.page if within is None else self.panel(within)
        place.get_by_role("button", name=name).first.click()

    # --- what officers do -------------------------------------------------------------------------------------------------

    def report(self, said: str, source: str, place: str = "") -> str:
        """A first report; the incident's id."""
        self.go("/new")
        self.page.get_by_label("接到了什么").fill(said)
        self.page.get_by_label("谁报的、怎么报的").fill(source)
        if place:
            self.page.get_by_label("地点").fill(place)
        self.press("记下，看哪些预案适用")
        self.page.wait_for_url("**/new/*-*")
        self.ready()
        return self.page.url.rsplit("/", 1)[1]

    def pick(self, name: str) -> Locator:
        """Pick a fact to enter by a part of its name; its control."""
        box = self.page.locator("[data-entry] [data-pick]")
        box.focus()
        box.fill(name)
        box.press("Enter")
        return self.page.locator("[data-entry] fieldset:not([hidden])")

    def enter(self, source: str, facts: dict[str, str]) -> None:
        """Facts one after another, in the line of the incident."""
        for name, value in facts.items():
            field = self.pick(name)
            control = field.locator("[data-value]").first
            if control.evaluate("one => one.type") == "radio":
                field.get_by_role("radio", name=value, exact=True).check(force=True)
            elif control.evaluate("one => one.tagName") == "SELECT":
                control.select_option(label=value)
            else:
                control.fill(value)
            self.page.locator("[data-entry] [name=source]").fill(source)
            self.page.locator("[data-entry] button[type=submit]").click()
            self.recorded()

    def recorded(self) -> None:
        """The fact in the line was taken."""
        expect(self.page.locator("[data-entry] [data-said]")).to_have_text("已记下，研判已更新")
        expect(self.page.locator("[data-entry] fieldset:not([hidden])")).to_have_count(0)

    def open_proposal(self) -> str:
        """From the incident to what waits for a signature; its name."""
        self.page.get_by_role("link", name="打开待签件").first.click()
        self.page.wait_for_url("**/sign/**")
        self.ready()
        return self.page.url.rsplit("/", 1)[1]

    def choose(self, level: str) -> None:
        """Choose what to decide: the row whose badge says so."""
        self.page.locator("form#decision label.choice").filter(has=self.page.locator(f'.badge:has-text("{level}")')).locator(
            "input"
        ).check()

    def sign(self, level: str, typed: str, reason: str = "") -> None:
        """Choose, type the level, press the button that says the effect."""
        self.choose(level)
        if reason:
            self.page.locator("form#decision [name=reason]").fill(reason)
        self.page.locator("form#decision [data-confirm]").fill(typed)
        self.page.locator("form#decision [data-effect-button]").click()

    def opened(self, plan: str, **facts: Any) -> str:
        """An incident under a plan, made over the interface; its id."""
        answer = self.post("/incidents", {"report": "接报待核。电话里说不清", "source": "群众电话", "plans": [plan]})
        assert answer.status == 201, answer.text()
        incident = str(answer.json()["incident"])
        if facts:
            self.tell(incident, **facts)
        return incident

    def tell(self, incident: str, source: str = "监测预报组", **facts: Any) -> None:
        """Facts over the interface."""
        answer = self.post(f"/incidents/{incident}/facts", {"facts": facts, "source": source})
        assert answer.ok, answer.text()

    def kinds(self, incident: str) -> list[str]:
        """The kinds of the incident's entries, in order."""
        return [one["kind"] for one in self.get(f"/incidents/{incident}/journal")["entries"]]

    def signed(self) -> None:
        """The page has become the record of what was decided."""
        expect(self.page.locator('[data-panel="ended"]')).to_contain_text("已经签过，这一页不能再签")


def points(begins: datetime, values: list[float]) -> str:
    """Hours as pasted from a spreadsheet."""
    first = begins.replace(minute=0, second=0, microsecond=0)
    return "\n".join(f"{first + timedelta(hours=n):%Y-%m-%d %H:%M}\t{value}" for n, value in enumerate(values))
