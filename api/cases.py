"""Cases from outside: facts, time and readings of one plan, assessed; one or many lines of them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count, pairwise
from typing import Any

from api.reading import BadInput, parse_json
from engine.assess import Assessment, assess, check_readings
from engine.contract import assessment_data, error_data
from engine.lifecycle.episode import Step, levels_through
from engine.plan.condition import Level
from engine.plan.finding import UnknownName, YuanError
from engine.plan.model import Plan
from engine.plan.spelling import nearest
from engine.trigger.facts import parse_time, validate

MOST_LINE = 5_000_000
CASE_KEYS = ("facts", "at", "readings", "in_force")
LINE_KEYS = ("id", "plan", *CASE_KEYS)


def assess_case(plan: Plan, case: Any, keys: tuple[str, ...] = CASE_KEYS) -> Assessment:
    """Assess `{"facts", "at"?, "readings"?, "in_force"?}`. Raises YuanError with the place of whatever is wrong."""
    if not isinstance(case, Mapping):
        raise BadInput("不是一个对象", where="", remedy='写成 {"facts": {…}, "at": …}')
    _known_keys(case, keys)
    if "facts" not in case:
        raise BadInput("没有 facts", where="facts", remedy='写成 {"facts": {…}}；一无所知写 {"facts": {}}')
    facts = validate(plan, case["facts"])
    at = None if case.get("at") is None else parse_time(case["at"], "at")
    readings = _mapping(case.get("readings"), "readings")
    in_force = {}
    for scale, level in _mapping(case.get("in_force"), "in_force").items():
        in_force[scale] = _level(plan, scale, level, f"in_force.{scale}")
    return assess(plan, facts, at, readings=check_readings(plan, readings), in_force=in_force)


def _known_keys(case: Mapping[str, Any], keys: tuple[str, ...], where: str = "") -> None:
    for key in case:
        if key not in keys:
            near = nearest(str(key), keys)
            place = f"{where}.{key}" if where else str(key)
            raise BadInput(f"不认识的键“{key}”", where=place, remedy=f"是不是“{near}”？" if near else f"可用：{'、'.join(keys)}")


def _level(plan: Plan, scale: str, level: Any, where: str) -> Level:
    """A level named in the input, or none. Raises UnknownName with its place."""
    try:
        plan.scale(scale)
        return None if level is None else plan.level(scale, str(level))
    except UnknownName as error:
        error.where = where
        raise


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadInput(f"{where} 不是一个对象", where=where, remedy="写成 {编号: 值}")
    return value


def assess_line(text: str | bytes | None, find: Callable[[str], Plan]) -> dict[str, Any]:
    """The answer to one line of a batch: levels, possible and basis, or an error. Nothing is raised for what a line says."""
    return _answer(text, lambda case: assessment_data(assess_case(find(case["plan"]), case, LINE_KEYS)))


def _id(value: Any) -> Any:
    """An id that can be given back: text, a number or nothing. Raises BadInput."""
    if value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise BadInput("id 不是文字或数字", where="id", remedy="写成文字或数字")


def _answer(text: str | bytes | None, work: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """A line's id with what `work` makes of it, or with the error."""
    case_id: Any = None
    try:
        if text is None:
            raise BadInput(f"一行超过 {MOST_LINE // 1_000_000} MB", remedy="一行一例，序列不宜过长")
        case = parse_json(text)
        if not isinstance(case, dict):
            raise BadInput("这一行不是一个对象", remedy='写成 {"id": …, "plan": …, "facts": {…}}')
        case_id = _id(case.get("id"))
        if not isinstance(case.get("plan"), str):
            raise BadInput("没有 plan", where="plan", remedy="写预案的 id")
        return {"id": case_id, **work(case)}
    except YuanError as error:
        return {"id": case_id, "error": error_data(error)}
    except RecursionError:
        return {"id": case_id, "error": error_data(BadInput("嵌套太深", remedy="事实至多嵌套四层"))}


def assess_lines(
    lines: Iterable[str | bytes | None], find: Callable[[str], Plan], numbers: Iterator[int] | None = None
) -> Iterator[str]:
    """Answers, one JSON line each, in the order of the lines; empty lines are passed over.

    numbers: the lines' numbers, to go on counting over several calls (absent: from 1).
    """
    return _each_line(lines, lambda line: assess_line(line, find), numbers or count(1))


def _each_line(
    lines: Iterable[str | bytes | None], answer: Callable[[str | bytes | None], dict[str, Any]], numbers: Iterator[int]
) -> Iterator[str]:
    for line in lines:
        number = next(numbers)
        if line is None or line.strip():
            found = answer(line)
            if "error" in found and found["id"] is None:
                # A line without an id is known by its number.
                place = str(found["error"]["where"]).removeprefix("第 1 行").strip()
                found["error"]["where"] = f"第 {number} 行 {place}".strip()
            yield json.dumps(found, ensure_ascii=False) + "\n"


EPISODE_KEYS = ("id", "plan", "initial", "steps", "readings")


def episode_lines(lines: Iterable[str | bytes | None], find: Callable[[str], Plan]) -> Iterator[str]:
    """The levels in force through each line's episode, one JSON line each, in the order of the lines."""
    return _each_line(lines, lambda line: _answer(line, lambda case: {"levels": _episode(case, find)}), count(1))


def _episode(case: dict[str, Any], find: Callable[[str], Plan]) -> list[dict[str, Level]]:
    _known_keys(case, EPISODE_KEYS)
    plan = find(case["plan"])
    steps = case.get("steps")
    if not isinstance(steps, list):
        raise BadInput("steps 不是一个列表", where="steps", remedy='写成 [{"at": …, "facts": {…}}, …]')
    read = [_step(plan, step, f"steps[{n}]") for n, step in enumerate(steps)]
    times = [(n, step.at) for n, step in enumerate(read) if step.at is not None]
    for (_, before), (n, after) in pairwise(times):
        if after < before:
            raise BadInput("时间比前一步早", where=f"steps[{n}].at", remedy="各步按时间先后排列")
    initial = {
        scale: _level(plan, scale, level, f"initial.{scale}") for scale, level in _mapping(case.get("initial"), "initial").items()
    }
    return levels_through(plan, read, initial, check_readings(plan, _mapping(case.get("readings"), "readings")))


def _step(plan: Plan, step: Any, where: str) -> Step:
    if not isinstance(step, dict) or "facts" not in step:
        raise BadInput("这一步没有 facts", where=where, remedy='写成 {"at": …, "facts": {…}}')
    _known_keys(step, ("at", "facts"), where)
    at = None if step.get("at") is None else parse_time(step["at"], f"{where}.at")
    try:
        return Step(at, validate(plan, step["facts"]))
    except YuanError as error:
        error.where = f"{where}.{error.where}"
        raise
