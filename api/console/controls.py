"""Native form controls. The browser alone owns what is typed: the server listens, and writes only when a button was pressed.

They carry no value property, so no update of the page can reset half-typed input or move the focus.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

Heard = Callable[[], None]
MOST_LINE = "40"
MOST_TEXT = "400000"
"""Characters; a year of hours is about 200,000, and a message to the server at most 1,000,000."""
EMIT = "(event) => emit(event.target.value)"


def box(classes: str = "", tag: str = "div", **properties: str) -> ui.element:
    """An element with attributes given as they are (`aria_label` for aria-label)."""
    found = ui.element(tag).classes(classes)
    for name, value in properties.items():
        found.props[name.rstrip("_").replace("_", "-")] = value
    return found


class Words(TextElement):
    """Plain text in any element."""

    def __init__(self, text: str, classes: str = "", tag: str = "span", **properties: str) -> None:
        super().__init__(tag=tag, text=text)
        self.classes(classes)
        for name, value in properties.items():
            self.props[name.rstrip("_").replace("_", "-")] = value

    def say(self, text: str) -> None:
        """Change the text; nothing is sent if it is the same."""
        if self.text != text:
            self.text = text


class Button(TextElement):
    """A button with a word."""

    def __init__(self, text: str, pressed: Heard, classes: str = "button", **properties: str) -> None:
        super().__init__(tag="button", text=text)
        self.classes(classes)
        self.props["type"] = "button"
        for name, value in properties.items():
            self.props[name.rstrip("_").replace("_", "-")] = value
        self.on("click", lambda _: pressed(), js_handler="() => emit()")


class Control:
    """A form element whose text is mirrored here as it changes."""

    def __init__(self, element: ui.element, heard: Heard, event: str = "input", text: str = "") -> None:
        self.element = element
        self.text = text
        self.heard = heard
        element.on(event, self._changed, js_handler=EMIT)

    def _changed(self, event: GenericEventArguments) -> None:
        value = event.args if isinstance(event.args, str) else ""
        if value != self.text:
            self.text = value
            self.heard()

    def put(self, text: str) -> None:
        """Write a text into the control: for buttons, never as an answer to typing."""
        if text != self.text:
            self.text = text
            self._write(f"element.value = {json.dumps(text)}")

    def _write(self, statement: str) -> None:
        self.element.client.run_javascript(f"{{ const element = getHtmlElement({self.element.id}); if (element) {statement}; }}")

    def complain(self, wrong: bool, message: ui.element) -> None:
        """Mark the control as wrongly filled, for the reason in the message, or no longer."""
        if wrong != ("aria-invalid" in self.element.props):
            if wrong:
                self.element.props["aria-invalid"] = "true"
                self.element.props["aria-describedby"] = message.html_id
            else:
                del self.element.props["aria-invalid"], self.element.props["aria-describedby"]


def line(heard: Heard, classes: str, label: str, placeholder: str) -> Control:
    """One line of text; `placeholder` is what shows while it is empty."""
    element = box(
        classes,
        "input",
        type="text",
        aria_label=label,
        placeholder=placeholder,
        autocomplete="off",
        spellcheck="false",
        maxlength=MOST_LINE,
    )
    return Control(element, heard)


def area(heard: Heard, classes: str, label: str, placeholder: str) -> Control:
    """Several lines of text."""
    return Control(
        box(classes, "textarea", aria_label=label, placeholder=placeholder, rows="4", spellcheck="false", maxlength=MOST_TEXT),
        heard,
    )


def choice(heard: Heard, classes: str, label: str, options: Iterable[tuple[str, str]]) -> Control:
    """One of several; the first option stands to begin with."""
    element = box(classes, "select", aria_label=label)
    first = None
    with element:
        for value, word in options:
            Words(word, tag="option", value=value)
            first = value if first is None else first
    return Control(element, heard, "change", first or "")


class Toggle(Control):
    """Radio buttons side by side; the first option stands to begin with."""

    def __init__(self, heard: Heard, classes: str, label: str, options: Iterable[tuple[str, str]]) -> None:
        group = box(f"toggle {classes}", role="radiogroup", aria_label=label)
        super().__init__(group, heard, "change")
        self.radios: dict[str, ui.element] = {}
        with group:
            for n, (value, word) in enumerate(options):
                with box(tag="label"):
                    radio = box(tag="input", type="radio", name=f"radio-{group.id}", value=value)
                    Words(word)
                if n == 0:
                    radio.props["checked"] = True
                self.radios[value] = radio

    def put(self, text: str) -> None:
        if text != self.text:
            self.text = text
            radio = self.radios[text]
            radio.client.run_javascript(f"{{ const radio = getHtmlElement({radio.id}); if (radio) radio.checked = true; }}")
