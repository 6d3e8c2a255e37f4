"""What the sweep screen is asked, read off its address: plan, indicators and ranges, fixed facts, an incident's facts, another reading, plan or version beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.console.entry import BadEntry, half_width, problem_of, read_number
from api.http.at_desk import AtDesk
from engine.contract.moment import stamp
from engine.drill.sweeps.axis import EVERY
from engine.drill.sweeps.usual import is_asked, usual_axis
from engine.drill.sweeps.variable import Variable, variables_of
from engine.incident.fact import facts_now
from engine.incident.state import Course, Incident
from engine.plan.condition import Scalar
from engine.plan.finding import FactInvalid, UnknownName
from engine.plan.model import Indicator, Plan
from engine.trigger.derive import prepare
from engine.trigger.facts import Facts, Partial, validate

Json = dict[str, Any]
UNKNOWN = "unknown"
WORDS = {"true": True, "false": False}
OTHER = "plan"
"""Instead of a reading: another plan, or another version by its digest."""


@dataclass(frozen=True)
class Asked:
    """One look at the address. incident, course: where the facts are taken from a running incident."""

    at_desk: AtDesk
    query: Mapping[str, str]
    plan: Plan
    incident: Incident | None = None
    course: Course | None = None

    @classmethod
    def of(cls, at_desk: AtDesk, query: Mapping[str, str]) -> Asked:
        """Raises UnknownName for a plan, NoIncident for an incident that is not there."""
        plan_id, incident_id = query.get("plan") or None, query.get("incident")
        if incident_id:
            incident = at_desk.incident(incident_id)
            course = next((one for one in incident.courses.values() if plan_id in (None, one.plan)), None)
            if course is not None:
                return cls(at_desk, query, at_desk.desk.versions[course.digest], incident, course)
        return cls(at_desk, query, at_desk.plan(plan_id or _first(at_desk)))

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """What can be varied: first what some level depends on."""
        return tuple(sorted(variables_of(self.plan), key=lambda one: not is_asked(self.plan, one, self.choices)))

    @property
    def choices(self) -> Mapping[str, str]:
        return {} if self.course is None else self.course.readings

    @cached_property
    def axes(self) -> tuple[Variable, ...]:
        """The one or two indicators; those that were not chosen: numbers before words."""
        known = {one.name: one for one in self.variables}
        listed = [known[name] for name in (self.query.get("x"), self.query.get("y")) if name in known]
        if not self.query.get("x"):
            numbers = sorted(self.variables, key=lambda one: bool(one.choices))
            listed = numbers[:2]
        return tuple(dict.fromkeys(listed))[:2]

    @cached_property
    def known(self) -> tuple[Json, Facts]:
        """The incident's facts as it has them, as they were given and as they count; nothing without one."""
        if self.incident is None:
            return {}, Facts()
        found = facts_now(self.incident, self.plan)
        in_force = {} if self.course is None else self.course.own
        return dict(found.raw), prepare(self.plan, found.facts, self.at_desk.now, in_force, choices=self.choices)

    def range_of(self, place: int) -> str:
        """The range of an indicator: as written, or the usual one."""
        text = half_width(self.query.get("xy"[place] + "r", ""))
        return text or usual_axis(self.plan, self.axes[place], self.choices)

    def point_of(self, place: int) -> Scalar | None:
        """Where the current point is on an axis: as written, else as the incident has it. Raises FactInvalid."""
        variable = self.axes[place]
        text = half_width(self.query.get("xy"[place] + "p", ""))
        if text:
            return variable.read(WORDS.get(text, text), f"{variable.label}现在")
        found = variable.of(self.known[1])
        return None if isinstance(found, Partial) else found

    def order(self) -> tuple[Json, list[str]]:
        """The order, and what in the form cannot be understood."""
        problems: list[str] = []
        fixed = {**self.known[0], **self._typed(problems)}
        for one in self.axes:
            fixed.pop(one.name, None)
        point = {}
        for place, one in enumerate(self.axes):
            try:
                value = self.point_of(place)
            except FactInvalid as error:
                problems.append(f"{one.label}：{problem_of(error)}")
                continue
            if value is not None:
                point[one.name] = value
        order: Json = {
            "vary": {one.name: self.range_of(place) for place, one in enumerate(self.axes)},
            "fix": {key: value for key, value in fixed.items() if value is not None},
            "rest": "normal" if self.query.get("rest") == "normal" else "unknown",
            "point": point if len(point) == len(self.axes) else {},
            "readings": dict(self.choices),
        }
        if self.query.get("scale") in self.plan.scales:
            order["scales"] = [self.query["scale"]]
        if self.course is not None:
            order |= {"at": stamp(self.at_desk.now), "in_force": dict(self.course.own)}
        name, _, letter = self.query.get("reading", "").partition("=")
        if name == OTHER and letter:
            order["against"] = {"plan": letter}
        elif letter:
            order["against"] = {"readings": {name: letter}}
        return order, problems

    def _typed(self, problems: list[str]) -> Json:
        """The fixed facts of the form; None where one is to be unknown, whatever the incident says."""
        found: Json = {}
        for key, indicator in self.plan.indicators.items():
            text = half_width(self.query.get(f"f.{key}", ""))
            if not text or indicator.type in ("series", "areas"):
                continue
            try:
                found[key] = None if text == UNKNOWN else _read(indicator, text)
                if found[key] is not None:
                    validate(self.plan, {key: found[key]})
            except (BadEntry, FactInvalid) as error:
                found.pop(key, None)
                problems.append(f"{indicator.short}：{problem_of(error) if isinstance(error, FactInvalid) else error}")
        return found


def _read(indicator: Indicator, text: str) -> Any:
    if indicator.type == "boolean":
        return WORDS.get(text, text)
    return text if indicator.type == "enum" else read_number(indicator, "", text)[1]


def _first(at_desk: AtDesk) -> str:
    """The plan to begin with: one of the own place where there is one."""
    plans = list(at_desk.library.current().plans.values())
    if not plans:
        raise UnknownName("还没有预案", where="plan", remedy="把预案文件放进预案文件夹")
    return next((one.id for one in plans if one.jurisdiction == at_desk.own_place), plans[0].id)


def placeholder(plan: Plan, variable: Variable, choices: Mapping[str, str]) -> str:
    """What a range is where nothing is written."""
    found = usual_axis(plan, variable, choices)
    return "全部取值" if found == EVERY else found
