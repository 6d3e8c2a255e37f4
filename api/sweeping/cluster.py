"""Counting on a Dask cluster (optional extra `cluster`). A worker that is lost takes nothing with it: its chunks are counted again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from api.sweeping.work import Chunk, Counted, count_packed
from engine.plan.finding import YuanError

AHEAD = 4
"""Chunks for each thread of the cluster that wait or are being counted."""
RETRIES = 3
PATIENCE = 20
"""Seconds to wait for the scheduler, and for the first worker."""


class ClusterUnavailable(YuanError):
    """The cluster cannot be used: the extra is missing, or nobody answers."""

    code = "cluster-unavailable"


def count_on_cluster(work: bytes, cut: Iterable[Chunk], scheduler: str) -> Iterator[tuple[Chunk, Counted]]:
    """The counts of each chunk as they come. Raises ClusterUnavailable."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise ClusterUnavailable(
            "没有安装 distributed", where="--scheduler", remedy="pip install 'yuan[cluster]'，或不写 --scheduler"
        ) from None
    try:
        client: Any = Client(scheduler, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterUnavailable(
            f"连不上集群 {scheduler}：{str(error).splitlines()[0][:120] if str(error) else '没有回答'}",
            where="--scheduler",
            remedy="检查地址（tcp://主机:端口），并先启动 dask scheduler 和 dask worker",
        ) from None
    try:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise ClusterUnavailable(
                f"集群 {scheduler} 没有工作进程", where="--scheduler", remedy=f"启动工作进程：dask worker {scheduler}"
            ) from None
        yield from _counted(client, as_completed, work, cut)
    finally:
        client.close()


def _counted(client: Any, as_completed: Any, work: bytes, cut: Iterable[Chunk]) -> Iterator[tuple[Chunk, Counted]]:
    left = iter(cut)
    known: dict[str, Chunk] = {}

    def submit(chunk: Chunk) -> Any:
        future = client.submit(count_packed, work, chunk, pure=False, retries=RETRIES)
        known[future.key] = chunk
        return future

    threads = sum(client.nthreads().values()) or 1
    coming = as_completed([submit(one) for one in islice(left, threads * AHEAD)], loop=client.loop)
    for future in coming:
        if future.status != "finished":
            raise _failed(future.exception())
        yield known.pop(future.key), future.result()
        future.release()
        for one in islice(left, 1):
            coming.add(submit(one))


def _failed(error: BaseException) -> ClusterUnavailable:
    """Why a chunk could not be counted, in words."""
    if isinstance(error, ImportError):
        return ClusterUnavailable(
            f"集群的工作进程缺少模块：{error}", where="--scheduler", remedy="在每台工作机上安装同一版本的 yuan，再试"
        )
    return ClusterUnavailable(
        f"集群没有算完：{type(error).__name__}", where="--scheduler", remedy="看工作进程的日志，或不写 --scheduler 在本机算"
    )
