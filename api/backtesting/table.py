"""A table of times and columns from a CSV or Parquet file, with the line of every row."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from api.reading import BadInput
from engine.plan.finding import FactInvalid
from engine.trigger.facts import CHINA, LONGEST_SERIES, parse_time

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIME_NAMES = ("time", "datetime", "timestamp", "date", "时间", "时刻", "日期")
MISSING = frozenset({"", "-", "—", "--", "na", "n/a", "nan", "null", "none", "缺测"})
MOST_BYTES = 200_000_000
MOST_ROWS, MOST_COLUMNS = 100_000, 200
"""Of a Parquet file: a small one can hold very many."""
WRITTEN = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:(?:[T\s]+|(?<=日))(\d{1,2})(?:[:时](\d{1,2})?分?(?::00(?:\.0+)?)?)?)?$"
)
"""A time as spreadsheets write it, in Beijing time."""
Cell = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in order of time. lines: the file's line of each row, for messages. columns: texts (CSV) or values (Parquet)."""

    name: str
    time: str
    times: Sequence[datetime]
    lines: Sequence[int]
    columns: Mapping[str, Sequence[Cell]]

    def where(self, row: int, column: str | None = None) -> str:
        """The place of a row, for a message."""
        return f"{self.name} 第 {self.lines[row]} 行" + (f"“{column}”列" if column else "")


def read_table(path: Path, time: str | None = None) -> Table:
    """A file. Raises BadInput with the line."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"文件超过 {MOST_BYTES // 1_000_000} MB", where=str(path), remedy="拆成几份")
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"读不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None
    return read_content(content, str(path), time)


def read_content(content: bytes, name: str, time: str | None = None) -> Table:
    """The content of a file, by its name. Raises BadInput with the line."""
    if name.lower().endswith((".parquet", ".pq")):
        return _parquet(content, name, time)
    return parse_csv(decode(content, name), name, time)


def decode(content: bytes, name: str) -> str:
    """The text of a CSV: UTF-8, or as Chinese spreadsheets save it. Raises BadInput."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("不是 UTF-8 也不是 GB18030 文本", where=name, remedy="另存为 UTF-8 的 CSV；Parquet 文件的扩展名须为 .parquet")


def parse_csv(text: str, name: str, time: str | None = None) -> Table:
    """A CSV with a head line; commas, semicolons or tabs. Raises BadInput with the line."""
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        heads = [one.strip() for one in next(reader, [])]
        rows, lines = [], []
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(row) != len(heads):
                    raise BadInput(
                        f"这一行有 {len(row)} 格，表头有 {len(heads)} 列",
                        where=f"{name} 第 {reader.line_num} 行",
                        remedy="补齐或删去多余的格",
                    )
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise BadInput(f"不是合法的 CSV：{error}", where=f"{name} 第 {reader.line_num} 行", remedy="检查引号") from None
    if not heads or not any(heads):
        raise BadInput("文件是空的", where=name, remedy="第一行是表头：time 和各列的名称，以下每行一个时刻")
    twice = next((one for n, one in enumerate(heads) if one in heads[:n]), None)
    if twice is not None:
        raise BadInput(f"“{twice}”列重复", where=f"{name} 第 1 行", remedy="每列一个名称")
    if not rows:
        raise BadInput("只有表头，没有数据", where=name, remedy="表头以下每行一个时刻")
    columns = {head: [row[n].strip() for row in rows] for n, head in enumerate(heads)}
    return _ordered(name, columns, lines, time)


def _parquet(content: bytes, name: str, time: str | None) -> Table:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise BadInput("读 Parquet 要另装 pyarrow", where=name, remedy="pip install 'yuan[parquet]'，或另存为 CSV") from None
    try:
        file = parquet.ParquetFile(pyarrow.BufferReader(content))
        if file.metadata.num_rows > MOST_ROWS or file.metadata.num_columns > MOST_COLUMNS:
            raise BadInput(
                f"{file.metadata.num_rows} 行、{file.metadata.num_columns} 列",
                where=name,
                remedy=f"至多 {MOST_ROWS} 行、{MOST_COLUMNS} 列",
            )
        found = file.read()
    except (pyarrow.ArrowException, OSError) as error:
        raise BadInput(f"不是合法的 Parquet：{str(error).splitlines()[0][:80]}", where=name, remedy="检查文件") from None
    if not found.num_rows:
        raise BadInput("没有数据", where=name, remedy="每行一个时刻")
    columns = {column: found.column(column).to_pylist() for column in found.column_names}
    return _ordered(name, columns, range(1, found.num_rows + 1), time)


def _ordered(name: str, columns: Mapping[str, Sequence[Any]], lines: Iterable[int], time: str | None) -> Table:
    """The table with its times read and in order. Raises BadInput."""
    known = {one.lower(): one for one in columns}
    column = time if time is not None else next((known[one] for one in TIME_NAMES if one in known), None)
    if column is None or column not in columns:
        raise BadInput(
            "没有时间列" if time is None else f"没有“{time}”列",
            where=f"{name} 第 1 行",
            remedy=f"时间列叫 {'、'.join(TIME_NAMES[:1])}，或写 --map time=列名。现有：{'、'.join(columns)}",
        )
    numbers = list(lines)
    times: list[datetime] = []
    for n, cell in enumerate(columns[column]):
        at = _time(cell, f"{name} 第 {numbers[n]} 行“{column}”列")
        if times and at <= times[-1]:
            problem = f"与第 {numbers[n - 1]} 行时刻相同" if at == times[-1] else "时间倒退"
            raise BadInput(
                f"{problem}：{cell}", where=f"{name} 第 {numbers[n]} 行“{column}”列", remedy="按时间先后排列，一个时刻一行"
            )
        if times and at - times[0] > LONGEST_SERIES:
            raise BadInput(f"跨度超过 {LONGEST_SERIES.days} 天", where=f"{name} 第 {numbers[n]} 行", remedy="拆成几份")
        times.append(at)
    return Table(name, column, times, numbers, {key: values for key, values in columns.items() if key != column})


def _time(cell: Any, where: str) -> datetime:
    """A time on the hour; without an offset it is Beijing time."""
    if isinstance(cell, datetime):
        at = cell.replace(tzinfo=CHINA) if cell.tzinfo is None else cell.astimezone(CHINA)
    elif isinstance(cell, date):
        at = datetime(cell.year, cell.month, cell.day, tzinfo=CHINA)
    else:
        written = WRITTEN.match(str(cell or "").strip())
        try:
            if written is not None:
                year, month, day, hour, minute = (int(part or 0) for part in written.groups())
                text = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}"
            else:
                text = str(cell or "").strip()
            at = parse_time(text, "")
        except FactInvalid:
            raise BadInput(
                f"“{str(cell)[:40]}”不是时间" if cell else "没有时间", where=where, remedy="写成 2016-12-16T20:00，或 2016-12-16"
            ) from None
    if at.minute or at.second or at.microsecond:
        raise BadInput(f"“{cell}”不是整点", where=where, remedy="每行一个整点，或每天一行")
    return at


def spacing(table: Table) -> int:
    """Hours between two rows: 1 or 24. Raises BadInput where they are neither hourly nor daily."""
    steps = {b - a for a, b in zip(table.times, table.times[1:], strict=False)}
    if not steps or all(step % DAY == timedelta(0) for step in steps):
        return 24 if steps else 1
    return 1


def number(cell: Cell) -> float | None:
    """A cell as a number; None where it is missing. Raises ValueError."""
    if cell is None or (isinstance(cell, str) and cell.lower() in MISSING):
        return None
    if isinstance(cell, bool):
        raise ValueError(cell)
    found = float(cell)
    return None if math.isnan(found) else found
