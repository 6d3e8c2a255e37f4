"""`python -m tests.benchmarks.arrays`: a million fact sets at once against the same facts one by one in plain Python, in one run.

The chains of `tests.benchmarks.floor` (the grade alone) and of this file (all scales with the clauses that bear them out)
run over a part of the same cases, as dicts made beforehand; the array form over all of them, its levels, possible levels and
clauses of every scale written out as arrays, or only as the numbers of the states that say all of this. Times are of the
processor, contenders take turns, ratios are of the same turn. It asserts no time. `--many`: a hundred million cases, a block at a time.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from engine.plan.model import Plan
from engine.trigger.array import ArrayForm, Outcomes, array_form
from tests.benchmarks.floor import grade
from tests.engine.samples import MOODS, plan_of, walker
from tests.engine.walker import indicator_of

SPECIAL = "shuozhou-special-equipment"
CASES = 1_000_000
DICTS = 100_000
PASSES = 7
MANY = 100_000_000
Columns = dict[str, NDArray[Any]]


def assess_by_hand(f: Mapping[str, Any]) -> dict[str, tuple[str | None, list[str]]]:
    """Warning, grade and response with the clauses that bear them out: 附件2, 附件5 and 附件6 of 朔政办发〔2020〕58号 as a plain if-chain."""
    one, two, three, four = found = [], [], [], []  # type: ignore[var-annotated]
    deaths = f["deaths"]
    if deaths >= 30:
        one.append("附件2 特别重大事故1")
    elif deaths >= 10:
        two.append("附件2 重大事故1")
    elif deaths >= 3:
        three.append("附件2 较大事故1")
    elif deaths >= 1:
        four.append("附件2 一般事故1")
    injuries = f["serious_injuries"]
    if injuries >= 100:
        one.append("附件2 特别重大事故1")
    elif injuries >= 50:
        two.append("附件2 重大事故1")
    elif injuries >= 10:
        three.append("附件2 较大事故1")
    elif injuries > 0:
        four.append("附件2 一般事故1")
    loss = f["direct_economic_loss"]
    if loss >= 100_000_000:
        one.append("附件2 特别重大事故1")
    elif loss >= 50_000_000:
        two.append("附件2 重大事故1")
    elif loss >= 10_000_000:
        three.append("附件2 较大事故1")
    elif loss >= 10_000:
        four.append("附件2 一般事故1")
    evacuees = f["toxic_leak_evacuees"]
    if evacuees >= 150_000:
        one.append("附件2 特别重大事故3")
    elif evacuees >= 50_000:
        two.append("附件2 重大事故3")
    elif evacuees >= 10_000:
        three.append("附件2 较大事故3")
    elif evacuees >= 500:
        four.append("附件2 一般事故2")
    large = f["boiler_capacity"] >= 600
    if f["boiler_explosion"]:
        three.append("附件2 较大事故2")
        if large:
            one.append("附件2 特别重大事故2")
    if large and f["boiler_outage_duration"] >= 240:
        two.append("附件2 重大事故2")
    for stranded, duration, least, clause in (
        (f["ropeway_stranded"], f["ropeway_stranding_duration"], 3.5, "附件2 一般事故5"),
        (f["ride_stranded"], f["ride_stranding_duration"], 1, "附件2 一般事故6"),
    ):
        if duration >= 12:
            three.append("附件2 较大事故5")
            if stranded >= 100 and duration >= 24:
                (one if duration >= 48 else two).append("附件2 特别重大事故4" if duration >= 48 else "附件2 重大事故4")
        elif duration >= least:
            four.append(clause)
    if f["pressure_vessel_explosion"] or f["pressure_pipeline_explosion"]:
        three.append("附件2 较大事故2")
    if f["crane_overturn"]:
        three.append("附件2 较大事故4")
    if f["elevator_entrapment_duration"] >= 2:
        four.append("附件2 一般事故3")
    if f["crane_structure_fracture"] or f["crane_hoist_fall"]:
        four.append("附件2 一般事故4")
    grade, clauses = next(((level, own) for level, own in zip(("I", "II", "III", "IV"), found, strict=True) if own), (None, []))
    danger = f["hidden_danger_grade"]
    warning: tuple[str | None, list[str]] = (None, [])
    if danger != "none" and f["public_gathering_place"]:
        warning = {
            "IV": ("blue", ["附件5 四级"]),
            "III": ("yellow", ["附件5 三级"]),
            "II": ("orange", ["附件5 二级"]),
            "I": ("red", ["附件5 一级"]),
        }[danger]
    led = f["leading_group_response"]
    if one or two or led == "I":
        response: tuple[str | None, list[str]] = ("I", ["附件6 一级", *two, *one])
    elif three or led == "II":
        response = ("II", ["附件6 二级", *three])
    elif four or led == "III":
        response = ("III", ["附件6 三级", *four])
    else:
        response = (None, [])
    return {"warning": warning, "grade": (grade, clauses), "response": response}


def random_columns(plan: Plan, count: int, seed: int, unknown: float = 0.0) -> Columns:
    """Columns of every indicator that the scales ask for: as it normally is or any value at or around a threshold, some unknown.

    The same distribution as `tests.engine.samples.complete`. Counts are int64 unless some are unknown, quantities float64.
    """
    random = np.random.default_rng(seed)
    mood = random.choice(MOODS, count)
    asked = walker(plan, {})
    found: Columns = {}
    for key in dict.fromkeys(key for scale in plan.scales for key, _ in asked.used(scale)):
        indicator = indicator_of(plan, key)
        values = asked.representatives((key, None), None)
        normal: Any = indicator.normal
        kind: Any = np.int64 if indicator.type == "integer" and not unknown else np.float64
        if indicator.type == "boolean":
            kind = np.int8
        if indicator.type == "enum":
            kind = np.int16
            values, normal = list(range(len(values))), indicator.values.index(normal)
        drawn = np.array(values, kind)[random.integers(0, len(values), count)]
        column = np.where(random.random(count) < mood, kind(normal), drawn)
        if unknown:
            column[random.random(count) < unknown] = np.nan if kind is np.float64 else -1
        found[key] = column
    return found


def dicts(plan: Plan, columns: Columns, count: int) -> list[dict[str, Any]]:
    """The first cases as facts one by one: fresh objects, complete."""
    lists = []
    for key, column in columns.items():
        indicator = indicator_of(plan, key)
        values = column[:count].tolist()
        if indicator.type == "boolean":
            values = [bool(value) for value in values]
        elif indicator.type == "enum":
            values = [indicator.values[value] for value in values]
        lists.append(values)
    return [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]


def written_out(outcomes: Outcomes) -> list[Any]:
    """Level, possible levels and clauses of every scale and case, as arrays."""
    return [
        one
        for scale in outcomes.form.scales
        for one in (outcomes.ranks(scale), outcomes.possible(scale), outcomes.clauses(scale))
    ]


@dataclass(frozen=True)
class Contender:
    """Work on so many cases; `target`: how many times the floor's speed it is to have."""

    name: str
    work: Callable[[], Any]
    cases: int
    target: float | None = None


def one_by_one(work: Callable[[Mapping[str, Any]], Any], cases: list[dict[str, Any]]) -> Callable[[], None]:
    def all_of_them() -> None:
        for case in cases:
            work(case)

    return all_of_them


def race(contenders: list[Contender], passes: int) -> tuple[list[float], list[list[float]]]:
    """Seconds of processor time a case: of each one's first pass, then of so many passes in which they take turns."""

    def once(one: Contender) -> float:
        start = time.process_time()
        one.work()
        return (time.process_time() - start) / one.cases

    return [once(one) for one in contenders], [[once(one) for one in contenders] for _ in range(passes)]


def fresh_form(plan: Plan, *, accelerate: bool) -> ArrayForm:
    """A form that has worked nothing out yet."""
    return array_form(replace(plan, memo={}), accelerate=accelerate)


def blocks(plan: Plan, count: int, size: int) -> Iterator[tuple[Columns, int]]:
    """Columns of many cases, so many at a time; every block is another part of the same million, drawn anew from it."""
    columns = random_columns(plan, size, 0)
    random = np.random.default_rng(1)
    for _ in range(count // size):
        turn = int(random.integers(size))
        yield {key: np.roll(column, turn * (n + 1)) for n, (key, column) in enumerate(columns.items())}, size


def many(plan: Plan, count: int) -> None:
    """Count the grades of very many cases in constant memory."""
    form = array_form(plan, accelerate=has_numba())
    counts = np.zeros(len(plan.scales["grade"].levels) + 1, np.int64)
    begun = time.perf_counter()
    judging = 0.0
    for columns, size in blocks(plan, count, CASES):
        start = time.perf_counter()
        outcomes = form.judge(columns, size)
        for scale in form.scales:
            outcomes.clauses(scale)
        counts += np.bincount(outcomes.ranks("grade"), minlength=len(counts))
        judging += time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    taken = time.perf_counter() - begun
    print(
        f"{count:,} cases: {taken:.1f} s, of which judging {judging:.1f} s; peak memory {peak:.0f} MB; grades {counts.tolist()}"
    )


def has_numba() -> bool:
    try:
        import numba  # noqa: F401
    except ImportError:
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--many", action="store_true", help="100,000,000 cases in constant memory")
    plan = plan_of(SPECIAL)
    if parser.parse_args().many:
        many(plan, MANY)
        return
    full, half = random_columns(plan, CASES, 0), random_columns(plan, CASES, 0, unknown=0.5)
    cases = dicts(plan, full, DICTS)
    contenders = [
        Contender("if 链：只算分级（底线）", one_by_one(grade, cases), DICTS),
        Contender("if 链：各等级连同条款", one_by_one(assess_by_hand, cases), DICTS),
    ]
    for accelerate in (False, True) if has_numba() else (False,):
        name = "numba" if accelerate else "numpy"
        for title, columns, target in (("事实齐全", full, 20 if accelerate else 8), ("一半未知", half, 1)):
            if accelerate:  # compile, or read what was compiled before
                written_out(fresh_form(plan, accelerate=True).judge({key: one[:9] for key, one in columns.items()}, 9))
            form = fresh_form(plan, accelerate=accelerate)
            judging = partial(form.judge, columns, CASES)
            contenders += [
                Contender(f"{name}：{title}，级别、可能级别、条款写成数组", lambda work=judging: written_out(work()), CASES),  # type: ignore[misc]
                Contender(f"{name}：{title}，每例一个结果编号（含各等级的条款）", judging, CASES, target),
            ]
    first, passes = race(contenders, PASSES)
    title = f"一百万组事实，单核，处理器时间；机器负载 {os.getloadavg()[0]:.1f}"
    table = Table("项目", "第一遍每例", "每例", "底线的倍数", "目标", "逐例带条款的倍数", title=title)
    for n, one in enumerate(contenders):
        times, as_much = (statistics.median(row[chain] / row[n] for row in passes) for chain in (0, 1))
        style = "" if one.target is None else "green" if times >= one.target else "red"
        each = statistics.median(row[n] for row in passes)
        shown = (f"{first[n] * 1e9:.1f} ns", f"{each * 1e9:.1f} ns", f"{times:.1f}", f"{one.target or ''}", f"{as_much:.0f}")
        table.add_row(one.name, *shown, style=style)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
