"""JSON lines from a file or from standard input to standard output, in constant memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from api.cases import MOST_LINE
from api.library import load_plans
from api.reading import BadInput
from engine.plan.model import Plan


def answer_file(path: Path, answers: Callable[[Iterator[bytes | None], Callable[[str], Plan]], Iterator[str]]) -> None:
    """Write the answers to the lines of a file, or with `-` of standard input. Raises BadInput."""
    loaded = load_plans()
    if str(path) == "-":
        _write(answers(_lines(sys.stdin.buffer), loaded.plan), at_once=True)
        return
    try:
        stream = path.open("rb")
    except OSError as error:
        raise BadInput(f"读不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None
    with stream:
        _write(answers(_lines(stream), loaded.plan), at_once=False)


def _write(lines: Iterator[str], *, at_once: bool) -> None:
    """UTF-8 whatever the locale; line by line where somebody may wait for each answer."""
    out = sys.stdout.buffer
    for line in lines:
        out.write(line.encode())
        if at_once:
            out.flush()
    out.flush()


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream, in constant memory: one that is over the limit comes as None."""
    while line := stream.readline(MOST_LINE):
        if line.endswith(b"\n") or len(line) < MOST_LINE:
            yield line
            continue
        while (rest := stream.readline(MOST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None
