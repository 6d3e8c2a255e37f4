"""The step vocabulary of the features (features/README.md). Steps only translate; every answer comes from the engine."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when
from pytest_bdd.scenario import scenario_wrapper_template_registry

from api.library import library
from engine.assess import assess, check_readings
from engine.counterfactual import distances, questions
from engine.lifecycle.episode import Step, levels_through
from engine.plan.measure import words
from engine.plan.words import find_indicator, level_word
from engine.trigger.facts import parse_time, validate
from features.case import Case, by_name, clauses_of, due_words, duties_of, fits, level_of, rows_of, split, value_of

STEPS = {"提出": "propose", "决定": "decide", "签发": "sign", "发布": "publish", "调整": "adjust", "终止": "terminate"}


@pytest.fixture
def case() -> Case:
    return Case()


# --- 假如 -------------------------------------------------------------------------------------------------------------

S = r'"([^"]*)"'


def step(pattern: str) -> Any:
    """A step whose every S is a quoted word: groups a, b, c …"""
    names = iter("abcdefg")
    return parsers.re("^" + re.sub(re.escape(S), lambda _: f'"(?P<{next(names)}>[^"]*)"', pattern) + "$")


@given(step(f"适用预案{S}"))
def _plan(case: Case, a: str) -> None:
    case.plan = library().plan(a)


@given("其余事实未知")
def _rest_unknown(case: Case) -> None:
    case.rest_normal = False


@given("其余事实均无")
def _rest_normal(case: Case) -> None:
    case.rest_normal = True


@given(step(f"{S}为{S}"))
def _fact(case: Case, a: str, b: str) -> None:
    key, indicator = case.indicator(a)
    case.facts[key] = value_of(indicator, b)


@given(step(f"{S}未知"))
def _unknown(case: Case, a: str) -> None:
    key, _ = case.indicator(a)
    case.facts[key] = None


@given(step(f"{S}至少为{S}"))
def _at_least(case: Case, a: str, b: str) -> None:
    key, indicator = case.indicator(a)
    case.facts[key] = {"at_least": value_of(indicator, b)}


@given(step(f"{S}至多为{S}"))
def _at_most(case: Case, a: str, b: str) -> None:
    key, indicator = case.indicator(a)
    case.facts[key] = {"at_most": value_of(indicator, b)}


@given(step(f"{S}在{S}到{S}之间"))
def _between(case: Case, a: str, b: str, c: str) -> None:
    key, indicator = case.indicator(a)
    case.facts[key] = {"between": [value_of(indicator, b), value_of(indicator, c)]}


@given(step(f"{S}为{S}或者{S}"))
def _one_of(case: Case, a: str, b: str, c: str) -> None:
    key, indicator = case.indicator(a)
    case.facts[key] = {"one_of": [value_of(indicator, b), value_of(indicator, c)]}


def _area_fact(case: Case, areas: list[str] | None, name: str, text: str | None) -> None:
    for key, indicator in case.the_plan.indicators.items():
        if indicator.type != "areas":
            continue
        part_key, part = by_name(name, indicator.parts)
        rows = case.facts.setdefault(key, {})
        for area in areas or indicator.areas:
            rows.setdefault(area, {})[part_key] = None if text is None else value_of(part, text)
        return
    raise AssertionError("本预案没有按区域的指标")


@given(step(f"{S}的{S}为{S}"))
def _some_areas(case: Case, a: str, b: str, c: str) -> None:
    _area_fact(case, split(a), b, c)


@given(step(f"各县的{S}为{S}"))
def _all_areas(case: Case, a: str, b: str) -> None:
    _area_fact(case, None, a, b)


@given(step(f"{S}的{S}未知"))
def _some_areas_unknown(case: Case, a: str, b: str) -> None:
    _area_fact(case, split(a), b, None)


@given(step(f"各县的{S}未知"))
def _all_areas_unknown(case: Case, a: str) -> None:
    _area_fact(case, None, a, None)


@given(step(f"时间为{S}"))
def _time(case: Case, a: str) -> None:
    case.at = parse_time(a.replace(" ", "T"), "时间")


@given(step(f"{S}自{S}起逐小时为:"))
def _series(case: Case, a: str, b: str, datatable: list[list[str]]) -> None:
    key, _ = case.indicator(a)
    time = parse_time(b.replace(" ", "T"), "时间")
    points = []
    for hours, value in datatable[1:]:
        for _hour in range(int(hours)):
            points.append([time.isoformat(), None if value == "缺" else float(value)])
            time += datetime.timedelta(hours=1)
    case.facts[key] = points


@given(step(f"现在执行的{S}为{S}"))
def _in_force(case: Case, a: str, b: str) -> None:
    scale = case.scale(a)
    case.in_force[scale.id] = level_of(scale, b)


@given(step(f"条款解释{S}取{S}"))
def _reading(case: Case, a: str, b: str) -> None:
    case.readings[a] = b


# --- 当 ---------------------------------------------------------------------------------------------------------------


@when("研判")
def _assess(case: Case) -> None:
    plan = case.the_plan
    facts = validate(plan, case.raw())
    case.result = assess(plan, facts, case.at, readings=check_readings(plan, case.readings), in_force=case.in_force)


@when("按建议调整在行的级别")
def _adjust(case: Case) -> None:
    plan = case.the_plan
    step = Step(case.at, validate(plan, case.raw()))
    (case.in_force,) = levels_through(plan, [step], case.in_force, check_readings(plan, case.readings))


# --- 那么 -------------------------------------------------------------------------------------------------------------


@then(step(f"{S}为{S}"))
def _level(case: Case, a: str, b: str) -> None:
    scale = case.scale(a)
    found = case.assessment.levels[scale.id]
    assert found == level_of(scale, b), (
        f"“{scale.label}”为{level_word(scale, found)}，可能为{[level_word(scale, one) for one in case.assessment.possible[scale.id]]}"
    )


@then(step(f"在行的{S}为{S}"))
def _stands(case: Case, a: str, b: str) -> None:
    scale = case.scale(a)
    found = case.in_force[scale.id]
    assert found == level_of(scale, b), f"在行的“{scale.label}”为{level_word(scale, found)}"


@then(step(f"{S}可能为{S}"))
def _possible(case: Case, a: str, b: str) -> None:
    scale = case.scale(a)
    found = case.assessment.possible[scale.id]
    expected = tuple(sorted({level_of(scale, part) for part in split(b)}, key=scale.rank))
    assert found == expected, f"“{scale.label}”可能为{[level_word(scale, one) for one in found]}"


@then(step(f"{S}的依据包括{S}"))
def _basis(case: Case, a: str, b: str) -> None:
    found = case.assessment.basis(case.scale(a).id)
    missing = [clause for clause in clauses_of(b, case.the_plan) if clause not in found]
    assert not missing, f"依据为{found}"


@then(step(f"首先应查明{S}"))
def _question(case: Case, a: str) -> None:
    found = questions(case.assessment)
    assert found, "没有还要问的"
    top = found[0]
    short = find_indicator(case.the_plan, top.indicator).short
    assert a in (top.label, short, (top.area or "") + short, top.indicator), f"首先应查明的是“{top.label}”"


@then(step(f"到{S}的{S}，{S}还差{S}"))
def _distance(case: Case, a: str, b: str, c: str, d: str) -> None:
    scale = case.scale(a)
    level = level_of(scale, b)
    assert level is not None
    key, indicator = case.indicator(c)
    found = distances(case.assessment, scale.id, level, most=99)
    gaps = []
    for one in found:
        for change in one.changes:
            if change.indicator == key and isinstance(change.to, int | float) and not isinstance(change.to, bool):
                start = change.now if isinstance(change.now, int | float) else 0
                gaps.append(words(round(abs(change.to - start), 9), indicator.unit or "1"))
    assert d in gaps, f"距离为{[[change.words(case.the_plan) for change in one.changes] for one in found]}"


@then(step(f"由{S}(?P<step_word>提出|决定|签发|发布|调整|终止){S}的{S}，依据{S}"))
def _act(case: Case, a: str, step_word: str, b: str, c: str, d: str) -> None:
    scale = case.scale(b)
    level = level_of(scale, c)
    found = [
        (act.who or "无", act.step, act.clause)
        for act in case.the_plan.procedure_under(case.readings)
        if act.scale == scale.id and (act.every_level or level in act.levels)
    ]
    assert (a, STEPS[step_word], d) in found, f"“{scale.label}”{c}：{found}"


@then(step(f"由{S}(?P<step_word>提出|决定|签发|发布|调整|终止)预警，依据{S}"))
def _act_without_scale(case: Case, a: str, step_word: str, b: str) -> None:
    found = [(act.who or "无", act.step, act.clause) for act in case.the_plan.procedure_under(case.readings) if act.scale is None]
    assert (a, STEPS[step_word], b) in found, f"{found}"


@then(step(f"{S}为{S}时的任务包括:"))
def _includes(case: Case, a: str, b: str, datatable: list[list[str]]) -> None:
    found = duties_of(case, a, b)
    missing = [row for row in rows_of(datatable) if not any(fits(one, row, case.the_plan) for one in found)]
    near = [
        f"{one.duty.unit}｜{one.duty.action}｜{one.duty.clause}｜{due_words(one.duty.due)}｜{dict(one.duty.quantity)}"
        for one in found
        for row in missing
        if one.duty.unit == row["单位"] or one.duty.clause == row.get("条款")
    ]
    assert not missing, "没有：" + "\n".join(map(str, missing)) + "\n相近的：\n" + "\n".join(dict.fromkeys(near))


@then(step(f"{S}为{S}时的任务不包括:"))
def _excludes(case: Case, a: str, b: str, datatable: list[list[str]]) -> None:
    found = duties_of(case, a, b)
    present = [row for row in rows_of(datatable) if any(fits(one, row, case.the_plan) for one in found)]
    assert not present, f"却有：{present}"


@then(step(f"{S}为{S}时共有(?P<count>\\d+)项任务"))
def _count(case: Case, a: str, b: str, count: str) -> None:
    found = duties_of(case, a, b)
    assert len(found) == int(count), f"共有{len(found)}项"


@then(step(f"{S}由{S}牵头"))
def _lead(case: Case, a: str, b: str) -> None:
    leads = {group.name: group.lead for group in case.the_plan.organization.groups}
    assert tuple(split(b)) == leads.get(a) or b in leads.get(a, ()), f"{leads}"


# --- collection --------------------------------------------------------------------------------------------------------


def pytest_bdd_apply_tag(tag: str, function: Any) -> bool:
    """Tags are for readers; they are no pytest marks."""
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let `-k <plan id>` select a plan's scenarios: the name of the folder that the feature is in."""
    for item in items:
        template = scenario_wrapper_template_registry.get(getattr(item, "obj", None))
        if template is not None:
            item.extra_keyword_matches.add(Path(template.feature.filename).parent.name)
