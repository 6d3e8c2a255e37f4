"""pydantic's complaints about a plan file, as findings with places."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.plan.spelling import nearest
from engine.plan.source import Path, Source

M = TypeVar("M", bound=BaseModel)

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


def shaped(model: type[M], source: Source) -> M | None:
    """The file's tree as `model`; None, with findings, where it does not fit."""
    if source.tree is None:
        return None
    try:
        return model.model_validate(source.tree)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            _report(problem, model, source)
        return None


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
        source.report(path, "unknown-key", f"不认识的键“{key}”", (f"“{near}”，或" if near else "") + "、".join(known[:14]), "改正拼写或删去")
    elif kind == "missing":
        source.report(path[:-1], "missing-key", f"缺少“{key}”", f"写明“{key}”", "补上这一项")
    else:
        expected = EXPECTED.get(kind) or _because(problem)
        found = problem.get("input")
        shown = "空" if found is None else str(found)
        source.report(path, "wrong-type", f"“{shown[:60]}”", expected, "见 plans/README.md 中这一节的写法")


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
