"""`python -m tests.benchmarks.backtests`: a plan over four years of hours, beside a floor in the same run. It asserts no time.

The floor does in plain Python what nobody can do without: it reads the same file, takes the trailing 24-hour mean of one
pollutant by a running sum, and goes through an if-chain of three thresholds an hour. Without the real series, one of the same
length is made up, seeded.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from api.backtesting.mapping import ColumnMapping, match
from api.backtesting.record import make_record
from api.backtesting.table import read_table
from api.library import library
from engine.drill.backtests.backtest import Delays, Setting, backtest
from engine.drill.backtests.forecast import Forecast

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "beijing-2013-2017-hourly.csv"
PLAN = "shuozhou-heavy-pollution"
HOURS = 35_064
POLLUTANTS = ("pm25", "pm10", "so2", "no2", "co", "o3")


def made_up(path: Path) -> Path:
    """Six pollutants an hour that drift, as long as four years."""
    chance = random.Random(1)
    level = dict(zip(POLLUTANTS, (80.0, 110.0, 15.0, 50.0, 1.2, 60.0), strict=True))
    usual = dict(level)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time", *POLLUTANTS])
        for hour in range(HOURS):
            for key, mean in usual.items():
                level[key] = max(0.1, level[key] + 0.04 * (mean - level[key]) + chance.gauss(0, 0.14 * mean))
            at = datetime(2013, 3, 1) + timedelta(hours=hour)
            writer.writerow([at.isoformat(), *(round(level[key], 1) for key in POLLUTANTS)])
    return path


def floor(path: Path) -> int:
    """Rows read, one mean and one if-chain an hour."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    window: list[float] = []
    total, hours = 0.0, 0
    for row in rows:
        value = float(row["pm25"] or 0)
        window.append(value)
        total += value
        if len(window) > 24:
            total -= window[-25]
        mean = total / 24
        if mean > 350:
            hours += 3
        elif mean > 250:
            hours += 2
        elif mean > 150:
            hours += 1
    return hours


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = REAL if REAL.is_file() else made_up(Path(folder) / "series.csv")
        _measure(path)


def _measure(path: Path) -> None:
    plan = library().plans[PLAN]
    base = min(timed(lambda: floor(path))[0] for _ in range(3))
    reading, record = timed(lambda: _record(plan, path))
    shown = Table(title=f"{record.count} rows, six pollutants, one core ({'real' if path == REAL else 'made up'})")
    for head in ("what", "CPU seconds", "µs a row", "of the floor"):
        shown.add_column(head, justify="left" if head == "what" else "right")

    def put(what: str, seconds: float) -> None:
        shown.add_row(what, f"{seconds:.2f}", f"{seconds / record.count * 1e6:.1f}", f"{seconds / base:.0f}")

    put("floor: one mean, one if-chain", base)
    put("reading the file", reading)
    for what, setting in (
        ("hindsight of 72 h", Setting(Forecast(72))),
        ("the same, state-duration reading", Setting(Forecast(72), choices={"HP-02": "a"})),
        ("hindsight, people take 1 h", Setting(Forecast(72), Delays(1, 1, 1))),
        ("forecast of 72 h with 20 % error", Setting(Forecast(72, error=0.2))),
        ("hindsight of 240 h", Setting(Forecast(240))),
    ):
        put(what, timed(lambda setting=setting: backtest(plan, record, setting))[0])
    Console(file=sys.stdout).print(shown)


def _record(plan: Any, path: Path) -> Any:
    table = read_table(path)
    return make_record(plan, table, match(plan, table.columns, ColumnMapping()))


if __name__ == "__main__":
    main()
