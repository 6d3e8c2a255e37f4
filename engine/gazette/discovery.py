"""The clause ids of a document whose plan is not yet written: from the numbers, labels and tables of the print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.gazette.candidates import UNIT_WORDS
from engine.gazette.reading import Document

_ORDER = "一二三四五六七八九十"
_ANNEX = re.compile(r"(附[件表图录])\s*(\d*)\s*$")
_DECIMAL = re.compile(rf"(\d{{1,2}}(?:\.\d{{1,2}})+)(?![\d%])(?!\.\d)(?!\s*(?:{UNIT_WORDS})(?:以|内|[，。、；]))\s*(?=[^\d\s])")
_CHAPTER = re.compile(r"(\d{1,2})(?:[.、．]\s*|\s+)(?=[一-龥])([^。；，：]{1,24})$")
_HAN_CHAPTER = re.compile(rf"([{_ORDER}]{{1,3}})、")
_SECTION = re.compile(rf"[（(]([{_ORDER}]{{1,3}})[)）]")
_PAREN = re.compile(r"[（(](\d{1,2})[)）]")
_ITEM = re.compile(r"(\d{1,2})(?:[、．]|\.(?!\d))")
_CIRCLE = re.compile(r"[①-⑳]")
_LABEL = re.compile(rf"([一-龥]{{1,6}}[{_ORDER}])\s*[:：]$")
_INLINE = re.compile(r"(?<=[。；;：:])[ ]*(?=[（(]\d{1,2}[)）]|[①-⑳])")
_PEOPLE = re.compile(r"部门|单位|工作组|职务|姓名|应急工作|成员|名称")


@dataclass
class _Found:
    """An id with the length of what it says before the next one; a heading alone is no clause."""

    id: str
    words: int = 0
    below: int = 0


@dataclass
class _State:
    found: list[_Found] = field(default_factory=list)
    path: list[tuple[str, str]] = field(default_factory=list)  # kind and id, the outermost first
    last: tuple[int, ...] = (0,)  # the last decimal heading
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, kind: str, name: str, outer: tuple[str, ...], words: int) -> None:
        """Open a clause below the innermost of the `outer` kinds that is open."""
        while self.path and self.path[-1][0] not in outer:
            self.path.pop()
        self.path.append((kind, name))
        self.found.append(_Found(name, words))

    def above(self, outer: tuple[str, ...]) -> str:
        return next((name for kind, name in reversed(self.path) if kind in outer), "")


def discover(document: Document) -> tuple[str, ...]:
    """The clause ids in the document's order, in the style of the ledgers: 3.2.1, 4.2.1(3)①, 六(二), 附件6 二级(3)."""
    lines = [piece for line in document.text.split("\n") for piece in ([line] if "\t" in line else _INLINE.split(line))]
    decimal = sum(bool(_DECIMAL.match(line)) for line in lines) >= 3
    state = _State()
    annex = False
    table: list[str] = []
    for line in lines:
        if _ANNEX.match(line):
            annex, table = True, []
            state.add("annex", "".join(_ANNEX.match(line).groups()), (), 0)  # type: ignore[union-attr]
        elif annex and "\t" in line:
            table = _row(state, line.split("\t"), table)
        elif annex and "。" not in line:
            continue
        elif not (_decimal_line(state, line) if decimal else _han_line(state, line)) and state.found:
            state.found[-1].words += len(line)
    return tuple(dict.fromkeys(_listed(state)))


def _listed(state: _State) -> Iterator[str]:
    """The ids that say something themselves, or have nothing below them."""
    for n, one in enumerate(state.found):
        following = state.found[n + 1].id if n + 1 < len(state.found) else ""
        if one.words or not (following.startswith(one.id) and following != one.id):
            yield one.id


def _decimal_line(state: _State, line: str) -> bool:
    if match := _DECIMAL.match(line):
        steps = tuple(map(int, match[1].split(".")))
        if steps > state.last and steps[0] - state.last[0] <= 1:
            state.last = steps
            rest = line[match.end() :]
            while state.path and not match[1].startswith(f"{state.path[-1][1]}."):
                state.path.pop()
            state.add("decimal", match[1], ("chapter", "decimal"), len(rest) if re.search("[。：；，]", rest) else 0)
            return True
    if (match := _CHAPTER.match(line)) and int(match[1]) == state.last[0] + 1:
        state.last = (int(match[1]),)
        state.add("chapter", match[1], (), 0)
        return True
    return _numbered(state, line, ("chapter", "decimal"))


def _han_line(state: _State, line: str) -> bool:
    if match := _HAN_CHAPTER.match(line):
        state.add("chapter", match[1], (), 0)
        return True
    if (match := _SECTION.match(line)) and state.above(("chapter",)):
        state.add("section", f"{state.above(('chapter',))}({match[1]})", ("chapter",), len(line))
        return True
    if (match := _LABEL.match(line)) and state.above(("chapter",)):
        state.add("label", f"{state.above(('chapter',))}、{match[1]}", ("chapter",), 0)
        return True
    if (match := _ITEM.match(line)) and state.path and _next(state, "item", ("chapter", "section", "label"), match[1]):
        above = state.above(("chapter", "section", "label"))
        state.add("item", f"{above}{match[1]}", ("chapter", "section", "label"), len(line) if len(line) > 24 else 0)
        return True
    return _numbered(state, line, ("chapter", "section", "label", "item"))


def _numbered(state: _State, line: str, outer: tuple[str, ...]) -> bool:
    """(1) below a heading, ① below (1) or a heading."""
    heading = len(line) <= 16 and not line.endswith(("。", "；", ";"))
    if (match := _PAREN.match(line)) and state.path and _next(state, "paren", outer, match[1]):
        state.add("paren", f"{state.above(outer)}({match[1]})", outer, 0 if heading else len(line))
        return True
    if (match := _CIRCLE.match(line)) and state.path:
        state.add("circle", f"{state.above((*outer, 'paren'))}{match[0]}", (*outer, "paren"), 9)
        return True
    return False


def _next(state: _State, kind: str, outer: tuple[str, ...], number: str) -> bool:
    """Whether a number goes on with its list, or begins one."""
    key = (kind, state.above(outer))
    fits = int(number) == state.counts.get(key, 0) + 1
    if fits:
        state.counts[key] = int(number)
    return fits


def _row(state: _State, cells: list[str], header: list[str]) -> list[str]:
    """A row of an annex's table: `附件6 二级(3)`, `附件2 重大事故1`, or the annex alone where it lists bodies. Returns the header."""
    if not header and all(len(cell) <= 30 for cell in cells):
        return ["".join(cell.split()) for cell in cells]
    annex = state.above(("annex",))
    if not annex or any(_PEOPLE.search(head) for head in header[:2]):
        return header
    if not header:  # a table without a head: its numbered items are the annex's own
        key = ("cell", annex)
        items = _items("\n".join(cells[1:]), state.counts.get(key, 0))
        for n, _ in enumerate(items, state.counts.get(key, 0) + 1):
            state.add("cell", f"{annex} {n}", ("annex",), 9)
        state.counts[key] = state.counts.get(key, 0) + len(items)
        if not items and cells[0].strip():
            state.add("row", f"{annex} {''.join(cells[0].split())}", ("annex",), 9)
        return header
    head = re.sub(r"[（(].*", "", "".join(cells[0].split()))
    labels: list[tuple[str, str]] = []
    if len(head) > 16:
        labels = [(re.sub(r"[（(].*", "", header[n]), cell) for n, cell in enumerate(cells) if n < len(header)]
    elif sum(bool(_items(cell)) for cell in cells[1:]) > 1 or (
        ("crossed", annex) in state.counts and sum(bool(cell.strip()) for cell in cells[1:]) > 1
    ):
        state.counts["crossed", annex] = 1
        labels = [(_cross(header[n], head), cell) for n, cell in enumerate(cells) if 0 < n < len(header)]
    elif head:
        labels = [(head, "\n".join(cells[1:]))]
    for label, text in labels:
        if not label or not text.strip():
            continue
        items = _items(text)
        state.add("row", f"{annex} {label}", ("annex",), 0 if items and text.find(items[0]) < 12 else 9)
        for item in items:
            state.add("cell", f"{annex} {label}{item if item.startswith('(') else item.rstrip('、.．')}", ("annex", "row"), 9)
    return header


def _items(text: str, before: int = 0) -> list[str]:
    """The marks of a numbered list in a cell, in their order, from the one after `before`."""
    found: list[str] = []
    for match in re.finditer(r"(?:(?<=[\s。；;:：])|^)(?:[（(](\d{1,2})[)）]|(\d{1,2})(?:[、．]|\.(?!\d)))", text):
        mark = f"({match[1]})" if match[1] else match[0]
        if int(match[1] or match[2]) == before + len(found) + 1:
            found.append(mark)
    return found


def _cross(column: str, row: str) -> str:
    """甲级处置 and 处置办法 make 甲级处置办法; 甲级处置 and 启动程序 make 甲级启动程序."""
    for k in range(len(row), 1, -1):
        if column.endswith(row[:k]):
            return column + row[k:]
    return re.sub(r"(?<=级).*", "", column) + row
