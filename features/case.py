"""What a scenario says, in the features' words: facts, levels, duties as the engine's values."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from engine.assess import Assessment
from engine.duty.duties import DutyInForce, duties_at
from engine.plan.condition import Level
from engine.plan.measure import BadQuantity, parse_duration
from engine.plan.model import Due, Indicator, Plan, Scale
from engine.plan.words import NO_LEVEL, level_word
from engine.trigger.facts import validate

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
        return by_name(name, self.the_plan.indicators)

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


def by_name(name: str, known: Any) -> tuple[str, Indicator]:
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


def clauses_of(text: str, plan: Plan) -> list[str]:
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


def duties_of(case: Case, scale_name: str, level_text: str) -> tuple[DutyInForce, ...]:
    scale = case.scale(scale_name)
    level = level_of(scale, level_text)
    assert level is not None
    facts = validate(case.the_plan, case.raw()) if case.facts else None
    return duties_at(case.the_plan, scale.id, level, facts, choices=case.readings, in_force=case.in_force)


def rows_of(datatable: list[list[str]]) -> list[dict[str, str]]:
    head = datatable[0]
    return [dict(zip(head, row, strict=True)) for row in datatable[1:]]


def fits(one: DutyInForce, row: dict[str, str], plan: Plan) -> bool:
    duty = one.duty
    if row["单位"] != (duty.unit or "无") or any(part not in duty.action for part in row["任务"].split()):
        return False
    if row.get("条款") and row["条款"] != duty.clause:
        return False
    if row.get("时限") and row["时限"] != due_words(duty.due):
        return False
    if row.get("起点") and row["起点"] not in ("无", *([plan.moments[duty.due.moment]] if duty.due and duty.due.moment else [])):
        return False
    if row.get("数量") and row["数量"] != "无":
        name, _, number = row["数量"].partition("=")
        if str(duty.quantity.get(name)) != number:
            return False
    return True


def due_words(due: Due | None) -> str:
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
