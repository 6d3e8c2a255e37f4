"""The numbers that a plan states, each with the clause that must print it and a test whether a text does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from engine.gazette.cleaning import fold
from engine.gazette.deadlines import due_stands, period_stands
from engine.gazette.quantities import WORDS, quantities, stands
from engine.plan.condition import Bounds, Compare, Condition, Count, Sum, Switch, parts_of
from engine.plan.measure import Number, parse_duration, words
from engine.plan.model import Indicator, Plan
from engine.plan.source import Path
from engine.plan.words import due_word

_KEY_UNITS = {"percent": "percent", "minutes": "h", "hours": "h", "days": "d", "people": "person"}
_NO_COUNT = ("", "grade", "1", "bft", "times", "clock", "year", "month")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the plan. `implied`: print may say it in words (有人死亡 is 1). `loose`: it stands in the wording of a task.
    `due`: it is a deadline. `alternative`: it holds only when a reading is switched.
    `heads`: what the column of the trigger's level may be called, where the clause is a row of a table of levels."""

    section: str
    clause: str
    words: str
    stands: Callable[[str], bool]
    readings: tuple[str, ...] = ()
    path: Path = ()
    implied: bool = False
    loose: bool = False
    due: bool = False
    alternative: bool = False
    heads: frozenset[str] = frozenset()


def trigger_figures(plan: Plan) -> Iterator[Figure]:
    """Every bound of every trigger, level rule and transition; a lower bound above zero of `over: 0` is none."""
    for scale in plan.scales.values():
        for level, triggers in scale.triggers.items():
            for n, trigger in enumerate(triggers):
                path: Path = ("scales", scale.id, "triggers", level, n)
                heads = frozenset({fold(f"{level}级"), fold(level), fold(scale.name(level)), fold(f"{scale.name(level)}级")})
                for figure in _condition(plan, trigger.condition, trigger.clause, trigger.readings, "scales", path):
                    yield replace(figure, heads=heads)
    for scale_id, rules in plan.lifecycle.levels.items():
        for kind, rule in rules.items():
            if rule.when is not None:
                path = ("lifecycle", "levels", scale_id, kind)
                yield from _condition(plan, rule.when, rule.clause, rule.readings, "lifecycle", path)
    for n, transition in enumerate(plan.lifecycle.transitions):
        if transition.when is not None:
            path = ("lifecycle", "transitions", n)
            yield from _condition(plan, transition.when, transition.clause, (), "lifecycle", path)

    for n, merge in enumerate(plan.lifecycle.merges):
        readings = tuple(key for key, reading in plan.readings.items() if reading.clause == merge.clause)
        path = ("lifecycle", "merges", n)
        yield Figure("lifecycle", merge.clause, f"{merge.hours}小时", _stands(merge.hours, "h"), readings, path)


def _condition(
    plan: Plan, condition: Condition, clause: str, readings: tuple[str, ...], section: str, path: Path
) -> Iterator[Figure]:
    clause = condition.basis.clause or clause
    readings = (*readings, *condition.basis.readings)
    if isinstance(condition, Switch):
        readings = (*readings, condition.reading)
    match condition:
        case Compare(indicator, bounds):
            yield from _bounds(bounds, _indicator(plan, indicator), clause, readings, section, path)
        case Sum((first, _), bounds):
            yield from _bounds(bounds, _indicator(plan, first), clause, readings, section, path)
        case Count(bounds=bounds):
            for value in _values(bounds):
                yield Figure(section, clause, f"{value}个", _stands(value, "1"), readings, path, implied=value == 1)
    if isinstance(condition, Switch):
        for option, part in condition.options:
            for figure in _condition(plan, part, clause, readings, section, path):
                yield figure if option == "chosen" else replace(figure, alternative=True)
        return
    for part in parts_of(condition):
        yield from _condition(plan, part, clause, readings, section, path)


def _indicator(plan: Plan, key: str) -> Indicator:
    """The indicator; `areas.part` is a part of an areas indicator."""
    area, _, part = key.partition(".")
    return plan.indicators[area].parts[part] if part else plan.indicators[key]


def _bounds(
    bounds: Bounds, indicator: Indicator, clause: str, readings: tuple[str, ...], section: str, path: Path
) -> Iterator[Figure]:
    unit = indicator.unit or "1"
    for value in _values(bounds):
        if value == 0 and not indicator.signed:
            continue
        said = words(value, unit)
        yield Figure(
            section, clause, said, _stands(value, unit), readings, path, implied=value == 1 and indicator.type == "integer"
        )


def _values(bounds: Bounds) -> Iterator[Number]:
    if bounds.low is not None:
        yield bounds.low
    if bounds.high is not None and bounds.high != bounds.low:
        yield bounds.high


def _stands(value: Number, unit: str) -> Callable[[str], bool]:
    return lambda text: stands(value, unit, quantities(text))


def duty_figures(plan: Plan) -> Iterator[Figure]:
    """Every deadline and quantity of the duties and the procedure, and the quantities in the wording of tasks."""
    for duty in plan.duties:
        if duty.due is not None:
            yield Figure(
                "duties", duty.clause, due_word(duty.due, plan.moments), partial(due_stands, duty.due), duty.readings, due=True
            )
        for key, value in duty.quantity.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield Figure("duties", duty.clause, f"{key}: {value}", _key_stands(key, value), duty.readings)
        if duty.when is not None:
            yield from _condition(plan, duty.when, duty.clause, duty.readings, "duties", ())
        for one in quantities(duty.action):
            if one.unit not in _NO_COUNT and one.unit in {unit for unit, _ in WORDS.values()}:
                value = int(one.value) if one.value.denominator == 1 else float(one.value)
                yield Figure("duties", duty.clause, one.printed, _loosely(value, one.unit), duty.readings, loose=True)
    for act in plan.procedure:
        if act.within is not None:
            yield Figure("procedure", act.clause, act.within, _period(parse_duration(act.within)), act.readings, due=True)


def _period(iso: str) -> Callable[[str], bool]:
    return lambda text: period_stands(iso, quantities(text))


def _key_stands(key: str, value: Number) -> Callable[[str], bool]:
    unit = next((unit for word, unit in _KEY_UNITS.items() if word in key), None)
    if unit == "h" and "minute" in key:
        return lambda text: any(one.unit == "h" and one.value * 60 == value for one in quantities(text))
    return lambda text: stands(value, unit, quantities(text))


def _loosely(value: Number, unit: str) -> Callable[[str], bool]:
    return lambda text: any(float(one.value) == float(value) and one.unit in (unit, "") for one in quantities(text))
