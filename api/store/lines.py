"""The form in which rows leave a store and come into one: JSON lines with a header, and a checksum at the end.

First line: what it is, of which schema and store, and how many rows of each table follow. Then one line a row:
`{"row":{…},"table":"…"}`. Last line: the SHA-256 of all bytes before it. Every line is canonical JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from api.reading import BadInput
from api.store.failure import StoreDamaged
from engine.incident.chain import canonical

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Header:
    """kind: `journal` or `backup`. schema: the migration that the rows belong to. instance: the store's id. counts: rows by table."""

    kind: str
    schema: str
    instance: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many rows follow."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file. number: its line, from 1."""

    number: int
    table: str
    row: dict[str, Any]


class Writer:
    """Writes a file to a stream of bytes, and keeps its checksum."""

    def __init__(self, stream: IO[bytes], header: Header) -> None:
        self._stream = stream
        self._sum = hashlib.sha256()
        told = {"yuan": header.kind, "format": FORMAT, "schema": header.schema, "instance": header.instance}
        self._write(told | {"counts": dict(header.counts)})

    def row(self, table: str, row: Mapping[str, Any]) -> None:
        """Write one row."""
        self._write({"table": table, "row": dict(row)})

    def end(self) -> None:
        """Write the checksum."""
        self._write({"sha256": self._sum.hexdigest()})
        self._stream.flush()

    def _write(self, data: Any) -> None:
        line = canonical(data).encode() + b"\n"
        self._sum.update(line)
        self._stream.write(line)


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there whole and on disk, or not at all; readable by its owner alone; never over another. Raises BadInput."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.exists():
            raise FileExistsError(0, "文件已经存在")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(path)
        if os.name == "posix":
            folder = os.open(path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
    except OSError as error:
        raise BadInput(f"写不了文件：{error.strerror}", where=str(path), remedy="换一个文件名，或检查权限和磁盘空间") from None
    finally:
        draft.unlink(missing_ok=True)


def read_header(path: Path, kind: str) -> Header:
    """What the file says of itself. Raises BadInput where it is none of ours, or not of this kind."""
    try:
        with path.open("rb") as stream:
            told = json.loads(stream.readline())
        header = Header(told["yuan"], told["schema"], told["instance"], told["counts"])
        known = told["format"] == FORMAT
    except OSError as error:
        raise BadInput(f"读不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None
    except (ValueError, KeyError, TypeError):
        raise BadInput(
            "不是 Yuan 写出的文件", where=f"{path}:1", remedy="用 yuan journal export 或 yuan backup 写出的文件"
        ) from None
    if not known:
        raise BadInput(f"文件的格式（{told['format']}）比这一版 Yuan 所知的新", where=f"{path}:1", remedy="改用更新的 Yuan")
    if header.kind != kind:
        command = {"journal": "yuan journal import", "backup": "yuan restore"}.get(header.kind, "")
        raise BadInput("文件不是这个命令读的那一种", where=f"{path}:1", remedy=f"用 {command}" if command else "检查文件")
    return header


def read_rows(path: Path) -> Iterator[Line]:
    """The rows in order. Raises StoreDamaged at the first line that cannot be read, and at the end where the checksum is wrong."""
    total = hashlib.sha256()
    with path.open("rb") as stream:
        total.update(stream.readline())
        for number, raw in enumerate(stream, start=2):
            try:
                told = json.loads(raw)
                if "sha256" in told:
                    if told["sha256"] != total.hexdigest() or stream.read(1):
                        raise _damaged(path, number, "文件的校验值不符：文件被改动过，或不完整")
                    return
                line = Line(number, told["table"], dict(told["row"]))
            except (ValueError, KeyError, TypeError):
                raise _damaged(path, number, "这一行读不出来") from None
            total.update(raw)
            yield line
    raise _damaged(path, 0, "文件不完整：缺最后的校验值")


def _damaged(path: Path, number: int, words: str) -> StoreDamaged:
    return StoreDamaged(words, where=f"{path}:{number}" if number else str(path), remedy="用另一份完好的文件")
