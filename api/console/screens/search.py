"""查找: one line over plans, clauses, units, incidents, indicators and the journal; in groups, with links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlencode

from api.console.markup import EMPTY, Markup, join, tag
from api.console.parts.words import clause, moment
from api.console.screen import Screen, nothing
from api.http.at_desk import AtDesk
from engine.contract.entry import KIND_WORDS, Wording
from engine.contract.incident import STATUS_WORDS
from engine.incident import event as ev
from engine.plan.ledger import ENCODED, ledger
from engine.plan.model import Plan
from engine.plan.words import condition_word

MOST, LATEST = 12, 3000
"""Rows of a group; how many of the latest entries of the journal are looked through."""
CITED = "已编入预案的规则"


class Search(Screen):
    """Finding anything."""

    path, title = "/search", "查找"

    def frame(self, at_desk: AtDesk) -> Markup:
        form = tag(
            "form",
            tag(
                "label", "查找预案、条款、单位、事件、指标、日志（几个词之间空一格）",
                tag("input", type="search", name="q", value=self.visit.query.get("q"), autocomplete="off", data_autofocus=True, data_shortcut="/"),
                class_="wide",
            ),
            data_ask=True, class_="asking",
        )  # fmt: skip
        return tag(
            "div",
            tag("section", form, class_="panel", aria_label="查找"),
            tag("div", data_panel="results", aria_live="polite"),
            class_="stack",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        words = self.visit.query.get("q", "").split()
        if not words:
            return {"results": nothing("输入词语就找：文号、条款号、单位的简称、事件的标题、日志里的话")}
        find = Finding(at_desk, words)
        groups = (
            ("预案", find.plans()), ("事件", find.incidents()), ("条款", find.clauses()),
            ("单位", find.units()), ("指标", find.indicators()), ("日志", find.entries()),
        )  # fmt: skip
        shown = [_group(name, list(islice(rows, MOST + 1))) for name, rows in groups]
        if not any(shown):
            return {"results": nothing(f"没有找到“{' '.join(words)}”。换一个词，或少写几个字")}
        return {"results": tag("div", *shown, class_="results")}


def _group(name: str, rows: list[Markup]) -> Markup:
    if not rows:
        return EMPTY
    count = f"{MOST} 条以上，写得再具体些" if len(rows) > MOST else f"{len(rows)} 条"
    head = tag("h2", f"{name} ", tag("small", count), class_="title")
    return tag("section", head, tag("ul", *rows[:MOST]), class_="panel", aria_label=name, data_key=name)


class Finding:
    """What is found by some words, all of which must occur; only what the visitor may see."""

    def __init__(self, at_desk: AtDesk, words: list[str]) -> None:
        self.at_desk = at_desk
        self.words = words

    def _fits(self, *texts: str) -> bool:
        text = " ".join(texts).casefold()
        return all(word.casefold() in text for word in self.words)

    def _marked(self, text: str) -> Markup:
        """The text with the words marked."""
        pattern = "|".join(re.escape(word) for word in sorted(self.words, key=len, reverse=True))
        parts = re.split(f"({pattern})", text, flags=re.IGNORECASE)
        return join(tag("mark", part) if n % 2 else part for n, part in enumerate(parts))

    def _plans(self) -> list[Plan]:
        return list(self.at_desk.library.current().plans.values())

    def plans(self) -> Iterator[Markup]:
        """By title, number and place."""
        for plan in self._plans():
            if self._fits(plan.title, plan.document.number, plan.jurisdiction, plan.id):
                link = tag("a", self._marked(plan.title), href=f"/plans/{plan.id}")
                yield tag("li", link, tag("div", self._marked(f"{plan.document.number}　{plan.jurisdiction}"), class_="aside"))

    def clauses(self) -> Iterator[Markup]:
        """By number, by what the ledger says, and by the duties and conditions that cite them."""
        for plan in self._plans():
            says: dict[str, list[str]] = {}
            for duty in plan.duties:
                says.setdefault(duty.clause, []).append(f"{duty.unit}：{duty.action}" if duty.unit else duty.action)
            for scale in plan.scales.values():
                for triggers in scale.triggers.values():
                    for one in triggers:
                        says.setdefault(one.clause, []).append(condition_word(plan, one.condition))
            for name, state in ledger(plan).items():
                said = says.get(name, [])
                if self._fits(name, state if state != ENCODED else "", plan.title) or any(self._fits(name, one) for one in said):
                    telling = next((one for one in said if self._fits(name, one)), next(iter(said), None))
                    words = telling or (CITED if state == ENCODED else state)
                    yield tag(
                        "li", clause(plan.id, name), " ", tag("a", plan.title, href=f"/plans/{plan.id}"),
                        tag("div", self._marked(words), class_="aside"),
                    )  # fmt: skip

    def units(self) -> Iterator[Markup]:
        """By every name that they go by."""
        for place, units in self.at_desk.library.current().units.items():
            for unit in dict.fromkeys(units.by_name.values()):
                if self._fits(unit.name, *unit.aliases):
                    link = tag("a", self._marked(unit.name), href=f"/contacts?{urlencode({'q': unit.name})}")
                    also = f"又称：{'、'.join(unit.aliases)}" if unit.aliases else ""
                    yield tag(
                        "li", link, tag("span", f"　{place}", class_="aside"), tag("div", self._marked(also), class_="aside")
                    )

    def incidents(self) -> Iterator[Markup]:
        """By title, number, place and first report; the newest first."""
        for listed in self.at_desk.desk.states.listed():
            if not self.at_desk.sees(listed.jurisdiction):
                continue
            one = self.at_desk.desk.incident(listed.id)
            if self._fits(one.title, one.id, one.place or "", one.report, one.source):
                status = "常态监测" if one.watch else STATUS_WORDS[one.status]
                when = moment(one.reported_at, self.at_desk.now)
                yield tag(
                    "li", tag("a", self._marked(one.title), href=f"/{'watches' if one.watch else 'incidents'}/{one.id}"), " ",
                    tag("span", status, class_="chip"),
                    tag("div", self._marked(f"{one.id}　{one.place or ''}　{when} {one.source}：{one.report}"), class_="aside"),
                )  # fmt: skip

    def indicators(self) -> Iterator[Markup]:
        """By label and hint."""
        for plan in self._plans():
            every = [*plan.indicators.values(), *(part for one in plan.indicators.values() for part in one.parts.values())]
            for one in every:
                if self._fits(one.label, one.hint or "", one.id):
                    yield tag(
                        "li", tag("b", self._marked(one.short)), " ", clause(plan.id, one.clause),
                        tag("div", tag("a", plan.title, href=f"/plans/{plan.id}"), f"　{one.hint or ''}", class_="aside"),
                    )  # fmt: skip

    def entries(self) -> Iterator[Markup]:
        """Of the latest entries those that say it, the newest first."""
        desk = self.at_desk.desk
        places = {one.id: one.jurisdiction for one in desk.states.listed()}
        for placed in reversed(desk.journal.after(max(0, desk.journal.position() - LATEST), LATEST)):
            entry = placed.entry
            if not self.at_desk.sees(places.get(entry.incident, "")):
                continue
            incident = desk.incident(entry.incident)
            words = Wording(incident, desk.versions, self.at_desk.names).of(ev.from_data(entry.kind, entry.body))
            if self._fits(words):
                yield tag(
                    "li", tag("a", f"{moment(entry.at, self.at_desk.now)} 第 {entry.seq} 条", href=f"/journal?incident={incident.id}&at={entry.seq}"),
                    " ", tag("span", KIND_WORDS.get(entry.kind, entry.kind), class_="chip"), tag("span", f" {incident.title}", class_="aside"),
                    tag("div", self._marked(words)),
                )  # fmt: skip
