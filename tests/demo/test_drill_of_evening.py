"""Every incident and watch of the demonstration, as a drill: the same journal, and from its scenario the same proposals."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from api.demo.store import prepare
from api.journal_file import read_journal
from api.library import Library
from api.office import open_office
from api.reading import BadInput
from api.settings import Settings
from api.store.exchange import export_journal
from api.store.journal import Journal
from engine.drill.exchange.from_incident import fork, replay, scenario_from_incident
from engine.trigger.facts import CHINA
from tests.engine.drill.test_from_incident import proposals, same

NOW = datetime(2026, 11, 22, 22, 10, 31, tzinfo=CHINA)


def test_every_incident_of_the_evening_is_done_again(settings: Settings, library: Library, tmp_path: Path) -> None:
    demo = prepare(settings, library, lambda: NOW)[0]
    office = open_office(settings, library, lambda: NOW, demo=demo)
    exported = tmp_path / "journal.jsonl"
    try:
        journal = Journal(office.engine)
        journals = {one.id: journal.read(one.id) for one in journal.incidents()}
        with exported.open("wb") as stream:
            export_journal(office.engine, stream)
    finally:
        office.engine.dispose()
    assert len(journals) >= 5
    proposed, known = 0, [plan for listed in library.current().versions.values() for plan in listed]
    for number, (name, entries) in enumerate(journals.items()):
        read, plans = read_journal(exported, name, known if number else ())
        assert read == entries
        run = fork(entries, plans)
        assert run.refusals == ()
        same(entries, run.entries)
        again = replay(scenario_from_incident(entries, plans), entries, plans)
        assert proposals(again.entries) == proposals(entries)
        proposed += len(proposals(entries))
    assert proposed >= 8
    with pytest.raises(BadInput, match="件事件"):
        read_journal(exported, None, ())
    with pytest.raises(BadInput, match="没有事件"):
        read_journal(exported, "nobody", ())
