"""预案: one plan, its parts by address: thresholds, machines, duties, organization, readings, ledger, versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple
from urllib.parse import urlencode

from api.console.markup import EMPTY, Markup, join, tag
from api.console.screen import Screen, panel
from api.console.screens.plan_duties import duties_part
from api.console.screens.plan_ledger import ledger_part
from api.console.screens.plan_levels import levels_part
from api.console.screens.plan_people import people_part
from api.console.screens.plan_readings import readings_part
from api.console.screens.plan_states import states_part
from api.console.screens.plan_versions import versions_part
from api.console.screens.plans import check_state, is_own
from api.console.visit import Visit
from api.http.at_desk import AtDesk
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.plan.finding import UnknownName
from engine.plan.model import Plan

Draw = Callable[[AtDesk, Plan, dict[str, str]], Markup]


class Part(NamedTuple):
    """A tab of the screen; `lives`: it shows more than the plan's own text, and is drawn anew."""

    word: str
    draw: Draw
    lives: bool = False


PARTS: dict[str, Part] = {
    "levels": Part("分级", levels_part),
    "states": Part("状态图", states_part, lives=True),
    "duties": Part("任务矩阵", duties_part),
    "people": Part("组织", people_part),
    "readings": Part("读法", readings_part),
    "ledger": Part("条款台账", ledger_part),
    "versions": Part("版本", versions_part, lives=True),
}


class OnePlan(Screen):
    """One plan. `?part=` names the part, `?version=` a version by its digest, `?incident=` a running incident."""

    path: ClassVar[str] = "/plans/{plan_id}"
    title: ClassVar[str] = "预案"

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        part = visit.query.get("part", "")
        self.part = part if part in PARTS else "levels"
        self._kept: tuple[str, Markup] | None = None

    def name(self, at_desk: AtDesk) -> str:
        try:
            return self._plan(at_desk).title
        except UnknownName:
            return self.title

    def frame(self, at_desk: AtDesk) -> Markup:
        self._plan(at_desk)
        return tag(
            "div",
            panel("head", label="预案", classes="plan-head"),
            tag("nav", *(self._link(key, part.word) for key, part in PARTS.items()), class_="tabs", aria_label="预案的各部分"),
            tag("div", data_panel="error"),
            tag("div", data_panel="part", class_=f"part {self.part}", role="region", aria_label=PARTS[self.part].word),
            class_="stack plan",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        plan = self._plan(at_desk)
        return {"error": EMPTY, "head": self._head(at_desk, plan), "part": self._drawn(at_desk, plan)}

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return PARTS[self.part].lives

    def _plan(self, at_desk: AtDesk) -> Plan:
        """The version asked for, or that in force. Raises UnknownName."""
        plan_id = self.visit.parameters["plan_id"]
        if plan_id not in at_desk.library.current().plans:
            raise UnknownName(f"没有预案“{plan_id}”", where="plan", remedy="从“预案”一屏选")
        return at_desk.version(plan_id, self.visit.query.get("version"))

    def _drawn(self, at_desk: AtDesk, plan: Plan) -> Markup:
        """A part that shows the plan alone is drawn once a version."""
        part = PARTS[self.part]
        if part.lives:
            return part.draw(at_desk, plan, dict(self.visit.query))
        if self._kept is None or self._kept[0] != plan.digest:
            self._kept = plan.digest, part.draw(at_desk, plan, dict(self.visit.query))
        return self._kept[1]

    def _link(self, key: str, word: str) -> Markup:
        kept = {name: self.visit.query[name] for name in ("version", "incident") if name in self.visit.query}
        address = f"/plans/{self.visit.parameters['plan_id']}?{urlencode({'part': key, **kept})}"
        return tag("a", word, href=address, aria_current="page" if key == self.part else None)

    @staticmethod
    def _head(at_desk: AtDesk, plan: Plan) -> Markup:
        document = plan.document
        in_force = at_desk.plan(plan.id)
        state = (
            "在行" if plan.digest == in_force.digest else ("尚未施行" if document.in_force > at_desk.now.date() else "已被代替")
        )
        chips = (
            tag("span", state, class_="chip" if state == "在行" else "chip demo"),
            None if is_own(at_desk, plan) else tag("span", f"{plan.jurisdiction} · 仅供查看", class_="chip"),
        )
        replaced = f"代替 {'、'.join(document.supersedes)}" if document.supersedes else None
        facts = (document.number, f"{document.issued} 印发", f"{document.in_force} 起施行", replaced)
        command = plan.organization.command
        office = None if command is None else "".join((command.name, f" · 办公室 {command.office}" if command.office else ""))
        return tag(
            "div",
            tag(
                "div",
                tag("div", tag("h1", plan.title, class_="name"), *chips, class_="line"),
                tag("div", join((one for one in facts if one), " · "), class_="aside"),
                tag("div", join((one for one in (office, f"摘要 {plan.digest[:12]}") if one), " · "), class_="aside"),
            ),
            tag(
                "div",
                check_state(plan, at_desk.library.rejected),
                tag("a", "单独研判", href=f"/plans/{plan.id}/assess", class_="button"),
                tag("button", "打印", type="button", class_="button", data_print=True),
                class_="line push",
            ),
            class_="heading",
        )
