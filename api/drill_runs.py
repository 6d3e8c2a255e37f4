"""Many runs of a drill on all cores, and what they came to, in a terminal."""

from __future__ import annotations

import multiprocessing
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import lru_cache

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from engine.drill.chances import (
    Assumption,
    Chances,
    Sample,
    Spread,
    Target,
    Weight,
    assumptions,
    by_weight,
    chances,
    only,
    sample,
    weight,
)
from engine.drill.scenario import PREFIX, Scenario
from engine.plan.model import Plan
from engine.plan.words import level_word

Progress = Callable[[int, int], None]
"""Told the runs made so far, and all."""
FEW = 60
"""Runs that are made sooner than other processes would have begun."""
SHARE = 25
"""Runs that a process makes at a time."""
FOR_WEIGHT = 200
"""Runs for the weight of one assumption, at most."""


def cores() -> int:
    """How many processes may work at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def many(
    scenario: Scenario, plans: Sequence[Plan], runs: int, seed: int, *, jobs: int = 1, progress: Progress | None = None
) -> tuple[Chances, tuple[Weight, ...]]:
    """What `runs` runs came to, and the weight of each assumption. The same for any number of jobs."""
    given = assumptions(scenario, plans)
    each = min(runs, FOR_WEIGHT)
    work: list[tuple[Assumption | None, int, int]] = [(None, start, min(SHARE, runs - start)) for start in range(0, runs, SHARE)]
    work += [(one, start, min(SHARE, each - start)) for one in given for start in range(0, each, SHARE)]
    found: dict[Assumption | None, list[Sample]] = {}
    done, total = 0, runs + each * len(given)
    for (about, _, _), samples in zip(work, _made(scenario, plans, seed, work, jobs, total), strict=True):
        found.setdefault(about, []).extend(samples)
        done += len(samples)
        if progress is not None:
            progress(done, total)
    return chances(found[None]), tuple(weight(one, found[one]) for one in given)


def _made(
    scenario: Scenario,
    plans: Sequence[Plan],
    seed: int,
    work: Sequence[tuple[Assumption | None, int, int]],
    jobs: int,
    total: int,
) -> Iterator[list[Sample]]:
    packed = pickle.dumps((scenario, tuple(replace(plan, memo={}) for plan in plans)))
    if jobs == 1 or total <= FEW:
        yield from (_share(packed, seed, *one) for one in work)
        return
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_share, *zip(*((packed, seed, *one) for one in work), strict=True))


def _share(packed: bytes, seed: int, about: Assumption | None, start: int, count: int) -> list[Sample]:
    scenario, plans = _unpacked(packed)
    varied = scenario if about is None else only(scenario, about)
    return list(sample(varied, plans, seed, range(start, start + count)))


@lru_cache(2)
def _unpacked(packed: bytes) -> tuple[Scenario, tuple[Plan, ...]]:
    found: tuple[Scenario, tuple[Plan, ...]] = pickle.loads(packed)  # noqa: S301 - packed by this very program
    return found


def shown(scenario: Scenario, plans: Sequence[Plan], found: Chances, weights: Sequence[Weight]) -> RenderableType:
    """The result as tables: time to each level, how long proposals wait, deadlines, and what matters most."""
    by_id = {plan.id: plan for plan in plans}
    title = Text(f"{PREFIX}{scenario.title}：演 {found.runs} 次", style="bold")
    parts: list[RenderableType] = [title, _levels(by_id, found), _waits(by_id, found), _deadlines(found)]
    if weights:
        parts.append(_weights(by_id, found, weights))
    return Group(*parts)


def _levels(plans: dict[str, Plan], found: Chances) -> Table:
    table = Table("等级", "到达的次数占", "5%", "中位", "95%", title="从 T+0 到该级（或更高级）生效", title_justify="left")
    for target, spread in found.reached.items():
        table.add_row(_named(plans, target), f"{spread.share:.0%}", *(_clock(spread.at(at)) for at in (0.05, 0.5, 0.95)))
    if not found.reached:
        table.add_row("没有一次到达任何级别", "", "", "", "")
    return table


def _waits(plans: dict[str, Plan], found: Chances) -> Table:
    table = Table("建议", "5%", "中位", "95%", title="建议等候签发的时间", title_justify="left")
    for (plan, scale), spread in found.waited.items():
        table.add_row(plans[plan].scales[scale].label, *(_clock(spread.at(at)) for at in (0.05, 0.5, 0.95)))
    table.add_row("到结束仍未签发的建议", "", f"平均每次 {found.undecided / found.runs:.2f} 项", "")
    return table


def _deadlines(found: Chances) -> Table:
    table = Table("时限", "5%", "中位", "95%", "一项也没有的次数占", title="每次推演中的时限", title_justify="left")
    for words, spread in (("错过", found.missed), ("迟完成", found.late)):
        none = sum(1 for one in spread.values if one == 0) / found.runs
        table.add_row(words, *(_count(spread.at(at)) for at in (0.05, 0.5, 0.95)), f"{none:.0%}")
    return table


def _weights(plans: dict[str, Plan], found: Chances, weights: Sequence[Weight]) -> Table:
    target = widest(found)
    about = "" if target is None else f"到{_named(plans, target)}的时间"
    table = Table(
        "假设", about or "—", "错过的时限", "迟完成的时限", title="哪项假设最要紧（只有它变动时的 5%—95%）", title_justify="left"
    )
    for one in by_weight(weights, target):
        low, high = one.reached.get(target, (None, None)) if target is not None else (None, None)
        table.add_row(
            one.assumption.words,
            "到不了" if low is None else f"{_clock(low)} — {_clock(high)}{_never(one, target)}",
            f"{_count(one.missed[0])} — {_count(one.missed[1])}",
            f"{_count(one.late[0])} — {_count(one.late[1])}",
        )
    return table


def _never(one: Weight, target: Target | None) -> str:
    """In how many runs an assumption alone keeps a level from being reached."""
    share = 1.0 if target is None else one.share.get(target, 0.0)
    return "" if share == 1 else f"；{1 - share:.0%}的次数到不了"


def widest(found: Chances) -> Target | None:
    """The level whose time is least certain: the one whose assumptions are worth looking at."""
    sure = [(key, spread) for key, spread in found.reached.items() if spread.share > 0.5]
    return max(sure, key=lambda one: _width(one[1]), default=(None, None))[0]


def _width(spread: Spread) -> float:
    return (spread.at(0.95) or 0) - (spread.at(0.05) or 0)


def _named(plans: dict[str, Plan], target: Target) -> str:
    plan, scale, level = target
    found = plans[plan].scales[scale]
    return f"{found.short}{level_word(found, level)}"


def _clock(minutes: float | None) -> str:
    """Minutes as hours and minutes: 75 -> 1:15."""
    if minutes is None:
        return "—"
    whole = round(minutes)
    return f"{whole // 60}:{whole % 60:02d}"


def _count(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}"
