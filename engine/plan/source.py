"""Plan text to a tree of plain values, with the place of every key and value.

YAML is read from libyaml's event stream, so that a hostile file is refused before it is built: its size, its depth, the
number of its nodes and any anchor or alias are counted as the events come. Every scalar stays the text that it is
(`8.10`, `on`, `15:00`); the schema gives it a type. A plain `null` or `~` is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from engine.plan.finding import Finding, Place

MAX_BYTES = 2_000_000
MAX_DEPTH = 24
MAX_NODES = 100_000

Path = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Source:
    """The tree of one file. `tree` is None where the file could not be read as a mapping. manual: where its form is described."""

    file: str
    manual: str = "plans/README.md"
    tree: dict[str, Any] | None = None
    places: dict[Path, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def place(self, path: Path) -> Place:
        """The place of a node, or of the nearest one above it."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, Place(self.file, 1, 1))

    def report(self, path: Path, code: str, found: str, expected: str, remedy: str, severity: str = "error") -> None:
        self.findings.append(Finding(self.place(path), code, found, expected, remedy, severity))


class _Refused(Exception):
    def __init__(self, finding: Finding) -> None:
        self.finding = finding


def read(text: str, file: str, manual: str = "plans/README.md") -> Source:
    """Read one file's text; never raises for what the text says: its findings are in the result."""
    source = Source(file, manual)
    if len(text) > MAX_BYTES:
        source.report((), "too-large", f"{len(text)} 个字符", f"至多 {MAX_BYTES} 个字符", "拆分文件或删去不属于预案的内容")
        return source
    try:
        value = _build(text, source)
    except _Refused as refused:
        source.findings.append(refused.finding)
        return source
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        source.findings.append(
            Finding(place, "syntax", f"{error.problem or error}", "合法的 YAML", "检查缩进、引号和冒号后的空格")
        )
        return source
    except (yaml.YAMLError, ValueError) as error:
        source.report((), "syntax", str(error).splitlines()[0], "合法的 YAML（UTF-8 文本）", "另存为 UTF-8，删去控制字符")
        return source
    if not isinstance(value, dict):
        source.report((), "wrong-type", "文件的最外层不是键值表", "title: 等键", f"见 {manual} 的节次")
        return source
    source.tree = value
    return source


def _build(text: str, source: Source) -> Any:
    """Build the tree with an explicit stack, one event at a time."""
    loader = _Loader(text)
    file = source.file
    places = source.places
    root: list[Any] = []
    # Each frame: the container, its path, and for a mapping the key that waits for its value.
    stack: list[list[Any]] = [[root, (), None]]
    nodes = 0

    def refuse(mark: Any, code: str, found: str, expected: str, remedy: str) -> _Refused:
        return _Refused(Finding(Place(file, mark.line + 1, mark.column + 1), code, found, expected, remedy))

    try:
        while loader.check_event():
            event = loader.get_event()
            kind = type(event)
            if kind is yaml.ScalarEvent or kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                nodes += 1
                mark = event.start_mark
                if event.anchor is not None:
                    raise refuse(mark, "alias", f"锚点 &{event.anchor}", "不用锚点和别名", "把内容写全")
                if getattr(event, "tag", None) is not None:
                    raise refuse(mark, "tag", f"标签 {event.tag}", "不用标签，值的类型由格式规定", "删去标签")
                if nodes > MAX_NODES:
                    raise refuse(mark, "too-large", f"超过 {MAX_NODES} 个节点", f"至多 {MAX_NODES} 个", "拆分文件")
                frame = stack[-1]
                container, base, key = frame
                if kind is yaml.ScalarEvent:
                    value: Any = event.value
                    if event.implicit[0] and value in ("null", "~", ""):
                        value = None
                else:
                    value = {} if kind is yaml.MappingStartEvent else []
                if type(container) is dict and key is None:
                    if type(value) is not str:
                        raise refuse(mark, "wrong-type", "键不是一个词", "一个词作键", "给键加上文字或引号")
                    if value in container:
                        first = places[(*base, value)]
                        source.findings.append(
                            Finding(
                                Place(file, mark.line + 1, mark.column + 1),
                                "duplicate-key",
                                f"键“{value}”在第 {first.line} 行已有",
                                "同一张表里每个键一次",
                                "合并两处，或改名",
                            )
                        )
                    else:
                        places[(*base, value)] = Place(file, mark.line + 1, mark.column + 1)
                    frame[2] = value
                    continue
                if type(container) is dict:
                    path = (*base, key)
                    container[key] = value
                    frame[2] = None
                else:
                    path = (*base, len(container)) if base or container is not root else base
                    if container is root and root:
                        raise refuse(mark, "syntax", "文件里有不止一份文档", "一个文件一份预案", "删去 --- 之后的部分")
                    container.append(value)
                    places.setdefault(path, Place(file, mark.line + 1, mark.column + 1))
                if kind is not yaml.ScalarEvent:
                    if len(stack) > MAX_DEPTH:
                        raise refuse(mark, "too-deep", f"嵌套超过 {MAX_DEPTH} 层", f"至多 {MAX_DEPTH} 层", "把条件写平")
                    stack.append([value, path, None])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop()
            elif kind is yaml.AliasEvent:
                raise refuse(event.start_mark, "alias", f"别名 *{event.anchor}", "不用锚点和别名", "把内容写全")
    finally:
        loader.dispose()
    return root[0] if root else None
