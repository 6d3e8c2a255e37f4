"""The page: one plan, its form, its assessment and its duties, as one browser tab has them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time

from nicegui import ui
from nicegui.events import GenericEventArguments

from api.console import duties, texts, verdict
from api.console.badge import level_name
from api.console.clause import PRESSED, ClauseDialog, ReadClause
from api.console.controls import Button, Control, Words, box, choice
from api.console.form import Form
from api.console.groups import main_scale
from api.console.markup import Markup
from api.console.names import scale_names
from api.console.theme import STYLE
from api.console.tree import Folds
from engine.assess import Assessment
from engine.counterfactual import questions
from engine.plan.condition import Level
from engine.plan.load import Loaded
from engine.plan.model import Plan

log = logging.getLogger(__name__)
PAUSE = 0.02
"""Seconds to wait for the next keystroke before assessing."""
MOST_WIDE = 5
"""So many scales get a row each; more stand two in a row."""
LIGHT_KEPT = "yuan-light"
"""Where the browser keeps whether the light theme is wanted."""
RECALL = f"""document.body.classList.toggle('large-type', localStorage.getItem('yuan-large') === 'on');
return localStorage.getItem('{LIGHT_KEPT}')"""
KEEP = """(event) => {
  if (event.target.closest('[data-clause]')) return;
  const summary = event.target.closest('summary');
  const key = summary?.parentElement.dataset.key;
  if (key) emit([key, !summary.parentElement.open]);
}"""
GO = """(event) => {
  const button = event.target.closest('[data-go]');
  if (!button) return;
  const row = document.querySelector(`[data-field="${CSS.escape(button.dataset.go)}"]`);
  if (!row) return;
  const place = button.dataset.area ? row.querySelector(`[data-area="${CSS.escape(button.dataset.area)}"]`) : row;
  const control = place.querySelector('.value, .cell, textarea, input:checked');
  row.closest('details')?.setAttribute('open', '');
  control.scrollIntoView({block: 'center'});
  control.focus();
}"""


class Panel:
    """A part of the page that is drawn anew when it says something else, and left alone when it does not."""

    def __init__(self, classes: str, label: str) -> None:
        self.html = ui.html("", sanitize=False).classes(classes)
        self.html.props["role"] = "region"
        self.html.props["aria-label"] = label

    def show(self, content: Markup) -> None:
        if self.html.content != content:
            self.html.set_content(content)


class Console:
    """What one tab shows. Nothing here is shared with another tab except the plans."""

    def __init__(self, loaded: Loaded, read: ReadClause, first: str | None = None, back: str | None = None) -> None:
        """first: the plan to begin with; back: the address of the screen that the visitor came from."""
        self.loaded = loaded
        self.first, self.back = first, back
        self.pending: asyncio.TimerHandle | None = None
        self.picked: str | None = None
        self.unfolded: set[str] = set()
        self.folded: set[str] = set()
        self.coming_open = False
        self.units: list[tuple[str, int]] = []
        self.levels: dict[str, Level] = {}
        self.dark = ui.dark_mode(True)
        ui.add_css(STYLE)
        Words(texts.TO_VERDICT, "skip", "a", href="#verdict")
        with box("console"):
            self._top()
            self.main = box("main", "main")
        clauses = ClauseDialog(read)
        self.main.on("click", lambda event: clauses.show(self.plan, event.args), js_handler=PRESSED)
        if loaded.plans:
            self.choose()
        ui.timer(0, self._recall_theme, once=True)

    @property
    def plan(self) -> Plan:
        return self.loaded.plans[self.plans.text]

    # --- frame -------------------------------------------------------------------------------------------------------

    def _top(self) -> None:
        with box("top", "header"):
            if self.back is not None:
                Words(texts.BACK, "button", "a", href=self.back)
            Words(texts.TITLE, "brand", "h1")
            ordered = sorted(self.loaded.plans.values(), key=lambda plan: plan.id != self.first)
            self.plans: Control = choice(self.choose, "plans", texts.PLAN, ((plan.id, plan.title) for plan in ordered))
            self.document = Words("" if self.loaded.plans else texts.NO_PLANS, "document")
            Words(texts.MOTTO, "motto")
            self.theme = Button(texts.DARK, self._switch_theme)
        self.tried = Words("", "tried", "div", aria_live="polite")
        self.banner = Words("", "banner", "div", role="alert")
        self.announce = Words("", "unseen", "div", aria_live="polite")

    def _switch_theme(self) -> None:
        self.dark.toggle()
        self.theme.text = texts.DARK if self.dark.value else texts.LIGHT
        ui.run_javascript(f"localStorage.setItem({LIGHT_KEPT!r}, {'off' if self.dark.value else 'on'!r})")

    async def _recall_theme(self) -> None:
        """As on the other screens: the theme and the size of type that this browser last had."""
        with contextlib.suppress(TimeoutError):
            if await ui.run_javascript(RECALL) == "on":
                self._switch_theme()

    def choose(self) -> None:
        """Show the plan chosen, with nothing known."""
        document = self.plan.document
        self.document.say(texts.DOCUMENT.format(number=document.number, in_force=document.in_force.isoformat()))
        self.picked, self.levels, self.units = None, {}, []
        self.unfolded, self.folded, self.coming_open = set(), set(), False
        self.chosen = duties.Filter()
        self.main.clear()
        with self.main:
            with box("form", "section", aria_label=texts.FACTS):
                self.form = Form(self.plan, self.changed)
            with box("verdict", "section", aria_label=texts.VERDICT, id="verdict", tabindex="0"):
                self._verdict()
            with box("work", "section", aria_label=texts.DUTIES):
                self._duties()
        self.refresh()

    def _verdict(self) -> None:
        with box("half"):
            self._scales()
            self.conclusion = Panel("panel conclusion", texts.VERDICT)
            self.ask = Panel("panel ask", texts.ASK)
            self.signers = Panel("panel signers", texts.SIGNERS)
        with box("half"):
            self.ways = Panel("panel ways", texts.UP)
            self.why_not = Panel("panel why", texts.WHY_NOT)
            self.readings = Panel("panel rests", texts.READINGS)
        self.ask.html.on("click", js_handler=GO)
        for panel in (self.signers, self.why_not, self.readings):
            panel.html.on("click", self._fold, js_handler=KEEP)

    def _scales(self) -> None:
        self.rows: dict[str, ui.html] = {}
        self.narrow = len(self.plan.scales) > MOST_WIDE
        self.names = scale_names(self.plan.scales.values(), shorter=self.narrow)
        with box("panel scales narrow" if self.narrow else "panel scales", role="group", aria_label=texts.SCALES):
            for scale in self.plan.scales.values():
                row = ui.html("", sanitize=False, tag="button").classes("row")
                row.props["type"] = "button"
                row.on("click", lambda _, scale=scale.id: self._pick(scale), js_handler="() => emit()")
                self.rows[scale.id] = row

    def _duties(self) -> None:
        with box("bar"):
            Words(texts.DUTIES, "title", "h2")
            self.count = Words("", "count")
            self.standing_in = Panel("standing", texts.DUTIES)
        with box("bar filter"):
            self.unit_place = box("place")
            self._unit_choice([])
            with box("check", "label"):
                tick = box(tag="input", type="checkbox")
                Words(texts.ONLY_DUE)
            tick.on(
                "change",
                lambda event: self._filter(only_due=bool(event.args)),
                js_handler="(event) => emit(event.target.checked)",
            )
        with box("list", tabindex="0", role="region", aria_label=texts.DUTIES):
            self.listing = Panel("listing", texts.DUTIES)
            self.more = Button("", self._unfold_coming, "button coming", title=texts.MAY_COME_HINT, aria_expanded="false")
            self.coming = Panel("listing", texts.MAY_COME_HINT)

    def _unit_choice(self, units: list[tuple[str, int]]) -> None:
        """The units to choose from: only drawn anew when they are others."""
        if units == self.units and self.unit_place.default_slot.children:
            return
        self.units = units
        if self.chosen.unit not in dict(units):
            self.chosen = duties.Filter(only_due=self.chosen.only_due)
        self.unit_place.clear()
        with self.unit_place:
            words = {duties.NO_UNIT: texts.UNIT_UNWRITTEN}
            options = [("", texts.EVERY_UNIT), *((unit, f"{words.get(unit, unit)} {count}") for unit, count in units)]
            if self.chosen.unit:
                options.sort(key=lambda option: option[0] != self.chosen.unit)
            self.unit = choice(lambda: self._filter(unit=self.unit.text), "value", texts.BY_UNIT, options)

    # --- what the officer does ---------------------------------------------------------------------------------------

    def changed(self) -> None:
        """A fact was typed or chosen: assess as soon as the keys rest for a moment."""
        if self.pending is not None:
            self.pending.cancel()
        self.pending = asyncio.get_running_loop().call_later(PAUSE, self.refresh)

    def _pick(self, scale: str) -> None:
        self.picked = scale
        self.refresh()

    def _fold(self, event: GenericEventArguments) -> None:
        key, unfolded = event.args
        (self.unfolded if unfolded else self.folded).add(key)
        (self.folded if unfolded else self.unfolded).discard(key)

    def _filter(self, unit: str | None = None, only_due: bool | None = None) -> None:
        self.chosen = duties.Filter(
            self.chosen.unit if unit is None else unit, self.chosen.only_due if only_due is None else only_due
        )
        self.refresh()

    def _unfold_coming(self) -> None:
        self.coming_open = not self.coming_open
        self.more.props["aria-expanded"] = str(self.coming_open).lower()
        self.refresh()

    # --- drawing -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Assess what the form holds and show it. What cannot be assessed is said at the top, never passed over."""
        if self.pending is not None:
            self.pending.cancel()
            self.pending = None
        started = time.perf_counter()
        try:
            found = self.form.assessment()
            self._show_verdict(found)
            self._show_duties(found)
        except Exception as error:
            log.exception("assessment failed")
            self.banner.say(texts.BROKEN.format(problem=f"{type(error).__name__} {error}"))
            return
        self.banner.say("")
        self.main.props["data-milliseconds"] = str(round((time.perf_counter() - started) * 1000))

    def _show_verdict(self, found: Assessment) -> None:
        scale = self.plan.scales[self.picked or main_scale(found)]
        for key, row in self.rows.items():
            content = verdict.scale_row(found, self.plan.scales[key], self.names[key], narrow=self.narrow)
            if row.content != content:
                row.set_content(content)
            pressed = str(key == scale.id).lower()
            if row.props.get("aria-pressed") != pressed:
                row.props["aria-pressed"] = pressed
        folds = Folds(frozenset(self.unfolded), frozenset(self.folded))
        self.conclusion.show(verdict.conclusion(found, scale))
        self.ask.show(verdict.ask(found, questions(found), scale.id))
        self.signers.show(verdict.signers(found, scale, folds))
        self.ways.show(verdict.ways(found, scale))
        self.why_not.show(verdict.why_not(found, scale, folds))
        self.readings.show(verdict.readings(found, scale, folds))
        tried = "、".join(f"{reading} {letter}" for reading, letter in found.choices.items())
        self.tried.say(texts.ANOTHER_READING.format(readings=tried) if tried else "")
        if dict(found.levels) != self.levels:
            self.levels = dict(found.levels)
            self.announce.say(
                "；".join(
                    texts.ANNOUNCE.format(scale=one.label, level=level_name(one, found.levels[one.id]))
                    for one in self.plan.scales.values()
                )
            )

    def _show_duties(self, found: Assessment) -> None:
        standing = duties.in_force(found)
        self._unit_choice(duties.units_of(standing))
        self.count.say(texts.DUTIES_COUNT.format(count=len(standing)))
        self.standing_in.show(duties.standing_in(found))
        self.listing.show(duties.listing(self.plan, standing, self.chosen))
        coming = duties.may_come(found)
        self.more.text = texts.MAY_COME.format(count=len(coming))
        shown = coming if self.coming_open else [one for one in coming if one.cannot_wait]
        self.coming.show(duties.coming(self.plan, shown))
