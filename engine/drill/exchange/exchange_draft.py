"""A draft scenario out of a file in the Common Exercise Format; what the format cannot say is listed for a person to fill in.

Which fields are read, and how they map: see `engine.drill.exchange.exchange`. A file of anybody's is taken: times as numbers or
text, none at all, several triggers or one, payloads that are no text.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.drill.cue import Cue, Given
from engine.drill.draw import Draw, fixed
from engine.drill.exchange.exchange import GIVEN, START, Json
from engine.drill.scenario import PREFIX, Happening, Inject, Objective, Report, Scenario
from engine.plan.finding import YuanError

LONGEST = timedelta(days=366)


class BadExchange(YuanError):
    """A file that is no exercise in CEXF."""

    code = "bad-exchange"


@dataclass(frozen=True, slots=True)
class Imported:
    """A draft of a scenario; what is missing in it, for a person to fill in."""

    scenario: Scenario
    missing: tuple[str, ...]


def from_cexf(data: Any, begins: datetime, plans: tuple[str, ...] = (), jurisdiction: str = "") -> Imported:
    """A draft scenario from CEXF. begins: T+0, with an offset. plans, jurisdiction: where the file says none. Raises BadExchange."""
    exercise, flow, payloads, injects = _parts(data)
    meta = exercise["meta"] if isinstance(exercise.get("meta"), dict) else {}
    missing: list[str] = []
    known = {one["uuid"]: one for one in injects if isinstance(one.get("uuid"), str)}
    texts = {one.get("uuid"): one for one in payloads}
    named = meta.get("plans")
    chosen = plans or tuple(str(one) for one in named) if isinstance(named, list) else plans
    if not chosen:
        missing.append("plans：文件没有写用哪份预案")
    first = next((n for n, one in enumerate(flow) if START in _triggers(one)), 0)
    report = _told(known.get(str(flow[first].get("inject_uuid")), {}), texts, f"inject_flow[{first}]", missing)
    ids = _ids(known, flow)
    drafted = [
        _drafted(n, one, known, texts, ids, str(flow[first].get("inject_uuid")), missing)
        for n, one in enumerate(flow) if n != first
    ]  # fmt: skip
    lasts = _duration(exercise, drafted, missing)
    if drafted:
        missing.append("facts：CEXF 没有事实，各注入改变哪些指标要逐条补")
    objectives = meta.get("objectives")
    scenario = Scenario(
        id=f"cexf-{str(exercise.get('uuid') or 'draft')[:8]}",
        title=_text(exercise, "name", "exercise").removeprefix(PREFIX),
        jurisdiction=jurisdiction or str(meta.get("jurisdiction") or ""),
        plans=chosen,
        begins=begins,
        lasts=lasts,
        report=Report(
            str(exercise.get("description") or exercise.get("name")),
            report.text,
            report.sender,
            str(meta.get("place") or "") or None,
        ),
        injects=tuple(drafted),
        objectives=tuple(Objective(f"o{n}", str(words)) for n, words in enumerate(objectives, start=1))
        if isinstance(objectives, list)
        else (),
        background=str(exercise.get("expanded") or ""),
    )
    return Imported(scenario, tuple(dict.fromkeys(missing)))


def _parts(data: Any) -> tuple[Json, list[Json], list[Json], list[Json]]:
    if not isinstance(data, dict) or not isinstance(data.get("exercise"), dict):
        raise BadExchange(
            "不是 CEXF 文件：没有 exercise",
            where="exercise",
            remedy="给出 CEXF 的 JSON（exercise、inject_flow、inject_payloads、injects）",
        )
    found: list[list[Json]] = []
    for key, needed in (("inject_flow", True), ("inject_payloads", False), ("injects", True)):
        listed = data.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise BadExchange(f"{key} 应是对象的列表", where=key, remedy="对照 CEXF 的格式说明改正")
        if needed and not listed:
            raise BadExchange(f"{key} 是空的", where=key, remedy="至少要有一条注入，第一条作首报")
        found.append(listed)
    return data["exercise"], found[0], found[1], found[2]


def _triggers(step: Json) -> list[str]:
    sequence = step.get("sequence")
    trigger = sequence.get("trigger") if isinstance(sequence, dict) else None
    return [trigger] if isinstance(trigger, str) else [str(one) for one in trigger] if isinstance(trigger, list) else []


def _text(data: Json, key: str, where: str) -> str:
    found = data.get(key)
    if not isinstance(found, str) or not found.strip():
        raise BadExchange(f"没有 {key}", where=f"{where}.{key}", remedy="补上文字")
    return found.strip()


def _ids(known: Mapping[str, Json], flow: list[Json]) -> dict[str, str]:
    """Each step's inject by its own name where that can be an id and is nobody else's; else by its place in the flow."""
    found: dict[str, str] = {}
    for number, step in enumerate(flow):
        name = str(known.get(str(step.get("inject_uuid")), {}).get("name") or "")
        fits = 0 < len(name) <= 20 and all(one.isalnum() or one in "-_" for one in name)
        found[str(step.get("inject_uuid"))] = name if fits and name not in found.values() else f"n{number}"
    return found


def _drafted(
    number: int,
    step: Json,
    known: Mapping[str, Json],
    texts: Mapping[Any, Json],
    ids: Mapping[str, str],
    first: str,
    missing: list[str],
) -> Inject:
    where = f"inject_flow[{number}]"
    name = str(step.get("inject_uuid"))
    if name not in known:
        raise BadExchange(f"没有这条注入：{name}", where=f"{where}.inject_uuid", remedy="改成 injects 里有的 uuid")
    inject = known[name]
    required = step.get("requirements")
    needed = required.get("inject_uuid") if isinstance(required, dict) else None
    when: Cue | None = None
    if needed is not None and str(needed) != first:
        if str(needed) not in ids:
            raise BadExchange(
                f"没有这条注入：{needed}", where=f"{where}.requirements", remedy="改成 inject_flow 里有的 inject_uuid"
            )
        when = Given(ids[str(needed)])
        resolution = required.get("resolution_requirement") if isinstance(required, dict) else None
        if resolution not in (None, "", GIVEN):
            missing.append(f"{where}：要求“{resolution}”，这里只要求前一注入已给出")
    waits = LONGEST if when is not None else timedelta(0)
    return Inject(
        ids[name], _time(step, where, missing), _told(inject, texts, where, missing), when, waits, expected=_expected(inject)
    )


def _time(step: Json, where: str, missing: list[str]) -> Draw:
    timing = step.get("timing")
    at = timing.get("triggered_at") if isinstance(timing, dict) else None
    try:
        seconds = float(at) if at is not None and not isinstance(at, bool) else None
    except (TypeError, ValueError):
        seconds = None
    if seconds is None or not 0 <= seconds <= LONGEST.total_seconds():
        missing.append(f"{where}：没有时间，先放在 T+0:00")
        return fixed(0)
    return fixed(int(seconds))


def _told(inject: Json, texts: Mapping[Any, Json], where: str, missing: list[str]) -> Happening:
    """What an inject says: its payload's text; else its name."""
    payload = texts.get(inject.get("action_payload_resource_uuid"), {})
    parameters = payload.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    text = _decoded(parameters)
    if text is None:
        text = str(inject.get("name") or "")
        missing.append(f"{where}：没有可读的文字，先用名称“{text}”")
    said = {key: str(parameters[key]) for key in ("from", "to", "medium") if parameters.get(key)}
    return Happening(text, said.get("from", "导调"), said.get("to", "值班室"), said.get("medium", "电话"))


def _decoded(parameters: Json) -> str | None:
    content = parameters.get("content")
    if not isinstance(content, str):
        return None
    if parameters.get("content-type") != "base64":
        return content
    try:
        return base64.b64decode(content, validate=True).decode()
    except ValueError:
        return None


def _expected(inject: Json) -> str:
    listed = inject.get("inject_evaluation")
    results = [str(one.get("result") or "") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return "；".join(one for one in results if one)


def _duration(exercise: Json, injects: list[Inject], missing: list[str]) -> timedelta:
    last = max((int(one.at.middle) for one in injects), default=0)
    try:
        seconds = int(float(str(exercise.get("total_duration"))))
    except ValueError:
        seconds = -1
    if not 0 < seconds <= LONGEST.total_seconds():
        missing.append("total_duration：没有时长，按最后一条注入后一小时")
        seconds = last + 3600
    return timedelta(seconds=max(seconds, last))
