"""The step vocabulary of the features (features/README.md). Steps only translate; every answer comes from the engine."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when
from pytest_bdd.scenario import scenario_wrapper_template_registry

from api.library import library
from engine.assess import Assessment, assess, check_readings
from engine.counterfactual import distances, questions
from engine.duty.duties import DutyInForce, duties_at
from engine.plan.condition import Level
from engine.plan.measure import BadQuantity, parse_duration, words
from engine.plan.model import Due, Indicator, Plan, Scale
from engine.plan.words import NO_LEVEL, find_indicator, level_word
from engine.trigger.facts import parse_time, validate

STEPS = {"提出": "propose", "决定": "decide", "签发": "sign", "发布": "publish", "调整": "adjust", "终止": "terminate"}
ROMAN = str.maketrans({"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV"})


@dataclass
class Case:
    """What a scenario has said so far."""

    plan: Plan | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    rest_normal: bool = False
    at: datetime.datetime | None = None
    in_force: dict[str, Level] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)
    result: Assessment | None = None

    @property
    def the_plan(self) -> Plan:
        assert self.plan is not None, "先写：假如 适用预案“…”"
        return self.plan

    @property
    def assessment(self) -> Assessment:
        assert self.result is not None, "先写：当 研判"
        return self.result

    def indicator(self, name: str) -> tuple[str, Indicator]:
        """An indicator by id, label or short label."""
        return _by_name(name, self.the_plan.indicators)

    def scale(self, name: str) -> Scale:
        for key, scale in self.the_plan.scales.items():
            if name in (key, scale.label, scale.label.split("（")[0]):
                return scale
        raise AssertionError(f"没有等级体系“{name}”，有：{[s.label for s in self.the_plan.scales.values()]}")

    def raw(self) -> dict[str, Any]:
        """The facts as the contract's JSON, with the rest filled in if the scenario says so."""
        raw = {key: value for key, value in self.facts.items()}
        if not self.rest_normal:
            return {key: value for key, value in raw.items() if value is not None}
        for key, indicator in self.the_plan.indicators.items():
            if indicator.type == "areas":
                rows = raw.setdefault(key, {})
                for area in indicator.areas:
                    row = rows.setdefault(area, {})
                    for name, part in indicator.parts.items():
                        row.setdefault(name, part.normal)
            elif indicator.type != "series" and not self._follows(indicator):
                raw.setdefault(key, indicator.normal)
        return raw

    def _follows(self, indicator: Indicator) -> bool:
        """Whether the indicator will be derived from a series that the scenario gives, or from the time."""
        if indicator.derived_from is None:
            return False
        spec = indicator.derived_from.spec
        if "at" in spec:
            return True
        use = self.the_plan.index_uses.get(spec["series"])
        return spec["series"] in self.facts or (use is not None and any(key in self.facts for key in use.pollutants.values()))


def _by_name(name: str, known: Any) -> tuple[str, Indicator]:
    for key, indicator in known.items():
        if name in (key, indicator.label, indicator.short, indicator.label.split("（")[0]):
            return key, indicator
    raise AssertionError(f"没有指标“{name}”，有：{[i.short for i in known.values()]}")


def value_of(indicator: Indicator, text: str) -> Any:
    """A typed value from the words of a feature; the engine checks its domain."""
    if indicator.type == "boolean":
        assert text in ("是", "否"), f"“{indicator.label}”写 是 或 否，不是“{text}”"
        return text == "是"
    if indicator.type == "enum":
        for value in indicator.values:
            if text in (value, indicator.word(value)):
                return value
        raise AssertionError(f"“{indicator.label}”没有取值“{text}”，有：{[indicator.word(v) for v in indicator.values]}")
    return text


def level_of(scale: Scale, text: str) -> Level:
    """A level from its id, name or badge words; 无 is none."""
    if text in ("无", NO_LEVEL):
        return None
    plain = text.translate(ROMAN).removesuffix("级")
    for level, name in zip(scale.levels, scale.names, strict=True):
        if plain == level or text in (level, name, level_word(scale, level)) or name.translate(ROMAN).removesuffix("级") == plain:
            return level
    for level in scale.levels:
        if level_word(scale, level).split("（")[0] == text or text in level_word(scale, level).rstrip("）").split("（"):
            return level
    raise AssertionError(f"“{scale.label}”没有级别“{text}”，有：{[level_word(scale, one) for one in scale.levels]}")


def _clauses(text: str, plan: Plan) -> list[str]:
    """Clause ids joined by 、 — which may stand within an id too (五、情景一1)."""
    found: list[str] = []
    rest = text.split("、")
    while rest:
        size = next((n for n in range(len(rest), 0, -1) if "、".join(rest[:n]) in plan.clauses), 1)
        found.append("、".join(rest[:size]))
        rest = rest[size:]
    return found


def split(text: str) -> list[str]:
    return [part for part in re.split("[、，]", text) if part]


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
        part_key, part = _by_name(name, indicator.parts)
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


# --- 那么 -------------------------------------------------------------------------------------------------------------


@then(step(f"{S}为{S}"))
def _level(case: Case, a: str, b: str) -> None:
    scale = case.scale(a)
    found = case.assessment.levels[scale.id]
    assert found == level_of(scale, b), (
        f"“{scale.label}”为{level_word(scale, found)}，可能为{[level_word(scale, one) for one in case.assessment.possible[scale.id]]}"
    )


@then(step(f"{S}可能为{S}"))
def _possible(case: Case, a: str, b: str) -> None:
    scale = case.scale(a)
    found = case.assessment.possible[scale.id]
    expected = tuple(sorted({level_of(scale, part) for part in split(b)}, key=scale.rank))
    assert found == expected, f"“{scale.label}”可能为{[level_word(scale, one) for one in found]}"


@then(step(f"{S}的依据包括{S}"))
def _basis(case: Case, a: str, b: str) -> None:
    found = case.assessment.basis(case.scale(a).id)
    missing = [clause for clause in _clauses(b, case.the_plan) if clause not in found]
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
        for act in case.the_plan.procedure
        if act.scale == scale.id and (act.every_level or level in act.levels)
    ]
    assert (a, STEPS[step_word], d) in found, f"“{scale.label}”{c}：{found}"


@then(step(f"由{S}(?P<step_word>提出|决定|签发|发布|调整|终止)预警，依据{S}"))
def _act_without_scale(case: Case, a: str, step_word: str, b: str) -> None:
    found = [(act.who or "无", act.step, act.clause) for act in case.the_plan.procedure if act.scale is None]
    assert (a, STEPS[step_word], b) in found, f"{found}"


def _duties(case: Case, scale_name: str, level_text: str) -> tuple[DutyInForce, ...]:
    scale = case.scale(scale_name)
    level = level_of(scale, level_text)
    assert level is not None
    facts = validate(case.the_plan, case.raw()) if case.facts else None
    return duties_at(case.the_plan, scale.id, level, facts, in_force=case.in_force)


def _rows(datatable: list[list[str]]) -> list[dict[str, str]]:
    head = datatable[0]
    return [dict(zip(head, row, strict=True)) for row in datatable[1:]]


def _fits(one: DutyInForce, row: dict[str, str], plan: Plan) -> bool:
    duty = one.duty
    if row["单位"] != (duty.unit or "无") or any(part not in duty.action for part in row["任务"].split()):
        return False
    if row.get("条款") and row["条款"] != duty.clause:
        return False
    if row.get("时限") and row["时限"] != _due_words(duty.due):
        return False
    if row.get("起点") and row["起点"] not in ("无", *([plan.moments[duty.due.moment]] if duty.due and duty.due.moment else [])):
        return False
    if row.get("数量") and row["数量"] != "无":
        name, _, number = row["数量"].partition("=")
        if str(duty.quantity.get(name)) != number:
            return False
    return True


def _due_words(due: Due | None) -> str:
    """A deadline as the features write it: 30分钟内, 每日15:00, 每2小时, 每日2次, 每年1次, 2个工作日内, 无."""
    if due is None:
        return "无"
    match due.kind:
        case "within":
            return f"{_plain(str(due.value))}内"
        case "daily_at":
            return f"每日{due.value}"
        case "every":
            text = _plain(str(due.value))
            return f"每年{text.removesuffix('年')}次" if text == "1年" else f"每{text}"
        case "times_per_day":
            return f"每日{due.value}次"
        case "within_workdays":
            return f"{due.value}个工作日内"


def _plain(duration: str) -> str:
    for unit in ("分钟", "小时", "天", "个月", "年"):
        number = re.sub(r"\D", "", duration)
        try:
            if parse_duration(f"{number}{unit}") == duration:
                return f"{number}{unit}"
        except BadQuantity:
            continue
    return duration


@then(step(f"{S}为{S}时的任务包括:"))
def _includes(case: Case, a: str, b: str, datatable: list[list[str]]) -> None:
    found = _duties(case, a, b)
    missing = [row for row in _rows(datatable) if not any(_fits(one, row, case.the_plan) for one in found)]
    near = [
        f"{one.duty.unit}｜{one.duty.action}｜{one.duty.clause}｜{_due_words(one.duty.due)}｜{dict(one.duty.quantity)}"
        for one in found
        for row in missing
        if one.duty.unit == row["单位"] or one.duty.clause == row.get("条款")
    ]
    assert not missing, "没有：" + "\n".join(map(str, missing)) + "\n相近的：\n" + "\n".join(dict.fromkeys(near))


@then(step(f"{S}为{S}时的任务不包括:"))
def _excludes(case: Case, a: str, b: str, datatable: list[list[str]]) -> None:
    found = _duties(case, a, b)
    present = [row for row in _rows(datatable) if any(_fits(one, row, case.the_plan) for one in found)]
    assert not present, f"却有：{present}"


@then(step(f"{S}为{S}时共有(?P<count>\\d+)项任务"))
def _count(case: Case, a: str, b: str, count: str) -> None:
    found = _duties(case, a, b)
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
