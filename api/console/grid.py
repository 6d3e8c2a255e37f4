"""The facts of areas: a grid of facts by areas, each cell unknown until something stands in it."""

from __future__ import annotations

from typing import Any

from api.console import texts
from api.console.controls import Control, Heard, Words, box, choice, line
from api.console.entry import BadEntry, read_number
from api.console.fields import check
from api.console.groups import area_groups
from api.console.names import short_label
from engine.plan.measure import UNITS, digits
from engine.plan.model import Indicator, Plan


class AreasField:
    """One areas indicator. A cell that is wrong does not count and is named below its row; the others do."""

    def __init__(self, plan: Plan, key: str, indicator: Indicator, heard: Heard) -> None:
        self.plan, self.key, self.indicator = plan, key, indicator
        self.cells: dict[tuple[str, str], Control] = {}
        self.messages: dict[str, Words] = {}
        self.wrong = 0
        with box("grid", data_field=key):
            Words(indicator.plain, "heading", "h3")
            Words(texts.CELL_HINT, "aside", "p")
            with box(tag="table"):
                self._head()
                with box(tag="tbody"):
                    for group in area_groups(plan, key):
                        with box("group", "tr"):
                            Words(
                                f"{short_label(group.heading)} {group.clause}",
                                tag="th",
                                colspan=str(len(indicator.areas) + 1),
                                scope="colgroup",
                            )
                        for name, part in group.facts:
                            self._row(name, part, heard)

    def _head(self) -> None:
        with box(tag="thead"), box(tag="tr"):
            box(tag="td")
            for area in self.indicator.areas:
                Words(area, tag="th", scope="col")

    def _row(self, name: str, part: Indicator, heard: Heard) -> None:
        hint = texts.HINT.format(label=part.plain, clause=self.indicator.clause, hint=part.hint or self.indicator.hint or "")
        with box("", "tr", data_field=f"{self.key}.{name}", data_hint=hint):
            with box("name", "th", scope="row", title=part.plain):
                Words(short_label(part.plain))
                Words(UNITS[part.unit][0] if part.unit else "", "unit")
            for area in self.indicator.areas:
                with box(tag="td", data_area=area):
                    label = f"{area} {part.plain}"
                    if part.type in ("boolean", "enum"):
                        self.cells[area, name] = choice(heard, "cell", label, _options(part))
                    else:
                        self.cells[area, name] = line(heard, "cell", label, texts.UNKNOWN)
        with box("problem", "tr"), box(tag="td", colspan=str(len(self.indicator.areas) + 1)):
            self.messages[name] = Words("", "message", "div", aria_live="polite")

    def raw(self) -> Any:
        rows: dict[str, dict[str, Any]] = {}
        problems: dict[str, list[str]] = {name: [] for name in self.messages}
        for (area, name), cell in self.cells.items():
            value, problem = None, False
            try:
                value = self._value(area, name, self.indicator.parts[name], cell.text)
            except BadEntry as error:
                problem = True
                problems[name].append(texts.CELL_PROBLEM.format(area=area, problem=error))
            cell.complain(problem, self.messages[name])
            if value is not None:
                rows.setdefault(area, {})[name] = value
        for name, message in self.messages.items():
            message.say("\n".join(problems[name]))
        self.wrong = sum(map(len, problems.values()))
        return rows or None

    def _value(self, area: str, name: str, part: Indicator, text: str) -> Any:
        if not text:
            return None
        if part.type == "boolean":
            return text == "true"
        if part.type == "enum":
            return text
        _, value = read_number(part, "", text)
        check(self.plan, self.key, {area: {name: value}})
        return value

    def troubles(self) -> int:
        return self.wrong

    def known(self) -> int:
        """How many cells have something in them."""
        return sum(1 for cell in self.cells.values() if cell.text)

    def put_normal(self) -> None:
        for (_, name), cell in self.cells.items():
            normal = self.indicator.parts[name].normal
            if not cell.text:
                cell.put(
                    str(normal).lower() if isinstance(normal, bool) else normal if isinstance(normal, str) else digits(normal)
                )

    def clear(self) -> None:
        for cell in self.cells.values():
            cell.put("")

    def note(self, text: str) -> None:
        """Facts of areas are never derived."""


def _options(part: Indicator) -> list[tuple[str, str]]:
    unknown = ("", texts.UNKNOWN)
    if part.type == "boolean":
        return [unknown, ("true", texts.YES), ("false", texts.NO)]
    return [unknown, *((value, part.word(value)) for value in part.values)]
