"""A document's text split into the plan's clauses: the ids are aligned to the numbers and labels that the print has.

Every id's last part has candidates in the text; the chosen ones are the heaviest set that keeps the order of the ids. A
clause that stands out of place, or not at all, is then missing and the others are found all the same.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.gazette.candidates import Candidate, candidates
from engine.gazette.clause_id import Node, Part, arrange
from engine.gazette.cleaning import BREAK
from engine.gazette.reading import Document

_NOTHING = (0.0, -1)
_ANNEX_LIST = re.compile(r"(?<![^\n])附[件表图]\s*[:：]")
"""The list of annexes after the last clause: part of none."""


@dataclass(frozen=True)
class ClauseTexts:
    """The clauses of one document. `texts` has every clause found, and the headings above them, by id."""

    document: Document
    texts: Mapping[str, str]
    leads: Mapping[str, str]
    """The text of a clause before its first numbered part: the heading and what introduces the list."""
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    above: Mapping[str, tuple[str, ...]]
    """The headings and clauses above each clause, the nearest first."""
    starts: Mapping[str, int] = field(default_factory=dict)
    """Where each clause found begins in the document's text."""
    parted: frozenset[str] = frozenset()
    """The clauses of the list that have others of the list below them."""

    def text(self, clause: str) -> str | None:
        """The clause's text with everything below it, or None where it was not found."""
        return self.texts.get(clause)

    def own(self, clause: str) -> str | None:
        """What the clause itself says: without the clauses of the list that stand below it."""
        return (self.leads if clause in self.parted else self.texts).get(clause)

    def shown(self, clause: str) -> str | None:
        """The clause's own text for people: a table's row as a line for each cell, with the head of its column."""
        found = self.own(clause)
        if found is None:
            return None
        start = self.starts[clause]
        cells = [cell for cell in self.document.cells if start <= cell.start < start + len(found)]
        if cells and cells[0].start == start and cells[0].first and all(cell.column for cell in cells):
            ends = [*(cell.start - start for cell in cells[1:]), len(found)]
            lines = [found[cell.start - start : end].strip() for cell, end in zip(cells, ends, strict=True)]
            found = "\n".join([lines[0], *(f"{cell.column}：{line}" for cell, line in zip(cells[1:], lines[1:], strict=True))])
        return re.sub(r"[ ]*\t[ ]*", " ｜ ", found.replace(BREAK, "\n")).strip(" ｜\n")

    def cell(self, clause: str, heads: Collection[str]) -> str | None:
        """Of a clause that is a table's row, the cell below one of these column heads; None where it has no such cell."""
        own = self.own(clause)
        if own is None:
            return None
        start = self.starts[clause]
        cells = [cell for cell in self.document.cells if start <= cell.start < start + len(own)]
        for cell, after in zip(cells, [*cells[1:], None], strict=False):
            if cell.column in heads and cells[0].start == start:
                return own[cell.start - start : len(own) if after is None else after.start - start]
        return None

    def context(self, clause: str) -> str:
        """The clause's text and what introduces it above."""
        return "\n".join((*(self.leads.get(one, "") for one in reversed(self.above.get(clause, ()))), self.texts.get(clause, "")))


def split(document: Document, clauses: Iterable[str]) -> ClauseTexts:
    """The text of each clause id. What cannot be found is in `missing`; numbers that no id stands for are in `extra`."""
    nodes = arrange(clauses)
    places = _place(nodes, document)
    order = sorted(places, key=lambda n: (places[n].place, n))
    texts: dict[str, str] = {}
    leads: dict[str, str] = {}
    starts: dict[str, int] = {}
    lists = [match.start() for match in _ANNEX_LIST.finditer(document.text)]
    for k, n in enumerate(order):
        start = places[n].start
        later = order[k + 1 :]
        end = next((places[m].start for m in later if not _below(nodes, m, n)), len(document.text))
        end = min([end, *(one for one in lists if start < one)])
        first = places[later[0]].start if later else len(document.text)
        starts[nodes[n].id] = start
        texts[nodes[n].id] = document.text[start:end].strip("\n")
        leads[nodes[n].id] = document.text[start : min(first, end)].strip("\n")
    missing = tuple(node.id for n, node in enumerate(nodes) if node.listed and n not in places)
    parted = frozenset(node.id for n, node in enumerate(nodes) if node.listed and _has_listed(nodes, n))
    return ClauseTexts(document, texts, leads, missing, _extra(nodes, places, document), _above(nodes), starts, parted)


def _has_listed(nodes: Sequence[Node], n: int) -> bool:
    return any(nodes[m].listed or _has_listed(nodes, m) for m in nodes[n].children)


def _below(nodes: Sequence[Node], inner: int, outer: int) -> bool:
    while inner >= 0:
        if inner == outer:
            return True
        inner = nodes[inner].parent
    return False


def _above(nodes: Sequence[Node]) -> dict[str, tuple[str, ...]]:
    found = {}
    for node in nodes:
        chain = []
        n = node.parent
        while n >= 0:
            chain.append(nodes[n].id)
            n = nodes[n].parent
        found[node.id] = tuple(chain)
    return found


def _place(nodes: Sequence[Node], document: Document) -> dict[int, Candidate]:
    """Align, and again without the parts of what was not found: an item (1) of a heading that is not there is somebody else's."""
    of_part = {part: candidates(part, document) for part in {node.part for node in nodes}}
    wanted = frozenset(range(len(nodes)))
    while True:
        places = _align(nodes, wanted, of_part, len(document.text) + 1)
        strays = {n for n in places if nodes[n].part.kind != "decimal" and nodes[n].parent >= 0 and nodes[n].parent not in places}
        if not strays:
            return places
        wanted -= strays


def _align(
    nodes: Sequence[Node], wanted: frozenset[int], of_part: Mapping[Part, Sequence[Candidate]], length: int
) -> dict[int, Candidate]:
    """The heaviest choice of places that keeps the order of the nodes; of equals the earliest places."""
    points = sorted({one.place for found in of_part.values() for one in found})
    best = [_NOTHING] * (len(points) + 1)  # a Fenwick tree: best score of a chain that ends at or before a place
    trail: list[tuple[int, Candidate, int]] = []
    for n, node in enumerate(nodes):
        if n not in wanted:
            continue
        scored = []
        for one in of_part[node.part]:
            rank = bisect_left(points, one.place)
            score, before = _best(best, rank)
            scored.append((score + one.weight - 0.001 * one.start / length, before, one, rank))
        for score, before, one, rank in scored:
            trail.append((n, one, before))
            _raise(best, rank + 1, (score, len(trail) - 1))
    chosen: dict[int, Candidate] = {}
    at = _best(best, len(points))[1]
    while at >= 0:
        n, one, at = trail[at]
        chosen[n] = one
    return chosen


def _best(tree: list[tuple[float, int]], upto: int) -> tuple[float, int]:
    found = _NOTHING
    while upto > 0:
        if tree[upto][0] > found[0]:
            found = tree[upto]
        upto -= upto & -upto
    return found


def _raise(tree: list[tuple[float, int]], at: int, value: tuple[float, int]) -> None:
    while at < len(tree):
        if value[0] > tree[at][0]:
            tree[at] = value
        at += at & -at


def _extra(nodes: Sequence[Node], places: Mapping[int, Candidate], document: Document) -> tuple[str, ...]:
    """Clauses that the text has and the list has not: decimal headings in their order, annexes, and one item more of a list."""
    known = {node.part.text for node in nodes if node.part.kind == "decimal"}
    found: dict[str, int] = {}
    spots = sorted((places[n].start, nodes[n].part.text) for n in places if nodes[n].part.kind == "decimal")
    for match in re.finditer(r"(?<![^\n])(\d{1,2}(?:\.\d{1,2})+)(?![\d.%])\s*(?=[一-龥])", document.text):
        number = match.group(1)
        before = max((spot for spot in spots if spot[0] <= match.start()), default=(0, "0"))[1]
        after = min((spot for spot in spots if spot[0] > match.start()), default=(0, "99"))[1]
        if number not in known and _steps(before) < _steps(number) < _steps(after):
            found[number] = match.start()
    annexes = {node.part.text for node in nodes if node.part.kind == "annex"}
    first = min((places[n].start for n in places if nodes[n].part.kind == "annex"), default=len(document.text))
    for match in re.finditer(r"(?<![^\n])(附[件表图录]\s*\d*)\s*(?=\n|$)", document.text):
        name = match.group(1).replace(" ", "").strip()
        if name not in annexes and not (name[2:] == "" and match.start() <= first) and f"{name}1" not in annexes:
            found[name] = match.start()
    for parent in nodes:
        found |= _next_item(nodes, parent, places, document)
    return tuple(sorted(found, key=lambda name: found[name]))


def _next_item(nodes: Sequence[Node], parent: Node, places: Mapping[int, Candidate], document: Document) -> dict[str, int]:
    """The item after a list's last one, where the text has it at the beginning of a line."""
    children = [n for n in parent.children if n in places]
    if not children or nodes[children[-1]].part.kind not in ("paren", "circle", "item", "section"):
        return {}
    last = nodes[children[-1]]
    following = _successor(last.part)
    if following is None or any(nodes[n].part == following for n in parent.children):
        return {}
    start = places[children[-1]].start
    end = min(
        (one.start for n, one in places.items() if one.start > start and not _below(nodes, n, children[-1])),
        default=len(document.text),
    )
    for one in candidates(following, document):
        if (
            start < one.start < end
            and one.weight >= (1.5 if following.kind == "circle" else 2)
            and not any(nodes[m].part == following for m in last.children)
        ):
            return {
                last.id[: len(last.id) - len(last.part.text) - 2 * (last.part.kind in ("paren", "section"))]
                + _spelled(following): one.start
            }
    return {}


def _successor(part: Part) -> Part | None:
    if part.kind == "circle":
        return Part("circle", chr(ord(part.text) + 1))
    if part.kind == "section":
        order = "一二三四五六七八九十"
        return Part("section", order[order.index(part.text) + 1]) if part.text in order[:-1] else None
    return Part(part.kind, str(int(part.text) + 1))


def _spelled(part: Part) -> str:
    return f"({part.text})" if part.kind in ("paren", "section") else part.text


def _steps(number: str) -> tuple[int, ...]:
    return tuple(int(step) for step in number.split("."))
