"""One backtest as it was asked for: one side or two, with the real decisions where they are given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from api.library import common_texts, folders
from api.reading import BadInput
from engine.drill.backtests.backtest import NOBODY_LOOKS, Progress, Run, Setting, backtest
from engine.drill.backtests.episodes import HEATING, Day
from engine.drill.backtests.record import Record
from engine.drill.backtests.sides import Agreement, Comparison, Decided, beside_decisions, compare
from engine.plan.finding import FactInvalid, PlanInvalid
from engine.plan.load import load
from engine.plan.model import Plan, Scale
from engine.trigger.facts import parse_time

LENGTH = re.compile(r"^(\d+)\s*(h|d|小时|时|天|日)?$")
WHOLE_DAY = re.compile(r"^[\d-]+$")
DAY_OF_YEAR = re.compile(r"^(\d{1,2})-(\d{1,2})$")


@dataclass(frozen=True)
class Job:
    """What to run. other: the second side, a plan and its readings. decided: real decisions on `scale`."""

    plan: Plan
    record: Record
    setting: Setting
    other: tuple[Plan, Mapping[str, str]] | None = None
    scale: Scale | None = None
    decided: Sequence[Decided] = ()
    heating: tuple[Day, Day] = HEATING


@dataclass(frozen=True)
class Result:
    """What it gave; comparisons and agreement by scale."""

    job: Job
    run: Run
    other: Run | None = None
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    agreement: Agreement | None = None

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The scales that something can be said of: those in force at some hour, or that happened; the first where there is none."""
        runs = (self.run,) if self.other is None else (self.run, self.other)
        found = tuple(one for one in self.run.leading if any(any(run.ranks[one.id]) or any(run.happened[one.id]) for run in runs))
        return found or self.run.leading[:1]


def perform(job: Job, progress: Progress = NOBODY_LOOKS) -> Result:
    """Run it. progress: (done, total) in rows of both sides. Raises BadSeries."""
    rows = job.record.count
    total = rows * (1 if job.other is None else 2)
    run = backtest(job.plan, job.record, job.setting, lambda done, _: progress(done, total))
    agreement = None if job.scale is None or not job.decided else beside_decisions(run, job.scale, job.decided)
    if job.other is None:
        return Result(job, run, agreement=agreement)
    plan, choices = job.other
    other = backtest(plan, job.record, replace(job.setting, choices=choices), lambda done, _: progress(rows + done, total))
    comparisons = {scale.id: compare(run, other, scale.id) for scale in run.leading}
    return Result(job, run, other, comparisons, agreement)


def what_if_plan(path: Path) -> Plan:
    """The plan of a file, to be tried. Raises BadInput, PlanInvalid."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"读不了预案文件：{error}", where=str(path), remedy="检查路径和编码") from None
    loaded = load({str(path): text}, *common_texts(folders()))
    if loaded.findings or not loaded.plans:
        raise PlanInvalid(loaded.findings)
    return next(iter(loaded.plans.values()))


def parse_length(text: str, where: str) -> int:
    """`72h`, `3d`, `48` as hours. Raises BadInput."""
    found = LENGTH.match(text.strip())
    if found is None:
        raise BadInput(f"“{text}”不是时长", where=where, remedy="如 72h、3d")
    return int(found[1]) * (24 if found[2] in ("d", "天", "日") else 1)


def parse_delays(text: str, where: str = "--delay") -> tuple[int, int, int]:
    """`1h`, or for raising, lowering and lifting apart `1h,2h,4h`. Raises BadInput."""
    parts = [parse_length(part, where) for part in text.replace("，", ",").split(",")]
    if len(parts) not in (1, 3):
        raise BadInput(f"“{text}”有 {len(parts)} 个时长", where=where, remedy="一个，或升级、降级、解除三个：1h,2h,4h")
    return (parts[0], parts[0], parts[0]) if len(parts) == 1 else (parts[0], parts[1], parts[2])


def parse_moment(text: str | None, where: str) -> datetime | None:
    """A time, or nothing. Raises BadInput."""
    if not text:
        return None
    try:
        return parse_time(text, where)
    except FactInvalid as error:
        raise BadInput(error.message, where=where, remedy=error.remedy) from None


def parse_end(text: str | None, where: str) -> datetime | None:
    """A time up to which, itself included; a day alone is meant to its end. Raises BadInput."""
    found = parse_moment(text, where)
    return found if found is None or WHOLE_DAY.match(str(text)) is None else found + timedelta(days=1, minutes=-1)


def parse_heating(text: str, where: str = "--heating") -> tuple[Day, Day]:
    """`11-01,03-31` as first and last day. Raises BadInput."""
    parts = [DAY_OF_YEAR.match(part.strip()) for part in text.replace("，", ",").split(",")]
    days = [(int(part[1]), int(part[2])) for part in parts if part is not None]
    if len(days) != 2 or len(parts) != 2 or not all(1 <= month <= 12 and 1 <= day <= 31 for month, day in days):
        raise BadInput(f"“{text}”不是采暖期", where=where, remedy="如 11-01,03-31")
    return days[0], days[1]
