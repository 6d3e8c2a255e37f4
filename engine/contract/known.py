"""The facts of an incident as they count now, with what is behind them, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from engine.assess import Assessment
from engine.contract.moment import Names, by_whom, seconds, stamp
from engine.incident.fact import Known
from engine.incident.state import FactEntry, Incident
from engine.plan.finding import FactInvalid
from engine.plan.measure import words
from engine.plan.model import Indicator, Plan
from engine.plan.words import UNKNOWN
from engine.trigger.facts import Facts, validate
from engine.trigger.reason import fact_word, why_unknown

Json = dict[str, Any]


def known_data(incident: Incident, plan: Plan, known: Known, assessment: Assessment, at: datetime, names: Names) -> list[Json]:
    """Each indicator of a plan: its value as it counts, source, age, why it is unknown, and the reports behind it."""
    return [_indicator_data(incident, plan, one, known, assessment.facts, at, names) for one in plan.indicators.values()]


def _indicator_data(
    incident: Incident, plan: Plan, indicator: Indicator, known: Known, facts: Facts, at: datetime, names: Names
) -> Json:
    key = indicator.id
    raw = known.raw.get(key)
    reports = [one for one in incident.facts.get(key, ()) if one.plan in (None, plan.id)]
    counted = [one for one in reports if one.entry in known.entries.get(key, ())]
    last = max(counted, key=lambda one: (one.observed_at, one.entry), default=None)
    mark = _mark(indicator, facts, bool(reports))
    return {
        "indicator": key,
        "label": indicator.short,
        "unit": indicator.unit,
        "type": indicator.type,
        "value": raw["value"] if isinstance(raw, dict) and indicator.type != "areas" else raw if raw else _derived(facts, key),
        "words": fact_words(plan, key, facts),
        "derived": key in facts.derived,
        "mark": mark,
        "mark_name": None if mark is None else UNKNOWN[mark],
        "stale": sorted(one for one, why in facts.missing.items() if why == "stale" and one.split(".")[0] == key),
        "source": "；".join(dict.fromkeys(one.source for one in counted)) or None,
        "observed_at": None if last is None else stamp(last.observed_at),
        "age_s": None if last is None else seconds(last.observed_at, at),
        "max_age": indicator.max_age,
        "entries": list(known.entries.get(key, ())),
        "reports": [report_data(one, plan, names) for one in reports],
    }


def _derived(facts: Facts, key: str) -> Any:
    return facts.known.get(key) if key in facts.derived else None


def _mark(indicator: Indicator, facts: Facts, reported: bool) -> str | None:
    """Why the indicator is not known; of a series and of areas only that nothing, or something too old, was reported."""
    if indicator.type not in ("series", "areas"):
        return why_unknown(facts, indicator.id)
    if indicator.id in facts.missing:
        return facts.missing[indicator.id]
    return None if reported and (indicator.id in facts.series or indicator.id in facts.areas) else "never"


def report_data(one: FactEntry, plan: Plan, names: Names) -> Json:
    """A reported fact as it stands after its corrections; value null where it was withdrawn, of a series only how many hours."""
    series = plan.indicators[one.indicator].type == "series" and one.value is not None
    return {
        "entry": one.entry,
        "value": {"hours": len(one.value)} if series else one.value,
        "words": value_words(plan, one.indicator, one.value),
        "source": one.source,
        "observed_at": stamp(one.observed_at),
        **by_whom(one.by, names),
        "plan": one.plan,
        "corrections": list(one.corrections),
    }


def value_words(plan: Plan | None, key: str, value: Any) -> str:
    """A value as it was reported, in words; as it is where the plan does not know it."""
    if value is None:
        return "撤回"
    if plan is None or key not in plan.indicators:
        return str(value)
    try:
        return fact_words(plan, key, validate(plan, {key: value}))
    except FactInvalid:
        return str(value)


def fact_words(plan: Plan, key: str, facts: Facts) -> str:
    """A fact in words: a series by its number of hours and last value, areas by their names."""
    indicator = plan.indicators[key]
    if indicator.type == "series":
        points = facts.series.get(key, ())
        if not points:
            return "未知"
        hour, value = points[-1]
        return f"{len(points)}个小时值，最后 {hour:%m-%d %H:%M} 为{'缺' if value is None else words(value, '1')}"
    if indicator.type == "areas":
        rows = facts.areas.get(key, {})
        return "、".join(f"{area}（{_row_words(plan, key, area, row, facts)}）" for area, row in rows.items() if row) or "未知"
    return fact_word(plan, key, facts)


def _row_words(plan: Plan, key: str, area: str, row: Iterable[str], facts: Facts) -> str:
    parts = plan.indicators[key].parts
    return "，".join(f"{parts[one].short}{fact_word(plan, f'{key}.{one}', facts, area)}" for one in row)
