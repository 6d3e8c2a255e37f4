"""值班台: what a watch of many areas still lacks is never cut off."""

from __future__ import annotations

import re

from api.console.parts.words import to_go
from api.console.screens.overview import Overview
from api.library import library
from engine.counterfactual import Change
from tests.console.small_office import texts
from tests.console.story_desk import Desk

WEATHER = library().plans["shuozhou-meteorological"]
AREAS = next(one for one in WEATHER.indicators.values() if one.type == "areas")


def watched(desk: Desk, falls: dict[str, float]) -> str:
    """The rows of a watch with these falls of temperature."""
    city = desk.city
    watch = city.officer.post("/watches", {"title": "大风降温", "plans": [WEATHER.id]})["incident"]
    key = next(key for key, one in AREAS.parts.items() if "最低气温下降" in one.label)
    city.officer.post(
        f"/watches/{watch}/facts",
        {
            "facts": {AREAS.id: {area: {key: fall} for area, fall in falls.items()}},
            "source": "市气象台",
            "observed_at": city.office.clock().isoformat(),
        },
    )
    return desk.see(watch, kind=Overview).panels["watches"]


def test_what_several_counties_lack_is_said_once_for_all_of_them(desk: Desk) -> None:
    html = watched(desk, dict.fromkeys(AREAS.areas, 9.0))
    (row,) = [one for one in re.split('class="watch-row"', html) if "寒潮" in one]
    said = "".join(texts(row))
    assert said.count("最低气温下降幅度") == 1
    named = [area for area in AREAS.areas if area in said]
    assert len(named) == 3 and "各自" in said and "…" not in said


def test_of_many_areas_the_first_are_named_and_all_can_be_unfolded() -> None:
    key = next(key for key, one in AREAS.parts.items() if "最低气温下降" in one.label)
    areas = AREAS.areas[:5]
    html = to_go(WEATHER, [Change(f"{AREAS.id}.{key}", area, 9, 10) for area in areas], "cold")
    fold = re.search(r'<details data-key="cold-0"[^>]*>(.*?)</details>', html)
    assert fold is not None
    shown = "".join(texts(html.replace(fold.group(0), "")))
    assert shown == f"{'、'.join(f'{area}（还差1℃）' for area in areas[:3])}等 5 处各自{AREAS.parts[key].short}10℃以上"
    assert [area for area in areas if area in fold.group(1)] == list(areas)
