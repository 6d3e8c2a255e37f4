"""A drill as a BDD feature in Chinese: at each report, what was known then and what followed; in the steps of `features/README.md`.

A feature's steps know facts, readings, levels in force and a moment, but not who said what when. So a moment of the drill
becomes a scenario only where the facts alone, as the steps can say them, lead to what the drill had; any other is named in
a comment. Nothing here is written down that the engine has not just answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

from engine.assess import Assessment, assess
from engine.drill.run import Run, origin_of
from engine.drill.scenario import PREFIX
from engine.duty.duties import duties_at
from engine.incident.event import FactCorrected, FactObserved, LevelSet, from_data
from engine.incident.fact import facts_now
from engine.incident.state import Course, Incident, evolve
from engine.plan.finding import YuanError
from engine.plan.measure import iso_words, words
from engine.plan.model import Due, Duty, Indicator, Plan, Scale
from engine.trigger.facts import CHINA, parse_time, validate

HOUR = timedelta(hours=1)
NONE = "无"
WITHOUT = "# 略"


@dataclass(frozen=True, slots=True)
class Moment:
    """The drill just after a report: the state then, and which reports of the journal there have been."""

    incident: Incident
    at: datetime
    entry: int
    told: str


def feature_of(run: Run) -> str:
    """The feature's text: one for all plans of the drill. Raises ValueError for a drill played without a journal."""
    if run.light:
        raise ValueError("a run without a journal has no feature")
    lines = ["# language: zh-CN", f"功能: {PREFIX}{_line(run.scenario.title)}"]
    for course in run.incident.courses.values():
        plan = run.plans[course.digest]
        for moment in _moments(run):
            lines += ["", *_scenario(plan, moment, run.scenario.begins)]
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())


def _moments(run: Run) -> Iterator[Moment]:
    """After each report that changed a fact and each change of levels, everything that followed at the same moment included."""
    state = Incident(run.incident.id)
    for (_, _), group in groupby(run.entries, key=lambda one: (one.at, origin_of(one))):
        told = None
        for entry in group:
            state = evolve(state, entry)
            event = from_data(entry.kind, entry.body)
            if isinstance(event, FactObserved | FactCorrected | LevelSet):
                told = entry
        if told is not None:
            yield Moment(state, told.at, told.seq, origin_of(told) or "")


def _scenario(plan: Plan, moment: Moment, begins: datetime) -> Iterator[str]:
    course = moment.incident.courses.get(plan.id)
    minutes = int((moment.at - begins).total_seconds()) // 60
    name = f"《{plan.title}》T+{minutes // 60}:{minutes % 60:02d}，日志第{moment.entry}条之后"
    if course is None:
        return
    try:
        told = _told(plan, course, moment)
    except _Unsayable as error:
        yield f"  {WITHOUT}：{name}：{error}"
        return
    yield f"  场景: {name}"
    yield f'    假如适用预案"{plan.id}"'
    for step in told:
        yield f"    {step}"


class _Unsayable(Exception):
    """What the steps have no words for."""


def _told(plan: Plan, course: Course, moment: Moment) -> list[str]:
    """The steps, after the plan's own."""
    known = facts_now(moment.incident, plan)
    bare = {key: _bare(value) for key, value in known.raw.items()}
    in_force = {scale: level for scale, level in course.levels.items() if level is not None}
    given = [step for key, value in bare.items() for step in _fact_steps(plan, key, value)]
    given.append(f'时间为"{moment.at.astimezone(CHINA):%Y-%m-%dT%H:%M:%S}"')
    given += [f'条款解释"{one}"取"{letter}"' for one, letter in course.readings.items() if letter != "chosen"]
    given += [
        f'现在执行的"{_scale_name(plan, scale)}"为"{_level(plan.scales[scale], level)}"' for scale, level in in_force.items()
    ]
    at = moment.at.replace(microsecond=0)
    found = assess(plan, known.facts, moment.at, readings=course.readings, in_force=course.own)
    again = assess(plan, _validated(plan, bare), at, readings=course.readings, in_force=in_force)
    if (found.levels, found.possible) != (again.levels, again.possible):
        raise _Unsayable("结论还取决于事实的时间或来源，步骤里没有这样的说法")
    told = [one if one.startswith("  |") else f"而且{one}" for one in given]
    return [*told, "当研判", *_then(plan, course, in_force, found, bare)]


def _validated(plan: Plan, raw: Mapping[str, Any]) -> Any:
    try:
        return validate(plan, raw)
    except YuanError as error:
        raise _Unsayable(error.message) from None


def _bare(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _then(plan: Plan, course: Course, in_force: Mapping[str, str], found: Assessment, bare: Mapping[str, Any]) -> list[str]:
    steps: list[str] = []
    for scale in plan.scales.values():
        name = _scale_name(plan, scale.id)
        possible = found.possible[scale.id]
        steps.append(f'"{name}"为"{_level(scale, found.levels[scale.id])}"')
        steps.append(f'"{name}"可能为"{"、".join(_level(scale, one) for one in possible)}"')
        basis = found.basis(scale.id)
        if found.levels[scale.id] is not None and basis:
            steps.append(f'"{name}"的依据包括"{"、".join(basis)}"')
    lines = [f"那么{one}" if n == 0 else f"而且{one}" for n, one in enumerate(steps)]
    if bare:
        told: set[str] = set()
        for scale_id, level in in_force.items():
            lines += _duties(plan, course.readings, in_force, plan.scales[scale_id], level, bare, told)
    return lines


def _duties(
    plan: Plan,
    readings: Mapping[str, str],
    in_force: Mapping[str, str],
    scale: Scale,
    level: str,
    bare: Mapping[str, Any],
    told: set[str],
) -> list[str]:
    """How many duties the level has, and those with a deadline word by word that were not told of another scale."""
    found = duties_at(plan, scale.id, level, _validated(plan, bare), choices=readings, in_force=in_force)
    name, word = _scale_name(plan, scale.id), _level(scale, level)
    lines = [f'而且"{name}"为"{word}"时共有{len(found)}项任务']
    dated = [one.duty for one in found if one.duty.due is not None and one.duty.id not in told and "\n" not in one.duty.action]
    told.update(one.id for one in dated)
    if dated:
        rows = [("单位", "任务", "条款", "时限"), *(_row(one) for one in dated)]
        lines.append(f'而且"{name}"为"{word}"时的任务包括:')
        lines += [f"  | {' | '.join(map(_cell, row))} |" for row in rows]
    return lines


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _row(duty: Duty) -> tuple[str, str, str, str]:
    assert duty.due is not None
    return duty.unit or NONE, duty.action, duty.clause, _due(duty.due)


def _due(due: Due) -> str:
    """As the features write a deadline: 30分钟内, 每日15:00, 每2小时, 每日2次, 每年1次, 2个工作日内."""
    match due.kind:
        case "within":
            return f"{iso_words(str(due.value))}内"
        case "daily_at":
            return f"每日{due.value}"
        case "every":
            text = iso_words(str(due.value))
            return "每年1次" if text == "1年" else f"每{text}"
        case "times_per_day":
            return f"每日{due.value}次"
        case "within_workdays":
            return f"{due.value}个工作日内"


def _fact_steps(plan: Plan, key: str, value: Any) -> Iterator[str]:
    indicator = plan.indicators[key]
    if indicator.type == "series":
        yield from _series_steps(_name(plan.indicators, key), value)
    elif indicator.type == "areas":
        for area, row in value.items():
            for part, cell in row.items():
                bare = _bare(cell)
                if bare is None or isinstance(bare, dict):
                    raise _Unsayable(f"{area}的“{indicator.parts[part].short}”只知道一部分")
                yield f'"{area}"的"{_name(indicator.parts, part)}"为"{_value(indicator.parts[part], bare)}"'
    else:
        yield f'"{_name(plan.indicators, key)}"{_said(indicator, value)}'


def _said(indicator: Indicator, value: Any) -> str:
    match value:
        case {"at_least": low}:
            return f'至少为"{_value(indicator, low)}"'
        case {"at_most": high}:
            return f'至多为"{_value(indicator, high)}"'
        case {"between": [low, high]}:
            return f'在"{_value(indicator, low)}"到"{_value(indicator, high)}"之间'
        case {"one_of": [one, other]}:
            return f'为"{_value(indicator, one)}"或者"{_value(indicator, other)}"'
        case dict():
            raise _Unsayable(f"“{indicator.short}”有两个以上说法")
        case _:
            return f'为"{_value(indicator, value)}"'


def _series_steps(name: str, value: Sequence[Sequence[Any]]) -> Iterator[str]:
    """A table of runs of hours with the same value."""
    times = [parse_time(str(point[0]), name) for point in value]
    if not times or any(later - earlier != HOUR for earlier, later in pairwise(times)):
        raise _Unsayable(f"“{name}”的小时值不连续")
    yield f'"{name}"自"{times[0].astimezone(CHINA):%Y-%m-%dT%H:%M:%S}"起逐小时为:'
    yield "  | 小时数 | 值 |"
    for one, hours in groupby(point[1] for point in value):
        yield f"  | {sum(1 for _ in hours)} | {'缺' if one is None else f'{one!r}'} |"


def _value(indicator: Indicator, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        word = indicator.word(value)
        return value if '"' in word or [indicator.word(one) for one in indicator.values].count(word) > 1 else word
    return words(value, indicator.unit or "1")


def _name(known: Mapping[str, Indicator], key: str) -> str:
    """The short name where it means no other indicator; else the id."""
    short = known[key].short
    meant = next(
        one
        for one, indicator in known.items()
        if short in (one, indicator.label, indicator.short, indicator.label.split("（")[0])
    )
    return short if meant == key and '"' not in short else key


def _scale_name(plan: Plan, key: str) -> str:
    label = plan.scales[key].label.split("（")[0]
    meant = next(one for one, scale in plan.scales.items() if label in (one, scale.label, scale.label.split("（")[0]))
    return label if meant == key else key


def _level(scale: Scale, level: str | None) -> str:
    """The level's name where it means no other level and holds no separator; else the id."""
    if level is None:
        return NONE
    name = scale.name(level)
    return name if scale.names.count(name) == 1 and name not in scale.levels and not set(name) & set("、，") else level
