"""Hours of a series that bring an indicator to where it matters: a calm, then a plateau that lasts so and so long, then a calm again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.drill.scenario import Hours
from engine.plan.model import Indicator, Plan
from engine.trigger.judge import judge

EVERY = 6
"""Hours between two values of the file."""
LEAD = 4
"""Values before T+0: a day, over which a mean can be formed."""
LONGEST = 28
"""Values of the longest plateau: a week."""
TAIL = 5


@dataclass(frozen=True, slots=True)
class Plateau:
    """A series at `value` from T+0 for `count` values, before and after it at `calm`. open_from: nothing is forecast from there on."""

    series: str
    calm: float
    value: float
    count: int
    open_from: int | None = None

    def hours(self) -> Hours:
        """Always of the same length, so that a later report replaces every hour of an earlier one."""
        after = LONGEST + TAIL - self.count
        values: list[float | None] = [*[self.calm] * LEAD, *[self.value] * self.count, *[self.calm] * after]
        if self.open_from is not None:
            values[LEAD + self.open_from :] = [None] * (len(values) - LEAD - self.open_from)
        return Hours(-LEAD * EVERY, EVERY, tuple(values))

    def shorter(self) -> Plateau:
        return replace(self, count=self.count - 1)

    def longer(self) -> Plateau:
        return replace(self, count=self.count + 1)

    def cut(self) -> Plateau:
        """As far as it is forecast with one value less than it takes."""
        return replace(self, open_from=self.count - 1)


def series_of(indicator: Indicator, choices: Mapping[str, str]) -> str | None:
    """The series that an indicator follows from."""
    spec = None if indicator.derived_from is None else indicator.derived_from.read(choices)
    return None if spec is None or "series" not in spec else str(spec["series"])


def plateaus(plan: Plan, series: str, choices: Mapping[str, str]) -> Iterator[list[Plateau]]:
    """For each height that the plan's rules on a series speak of, from low to high: plateaus, from short to long."""
    heights = _thresholds(plan, series, choices)
    if not heights:
        return
    calm = float(round(min(heights) * 0.4))
    for height in (value for one in heights for value in (one, float(round(one * 1.05)))):
        yield [Plateau(series, calm, height, count) for count in range(1, LONGEST)]


def _thresholds(plan: Plan, series: str, choices: Mapping[str, str]) -> list[float]:
    """The numbers that hours of the series are compared with: in tests of runs, and in conditions on largest values."""
    found: set[float] = set()
    domains = judge(plan, choices).domains
    for key, indicator in plan.indicators.items():
        if series_of(indicator, choices) != series:
            continue
        assert indicator.derived_from is not None
        spec = indicator.derived_from.read(choices) or {}
        tests = spec.get("test")
        texts = tests.values() if isinstance(tests, Mapping) else [] if tests is None else [tests]
        found.update(float(str(text).split()[1]) for text in texts)
        if tests is None and key in domains:
            found.update(float(cut) for cut, _ in domains[key].cuts)
    return sorted(one for one in found if one > 0)
