"""The form of a plan: its facts, the time of assessment and the readings tried, gathered into what `assess` takes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nicegui.events import GenericEventArguments

from api.console import texts
from api.console.badge import level_name
from api.console.controls import Button, Control, Heard, Words, box, choice, line
from api.console.entry import BadEntry, read_time
from api.console.fields import Field, SeriesField, derived_note, single_field
from api.console.grid import AreasField
from api.console.groups import fact_groups, scales_in_force
from api.console.names import short_label
from engine.assess import Assessment, assess
from engine.plan.condition import Level
from engine.plan.model import Plan
from engine.trigger.facts import CHINA, validate
from engine.trigger.reason import fact_word

FOCUS_HINT = "(event) => { const at = event.target.closest('[data-hint]'); if (at) emit(at.dataset.hint); }"
AS_PRINTED = "chosen"
NOT_SAID = "?"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the form holds: facts as the contract has them, without those that are wrong."""

    facts: Mapping[str, Any]
    at: datetime.datetime | None
    readings: Mapping[str, str]
    in_force: Mapping[str, Level]


class Form:
    """Everything that the officer fills in for one plan."""

    def __init__(self, plan: Plan, heard: Heard) -> None:
        self.plan = plan
        self.heard = heard
        self.fields: list[Field] = []
        self.readings: dict[str, Control] = {}
        self.in_force: dict[str, Control] = {}
        self._bar()
        with box("facts", role="region", aria_label=texts.FACTS, tabindex="0").on("focusin", self._hint, js_handler=FOCUS_HINT):
            self._facts()
            self._levels_in_force()
            self._readings()
        self.hint = Words(texts.FIRST_HINT, "hint", "p", aria_live="off")

    def _bar(self) -> None:
        with box("bar"):
            Words(texts.FACTS, "title", "h2")
            self.count = Words("", "count")
            self.trouble = Words("", "trouble", aria_live="polite", title=texts.TROUBLED_HINT)
            Button(texts.ALL_NORMAL, self.put_normal, "button push", title=texts.ALL_NORMAL_HINT)
            Button(texts.CLEAR, self.clear, title=texts.CLEAR_HINT)
        with box("time", data_field="at"):
            Words(texts.AT, "label")
            self.time = line(self.heard, "value", f"{texts.AT}（{texts.AT_FORM}）", texts.UNKNOWN)
            Button(texts.NOW, self.put_now)
            Button(texts.NO_TIME, lambda: self._put_time(""))
            self.time_message = Words("", "message", "div", aria_live="polite")

    def _facts(self) -> None:
        """Areas first, since they are what such a plan is about; single facts by scale; series, which are rarely at hand, last."""
        indicators = self.plan.indicators.items()
        self.fields.extend(AreasField(self.plan, key, one, self.heard) for key, one in indicators if one.type == "areas")
        for group in fact_groups(self.plan):
            with box("heading", "h3"):
                Words(short_label(group.heading), title=group.heading)
                Words(group.clause, "clause")
            self.fields.extend(single_field(self.plan, key, indicator, self.heard) for key, indicator in group.facts)
        series = [(key, indicator) for key, indicator in indicators if indicator.type == "series"]
        if series:
            Words(texts.SERIES_GROUP, "heading", "h3")
            self.fields.extend(SeriesField(self.plan, key, indicator, self.heard) for key, indicator in series)

    def _levels_in_force(self) -> None:
        scales = scales_in_force(self.plan)
        if not scales:
            return
        Words(texts.IN_FORCE_GROUP, "heading", "h3")
        for scale in scales:
            with box("fact"):
                Words(scale.label, "label name")
                options = [
                    (NOT_SAID, texts.UNKNOWN),
                    ("", texts.IN_FORCE_NONE),
                    *((level, level_name(scale, level)) for level in scale.levels),
                ]
                with box("controls"):
                    self.in_force[scale.id] = choice(self.heard, "value", f"{texts.IN_FORCE_GROUP}：{scale.label}", options)

    def _readings(self) -> None:
        switches = self.plan.switches()
        if not switches:
            return
        with box("readings", "details"):
            Words(texts.READINGS_GROUP, "label", "summary")
            Words(texts.READINGS_HINT, "aside", "p")
            for reading in self.plan.readings.values():
                letters = switches.get(reading.id, ())
                if not letters:
                    continue
                with box("reading"):
                    Words(f"{reading.id}〔{reading.clause}〕{reading.question}", "label")
                    options = [(AS_PRINTED, f"{texts.READING_CHOSEN}：{reading.chosen}")]
                    options += [
                        (letter, f"{texts.READING_OTHER} {letter}：{reading.alternatives[ord(letter) - ord('a')]}")
                        for letter in letters
                    ]
                    self.readings[reading.id] = choice(self.heard, "value", f"{reading.id} {reading.question}", options)

    def _hint(self, event: GenericEventArguments) -> None:
        self.hint.say(str(event.args))

    # --- buttons -----------------------------------------------------------------------------------------------------

    def put_normal(self) -> None:
        """Fill in the ordinary value of every fact that is still unknown."""
        found = self.assessment()
        for field in self.fields:
            if field.key not in found.facts.derived:
                field.put_normal()
        self.heard()

    def clear(self) -> None:
        """Make every fact unknown again; time and readings stay."""
        for field in self.fields:
            field.clear()
        self.heard()

    def put_now(self) -> None:
        """Assess as of this minute."""
        self._put_time(datetime.datetime.now(CHINA).strftime("%Y-%m-%d %H:%M"))

    def _put_time(self, text: str) -> None:
        self.time.put(text)
        self.heard()

    # --- gathering ---------------------------------------------------------------------------------------------------

    def gather(self) -> Gathered:
        """What holds now; each field shows its own message if it is wrong."""
        facts = {field.key: value for field in self.fields if (value := field.raw()) is not None}
        readings = {reading: control.text for reading, control in self.readings.items() if control.text != AS_PRINTED}
        in_force = {scale: control.text or None for scale, control in self.in_force.items() if control.text != NOT_SAID}
        return Gathered(facts, self._at(), readings, in_force)

    def _at(self) -> datetime.datetime | None:
        found, problem = None, ""
        try:
            found = read_time(self.time.text)
        except BadEntry as error:
            problem = str(error)
        self.time_message.say(problem)
        self.time.complain(bool(problem), self.time_message)
        return found

    def assessment(self) -> Assessment:
        """Assess what the form holds, and note in the form what followed from it."""
        given = self.gather()
        found = assess(self.plan, validate(self.plan, given.facts), given.at, readings=given.readings, in_force=given.in_force)
        self._report(found)
        return found

    def _report(self, found: Assessment) -> None:
        known = unknown = 0
        for field in self.fields:
            if isinstance(field, AreasField):
                known += field.known() - field.troubles()
                unknown += len(field.cells) - field.known() + field.troubles()
            elif not isinstance(field, SeriesField):
                field.note(derived_note(self.plan, field.key, found.facts, fact_word(self.plan, field.key, found.facts)))
                counts = found.facts.of(field.key) is not None
                known, unknown = known + counts, unknown + (not counts)
        self.count.say(texts.COUNTED.format(known=known, unknown=unknown))
        troubles = sum(field.troubles() for field in self.fields)
        self.trouble.say(texts.TROUBLED.format(count=troubles) if troubles else "")
