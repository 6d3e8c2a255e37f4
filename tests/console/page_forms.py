"""The forms of a page as the browser's script reads them: filled in by the type of each field, and sent to the interface.

The rules of collecting (`Form.body`) are those of `collect` and `read` in console.js, `quantity` and `points` in facts.js.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

from api.console.markup import VOID
from api.console.screen import Screen
from api.console.visit import Place, Visit
from engine.trigger.facts import CHINA
from tests.http.duty_office import CITY, City, Person
from tests.people.world import SOUND

WORDS = {"login": "shitian", "present": SOUND, "new": "another sound password", "name": "试填者"}
"""What is typed where any words will not do."""
AHEAD = {"begins": 24, "ends": 32, "until": 48, "expires_at": 72}
"""Times that lie ahead, by so many hours; every other is of a while ago."""
LEFT = ("by_post",)
"""What stays empty: one of two that exclude each other."""
SKIPPED = ("button", "submit", "file", "search")


@dataclass(eq=False)
class Node:
    """An element."""

    name: str
    attributes: Mapping[str, str]
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def has(self, name: str) -> bool:
        return name in self.attributes

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def all(self, *names: str) -> Iterator[Node]:
        """Elements within, in the order of the page."""
        for child in self.children:
            if not names or child.name in names:
                yield child
            yield from child.all(*names)

    def up(self) -> Iterator[Node]:
        """The elements that it is in, the nearest first."""
        at = self.parent
        while at is not None:
            yield at
            at = at.parent

    def text(self) -> str:
        return "".join([*self.words, *(child.text() for child in self.children)]).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self._at = Node("page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self._at)
        self._at.children.append(node)
        if tag not in VOID and tag != "meta":
            self._at = node

    def handle_endtag(self, tag: str) -> None:
        assert self._at.name == tag, f"</{tag}> closes <{self._at.name}>"
        self._at = self._at.parent or self.root

    def handle_data(self, data: str) -> None:
        self._at.words.append(data)


def page_of(frame: str, panels: Mapping[str, str]) -> Node:
    """A screen with its panels in their places, also those within other panels."""
    left, found = dict(panels), True
    while found:
        found = False
        for name in list(left):
            at = frame.find(f'data-panel="{name}"')
            if at >= 0:
                close = frame.index(">", at) + 1
                frame = frame[:close] + left.pop(name) + frame[close:]
                found = True
    reader = _Reader()
    reader.feed(frame)
    return reader.root


@dataclass
class Sent:
    """A request, as the script would make it."""

    method: str
    url: str
    body: dict[str, Any] | None


@dataclass(eq=False)
class Form:
    """One form, with what a person types into it. shown: the one group of controls that is put on, of those that take turns."""

    page: Node
    node: Node
    now: datetime
    shown: Node | None = None
    submitter: Node | None = None

    @property
    def dialog(self) -> str:
        return next((one.get("id") for one in self.node.up() if one.name == "dialog"), "")

    @property
    def usable(self) -> bool:
        """Whether it can be come by: a dialog needs a button that opens it."""
        return not self.dialog or bool(self._openers())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.get("name") for one in self.fields() if not self._off(one)))

    def fields(self) -> list[Node]:
        return [
            one
            for one in _elements(self.page, self.node, "input", "select", "textarea")
            if one.get("name") and not one.get("name").startswith("_") and one.get("type") not in SKIPPED
        ]

    def _off(self, one: Node) -> bool:
        groups = [each for each in one.up() if each.name == "fieldset" and each.has("data-field")]
        if groups:
            return groups[0] is not self.shown
        return one.get("name") in LEFT or (one.has("disabled") and one.get("name") != "post")

    def body(self) -> dict[str, Any]:
        """What is sent: a name with dots is a path."""
        found: dict[str, Any] = {}
        radios: set[str] = set()
        for one in self.fields():
            name = one.get("name")
            if self._off(one):
                continue
            if one.get("type") == "radio":
                if name in radios or not one.get("value") or self._off(one):
                    continue
                radios.add(name)
            text = self.typed(one)
            if one.get("data-type") == "item":
                found.setdefault(name, []).extend([text] if text else [])
                continue
            value = _read(one, text)
            if value is None and text == "":
                if one.has("data-now"):
                    value = self.now.isoformat()
                elif one.get("data-empty") != "null":
                    continue
            _place(found, name, value)
        return found

    def typed(self, one: Node) -> str:
        """What a person would type or choose here."""
        name, kind = one.get("name").rpartition(".")[2], one.get("data-type")
        if one.name == "select":
            options = [each for each in one.all("option") if each.get("value") and not each.has("disabled")]
            chosen = [each for each in options if each.has("selected")] or options
            return chosen[0].get("value") if chosen else ""
        if one.get("type") in ("radio", "checkbox"):
            return one.get("value") or "true"
        if one.get("value") or one.get("type") == "hidden":
            return one.get("value") or self._opened_with(name)
        if kind in ("time", "moment", "today", "ahead"):
            hours = AHEAD.get(name, 0 if kind == "today" else -0.5)
            return f"{self.now.astimezone(CHINA) + timedelta(hours=hours):%Y-%m-%dT%H:%M}"
        if kind in ("quantity", "number"):
            return "12"
        if kind == "points":
            hour = self.now.astimezone(CHINA).replace(minute=0)
            return "\n".join(f"{hour - timedelta(hours=2 - n):%Y-%m-%d %H:%M}\t{180 + n}" for n in range(3))
        return WORDS.get(name, "试填")

    def _opened_with(self, name: str) -> str:
        """What the first button that opens the dialog puts in."""
        given = (one.get(f"data-set{name}") or one.get(f"data-set-{name}") for one in self._openers())
        return next((one for one in given if one), "")

    def _openers(self) -> list[Node]:
        """The buttons that open the dialog; of controls that take turns, those that put these on."""
        found = [one for one in self.page.all() if self.dialog and one.get("data-open") == self.dialog]
        if self.shown is not None and self.dialog:
            return [one for one in found if one.get("data-field-of") == self.shown.get("data-field")]
        return found

    def sent(self) -> Sent:
        body = None if self.node.has("data-bare") else self.body()
        button, url = self.submitter, self.node.get("data-url")
        if button is not None and button.get("name"):
            value = button.get("value")
            assert body is not None
            _place(body, button.get("name"), json.loads(value) if button.get("data-type") == "json" else value)
            url = button.get("data-url") or url
        for name in re.findall(r"\{(\w+)\}", url):
            assert body is not None
            url = url.replace(f"{{{name}}}", quote(str(body.pop(name, "")), safe=""))
        return Sent(self.node.get("data-method") or "POST", url, body)


def forms_of(page: Node, now: datetime) -> list[Form]:
    """Every form that is sent: once for each button that sends it, and for each group of controls that take turns in it."""
    found = []
    for node in page.all("form"):
        if not node.has("data-url"):
            continue
        groups: dict[str, Node | None] = {}
        for one in node.all("fieldset"):
            form = Form(page, node, now, one)
            if one.has("data-field") and (not form.dialog or form._openers()):
                groups.setdefault(one.get("class"), one)
        buttons = [one for one in _elements(page, node, "button") if one.get("type") == "submit" and one.get("name")]
        plain = [one for one in _elements(page, node, "button") if one.get("type") == "submit" and not one.get("name")]
        if node.has("data-entry") and not groups:
            continue  # nothing to pick from: the script says so, and sends nothing
        for shown in groups.values() or (None,):
            for button in (*plain[:1], *buttons):
                found.append(Form(page, node, now, shown, button))
    return [one for one in found if one.usable]


def _elements(page: Node, node: Node, *names: str) -> list[Node]:
    """The elements of a form: those within it, and those that name it."""
    own = node.get("id")
    return [*node.all(*names), *(one for one in page.all(*names) if own and one.get("form") == own)]


def _place(body: dict[str, Any], path: str, value: Any) -> None:
    *names, last = path.split(".")
    for name in names:
        body = body.setdefault(name, {})
    body[last] = value


def _read(one: Node, text: str) -> Any:
    if text == "":
        return None
    match one.get("data-type"):
        case "number" | "quantity":
            return float(text)
        case "boolean":
            return text == "true"
        case "json":
            return json.loads(text)
        case "level":
            return None if text == "none" else text
        case "list":
            return [part for part in re.split(r"[、,，\s]+", text) if part]
        case "time" | "moment" | "today" | "ahead":
            return f"{text}:00+08:00"
        case "points":
            rows = (line.split("\t") for line in text.splitlines())
            return [[at.replace(" ", "T"), float(value)] for at, value in rows]
        case _:
            return text


def forms(city: City, person: Person, kind: type[Screen], query: dict[str, str] | None = None, **parameters: str) -> list[Form]:
    """The forms that a screen has for a person."""
    office = city.office
    state = office.app.state
    place = Place(state.library, office.office, CITY, lambda plan, clause: {}, state.settings, drills=state.drills)
    screen = kind(Visit(place, person.headers["cookie"].partition("=")[2], parameters, query or {}))
    at_desk = screen.visit.at_desk()
    assert at_desk.caller.actor.roles & kind.roles
    return forms_of(page_of(str(screen.frame(at_desk)), screen.panels(at_desk)), office.clock())


def send(person: Person, form: Form) -> Any:
    sent = form.sent()
    return person.client.request(sent.method, sent.url, json=sent.body, headers=dict(person.headers))
