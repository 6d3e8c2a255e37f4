"""事件: one incident, whole: what is in force, facts, proposal with its reasons, duties, journal; as it is, or as it was."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from urllib.parse import quote

from api.console.entry import BadEntry, read_past
from api.console.markup import Markup, join, tag
from api.console.parts.facts import FactsOf, fact_list, series_list
from api.console.parts.facts_entry import correction_dialog, entry_form, form_panels
from api.console.parts.facts_fields import Field, fields_of, options
from api.console.parts.words import moment
from api.console.screen import Screen, panel
from api.console.screens import incident_actions as actions
from api.console.screens import incident_assessment as assessment
from api.console.screens import incident_duties as duties
from api.console.screens import incident_journal as journal
from api.console.screens.incident_head import head
from api.console.screens.incident_view import View, writes
from api.console.tree import unknown_plate
from api.console.visit import Visit
from api.http.at_desk import AtDesk
from api.http.incident_duties import Engagements
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.plan.finding import FactInvalid, YuanError
from engine.plan.words import UNKNOWN

MOST_SOURCES = 30
ELSEWHERE = frozenset({"duties_changed", "level_set", "ended", "merged"})
"""What may happen to another incident that engages or frees a unit of this one."""


class IncidentScreen(Screen):
    """One incident."""

    path, title = "/incidents/{incident_id}", "事件"

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._engagements = Engagements()

    @property
    def incident_id(self) -> str:
        return self.visit.parameters["incident_id"]

    @cached_property
    def past(self) -> datetime | None:
        """The moment that is looked at; None for now."""
        text = self.visit.query.get("at")
        try:
            return read_past(text, self.visit.now()) if text else None
        except BadEntry as error:
            message, _, remedy = str(error).partition("。")
            raise FactInvalid(message, where="at", remedy=remedy) from None

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return self.past is None and (entry.incident == self.incident_id or entry.kind in ELSEWHERE)

    def name(self, at_desk: AtDesk) -> str:
        try:
            return at_desk.incident(self.incident_id).title
        except YuanError:
            return self.title

    def frame(self, at_desk: AtDesk) -> Markup:
        try:
            view = View.of(at_desk, self.incident_id, self.past)
        except YuanError as error:
            return tag(
                "div",
                tag("h1", error.message, class_="title"),
                tag("p", error.remedy),
                tag("a", "回值班台", href="/"),
                class_="panel",
            )
        enters = view.acts
        columns = tag(
            "div",
            panel("facts", label="事实", heading="事实", classes="facts-panel"),
            tag(
                "div",
                panel("proposals", label="建议", classes="asks proposals", live=True),
                panel("assessment", label="研判", heading="研判：为什么，还差多少，先问什么"),
                panel("series", label="小时序列", heading="小时序列与阈值"),
                tag(
                    "section", tag("div", tag("h2", "值班日志", class_="title"), tag("span", "只增不改", class_="aside"), journal.filters(),
                        class_="line"), tag("div", data_panel="journal", class_="content"), class_="panel journal", aria_label="值班日志",
                ),
                class_="stack",
            ),
            tag(
                "section", tag("div", tag("h2", "任务", class_="title"), tag("span", "按单位", class_="aside"), duties.filters(), class_="line"),
                duties.step_forms(quote(self.incident_id)) if enters else None, tag("div", data_panel="duty-counts"), tag("div", data_panel="duties", class_="content"),
                class_="panel duties-panel", aria_label="任务",
            ),
            class_="incident-columns",
        )  # fmt: skip
        return tag(
            "div",
            _then(view) if view.past else None,
            tag("div", tag("div", data_panel="error"), tag("div", data_panel="head"), tag("div", data_panel="actions", class_="line actions"),
                class_="panel incident-head"),
            entry_form(quote(self.incident_id)) if enters else None,
            columns,
            join((correction_dialog(quote(self.incident_id)), actions.dialogs(view))) if view.corrects else None,
            actions.past_dialog(view),
            class_="incident of-incident" + (" is-past" if view.past else ""),
        )  # fmt: skip

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        view = View.of(at_desk, self.incident_id, self.past)
        shared = duties.elsewhere(view, self._engagements)
        return {
            "error": Markup(""),
            "head": view.kept("head", lambda: head(view), view.past, view.acts),
            "actions": actions.buttons(view),
            "facts": view.kept("facts", lambda: _facts(view), view.corrects),
            "proposals": view.kept("proposals", lambda: assessment.proposals(view), at_desk.posts, view.past, writes(at_desk)),
            "assessment": view.kept("assessment", lambda: assessment.assessments(view)),
            "series": view.kept("series", lambda: series_list([(one.plan, one.assessment) for one in view.under], view.at)),
            "journal": view.kept("journal", lambda: journal.journal(view), at_desk.caller.actor.jurisdiction),
            "units": view.kept("units", lambda: duties.units(view)),
            **view.kept("duties", lambda: duties.panels(view, shared), view.acts, tuple(shared.items())),
            **(_entry_panels(view) if view.corrects else {}),
            **(actions.panels(view) if view.corrects else {}),
        }


def _then(view: View) -> Markup:
    """Past moments cannot be taken for now."""
    return tag(
        "div",
        tag("b", f"您在看 {moment(view.at, view.at_desk.now)} 的情形，不是现在"),
        tag("span", "那时以后的事实、决定和任务都不在内；这里不能记任何内容。"),
        tag("a", "回到现在", href=f"/incidents/{quote(view.incident.id)}", class_="button push"),
        class_="then line",
        role="status",
    )


def _facts(view: View) -> Markup:
    found = [
        FactsOf(
            one.plan,
            one.assessment,
            one.facts(view.at_desk.names),
            frozenset(asked.indicator.partition(".")[0] for asked in one.questions),
            journal.originals(view),
        )
        for one in view.under
    ]
    return fact_list(found, view.at, corrects=view.corrects)


def _entry_panels(view: View) -> dict[str, Markup]:
    """What the forms of facts are made of."""
    fields = fields_of(view.plans)
    sources = dict.fromkeys(one.source for listed in view.incident.facts.values() for one in reversed(listed))
    return {
        "options": view.kept("options", lambda: _options(view, fields)),
        **form_panels(fields, list(sources)[:MOST_SOURCES]),
    }


def _options(view: View, fields: list[Field]) -> Markup:
    """The facts to pick, each with what is known of it now."""
    now: dict[str, Markup | str | None] = {}
    first: list[str] = []
    for one in view.under:
        first += [asked.indicator.partition(".")[0] for asked in one.questions]
        for row in one.facts({}):
            words = (
                unknown_plate(UNKNOWN[row["mark"]])
                if row["mark"]
                else None
                if row["type"] in ("series", "areas")
                else row["words"]
            )
            now.setdefault(row["indicator"], words)
            now[f"{row['indicator']}@{one.plan.id}"] = words
    return options(fields, now, dict.fromkeys(first))
