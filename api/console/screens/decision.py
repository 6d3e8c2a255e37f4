"""A decision: a proposal with its effect, reasons and form, or what became of it; and one that a person makes without a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.console.badge import badge
from api.console.markup import Markup, join, tag
from api.console.parts.words import ago, moment
from api.console.screen import AT_WORK, Screen, line, panel
from api.console.screens import decision_form as form
from api.console.screens import decision_parts as parts
from api.console.screens.sign import DRAWN_FOR, plan_of
from api.http.at_desk import AtDesk
from api.store.failure import NoIncident
from engine.contract.choice import choices_data, ending_of, leading_scales
from engine.contract.entry import Wording
from engine.contract.signing import proposal_data
from engine.incident.chain import Entry
from engine.incident.event import Proposed, from_data
from engine.incident.proposal import combined
from engine.incident.state import Incident
from engine.plan.finding import UnknownName
from engine.plan.model import Plan, Scale

FACTS = {"fact_observed", "fact_corrected", "duties_changed"}


class Deciding(Screen):
    """What both have in common: the incident, the plan and the scale of the address."""

    title = "签发"

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return incident.id == self.visit.parameters["incident_id"] and entry.kind in DRAWN_FOR | FACTS

    def incident(self, at_desk: AtDesk) -> Incident:
        return at_desk.incident(self.visit.parameters["incident_id"])

    def layout(self, incident: Incident, plan: Plan, scale: Scale, proposal: str | None, *, signs: bool) -> Markup:
        decide = (
            tag("section", form.form(incident, plan, scale, proposal), class_="panel asks", aria_label="签发")
            if signs
            else panel("cannot", label="谁可以签", heading="您不能签这一项", classes="asks")
        )
        return tag(
            "div",
            tag("div", data_panel="ended", class_="ended", role="alert"),
            panel("effect", label="效果", classes="effect-panel"),
            tag(
                "div",
                tag(
                    "div",
                    panel("why", label="为什么", heading="凭什么") if proposal else None,
                    panel("unknown", label="还不知道的", heading="还可能、还不知道的") if proposal else None,
                    panel("units", label="各单位的任务", heading="签发后各单位的任务") if proposal else None,
                    panel("readings", label="条款解释", heading="依赖的条款解释") if proposal else None,
                    None if proposal else panel("now", label="现在", heading="现在在行的级别"),
                    class_="stack",
                ),
                tag("div", decide, panel("who", label="签发人", heading="谁可以签") if signs else None, class_="stack"),
                class_="columns deciding",
            ),
            class_="decision",
        )

    def signs(self, at_desk: AtDesk, found: form.Choices) -> bool:
        """Whether this visitor can sign anything here."""
        return form.may_sign(found) and bool(at_desk.caller.actor.roles & AT_WORK)

    def form_panels(
        self, at_desk: AtDesk, incident: Incident, scale: Scale, found: form.Choices, *, proposed: bool
    ) -> dict[str, Markup]:
        """The parts of the form that follow the incident, and who can sign."""
        posts = list(dict.fromkeys(post for one in found if one["refused"] is None for post in one["signers"]))
        named = parts.who(at_desk, incident, posts)
        why = (
            "您的角色只能看"
            if not at_desk.caller.actor.roles & AT_WORK
            else f"您的职务：{'、'.join(sorted(at_desk.posts)) or '无'}"
        )
        return {
            "choices": form.choices(scale, found, proposed=proposed),
            "posts": form.posts(found, at_desk.actor.posts),
            "who": named,
            "cannot": join((tag("p", f"{why}。各项决定由谁签：", class_="aside"), form.closed(scale, found), named)),
        }


class Decision(Deciding):
    """A proposal."""

    path = "/sign/{incident_id}/{proposal_id}"

    def frame(self, at_desk: AtDesk) -> Markup:
        incident = self.incident(at_desk)
        found = incident.course_of(self.visit.parameters["proposal_id"])
        if found is None:
            return tag("div", tag("div", data_panel="ended", class_="ended"), data_still=True, class_="decision")
        course, one = found
        plan = plan_of(at_desk, incident, course.plan)
        choices = choices_data(incident, at_desk.desk.versions, plan, one.scale, at_desk.now, at_desk.posts)
        return self.layout(incident, plan, plan.scales[one.scale], one.id, signs=self.signs(at_desk, choices))

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        incident = self.incident(at_desk)
        found = incident.course_of(self.visit.parameters["proposal_id"])
        if found is None:
            return {"ended": ended(at_desk, incident, self.visit.parameters["proposal_id"])}
        course, one = found
        plan = plan_of(at_desk, incident, course.plan)
        scale = plan.scales[one.scale]
        data = proposal_data(incident, plan, one, at_desk.now, at_desk.posts)
        why = parts.reasons_of(incident, plan, one, at_desk)
        choices = choices_data(incident, at_desk.desk.versions, plan, one.scale, at_desk.now, at_desk.posts)
        return {
            "ended": Markup(""),
            "effect": self._effect(at_desk, incident, plan, one, data),
            "why": parts.why(incident, plan, one, data, why, at_desk),
            "unknown": parts.unknown(incident, plan, one, why),
            "units": parts.units(incident, plan, combined(plan, course, scale, one.own, one.imposed)),
            "readings": parts.readings(plan, scale, data, why),
            **self.form_panels(at_desk, incident, scale, choices, proposed=True),
        }

    def _effect(self, at_desk: AtDesk, incident: Incident, plan: Plan, one: Proposed, data: Mapping[str, Any]) -> Markup:
        scale = plan.scales[one.scale]
        asked = (
            tag("span", f"建议 {one.id}", class_="chip"),
            tag("span", f"{moment(data['proposed_at'], at_desk.now)} 提出"),
            ago(data["proposed_at"]),
        )
        return join(
            (
                parts.crumb(incident, plan, *asked),
                tag("h1", data["effect"]["words"], class_="effect"),
                tag("div", parts.effect(plan, scale, one.before, data["effect"]), class_="effect-rows"),
            )
        )

    def name(self, at_desk: AtDesk) -> str:
        return f"签发：{self.incident(at_desk).title}"


class OwnDecision(Deciding):
    """A decision without a proposal: raise, lower or lift by a person's word, with its reason."""

    path = "/sign/{incident_id}/{plan}/{scale}/new"

    def _found(self, at_desk: AtDesk) -> tuple[Incident, Plan, Scale]:
        incident = self.incident(at_desk)
        plan_id, scale_id = self.visit.parameters["plan"], self.visit.parameters["scale"]
        if incident.watch or plan_id not in incident.courses:
            raise NoIncident(f"事件 {incident.id} 没有启用这个预案", where="plan", remedy="从事件页进入")
        plan = plan_of(at_desk, incident, plan_id)
        scale = next((one for one in leading_scales(plan) if one.id == scale_id), None)
        if scale is None:
            raise UnknownName("这个等级体系不单独签发", where="scale", remedy="从事件页进入")
        return incident, plan, scale

    def frame(self, at_desk: AtDesk) -> Markup:
        incident, plan, scale = self._found(at_desk)
        choices = choices_data(incident, at_desk.desk.versions, plan, scale.id, at_desk.now, at_desk.posts)
        return self.layout(incident, plan, scale, None, signs=self.signs(at_desk, choices))

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        incident, plan, scale = self._found(at_desk)
        course = incident.courses[plan.id]
        pending = course.pending.get(scale.id)
        choices = choices_data(incident, at_desk.desk.versions, plan, scale.id, at_desk.now, at_desk.posts)
        closed = Markup("")
        if incident.status != "open":
            closed = _dead("事件已不在处置中", "级别不能再变动。情况又起，另登记一件并关联", incident)
        elif pending is not None:
            closed = tag(
                "p",
                "这一项正有建议待签：",
                tag("a", pending.words, href=f"/sign/{incident.id}/{pending.id}"),
                "。看过之后仍要另行决定的，在这里签，建议随之了结。",
                class_="said",
            )
        levels = [
            line(
                tag("span", one.short, class_="label"),
                badge(one, course.levels.get(key)),
                ago(_iso(course.since.get(key)), "前起"),
            )
            for key, one in plan.scales.items()
        ]
        return {
            "ended": closed,
            "effect": join(
                (
                    parts.crumb(incident, plan),
                    tag("h1", f"{scale.short}：没有建议，由人决定", class_="effect"),
                    tag("p", "选定级别后，按钮写明效果。与事实推得的级别不同的决定照样有效，理由随决定存档。", class_="aside"),
                )
            ),
            "now": join(levels),
            **self.form_panels(at_desk, incident, scale, choices, proposed=pending is not None),
        }

    def name(self, at_desk: AtDesk) -> str:
        return f"另行决定：{self.incident(at_desk).title}"


def _iso(at: Any) -> str | None:
    return None if at is None else at.isoformat()


def ended(at_desk: AtDesk, incident: Incident, proposal: str) -> Markup:
    """What became of a proposal that no longer waits: who decided what and when, or which facts overtook it."""
    made, entry, behind = ending_of(at_desk.desk.journal.read(incident.id), proposal)
    if made is None:
        return _dead(f"没有建议 {proposal}", "检查地址，或回到待签", incident)
    wording = Wording(incident, at_desk.desk.versions, at_desk.names)
    if entry is None:
        return _dead(f"“{made.words}”不再等待签发", "事件已结束或更换了预案版本", incident)
    words = wording.of(from_data(entry.kind, entry.body))
    at = moment(entry.at, at_desk.now)
    if entry.kind == "decided":
        return _dead(f"“{made.words}”已经签过，这一页不能再签", f"{at}　{words}", incident)
    facts = [
        tag(
            "li",
            f"{at_desk.names.get(one.by, one.by)} {moment(one.at, at_desk.now)} 记：",
            wording.of(from_data(one.kind, one.body)),
        )
        for one in behind
    ]
    by = str(entry.body["by"]) if entry.body.get("by") else None
    following = tag("a", f"看现在的建议 {by}", href=f"/sign/{incident.id}/{by}", class_="button primary") if by else None
    listed = tag("ul", *facts) if facts else tag("p", "没有新报的事实：时间到了，或决定、预案有变。")
    return _dead(f"“{made.words}”已被更新的事实取代，这一页不能再签", f"{at}　{words}", incident, listed, following)


def _dead(title: str, words: str, incident: Incident, *more: Markup | None) -> Markup:
    """The announcement that stops the form."""
    return tag(
        "div",
        tag("h2", title, class_="title"),
        tag("p", words),
        *more,
        line(
            tag("a", "回到待签", href="/sign", class_="button"),
            tag("a", incident.title, href=f"/incidents/{incident.id}", class_="button"),
        ),
        class_="dead",
        data_stops="decision",
    )
