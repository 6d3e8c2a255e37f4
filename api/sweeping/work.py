"""The one piece of work of a sweep, wherever it is done: count some of its cases."""

from __future__ import annotations

import pickle
import zlib
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from engine.drill.sweeps.sweep import Sweep, Tally, count_cases
from engine.drill.sweeps.sweep_difference import Comparison, Contrast, contrast_cases

Work = Sweep | Comparison
Counted = Tally | Contrast
CHUNK = 1 << 17
"""Cases of a chunk: some tens of megabytes while it is counted."""
MOST_OPEN = 4


class Chunk(NamedTuple):
    """Some cases, one after another."""

    start: int
    length: int


def count(work: Work, chunk: Chunk) -> Counted:
    """The counts of a chunk."""
    if isinstance(work, Comparison):
        return contrast_cases(work, *chunk)
    return count_cases(work, *chunk)


def size_of(work: Work) -> int:
    """How many cases there are."""
    return work.one.cases.size if isinstance(work, Comparison) else work.cases.size


def chunks(size: int, longest: int = CHUNK) -> list[Chunk]:
    """All cases, cut."""
    return [Chunk(start, min(longest, size - start)) for start in range(0, size, longest)]


def packed(work: Work) -> bytes:
    """The work as bytes, without what is compiled from its plans: that is compiled anew where it is done."""
    bare = Comparison(_bare(work.one), _bare(work.two)) if isinstance(work, Comparison) else _bare(work)
    return zlib.compress(pickle.dumps(bare))


def count_packed(work: bytes, chunk: Chunk) -> Counted:
    """The counts of a chunk, in a process that knows nothing yet."""
    return count(_unpacked(work), chunk)


def _bare(sweep: Sweep) -> Sweep:
    return replace(sweep, plan=replace(sweep.plan, memo={}))


@lru_cache(MOST_OPEN)
def _unpacked(work: bytes) -> Work:
    found: Work = pickle.loads(zlib.decompress(work))  # noqa: S301 - packed by this very program
    return found
