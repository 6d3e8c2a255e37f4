"""Input from outside as plain values: JSON and YAML texts, with errors that say where."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from engine.plan.finding import YuanError

_LONE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
"""Half of a surrogate pair, written out or as it is: no text that can be answered with."""


class BadInput(YuanError):
    """Input that is no JSON or YAML, or has the wrong shape."""

    code = "bad-input"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose keys must not repeat: a repeated key would silently lose a value."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise BadInput(f"键“{key}”重复", where=key, remedy="同一个键只写一次")
        found[key] = value
    return found


WRONG_JSON = {
    "Expecting value": "这里要有一个值",
    "Expecting property name enclosed in double quotes": "键要写在双引号里",
    "Illegal trailing comma before end of object": "最后一项后面多了逗号",
    "Expecting ':' delimiter": "键的后面要有冒号",
    "Expecting ',' delimiter": "两项之间要有逗号",
    "Unterminated string starting at": "引号没有写完",
    "Extra data": "后面多了内容",
    "Invalid control character at": "引号里有换行或控制字符，换行写成 \\n",
    "Invalid \\escape": "反斜杠后面的写法不对",
    "Invalid \\uXXXX escape": "\\u 后面要有四位十六进制数",
}
"""What the json module says, in words."""


def parse_json(text: str | bytes, where: str = "") -> Any:
    """JSON with unique keys. Raises BadInput with line and column."""
    try:
        found = json.loads(text, object_pairs_hook=_once)
        if _LONE.search(text if isinstance(text, str) else text.decode("utf-8", "replace")):
            json.dumps(found, ensure_ascii=False).encode()
        return found
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 列"
        raise BadInput(
            f"不是合法的 JSON：{WRONG_JSON.get(error.msg, error.msg)}",
            where=f"{where} {place}".strip(),
            remedy="检查引号、逗号和括号",
        ) from None
    except UnicodeDecodeError:
        raise BadInput("不是 UTF-8 文本", where=where, remedy="另存为 UTF-8") from None
    except UnicodeEncodeError:
        raise BadInput("含有不成对的代理字符（\\ud800 一类）", where=where, remedy="删去这个字符，或写全一对") from None
    except RecursionError:
        raise BadInput("嵌套太深", where=where, remedy="事实至多嵌套四层") from None
    except ValueError as error:
        raise BadInput(f"不是合法的 JSON：{str(error)[:80]}", where=where, remedy="检查数字是否过长") from None


class _Loader(yaml.SafeLoader):
    """YAML without dates and without repeated keys: a time stays the text that it is."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Refuse anchors, aliases and explicit tags: facts are written out, and a bomb is not set off."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        tagged = getattr(event, "tag", None) is not None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None or tagged:
            mark = event.start_mark
            raise BadInput("锚点、别名或标签", where=f"第 {mark.line + 1} 行第 {mark.column + 1} 列", remedy="把值直接写出来")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                mark = key.start_mark
                raise BadInput("键不是一个词", where=f"第 {mark.line + 1} 行第 {mark.column + 1} 列", remedy="一个词作键")
            if key.value in seen:
                mark = key.start_mark
                raise BadInput(
                    f"键“{key.value}”重复", where=f"第 {mark.line + 1} 行第 {mark.column + 1} 列", remedy="同一个键只写一次"
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith((":timestamp", ":int", ":float", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_NUMBER = re.compile(r"^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$")


def _number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int | float:
    """A decimal number; `1:30` is not 90 and `010` is not 8."""
    return float(node.value) if any(mark in node.value for mark in ".eE") else int(node.value)


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
_Loader.add_implicit_resolver("!number", _NUMBER, list("-+.0123456789"))
_Loader.add_constructor("!number", _number)


def parse_yaml(text: str, where: str = "") -> Any:
    """YAML facts: plain decimal numbers, true and false; everything else is text. Raises BadInput with line and column."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else ""
        raise BadInput(
            f"不是合法的 YAML：{error.problem}", where=f"{where} {place}".strip(), remedy="检查缩进和冒号后的空格"
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadInput(
            f"不是合法的 YAML：{str(error).splitlines()[0][:80]}", where=where, remedy="另存为 UTF-8，检查缩进"
        ) from None


def read_file(path: Path, limit: int = 5_000_000) -> Any:
    """A JSON or YAML file. Raises BadInput."""
    try:
        if path.stat().st_size > limit:
            raise BadInput(f"文件超过 {limit // 1_000_000} MB", where=str(path), remedy="拆成几份，或用 --batch 逐行处理")
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadInput("不是 UTF-8 文本", where=str(path), remedy="另存为 UTF-8") from None
    except OSError as error:
        raise BadInput(f"读不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None
    return parse_json(text, str(path)) if path.suffix in (".json", ".jsonl") else parse_yaml(text, str(path))


def parse_choice(text: str, where: str) -> tuple[str, str]:
    """`SE-23=a` as a reading and the letter chosen. Raises BadInput."""
    name, mark, letter = text.partition("=")
    if not mark:
        raise BadInput(f"“{text}”不是 读法=取法", where=where, remedy="如 SE-23=a")
    return name, letter
