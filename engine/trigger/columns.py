"""Columns of facts: one array an indicator, one element a case, checked and turned into digits.

A digit is 0 where the fact is unknown, and one more than the cell of a known one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.plan.finding import FactInvalid
from engine.plan.model import Indicator, Plan
from engine.trigger.cells import Domain, make_domain
from engine.trigger.facts import validate
from engine.trigger.thresholds import IN_NUMPY, Digits, Primitives, Spare, thresholds

Column = NDArray[Any]
"""Numbers: float64 (NaN: unknown) or whole numbers; booleans: 0, 1, -1 unknown, or float with NaN; enums: the position in
the indicator's values, -1 unknown. Any of them may be a masked array (masked: unknown), or 0-d: the same for every case."""


class BoundColumn:
    """One indicator's column, checked as it is read. Raises FactInvalid, naming the first bad row, as `validate` would.

    key: as the caller wrote it ("deaths", "counties.rain_past_24h" with `area`). filled: the digit of an unknown value, where
    the date settles it.
    """

    def __init__(
        self,
        plan: Plan,
        key: str,
        domain: Domain,
        column: Column,
        *,
        area: str | None = None,
        filled: int = 0,
        primitives: Primitives = IN_NUMPY,
        spare: Spare,
    ) -> None:
        self._plan = plan
        self._key = key
        self._area = area
        self._domain = domain
        self._filled = filled
        self._mask = np.ma.getmaskarray(column) if np.ma.is_masked(column) else None
        self._values = _readable(domain.indicator, np.ma.getdata(column), f"columns.{key}")
        self._primitives = primitives
        self._spare = spare
        self._thresholds = None if domain.values else thresholds(domain, self._values.dtype)
        self._type: type[np.uint8 | np.uint16] = np.uint8 if domain.size < 250 else np.uint16
        self._room: Digits = np.empty(0, self._type)
        self.constant: int | None = None
        if column.ndim == 0:
            self._values = self._values.reshape(1)
            self._mask = None if self._mask is None else self._mask.reshape(1)
            self.constant = int(self.digits(0, 1)[0])

    def digits(self, start: int, stop: int) -> Digits:
        """The digits of some cases, until those of others are asked for."""
        values = self._values[start:stop]
        mask = None if self._mask is None else self._mask[start:stop]
        if len(self._room) < len(values):
            self._room = np.empty(len(values), self._type)
        found = self._room[: len(values)]
        if not found.size:
            return found
        if self._thresholds:
            least, most = self._primitives.count(values, self._thresholds, found, self._spare)
        else:
            least, most = self._primitives.shift(self._positions(values), self._domain.size, found)
        if mask is not None:
            found[mask] = 0
            least, most = int(found.min()), int(found.max())
        fractions = self._domain.indicator.type == "integer" and values.dtype.kind == "f"
        if not least or most > self._domain.size or fractions:
            self._check(start, values, mask, found)
        if not least and self._filled:
            found[found == 0] = self._filled
        return found

    def amounts(self, start: int, stop: int, top: int) -> NDArray[np.int64]:
        """For a count: 1 more than the value, of which `top` stands for all that are larger; 0 where it is unknown."""
        digits = self.digits(start, stop)
        values = np.minimum(self._values[start:stop], top)
        return np.where(digits > 0, np.where(digits > 0, values, 0).astype(np.int64) + 1, 0)

    def _positions(self, values: NDArray[Any]) -> NDArray[Any]:
        """Positions as whole numbers; a number between two of them is none."""
        if values.dtype.kind == "b":
            return values.view(np.int8)
        if values.dtype.kind != "f":
            return values
        whole = np.where(np.floor(values) == values, values, -2)
        return np.where(np.isnan(values), -1, whole).clip(-2, 2**15).astype(np.int64)

    def _check(self, start: int, values: NDArray[Any], mask: NDArray[np.bool_] | None, found: Digits) -> None:
        """Refuse what is too large, no whole number, or reaches not even the domain's start without being unknown."""
        bad = found > self._domain.size
        if self._thresholds:
            outside = found == 0
            if values.dtype.kind == "f":
                if self._domain.indicator.type == "integer":
                    outside |= np.floor(values) != values
                outside &= ~np.isnan(values)
            bad |= outside
        if mask is not None:
            bad &= ~mask
        if bad.any():
            self._refuse(start + int(np.argmax(bad)))

    def _refuse(self, at: int) -> None:
        value = self._values[at].item()
        row = "" if self.constant is None and len(self._values) == 1 else f"[{at}]"
        where = f"columns.{self._key}{row}" + (f"（{self._area}）" if self._area else "")
        if self._domain.values:
            last = len(self._domain.values) - 1
            raise FactInvalid(
                f"“{value}”不是“{self._domain.indicator.label}”取值的位置", where=where, remedy=f"填 0 至 {last}，未知填 -1"
            )
        name = self._key.rpartition(".")[2]
        areas = self._domain.areas
        try:
            validate(self._plan, {areas: {self._area: {name: value}}} if areas else {name: value})
        except FactInvalid as error:
            raise FactInvalid(error.message, where=where, remedy=error.remedy) from None


def _readable(indicator: Indicator, values: NDArray[Any], where: str) -> NDArray[Any]:
    """The values in a type that compares exactly."""
    kind = values.dtype.kind
    if not values.dtype.isnative:
        values = values.astype(values.dtype.newbyteorder("="))
    if kind == "f" and values.dtype.itemsize < 8:
        return values.astype(np.float64)
    if (kind == "f" and values.dtype.itemsize == 8) or kind in "iu" or (kind == "b" and indicator.type == "boolean"):
        return values
    remedy = {"boolean": "是、否写 1、0，未知写 -1", "enum": f"写取值的位置：0 至 {len(indicator.values) - 1}，未知写 -1"}.get(
        indicator.type, "写 float64（未知写 NaN）或 int64"
    )
    raise FactInvalid(f"“{indicator.label}”的列是 {values.dtype}", where=where, remedy=remedy)


def bind(
    plan: Plan,
    domains: Mapping[str, Domain],
    columns: Mapping[str, Column],
    count: int,
    filled: Mapping[str, int],
    primitives: Primitives = IN_NUMPY,
) -> dict[str, tuple[BoundColumn | None, ...]]:
    """For each key its columns: one, or one an area in the plan's order (None: unknown). Raises FactInvalid.

    filled: the digits that the date gives where nothing else does.
    """
    spare = Spare()
    found: dict[str, list[BoundColumn | None]] = {}
    single: list[tuple[str, str, str]] = []
    for name, column in columns.items():
        if not isinstance(column, np.ndarray):
            raise FactInvalid(f"列“{name}”不是 numpy 数组", where=f"columns.{name}", remedy="用 numpy.array(…) 包起来")
        key, area = _split(plan, name)
        if area is not None:
            single.append((name, key, area))
            continue
        areas = plan.indicators[key.split(".", 1)[0]].areas if "." in key else ()
        domain = _domain(plan, domains, key)
        if not areas:
            _check_shape(name, column, (count,))
            found[key] = [BoundColumn(plan, key, domain, column, filled=filled.get(key, 0), primitives=primitives, spare=spare)]
            continue
        if (column.ndim == 1 and len(column) == len(areas)) or column.ndim == 0:
            each = [column[n, ...] if column.ndim else column for n in range(len(areas))]
        else:
            _check_shape(name, column, (count, len(areas)))
            each = [column[:, n] for n in range(len(areas))]
        found[key] = [
            BoundColumn(plan, key, domain, one, area=area, primitives=primitives, spare=spare)
            for one, area in zip(each, areas, strict=True)
        ]
    for name, key, area in single:
        column = columns[name]
        areas = plan.indicators[key.split(".", 1)[0]].areas
        _check_shape(name, column, (count,))
        row = found.setdefault(key, [None] * len(areas))
        row[areas.index(area)] = BoundColumn(
            plan, key, _domain(plan, domains, key), column, area=area, primitives=primitives, spare=spare
        )
    return {key: tuple(each) for key, each in found.items()}


def _domain(plan: Plan, domains: Mapping[str, Domain], key: str) -> Domain:
    """The key's domain; one without cuts, to check values by, where no scale asks for it."""
    if key in domains:
        return domains[key]
    areas, _, name = key.partition(".")
    indicator = plan.indicators[areas].parts[name] if name else plan.indicators[areas]
    return make_domain(key, indicator, set(), areas if name else None)


def _split(plan: Plan, name: str) -> tuple[str, str | None]:
    """A column's name as a key and an area: "counties.rain" of all areas, "counties.<area>.rain" of one. Raises FactInvalid."""
    first, *rest = name.split(".")
    where = f"columns.{name}"
    validate(plan, {first: None})
    indicator = plan.indicators[first]
    if indicator.type == "series":
        raise FactInvalid(
            f"“{indicator.label}”是逐时序列，不能作列", where=where, remedy="先算出由它得出的各项指标，把每项作一列"
        )
    if indicator.type != "areas":
        if rest:
            raise FactInvalid(f"“{indicator.label}”不分区域", where=where, remedy=f"写成“{first}”")
        return first, None
    if len(rest) not in (1, 2):
        raise FactInvalid(
            f"“{indicator.label}”按区域给", where=where, remedy=f"写成“{first}.指标”（每例一行，每区域一列）或“{first}.区域.指标”"
        )
    validate(plan, {first: {(rest[0] if len(rest) == 2 else indicator.areas[0]): {rest[-1]: None}}})
    return f"{first}.{rest[-1]}", rest[0] if len(rest) == 2 else None


def _check_shape(name: str, column: Column, shape: tuple[int, ...]) -> None:
    if column.ndim and column.shape != shape:
        raise FactInvalid(f"列“{name}”的形状是 {column.shape}", where=f"columns.{name}", remedy=f"应是 {shape}，或一个标量")
