"""Real decisions from a CSV: `level,start,end`, one line each."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

from api.backtesting.table import decode
from api.reading import BadInput
from engine.drill.backtests.sides import Decided
from engine.plan.finding import FactInvalid, UnknownName
from engine.plan.model import Plan, Scale
from engine.trigger.facts import parse_time

HEADS = ("level", "start", "end")


def read_decisions(path: Path, plan: Plan, scale: Scale) -> list[Decided]:
    """The decisions of a file. Raises BadInput with the line."""
    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise BadInput(f"读不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None
    return parse_decisions(text, str(path), plan, scale)


def parse_decisions(text: str, name: str, plan: Plan, scale: Scale) -> list[Decided]:
    """The same of a text. A level by its id or its name; times as in a series, the end not included."""
    reader = csv.DictReader(io.StringIO(text))
    heads = [one.strip() for one in reader.fieldnames or ()]
    if [one for one in HEADS if one not in heads]:
        raise BadInput(f"表头是“{'、'.join(heads)}”", where=f"{name} 第 1 行", remedy="表头写 level,start,end")
    reader.fieldnames = heads
    found = []
    for row in reader:
        where = f"{name} 第 {reader.line_num} 行"
        try:
            level = plan.level(scale.id, (row["level"] or "").strip())
        except UnknownName as error:
            raise BadInput(error.message, where=where, remedy=error.remedy) from None
        start, end = _time(row["start"], f"{where}“start”列"), _time(row["end"], f"{where}“end”列")
        if end <= start:
            raise BadInput("结束不晚于开始", where=where, remedy="改正 start 或 end")
        found.append(Decided(scale.rank(level), start, end))
    if not found:
        raise BadInput("没有一条决定", where=name, remedy="表头以下每行一条：level,start,end")
    return found


def _time(text: str | None, where: str) -> datetime:
    try:
        return parse_time((text or "").replace("/", "-").strip(), where)
    except FactInvalid as error:
        raise BadInput(error.message, where=where, remedy=error.remedy) from None
