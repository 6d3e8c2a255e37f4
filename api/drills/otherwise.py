"""What is otherwise in a branch: facts, times, delays from a moment on; readings and plan versions from the beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from api.people.refusal import Invalid
from engine.contract.drill import fact_word
from engine.drill.authoring.amounts import BadAmount, clock_words, duration_words, read_clock, read_duration
from engine.drill.draw import fixed
from engine.drill.exchange.from_incident import scenario_from_incident
from engine.drill.run import Run
from engine.drill.scenario import Scenario
from engine.drill.variant import Change, DelayChange, Dropped, FactChange, ReadingChange, TimeChange, VersionChange, variant
from engine.plan.model import Plan

Versions = Mapping[str, tuple[Plan, ...]]
Readings = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is otherwise in a branch: by inject `at`, `facts`, `drop`; by person `decides`; readings and versions by plan."""

    injects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    people: Mapping[str, Any] = field(default_factory=dict)
    readings: Readings = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def anew(self) -> bool:
        """Whether it can only be played from the beginning."""
        return bool(self.readings or self.versions)

    def changes(self) -> list[Change]:
        """Raises Invalid for an amount that is none."""
        found: list[Change] = []
        for name, one in self.injects.items():
            if one.get("drop"):
                found.append(Dropped(name))
                continue
            if one.get("at") is not None:
                found.append(TimeChange(name, fixed(_seconds(one["at"], read_clock, f"injects.{name}.at"))))
            found += [FactChange(name, key, value) for key, value in (one.get("facts") or {}).items()]
        found += [
            DelayChange(name, fixed(_seconds(value, read_duration, f"people.{name}"))) for name, value in self.people.items()
        ]
        found += [ReadingChange(plan, one, letter) for plan, chosen in self.readings.items() for one, letter in chosen.items()]
        found += [VersionChange(plan, version) for plan, version in self.versions.items()]
        return found

    def words(self, scenario: Scenario, plans: Iterable[Plan]) -> str:
        """“注入 2：死亡人数3人；副市长 40分钟后决定”."""
        known = list(plans)
        names = {one.id: one.name for one in scenario.people}
        told = []
        for change in self.changes():
            match change:
                case FactChange(inject, key, value):
                    told.append(f"注入 {inject}：{fact_word(known, key, value)}")
                case TimeChange(inject, at):
                    told.append(f"注入 {inject} 改到 T+{clock_words(at.values[0])}")
                case Dropped(inject):
                    told.append(f"不给注入 {inject}")
                case DelayChange(person, decides):
                    told.append(f"{names.get(person, person)} {duration_words(decides.values[0])}后决定")
                case ReadingChange(_, reading, letter):
                    told.append(f"读法 {reading} 取{'预案的取法' if letter == 'chosen' else f'（{letter}）'}")
                case VersionChange(plan, version):
                    told.append(f"{plan} 用版本 {version[:12]}")
        return "；".join(told)


def _seconds(value: Any, read: Callable[[Any], Any], where: str) -> float:
    """Seconds, given as a number or in words."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    try:
        return float(read(value))
    except BadAmount as error:
        raise Invalid(f"“{value}”：{error.found}", where=where, remedy=f"写秒数，或 {error.expected}") from None


def branched(run: Run, moment: datetime, wanted: Otherwise, versions: Versions) -> Scenario:
    """The scenario of a branch from a moment. Raises Invalid where an inject that is to be otherwise had come by then; UnknownName, FactInvalid."""
    for name in wanted.injects:
        at = run.given.get(name)
        if at is not None and at <= moment:
            raise Invalid(
                f"注入 {name} 在 {at:%m-%d %H:%M} 已给出", where=f"injects.{name}", remedy="从它之前的时刻另开分支，或改别的注入"
            )
    return variant(run.scenario, wanted.changes(), versions)


def renewed(run: Run, wanted: Otherwise, versions: Versions) -> Scenario:
    """The scenario to play anew; of a drill that went on from an incident, the incident's journal as a scenario. Raises UnknownName."""
    base = run.scenario
    if not base.injects and run.entries:
        base = replace(scenario_from_incident(run.entries, run.plans), title=base.title)
    return variant(base, wanted.changes(), versions)
