"""One incident's journal out of a file: an export of `yuan journal export`, or its entries alone as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from api.reading import BadInput
from api.store.lines import read_header, read_rows
from engine.drill.exchange.past import pins
from engine.incident.chain import Entry, first_break
from engine.plan.load import load
from engine.plan.model import Plan

FIELDS = ("incident", "seq", "at", "by", "kind", "body", "key", "previous", "hash")


def read_journal(path: Path, incident: str | None, known: Iterable[Plan]) -> tuple[tuple[Entry, ...], dict[str, Plan]]:
    """The entries of an incident (None: the only one) and the plan versions that it ran under, by digest.

    known: versions at hand, where the file brings none. Raises BadInput for a file that holds no whole journal, or names a
    version that nobody has.
    """
    rows, texts = _rows(path)
    journals: dict[str, list[Entry]] = {}
    for number, row in rows:
        entry = _entry(row, path, number)
        journals.setdefault(entry.incident, []).append(entry)
    if not journals:
        raise BadInput("文件里没有日志", where=str(path), remedy="给出 yuan journal export 写出的文件")
    if incident is None and len(journals) > 1:
        raise BadInput(
            f"文件里有{len(journals)}件事件", where="--incident", remedy=f"写其中一件：{'、'.join(list(journals)[:20])}"
        )
    name = incident or next(iter(journals))
    if name not in journals:
        raise BadInput(f"文件里没有事件“{name}”", where="--incident", remedy=f"可用：{'、'.join(list(journals)[:20])}")
    entries = tuple(sorted(journals[name], key=lambda one: one.seq))
    broken = first_break(entries)
    if broken is not None:
        raise BadInput(f"日志被改动过：{broken.words}", where=str(path), remedy="用一份完好的文件")
    return entries, _plans(entries, texts, known, path)


def _rows(path: Path) -> tuple[list[tuple[int, Mapping[str, Any]]], dict[str, Mapping[str, Any]]]:
    """The rows of entries with their lines, and those of plan versions by digest."""
    try:
        with path.open(encoding="utf-8") as stream:
            first = stream.readline()
        head = json.loads(first)
        if isinstance(head, dict) and "yuan" in head:
            read_header(path, "journal")
            found = list(read_rows(path))
            texts: dict[str, Mapping[str, Any]] = {str(one.row["digest"]): one.row for one in found if one.table == "plan_texts"}
            return [(one.number, one.row) for one in found if one.table == "entries"], texts
        lines = path.read_text("utf-8").splitlines()
        return [(number, json.loads(line)) for number, line in enumerate(lines, start=1) if line.strip()], {}
    except OSError as error:
        raise BadInput(f"读不了文件：{error.strerror}", where=str(path), remedy="检查路径和权限") from None
    except ValueError:
        raise BadInput("不是日志文件", where=str(path), remedy="给出 yuan journal export 写出的文件") from None


def _entry(row: Mapping[str, Any], path: Path, number: int) -> Entry:
    try:
        body = row["body"]
        fields = {key: row[key] for key in FIELDS}
        fields |= {"at": datetime.fromisoformat(row["at"]), "body": json.loads(body) if isinstance(body, str) else body}
        return Entry(**fields)
    except (KeyError, TypeError, ValueError):
        raise BadInput("这一行不是一条日志", where=f"{path}:{number}", remedy="给出 yuan journal export 写出的文件") from None


def _plans(
    entries: tuple[Entry, ...], texts: Mapping[str, Mapping[str, Any]], known: Iterable[Plan], path: Path
) -> dict[str, Plan]:
    found = {plan.digest: plan for plan in known}
    needed = {}
    for pin in pins(entries):
        if pin.digest not in found and pin.digest in texts:
            row = texts[pin.digest]
            common = json.loads(row["common"])
            found |= {
                plan.digest: plan for plan in load({row["name"]: row["text"]}, common["units"], common["indexes"]).plans.values()
            }
        if pin.digest not in found:
            raise BadInput(
                f"没有《{pin.title}》的版本 {pin.digest[:12]}",
                where=str(path),
                remedy="给出带有预案文字的导出文件，或把该版本放回预案文件夹",
            )
        needed[pin.digest] = found[pin.digest]
    return needed
