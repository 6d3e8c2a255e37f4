"""情景扫描: one or two indicators over their ranges, the level map with its thresholds, a second reading beside it. Records nothing."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.console.markup import EMPTY, Markup, join, tag
from api.console.screen import EVERYONE, Screen, error_words, panel
from api.console.screens.sweep_asked import Asked
from api.console.screens.sweep_form import forms
from api.console.screens.sweep_panels import comparison, counts, course, maps
from api.console.visit import Visit
from api.http.at_desk import AtDesk
from api.http.sweeps import plan_of
from api.sweeping.run import run
from engine.contract.sweep import Swept, conclude
from engine.contract.sweep_order import Order, read_sweep
from engine.drill.scenario import MARK
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.plan.finding import YuanError

MOST_CASES = 1_000_000
AT_ONCE = 100_000
"""Cases that are counted while the panels are drawn; more go to a thread of their own."""
EVERY = 0.5
"""Seconds between two looks at the progress."""


@dataclass
class Counting:
    """A sweep that is being counted, or was."""

    key: object
    total: int
    done: int = 0
    swept: Swept | None = None
    failed: YuanError | None = None


class Sweep(Screen):
    """The sweep; `?incident=` takes the facts, the readings and the current point from a running incident."""

    path, title, rail, roles = "/sweeps", "情景扫描", "扫描", EVERYONE

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._last: Counting | None = None
        self._lock = threading.Lock()

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return entry.incident == self.visit.query.get("incident")

    def frame(self, at_desk: AtDesk) -> Markup:
        asked = Asked.of(at_desk, self.visit.query)
        source = None
        if asked.incident is not None:
            source = tag("a", f"取自 {asked.incident.title} 的事实", href=f"/incidents/{asked.incident.id}", class_="button")
        return tag(
            "div",
            tag(
                "div",
                tag("b", MARK, class_="assumed"),
                tag("span", "情景扫描：一切都是假设，什么也不记录，不改动任何事件。", class_="strong"),
                source,
                tag("span", data_panel="export", class_="push"),
                class_="line",
            ),
            tag(
                "div",
                forms(asked),
                tag(
                    "div",
                    tag("section", tag("div", data_panel="problems"), tag("div", data_panel="map", class_="content"), class_="panel", aria_label="级别图"),
                    tag("div", data_panel="courses", class_="stack"),
                    class_="stack",
                ),
                tag(
                    "div",
                    panel("compare", label="两边比较", heading="两边比较"),
                    panel("counts", label="各级多少例", heading="各级多少例", live=True),
                    class_="sweep-side",
                ),
                class_="sweep-columns",
            ),
            class_="assumption sweeping",
        )  # fmt: skip

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        empty = dict.fromkeys(("problems", "map", "courses", "compare", "counts", "export"), EMPTY)
        try:
            asked = Asked.of(at_desk, self.visit.query)
            written, problems = asked.order()
            order = read_sweep(asked.plan, written, lambda name: plan_of(at_desk, name), MOST_CASES)
            said = join(tag("p", f"{one}；没有算进去", class_="said error") for one in problems)
            counting = self._counted(order, _key(asked, written))
        except YuanError as error:
            return {**empty, "problems": error_words(error)}
        if counting.failed is not None:
            return {**empty, "problems": error_words(counting.failed)}
        if counting.swept is None:
            words = f"正在数：{counting.done:,} / {counting.total:,} 例"
            return {
                **empty,
                "problems": said,
                "counts": tag("p", words, tag("progress", value=str(counting.done), max=str(counting.total))),
            }
        swept = counting.swept
        query = urlencode({name: value for name, value in self.visit.query.items() if value})
        return {
            "problems": said,
            "map": maps(swept),
            "courses": join(course(swept, one) for one in swept.courses),
            "compare": comparison(swept),
            "counts": counts(swept),
            "export": tag("a", f"导出网页（[{MARK}]）", href=f"/sweeps/page?{query}", class_="button"),
        }

    def _counted(self, order: Order, key: object) -> Counting:
        """The sweep as far as it is counted; a larger one goes on in another thread, and wakes the tab."""
        with self._lock:
            if self._last is not None and self._last.key == key:
                return self._last
            found = self._last = Counting(key, order.sweep.cases.size)
        if found.total <= AT_ONCE:
            self._count(order, found)
        else:
            threading.Thread(target=self._count, args=(order, found), name="sweep", daemon=True).start()
        return found

    def _count(self, order: Order, counting: Counting) -> None:
        told = time.monotonic()

        def progress(done: int, total: int) -> None:
            nonlocal told
            counting.done = done
            if time.monotonic() - told > EVERY:
                told = time.monotonic()
                self.wake()

        try:
            counting.swept = conclude(order, run(order.work, progress=progress))
        except YuanError as error:
            counting.failed = error
        if counting.total > AT_ONCE:
            self.wake()


def _key(asked: Asked, written: dict[str, Any]) -> object:
    """What a sweep depends on; the time of an incident's facts only by the minute."""
    at = str(written.get("at", ""))[:16]
    return asked.plan.digest, at, repr({**written, "at": None})
