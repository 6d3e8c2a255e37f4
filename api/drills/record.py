"""What stays of a drill on disk: `drill.json` in a folder of its own, beside the stores and the acts of its branches."""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from api.drills.kept import BadRecord, Plans, kept, known, restored
from engine.drill.review.issue import Issue
from engine.drill.run import Act, Refusal
from engine.drill.scenario import MARK, Scenario
from engine.incident.command import Actor

FOLDER = "drills"
"""Where in the data folder the drills are."""
FILE = "drill.json"
VERSION = 1
NO_PLANS: Plans = {}
log = logging.getLogger("yuan")


@known
@dataclass(frozen=True, slots=True)
class KeptBranch:
    """A branch as it is kept. plans: digests that it began under. by: who took the first report down. store: name of its files.

    at: how far it had come. over: whether nothing more could come. total: its evaluation in short, once the drill has ended.
    """

    key: str
    label: str
    parent: str | None
    since: datetime | None
    changes: str
    scenario: Scenario
    plans: tuple[str, ...]
    by: Actor
    store: str
    at: datetime
    over: bool = False
    total: Mapping[str, Any] = field(default_factory=dict)


@known
@dataclass(frozen=True, slots=True)
class Record:
    """A drill as it is kept. issues: by branch, those that people added or changed. owners: issue (branch/id) -> person's id."""

    id: str
    title: str
    director: str
    started_at: datetime
    ended_at: datetime | None
    parts: Mapping[str, frozenset[str]]
    branches: tuple[KeptBranch, ...]
    issues: Mapping[str, tuple[Issue, ...]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    director_name: str = ""


class Diary:
    """The acts of a branch in a file, one a line, as they are done. Safe to share among threads.

    A disk that takes no more does not stop the exercise: the record is incomplete then, and a drill cannot be resumed from it.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._stream = path.open("x", encoding="utf-8")

    def __call__(self, act: Act, refused: tuple[Refusal, ...]) -> None:
        line = json.dumps({"act": kept(act), "refused": kept(refused)}, ensure_ascii=False, separators=(",", ":"))
        with self._lock:
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except (OSError, ValueError):
                log.exception("an act of a drill is not kept")

    def close(self) -> None:
        """No more acts."""
        with self._lock:
            self._stream.close()


def read_diary(path: Path, plans: Plans) -> Iterator[tuple[Act, tuple[Refusal, ...]]]:
    """The acts of a branch; a last line that was not written out ends them. Raises BadRecord."""
    try:
        lines = path.read_text("utf-8").splitlines(keepends=True)
    except (OSError, ValueError) as error:
        raise BadRecord(f"读不了推演的动作记录：{error}", where=path.name, remedy="只能查看日志，不能续演") from None
    for line in lines:
        if not line.endswith("\n"):
            return
        try:
            found = json.loads(line)
            act, refused = found["act"], found["refused"]
        except (ValueError, KeyError, TypeError):
            raise BadRecord("推演的动作记录有一行读不懂", where=path.name, remedy="只能查看日志，不能续演") from None
        yield restored(act, plans), restored(refused, plans)


def last_act(path: Path) -> datetime | None:
    """When the last act of a branch was done, by its file; None where that cannot be told."""
    try:
        lines = [one for one in path.read_text("utf-8").splitlines(keepends=True) if one.endswith("\n")]
        return datetime.fromisoformat(json.loads(lines[-1])["act"]["at"]["at"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


class Shelf:
    """The folder of all drills."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def next_id(self, day: str) -> str:
        """A name that no drill of this day has, or had."""
        numbers = [int(one.name.rpartition("-")[2]) for one in self.folder.glob(f"{day}-*") if one.name[-1].isdigit()]
        return f"{day}-{max(numbers, default=0) + 1}"

    def path(self, drill_id: str, name: str) -> Path:
        """A file of a drill."""
        return self.folder.resolve() / drill_id / name

    def make(self, drill_id: str) -> None:
        """Its folder. Raises OSError."""
        self.path(drill_id, FILE).parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, record: Record, text: str) -> None:
        """Put the record on disk, whole or not at all. text: the scenario's file, for people."""
        head = {"yuan": "drill", "version": VERSION, "mark": MARK, "title": record.title, "scenario": text}
        self.put(record.id, FILE, {**head, "record": kept(record)})

    def put(self, drill_id: str, name: str, data: Any) -> None:
        """A file of JSON, whole or not at all."""
        path = self.path(drill_id, name)
        beside = path.with_suffix(f".{threading.get_ident()}.new")
        with beside.open("w", encoding="utf-8") as stream:
            json.dump(data, stream, ensure_ascii=False, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)

    def read(self) -> Iterable[Record]:
        """The record of every drill, the oldest first; what cannot be read is left out, loudly."""
        found = []
        for path in self.folder.glob(f"*/{FILE}"):
            try:
                data = json.loads(path.read_text("utf-8"))
                if data["yuan"] != "drill" or data["version"] != VERSION:
                    raise BadRecord("不是这一版的推演记录")
                record = restored(data["record"], NO_PLANS)
                if not isinstance(record, Record) or record.id != path.parent.name:
                    raise BadRecord("推演记录与文件夹不符")
            except (OSError, ValueError, KeyError, TypeError, BadRecord) as error:
                log.warning("the record of a drill cannot be read: %s (%s)", path, error)
                continue
            found.append(record if record.ended_at is not None else self._come_to(record))
        return sorted(found, key=lambda one: (one.started_at, one.id))

    def _come_to(self, record: Record) -> Record:
        """A drill that its server did not put away has come as far as its last acts."""
        branches = []
        for one in record.branches:
            last = last_act(self.path(record.id, f"{one.store}.acts"))
            branches.append(one if last is None or last <= one.at else replace(one, at=last))
        return replace(record, branches=tuple(branches))

    def remove(self, drill_id: str) -> None:
        """Delete a drill's folder."""
        shutil.rmtree(self.path(drill_id, FILE).parent)

    def forget(self, drill_id: str, store: str) -> None:
        """Delete the files of a branch that stand under a name."""
        for path in self.path(drill_id, FILE).parent.glob(f"{store}.*"):
            path.unlink(missing_ok=True)
