"""Where in a plan's file a rule stands, for findings: the sound plan has no places, its source has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine.plan.finding import Place
from engine.plan.source import Path, Source


def place_of(source: Source, section: str, clause: str, fits: Callable[[str], bool]) -> Place:
    """The place of the first text in a section that fits, under this clause; else the section's first use of the clause."""
    tree = (source.tree or {}).get(section)
    fallback: Path | None = None
    for path, text, under in _texts(tree, (section,), None):
        if clause not in (under, text):
            continue
        if under == clause and fits(text):
            return source.place(path)
        fallback = fallback or path
    return source.place(fallback or (section,))


def clause_place(source: Source, clause: str) -> Place:
    """The place of a clause id in the list of clauses."""
    listed = (source.tree or {}).get("clauses") or []
    return source.place(("clauses", listed.index(clause)) if clause in listed else ("clauses",))


def _texts(node: Any, path: Path, clause: str | None) -> Iterator[tuple[Path, str, str | None]]:
    """Every text below a node with the clause that holds there: its own mapping's, or the nearest above."""
    if isinstance(node, dict):
        clause = node["clause"] if isinstance(node.get("clause"), str) else clause
        for key, value in node.items():
            yield from _texts(value, (*path, key), clause)
    elif isinstance(node, list):
        for n, value in enumerate(node):
            yield from _texts(value, (*path, n), clause)
    elif isinstance(node, str):
        yield path, node, clause
