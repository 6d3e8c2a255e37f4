"""A clause's original text, one click away from every line that cites it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from api.console import texts
from api.console.controls import Button, Words, box
from engine.plan.ledger import ENCODED
from engine.plan.model import Plan

ReadClause = Callable[[Plan, str], dict[str, Any]]
"""A clause's state, text (or null), source and note."""
PRESSED = """(event) => {
  const button = event.target.closest('[data-clause]');
  if (button) emit(button.dataset.clause);
}"""


class ClauseDialog:
    """Shows one clause as printed, or says why there is no text."""

    def __init__(self, read: ReadClause) -> None:
        self.read = read
        with ui.dialog() as self.dialog, box("original", "div", role="document", aria_label=texts.CLAUSE):
            self.title = Words("", "name", "h2")
            self.note = Words("", "note", "p")
            self.text = Words("", "printed", "p")
            self.source = Words("", "source", "p")
            Button(texts.CLOSE, self._close)

    def show(self, plan: Plan, clause: str) -> None:
        """Open with this clause of this plan."""
        found = self.read(plan, clause)
        state = found["state"]
        self.title.say(texts.CLAUSE_OF.format(title=plan.title, clause=clause))
        self.note.say(" ".join(part for part in (None if state == ENCODED else state, found["note"]) if part))
        self.text.say(found["text"] or "")
        source = found["source"]
        self.source.say(texts.CLAUSE_SOURCE.format(file=source["file"], number=source["number"] or "") if source else "")
        self.dialog.open()

    def _close(self) -> None:
        self.dialog.close()
