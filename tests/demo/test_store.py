"""The demonstration's store: renewed when it is old, removed whole, and never mistaken for an office's."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

import api.demo.store as demo_store
from api.demo.store import MARKER, NoDemo, demo_settings, prepare, refuse_demo, remove
from api.library import Library
from api.settings import Settings
from api.store.leadership import leadership
from api.store.schema import open_store
from engine.trigger.facts import CHINA

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=CHINA)


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refusal(work: object) -> str:
    with pytest.raises(NoDemo) as caught:
        work()  # type: ignore[operator]
    return caught.value.message


def made(settings: Settings, library: Library, at: datetime = NOW) -> tuple[datetime, bool]:
    demo, anew = prepare(settings, library, lambda: at)
    return demo.made_at, anew


def test_it_stands_beside_the_office_and_on_no_server(tmp_path: Path) -> None:
    office = Settings(data_dir=tmp_path / "yuan", database_url="postgresql://u@h/office", jurisdiction="某县")
    found = demo_settings(office)
    assert (found.data_dir, found.database_url, found.jurisdiction) == (tmp_path / "yuan-demo", None, None)


def test_making_it_touches_nothing_of_the_office(settings: Settings, library: Library, tmp_path: Path) -> None:
    made(settings, library)
    assert listing(tmp_path) == ["yuan-demo"]
    assert (settings.data_dir / MARKER).is_file()


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (timedelta(hours=23, minutes=59), (NOW, False)),
        (timedelta(days=1), (NOW + timedelta(days=1), True)),
        (-timedelta(minutes=1), (NOW - timedelta(minutes=1), True)),
    ],
)
def test_it_is_kept_for_a_day(settings: Settings, library: Library, later: timedelta, expected: tuple[datetime, bool]) -> None:
    made(settings, library)
    assert made(settings, library, NOW + later) == expected


def test_another_story_makes_it_anew(settings: Settings, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    made(settings, library)
    monkeypatch.setattr(demo_store, "_kind", lambda: "another")
    assert made(settings, library) == (NOW, True)


def test_one_that_could_not_be_made_leaves_nothing(
    settings: Settings, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the story does not fit the plans")

    monkeypatch.setattr(demo_store, "play", fail)
    with pytest.raises(RuntimeError):
        made(settings, library)
    assert listing(tmp_path) == []


def test_removal_takes_the_whole_of_it(settings: Settings, library: Library, tmp_path: Path) -> None:
    made(settings, library)
    (settings.data_dir / "drills" / "20261122-1").mkdir(parents=True)
    (settings.data_dir / "drills" / "20261122-1" / "drill.json").write_text("{}")
    remove(settings.data_dir)
    assert listing(tmp_path) == []


def test_removal_leaves_what_somebody_else_put_there(settings: Settings, library: Library) -> None:
    made(settings, library)
    (settings.data_dir / "notes.txt").write_text("mine")
    remove(settings.data_dir)
    assert listing(settings.data_dir) == ["notes.txt"]


def test_the_store_of_an_office_is_never_removed_or_overwritten(settings: Settings, library: Library) -> None:
    open_store(settings.model_copy(update={"data_dir": settings.data_dir})).dispose()
    before = (settings.data_dir / "yuan.db").read_bytes()
    assert refusal(lambda: remove(settings.data_dir)) == "这个文件夹不是演示库，没有动它"
    assert refusal(lambda: made(settings, library)) == "这个文件夹里有别的东西，没有动它"
    assert (settings.data_dir / "yuan.db").read_bytes() == before


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"demo": "yes"}', '{"demo": false}'])
def test_a_marker_that_does_not_say_so_is_none(settings: Settings, text: str) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / MARKER).write_text(text)
    assert refusal(lambda: remove(settings.data_dir)) == "这个文件夹不是演示库，没有动它"


def test_a_demonstration_that_is_being_served_is_not_removed(settings: Settings, library: Library) -> None:
    made(settings, library)
    engine = open_store(settings)
    lead = leadership(engine)
    assert lead.leads()
    assert refusal(lambda: remove(settings.data_dir)) == "演示正在运行"
    lead.resign()
    engine.dispose()
    remove(settings.data_dir)


def test_an_office_is_not_served_from_a_demonstration(settings: Settings, office_settings: Settings, library: Library) -> None:
    refuse_demo(office_settings)
    made(settings, library)
    refuse_demo(office_settings)
    assert refusal(lambda: refuse_demo(settings)) == "这是演示库，不能作正式值守用"
