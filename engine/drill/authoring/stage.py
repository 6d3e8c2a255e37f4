"""The stage of a drill, as its file sets it: when it begins, which versions of which plans are played, under which readings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from engine.drill.authoring.named import Named
from engine.drill.authoring.scenario_schema import ScenarioForm
from engine.plan.finding import FactInvalid
from engine.plan.model import Plan
from engine.plan.source import Source
from engine.trigger.facts import parse_time


class Stage:
    """Read from a file; what is wrong goes to the source's findings. versions: plan id -> digest, where the file names one."""

    def __init__(self, source: Source, form: ScenarioForm, versions: Mapping[str, tuple[Plan, ...]]) -> None:
        self.source = source
        self.form = form
        self._named = Named(source, ())
        self.begins = self._time()
        self.versions: dict[str, str] = {}
        self.plans = tuple(self._plans(versions))

    def _time(self) -> datetime:
        try:
            return parse_time(self.form.begins.strip(), "begins")
        except FactInvalid as error:
            self.source.report(("begins",), "bad-time", error.message, "如 2026-10-22T09:00", "写演练开始的日期和钟点")
            return parse_time("2000-01-01", "begins")

    def _plans(self, versions: Mapping[str, tuple[Plan, ...]]) -> list[Plan]:
        """The versions to play: those named by digest or by day, else those in force when the drill begins."""
        named = Named(self.source, ())
        found = []
        for n, plan_id in enumerate(self.form.plans):
            if not named.known(("plans", n), "unknown-plan", "预案", plan_id, versions):
                continue
            if plan_id in self.form.plans[:n]:
                self.source.report(("plans", n), "duplicate-id", f"预案“{plan_id}”写了两次", "每份一次", "删去一处")
                continue
            wanted = self.form.versions.get(plan_id)
            if wanted is None:
                begun = [plan for plan in versions[plan_id] if plan.document.in_force <= self.begins.date()]
                found.append(begun[-1] if begun else versions[plan_id][0])
            else:
                found.append(self._version(plan_id, wanted, versions[plan_id]))
        for plan_id in self.form.versions:
            named.known(("versions", plan_id), "unknown-plan", "预案", plan_id, self.form.plans)
        return found

    def _version(self, plan_id: str, wanted: str, listed: tuple[Plan, ...]) -> Plan:
        day = _day(wanted)
        fitting = [plan for plan in listed if plan.digest.startswith(wanted) or plan.document.in_force == day]
        if len(fitting) != 1:
            words = "、".join(f"{plan.document.in_force}（{plan.digest[:12]}）" for plan in listed)
            self.source.report(("versions", plan_id), "unknown-version", f"版本“{wanted}”", words, "写施行日期，或摘要的开头几位")
            return listed[-1]
        self.versions[plan_id] = fitting[0].digest if day is not None else wanted
        return fitting[0]

    def readings(self) -> dict[str, dict[str, str]]:
        by_id = {plan.id: plan for plan in self.plans}
        for plan_id, chosen in self.form.readings.items():
            path = ("readings", plan_id)
            if not self._named.known(path, "unknown-plan", "预案", plan_id, self.form.plans) or plan_id not in by_id:
                continue
            switches = by_id[plan_id].switches()
            for reading, letter in chosen.items():
                if self._named.known((*path, reading), "unknown-reading", "可切换的读法", reading, switches):
                    choices = ("chosen", *switches[reading])
                    self._named.known((*path, reading), "unknown-reading", f"读法“{reading}”的取法", letter, choices)
        return {
            plan: {one: letter for one, letter in chosen.items() if letter != "chosen"}
            for plan, chosen in self.form.readings.items()
        }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
