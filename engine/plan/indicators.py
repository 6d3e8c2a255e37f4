"""The indicators of a plan file: types, units, values and the quiet value of each."""

from __future__ import annotations

from engine.plan.condition import Scalar
from engine.plan.derivations import check_derivations, derivation
from engine.plan.measure import SIGNED_UNITS, UNITS, BadQuantity, parse_quantity, parse_seconds
from engine.plan.model import Indicator
from engine.plan.schema import IndicatorForm, PlanForm
from engine.plan.source import Path, Source


def read_indicators(form: PlanForm, source: Source) -> dict[str, Indicator]:
    """The indicators by id. A broken one is left out, with a finding."""
    found = {}
    for key, entry in form.indicators.items():
        indicator = _read(key, entry, ("indicators", key), source, nested=False)
        if indicator is not None:
            found[key] = indicator
    labels: dict[str, str] = {}
    for key, indicator in found.items():
        for name, label in ((key, indicator.label), *((f"{key}.{k}", v.label) for k, v in indicator.parts.items())):
            if label in labels:
                source.report(
                    ("indicators", key), "duplicate-id", f"名称“{label}”与 {labels[label]} 相同", "名称各不相同", "改名"
                )
            labels.setdefault(label, name)
    check_derivations(form, found, source)
    return found


def _read(key: str, entry: IndicatorForm, path: Path, source: Source, *, nested: bool) -> Indicator | None:
    before = len(source.findings)

    def wrong(step: str, code: str, found: str, expected: str, remedy: str) -> None:
        source.report((*path, step), code, found, expected, remedy)

    quantity = entry.type in ("number", "integer", "series")
    if quantity and entry.unit not in UNITS:
        wrong("unit", "wrong-unit", f"单位“{entry.unit}”", "、".join(UNITS), "改成已知的单位")
    if not quantity and entry.unit is not None:
        wrong("unit", "unknown-key", f"{entry.type} 带了单位", f"{entry.type} 没有单位", "删去 unit")
    if entry.type in ("enum", "areas") and not entry.values:
        wrong("values", "missing-key", f"{entry.type} 没有 values", "取值（或区域）的列表", "补上 values")
    if entry.type not in ("enum", "areas") and entry.values:
        wrong("values", "unknown-key", f"{entry.type} 带了 values", "只有 enum 和 areas 有 values", "删去 values")
    if len(set(entry.values)) < len(entry.values):
        wrong("values", "duplicate-id", "取值重复", "各不相同的取值", "删去重复")
    if entry.value_labels and len(entry.value_labels) != len(entry.values):
        wrong("value_labels", "wrong-type", f"{len(entry.value_labels)} 个", f"与 values 一样 {len(entry.values)} 个", "逐一对应")
    if nested and entry.type in ("areas", "series"):
        wrong("type", "wrong-type", f"区域里的 {entry.type}", "number、integer、boolean 或 enum", "移到外层")
    parts = {}
    if entry.type == "areas":
        if not entry.indicators:
            wrong("indicators", "missing-key", "areas 没有 indicators", "每个区域的指标", "补上 indicators")
        for name, part in entry.indicators.items():
            read = _read(name, part, (*path, "indicators", name), source, nested=True)
            if read is not None:
                parts[name] = read
    elif entry.indicators:
        wrong("indicators", "unknown-key", f"{entry.type} 带了 indicators", "只有 areas 有 indicators", "删去")
    signed = entry.unit in SIGNED_UNITS
    normal = _normal(entry, path, source)
    age = None
    if entry.max_age is not None:
        try:
            age = parse_seconds(entry.max_age)
        except BadQuantity as error:
            wrong("max_age", "wrong-unit", f"“{entry.max_age}”", error.expected, "写成时长")
    if any(finding.severity == "error" for finding in source.findings[before:]):
        return None
    return Indicator(
        id=key,
        type=entry.type,
        label=entry.label,
        clause=entry.clause,
        unit=entry.unit,
        values=tuple(entry.values) if entry.type == "enum" else (),
        value_labels=tuple(entry.value_labels),
        areas=tuple(entry.values) if entry.type == "areas" else (),
        parts=parts,
        normal=normal,
        max_age=age,
        index=entry.index,
        hint=entry.hint,
        derived_from=derivation(entry),
        signed=signed,
    )


def _normal(entry: IndicatorForm, path: Path, source: Source) -> Scalar:
    """The declared quiet value, or 0, false, the first value."""
    text = entry.normal
    if entry.type == "boolean":
        if text not in (None, "true", "false"):
            source.report((*path, "normal"), "wrong-type", f"“{text}”", "true 或 false", "改正")
        return text == "true"
    if entry.type == "enum":
        if text is not None and text not in entry.values:
            source.report((*path, "normal"), "unknown-value", f"“{text}”", "、".join(entry.values), "改正")
        return text or (entry.values[0] if entry.values else "")
    if text is None or entry.unit not in UNITS:
        return 0
    try:
        return parse_quantity(text, entry.unit)
    except BadQuantity as error:
        try:
            return parse_quantity(text, "1")
        except BadQuantity:
            source.report((*path, "normal"), "wrong-unit", f"“{text}”", error.expected, "改正")
            return 0
