"""pydantic's complaints about a plan file, as findings with places."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.plan.source import Path, Source
from engine.plan.spelling import nearest

M = TypeVar("M", bound=BaseModel)
MOST_CUTS = 6

EXPECTED = {
    "string_type": "一段文字",
    "list_type": "一个列表",
    "dict_type": "一张键值表",
    "model_type": "一张键值表",
    "int_parsing": "整数",
    "int_type": "整数",
    "bool_parsing": "true 或 false",
    "date_from_datetime_parsing": "日期，如 2020-12-06",
    "date_parsing": "日期，如 2020-12-06",
    "date_type": "日期，如 2020-12-06",
}


def shaped(model: type[M], source: Source, stubs: Mapping[str, Any] | None = None) -> M | None:
    """The file's tree as `model`; None, with findings, where it does not fit.

    With stubs, what does not fit is cut away (a whole section becomes its stub), so that the rest can be checked in the
    same run. The findings stand: nothing comes of such a file but findings.
    """
    if source.tree is None:
        return None
    for attempt in range(MOST_CUTS):
        try:
            return model.model_validate(source.tree)
        except ValidationError as error:
            problems = error.errors(include_url=False)
            if attempt == 0:
                for problem in problems:
                    _report(problem, model, source)
            if stubs is None:
                return None
            cuts = {_cut_path(problem) for problem in problems}
            for path in sorted(
                cuts, key=lambda path: [(isinstance(step, int), str(step).zfill(6)) for step in path], reverse=True
            ):
                _cut(source, path, stubs)
    return None


def _cut_path(problem: Any) -> Path:
    """What to cut: the node itself, or for a missing key the table that lacks it."""
    path = tuple(step for step in problem["loc"] if step != "[key]")
    return path[:-1] if problem["type"] == "missing" and len(path) > 1 else path


def _cut(source: Source, path: Path, stubs: Mapping[str, Any]) -> None:
    """Take a node out of the tree. Behind it in a list, places move up with their nodes."""
    assert source.tree is not None
    parent: Any = source.tree
    if len(path) == 1:
        parent.pop(path[0], None)
        if path[0] in stubs:
            parent[path[0]] = copy.deepcopy(stubs[str(path[0])])
        return
    for step in path[:-1]:
        try:
            parent = parent[step]
        except (KeyError, IndexError, TypeError):
            return
    last = path[-1]
    if isinstance(parent, dict):
        parent.pop(last, None)
    elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
        del parent[last]
        source.places = {
            _moved_up(key, path[:-1], last): place for key, place in source.places.items() if key[: len(path)] != path
        }


def _moved_up(key: Path, parent: Path, removed: int) -> Path:
    """A path after a list lost one of its elements."""
    at = len(parent)
    if len(key) <= at or key[:at] != parent:
        return key
    step = key[at]
    return (*key[:at], step - 1, *key[at + 1 :]) if isinstance(step, int) and step > removed else key


def _report(problem: Any, model: type[BaseModel], source: Source) -> None:
    path = tuple(problem["loc"])
    kind = problem["type"]
    key = path[-1] if path else ""
    if key == "[key]":
        path = path[:-1]
        source.report(path, "wrong-type", f"键“{path[-1]}”", "小写英文字母、数字和下划线", "改成合规的标识")
        return
    if kind == "extra_forbidden":
        known = _keys_beside(path, model)
        near = nearest(str(key), known)
        source.report(
            path, "unknown-key", f"不认识的键“{key}”", (f"“{near}”，或" if near else "") + "、".join(known[:14]), "改正拼写或删去"
        )
    elif kind == "missing":
        source.report(path[:-1], "missing-key", f"缺少“{key}”", f"写明“{key}”", "补上这一项")
    else:
        expected = EXPECTED.get(kind) or _because(problem)
        found = problem.get("input")
        shown = "空" if found is None else str(found)
        source.report(path, "wrong-type", f"“{shown[:60]}”", expected, f"见 {source.manual} 中这一节的写法")


def _because(problem: Any) -> str:
    context = problem.get("ctx", {})
    for name in ("expected", "pattern", "error"):
        if name in context:
            return str(context[name])
    return str(problem["msg"])


def _keys_beside(path: Path, model: type[BaseModel]) -> list[str]:
    """The keys that the model at the parent of `path` has; a best effort through lists, maps and optionals."""
    current: Any = model
    for step in path[:-1]:
        current = _step(current, step)
        if current is None:
            return []
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [field.alias or name for name, field in current.model_fields.items()]
    return []


def _step(current: Any, step: str | int) -> Any:
    import typing

    if isinstance(current, type) and issubclass(current, BaseModel):
        for name, field in current.model_fields.items():
            if step in (name, field.alias):
                return _inner(field.annotation)
        return None
    arguments = typing.get_args(current)
    return _inner(arguments[-1]) if arguments else None


def _inner(annotation: Any) -> Any:
    """The annotation without `| None` and Annotated."""
    import typing

    arguments = [a for a in typing.get_args(annotation) if a is not type(None)]
    origin = typing.get_origin(annotation)
    if origin in (list, dict):
        return annotation
    if arguments and (origin is typing.Annotated or len(arguments) == 1):
        return _inner(arguments[0])
    return annotation
