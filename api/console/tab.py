"""A browser tab: draws a screen once, then patches the panels that say something else, as entries come and as time passes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import Sequence
from dataclasses import replace

from nicegui import Client, background_tasks, ui
from nicegui.events import GenericEventArguments

from api.console import drill_frame, frame
from api.console.common import common_panels
from api.console.drill_frame import MARK, drill_panels
from api.console.drill_style import DRILL_STYLE
from api.console.hub import Hub
from api.console.markup import EMPTY, Markup, at_base
from api.console.office_style import OFFICE_STYLE
from api.console.screen import MOST_ASKED, Screen, error_words
from api.console.visit import WingGone
from api.http.at_desk import AtDesk
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.plan.finding import YuanError

log = logging.getLogger("yuan")
PAUSE = 0.03
"""Seconds to wait for further entries before drawing."""
EVERY = 10.0
"""Seconds after which the panels are looked at, whatever happened: limits pass by time alone."""
LOGIN = """fetch('/api/v1/session').then((answer) => {
  if (answer.ok) location.reload();
  else location.href = '/login?next=' + encodeURIComponent(location.pathname + location.search);
})"""
"""Once a session has ended: on with the one that another tab began, or to the login."""


class Tab:
    """One tab with one screen."""

    def __init__(self, screen: Screen, rail: Sequence[type[Screen]], hub: Hub, client: Client) -> None:
        self.screen = screen
        self.hub = hub
        self.client = client
        self.loop = asyncio.get_running_loop()
        self._rail = rail
        self._shown: dict[str, Markup] = {}
        self._wanted = asyncio.Event()
        self._urgent = False
        """Somebody waits at this very tab."""
        self._closed = False
        screen.wake = self._wake

    def draw(self) -> None:
        """The page as it is first sent: whole, so that nothing is missing while scripts load."""
        at_desk = self.screen.visit.at_desk()
        self._shown = self._panels(at_desk)
        own_landmarks(self.client)
        ui.add_head_html(frame.head(self.screen, at_desk))
        ui.add_css(OFFICE_STYLE if at_desk.wing is None else OFFICE_STYLE + DRILL_STYLE)
        if at_desk.wing is not None:
            ui.page_title(f"{MARK} {drill_frame.name(self.screen, at_desk)} · {at_desk.wing.title}")
        ui.add_head_html('<script src="/console.js" defer></script>')
        page = at_base(frame.around(self.screen, self._rail, at_desk, self.screen.frame(at_desk)), self.screen.visit.base)
        ui.html(_filled(page, self._shown), sanitize=False).classes("whole")
        ui.on("yuan-sync", self._sync)
        ui.on("yuan-ask", self._asked)
        self.client.on_connect(self._joined)
        self.client.on_delete(self._left)

    def hear(self, entry: Entry, incident: Incident) -> None:
        """A new entry."""
        if self.screen.hears(entry, incident):
            self._wanted.set()

    def look(self) -> None:
        """Something changed that no entry tells of."""
        self._wanted.set()

    def _wake(self) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._wanted.set)

    def _joined(self) -> None:
        self.hub.join(self)
        if not self._closed and not getattr(self, "_running", False):
            self._running = True
            background_tasks.create(self._run(), name="console tab")

    def _left(self) -> None:
        self._closed = True
        self._wanted.set()
        self.hub.leave(self)

    def _sync(self, event: GenericEventArguments) -> None:
        """The line is up: for the first time (False), and the page is as it was sent; or again, and something may be missing."""
        if event.args is not False:
            self._shown = {}
        self._urgent = True
        self._wanted.set()

    def _asked(self, event: GenericEventArguments) -> None:
        """A form that only asks holds something else now; or, without anything, something was just sent: look again."""
        if isinstance(event.args, dict):
            query = {str(name)[:100]: str(value)[:MOST_ASKED] for name, value in list(event.args.items())[:200]}
            self.screen.visit = replace(self.screen.visit, query=query)
        self._urgent = True
        self._wanted.set()

    async def _run(self) -> None:
        while not self._closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), EVERY * random.uniform(0.8, 1.2))  # noqa: S311 -- not all at once
            if self._closed:
                return
            await asyncio.sleep(PAUSE)
            self._wanted.clear()
            urgent, self._urgent = self._urgent, False
            try:
                panels = await self.hub.turns.take(self._look, urgent=urgent)
            except WingGone:
                self.client.run_javascript("location.href = '/'")
                return
            except LookupError:
                self.client.run_javascript(LOGIN)
                return
            except Exception:
                log.exception("a screen could not be drawn: %s", self.screen.path)
                continue
            changed = {name: content for name, content in panels.items() if self._shown.get(name) != content}
            if changed and not self._closed:
                self._shown = panels
                self.client.run_javascript(f"window.yuan?.patch({json.dumps(changed, ensure_ascii=False)})")

    def _look(self) -> dict[str, Markup]:
        return self._panels(self.screen.visit.at_desk())

    def _panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        try:
            own = self.screen.panels(at_desk)
        except YuanError as error:
            own = {"error": error_words(error)}
        place, base = self.screen.visit.place, self.screen.visit.base
        drill = {} if at_desk.wing is None else drill_panels(at_desk, place, at_desk.wing)
        panels = {"error": EMPTY, **common_panels(at_desk), **drill, **own}
        return {name: at_base(content, base) for name, content in panels.items()}


def _filled(page: Markup, panels: dict[str, Markup]) -> str:
    """The page with what its panels say."""
    text = str(page)
    for name, content in panels.items():
        mark = f'data-panel="{name}"'
        at = text.find(mark)
        if at >= 0:
            close = text.index(">", at) + 1
            text = text[:close] + content + text[close:]
    return text


def own_landmarks(client: Client) -> None:
    """NiceGUI lays every page into a `main` of Quasar's; ours have one of their own, beside header, rail and foot."""
    slot = client.content.parent_slot
    assert slot is not None
    slot.parent.tag = "div"
