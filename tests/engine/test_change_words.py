"""A way that asks the same of several areas says it once, with what each still lacks."""

from __future__ import annotations

from api.library import library
from engine.counterfactual.change import Change, changes_words, grouped

PLAN = library().plans["shuozhou-meteorological"]
AREAS = next(one for one in PLAN.indicators.values() if one.type == "areas")
PART = next(one for one in AREAS.parts.values() if one.type in ("number", "integer"))
KEY = f"{AREAS.id}.{PART.id}"
YES = next((one for one in AREAS.parts.values() if one.type == "boolean"), None)
FIRST, SECOND, THIRD = AREAS.areas[:3]


def change(area: str, now: float | None, to: float = 10) -> Change:
    return Change(KEY, area, now, to)


def test_one_area_reads_as_before() -> None:
    one = change(FIRST, 9)
    assert changes_words(PLAN, (one,)) == one.words(PLAN)


def test_the_same_of_several_areas_is_said_once() -> None:
    found = changes_words(PLAN, (change(FIRST, 9), change(SECOND, 8), change(THIRD, None)))
    goal = change(THIRD, None).words(PLAN).removeprefix(THIRD)
    lacks = [one.words(PLAN).split("还差")[1].split("，")[0] for one in (change(FIRST, 9), change(SECOND, 8))]
    assert found == f"{FIRST}（还差{lacks[0]}）、{SECOND}（还差{lacks[1]}）、{THIRD}各自{goal}"
    assert found.count(PART.short) == 1


def test_what_goes_elsewhere_stays_apart() -> None:
    found = grouped(PLAN, (change(FIRST, 9), change(SECOND, 9, 20), change(THIRD, 9)))
    assert [areas for _, areas in found] == [(f"{FIRST}（还差{_lack(9)}）", f"{THIRD}（还差{_lack(9)}）"), ()]


def _lack(now: float) -> str:
    return change(FIRST, now).words(PLAN).split("还差")[1].split("，")[0]
