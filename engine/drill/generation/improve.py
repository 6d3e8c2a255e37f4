"""Facts by which a level may come down again, where the plan prints a rule on facts for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from engine.assess import assess
from engine.counterfactual.ways import Ways
from engine.drill.generation.climb import Climb
from engine.drill.generation.plateau import EVERY, LEAD, plateaus, series_of
from engine.drill.generation.reported import Raw, changed, put
from engine.drill.scenario import Hours
from engine.lifecycle.machine import LIFT, LOWER, rules_of
from engine.plan.condition import resolve
from engine.plan.model import Indicator
from engine.trigger.facts import validate

GROWING = ("person", "CNY", "ha")
"""Units of what is counted up in an event: the dead do not become fewer."""
MOST = 8


def improvements(climb: Climb, raw: Raw, begins: datetime, after: timedelta) -> Iterator[Raw]:
    """Facts to report `after` T+0, on top of those reported so far, that may bring the level down; the mildest ending first."""
    rules = rules_of(climb.plan, climb.scale.id, climb.choices)
    conditions = [rules[kind].when for kind in (LIFT, LOWER) if kind in rules]
    if all(one is None for one in conditions):
        return
    calm = {key: value for key, value in _calm(climb).items() if key not in raw or not _grows(climb.plan.indicators[key])}
    series = {key: value for key, value in raw.items() if isinstance(value, Hours)}
    if series:
        yield {**{key: _cut(value, after) for key, value in series.items()}, **_calm_series(climb, raw), **changed(raw, calm)}
        return
    better = put(raw, calm)
    for condition in conditions:
        if condition is None:
            continue
        facts = assess(climb.plan, validate(climb.plan, better), begins + after, readings=climb.choices)
        for way in islice(Ways(facts).ways(resolve(condition, dict(climb.choices)), True), MOST):
            found = better
            for one in way:
                if one.area is None:
                    found = put(found, {one.indicator: one.past(climb.plan)})
            told = changed(raw, found)
            if told:
                yield told


def _cut(hours: Hours, after: timedelta) -> Hours:
    """The series with a calm from this hour on."""
    calm, first = hours.values[0], LEAD + int(after / timedelta(hours=EVERY)) + 1
    return replace(hours, values=hours.values[:first] + (calm,) * (len(hours.values) - first))


def _calm(climb: Climb) -> dict[str, Any]:
    """Every plain fact as it normally is: what is unknown never lowers a level."""
    return {
        key: one.normal
        for key, one in climb.plan.indicators.items()
        if one.type in ("number", "integer", "boolean", "enum") and one.derived_from is None and key in climb.domains
    }


def _calm_series(climb: Climb, raw: Raw) -> dict[str, Hours]:
    """Calm hours of the other series that the plan's conditions measure."""
    found: dict[str, Hours] = {}
    for key in climb.domains:
        series = None if "." in key or "+" in key else series_of(climb.plan.indicators[key], climb.choices)
        row = None if series is None or series in raw else next(plateaus(climb.plan, series, climb.choices), None)
        if series is not None and row:
            calm = replace(row[0], value=row[0].calm)
            found[series] = calm.hours()
    return found


def _grows(indicator: Indicator) -> bool:
    return indicator.unit in GROWING
