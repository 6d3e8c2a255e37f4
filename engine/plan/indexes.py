"""Dated tables that plans refer to, such as the break points of an air quality index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.plan.forms import shaped
from engine.plan.schema import IndexForm
from engine.plan.source import Source


@dataclass(frozen=True, slots=True)
class IndexTable:
    """Break points by pollutant for means over a day, eight hours and one hour, against the index's scale."""

    edition: str
    scale: tuple[int, ...]
    day: Mapping[str, tuple[float, ...]]
    eight_hour: Mapping[str, tuple[float, ...]]
    one_hour: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class IndexUse:
    """A plan's index series can be computed from these concentration series (pollutant -> indicator) by this table."""

    index: IndexTable
    pollutants: Mapping[str, str]


def load_indexes(sources: Iterable[Source]) -> dict[str, IndexTable]:
    """The tables by edition. Findings go to the sources."""
    found = {}
    for source in sources:
        form = shaped(IndexForm, source)
        if form is None:
            continue
        for kind in ("day", "eight_hour", "one_hour"):
            for pollutant, limits in getattr(form, kind).items():
                if len(limits) > len(form.scale) or limits != sorted(set(limits)):
                    source.report(
                        (kind, pollutant), "levels-out-of-order", str(limits), f"由小到大，至多 {len(form.scale)} 个", "改正断点"
                    )
        tables = {
            kind: {p: tuple(limits) for p, limits in getattr(form, kind).items()} for kind in ("day", "eight_hour", "one_hour")
        }
        found[form.index] = IndexTable(form.index, tuple(form.scale), **tables)
    return found
