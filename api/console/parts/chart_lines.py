"""Which thresholds a series is drawn against: read off the plan's own measures and conditions."""

from __future__ import annotations

from datetime import datetime

from api.console.entry import BadEntry, problem_of, read_series, row_of
from api.console.markup import Markup, join, tag
from api.console.parts.chart import HOUR, Drawn, Line, chart
from engine.plan.finding import FactInvalid
from engine.plan.measure import UNITS
from engine.plan.model import Plan
from engine.plan.thresholds import thresholds
from engine.trigger.derive import tracks
from engine.trigger.facts import Facts, Point, validate
from engine.trigger.track import Track

MADE = {"trailing_24h_mean": "24小时滑动平均"}


def lines(plan: Plan, series: str) -> list[Line]:
    """The bounds that hours are tested against, and those of the largest value and the present one; one line a value."""
    return [Line(value, words) for value, words in thresholds(plan, series)]


def series_chart(plan: Plan, series: str, facts: Facts, now: datetime) -> Markup:
    """A series as it is known."""
    indicator = plan.indicators[series]
    made = tracks(plan, facts, series)
    means, label = next(((_points(made[of]), word) for of, word in MADE.items() if of in made), ((), ""))
    unit = UNITS[indicator.unit][0] if indicator.unit else ""
    means = means if any(value is not None for _, value in means) else ()
    drawn = Drawn(series, indicator.short, unit, facts.series.get(series, ()), lines(plan, series), means, label)
    return chart(drawn, now)


def _points(track: Track) -> tuple[Point, ...]:
    return tuple((track.first + n * HOUR, value) for n, value in enumerate(track.values))


def preview(plan: Plan, series: str, text: str, now: datetime) -> tuple[list[list[object]] | None, Markup]:
    """Pasted rows as points and as a drawing; or None and what is wrong with which line."""
    numbers: list[int] = []
    try:
        points, numbers = read_series(plan.indicators[series], text)
        facts = validate(plan, {series: points})
    except BadEntry as error:
        return None, tag("p", str(error), class_="said error")
    except FactInvalid as error:
        return None, tag("p", row_of(error, numbers) if numbers else problem_of(error), class_="said error")
    if not points:
        return None, tag("p", "每行一个整点：时间 值。缺测的值留空", class_="aside")
    return points, join([series_chart(plan, series, facts, now)])
