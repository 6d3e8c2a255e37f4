"""Raw conditions to typed ones. Nothing raises: what is wrong becomes a finding and the condition is None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any as Anything

from engine.plan.condition import (
    All,
    Any,
    Basis,
    Bounds,
    Compare,
    Condition,
    Count,
    InForce,
    Level,
    Member,
    Not,
    ScaleIs,
    Sum,
    Switch,
)
from engine.plan.measure import BadQuantity, Number, parse_quantity
from engine.plan.model import Indicator
from engine.plan.source import Path, Source
from engine.plan.spelling import nearest

BOUND_KEYS = ("at_least", "over", "below", "at_most")
BASIS_KEYS = ("clause", "reading", "note")
RESERVED = frozenset({"any", "all", "not", "sum", "in_force", "by_reading", "where", "imposed", *BOUND_KEYS, *BASIS_KEYS})


class ConditionReader:
    """Types the conditions of one plan file."""

    def __init__(
        self,
        source: Source,
        indicators: Mapping[str, Indicator],
        levels: Mapping[str, tuple[str, ...]],
        readings: Mapping[str, int],
        clauses: frozenset[str],
    ) -> None:
        self.source = source
        self.indicators = indicators
        self.levels = levels
        self.readings = readings
        self.clauses = clauses

    def read(self, raw: Anything, path: Path, *, area: str | None = None, in_force: bool = False) -> Condition | None:
        """The typed condition at `path`. `area`: the areas indicator whose own indicators may be named."""
        if not isinstance(raw, dict):
            return self._wrong(path, f"{_shown(raw)}", "一张键值表，如 {deaths: {at_least: 3人}}")
        basis = self._basis(raw, path)
        keys = [key for key in raw if key not in BASIS_KEYS and key != "imposed"]
        special = [key for key in keys if key in RESERVED and key not in (*BOUND_KEYS, "where")]
        if "sum" in keys:
            return self._sum(raw, path, basis)
        if "by_reading" in keys:
            return self._switch(raw, path, basis, area, in_force)
        if special:
            if len(keys) > 1:
                return self._wrong(
                    path,
                    f"“{special[0]}”与 {'、'.join(k for k in keys if k != special[0])} 写在同一张表里",
                    "每张表只写其一，用 all 并列",
                )
            return self._compound(special[0], raw, path, basis, area, in_force)
        if not keys:
            return self._wrong(path, "没有条件", "至少一个指标")
        parts = [self._test(key, raw[key], (*path, key), area, basis if len(keys) == 1 else Basis()) for key in keys]
        good = tuple(part for part in parts if part is not None)
        if len(good) < len(parts):
            return None
        return good[0] if len(good) == 1 else All(good, basis)

    def _wrong(
        self, path: Path, found: str, expected: str, code: str = "wrong-type", remedy: str = "见 plans/README.md 的“Conditions”"
    ) -> None:
        self.source.report(path, code, found, expected, remedy)

    def _basis(self, raw: dict[str, Anything], path: Path) -> Basis:
        clause = raw.get("clause")
        if clause is not None:
            self.check_clause(clause, (*path, "clause"))
        given = raw.get("reading", [])
        readings = tuple(given if isinstance(given, list) else [given])
        for reading in readings:
            self.check_reading(reading, (*path, "reading"))
        return Basis(clause=clause, readings=readings, note=raw.get("note"))

    def check_clause(self, clause: Anything, path: Path) -> None:
        if clause not in self.clauses:
            near = nearest(str(clause), sorted(self.clauses))
            self._wrong(
                path,
                f"条款“{clause}”",
                "clauses 中的一个条款号" + (f"，如“{near}”" if near else ""),
                "unknown-clause",
                "改正条款号，或加入 clauses",
            )

    def check_reading(self, reading: Anything, path: Path) -> None:
        if reading not in self.readings:
            near = nearest(str(reading), sorted(self.readings))
            self._wrong(
                path,
                f"读法“{reading}”",
                "readings 中的一个编号" + (f"，如“{near}”" if near else ""),
                "unknown-reading",
                "改正编号，或加入 readings",
            )

    def check_letters(self, reading: str, letters: Iterable[str], path: Path, *, chosen: bool = True) -> bool:
        """Whether the reading and these choices of it are there; a finding where not."""
        if reading not in self.readings:
            self.check_reading(reading, path)
            return False
        known = [*(["chosen"] if chosen else []), *(chr(ord("a") + n) for n in range(self.readings[reading]))]
        for letter in letters:
            if letter not in known:
                self._wrong(
                    path, f"读法“{reading}”没有“{letter}”", "、".join(known) or "（没有另读）", "unknown-key", "改为登记的读法"
                )
                return False
        return True

    def read_under(self, raw: Mapping[str, Sequence[str]], path: Path) -> dict[str, tuple[str, ...]]:
        """The choices of readings under which something stands."""
        return {
            reading: tuple(letters) for reading, letters in raw.items() if self.check_letters(reading, letters, (*path, reading))
        }

    def _compound(
        self, key: str, raw: dict[str, Anything], path: Path, basis: Basis, area: str | None, in_force: bool
    ) -> Condition | None:
        inner = raw[key]
        here = (*path, key)
        if key in ("any", "all"):
            if not isinstance(inner, list) or not inner:
                return self._wrong(here, _shown(inner), "至少一个条件的列表")
            parts = [self.read(part, (*here, n), area=area, in_force=in_force) for n, part in enumerate(inner)]
            good = tuple(part for part in parts if part is not None)
            if len(good) < len(parts):
                return None
            return Any(good, basis) if key == "any" else All(good, basis)
        if key == "not":
            part = self.read(inner, here, area=area, in_force=in_force)
            return None if part is None else Not(part, basis)
        if key == "in_force":
            if not in_force:
                return self._wrong(here, "in_force", "只用于 lifecycle 和任务的 when", "misplaced")
            if not isinstance(inner, dict) or len(inner) != 1:
                return self._wrong(here, _shown(inner), "一个等级体系，如 {in_force: {warning: [orange, red]}}")
            scale, test = next(iter(inner.items()))
            if scale not in self.levels:
                return self._unknown_name(scale, (*here, scale), "等级体系")
            levels = self._levels(scale, test, (*here, scale))
            return None if levels is None else InForce(scale, levels, basis)
        return self._wrong(here, f"“{key}”", "指标、any、all、not、sum 或 by_reading")

    def _switch(self, raw: dict[str, Anything], path: Path, basis: Basis, area: str | None, in_force: bool) -> Condition | None:
        reading = raw["by_reading"]
        self.check_reading(reading, (*path, "by_reading"))
        letters = [chr(ord("a") + n) for n in range(self.readings.get(reading, 26))] if isinstance(reading, str) else []
        options: list[tuple[str, Condition]] = []
        broken = False
        if "chosen" not in raw:
            self._wrong(path, "by_reading 没有 chosen", "默认读法 chosen", "missing-key")
            broken = True
        for key, value in raw.items():
            if key == "by_reading" or key in BASIS_KEYS or key == "imposed":
                continue
            if key != "chosen" and key not in letters:
                self._wrong((*path, key), f"“{key}”", f"chosen 或 {'、'.join(letters)}（该读法登记的其他读法）", "unknown-key")
                broken = True
                continue
            part = self.read(value, (*path, key), area=area, in_force=in_force)
            if part is None:
                broken = True
            else:
                options.append((key, part))
        return None if broken else Switch(reading, tuple(options), basis)

    def _sum(self, raw: dict[str, Anything], path: Path, basis: Basis) -> Condition | None:
        names = raw["sum"]
        rest = {key: value for key, value in raw.items() if key not in ("sum", "imposed", *BASIS_KEYS)}
        if not isinstance(names, list) or len(names) != 2 or not all(isinstance(name, str) for name in names):
            return self._wrong((*path, "sum"), _shown(names), "两个计数指标，如 [deaths, serious_injuries]")
        for n, name in enumerate(names):
            found = self.indicators.get(name)
            if found is None:
                return self._unknown_name(name, (*path, "sum", n), "指标")
            if found.type != "integer":
                return self._wrong((*path, "sum", n), f"“{name}”的类型是 {found.type}", "integer（人数等计数）")
        first, second = (self.indicators[name] for name in names)
        if first.unit != second.unit:
            return self._wrong((*path, "sum"), f"单位 {first.unit} 与 {second.unit}", "单位相同的两个指标", "wrong-unit")
        bounds = self._bounds(rest, path, first.unit or "1", whole=True, signed=False)
        return None if bounds is None else Sum((names[0], names[1]), bounds, basis)

    def _unknown_name(self, name: str, path: Path, kind: str) -> None:
        known = [*self.indicators, *self.levels] if kind == "指标" else list(self.levels)
        near = nearest(name, known)
        code = "unknown-indicator" if kind == "指标" else "unknown-scale"
        self._wrong(
            path,
            f"{kind}“{name}”",
            "本预案已定义的一个" + (f"，如“{near}”" if near else kind),
            code,
            "改正拼写，或先在 indicators / scales 中定义",
        )

    def _test(self, name: str, test: Anything, path: Path, area: str | None, basis: Basis) -> Condition | None:
        parts = self.indicators[area].parts if area else {}
        found = parts.get(name) or self.indicators.get(name)
        key = f"{area}.{name}" if name in parts else name
        if found is None:
            if name in self.levels:
                levels = self._levels(name, test, path)
                return None if levels is None else ScaleIs(name, levels, basis)
            return self._unknown_name(name, path, "指标")
        match found.type:
            case "areas":
                if area:
                    return self._wrong(path, "where 里又写了按区域计数", "where 里只写该区域的指标")
                return self._count(found, test, path, basis)
            case "series":
                return self._wrong(path, f"“{name}”是序列", "由序列推出的指标（derived_from）", "wrong-type", "改用推出的指标")
            case "boolean":
                if test not in ("true", "false"):
                    return self._wrong(path, _shown(test), "true 或 false")
                return Member(key, frozenset({test == "true"}), basis)
            case "enum":
                values = self._choices(test, path, list(found.values), "取值")
                return None if values is None else Member(key, frozenset(values), basis)
            case _:
                if not isinstance(test, dict):
                    return self._wrong(path, _shown(test), "上下限，如 {at_least: 10人, below: 30人}")
                bounds = self._bounds(test, path, found.unit or "1", whole=found.type == "integer", signed=found.signed)
                return None if bounds is None else Compare(key, bounds, basis)

    def _count(self, areas: Indicator, test: Anything, path: Path, basis: Basis) -> Condition | None:
        if not isinstance(test, dict) or "where" not in test:
            return self._wrong(path, _shown(test), "个数和条件，如 {at_least: 3, where: {…}}")
        where = self.read(test["where"], (*path, "where"), area=areas.id)
        rest = {key: value for key, value in test.items() if key not in ("where", "among")}
        bounds = self._bounds(rest, path, "1", whole=True, signed=False)
        among = self._choices(test.get("among", []), (*path, "among"), list(areas.areas), "区域")
        if among is None:
            return None
        total = len(among or areas.areas)
        if bounds is not None and bounds.low is not None and bounds.low > total:
            return self._wrong(path, f"至少 {bounds.low} 个", f"至多 {total} 个（“{areas.label}”的区域数）", "unreachable")
        if where is None or bounds is None:
            return None
        return Count(areas.id, bounds, where, basis, tuple(among))

    def _levels(self, scale: str, test: Anything, path: Path) -> frozenset[Level] | None:
        values = self._choices(test, path, ["none", *self.levels[scale]], "级别", code="unknown-level")
        return None if values is None else frozenset(None if value == "none" else value for value in values)

    def _choices(self, test: Anything, path: Path, known: list[str], kind: str, code: str = "unknown-value") -> list[str] | None:
        """The values that a test names, of an ordered list."""
        if isinstance(test, dict):
            if len(test) != 1 or next(iter(test)) not in BOUND_KEYS:
                return self._wrong(path, _shown(test), "at_least、over、below、at_most 之一")
            key, value = next(iter(test.items()))
            if value not in known:
                return self._wrong((*path, key), f"{kind}“{value}”", "、".join(known), code)
            at = known.index(value)
            return {"at_least": known[at:], "over": known[at + 1 :], "below": known[:at], "at_most": known[: at + 1]}[key]
        values = test if isinstance(test, list) else [test]
        for n, value in enumerate(values):
            if value not in known:
                here = (*path, n) if isinstance(test, list) else path
                return self._wrong(here, f"{kind}“{_shown(value)}”", "、".join(known), code)
        return values

    def _bounds(self, raw: dict[str, Anything], path: Path, unit: str, *, whole: bool, signed: bool) -> Bounds | None:
        found: dict[str, Number] = {}
        for key, text in raw.items():
            if key not in BOUND_KEYS:
                return self._wrong((*path, key), f"“{key}”", "、".join(BOUND_KEYS), "unknown-key")
            try:
                if not isinstance(text, str):
                    raise BadQuantity(_shown(text), "一个数量")
                value = parse_quantity(text, unit)
            except BadQuantity as error:
                return self._wrong((*path, key), f"“{_shown(text)}”", error.expected, "wrong-unit", "写上该指标的单位")
            if whole and not isinstance(value, int):
                return self._wrong((*path, key), f"“{text}”", "整数", "wrong-type")
            if value < 0 and not signed:
                return self._wrong((*path, key), f"“{text}”", "不小于 0", "out-of-domain")
            found[key] = value
        if not found:
            return self._wrong(path, "没有上下限", "、".join(BOUND_KEYS))
        for pair in (("at_least", "over"), ("below", "at_most")):
            if all(key in found for key in pair):
                return self._wrong(path, f"同时写了 {pair[0]} 和 {pair[1]}", "二者之一")
        low = found.get("at_least", found.get("over"))
        high = found.get("at_most", found.get("below"))
        bounds = Bounds(low, "over" in found, high, "below" in found)
        if low is not None and high is not None:
            empty = low > high or (low == high and (bounds.low_open or bounds.high_open))
            if whole and not empty:
                empty = low + bounds.low_open > high - bounds.high_open
            if empty:
                return self._wrong(path, f"下限 {low}，上限 {high}", "下限小于上限", "empty-range", "对调上下限，或改正数字")
        return bounds


def _shown(raw: Anything) -> str:
    text = "空" if raw is None else str(raw)
    return text if len(text) <= 60 else text[:57] + "…"
