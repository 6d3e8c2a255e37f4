"""Sweeps for tests, and what single assessments say of their cases."""

from __future__ import annotations

from collections import Counter
from typing import Any

from api.library import library
from engine.assess import Assessment, assess
from engine.contract.sweep_order import Order, read_sweep
from engine.drill.sweeps.cases import Case
from engine.drill.sweeps.sweep import Sweep
from engine.drill.sweeps.variable import find_variable
from engine.plan.model import Plan
from engine.trigger.facts import validate

EQUIPMENT, POLLUTION = "shuozhou-special-equipment", "shuozhou-heavy-pollution"
FIRE, WEATHER, DROUGHT = "wutai-forest-grassland-fire", "shuozhou-meteorological", "shuozhou-drought"
SAFETY, METAL = "wutai-mayday-work-safety", "wutai-metallurgy-trade-accident"


def plan_of(plan_id: str) -> Plan:
    return library().plan(plan_id)


def order_of(plan_id: str, **order: Any) -> Order:
    """An order, as the command line and the interface write it."""
    return read_sweep(plan_of(plan_id), order, plan_of)


def written(plan: Plan, fixed: dict[str, Any], case: Case) -> dict[str, Any]:
    """A case as a person would write its facts, put together without the sweep's own code."""
    raw: dict[str, Any] = {
        key: {area: dict(row) for area, row in value.items()} if plan.indicators[key].type == "areas" else value
        for key, value in fixed.items()
    }
    for name, value in case.items():
        parts = name.split(".")
        if len(parts) == 1:
            raw[name] = value
            continue
        areas = plan.indicators[parts[0]].areas if len(parts) == 2 else (parts[1],)
        values = value if isinstance(value, tuple) else (value,) * len(areas)
        for area, one in zip(areas, values, strict=True):
            raw.setdefault(parts[0], {}).setdefault(area, {})[parts[-1]] = one
    return raw


def assessed(sweep: Sweep, fixed: dict[str, Any], case: Case) -> Assessment:
    """The single assessment of a case."""
    facts = validate(sweep.plan, written(sweep.plan, fixed, case))
    return assess(sweep.plan, facts, sweep.at, readings=sweep.choices, in_force=sweep.in_force)


def counted_singly(sweep: Sweep, fixed: dict[str, Any]) -> dict[str, Counter[Any]]:
    """For each scale the cases by possible levels and clauses, one assessment after another."""
    found: dict[str, Counter[Any]] = {scale: Counter() for scale in sweep.scales}
    for number in range(sweep.cases.size):
        one = assessed(sweep, fixed, sweep.cases.case(number))
        for scale, into in found.items():
            into[one.possible[scale], frozenset(one.basis(scale))] += 1
    return found


def in_words(sweep: Sweep, tally: Any) -> dict[str, Counter[Any]]:
    """A tally in the same form."""
    found: dict[str, Counter[Any]] = {}
    for scale, counts in tally.found.items():
        into = found[scale] = Counter()
        for (ranks, clauses), count in counts.items():
            into[tuple(sweep.plan.scales[scale].level_at(rank) for rank in ranks), frozenset(clauses)] += count
    return found


def variable(plan_id: str, name: str) -> Any:
    return find_variable(plan_of(plan_id), name, name)
