"""Conditions of a scenario file: `{level: {scale: warning, at_least: orange}}`, `{given: 首报}`, `{all: […]}`, read and written."""

from __future__ import annotations

from typing import Any

from engine.drill.authoring.named import Named
from engine.drill.cue import AllOf, AnyOf, Cue, DutyIs, Given, LevelAtLeast, NotSo, Waits
from engine.plan.source import Path

STATES = {
    "assigned": "已分派",
    "done": "已完成",
    "overdue": "已逾期",
    "running": "时限内",
    "due_soon": "将到期",
    "met": "按时完成",
    "met_late": "逾期完成",
    "waiting": "未起算",
    "none": "无时限",
}
"""States of a duty that a condition may name."""
FORM = "{level: {scale, at_least}}、{waits: {scale, level}}、{duty: {clause, state}}、{given: 注入}、{all: […]}、{any: […]}、{not: …} 之一"
DEEPEST = 8


def read_cue(named: Named, path: Path, given: Any, depth: int = 0) -> Cue | None:
    """The condition; None, with findings, where it is none."""
    if not isinstance(given, dict) or len(given) != 1 or depth > DEEPEST:
        named.source.report(path, "bad-condition", "不是一个条件", FORM, "写成其中一种")
        return None
    ((kind, inner),) = given.items()
    here = (*path, kind)
    match kind:
        case "all" | "any" if isinstance(inner, list) and inner:
            parts = [read_cue(named, (*here, n), one, depth + 1) for n, one in enumerate(inner)]
            if any(part is None for part in parts):
                return None
            found = tuple(part for part in parts if part is not None)
            return AllOf(found) if kind == "all" else AnyOf(found)
        case "not":
            part = read_cue(named, here, inner, depth + 1)
            return None if part is None else NotSo(part)
        case "given" if isinstance(inner, str):
            return Given(inner) if named.known(here, "unknown-inject", "注入", inner, sorted(named.injects)) else None
        case "level" if _has(inner, {"scale", "at_least"}, {"plan"}):
            return _level(named, here, inner)
        case "waits" if _has(inner, {"scale"}, {"level", "plan"}):
            return _waits(named, here, inner)
        case "duty" if _has(inner, {"clause", "state"}, {"unit", "has"}):
            return _duty(named, here, inner)
    near = f"条件“{kind}”"
    named.source.report(here, "bad-condition", near, FORM, "改正这个条件的写法")
    return None


def _has(inner: Any, needed: set[str], more: set[str]) -> bool:
    """Whether the table has these keys, all of them texts (a level may be empty)."""
    return (
        isinstance(inner, dict)
        and needed <= set(inner) <= needed | more
        and all(isinstance(one, str) or (one is None and key in ("at_least", "level")) for key, one in inner.items())
    )


def _level(named: Named, path: Path, inner: dict[str, Any]) -> Cue | None:
    plan = named.plan((*path, "plan"), inner.get("plan"))
    if "plan" in inner and plan is None:
        return None
    scale = named.scale((*path, "scale"), inner["scale"], plan)
    level = None if scale is None else named.level((*path, "at_least"), *scale, inner["at_least"])
    return None if scale is None or level is None else LevelAtLeast(scale[1].id, level[0], inner.get("plan"))


def _waits(named: Named, path: Path, inner: dict[str, Any]) -> Cue | None:
    plan = named.plan((*path, "plan"), inner.get("plan"))
    if "plan" in inner and plan is None:
        return None
    scale = named.scale((*path, "scale"), inner["scale"], plan)
    if scale is None:
        return None
    level = (None,) if inner.get("level") is None else named.level((*path, "level"), *scale, inner["level"])
    return None if level is None else Waits(scale[1].id, level[0], inner.get("plan"))


def _duty(named: Named, path: Path, inner: dict[str, Any]) -> Cue | None:
    state = next((key for key, word in STATES.items() if inner["state"] in (key, word)), None)
    if state is None:
        named.known((*path, "state"), "bad-condition", "任务状态", inner["state"], (*STATES, *STATES.values()))
    sound = named.clause((*path, "clause"), inner["clause"], with_duties=True)
    sound &= "unit" not in inner or named.unit((*path, "unit"), inner["unit"])
    return DutyIs(inner["clause"], state, inner.get("unit"), inner.get("has")) if sound and state is not None else None


def needed(cue: Cue | None) -> frozenset[str]:
    """The injects without which the condition can not hold."""
    match cue:
        case Given(inject):
            return frozenset({inject})
        case AllOf(parts):
            return frozenset().union(*(needed(part) for part in parts))
        case AnyOf(parts):
            return frozenset.intersection(*(needed(part) for part in parts))
        case _:
            return frozenset()


def cue_tree(cue: Cue) -> dict[str, Any]:
    """The condition as the file writes it."""
    match cue:
        case AllOf(parts):
            return {"all": [cue_tree(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [cue_tree(part) for part in parts]}
        case NotSo(part):
            return {"not": cue_tree(part)}
        case Given(inject):
            return {"given": inject}
        case LevelAtLeast(scale, level, plan):
            return {"level": {**({"plan": plan} if plan else {}), "scale": scale, "at_least": level or "无"}}
        case Waits(scale, level, plan):
            return {"waits": {**({"plan": plan} if plan else {}), "scale": scale, **({"level": level} if level else {})}}
        case DutyIs(clause, state, unit, has):
            more = {key: word for key, word in (("unit", unit), ("has", has)) if word is not None}
            return {"duty": {"clause": clause, "state": state, **more}}
