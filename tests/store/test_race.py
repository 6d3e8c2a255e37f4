"""Several writers at once: one winner, and positions in the order in which readers come to see them."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from pathlib import Path

from sqlalchemy import URL

from api.store.database import connect
from api.store.failure import Conflict
from api.store.journal import Journal
from api.store.schema import migrate
from api.store.verification import verify
from tests.store.databases import Server
from tests.store.samples import NOON, OPENING, draft, opened


def contender(url: URL, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.contender", url.render_as_string(hide_password=False), name]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)


def test_of_two_processes_exactly_one_wins_and_the_other_is_told(store_url: URL, journal: Journal) -> None:
    opened(journal)
    with contender(store_url, "x") as x, contender(store_url, "y") as y:
        assert x.stdin and x.stdout and y.stdin and y.stdout
        for after in range(2, 52):
            for process in (x, y):
                assert process.stdin is not None
                process.stdin.write(f"{after}\n")
            assert sorted((x.stdout.readline(), y.stdout.readline())) in (["won\n", "x\n"], ["won\n", "y\n"])
        x.stdin.close()
        y.stdin.close()
    assert journal.head("a").head_seq == 52


def test_of_many_threads_exactly_one_wins(journal: Journal) -> None:
    opened(journal)
    won: list[int] = []

    def write(n: int) -> None:
        with contextlib.suppress(Conflict):
            won.append(journal.append("a", 2, NOON, [draft(n=n)], f"k{n}")[0].body["n"])

    threads = [threading.Thread(target=write, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.body["n"] for one in journal.read("a", after=2)] == won
    assert len(won) == 1


def test_a_reader_that_follows_positions_misses_nothing(store_url: URL) -> None:
    writers = [Journal(connect(store_url)) for _ in range(4)]
    reader = Journal(connect(store_url))

    def write(n: int) -> None:
        writers[n].open_incident(f"i{n}", OPENING, NOON, [draft()], "0")
        seq = 1
        for key in range(40):
            seq = writers[n].append(f"i{n}", seq, NOON, [draft()] * (1 + key % 2), f"k{key}")[-1].seq

    threads = [threading.Thread(target=write, args=(n,)) for n in range(len(writers))]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    while any(thread.is_alive() for thread in threads) or reader.position() > len(seen):
        seen += [one.position for one in reader.after(seen[-1] if seen else 0)]
    assert seen == list(range(1, 4 * 61 + 1))
    assert verify(reader.engine).breaks == ()
    for one in (*writers, reader):
        one.engine.dispose()


def test_processes_that_start_at_once_on_an_empty_database_make_one_store(postgres: Server, tmp_path: Path) -> None:
    code = (
        "import sys; from sqlalchemy import make_url; from api.store.database import connect; from api.store.schema import migrate;"
        "from api.store.journal import Journal; e = connect(make_url(sys.argv[1])); migrate(e); print(Journal(e).instance())"
    )
    for url in (URL.create("sqlite", database=str(tmp_path / "new" / "yuan.db")), postgres.make(empty=True)):
        command = [sys.executable, "-c", code, url.render_as_string(hide_password=False)]
        started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        said = [process.communicate()[0] for process in started]
        assert [process.returncode for process in started] == [0, 0, 0]
        assert len(set(said)) == 1 and said[0] != ""
        engine = connect(url)
        migrate(engine)
        engine.dispose()
