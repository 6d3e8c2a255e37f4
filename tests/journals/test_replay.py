"""Journals of every release so far replay in this one: the chain holds, and the state says what it said then."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from engine.incident.chain import Entry, first_break
from engine.incident.event import KINDS
from engine.incident.state import fold
from tests.journals.record import story, summary

FOLDERS = sorted(path for path in Path(__file__).parent.iterdir() if (path / "journal.jsonl").exists())


def entries(folder: Path) -> list[Entry]:
    lines = (folder / "journal.jsonl").read_text("utf-8").splitlines()
    return [Entry(**{**found, "at": datetime.fromisoformat(found["at"])}) for found in map(json.loads, lines)]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_kept_journal_replays(folder: Path) -> None:
    found = entries(folder)
    assert first_break(found) is None
    assert json.loads(json.dumps(summary(fold("E-1", found)), ensure_ascii=False)) == json.loads(
        (folder / "state.json").read_text("utf-8")
    )


def test_one_is_kept() -> None:
    assert FOLDERS


def test_the_story_still_has_every_kind_of_event() -> None:
    kinds = {entry.kind for entry in story().entries}
    assert kinds == KINDS.keys()
