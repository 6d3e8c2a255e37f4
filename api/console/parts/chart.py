"""A series of hourly values as a drawing of our own: values, thresholds with their words, now, hatched where hours are missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.console.markup import Markup, join, tag
from engine.plan.measure import words
from engine.trigger.facts import CHINA, Point

HOUR = timedelta(hours=1)
WIDTH, HEIGHT = 620, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 10, 18, 24
STEPS = (1, 3, 6, 12, 24, 48, 96, 192)
MOST_TICKS = 9
MOST_GAPS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A threshold: its value, and what it is."""

    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is to be drawn. means: a second line made of the values, with its name."""

    key: str
    label: str
    unit: str
    points: Sequence[Point]
    lines: Sequence[Line] = ()
    means: Sequence[Point] = ()
    means_label: str = ""


def chart(drawn: Drawn, now: datetime) -> Markup:
    """The drawing with a sentence that says the same."""
    if not drawn.points:
        return tag("p", "还没有小时值", class_="nothing")
    words = summary(drawn)
    scale = _Scale.of(drawn, now)
    return tag(
        "figure",
        tag(
            "svg",
            _hatch(drawn.key),
            _gaps(drawn, scale),
            _frame(drawn, scale),
            _thresholds(drawn, scale),
            _course(drawn.means or drawn.points, scale, now, "main"),
            _course(drawn.points, scale, now, "raw") if drawn.means else None,
            _now(scale, now),
            viewBox=f"0 0 {WIDTH} {HEIGHT}",
            role="img",
            aria_label=f"{drawn.label}：{words}",
        ),
        tag("figcaption", words),
        class_="chart",
    )


def summary(drawn: Drawn) -> str:
    """How many hours, the highest, what is missing."""
    valued = [(at, value) for at, value in drawn.points if value is not None]
    span = f"{_moment(drawn.points[0][0])} 至 {_moment(drawn.points[-1][0])}"
    if not valued:
        return f"{span}，都缺测"
    at, highest = max(valued, key=lambda one: one[1])
    hours = round((drawn.points[-1][0] - drawn.points[0][0]) / HOUR) + 1
    missing = hours - len(valued)
    parts = [f"{len(valued)} 个小时值，{span}", f"最高 {words(highest, '1')}{drawn.unit}（{_moment(at)}）"]
    parts.append(f"缺 {missing} 小时（斜纹）" if missing else "没有缺测")
    if drawn.means:
        parts.append(f"粗线为{drawn.means_label}，细线为小时值")
    return "，".join(parts)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Hours to pixels, values to pixels."""

    first: datetime
    hours: float
    low: float
    high: float
    shown: tuple[Line, ...]

    @classmethod
    def of(cls, drawn: Drawn, now: datetime) -> _Scale:
        first, last = drawn.points[0][0], drawn.points[-1][0]
        day = timedelta(days=1)
        if last < now <= last + day:
            last = now
        if first - day <= now < first:
            first = now
        values = [float(value) for _, value in drawn.points if value is not None] or [0.0]
        ordered = sorted(drawn.lines, key=lambda one: one.value)
        top = max(values)
        shown = [one for one in ordered if one.value <= top]
        shown += ordered[len(shown) : len(shown) + 1]
        high = max([top, *(one.value for one in shown)]) * 1.08 or 1.0
        return cls(first, max((last - first) / HOUR, 1.0), min(0.0, *values), high, tuple(shown))

    def x(self, at: datetime) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * ((at - self.first) / HOUR) / self.hours

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - self.low) / (self.high - self.low)


def _hatch(key: str) -> Markup:
    stripe = tag("path", d="M0 8L8 0M-2 2L2 -2M6 10L10 6", class_="stripe")
    return tag("defs", tag("pattern", stripe, id=f"hatch-{key}", width="8", height="8", patternUnits="userSpaceOnUse"))


def _gaps(drawn: Drawn, scale: _Scale) -> Markup:
    """Runs of hours without a value."""
    found, last = [], None
    for at, value in drawn.points:
        if value is None:
            continue
        if last is not None and at - last > HOUR:
            found.append((last, at))
        last = at
    if last is not None and drawn.points[-1][0] > last:
        found.append((last, drawn.points[-1][0]))
    return join(
        tag(
            "rect", x=_n(scale.x(start)), y=_n(TOP), width=_n(scale.x(end) - scale.x(start)), height=_n(HEIGHT - TOP - BOTTOM),
            fill=f"url(#hatch-{drawn.key})", class_="gap",
        )
        for start, end in found[:MOST_GAPS]
    )  # fmt: skip


def _frame(drawn: Drawn, scale: _Scale) -> Markup:
    """The axes: hours below, values on the left."""
    step = next(
        (one for one in STEPS if scale.hours / one <= MOST_TICKS), STEPS[-1] * math.ceil(scale.hours / STEPS[-1] / MOST_TICKS)
    )
    first = scale.first.astimezone(CHINA)
    at = first.replace(minute=0, second=0, microsecond=0)
    at += timedelta(hours=-at.hour % min(step, 24)) if at == first else timedelta(hours=(-at.hour - 1) % min(step, 24) + 1)
    parts = [
        tag("path", d=f"M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}", class_="axis"),
        tag("text", f"{drawn.unit or '数值'}", x="2", y="11", class_="tick"),
        tag("text", f"{scale.low:g}", x=_n(LEFT - 5), y=_n(scale.y(scale.low)), class_="tick end"),
    ]
    while at <= scale.first + scale.hours * HOUR:
        x = _n(scale.x(at))
        words = f"{at:%m-%d}" if at.hour == 0 or step >= 24 else f"{at:%H}时"
        parts.append(tag("path", d=f"M{x} {HEIGHT - BOTTOM}v4", class_="axis"))
        parts.append(tag("text", words, x=x, y=_n(HEIGHT - 8), class_="tick middle"))
        at += step * HOUR
    return join(parts)


def _thresholds(drawn: Drawn, scale: _Scale) -> Markup:
    parts = []
    for one in scale.shown:
        y = scale.y(one.value)
        parts.append(tag("path", d=f"M{LEFT} {_n(y)}H{WIDTH - RIGHT}", class_="threshold"))
        parts.append(tag("text", words(one.value, "1"), x=_n(LEFT - 5), y=_n(y + 4), class_="tick end strong"))
        parts.append(tag("text", one.words, x=_n(WIDTH - RIGHT - 4), y=_n(y - 4), class_="tick end word"))
    return join(parts)


def _course(points: Sequence[Point], scale: _Scale, now: datetime, kind: str) -> Markup:
    """What has happened solid, what is forecast dashed; broken where an hour is missing."""
    runs: list[tuple[bool, list[tuple[datetime, float]]]] = []
    last: tuple[datetime, float] | None = None
    for at, value in points:
        if value is None:
            last = None
            continue
        ahead, here = at > now, (at, float(value))
        joined = last is not None and at - last[0] == HOUR
        if not joined or not runs:
            runs.append((ahead, [here]))
        elif runs[-1][0] != ahead:
            runs.append((ahead, [last, here]))  # type: ignore[list-item]
        else:
            runs[-1][1].append(here)
        last = here
    return join(_run(run, scale, f"{kind} {'ahead' if ahead else 'past'}") for ahead, run in runs)


def _run(run: Sequence[tuple[datetime, float]], scale: _Scale, kind: str) -> Markup:
    if len(run) == 1:
        return tag("circle", cx=_n(scale.x(run[0][0])), cy=_n(scale.y(run[0][1])), r="2", class_=f"dot {kind}")
    path = "L".join(f"{_n(scale.x(at))} {_n(scale.y(value))}" for at, value in run)
    return tag("path", d=f"M{path}", class_=f"course {kind}")


def _now(scale: _Scale, now: datetime) -> Markup | None:
    if not scale.first <= now <= scale.first + scale.hours * HOUR:
        return None
    x = scale.x(now)
    side = "end" if x > WIDTH - 80 else ""
    return join(
        (
            tag("path", d=f"M{_n(x)} {TOP}V{HEIGHT - BOTTOM}", class_="now"),
            tag(
                "text",
                f"现在 {now.astimezone(CHINA):%H:%M}",
                x=_n(x - 4 if side else x + 4),
                y="12",
                class_=f"tick strong {side}",
            ),
        )
    )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%m-%d %H时}"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
