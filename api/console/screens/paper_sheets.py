"""More sheets: a unit's duty card, the deadline board, the contact sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from api.console.markup import Markup, join, tag
from api.console.screen import nothing
from api.console.screens.paper import Paper, due_words, section, table
from api.http.at_desk import AtDesk
from engine.contract.incident import duties_data
from engine.contract.work import NOBODY, by_unit
from engine.incident.state import Incident
from engine.plan.units import Unit, Units
from engine.plan.words import level_word

WRITE = tag("span", "", class_="write-here")
BOX = tag("span", "☐", class_="tick-box")
OVER = {"done": "☑", "not_applicable": "—", "impossible": "✗"}


class DutyCards(Paper):
    """What one unit, or each, must do in an incident: one after another, or with `each=page` a page a unit."""

    path, title, heading = "/print/duties/{incident_id}", "任务卡", "任务卡"

    def incidents(self, at_desk: AtDesk) -> list[Incident]:
        return [at_desk.incident(self.visit.parameters["incident_id"])]

    @property
    def _paged(self) -> bool:
        return self.visit.query.get("each") == "page"

    def choice(self) -> Markup:
        query = {"unit": self.visit.query["unit"]} if "unit" in self.visit.query else {}
        other = query if self._paged else {**query, "each": "page"}
        address = f"/print/duties/{quote(self.visit.parameters['incident_id'])}"
        words = "连着印，省纸" if self._paged else "每个单位一页"
        return tag("a", words, href=f"{address}?{urlencode(other)}" if other else address, class_="button")

    def name(self, at_desk: AtDesk) -> str:
        return f"{self.heading}：{self.incidents(at_desk)[0].title}"

    def sheet(self, at_desk: AtDesk, incidents: list[Incident]) -> Markup:
        incident = incidents[0]
        wanted = self.visit.query.get("unit")
        listed = by_unit(duties_data(incident, at_desk.desk.versions, at_desk.now, at_desk.names, ended=False))
        if wanted is not None:
            listed = [
                one for one in listed if wanted in (one["unit_id"], one["unit"]) or (wanted == "" and one["unit"] == NOBODY)
            ]
        if not listed:
            return nothing("这件事件没有这个单位的任务" if wanted else "级别生效后，各单位的任务印在这里")
        return join(self._card(at_desk, incident, one) for one in listed)

    def _card(self, at_desk: AtDesk, incident: Incident, unit: Mapping[str, Any]) -> Markup:
        duties = sorted(unit["duties"], key=lambda one: (one["deadline"]["due_at"] is None, str(one["deadline"]["due_at"])))
        rows = (
            (
                OVER.get(one["step"] or "") or BOX,
                join(
                    (
                        tag("b", one["action"]),
                        tag("span", "　立即", class_="boxed") if one["immediate"] else None,
                        tag("small", f"注：{one['note']}") if one["note"] else None,
                    )
                ),
                due_words(one, at_desk),
                join((tag("span", one["clause"], class_="short"), tag("br"), f"{one['level_name']}起")),
                tag("span", one["step_name"], class_="short"),
                WRITE,
            )
            for one in duties
        )
        contacts = self._contacts(incident, unit["unit_id"])
        return tag(
            "section",
            tag("h2", f"{unit['unit']}　{len(duties)} 项"),
            tag("p", self._levels(at_desk, incident)),
            contacts,
            table(("", "任务", "时限", "条款", "进展", "完成时间、签名"), rows, classes="card-table"),
            class_="sheet-section unit-card" + (" unit-page" if self._paged else ""),
            data_key=unit["unit_id"] or unit["unit"],
        )

    def _levels(self, at_desk: AtDesk, incident: Incident) -> str:
        words = []
        for course in incident.courses.values():
            plan = at_desk.desk.versions[course.digest]
            words += [
                f"{one.short}{level_word(one, course.levels[key])}" for key, one in plan.scales.items() if course.levels.get(key)
            ]
        return f"在行：{'、'.join(words) or '没有级别在行'}"

    def _contacts(self, incident: Incident, unit_id: str | None) -> Markup | None:
        units = self.visit.loaded().units.get(incident.jurisdiction)
        found = units.find(unit_id) if units is not None and unit_id else None
        if found is None or not found.contacts:
            return None
        return tag("p", "联系：", "；".join(f"{one.post} {one.person or ''} {one.phone}" for one in found.contacts))


class DeadlineSheet(Paper):
    """Every deadline that runs, over all incidents."""

    path, title, heading = "/print/deadlines", "时限板", "时限板"

    def incidents(self, at_desk: AtDesk) -> list[Incident]:
        return sorted((one for one in at_desk.open_incidents() if not one.watch), key=lambda one: one.id)

    def sheet(self, at_desk: AtDesk, incidents: list[Incident]) -> Markup:
        seen = {one.id: one for one in incidents}
        found = [
            one
            for incident in incidents
            for one in duties_data(incident, at_desk.desk.versions, at_desk.now, {}, ended=False)
            if one["deadline"]["state"] in ("overdue", "due_soon", "running")
        ]
        if not found:
            return nothing("没有在计时的时限")
        found.sort(key=lambda one: str(one["deadline"]["due_at"]))
        rows = (
            (
                BOX,
                due_words(one, at_desk),
                one["unit"] or NOBODY,
                one["action"],
                f"{seen[one['incident']].title}{'（演示）' if seen[one['incident']].demo else ''}",
                tag("span", one["clause"], class_="short"),
                WRITE,
            )
            for one in found
        )
        late = sum(1 for one in found if one["deadline"]["state"] == "overdue")
        return section(
            f"共 {len(found)} 项，已逾期 {late} 项",
            table(("", "时限", "单位", "任务", "事件", "条款", "完成时间"), rows, classes="card-table"),
        )


class ContactSheet(Paper):
    """Whom to reach: by unit and post, with the age of the last verification. What is not filled in is left to write."""

    path, title, heading = "/print/contacts", "单位通讯录", "单位通讯录"
    roles = frozenset({"officer", "leader", "director", "admin"})

    def incidents(self, at_desk: AtDesk) -> list[Incident]:
        return []

    def sheet(self, at_desk: AtDesk, incidents: list[Incident]) -> Markup:
        found = [units for place, units in self.visit.loaded().units.items() if at_desk.sees(place)]
        if not found:
            return nothing("没有登记单位。单位写在 units 文件里")
        return join(self._place(at_desk, units) for units in found)

    def _place(self, at_desk: AtDesk, units: Units) -> Markup:
        listed = {one.name: one for one in units.by_name.values()}
        missing = sum(1 for one in listed.values() if not one.contacts)
        words = f"{len(listed)} 个单位，其中 {missing} 个还没有登记电话，留空手写。" if missing else f"{len(listed)} 个单位。"
        head = tag("tr", *(tag("th", one, scope="col") for one in ("单位", "岗位", "姓名", "电话", "核实日期")))
        bodies = (tag("tbody", *self._rows(at_desk, unit)) for unit in listed.values())
        return section(
            units.jurisdiction, tag("p", words), tag("table", tag("thead", head), *bodies, class_="ruled contacts-table")
        )

    def _rows(self, at_desk: AtDesk, unit: Unit) -> list[Markup]:
        known = {one.post: one for one in unit.contacts}
        posts = list(dict.fromkeys((*unit.posts, *known))) or ["值班电话"]
        rows = []
        for number, post in enumerate(posts):
            one = known.get(post)
            name = tag("td", unit.name, rowspan=str(len(posts))) if number == 0 else None
            if one is None:
                cells: tuple[str | Markup, ...] = (WRITE, WRITE, WRITE)
            else:
                days = (at_desk.now.date() - one.verified_at).days
                cells = (one.person or WRITE, one.phone, f"{one.verified_at:%Y-%m-%d}（{days} 天前）")
            rows.append(tag("tr", name, tag("td", post), *(tag("td", cell) for cell in cells)))
        return rows
