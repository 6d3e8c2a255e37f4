"""Cases that every way into the engine must answer alike: complete, partial, unknown, forced by readings, and wrong."""

from __future__ import annotations

from typing import Any

from engine.plan.load import Loaded
from engine.plan.model import Indicator

CASES: list[dict[str, Any]] = [
    {"id": "boiler", "plan": "shuozhou-special-equipment", "facts": {"boiler_explosion": True, "deaths": 2}},
    {
        "id": "partial",
        "plan": "shuozhou-special-equipment",
        "facts": {"deaths": {"at_least": 10}, "serious_injuries": {"one_of": [3, 60]}},
    },
    {"id": "reading", "plan": "shuozhou-special-equipment", "facts": {"deaths": 1}, "readings": {"SE-23": "a"}},
    {
        "id": "sourced",
        "plan": "shuozhou-special-equipment",
        "facts": {"deaths": {"value": 3, "source": "119", "observed_at": "2026-11-22T03:00:00"}},
    },
    {
        "id": "season",
        "plan": "shuozhou-drought",
        "at": "2026-07-01T08:00:00+08:00",
        "facts": {"consecutive_rainless_days": 50, "forecast_rainless_days": 10},
    },
    {"id": "any season", "plan": "shuozhou-drought", "facts": {"consecutive_rainless_days": 80, "forecast_rainless_days": 20}},
    {
        "id": "series",
        "plan": "shuozhou-heavy-pollution",
        "at": "2026-12-01T08:00:00+08:00",
        "facts": {
            "aqi_hourly": [[f"2026-12-{1 + n // 24:02d}T{n % 24:02d}:00", 250] for n in range(72)],
            "regional_notice": "none",
        },
    },
    {
        "id": "counties",
        "plan": "shuozhou-meteorological",
        "facts": {"counties": {"应县": {"rain_past_24h": 160, "rain_next_24h": 60}}},
    },
    {
        "id": "sum",
        "plan": "wutai-forest-grassland-fire",
        "facts": {"grassland_fire_deaths": {"at_most": 3}, "grassland_fire_serious_injuries": 12},
    },
    {"id": "none", "plan": "wutai-communications", "facts": {"affected_townships": None}},
    {"id": "wrong fact", "plan": "wutai-communications", "facts": {"affected_township": "some"}},
    {"id": "wrong value", "plan": "wutai-communications", "facts": {"affected_townships": "several"}},
    {"id": "negative", "plan": "shuozhou-special-equipment", "facts": {"deaths": -1}},
    {"id": "wrong area", "plan": "shuozhou-meteorological", "facts": {"counties": {"应城": {}}}},
    {"id": "wrong plan", "plan": "shuozhou-draught", "facts": {}},
    {"id": "wrong reading", "plan": "shuozhou-drought", "facts": {}, "readings": {"D-05": "z"}},
    {"id": "wrong key", "plan": "shuozhou-drought", "fact": {}},
    {"id": "wrong time", "plan": "shuozhou-drought", "at": "yesterday", "facts": {}},
]


def more_cases(loaded: Loaded) -> list[dict[str, Any]]:
    """For every plan: nothing known, all quiet, and every indicator known by itself."""
    found: list[dict[str, Any]] = []
    for plan in loaded.plans.values():
        quiet = {key: _quiet(indicator) for key, indicator in plan.indicators.items() if indicator.type != "series"}
        found.append({"id": f"{plan.id} unknown", "plan": plan.id, "facts": {}})
        found.append({"id": f"{plan.id} quiet", "plan": plan.id, "facts": quiet})
        found += [{"id": f"{plan.id} {key}", "plan": plan.id, "facts": {key: value}} for key, value in quiet.items()]
    return found


def _quiet(indicator: Indicator) -> Any:
    if indicator.type == "areas":
        return {area: {key: part.normal for key, part in indicator.parts.items()} for area in indicator.areas}
    return indicator.normal
