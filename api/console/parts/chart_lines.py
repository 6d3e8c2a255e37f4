"""Which thresholds a series is drawn against: read off the plan's own measures and conditions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from api.console.entry import BadEntry, problem_of, read_series, row_of
from api.console.markup import Markup, join, tag
from api.console.parts.chart import HOUR, Drawn, Line, chart
from engine.plan.condition import Compare, walk
from engine.plan.finding import FactInvalid
from engine.plan.measure import UNITS
from engine.plan.model import Plan
from engine.plan.words import level_word
from engine.trigger.derive import tracks
from engine.trigger.facts import Facts, Point, validate
from engine.trigger.track import Track

SIGNS = {">": "超过", ">=": "达到", "<": "低于", "<=": "不超过"}
MADE = {"trailing_24h_mean": "24小时滑动平均"}


def lines(plan: Plan, series: str) -> list[Line]:
    """The bounds that hours are tested against, and those of the largest value and the present one; one line a value."""
    found: dict[float, list[str]] = {}
    for indicator in plan.indicators.values():
        spec = {} if indicator.derived_from is None else indicator.derived_from.spec
        if spec.get("series") != series:
            continue
        tests = spec.get("test")
        for test in tests.values() if isinstance(tests, dict) else [tests] if isinstance(tests, str) else ():
            sign, number = str(test).split()
            found.setdefault(float(number), []).append(f"{SIGNS[sign]} {indicator.clause}")
        if tests is None:
            for value, words in _bounds(plan, indicator.id):
                found.setdefault(value, []).append(words)
    return [Line(value, "，".join(dict.fromkeys(words))) for value, words in sorted(found.items())]


def _bounds(plan: Plan, indicator: str) -> Iterator[tuple[float, str]]:
    for scale in plan.scales.values():
        for level, triggers in scale.triggers.items():
            for trigger in triggers:
                for one in walk(trigger.condition):
                    if isinstance(one, Compare) and one.indicator == indicator and one.bounds.low is not None:
                        yield float(one.bounds.low), f"{level_word(scale, level)} {one.basis.clause or trigger.clause}"


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
