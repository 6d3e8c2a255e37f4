"""Where in a document's text each part of a clause id might stand, and how good each place is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from engine.gazette.clause_id import Part
from engine.gazette.cleaning import fold
from engine.gazette.reading import Document

UNIT_WORDS = "小时|分钟|公里|千米|毫米|厘米|米|公顷|亩|万|亿|元|人|名|例|户|天|日|月|年|周|次|个|倍|级|度|℃|%|兆瓦|吨|微克|毫克|箱|支|件|把|座|处|号"
_EDGE = r"(?<![^\n\t\v])"
_AFTER = r"(?<=[。；;：:，,！？、\s”》)）])"
_NOT_A_QUANTITY = rf"(?!\s*(?:{UNIT_WORDS})(?:[以内之后前至或的-]|[，。、；,;)）—]))"


class Candidate(NamedTuple):
    """A place in the text and its weight; places of labels sort before an item that begins at the same character."""

    place: float
    start: int
    weight: float


def candidates(part: Part, document: Document) -> list[Candidate]:
    """Every place where the part may stand, the weightiest reading of each place only."""
    best: dict[int, Candidate] = {}
    for start, weight in _places(part, document):
        place = start - 0.5 if part.kind in ("label", "annex") else float(start)
        if start not in best or best[start].weight < weight:
            best[start] = Candidate(place, start, weight)
    return sorted(best.values())


def _places(part: Part, document: Document) -> Iterator[tuple[int, float]]:
    text = document.text
    match part.kind:
        case "decimal":
            yield from _decimal(part.text, text)
        case "chapter":
            yield from _found(rf"{_EDGE}{part.text}\s*[、.．]", text, 3.0)
        case "section":
            yield from _edged(rf"[（(]\s*{part.text}\s*[)）]", text)
        case "paren":
            yield from _edged(rf"[（(]\s*{part.text}\s*[)）]", text)
            yield from _found(rf"{_EDGE}{part.text}[)）]", text, 1.0)
        case "circle":
            yield from _edged(part.text, text, 2.0, 1.5)
        case "item":
            yield from _edged(rf"{part.text}\s*(?:[、．]|\.(?!\d))", text)
            yield from _found(rf"{_EDGE}{part.text}\s+{_NOT_A_QUANTITY}(?=\D)", text, 0.7)
        case "annex":
            yield from _annex(part.text, text)
        case "label":
            yield from _label(part.text, document)


def _found(pattern: str, text: str, weight: float) -> Iterator[tuple[int, float]]:
    for match in re.finditer(pattern, text):
        yield match.start(), weight


def _edged(pattern: str, text: str, at_edge: float = 2.0, inside: float = 1.0) -> Iterator[tuple[int, float]]:
    """At the beginning of a line or cell, or after a stop inside one."""
    yield from _found(_EDGE + pattern, text, at_edge)
    yield from _found(_AFTER + pattern, text, inside)


def _decimal(number: str, text: str) -> Iterator[tuple[int, float]]:
    escaped = re.escape(number)
    if "." in number:
        yield from _found(rf"{_EDGE}{escaped}(?!\.?\d){_NOT_A_QUANTITY}", text, 4.0)
        yield from _found(rf"(?<=[。；\n]){escaped}(?!\.?\d){_NOT_A_QUANTITY}", text, 1.5)
        return
    for match in re.finditer(rf"{_EDGE}{escaped}(?:\s*[.、．](?!\d)|\s)\s*(?=\D){_NOT_A_QUANTITY}([^\n\t\v]*)", text):
        heading = len(match.group(1)) <= 24 and not re.search(r"[。；，,：]", match.group(1))
        yield match.start(), 2.5 if heading else 0.3


def _annex(name: str, text: str) -> Iterator[tuple[int, float]]:
    word, digits = name[:2], name[2:]
    pattern = rf"{_EDGE}{word}\s*{digits}(?!\d)"
    yield from _found(rf"{pattern}\s*(?=\n|$)", text, 5.0)
    yield from _found(rf"{pattern}\s+[^\s:：]", text, 3.0)
    yield from _found(rf"{pattern}\s*[:：]", text, 1.0)
    if digits in ("", "1"):
        yield from _found(rf"{_EDGE}{word}\s*(?=\n|$)", text, 4.5)


def _label(label: str, document: Document) -> Iterator[tuple[int, float]]:
    wanted = fold(label)
    header_seen: set[str] = set()
    for cell in document.cells:
        if cell.first and cell.row.startswith(wanted):
            yield cell.start, 4.0 if cell.row == wanted else 3.0
        if cell.column and cell.column not in header_seen and cell.column.startswith(wanted):
            header_seen.add(cell.column)
            yield cell.start, 3.5
        if cell.column and crossed(wanted, cell.column, cell.row):
            yield cell.start, 4.0
    yield from _found(rf"{_EDGE}{re.escape(label)}\s*(?=[:：。（(\n\t\v]|$)", document.text, 3.0)
    yield from _found(rf"{_EDGE}{re.escape(label)}", document.text, 1.5)


def crossed(label: str, column: str, row: str) -> bool:
    """Whether a label is made of a column's head and a row's: column 甲级处置 and row 处置办法 make 甲级处置办法."""
    heads = range(2, len(column) + 1)
    return any(label == column[:k] + row[n:] for k in heads for n in range(max(0, len(row) - 1)))
