"""A clause id in its parts: `附件6 二级(3)` is annex 附件6, label 二级, item (3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["decimal", "chapter", "section", "annex", "label", "paren", "circle", "item"]

_PARTS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("annex", re.compile(r"附[件表图录]\s*\d*")),
    ("decimal", re.compile(r"\d+(?:\.\d+)*")),
    ("section", re.compile(r"[（(][一二三四五六七八九十]+[)）]")),
    ("paren", re.compile(r"[（(]\d+[)）]")),
    ("circle", re.compile(r"[①-⑳]")),
    ("chapter", re.compile(r"[一二三四五六七八九十]+(?=$|[、（(])")),
    ("label", re.compile(r"[^\d（()）①-⑳\s、][^\d（()）①-⑳\s]*(?:[（(][^\d一二三四五六七八九十][^（()）]*[)）])?")),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a clause id; `text` is what stands in the id, without blanks and brackets."""

    kind: Kind
    text: str


@dataclass(slots=True)
class Node:
    """A clause or a heading above clauses, in the document's order. `parent` is an index, -1 at the top."""

    id: str
    part: Part
    parent: int
    listed: bool
    children: list[int] = field(default_factory=list)


def parse(clause: str) -> tuple[tuple[Part, str], ...]:
    """The parts of an id, each with the id up to and including it. A decimal number is one part for each of its levels."""
    found: list[tuple[Part, str]] = []
    at = 0
    while at < len(clause):
        if clause[at] in " 、\t":
            at += 1
            continue
        for kind, pattern in _PARTS:
            match = pattern.match(clause, at)
            if not match or (kind == "chapter" and found):
                continue
            text = match.group().strip("（()） ").replace(" ", "")
            if kind == "decimal" and not found:
                steps = text.split(".")
                for n in range(1, len(steps) + 1):
                    upto = ".".join(steps[:n])
                    found.append((Part("decimal", upto), upto))
            else:
                found.append((Part("item" if kind == "decimal" else kind, text), clause[: match.end()]))
            at = match.end()
            break
        else:
            at += 1
    return tuple(found)


def arrange(clauses: Iterable[str]) -> Sequence[Node]:
    """The clauses and the headings above them as one list in the document's order."""
    nodes: list[Node] = []
    index: dict[tuple[Part, ...], int] = {}
    for clause in clauses:
        path: tuple[Part, ...] = ()
        parent = -1
        for part, upto in parse(clause):
            path = (*path, part)
            if path not in index:
                index[path] = len(nodes)
                nodes.append(Node(upto.strip(), part, parent, False))
                if parent >= 0:
                    nodes[parent].children.append(index[path])
            parent = index[path]
        if parent >= 0:
            nodes[parent].listed = True
            nodes[parent].id = clause
    return nodes
