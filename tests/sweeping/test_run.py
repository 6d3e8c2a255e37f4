"""However the chunks are counted, and whoever is lost on the way, the result is the same."""

from __future__ import annotations

import logging
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from api.sweeping.cluster import ClusterUnavailable
from api.sweeping.run import WorkerLost, run
from api.sweeping.work import Chunk, Work, chunks, count, count_packed, packed
from tests.engine.drill.sweeps import EQUIPMENT, order_of


def work(cases: int, **more: Any) -> Work:
    vary = {"deaths": "0:40", "serious_injuries": "poisson(20)", "boiler_explosion": "*"}
    return order_of(EQUIPMENT, vary=vary, cases=cases, seed=6, unknown=0.1, **more).work


def test_all_cases_are_cut_into_chunks_once() -> None:
    assert chunks(10, 4) == [Chunk(0, 4), Chunk(4, 4), Chunk(8, 2)]
    assert chunks(8, 4) == [Chunk(0, 4), Chunk(4, 4)]
    assert chunks(1, 4) == [Chunk(0, 1)]


@pytest.mark.parametrize("more", [{}, {"against": {"readings": {"SE-23": "a"}}}])
def test_what_is_packed_counts_the_same(more: dict[str, Any]) -> None:
    one = work(3000, **more)
    assert count_packed(packed(one), Chunk(100, 2000)) == count(one, Chunk(100, 2000))
    assert pickle.loads(pickle.dumps(count(one, Chunk(0, 50)))) == count(one, Chunk(0, 50))  # noqa: S301 -- just made


def test_the_size_of_chunks_does_not_matter_and_progress_is_told() -> None:
    one = work(5000)
    told: list[tuple[int, int]] = []
    found = run(one, chunk=512, progress=lambda done, total: told.append((done, total)))
    assert found == run(one)
    assert [done for done, _ in told] == [*range(512, 5000, 512), 5000]
    assert {total for _, total in told} == {5000}


def test_processes_count_the_same() -> None:
    one = work(20_000)
    assert run(one, jobs=2, small=0, chunk=2000) == run(one)


@pytest.mark.long
def test_a_lost_process_is_made_up_for() -> None:
    one = work(40_000, against={"readings": {"SE-23": "a"}})
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if not killed:
            children = [pid for pid in _children(os.getpid()) if "spawn_main" in _command(pid)]
            killed.extend(children[:1])
            for pid in killed:
                os.kill(pid, signal.SIGKILL)

    found = run(one, jobs=2, small=0, chunk=2000, progress=kill)
    assert killed
    assert found == run(one)


def test_processes_that_are_lost_again_and_again_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.sweeping.run.MOST_BREAKS", 0)
    with pytest.raises(WorkerLost) as raised:
        run(work(1000), jobs=2, small=0)
    assert "--jobs 1" in raised.value.remedy


def test_a_cluster_counts_the_same_though_a_worker_is_killed() -> None:
    one = work(300_000)
    killed: list[int] = []
    with cluster(workers=2) as (address, pids):

        def kill(done: int, total: int) -> None:
            if not killed and done >= 40_000:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        found = run(one, scheduler=address, chunk=20_000, progress=kill)
    assert killed
    assert found == run(one)


@pytest.mark.long
def test_a_cluster_counts_twenty_million_cases() -> None:
    one = work(20_000_000, against={"readings": {"SE-23": "a"}})
    killed: list[int] = []
    with cluster(workers=2) as (address, pids):

        def kill(done: int, total: int) -> None:
            if not killed and done >= total // 3:
                killed.append(pids[1])
                os.kill(pids[1], signal.SIGKILL)

        found = run(one, scheduler=address, progress=kill)
    assert killed
    assert found == run(one, jobs=2)


def test_a_cluster_that_is_not_there_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.sweeping.cluster.PATIENCE", 0.2)
    with pytest.raises(ClusterUnavailable) as raised:
        run(work(100), scheduler="tcp://127.0.0.1:1")
    assert "tcp://127.0.0.1:1" in raised.value.message
    assert "dask scheduler" in raised.value.remedy
    with pytest.raises(ClusterUnavailable) as raised:
        run(work(100), scheduler="nonsense://x")
    assert "连不上" in raised.value.message


def test_without_the_extra_the_command_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterUnavailable) as raised:
        run(work(100), scheduler="tcp://127.0.0.1:1")
    assert "pip install 'yuan[cluster]'" in raised.value.remedy


def _children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as listed:
        return [int(one) for one in listed.read().split()]


def _command(pid: int) -> str:
    with open(f"/proc/{pid}/cmdline", "rb") as line:
        return line.read().replace(b"\0", b" ").decode()


@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, list[int]]]:
    """A scheduler here, and workers in processes of their own without nannies: a killed one stays away."""
    from distributed import LocalCluster

    code = "import sys; from distributed.cli.dask_worker import main; sys.argv[0] = 'dask worker'; main()"
    quiet = {**os.environ, "DASK_LOGGING__DISTRIBUTED": "critical", "PYTHONPATH": os.getcwd()}
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    with LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1", silence_logs=logging.CRITICAL) as scheduler:
        address: str = scheduler.scheduler_address
        running = [
            subprocess.Popen([sys.executable, "-c", code, address, *options], env=quiet, stderr=subprocess.DEVNULL)
            for _ in range(workers)
        ]
        try:
            _wait_for(scheduler, workers)
            yield address, [one.pid for one in running]
        finally:
            for one in running:
                one.kill()
                one.wait()


def _wait_for(scheduler: Any, workers: int) -> None:
    for _ in range(600):
        if len(scheduler.scheduler.workers) == workers:
            return
        time.sleep(0.1)
    raise AssertionError("the workers did not come")
