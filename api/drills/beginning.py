"""What a drill is begun with: a scenario file, a text, one written by the engine from a plan, or the journal of an incident."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from api.people.roster import Shift
from api.scenarios import ScenarioInvalid, find_path, read_path, scenario_files
from engine.drill.authoring.scenario_file import ReadScenario, read_scenario
from engine.drill.exchange.from_incident import fork
from engine.drill.generation.generate import generate
from engine.drill.run import Run
from engine.drill.scenario import Scenario
from engine.drill.variant import ReadingChange, variant
from engine.incident.chain import Entry
from engine.plan.finding import UnknownName
from engine.plan.model import Plan
from engine.plan.spelling import nearest

Versions = Mapping[str, tuple[Plan, ...]]
Readings = Mapping[str, Mapping[str, str]]
SHOWN = 3
"""Findings of a scenario that are told."""
NEAR_CHANGE = timedelta(minutes=30)
"""No exercise begins this near to a change of shifts without a word of warning."""
_NAME = re.compile(r"^drill:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)


def of_file(name: str, versions: Versions) -> Scenario:
    """The scenario file with this id. Raises UnknownName, ScenarioInvalid."""
    if name not in scenario_files():
        near = nearest(name, list(scenario_files()))
        raise UnknownName(
            f"没有情景“{name}”", where="scenario", remedy=f"是不是“{near}”？" if near else "见 GET /api/v1/scenarios"
        )
    return _sound(read_path(find_path(name), versions))


def of_text(text: str, versions: Versions) -> Scenario:
    """A scenario as its file would have it. Raises ScenarioInvalid."""
    found = _NAME.search(text)
    return _sound(read_scenario(text, f"{found[1] if found else 'drill'}.yaml", versions))


def of_plan(plan: Plan, to: str, scale: str | None, begins: datetime, seed: int | None, readings: Readings) -> Scenario:
    """A scenario out of a plan's own thresholds. Raises UnknownName."""
    other = [one for one in readings if one != plan.id]
    if other:
        raise UnknownName(f"读法里的“{other[0]}”不是要演的预案", where="readings", remedy=f"只写 {plan.id}")
    return generate(plan, to, scale, begins=begins, seed=seed, readings=readings.get(plan.id, {}))


def of_incident(entries: Sequence[Entry], plans: Mapping[str, Plan]) -> Run:
    """A drill that goes on from where an incident is now: its entries are read, and nothing else of it is held."""
    return fork(entries, plans)


def rounded(moment: datetime) -> datetime:
    """To the full five minutes before it."""
    return moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0)


def otherwise(
    scenario: Scenario, versions: Versions, *, begins: datetime | None, seed: int | None, title: str | None, readings: Readings
) -> Scenario:
    """A scenario with what the director wants otherwise. Raises UnknownName."""
    found = scenario if begins is None else replace(scenario, begins=begins)
    found = found if seed is None else replace(found, seed=seed)
    found = found if title is None else replace(found, title=title)
    changes = [ReadingChange(plan, one, letter) for plan, chosen in readings.items() for one, letter in chosen.items()]
    return variant(found, changes, versions)


def _sound(read: ReadScenario) -> Scenario:
    if read.scenario is not None:
        return read.scenario
    wrong = [one for one in read.findings if one.severity == "error"]
    error = ScenarioInvalid(read.findings)
    error.message = f"{error.message}：" + "；".join(str(one) for one in wrong[:SHOWN])
    error.where = "scenario"
    error.remedy = "按每条意见改正"
    raise error


def listed(versions: Versions) -> list[tuple[str, ReadScenario]]:
    """Every scenario file with what is wrong in it, by id."""
    return [(name, read_path(Path(path), versions)) for name, path in scenario_files().items()]


def near_change(shifts: Iterable[Shift], now: datetime) -> tuple[str, ...]:
    """Changes of shifts within half an hour, in words, each once."""
    found: dict[datetime, set[str]] = {}
    for one in shifts:
        for moment in (one.begins, one.ends):
            if abs(moment - now) <= NEAR_CHANGE:
                found.setdefault(moment, set()).add(one.place)
    return tuple(
        f"{moment.astimezone(now.tzinfo):%H:%M} {'、'.join(sorted(places))}交接班：前后半小时内不宜开始推演"
        for moment, places in sorted(found.items())
    )
