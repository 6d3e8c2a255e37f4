"""A level map over two indicators: cells cut at the plan's own thresholds, not sampled pixels, with the lines where something changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from engine.drill.sweeps.axis import Axis
from engine.drill.sweeps.by_case import Found
from engine.drill.sweeps.cases import Column, coded
from engine.drill.sweeps.stretch import Stretch, stretches
from engine.drill.sweeps.sweep import Sweep
from engine.drill.sweeps.sweep_change import Held, signer_of, usual_point
from engine.drill.sweeps.variable import Variable
from engine.plan.condition import Bounds, Scalar
from engine.plan.finding import YuanError
from engine.plan.measure import Number
from engine.plan.model import Plan
from engine.trigger.cells import Cut, Domain, make_domain
from engine.trigger.judge import judge

MOST_CELLS = 1_000_000


class MapTooFine(YuanError):
    """A map of more cells than can be drawn."""

    code = "too-complex"


@dataclass(frozen=True, slots=True)
class Border:
    """A line of the map between two neighbouring columns (across the first indicator) or rows (across the second).

    place: the column or row after it. runs: along the other indicator, the first and last cell where the level, or the set of
    possible levels, differs on its two sides. signing: the runs where the signer differs.
    """

    place: int
    runs: tuple[tuple[int, int], ...]
    signing: tuple[tuple[int, int], ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class LevelMap:
    """Cells [row][column] of one scale: rows follow `second` upwards, columns `first` to the right."""

    sweep: Sweep
    scale: str
    first: Variable
    second: Variable
    columns: tuple[Stretch, ...]
    rows: tuple[Stretch, ...]
    cells: tuple[tuple[Found, ...], ...]
    held: Held
    point: tuple[Scalar, Scalar] | None = None

    @property
    def plan(self) -> Plan:
        return self.sweep.plan

    @cached_property
    def across_first(self) -> tuple[Border, ...]:
        """The lines that stand on thresholds of the first indicator."""
        return tuple(_borders(self, [[row[n] for row in self.cells] for n in range(len(self.columns))]))

    @cached_property
    def across_second(self) -> tuple[Border, ...]:
        """The lines that stand on thresholds of the second indicator."""
        return tuple(_borders(self, [list(row) for row in self.cells]))

    @cached_property
    def at_point(self) -> tuple[int, int] | None:
        """Column and row of the current point; None where it lies outside."""
        if self.point is None:
            return None
        column, row = _place(self.columns, self.point[0]), _place(self.rows, self.point[1])
        return None if column is None or row is None else (column, row)

    def cell(self, column: int, row: int) -> Found:
        return self.cells[row][column]

    def ways(self) -> tuple[tuple[bool, bool, Stretch, Found], ...]:
        """From the point straight on: along the first indicator or not, rising or not, where it first changes, and to what."""
        if self.at_point is None:
            return ()
        column, row = self.at_point
        here = self.cell(column, row)[0]
        found = []
        for along, now, line in ((True, column, self.cells[row]), (False, row, [one[column] for one in self.cells])):
            places = self.columns if along else self.rows
            for rising, order in ((True, range(now + 1, len(line))), (False, range(now - 1, -1, -1))):
                other = next((n for n in order if line[n][0] != here), None)
                if other is not None:
                    found.append((along, rising, places[other], line[other]))
        return tuple(found)


def level_map(sweep: Sweep, scale: str, first: str, second: str, held: Held | None = None, *, point: bool = False) -> LevelMap:
    """The map of a scale over two of the varied indicators; the others held (absent: as `usual_point` has them).

    point: mark where the fixed facts, or `held`, are. Raises MapTooFine.
    """
    others = {**usual_point(sweep), **(held or {})}
    here = (others.pop(first), others.pop(second))
    known = {one.name: one for one in sweep.variables}
    one, two = known[first], known[second]
    columns = stretches(one, sweep.axes[first], _domain(sweep, one, two, others))
    rows = stretches(two, sweep.axes[second], _domain(sweep, two, one, others))
    if len(columns) * len(rows) > MOST_CELLS:
        raise MapTooFine(
            f"{one.label}分 {len(columns)} 段，{two.label}分 {len(rows)} 段，画不下", where="map", remedy="缩小其中一个的范围"
        )
    cells = _judged(sweep, scale, (one, columns), (two, rows), others)
    marked = here if point and here[0] is not None and here[1] is not None else None
    return LevelMap(sweep, scale, one, two, columns, rows, cells, others, marked)  # type: ignore[arg-type]


def _domain(sweep: Sweep, variable: Variable, other: Variable, others: Held) -> Domain:
    """The indicator's cells, cut also at every value where it is added up with the other one."""
    compiled = judge(sweep.plan, sweep.choices)
    facts = sweep.facts({**others, variable.name: None, other.name: None})
    if variable.key not in compiled.domains:
        return make_domain(variable.key, variable.indicator, set(), variable.areas)
    found = compiled.domain(variable.key, facts)
    totals = [key for key in compiled.domains if "+" in key and {variable.key, other.key} == set(key.split("+"))]
    top = max((int(cut) for key in totals for cut, _ in compiled.domains[key].cuts), default=0)
    ends = sweep.axes[variable.name].ends
    if not top or ends is None:
        return found
    cuts: set[Cut] = {*found.cuts, *((n, False) for n in range(max(1, int(ends[0])), min(top, int(ends[1])) + 1))}
    return make_domain(variable.key, variable.indicator, cuts, variable.areas)


def _judged(
    sweep: Sweep, scale: str, one: tuple[Variable, Sequence[Stretch]], two: tuple[Variable, Sequence[Stretch]], others: Held
) -> tuple[tuple[Found, ...], ...]:
    wide, high = len(one[1]), len(two[1])
    columns: dict[str, Column] = {}
    for variable in sweep.variables:
        if variable.name in others:
            columns[variable.name] = np.broadcast_to(coded(variable.indicator, (others[variable.name],)), (wide * high,))
    columns[one[0].name] = np.tile(coded(one[0].indicator, tuple(place.sample for place in one[1])), high)
    columns[two[0].name] = np.repeat(coded(two[0].indicator, tuple(place.sample for place in two[1])), wide)
    judged = sweep.judge(columns, wide * high)
    codes, said = judged.of(scale)
    return tuple(tuple(said[code] for code in row) for row in codes.reshape(high, wide).tolist())


def _borders(drawn: LevelMap, lines: Sequence[Sequence[Found]]) -> Iterator[Border]:
    """The lines between neighbours among these columns or rows."""
    posts: dict[int, tuple[str, ...]] = {}

    def signer(found: Found) -> tuple[str, ...]:
        rank = found[0][0]
        if rank not in posts:
            posts[rank] = signer_of(drawn.plan, drawn.scale, rank)
        return posts[rank]

    for n, (before, after) in enumerate(pairwise(lines), 1):
        runs = _runs([low[0] != high[0] for low, high in zip(before, after, strict=True)])
        if not runs:
            continue
        clauses: dict[str, None] = {}
        for low, high in zip(before, after, strict=True):
            if low[0] != high[0]:
                less, more = sorted((low, high))
                clauses.update(dict.fromkeys([one for one in more[1] if one not in less[1]] or more[1]))
        signing = _runs([signer(low) != signer(high) for low, high in zip(before, after, strict=True)])
        yield Border(n, runs, signing, tuple(clauses))


def _runs(marks: Sequence[bool]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for n, mark in enumerate(marks):
        if mark and found and found[-1][1] == n - 1:
            found[-1] = (found[-1][0], n)
        elif mark:
            found.append((n, n))
    return tuple(found)


def _place(pieces: Sequence[Stretch], value: Scalar) -> int | None:
    """The piece that a value lies in."""
    for n, one in enumerate(pieces):
        if one.value is not None:
            if one.value == value and type(one.value) is type(value):
                return n
        elif isinstance(value, int | float) and value in one.bounds and not _is_next(pieces, n, value):
            return n
    return None


def _is_next(pieces: Sequence[Stretch], place: int, value: Number) -> bool:
    """Whether a value at the upper end belongs to the next piece."""
    return place + 1 < len(pieces) and value in pieces[place + 1].bounds and value not in _below(pieces[place + 1].bounds)


def _below(bounds: Bounds) -> Bounds:
    return Bounds(None, False, bounds.low, not bounds.low_open)


def regions(drawn: LevelMap) -> tuple[tuple[int, int, int, int], ...]:
    """The map in rectangles of cells that say the same: first and last column, first and last row; each cell in exactly one."""
    ranks = [[found[0] for found in row] for row in drawn.cells]
    open_runs: dict[tuple[int, int], int] = {}
    done: list[tuple[int, int, int, int]] = []
    for n, row in enumerate(ranks):
        runs = _spans(row)
        for (low, high), since in list(open_runs.items()):
            if (low, high) not in runs or ranks[n - 1][low] != row[low]:
                done.append((low, high, since, n - 1))
                del open_runs[low, high]
        for run in runs:
            open_runs.setdefault(run, n)
    done += [(low, high, since, len(ranks) - 1) for (low, high), since in open_runs.items()]
    return tuple(sorted(done))


def _spans(row: Sequence[tuple[int, ...]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for n, ranks in enumerate(row):
        if n and ranks == row[n - 1]:
            found[-1] = (found[-1][0], n)
        else:
            found.append((n, n))
    return found


def map_axes(axes: Mapping[str, Axis]) -> tuple[str, str] | None:
    """The two indicators to draw where none are named: the first two."""
    names = list(axes)
    return (names[0], names[1]) if len(names) > 1 else None
