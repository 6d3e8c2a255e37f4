"""Counting a whole sweep: here, in processes of this machine, or on a cluster. The result is the same, whatever the order."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from api.sweeping.work import CHUNK, Chunk, Counted, Work, chunks, count, count_packed, packed, size_of
from engine.plan.finding import YuanError

Progress = Callable[[int, int], None]
"""Told the cases counted so far, and all."""
SMALL = 2_000_000
"""Cases that are counted sooner than other processes would have begun."""
AHEAD = 2
"""Chunks for each process that wait or are being counted: memory stays constant, and nobody waits for work."""
MOST_BREAKS = 3


class WorkerLost(YuanError):
    """Processes that count kept being ended from outside."""

    code = "worker-lost"


def run(
    work: Work,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
    chunk: int = CHUNK,
    small: int = SMALL,
) -> Counted:
    """The counts of all cases. jobs: processes on this machine; scheduler: the address of a Dask cluster, instead of them.

    Raises WorkerLost, and ClusterUnavailable (`api.sweeping.cluster`).
    """
    size = size_of(work)
    cut = chunks(size, chunk)
    if scheduler is not None:
        from api.sweeping.cluster import count_on_cluster

        found = count_on_cluster(packed(work), cut, scheduler)
    elif jobs > 1 and size > small:
        found = _in_processes(packed(work), cut, jobs)
    else:
        found = ((one, count(work, one)) for one in cut)
    return _added(found, size, progress)


def _added(found: Iterable[tuple[Chunk, Counted]], size: int, progress: Progress | None) -> Counted:
    total: Counted | None = None
    done = 0
    for chunk, counted in found:
        total = counted if total is None else total + counted  # type: ignore[operator]
        done += chunk.length
        if progress is not None:
            progress(done, size)
    assert total is not None
    return total


def _leave_interrupts() -> None:
    """Ctrl+C is for the process that was called; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _in_processes(work: bytes, cut: Iterable[Chunk], jobs: int) -> Iterator[tuple[Chunk, Counted]]:
    """Counted by fresh processes. If one is ended from outside, what was not counted yet is begun anew in others."""
    left = iter(cut)
    again: list[Chunk] = []
    for _ in range(MOST_BREAKS):
        pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _leave_interrupts)
        waiting: dict[Future[Counted], Chunk] = {}
        try:
            while True:
                room = jobs * AHEAD - len(waiting)
                fresh = [again.pop() for _ in range(min(room, len(again)))]
                for one in [*fresh, *islice(left, room - len(fresh))]:
                    waiting[pool.submit(count_packed, work, one)] = one
                if not waiting:
                    return
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    counted = future.result()
                    yield waiting.pop(future), counted
        except BrokenProcessPool:
            again += waiting.values()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    raise WorkerLost("计数的进程屡次被系统终止", where="--jobs", remedy="多半是内存不够：写 --jobs 1，或减少变动的指标")
