"""One fact in the form: what is known of it, as `validate` takes it, and the message where it cannot be understood."""

from __future__ import annotations

from typing import Any, Protocol

from api.console import texts
from api.console.controls import Control, Heard, Toggle, Words, area, box, choice, line
from api.console.entry import BadEntry, problem_of, read_number, read_series, row_of
from api.console.names import short_label
from engine.plan.finding import FactInvalid
from engine.plan.measure import UNITS, digits
from engine.plan.model import Indicator, Plan
from engine.trigger.facts import Facts, validate


class Field(Protocol):
    """What the form asks of every field."""

    key: str

    def raw(self) -> Any:
        """The contract's value; None while unknown or wrong. Shows its own message."""

    def troubles(self) -> int:
        """How many entries are wrong and do not count."""

    def put_normal(self) -> None:
        """Fill in the ordinary value where nothing is known."""

    def clear(self) -> None:
        """Make it unknown."""

    def note(self, text: str) -> None:
        """Say what the fact was derived to be."""


def check(plan: Plan, key: str, value: Any) -> None:
    """Raise BadEntry where the core would not take this fact, whatever the other facts are."""
    try:
        validate(plan, {key: value})
    except FactInvalid as error:
        raise BadEntry(problem_of(error)) from None


class SingleField:
    """The row of one fact: name, control, and a line for a message."""

    def __init__(self, plan: Plan, key: str, indicator: Indicator) -> None:
        self.plan, self.key, self.indicator = plan, key, indicator
        self.wrong = False
        hint = texts.HINT.format(label=indicator.plain, clause=indicator.clause, hint=indicator.hint or "")
        self.row = box("fact", data_field=key, data_hint=hint)
        with self.row:
            with box("name"):
                Words(short_label(indicator.plain), "label", title=indicator.plain)
                unit = UNITS[indicator.unit][0] if indicator.unit else ""
                if unit:
                    Words(unit, "unit")
            self.controls = box("controls")
            self.message = Words("", "message", "div", aria_live="polite")

    def troubles(self) -> int:
        return int(self.wrong)

    def note(self, text: str) -> None:
        if not self.wrong:
            self.message.say(text)
            self.row.classes(add="derived") if text else self.row.classes(remove="derived")

    def _settle(self, problem: str, *controls: Control) -> None:
        self.wrong = bool(problem)
        self.message.say(problem)
        self.row.classes(add="wrong") if problem else self.row.classes(remove="wrong")
        for control in controls:
            control.complain(self.wrong, self.message)


class NumberField(SingleField):
    """A number, or what is known of it: at least, at most, between."""

    def __init__(self, plan: Plan, key: str, indicator: Indicator, heard: Heard) -> None:
        super().__init__(plan, key, indicator)
        self.heard = heard
        self.chosen = False
        with self.controls:
            self.how = choice(self._how_changed, "how", texts.HOW_OF.format(label=indicator.plain), texts.HOW.items())
            self.value = line(heard, "value", indicator.plain, texts.UNKNOWN)

    def _how_changed(self) -> None:
        """The officer said how much is known: that stays, also while the number is still to be typed."""
        self.chosen = self.how.text != ""
        if not self.chosen:
            self.value.put("")
        self.heard()

    def raw(self) -> Any:
        try:
            how, value = read_number(self.indicator, self.how.text, self.value.text)
            if value is not None:
                check(self.plan, self.key, value)
        except BadEntry as problem:
            self._settle(str(problem), self.value)
            return None
        self._settle("", self.value)
        self.how.put("" if value is None and not self.chosen else how)
        return value

    def put_normal(self) -> None:
        if not self.value.text:
            self.how.put("exactly")
            self.value.put(digits(self.indicator.normal))  # type: ignore[arg-type]

    def clear(self) -> None:
        self.chosen = False
        self.how.put("")
        self.value.put("")


class ChoiceField(SingleField):
    """Yes or no, or one of a few words; unknown is the first of them."""

    def __init__(self, plan: Plan, key: str, indicator: Indicator, heard: Heard) -> None:
        super().__init__(plan, key, indicator)
        self.control: Control
        with self.controls:
            if indicator.type == "boolean":
                options = [("", texts.UNKNOWN), ("true", texts.YES), ("false", texts.NO)]
                self.control = Toggle(heard, "", indicator.plain, options)
            else:
                self.control = choice(
                    heard,
                    "value",
                    indicator.plain,
                    [("", texts.UNKNOWN), *((one, indicator.word(one)) for one in indicator.values)],
                )

    def raw(self) -> Any:
        if self.indicator.type == "boolean":
            return {"true": True, "false": False}.get(self.control.text)
        return self.control.text or None

    def put_normal(self) -> None:
        if not self.control.text:
            self.control.put(
                str(self.indicator.normal).lower() if self.indicator.type == "boolean" else str(self.indicator.normal)
            )

    def clear(self) -> None:
        self.control.put("")


class SeriesField:
    """Hourly values, pasted as rows. What was pasted is kept as it is."""

    def __init__(self, plan: Plan, key: str, indicator: Indicator, heard: Heard) -> None:
        self.plan, self.key, self.indicator = plan, key, indicator
        self.wrong = False
        hint = texts.HINT.format(label=indicator.plain, clause=indicator.clause, hint=indicator.hint or "")
        with box("series", "details", data_field=key, data_hint=hint):
            with box(tag="summary"):
                Words(indicator.plain, "label")
                self.holder = box("state unknown", "span")
                with self.holder:
                    self.state = Words(texts.SERIES_EMPTY, "plate")
            self.text = area(heard, "paste", f"{indicator.plain}：{texts.SERIES_HINT}", texts.SERIES_EXAMPLE)
            self.message = Words("", "message", "div", aria_live="polite")

    def raw(self) -> Any:
        points: list[list[Any]] = []
        lines: list[int] = []
        problem = ""
        try:
            points, lines = read_series(self.indicator, self.text.text)
            validate(self.plan, {self.key: points})
        except BadEntry as error:
            problem = str(error)
        except FactInvalid as error:
            problem = row_of(error, lines)
        self.wrong = bool(problem)
        self.message.say(problem)
        self.text.complain(self.wrong, self.message)
        usable = bool(points) and not problem
        count = (
            texts.SERIES_COUNT.format(count=len(points), first=_short(points[0][0]), last=_short(points[-1][0]))
            if usable
            else texts.SERIES_EMPTY
        )
        self.state.say(count)
        self.holder.classes(remove="unknown") if usable else self.holder.classes(add="unknown")
        return points if usable else None

    def troubles(self) -> int:
        return int(self.wrong)

    def put_normal(self) -> None:
        """A series has no ordinary value."""

    def clear(self) -> None:
        self.text.put("")

    def note(self, text: str) -> None:
        """A series is never derived."""


def _short(time: str) -> str:
    return time[5:16].replace("T", " ")


def single_field(plan: Plan, key: str, indicator: Indicator, heard: Heard) -> Field:
    """The field for an indicator that is neither a series nor one of areas."""
    kind = ChoiceField if indicator.type in ("boolean", "enum") else NumberField
    return kind(plan, key, indicator, heard)


def derived_note(plan: Plan, key: str, facts: Facts, word: str) -> str:
    """Where a derived fact comes from, in words; nothing for one that was given."""
    derivation = plan.indicators[key].derived_from
    if key not in facts.derived or derivation is None:
        return ""
    return (texts.DERIVED_AT if "at" in derivation.spec else texts.DERIVED).format(fact=word)
