"""Facts as they are reported one after another: what is known after a report, and what a report says that is new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Raw = dict[str, Any]
Reported = Mapping[str, Any]


def put(raw: Reported, facts: Reported) -> Raw:
    """Facts with others reported on top; those of areas one by one."""
    return {**raw, **{key: _beside(raw.get(key), value) for key, value in facts.items()}}


def _beside(before: Any, value: Any) -> Any:
    if not (_areal(value) and _areal(before)):
        return value
    return {**before, **{area: {**before.get(area, {}), **row} for area, row in value.items()}}


def changed(raw: Reported, facts: Reported) -> Raw:
    """Of these facts those that were not reported already."""
    found = {key: _news(raw.get(key), value) for key, value in facts.items()}
    return {key: value for key, value in found.items() if not (value is None or value == {})}


def _news(before: Any, value: Any) -> Any:
    if not (_areal(value) and _areal(before)):
        return None if before == value else value
    rows = {
        area: {name: one for name, one in row.items() if before.get(area, {}).get(name) != one} for area, row in value.items()
    }
    return {area: row for area, row in rows.items() if row}


def _areal(value: Any) -> bool:
    """Whether a value is one of areas: {area: {indicator: value}}."""
    return isinstance(value, dict) and bool(value) and all(isinstance(row, dict) for row in value.values())
