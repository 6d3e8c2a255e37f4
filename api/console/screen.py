"""What every screen is: a frame that is drawn once, and panels that are patched when they say something else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from api.console.markup import Child, Markup, tag
from api.console.visit import Visit
from api.http.at_desk import AtDesk
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.plan.finding import YuanError

EVERYONE = frozenset({"observer", "officer", "leader", "director", "admin"})
AT_WORK = frozenset({"officer", "leader"})
MOST_ASKED = 8000
"""Characters of one field that a page is asked with; what is longer arrives cut off, at this very length."""


class Screen(ABC):
    """One screen of one tab. `path` may hold parameters ({incident_id}); `rail` is its word in the rail, if it stands there."""

    path: ClassVar[str]
    title: ClassVar[str]
    rail: ClassVar[str | None] = None
    roles: ClassVar[frozenset[str]] = EVERYONE
    bare: ClassVar[bool] = False
    """Without top bar and rail: wall display, paper."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.wake: Callable[[], None] = lambda: None
        """Have the panels looked at soon: for work in another thread that shows its progress."""

    @abstractmethod
    def frame(self, at_desk: AtDesk) -> Markup:
        """The layout with its forms and, by `panel(name)`, the places of the panels. Drawn once: what is typed stays."""

    @abstractmethod
    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        """What the panels say now. Called often, in another thread: it reads, and changes nothing."""

    def hears(self, entry: Entry, incident: Incident) -> bool:
        """Whether this entry may change a panel."""
        return True

    def name(self, at_desk: AtDesk) -> str:
        """The title of this very page."""
        return self.title


def panel(name: str, *, label: str, classes: str = "", heading: str | None = None, live: bool = False) -> Markup:
    """The place of a panel: a region with a name, whose content is patched."""
    return tag(
        "section",
        None if heading is None else tag("h2", heading, class_="title"),
        tag("div", data_panel=name, class_="content", aria_live="polite" if live else None),
        class_=f"panel {classes}".strip(),
        aria_label=label,
    )


def nothing(words: str) -> Markup:
    """An empty list says what will appear there."""
    return tag("p", words, class_="nothing")


def error_words(error: YuanError) -> Markup:
    """An error in place of what could not be shown: what happened and what to do."""
    return tag("p", tag("b", error.message), " ", error.remedy, class_="said error", role="alert")


def line(*children: Child, class_: str = "line") -> Markup:
    return tag("div", *children, class_=class_)
