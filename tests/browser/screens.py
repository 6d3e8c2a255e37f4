"""Every screen of the duty officers' console by its address, in the demonstration's evening; and who may not see it."""

from __future__ import annotations

import contextlib
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.machine import ROOT, free_port

PASSWORD = "yuan-yanshi"  # noqa: S105 -- printed on the login page
ROLES = {"observer": "guancha", "officer": "zhiban1", "leader": "daiban1", "director": "daotiao", "admin": "admin"}
"""A login of the demonstration for each role."""
SIGNERS = ("shizhang", "fushizhang", "xianzhiban1")
EVERYTHING = "quanquan"
"""Somebody who has every role, made for these tests: sees all there is."""
PARTS = ("levels", "states", "duties", "people", "readings", "ledger", "versions")
PLAN = "shuozhou-heavy-pollution"
WORK = frozenset({"officer", "leader"})
STAFF = frozenset({"officer", "leader", "director", "admin"})
EVERYONE = STAFF | {"observer"}


@dataclass(frozen=True)
class Shown:
    """One screen: its name in file names, its address, and who may see it."""

    name: str
    path: str
    roles: frozenset[str] = EVERYONE
    paper: bool = False


class Refused(RuntimeError):
    """The interface said no."""


@dataclass
class Visitor:
    """Somebody logged in, over plain HTTP."""

    address: str
    cookie: str
    csrf: str
    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(urllib.request.ProxyHandler({}))
    )

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """An answer of the interface. Raises Refused."""
        status, text = self.get(f"/api/v1{path}", body, method)
        if status >= 400:
            raise Refused(f"{status} {path} {text}")
        return json.loads(text)

    def inside(self, address: str, path: str, body: Any = None) -> Any:
        """An answer of the interface in a drill. Raises Refused."""
        status, text = self.get(f"{address.rstrip('/')}/api/v1{path}", body)
        if status >= 400:
            raise Refused(f"{status} {path} {text}")
        return json.loads(text)

    def page(self, path: str) -> tuple[int, str]:
        """Status of a screen, and its HTML as it is first sent: NiceGUI sends it in the script that begins the page."""
        status, text = self.get(path)
        return status, html.unescape(re.sub(r'\\{1,2}"', '"', text)).replace("\\n", "\n")

    def get(self, path: str, body: Any = None, method: str | None = None) -> tuple[int, str]:
        """Status and text of any address, redirections followed."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Cookie": self.cookie, "X-CSRF-Token": self.csrf, "Content-Type": "application/json"}
        address = f"{self.address}{quote(path, safe='/?=&%')}"
        request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310 -- loopback
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@dataclass
class Evening:
    """The demonstration as it is served."""

    address: str
    process: subprocess.Popen[bytes]
    visitors: dict[str, Visitor] = field(default_factory=dict)
    drilled: str | None = None

    def login(self, login: str) -> Visitor:
        """Somebody's session, kept."""
        if login not in self.visitors:
            request = urllib.request.Request(  # noqa: S310 -- loopback
                f"{self.address}/api/v1/session",
                json.dumps({"login": login, "password": PASSWORD}).encode(),
                {"Content-Type": "application/json"},
            )
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
                cookie = str(answer.headers["Set-Cookie"]).split(";")[0]
                self.visitors[login] = Visitor(self.address, cookie, json.load(answer)["csrf"])
        return self.visitors[login]

    def everything(self) -> Visitor:
        """The session of one who has every role."""
        if EVERYTHING not in self.visitors:
            with contextlib.suppress(urllib.error.HTTPError):
                return self.login(EVERYTHING)
            admin = self.login("admin")
            made = admin.ask("/people", {
                "login": EVERYTHING, "name": "样样都能看", "jurisdiction": "*", "roles": sorted(STAFF), "posts": ["值班员"],
            })  # fmt: skip
            self._change_password(EVERYTHING, made["one_time_password"])
        return self.login(EVERYTHING)

    def _change_password(self, login: str, once: str) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        headers = {"Content-Type": "application/json"}
        first = urllib.request.Request(  # noqa: S310 -- loopback
            f"{self.address}/api/v1/session", json.dumps({"login": login, "password": once}).encode(), headers
        )
        with opener.open(first, timeout=30) as answer:
            headers |= {"Cookie": str(answer.headers["Set-Cookie"]).split(";")[0], "X-CSRF-Token": json.load(answer)["csrf"]}
        body = json.dumps({"present": once, "new": PASSWORD}).encode()
        second = urllib.request.Request(f"{self.address}/api/v1/session/password", body, headers)  # noqa: S310 -- loopback
        opener.open(second, timeout=30).close()

    def context(
        self, browser: Browser, login: str, *, light: bool = False, large: bool = False, **options: Any
    ) -> BrowserContext:
        """A browser's context in which somebody is logged in, in a theme."""
        visitor = self.everything() if login == EVERYTHING else self.login(login)
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", "reduced_motion": "reduce", **options}
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        name, value = visitor.cookie.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": self.address}])
        wanted = {"yuan-light": light, "yuan-large": large}
        chosen = "".join(f"localStorage.setItem('{key}', '{'on' if on else 'off'}');" for key, on in wanted.items())
        context.add_init_script(f"try {{ {chosen} }} catch {{}}")
        return context

    def screens(self) -> tuple[Shown, ...]:
        """Every screen, with addresses that hold something this evening."""
        all_see = self.everything()
        incidents = {one["title"]: one["id"] for one in all_see.ask("/incidents")["incidents"]}
        haze, fire = incidents["市区重污染天气过程"], incidents["某村后山林地起火"]
        watches = all_see.ask("/watches")
        watch = (watches["watches"] if isinstance(watches, dict) else watches)[0]["id"]
        proposal, other = self._waiting(all_see)
        handover = self._handover(all_see)
        person = all_see.ask("/people")
        person = next(one for one in (person["people"] if isinstance(person, dict) else person) if one["login"] == "zhiban1")
        plan_parts = tuple(Shown(f"plan-{part}", f"/plans/{PLAN}?part={part}") for part in PARTS)
        return (
            Shown("overview", "/"),
            Shown("report", "/new", WORK),
            Shown("concerns", f"/new/{haze}", WORK),
            Shown("incidents", "/incidents"),
            Shown("incident-pollution", f"/incidents/{haze}"),
            Shown("incident-fire", f"/incidents/{fire}"),
            Shown("what-if", f"/incidents/{haze}/what-if"),
            Shown("sign", "/sign"),
            *((Shown("decision", proposal),) if proposal else ()),
            *((Shown("own-decision", other),) if other else ()),
            Shown("duties", "/duties"),
            Shown("duties-by-deadline", "/duties?view=deadline"),
            Shown("journal", "/journal"),
            Shown("handover", "/handover?place=朔州市"),
            *((Shown("earlier-handover", handover),) if handover else ()),
            Shown("plans", "/plans"),
            *plan_parts,
            Shown("plan-fire", "/plans/wutai-forest-grassland-fire?part=states"),
            Shown("assess", f"/plans/{PLAN}/assess"),
            Shown("drills", "/drills"),
            Shown("drill-stage", self.drill()),
            Shown("drill-review", f"{self.drill()}review"),
            Shown("contacts", "/contacts"),
            Shown("people", "/people", STAFF),
            Shown("person", f"/people/{person['id']}"),
            Shown("status", "/status"),
            Shown("watches", "/watches"),
            Shown("watch", f"/watches/{watch}"),
            Shown("search", "/search?q=初报"),
            Shown("sweeps", f"/sweeps?incident={haze}&reading=HP-10%3Da"),
            Shown("wall", "/wall"),
            Shown("print-incident", f"/print/incident/{haze}", paper=True),
            Shown("print-duties", f"/print/duties/{haze}", paper=True),
            Shown("print-deadlines", "/print/deadlines", paper=True),
            Shown("print-contacts", "/print/contacts", STAFF, paper=True),
        )

    def drill(self) -> str:
        """The address of a branch of a drill, in which something happened; begun once, directed by the one who sees everything."""
        if self.drilled is None:
            director = self.everything()
            begun = director.ask("/drills", {"scenario": "shuozhou-special-equipment-boiler"})
            at = director.inside(begun["address"], "/drill")["pulse"]["began"]
            hour = at[:11] + f"{int(at[11:13]) + 2:02d}" + at[13:]
            director.inside(begun["address"], "/drill/clock", {"do": "to", "to": hour})
            branch = director.inside(begun["address"], "/drill/branches", {"moment": at, "changes": "从头再来"})
            self.drilled = str(branch["address"])
        return self.drilled

    def _waiting(self, visitor: Visitor) -> tuple[str | None, str | None]:
        """The address of a proposal that waits, and of a decision of one's own accord, as 待签 and the incident link to them."""
        page = visitor.page("/sign")[1]
        proposal = re.search(r'href="(/sign/[^"/]+/[^"/]+)"', page)
        other = re.search(r'href="(/sign/[^"/]+/[^"/]+/[^"/]+/new)"', page)
        return proposal and proposal[1], other and other[1]

    def _handover(self, visitor: Visitor) -> str | None:
        found = re.search(r'href="(/handover/[^"/?]+)"', visitor.page("/handover?place=朔州市")[1])
        return found and found[1]


@contextlib.contextmanager
def evening(folder: Path | None = None) -> Iterator[Evening]:
    """`yuan serve --demo` in a folder of its own."""
    with contextlib.ExitStack() as stack:
        folder = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = free_port()
        kept = {key: value for key, value in os.environ.items() if not key.startswith("YUAN_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", "--demo", "--port", str(port)],
            cwd=ROOT,
            env={**kept, "YUAN_DATA_DIR": str(folder / "yuan")},
            stdout=subprocess.DEVNULL,
        )
        try:
            found = Evening(f"http://127.0.0.1:{port}", process)
            _until_up(found)
            yield found
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _until_up(found: Evening) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if found.process.poll() is not None:
            raise RuntimeError(f"the server ended with {found.process.returncode} before it answered")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{found.address}/login", timeout=5):  # noqa: S310 -- loopback
            return
        time.sleep(0.2)
    raise RuntimeError("the server did not answer")


def settled(page: Page, path: str) -> None:
    """Go to a screen and wait until its script runs and its line is up."""
    page.goto(path, wait_until="load")
    page.wait_for_function(
        """() => !document.querySelector('[data-path]') ? document.querySelector('.console, .login, .refused')
        : document.documentElement.dataset.connected === 'yes' && (document.querySelector('[data-clock]')?.textContent.trim() ?? 'none')"""
    )
    page.evaluate("() => document.fonts.ready")


class Watched:
    """A page of a context; on leaving, nothing may have left the machine and the browser's log may hold no error."""

    def __init__(self, context: BrowserContext, allowed: str = r"$^") -> None:
        self.context = context
        self.allowed = re.compile(allowed)
        self.log: list[str] = []

    def __enter__(self) -> Page:
        self.context.on("request", self._request)
        page = self.context.new_page()
        page.on("console", lambda message: self._said(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self._said(str(error)))
        page.on("response", lambda answer: self._said(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
        return page

    def __exit__(self, kind: object, *_: object) -> None:
        self.context.close()
        if kind is None:
            assert self.log == []

    def _request(self, request: Any) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            self._said(f"left the machine: {request.url}")

    def _said(self, words: str) -> None:
        if not self.allowed.search(words):
            self.log.append(words)
