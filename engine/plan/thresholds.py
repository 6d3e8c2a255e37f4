"""Against which numbers a series or an indicator is judged: read off the plan's own measures and conditions."""

from __future__ import annotations

from collections.abc import Iterator

from engine.plan.condition import Compare, walk
from engine.plan.model import Plan
from engine.plan.words import level_word

SIGNS = {">": "超过", ">=": "达到", "<": "低于", "<=": "不超过"}


def thresholds(plan: Plan, key: str) -> list[tuple[float, str]]:
    """The numbers and what they are, lowest first, one entry each.

    Of a series: those that hours are tested against, and the bounds of its largest and its present value. Of another indicator: the bounds of
    the conditions on it.
    """
    found: dict[float, list[str]] = {}
    if plan.indicators[key].type != "series":
        _add(found, _bounds(plan, key))
    for indicator in plan.indicators.values():
        spec = {} if indicator.derived_from is None else indicator.derived_from.spec
        if spec.get("series") != key:
            continue
        tests = spec.get("test")
        for test in tests.values() if isinstance(tests, dict) else [tests] if isinstance(tests, str) else ():
            sign, number = str(test).split()
            found.setdefault(float(number), []).append(f"{SIGNS[sign]} {indicator.clause}")
        if tests is None:
            _add(found, _bounds(plan, indicator.id))
    return [(value, "，".join(dict.fromkeys(words))) for value, words in sorted(found.items())]


def _add(found: dict[float, list[str]], bounds: Iterator[tuple[float, str]]) -> None:
    for value, words in bounds:
        found.setdefault(value, []).append(words)


def _bounds(plan: Plan, indicator: str) -> Iterator[tuple[float, str]]:
    for scale in plan.scales.values():
        for level, triggers in scale.triggers.items():
            for trigger in triggers:
                for one in walk(trigger.condition):
                    if isinstance(one, Compare) and one.indicator == indicator and one.bounds.low is not None:
                        yield float(one.bounds.low), f"{level_word(scale, level)} {one.basis.clause or trigger.clause}"
