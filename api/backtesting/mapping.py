"""Which column is which indicator: by name, as `--map` says, or as a mapping that was saved says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from api.reading import BadInput, read_file
from engine.plan.model import Plan
from engine.plan.spelling import nearest

COUNTED = re.compile(r"^(?P<column>.+?)\s*(?P<sign><=|>=|<|>)\s*(?P<number>\d+(?:\.\d+)?)\s*:\s*(?P<way>back|ahead)$")
TIME = "time"
FORM = "指标=列名；或数连续多少行合于条件：指标=列名<0.1:back（到当时为止）、指标=列名<0.1:ahead（预报今后）"


@dataclass(frozen=True, slots=True)
class Used:
    """How a column is used. test: `"< 0.1"` where rows in a row that pass it are counted, up to now or ahead."""

    column: str
    test: str | None = None
    ahead: bool = False

    def __str__(self) -> str:
        return (
            self.column if self.test is None else f"{self.column}{self.test.replace(' ', '')}:{'ahead' if self.ahead else 'back'}"
        )


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """indicator -> how a column gives it; the column of times."""

    columns: Mapping[str, Used] = field(default_factory=dict)
    time: str | None = None


def parse_mapping(entries: Iterable[str], where: str = "--map") -> ColumnMapping:
    """`pm25_hourly=PM2.5` and so on. Raises BadInput."""
    found: dict[str, Used] = {}
    time = None
    for entry in entries:
        key, mark, column = (part.strip() for part in entry.partition("="))
        if not mark or not key or not column:
            raise BadInput(f"“{entry}”不是 指标=列名", where=where, remedy=FORM)
        if key == TIME:
            time = column
            continue
        found[key] = parse_used(column)
    return ColumnMapping(found, time)


def parse_used(text: str) -> Used:
    """A column, or what is counted on it."""
    counted = COUNTED.match(text)
    if counted is None:
        return Used(text)
    return Used(counted["column"], f"{counted['sign']} {counted['number']}", counted["way"] == "ahead")


def read_mapping(path: Path) -> ColumnMapping:
    """A mapping that was saved: YAML, `time` and `columns`. Raises BadInput."""
    raw = read_file(path)
    columns = raw.get("columns") if isinstance(raw, dict) else None
    if not isinstance(columns, dict) or not all(isinstance(one, str) for one in columns.values()):
        raise BadInput("不是列对应文件", where=str(path), remedy="YAML：columns: {指标: 列名}，另可有 time: 列名")
    time = raw.get(TIME)
    return ColumnMapping({str(key): parse_used(one) for key, one in columns.items()}, None if time is None else str(time))


def mapping_text(mapping: ColumnMapping, plan: Plan) -> str:
    """A mapping as YAML, to be saved."""
    data: dict[str, object] = {"plan": plan.id}
    if mapping.time is not None:
        data[TIME] = mapping.time
    data["columns"] = {key: str(used) for key, used in mapping.columns.items()}
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def match(plan: Plan, names: Iterable[str], given: ColumnMapping) -> ColumnMapping:
    """The whole mapping: what was given, and the columns that are named like an indicator or a pollutant of the plan's indices.

    Raises BadInput for an indicator or a column that there is not, and where nothing matches.
    """
    columns = list(names)
    for key, used in given.columns.items():
        _check(plan, columns, key, used)
    by_name = {plain(name): name for name in columns}
    found = dict(given.columns)
    taken = {used.column for used in found.values()}
    for key, words in _words(plan).items():
        column = next((by_name[plain(word)] for word in words if plain(word) in by_name), None)
        if key not in found and column is not None and column not in taken:
            found[key] = Used(column)
    if not found:
        wanted = "、".join(dict.fromkeys(words[-1] for words in _words(plan).values()))
        raise BadInput(
            f"没有一列与《{plan.title}》的指标对得上：{'、'.join(columns)}", where="--map", remedy=f"{FORM}。指标：{wanted}"
        )
    return ColumnMapping(found, given.time)


def plain(name: str) -> str:
    """A name without what differs from file to file."""
    return re.sub(r"[\s._\-（）()]", "", name).lower()


def _words(plan: Plan) -> dict[str, tuple[str, ...]]:
    """By which names an indicator is known."""
    pollutants = {key: pollutant for use in plan.index_uses.values() for pollutant, key in use.pollutants.items()}
    return {
        key: (key, one.label, one.short, *((pollutants[key],) if key in pollutants else ()))
        for key, one in plan.indicators.items()
        if one.type != "areas"
    }


def _check(plan: Plan, columns: list[str], key: str, used: Used) -> None:
    indicator = plan.indicators.get(key)
    if indicator is None or indicator.type == "areas":
        near = nearest(key, list(plan.indicators))
        raise BadInput(
            f"《{plan.title}》没有指标“{key}”" if indicator is None else f"“{indicator.label}”按区域填报，不能由一列给出",
            where=f"--map {key}={used}",
            remedy=f"是不是“{near}”？" if near and indicator is None else f"可用：{'、'.join(_words(plan))}",
        )
    if used.column not in columns:
        near = nearest(used.column, columns)
        raise BadInput(
            f"没有“{used.column}”列",
            where=f"--map {key}={used}",
            remedy=f"是不是“{near}”？" if near else f"现有：{'、'.join(columns)}",
        )
    if used.test is not None and indicator.type not in ("integer", "number"):
        raise BadInput(f"“{indicator.label}”不是数，不能数行", where=f"--map {key}={used}", remedy="写 指标=列名")
