"""A table as a plan's record: every cell in its indicator's domain, missing rows put in, what no column gives assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from api.backtesting.mapping import ColumnMapping
from api.backtesting.table import MISSING, Cell, Table, number, spacing
from api.reading import BadInput
from engine.drill.backtests.record import Counted, Record, calm
from engine.plan.condition import Scalar
from engine.plan.finding import FactInvalid
from engine.plan.model import Indicator, Plan
from engine.trigger.facts import Partial, validate

HOUR = timedelta(hours=1)
UNKNOWN = ("unknown", "未知")
TRUTHS = {"true": True, "false": False, "是": True, "否": False, "1": True, "0": False}


def make_record(plan: Plan, table: Table, mapping: ColumnMapping, assumed: Mapping[str, str] | None = None) -> Record:
    """The record. Raises BadInput with the line and column, FactInvalid for what is assumed."""
    step = spacing(table)
    count = (table.times[-1] - table.times[0]) // (step * HOUR) + 1
    rows = [(at - table.times[0]) // (step * HOUR) for at in table.times]
    hourly: dict[str, list[float | None]] = {}
    given: dict[str, list[Scalar | Partial | None]] = {}
    counted: dict[str, Counted] = {}
    for key, used in mapping.columns.items():
        indicator = plan.indicators[key]
        cells = table.columns[used.column]
        if used.test is not None:
            counted[key] = Counted(_spread(_numbers(table, used.column, cells, None), rows, count), used.test, used.ahead)
        elif indicator.type == "series":
            hourly[key] = _spread(_numbers(table, used.column, cells, indicator), rows, count)
        else:
            given[key] = _spread(_values(plan, indicator, table, used.column, cells), rows, count)
    labels = {key: str(used) for key, used in mapping.columns.items()}
    record = Record(table.times[0], step, count, hourly, given, counted, labels=labels)
    return Record(
        record.first, step, count, hourly, given, counted, calm(plan, record, _assumed(plan, assumed or {})), labels
    )  # fmt: skip


def _spread(values: Sequence[Any], rows: Sequence[int], count: int) -> list[Any]:
    """Values at their rows; None where the file has no row."""
    if len(values) == count:
        return list(values)
    found: list[Any] = [None] * count
    for row, value in zip(rows, values, strict=True):
        found[row] = value
    return found


def _numbers(table: Table, column: str, cells: Sequence[Cell], indicator: Indicator | None) -> list[float | None]:
    found = []
    for n, cell in enumerate(cells):
        try:
            value = number(cell)
        except (TypeError, ValueError):
            raise BadInput(f"“{str(cell)[:40]}”不是数", where=table.where(n, column), remedy="填数字；缺测的留空") from None
        if value is not None and abs(value) == float("inf"):
            raise BadInput(f"“{cell}”不是有限的数", where=table.where(n, column), remedy="缺测的留空")
        if value is not None and value < 0 and (indicator is None or not indicator.signed):
            raise BadInput(f"{value:g} 小于 0", where=table.where(n, column), remedy="改正；用负数表示缺测的，改为留空")
        found.append(value)
    return found


def _values(plan: Plan, indicator: Indicator, table: Table, column: str, cells: Sequence[Cell]) -> list[Scalar | Partial | None]:
    """The values of an indicator that is no series."""
    seen: dict[Cell, Scalar | Partial | None] = {}
    found = []
    for n, cell in enumerate(cells):
        if cell not in seen:
            try:
                seen[cell] = _value(plan, indicator, cell)
            except FactInvalid as error:
                raise BadInput(error.message, where=table.where(n, column), remedy=error.remedy) from None
        found.append(seen[cell])
    return found


def _value(plan: Plan, indicator: Indicator, cell: Cell) -> Scalar | Partial | None:
    """One cell as `validate` takes it. Raises FactInvalid."""
    if cell is None or (isinstance(cell, str) and cell.lower() in MISSING):
        return None
    raw: Any = cell
    if isinstance(cell, str):
        if indicator.type == "boolean":
            raw = TRUTHS.get(cell.lower(), cell)
        elif indicator.type == "enum":
            raw = next((value for value in indicator.values if cell == indicator.word(value)), cell)
        else:
            try:
                raw = float(cell)
            except ValueError:
                raw = cell
    return validate(plan, {indicator.id: raw}).of(indicator.id)


def _assumed(plan: Plan, raw: Mapping[str, str]) -> dict[str, Scalar | None]:
    found: dict[str, Scalar | None] = {}
    for key, text in raw.items():
        indicator = plan.indicators.get(key)
        if indicator is None or indicator.type in ("series", "areas"):
            validate(plan, {key: text} if indicator is None else {})
            raise FactInvalid(f"“{key}”不能假定为一个值", where=f"--assume {key}", remedy="只有单个值的指标可以假定")
        if text in UNKNOWN:
            found[key] = None
            continue
        value = _value(plan, indicator, text)
        found[key] = None if isinstance(value, Partial) else value
    return found
