"""What a draft leaves to a person: every value that is `TODO`, or begins so, is a finding."""

from __future__ import annotations

from typing import Any

from engine.plan.source import Path, Source

MARK = "TODO"


def report_todos(source: Source) -> None:
    """A finding for each value and key that a draft has left open."""
    _walk(source, source.tree, ())


def _walk(source: Source, node: Any, path: Path) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            if key.startswith(MARK):
                _report(source, (*path, key), key)
            _walk(source, value, (*path, key))
    elif isinstance(node, list):
        for n, value in enumerate(node):
            _walk(source, value, (*path, n))
    elif isinstance(node, str) and node.startswith(MARK):
        _report(source, path, node)


def _report(source: Source, path: Path, text: str) -> None:
    source.report(path, "todo", f"“{text}”尚未填写", "由人对照原文填写", "填写后删去 TODO")
