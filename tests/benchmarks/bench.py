"""`python -m tests.benchmarks.bench`: one table, everything in one run, medians and ratios to the floor. It asserts no time.

Facts are at least 2,000 distinct, fresh objects; a row says what a repeated pass over them costs a case (median of the
passes), and what the first pass over them cost with nothing worked out before: no cache is warm that would not be in use.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.table import Table

from api.library import load_plans
from engine.assess import assess
from engine.checkup import check_up
from engine.contract import explained_data
from engine.plan.model import Plan
from engine.trigger.facts import validate
from tests.benchmarks.floor import grade
from tests.benchmarks.peers import kleene_levels, zen_grade
from tests.engine.samples import Sample, complete, plan_of
from tests.engine.walker import known

SPECIAL, COUNTIES = "shuozhou-special-equipment", "shuozhou-meteorological"
CASES = 2_500
PASSES = 15


@dataclass(frozen=True)
class Row:
    """Seconds a case. `first`: of the first pass; `target`: what is asked for, a ratio to the floor or seconds."""

    name: str
    seconds: float
    first: float | None = None
    ratio_target: float | None = None
    seconds_target: float | None = None


def per_case(work: Callable[[Any], Any], cases: Sequence[Any], passes: int = PASSES) -> tuple[float, float]:
    """Seconds a case: the median of several passes, and the first pass."""
    found = []
    for _ in range(passes + 1):
        start = time.perf_counter()
        for case in cases:
            work(case)
        found.append((time.perf_counter() - start) / len(cases))
    return statistics.median(found[1:]), found[0]


def samples(plan: Plan, unknown: float, count: int = CASES) -> list[Sample]:
    """Distinct facts with this share of the variables unknown, under the plan's own readings."""
    found: dict[str, Sample] = {}
    seed = 0
    while len(found) < count:
        random = Random(seed)
        seed += 1
        sample = complete(plan, random, {})
        if unknown:
            raw: dict[str, Any] = {}
            for key, area in sample.variables():
                if random.random() < unknown:
                    continue
                areas, _, name = key.partition(".")
                (raw.setdefault(areas, {}).setdefault(area, {}) if name else raw)[name or key] = known(sample.raw, (key, area))
            sample = Sample(plan, raw, {})
        found.setdefault(repr(sample.raw), sample)
    return list(found.values())


def balanced(raws: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each grade about equally often: an if-chain is quicker the higher the grade."""
    by_grade: dict[str | None, list[dict[str, Any]]] = {}
    for raw in raws:
        by_grade.setdefault(grade(raw), []).append(raw)
    least = min(len(found) for found in by_grade.values())
    return [raw for found in by_grade.values() for raw in found[:least]]


def assessing(plan: Plan, unknown: float, name: str, **targets: float) -> Row:
    """The public call on validated facts, with a plan that has worked nothing out yet."""
    fresh = replace(plan, memo={})
    facts = [validate(plan, sample.raw) for sample in samples(plan, unknown)]
    median, first = per_case(lambda one: assess(fresh, one), facts, PASSES if plan.id == SPECIAL else 3)
    return Row(name, median, first, **targets)


def explaining(plan: Plan, name: str) -> Row:
    fresh = replace(plan, memo={})
    facts = [validate(plan, sample.raw) for sample in samples(plan, 0.5, 60)]
    median, first = per_case(lambda one: explained_data(assess(fresh, one)), facts, 1)
    return Row(name, median, first)


def first_explanation(plan: Plan) -> Row:
    times = []
    for sample in samples(plan, 0.5, 7):
        fresh = replace(plan, memo={})
        start = time.perf_counter()
        explained_data(assess(fresh, validate(fresh, sample.raw)))
        times.append(time.perf_counter() - start)
    return Row(f"第一次说明（{plan.title}，一半未知）", statistics.median(times))


def loading() -> Row:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        check_up(load_plans())
        times.append(time.perf_counter() - start)
    return Row("装入并检查全部预案", statistics.median(times), seconds_target=0.5)


def cold_start() -> Row | None:
    """`yuan assess` of one case in a new process; None while there is no such command."""
    with tempfile.TemporaryDirectory() as folder:
        facts = Path(folder) / "facts.yaml"
        facts.write_text("deaths: 12\n", "utf-8")
        command = [sys.executable, "-m", "api.cli", "assess", SPECIAL, str(facts), "--json"]
        times = []
        for _ in range(5):
            start = time.perf_counter()
            if subprocess.run(command, capture_output=True, check=False).returncode:
                return None
            times.append(time.perf_counter() - start)
    return Row("冷启动 yuan assess 一例", statistics.median(times), seconds_target=0.7)


def peers(plan: Plan) -> list[Row]:
    raws = [sample.raw for sample in samples(plan, 0)]
    rows = [Row("朴素三值解释器（事实齐全）", per_case(lambda raw: kleene_levels(plan, raw), raws, 3)[0])]
    try:
        for trace in (False, True):
            decide = zen_grade(plan, trace=trace)
            rows.append(Row(f"zen-engine 决策表，只算分级{'，带 trace' if trace else ''}", per_case(decide, raws[:500], 3)[0]))
    except ImportError:
        pass
    return rows


def measure() -> tuple[float, list[Row]]:
    """The floor in seconds, and every row."""
    special, counties = plan_of(SPECIAL), plan_of(COUNTIES)
    floor, _ = per_case(grade, balanced([sample.raw for sample in samples(special, 0, 4 * CASES)]), 40)
    rows = [
        Row("手写 if 链：特种设备事故分级（底线）", floor, seconds_target=1e-6),
        assessing(special, 0, "assess 特种设备，事实齐全", ratio_target=10),
        assessing(special, 0.5, "assess 特种设备，一半未知", ratio_target=15),
        assessing(counties, 0, "assess 气象六县，事实齐全", seconds_target=5e-3),
        assessing(counties, 0.5, "assess 气象六县，一半未知", seconds_target=25e-3),
        explaining(special, "说明、距离、追问 特种设备，一半未知"),
        explaining(counties, "说明、距离、追问 气象六县，一半未知"),
        first_explanation(special),
        first_explanation(plan_of("wutai-communications")),
        first_explanation(counties),
        *peers(special),
        loading(),
    ]
    cold = cold_start()
    return floor, [*rows, cold] if cold else rows


def shown(seconds: float | None) -> str:
    if seconds is None:
        return ""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.2f} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def main() -> None:
    floor, rows = measure()
    table = Table(title=f"每例用时（中位数；{CASES} 组互不相同的事实）")
    for name in ("项目", "每例", "第一遍每例", "底线的倍数", "目标"):
        table.add_column(name, justify="left" if name == "项目" else "right")
    for row in rows:
        met = (row.ratio_target is None or row.seconds <= row.ratio_target * floor) and (
            row.seconds_target is None or row.seconds <= row.seconds_target
        )
        target = f"{row.ratio_target:g} 倍" if row.ratio_target else shown(row.seconds_target)
        style = "" if not target else "green" if met else "red"
        table.add_row(row.name, shown(row.seconds), shown(row.first), f"{row.seconds / floor:,.1f}", target, style=style)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
