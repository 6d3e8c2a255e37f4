"""A sweep as somebody orders it, as plain data, checked: what is varied, what is fixed, how many cases, what it is compared with.

{vary: {deaths: "0:40", loss: "lognormal(1000万元, 1)"}, fix: {…}, rest: unknown | normal, unknown: 0.1 | {deaths: 0.1},
 cases: N, seed: S, scales: […], readings: {…}, at: …, in_force: {…}, map: [a, b], point: {…},
 against: {plan: id or digest} | {readings: {…}}}
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.assess import check_readings
from engine.drill.sweeps.axis import EVERY, Axis, Drawn
from engine.drill.sweeps.axis_text import read_axis
from engine.drill.sweeps.level_map import map_axes
from engine.drill.sweeps.sweep import MOST_CASES, Sweep, has_distribution
from engine.drill.sweeps.sweep_difference import Comparison, other_side
from engine.drill.sweeps.variable import Variable, find_variable
from engine.plan.condition import Level, Scalar
from engine.plan.finding import FactInvalid, UnknownName, YuanError
from engine.plan.model import Indicator, Plan
from engine.plan.spelling import nearest
from engine.trigger.facts import Facts, parse_time, validate

Json = Mapping[str, Any]
Find = Callable[[str], Plan]
"""A plan by its id, its title or the beginning of its digest. Raises UnknownName."""
KEYS = ("vary", "fix", "rest", "unknown", "cases", "seed", "scales", "readings", "at", "in_force", "map", "point", "against")
RESTS = {"unknown": "其余未知", "normal": "其余取常值"}
MOST_VARIED = 12
LARGEST_SEED = 2**63 - 1


class BadSweep(YuanError):
    """An order that has the wrong shape, or asks for too much."""

    code = "bad-input"


@dataclass(frozen=True)
class Order:
    """A checked order. drawn_over: the two indicators of the level map; point: where the others stand, and the current point."""

    sweep: Sweep
    against: Sweep | None
    drawn_over: tuple[str, str] | None
    point: Mapping[str, Scalar | None]
    rest: str
    given: Json
    """The fixed facts as they were written."""

    @property
    def comparison(self) -> Comparison | None:
        """Both sides, where there are two."""
        return None if self.against is None else Comparison(self.sweep, self.against)

    @property
    def work(self) -> Sweep | Comparison:
        """What is to be counted."""
        return self.comparison or self.sweep


def read_sweep(plan: Plan, order: Any, find: Find, most: int = MOST_CASES) -> Order:
    """The order for a plan. Raises YuanError with the place of whatever is wrong. most: cases allowed."""
    order = _mapping(order, "")
    for key in order:
        if key not in KEYS:
            near = nearest(str(key), KEYS)
            raise BadSweep(
                f"不认识的键“{key}”", where=str(key), remedy=f"是不是“{near}”？" if near else f"可用：{'、'.join(KEYS)}"
            )
    axes = _axes(plan, order.get("vary"))
    given = dict(_mapping(order.get("fix"), "fix"))
    rest = "unknown" if order.get("rest") is None else order["rest"]
    if not isinstance(rest, str) or rest not in RESTS:
        raise BadSweep(f"“{rest}”不是其余事实的取法", where="rest", remedy=f"可用：{'、'.join(RESTS)}")
    at = None if order.get("at") is None else parse_time(order["at"], "at")
    facts = _facts(plan, given, axes, rest, at)
    choices = check_readings(plan, _letters(order.get("readings"), "readings"))
    sweep = Sweep(
        plan,
        axes,
        facts,
        _scales(plan, order.get("scales")),
        _count(order.get("cases"), "cases", least=1),
        _count(order.get("seed"), "seed", least=0, largest=LARGEST_SEED) or 0,
        _shares(axes, order.get("unknown")),
        choices,
        at,
        _in_force(plan, _mapping(order.get("in_force"), "in_force")),
    )
    _check_size(sweep, most)
    against = None if order.get("against") is None else _against(sweep, order["against"], given, rest, find)
    return Order(sweep, against, _drawn_over(axes, order.get("map")), _point(sweep, order.get("point")), rest, given)


def _axes(plan: Plan, given: Any) -> dict[str, Axis]:
    vary = _mapping(given, "vary")
    if not vary:
        raise BadSweep("没有写变动哪些指标", where="vary", remedy="如 deaths=0:40；可用的指标见 yuan show")
    if len(vary) > MOST_VARIED:
        raise BadSweep(f"变动了 {len(vary)} 个指标", where="vary", remedy=f"至多 {MOST_VARIED} 个")
    found = {}
    for name, one in vary.items():
        where = f"vary.{name}"
        found[str(name)] = read_axis(find_variable(plan, str(name), where), EVERY if one is None else one, where)
    _check_overlap(plan, list(found))
    return found


def _check_overlap(plan: Plan, names: Sequence[str]) -> None:
    """No fact is set by two of the varied indicators."""
    seen: dict[tuple[str, str | None], str] = {}
    for name in names:
        one = find_variable(plan, name, f"vary.{name}")
        for area in one.places or (None,):
            other = seen.setdefault((one.key, area), name)
            if other != name:
                raise BadSweep(f"“{other}”与“{name}”变动同一项事实", where=f"vary.{name}", remedy="只留一个")


def _facts(plan: Plan, given: Json, axes: Mapping[str, Axis], rest: str, at: datetime | None) -> Facts:
    for key in given:
        if key in axes:
            raise BadSweep(f"“{key}”又固定又变动", where=f"fix.{key}", remedy="只留一处")
    try:
        facts = validate(plan, given)
    except FactInvalid as error:
        raise FactInvalid(error.message, where=error.where.replace("facts", "fix", 1), remedy=error.remedy) from None
    return as_normal(plan, facts, axes, at) if rest == "normal" else facts


def as_normal(plan: Plan, facts: Facts, axes: Collection[str], at: datetime | None) -> Facts:
    """The facts with everything else as it normally is, but what is varied, and what follows from the date or a series that is given."""
    for key, indicator in plan.indicators.items():
        if indicator.type == "areas":
            for name, part in indicator.parts.items():
                for area in indicator.areas:
                    one = Variable(f"{key}.{area}.{name}", plan, part, key, area)
                    varied = one.name in axes or f"{key}.{name}" in axes
                    if not varied and one.of(facts) is None:
                        facts = one.put(facts, part.normal)
        elif indicator.type != "series" and key not in axes and facts.of(key) is None and not _follows(indicator, facts, at):
            facts = Variable(key, plan, indicator).put(facts, indicator.normal)
    return facts


def _follows(indicator: Indicator, facts: Facts, at: datetime | None) -> bool:
    """Whether it is worked out from the date, or from a series that is given."""
    if indicator.derived_from is None:
        return False
    return at is not None if "at" in indicator.derived_from.spec else bool(facts.series)


def _letters(given: Any, where: str) -> Json:
    """Readings and the letters chosen, as far as they are letters."""
    found = _mapping(given, where)
    for name, letter in found.items():
        if not isinstance(letter, str | None):
            raise BadSweep("取法不是字母", where=f"{where}.{name}", remedy="如 a；在用的写 chosen")
    return found


def _scales(plan: Plan, given: Any) -> tuple[str, ...]:
    if not given:
        return tuple(plan.scales)
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, Sequence):
        raise BadSweep("scales 不是列表", where="scales", remedy=f"可用：{'、'.join(plan.scales)}")
    return tuple(dict.fromkeys(plan.scale(str(one)).id for one in listed))


def _count(given: Any, where: str, *, least: int, largest: int = MOST_CASES) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given) or given != int(given):
        raise BadSweep(f"“{given}”不是整数", where=where, remedy="填整数，如 100000")
    if not least <= given <= largest:
        raise BadSweep(f"{given} 不在 {least} 到 {largest} 之间", where=where, remedy="换一个数")
    return int(given)


def _shares(axes: Mapping[str, Axis], given: Any) -> dict[str, float]:
    if given is None:
        return {}
    shares = given if isinstance(given, Mapping) else dict.fromkeys(axes, given)
    found = {}
    for name, share in shares.items():
        where = f"unknown.{name}"
        if name not in axes:
            raise BadSweep(f"“{name}”没有变动，谈不上未知的比例", where=where, remedy=f"可用：{'、'.join(axes)}")
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise BadSweep(
                f"“{share:g}”不是比例" if isinstance(share, float) else f"“{share}”不是比例",
                where=where,
                remedy="填 0 到 1 之间的数，如 0.1",
            )
        if share:
            found[str(name)] = float(share)
    return found


def _in_force(plan: Plan, given: Json) -> dict[str, Level]:
    return {plan.scale(str(key)).id: None if one is None else plan.level(str(key), str(one)) for key, one in given.items()}


def _check_size(sweep: Sweep, most: int) -> None:
    if sweep.drawn is None and has_distribution(sweep):
        named = "、".join(name for name, axis in sweep.axes.items() if isinstance(axis, Drawn))
        raise BadSweep(f"{named} 是分布，要写抽多少例", where="cases", remedy="写 cases（--cases 100000），并可写 seed")
    if sweep.cases.size > most:
        sizes = " × ".join(str(axis.size) for axis in sweep.axes.values() if not isinstance(axis, Drawn))
        many = f"组合共 {sizes} = {sweep.cases.size:,} 例" if sweep.drawn is None else f"{sweep.cases.size:,} 例"
        raise BadSweep(
            f"{many}，超过 {most:,} 例",
            where="cases",
            remedy="加大步长、少变几个指标，或从中随机抽取（命令行 --cases，接口 cases）",
        )


def _drawn_over(axes: Mapping[str, Axis], given: Any) -> tuple[str, str] | None:
    if given is None:
        return map_axes(axes)
    names = [part.strip() for part in given.split(",")] if isinstance(given, str) else given
    if not isinstance(names, Sequence) or not all(isinstance(one, str) for one in names):
        raise BadSweep("map 不是两个指标", where="map", remedy=f"如 {','.join(list(axes)[:2])}")
    if len(names) != 2 or names[0] == names[1]:
        raise BadSweep("级别图要两个不同的指标", where="map", remedy=f"如 {','.join(list(axes)[:2])}")
    for name in names:
        if name not in axes:
            raise BadSweep(f"“{name}”没有变动，画不了级别图", where="map", remedy=f"可用：{'、'.join(axes)}")
    return str(names[0]), str(names[1])


def _point(sweep: Sweep, given: Any) -> dict[str, Scalar | None]:
    known = {one.name: one for one in sweep.variables}
    found: dict[str, Scalar | None] = {}
    for name, value in _mapping(given, "point").items():
        where = f"point.{name}"
        if name not in known:
            raise BadSweep(f"“{name}”没有变动，不能作当前点", where=where, remedy=f"可用：{'、'.join(known)}；其余写在 fix 里")
        found[name] = None if value is None else known[name].read(value, where)
    return found


def _against(sweep: Sweep, given: Any, fixed: Json, rest: str, find: Find) -> Sweep:
    against = {"plan": given} if isinstance(given, str) else _mapping(given, "against")
    extra = [key for key in against if key not in ("plan", "readings")]
    if extra or not against:
        raise BadSweep("对比的写法不对", where="against", remedy='写 {"plan": 预案或摘要}，或 {"readings": {编号: 取法}}')
    plan = sweep.plan if against.get("plan") is None else find(str(against["plan"]))
    letters = _letters(against.get("readings"), "against.readings")
    try:
        readings = check_readings(plan, letters)
    except UnknownName as error:
        raise UnknownName(error.message, where=f"against.{error.where}", remedy=error.remedy) from None
    own = sweep.choices if plan.digest == sweep.plan.digest else {}
    choices = {**{key: letter for key, letter in own.items() if key not in letters}, **readings}
    if plan.digest == sweep.plan.digest and choices == dict(sweep.choices):
        raise BadSweep("两边完全相同，没有可比的", where="against", remedy="换一份预案、一个版本或一种读法")
    known = {key: value for key, value in fixed.items() if key in plan.indicators}
    return other_side(sweep, plan, _facts(plan, known, sweep.axes, rest, sweep.at), choices)


def _mapping(given: Any, where: str) -> Json:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise BadSweep("不是一个对象" if not where else f"{where} 不是一个对象", where=where, remedy="写成 {名称: 值}")
    return given
