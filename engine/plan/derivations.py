"""How an indicator may be derived: the closed set of what `derived_from` can say, and what alternatives of readings change in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from engine.plan.model import Derivation, Indicator
from engine.plan.schema import IndicatorForm, PlanForm
from engine.plan.source import Path, Source

OF = ("trailing_24h_mean", "value", "index_of_means")
MEASURES = ("max", "max_from_now", "at_now", "longest_run", "run_from_now")
RUNS = ("longest_run", "run_from_now")
CHOICES = {
    "of": OF,
    "measure": MEASURES,
    "count": ("covered", "hours", "span", "blocks", "calendar_days"),
    "part": ("ongoing", "forecast", "all"),
    "round": ("nearest", "up"),
    "least_hours": tuple(str(n) for n in range(1, 25)),
}
KEYS = ("series", *CHOICES, "test")
MONTHS = tuple(str(n) for n in range(1, 13))
TERMS = ("立春", "立夏", "立秋", "立冬")
STARTS = {"local_month": MONTHS, "solar_term": TERMS}
TEST = re.compile(r"(<|<=|>|>=) \d+(\.\d+)?")
NOTHING = "none"


def derivation(entry: IndicatorForm) -> Derivation | None:
    """The derivation as written; `none` under an alternative: nothing is derived."""
    if not entry.derived_from:
        return None
    by_reading = {
        reading: {letter: changed if isinstance(changed, Mapping) else None for letter, changed in options.items()}
        for reading, options in entry.derived_by_reading.items()
    }
    return Derivation(entry.derived_from, by_reading)


def check_derivations(form: PlanForm, found: Mapping[str, Indicator], source: Source) -> None:
    """Findings for every derivation that says what there is no rule for, as chosen and under each alternative."""
    for key, indicator in found.items():
        entry = form.indicators[key]
        path: Path = ("indicators", key, "derived_from")
        if indicator.derived_from is None:
            if entry.derived_by_reading:
                _wrong(source, ("indicators", key, "derived_by_reading"), "没有 derived_from", "先写 derived_from")
            continue
        spec = indicator.derived_from.spec
        _check(spec, indicator, found, form.indexes, path, source)
        for reading, options in entry.derived_by_reading.items():
            here: Path = ("indicators", key, "derived_by_reading", reading)
            if reading not in form.readings:
                source.report(here, "unknown-reading", f"读法“{reading}”", "readings 中的一个编号", "改正编号，或加入 readings")
                continue
            letters = [chr(ord("a") + n) for n in range(len(form.readings[reading].alternatives))]
            for letter, changed in options.items():
                there = (*here, letter)
                if letter not in letters:
                    source.report(there, "unknown-key", f"“{letter}”", "、".join(letters) or "（没有另读）", "改为登记的读法")
                elif isinstance(changed, Mapping):
                    _check({**spec, **changed}, indicator, found, form.indexes, there, source)
                elif changed != NOTHING:
                    _wrong(source, there, f"“{changed}”", f"要改的键，或 {NOTHING}（不推定）")


def _wrong(source: Source, path: Path, found: str, expected: str) -> None:
    source.report(path, "wrong-derivation", found[:60], expected, "见 plans/README.md 的“Derivations”")


def _check(
    spec: Mapping[str, Any],
    indicator: Indicator,
    found: Mapping[str, Indicator],
    indexed: Collection[str],
    path: Path,
    source: Source,
) -> None:
    if "at" in spec:
        _check_date(spec, indicator, path, source)
        return
    series = found.get(str(spec.get("series")))
    if series is None or series.type != "series":
        source.report(path, "unknown-indicator", f"序列“{spec.get('series')}”", "本预案的一个 series 指标", "改正 series")
        return
    for key, value in spec.items():
        if key not in KEYS:
            _wrong(source, path, f"“{key}”", "、".join(KEYS))
        elif key in CHOICES and value not in CHOICES[key]:
            _wrong(source, path, f"{key}: {value}", "、".join(CHOICES[key]) if key != "least_hours" else "1 至 24")
    if "of" not in spec or "measure" not in spec:
        _wrong(source, path, str(dict(spec)), f"of: {'、'.join(OF)}，以及 measure: {'、'.join(MEASURES)}")
    elif spec["of"] == "index_of_means" and spec["series"] not in indexed:
        _wrong(source, path, f"序列“{spec['series']}”没有换算表", "indexes 中有的序列")
    elif spec["measure"] in RUNS:
        tests = spec.get("test")
        listed = list(tests.values()) if isinstance(tests, Mapping) and spec["measure"] == "run_from_now" else [tests]
        if not all(isinstance(one, str) and TEST.fullmatch(one) for one in listed):
            _wrong(source, path, f"test: {tests}", '如 "> 200"；run_from_now 可以按级别各写一个')


def _check_date(spec: Mapping[str, Any], indicator: Indicator, path: Path, source: Source) -> None:
    known = STARTS.get(str(spec["at"]))
    if indicator.type != "enum" or known is None or not all(value in spec for value in indicator.values):
        _wrong(source, path, str(dict(spec)), "at: local_month 或 solar_term，并给每个取值列出月份或节气")
        return
    for key, value in spec.items():
        if key in indicator.values:
            if not isinstance(value, list) or not all(one in known for one in value):
                _wrong(source, path, f"{key}: {value}", f"列表，其中每个是 {'、'.join(known)} 之一")
        elif key not in ("at", "timezone"):
            _wrong(source, path, f"“{key}”", "at、timezone 和各取值")
