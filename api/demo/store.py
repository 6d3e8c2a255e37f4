"""The store of the demonstration: a folder of its own beside the office's, made anew when it is a day old, and removed whole.

A folder counts as a demonstration only by the marker in it, which is written before anything else and into a fresh folder
only. What has no marker is never touched; a store that has one is never served as an office's.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import URL

from api.demo.play import play
from api.demo.story import STORY, Story, read_story
from api.drills.record import FOLDER
from api.library import Library
from api.people.clock import Clock, system_clock
from api.settings import Settings
from api.store.database import connect
from api.store.leadership import leadership
from api.store.schema import newest, open_store
from engine.plan.finding import YuanError

MARKER = "yuan-demo.json"
STORE = "yuan.db"
FRESH = timedelta(days=1)


def demo_library(places: Sequence[Path]) -> Library:
    """The plans with the demonstration's made-up telephone numbers; what an office has filled in goes before them."""
    return Library((*places[:1], Path(__file__).parent, *places[1:]))


class NoDemo(YuanError):
    """Something was asked of a demonstration that is none, or of an office that is one. Nothing was touched."""

    code = "no-demo"


@dataclass
class Demo:
    """A demonstration that is being served. leave: how to stop the server."""

    folder: Path
    story: Story
    made_at: datetime
    leave: Callable[[], None] = field(default=lambda: os.kill(os.getpid(), signal.SIGINT))
    removal_asked: bool = False

    def ask_removal(self) -> None:
        """Remove it as soon as the server has stopped, and stop the server."""
        self.removal_asked = True
        self.leave()


def demo_settings(settings: Settings) -> Settings:
    """The settings of the demonstration that belongs to these: SQLite in a folder beside theirs, all jurisdictions."""
    beside = settings.data_dir.expanduser().resolve()
    return settings.model_copy(
        update={"data_dir": beside.with_name(f"{beside.name}-demo"), "database_url": None, "jurisdiction": None}
    )


def prepare(settings: Settings, library: Library, clock: Clock = system_clock) -> tuple[Demo, bool]:
    """The demonstration in this folder (`demo_settings`), and whether it was made anew: where there was none, or an old one.

    Raises NoDemo where the folder holds something else.
    """
    folder, now = settings.data_dir, clock()
    made_at = _standing(folder, now)
    if made_at is not None:
        return Demo(folder, read_story(), made_at), False
    story = read_story()
    if folder.exists():
        remove(folder)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        (making / MARKER).write_text(json.dumps({"demo": True, "made_at": now.isoformat(), "of": _kind()}), "utf-8")
        engine = open_store(settings.model_copy(update={"data_dir": making}))
        try:
            play(story, engine, library, now)
        finally:
            engine.dispose()
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return Demo(folder, story, now), True


def remove(folder: Path) -> None:
    """Delete a demonstration: its marker, its store and the exercises beside it. Raises NoDemo where it is none, or is being served."""
    if _marker(folder) is None:
        raise NoDemo("这个文件夹不是演示库，没有动它", where=str(folder), remedy="演示用的是数据文件夹旁边以 -demo 结尾的文件夹")
    if (folder / STORE).exists():
        _check_unused(folder)
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    for path in [*folder.glob(f"{STORE}*"), folder / MARKER]:
        path.unlink(missing_ok=True)
    with suppress(OSError):  # something else was put there
        folder.rmdir()


def refuse_demo(settings: Settings) -> None:
    """Raises NoDemo where an office is about to be served from the store of a demonstration."""
    folder = settings.data_dir.expanduser().resolve()
    if settings.database_url is None and _marker(folder) is not None:
        raise NoDemo(
            "这是演示库，不能作正式值守用",
            where=str(folder),
            remedy="看演示用 yuan serve --demo；正式值守把 YUAN_DATA_DIR 指向别处",
        )


def _marker(folder: Path) -> dict[str, str] | None:
    try:
        found = json.loads((folder / MARKER).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("demo") is True else None


def _standing(folder: Path, now: datetime) -> datetime | None:
    """When the demonstration was made, if it is still good; None where there is none or an old one. Raises NoDemo for another's."""
    marker = _marker(folder)
    if marker is None:
        if folder.exists() and any(folder.iterdir()):
            raise NoDemo(
                "这个文件夹里有别的东西，没有动它", where=str(folder), remedy="移走它，或用 YUAN_DATA_DIR 换一个数据文件夹"
            )
        return None
    try:
        made_at = datetime.fromisoformat(marker["made_at"])
        good = timedelta(0) <= now - made_at < FRESH and marker["of"] == _kind() and (folder / STORE).exists()
    except (KeyError, TypeError, ValueError):
        return None
    return made_at if good else None


def _kind() -> str:
    """What it was made from: the story and the store's schema."""
    return f"{hashlib.sha256(STORY.read_bytes()).hexdigest()[:16]}-{newest()}"


def _check_unused(folder: Path) -> None:
    """Raises NoDemo while a server leads on the store."""
    engine = connect(URL.create("sqlite", database=str(folder / STORE)))
    try:
        lead = leadership(engine)
        if not lead.leads():
            raise NoDemo("演示正在运行", where=str(folder), remedy="先在运行它的窗口按 Ctrl+C，再试")
        lead.resign()
    finally:
        engine.dispose()
