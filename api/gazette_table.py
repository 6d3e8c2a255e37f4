"""What `yuan check --gazettes` shows: the findings, a table of a row per plan, and one line."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from rich.console import Console
from rich.table import Table

from engine.gazette.compare import Comparison

WIDTH = 128
SEVERITIES = {"error": "错误", "warning": "注意", "note": "待看"}


def show(comparisons: Sequence[Comparison]) -> bool:
    """Print everything; True where nothing is an error."""
    findings = [finding for one in comparisons for finding in one.findings]
    for finding in findings:
        typer.echo(f"{SEVERITIES[finding.severity]} {finding}")
    Console(width=WIDTH).print(_table(comparisons))
    typer.echo(summary(comparisons))
    return not any(finding.severity == "error" for finding in findings)


def summary(comparisons: Sequence[Comparison]) -> str:
    """The one line."""
    found = [one for one in comparisons if one.found]
    missing = sum(len(one.missing) + len(one.extra) for one in found)
    text = f"条款 {sum(one.clauses for one in found)}：编入 {sum(one.encoded for one in found)}，注明 {sum(one.noted for one in found)}，缺 {missing}"
    severities = [finding.severity for one in comparisons for finding in one.findings]
    counts = "，".join(f"{word} {severities.count(key)}" for key, word in SEVERITIES.items())
    absent = len(comparisons) - len(found)
    return f"{text}；{counts}" + (f"；{absent} 份预案不在所给公报中" if absent else "")


def _table(comparisons: Sequence[Comparison]) -> Table:
    table = Table(title="与公报原文对照")
    table.add_column("预案", no_wrap=True)
    for column in ("条款", "编入", "注明", "原文无此条", "台账缺", "数字", "数字不符", "单位", "单位不符", "待看", "原文"):
        table.add_column(column, justify="right", no_wrap=True)
    for one in comparisons:
        if not one.found:
            table.add_row(one.plan, *["—"] * 10, "没有")
            continue
        figures = sum(one.count(code, "error", "warning") for code in ("figure-not-printed", "figure-not-in-clause"))
        units = sum(one.count(code, "error", "warning") for code in ("unit-not-printed", "unit-not-in-clause"))
        numbers = (one.clauses, one.encoded, one.noted, len(one.missing), len(one.extra), one.figures, figures, one.units, units)
        table.add_row(one.plan, *map(str, (*numbers, one.to_look)), "已变" if one.changed else "同")
    return table
