"""The strip chart: what was judged against its thresholds, the levels under it, a band a season, so that years can be read.

It is legible in black and white: a level is as high as it is severe, what is missing is hatched, lines differ by their dashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from api.backtesting.job import Result
from api.documents.level_mark import MARKS
from api.documents.markup import Markup, join, tag
from engine.contract.backtest import side_words
from engine.drill.backtests.backtest import Run
from engine.drill.backtests.episodes import by_heating, by_year, time_at
from engine.drill.backtests.sides import real_ranks
from engine.plan.model import Scale
from engine.plan.thresholds import thresholds
from engine.trigger.facts import CHINA

WIDTH, LEFT, RIGHT = 1000, 66, 10
CURVE, LANE, GAP, AXIS = 92, 18, 4, 16
BINS = 620
ONE_BAND = timedelta(days=130)
COLOURS = {"blue": "#2D43B2", "yellow": "#FFF700", "orange": "#F27E24", "red": "#9E0000"}
MADE = {"trailing_24h_mean": "24小时滑动平均", "index_of_means": "由24小时平均浓度换算", "index_of_hour": "小时指数", "value": ""}
Place = Callable[[float], float]
STRIP_STYLE = """
.strip svg{width:100%;height:auto;color:inherit}.strip text{font-size:11px;fill:currentColor}.strip .end{text-anchor:end}.strip .mid{text-anchor:middle}
.strip .course{fill:none;stroke:currentColor;stroke-width:1.1}.strip .threshold{stroke:currentColor;stroke-width:.6;stroke-dasharray:5 3;opacity:.75}
.strip .axis{stroke:currentColor;stroke-width:.6;fill:none}.strip .month{stroke:currentColor;stroke-width:.4;stroke-dasharray:1 3;opacity:.6}
.strip .level{stroke:currentColor;stroke-width:.5}.strip .stripe{stroke:currentColor;stroke-width:.7}.strip .lane{stroke:currentColor;stroke-width:.3;fill:none}
"""


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of levels: its name and a rank for each row looked at."""

    name: str
    ranks: bytes


def lanes(result: Result, scale: Scale) -> list[Lane]:
    """What stands under the curve: in force on one side or both, what happened, what was really decided."""
    run, other = result.run, result.other
    found = [Lane("在行" if other is None else "左：在行", run.ranks[scale.id])]
    if other is not None:
        found.append(Lane("右：在行", other.ranks[scale.id]))
    found.append(Lane("实况达到", run.happened[scale.id]))
    if result.agreement is not None and result.job.scale is not None and result.job.scale.id == scale.id:
        found.append(Lane("真实决定", bytes(real_ranks(run, result.job.decided))))
    return found


def strip(result: Result, scale: Scale) -> Markup:
    """The whole chart."""
    run = result.run
    bands = _bands(run, result)
    longest = max(last - first for _, first, last in bands)
    drawn = [_band(result, scale, label, first, last, longest) for label, first, last in bands]
    return tag("div", tag("p", legend(result, scale), class_="small aside"), *drawn, class_="strip")


def legend(result: Result, scale: Scale) -> str:
    """What is drawn, in words."""
    run = result.run
    parts = []
    if run.course is not None:
        indicator = run.plan.indicators[run.course.indicator]
        made = MADE[run.course.made]
        lines = "；".join(f"{value:g}：{words}" for value, words in thresholds(run.plan, run.course.indicator))
        parts.append(
            f"曲线为{indicator.short}{f'（{made}）' if made else ''}，每格取最大值；横虚线为{lines or '（无）'}；斜纹为缺测"
        )
    levels = "、".join(f"{MARKS[level].shape if level in MARKS else ''}{scale.name(level)}" for level in scale.levels)
    parts.append(f"横条越高级别越高，由低到高：{levels}")
    if result.other is not None:
        parts.append(f"左：{side_words(run)}；右：{side_words(result.other)}")
    return "。".join(parts) + "。"


def _bands(run: Run, result: Result) -> list[tuple[str, int, int]]:
    """(name, first position, the one after the last): a heating season or the time between two; a year of daily rows; or all."""
    count = len(run.rows)
    if time_at(run, count) - time_at(run, 0) <= ONE_BAND:
        return [("", 0, count)]
    name = by_heating(*result.job.heating) if run.record.step == 1 else by_year
    found, at = [], 0
    for label, group in groupby(time_at(run, n).date() for n in range(count)):
        size = sum(1 for _ in group)
        found.append((name(label), at, at + size))
        at += size
    merged: list[tuple[str, int, int]] = []
    for words, first, last in found:
        if merged and merged[-1][0] == words:
            merged[-1] = (words, merged[-1][1], last)
        else:
            merged.append((words, first, last))
    return merged


def _band(result: Result, scale: Scale, label: str, first: int, last: int, longest: int) -> Markup:
    run = result.run
    span = (WIDTH - LEFT - RIGHT) / longest
    rows = lanes(result, scale)
    top = CURVE + 8 if run.course is not None else 6
    height = top + len(rows) * (LANE + GAP) + AXIS

    def x(position: float) -> float:
        return LEFT + (position - first) * span

    parts = [_months(run, first, last, x, height)]
    if run.course is not None:
        parts.append(_curve(run, first, last, x))
    for n, lane in enumerate(rows):
        y = top + n * (LANE + GAP)
        parts.append(tag("text", lane.name, x=_n(LEFT - 6), y=_n(y + LANE - 5), class_="end"))
        parts.append(tag("path", d=f"M{LEFT} {_n(y + LANE)}H{_n(x(last))}", class_="lane"))
        parts.append(_levels(lane.ranks, scale, first, last, x, y))
    words = (
        f"{label}：{_moment(time_at(run, first))} 至 {_moment(time_at(run, last))}"
        if label
        else f"{_moment(time_at(run, first))} 至 {_moment(time_at(run, last))}"
    )
    summed = "，".join(f"{lane.name} {sum(1 for rank in lane.ranks[first:last] if rank) * run.unit} 小时" for lane in rows)
    drawn = tag(
        "svg", _hatch(f"gap-{first}"), *parts, viewBox=f"0 0 {WIDTH} {height}", role="img", aria_label=f"{words}，{summed}"
    )
    return tag("figure", drawn, tag("figcaption", f"{words}。{summed}。"))


def _curve(run: Run, first: int, last: int, x: Place) -> Markup:
    """The course with its thresholds; the largest of each bin."""
    assert run.course is not None
    values = run.course.values
    step = run.rows.step
    low, high = run.rows[first], run.rows[last - 1] + step
    lines = thresholds(run.plan, run.course.indicator)
    most = max((value for value in values if value is not None), default=1.0)
    shown = [value for value, _ in lines if value <= most * 1.15]
    peak = max([most, *shown]) * 1.05 or 1.0

    def y(value: float) -> float:
        return CURVE - (CURVE - 6) * value / peak + 2

    parts = [tag("path", d=f"M{LEFT} 6V{CURVE + 2}H{_n(x(last))}", class_="axis")]
    before = 1e9
    for value in shown:
        parts.append(tag("path", d=f"M{LEFT} {_n(y(value))}H{_n(x(last))}", class_="threshold"))
        if before - y(value) > 9:
            parts.append(tag("text", f"{value:g}", x=_n(LEFT - 6), y=_n(y(value) + 4), class_="end"))
            before = y(value)
    size = max(1, -(-(high - low) // BINS))
    path: list[str] = []
    missing: list[tuple[int, int]] = []
    pen = False
    for start in range(low, high, size):
        cell = [value for value in values[start : min(start + size, high)] if value is not None]
        if not cell:
            pen = False
            if missing and missing[-1][1] == start:
                missing[-1] = (missing[-1][0], start + size)
            else:
                missing.append((start, start + size))
            continue
        path.append(f"{'L' if pen else 'M'}{_n(x((start - run.rows.start) / step))} {_n(y(max(cell)))}")
        pen = True
    for start, end in missing:
        left, right = x((start - run.rows.start) / step), x((min(end, high) - run.rows.start) / step)
        parts.append(
            tag(
                "rect",
                x=_n(left),
                y="6",
                width=_n(max(1.0, right - left)),
                height=_n(CURVE - 4),
                fill=f"url(#gap-{first})",
                class_="gap",
            )
        )
    parts.append(tag("path", d="".join(path), class_="course"))
    return join(parts)


def _levels(ranks: bytes, scale: Scale, first: int, last: int, x: Place, y: float) -> Markup:
    found, at = [], first
    size = len(scale.levels)
    for rank, group in groupby(ranks[first:last]):
        end = at + sum(1 for _ in group)
        level = scale.level_at(rank)
        if level is not None:
            high = LANE * rank / size
            mark = MARKS.get(level)
            fill = COLOURS[mark.colour] if mark is not None else f"hsl(0 0% {85 - 70 * rank // size}%)"
            found.append(
                tag(
                    "rect",
                    x=_n(x(at)),
                    y=_n(y + LANE - high),
                    width=_n(max(0.8, x(end) - x(at))),
                    height=_n(high),
                    fill=fill,
                    class_="level",
                )
            )
        at = end
    return join(found)


def _months(run: Run, first: int, last: int, x: Place, height: float) -> Markup:
    """The beginnings of the months."""
    start, end = time_at(run, first), time_at(run, last)
    spacing = timedelta(hours=run.unit)
    marks = []
    for day in _firsts(start.date(), end.date()):
        at = datetime(day.year, day.month, day.day, tzinfo=CHINA)
        place = x(first + max(0.0, (at - start) / spacing))
        marks.append(tag("path", d=f"M{_n(place)} 4V{_n(height - AXIS)}", class_="month"))
        marks.append(tag("text", f"{day:%Y-%m}" if day.month == 1 else f"{day.month}月", x=_n(place + 3), y=_n(height - 4)))
    return join(marks)


def _firsts(start: date, end: date) -> Iterable[date]:
    day = start.replace(day=1) if start.day == 1 else (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day < end:
        yield day
        day = (day + timedelta(days=32)).replace(day=1)


def _hatch(key: str) -> Markup:
    stripe = tag("path", d="M0 6L6 0M-2 2L2 -2M4 8L8 4", class_="stripe")
    return tag("defs", tag("pattern", stripe, id=key, width="6", height="6", patternUnits="userSpaceOnUse"))


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H时}"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
