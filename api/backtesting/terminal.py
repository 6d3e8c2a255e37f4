"""A backtest on the terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from api.backtesting.job import Result
from engine.contract.backtest import (
    VERDICT_WORDS,
    assumed_data,
    comparison_data,
    definitions,
    forecast_words,
    scale_data,
    side_words,
)
from engine.drill.backtests.backtest import Run
from engine.drill.scenario import PREFIX
from engine.plan.model import Scale
from engine.trigger.facts import CHINA


def show(result: Result) -> None:
    """The numbers and the last episodes; everything else is in the files."""
    console = Console(highlight=False, soft_wrap=True)
    run = result.run
    record = run.record
    first, last = record.first.astimezone(CHINA), record.time(record.count - 1).astimezone(CHINA)
    console.print(f"{PREFIX}历史回测：{side_words(run)}", markup=False, style="bold")
    if result.other is not None:
        console.print(f"对照：{side_words(result.other)}", markup=False)
    console.print(
        f"{first:%Y-%m-%d %H时} 至 {last:%Y-%m-%d %H时}；预报时效{run.setting.forecast.lead}小时，{forecast_words(run)}",
        markup=False,
    )
    assumed = "；".join(f"{one['label']}：{one['words']}" for one in assumed_data(run.plan, record.assumed))
    console.print(f"假定：{assumed or '（无）'}", markup=False)
    for scale in result.scales:
        _scale(console, result, scale)
    console.print(definitions(run)["happened"], markup=False, style="dim")


def _scale(console: Console, result: Result, scale: Scale) -> None:
    runs = [("", result.run)] if result.other is None else [("左 ", result.run), ("右 ", result.other)]
    hours = Table(
        title=f"{PREFIX}{scale.short}（次数；各级、最长一次、因缺测未降的小时数）".replace("[", r"\["),
        box=box.SIMPLE,
        title_justify="left",
    )
    for head in (
        "",
        "过程",
        "升",
        "降",
        "解除",
        "波动",
        *scale.names,
        "最长",
        "缺测",
    ):
        hours.add_column(head, justify="left" if not head else "right")
    for side, run in runs:
        found = scale_data(run, scale)
        count = found["counts"]
        longest = max((one["hours"] for one in found["episodes"]), default=0)
        hours.add_row(
            side, *(str(one) for one in (len(found["episodes"]), count["raise"], count["lower"], count["lift"], count["flapping"])),
            *(str(one) for one in found["hours"][1:]), str(longest), str(found["held_hours"]),
        )  # fmt: skip
    console.print(hours)
    for side, run in runs:
        console.print(_scores(side, run, scale))
    if result.other is not None:
        compared = comparison_data(result.run, result.other, scale, result.comparisons[scale.id])
        stretches = compared["stretches"]
        words = "两边处处相同。"
        if stretches:
            one = stretches[0]
            words = f"两边相差 {compared['differing_hours']} 小时，{len(stretches)} 段；最先 {one['start'][:13].replace('T', ' ')}时：{one['words']}。"
        console.print(words, markup=False)
    if result.agreement is not None and result.job.scale == scale:
        console.print(f"与真实决定：{result.agreement.share:.1%} 的小时级别相同。", markup=False)


def _scores(side: str, run: Run, scale: Scale) -> Table:
    found = Table(title=f"{side}预警与实况（次数；提前为中位数，小时）", box=box.SIMPLE, title_justify="left")
    for head in ("级别", "实况", *VERDICT_WORDS.values(), "预警", "提前"):
        found.add_column(head, justify="left" if head == "级别" else "right")
    for one in scale_data(run, scale)["scores"]:
        median = "—" if one["lead_median"] is None else str(one["lead_median"])
        counts = (str(one[kind]) for kind in VERDICT_WORDS)
        found.add_row(f"{one['level_name']}及以上", str(one["events"]), *counts, str(one["warnings"]), median)
    return found
