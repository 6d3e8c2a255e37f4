"""Every alternative of a reading that can be switched has a case in which the answer differs.

`<plan>.yaml`: reading -> letter -> case. A case of levels has `facts` (what is not written is as it normally is, null is
unknown), and the levels `chosen` and `then`, under the plan's own reading and under this one (a scale that is not written
has no level; a list is what is possible); where these are the same, `basis` holds the clauses now and then. A case of duties has `at`, and what of the level's duties is `added`, `removed`
and `changed`. A case of the lifecycle has `rule`, and the truth of its condition.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from api.library import library
from engine.assess import assess
from engine.duty.duties import DutyInForce
from engine.duty.effects import duty_effects
from engine.plan.model import Indicator, Plan
from engine.plan.words import condition_word, due_word
from engine.trigger.facts import Facts, validate
from engine.trigger.truth import truth

HERE = Path(__file__).parent
Case = dict[str, Any]
CASES: dict[tuple[str, str, str], Case] = {
    (path.stem, reading, letter): case
    for path in sorted(HERE.glob("*.yaml"))
    for reading, letters in yaml.safe_load(path.read_text()).items()
    for letter, case in letters.items()
}


def of_kind(key: str) -> list[Any]:
    return [pytest.param(*place, case, id=" ".join(place)) for place, case in CASES.items() if key in case]


def facts_of(plan: Plan, case: Case) -> Facts:
    """The facts of the case; the others as they normally are."""
    given = case.get("facts", {})
    raw: dict[str, Any] = {}
    for key, indicator in plan.indicators.items():
        if indicator.type == "areas":
            raw[key] = areas_of(indicator, given.get(key, {}))
        elif indicator.type != "series":
            raw[key] = given.get(key, indicator.normal)
    return validate(plan, raw | {key: value for key, value in given.items() if key not in raw})


def areas_of(indicator: Indicator, given: dict[str, Any]) -> dict[str, Any]:
    rows = {area: {key: part.normal for key, part in indicator.parts.items()} for area in indicator.areas}
    for names, facts in given.items():
        for area in indicator.areas if names == "各县" else names.split("、"):
            rows[area] |= facts
    return rows


def levels_of(plan: Plan, case: Case, choices: dict[str, str]) -> dict[str, Any]:
    possible = assess(plan, facts_of(plan, case), readings=choices).possible
    return {scale: levels[0] if len(levels) == 1 else list(levels) for scale, levels in possible.items() if levels != (None,)}


def basis_of(plan: Plan, case: Case, choices: dict[str, str]) -> dict[str, list[str]]:
    found = assess(plan, facts_of(plan, case), readings=choices)
    return {scale: list(found.basis(scale)) for scale in plan.scales if found.basis(scale)}


@pytest.mark.parametrize(("plan_id", "reading", "letter", "case"), of_kind("then"))
def test_the_answer_differs_under_the_alternative(plan_id: str, reading: str, letter: str, case: Case) -> None:
    plan = library().plan(plan_id)
    if "rule" in case:
        ((scale, kind),) = case["rule"].items()
        condition = plan.lifecycle.levels[scale][kind].when
        assert condition is not None
        found = [str(truth(plan, condition, facts_of(plan, case), choices=one)) for one in ({}, {reading: letter})]
        assert found == [case["chosen"], case["then"]]
    else:
        assert levels_of(plan, case, {}) == case["chosen"]
        assert levels_of(plan, case, {reading: letter}) == case["then"]
    if "basis" in case:
        assert [basis_of(plan, case, one) for one in ({}, {reading: letter})] == case["basis"]
        assert case["basis"][0] != case["basis"][1]
        return
    assert case["chosen"] != case["then"]


def parts(plan: Plan, one: DutyInForce) -> list[str]:
    """All of a duty that a reading may change."""
    duty = one.duty
    found = [duty.clause, duty.unit or "（未写明）", duty.action]
    found += [due_word(duty.due, plan.moments)] if duty.due is not None else []
    found += [f"仅当{condition_word(plan, duty.when)}"] if duty.when is not None else []
    found += ["常设"] if duty.standing else []
    found += [duty.note] if duty.note else []
    return found


def line(plan: Plan, one: DutyInForce) -> str:
    return "｜".join(parts(plan, one))


def change(now: list[str], then: list[str]) -> str:
    """A duty as it is now, and what is put in the place of what."""
    gone, new = ([one for one in mine if one not in others] for mine, others in ((now, then), (then, now)))
    return f"{'｜'.join(now[:3])}：{'、'.join(gone) or '无'} → {'、'.join(new) or '无'}"


def differences(plan: Plan, case: Case, reading: str, letter: str) -> dict[str, list[str]]:
    """What the alternative adds to the duties of the case's level, removes and changes."""
    ((scale, level),) = case["at"].items()
    facts = validate(plan, case["facts"]) if "facts" in case else None
    effects = duty_effects(plan, scale, level, facts)
    found = [one for one in effects if (one.reading, one.alternative) == (reading, letter)]
    assert len(found) == 1, "这一级的任务没有差别"
    effect = found[0]
    lines = {
        "added": [line(plan, one) for one in effect.added],
        "removed": [line(plan, one) for one in effect.removed],
        "changed": [change(parts(plan, now), parts(plan, then)) for now, then in effect.changed],
    }
    return {key: value for key, value in lines.items() if value}


@pytest.mark.parametrize(("plan_id", "reading", "letter", "case"), of_kind("at"))
def test_the_duties_differ_under_the_alternative(plan_id: str, reading: str, letter: str, case: Case) -> None:
    expected = {key: case[key] for key in ("added", "removed", "changed") if key in case}
    assert differences(library().plan(plan_id), case, reading, letter) == expected


@pytest.mark.parametrize("plan_id", sorted(library().plans))
def test_every_alternative_that_can_be_switched_has_its_case(plan_id: str) -> None:
    switched = {(reading, letter) for reading, letters in library().plan(plan_id).switches().items() for letter in letters}
    assert {(reading, letter) for plan, reading, letter in CASES if plan == plan_id} == switched
