"""What a sweep found, as a value and as the contract's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.contract.duties import duty_data
from engine.contract.moment import stamp
from engine.contract.sweep_map import level_data, map_data, threshold_data
from engine.contract.sweep_order import RESTS, Order
from engine.drill.scenario import MARK
from engine.drill.sweeps.level_map import LevelMap, level_map
from engine.drill.sweeps.sweep import Sweep, Tally
from engine.drill.sweeps.sweep_change import Course, Turn, course
from engine.drill.sweeps.sweep_difference import Contrast, Example, examples
from engine.drill.sweeps.variable import Variable
from engine.plan.condition import Level, Scalar
from engine.plan.model import Plan, Scale
from engine.plan.words import level_word
from engine.trigger.facts import Partial
from engine.trigger.reason import fact_word

Json = dict[str, Any]
MOST_MAPS = 4


@dataclass(frozen=True)
class Swept:
    """Counts, where something changes along each indicator, level maps (of both sides, one above the other), smallest examples."""

    order: Order
    tally: Tally
    contrast: Contrast | None
    courses: tuple[Course, ...]
    maps: tuple[tuple[LevelMap, LevelMap | None], ...]
    examples: tuple[Example, ...]

    @property
    def sweep(self) -> Sweep:
        return self.order.sweep

    @property
    def plan(self) -> Plan:
        return self.order.sweep.plan


def conclude(order: Order, counted: Tally | Contrast) -> Swept:
    """All that follows from an order and its counts."""
    sweep, against = order.sweep, order.against
    contrast = counted if isinstance(counted, Contrast) else None
    tally = counted.one if isinstance(counted, Contrast) else counted
    courses = tuple(course(sweep, name, order.point) for name in sweep.axes)
    found: tuple[Example, ...] = ()
    if contrast is not None and order.comparison is not None:
        found = examples(order.comparison, contrast)
    return Swept(order, tally, contrast, courses, tuple(maps(sweep, against, order)), found)


def maps(sweep: Sweep, against: Sweep | None, order: Order, most: int = MOST_MAPS) -> Iterable[tuple[LevelMap, LevelMap | None]]:
    """A map of each scale on which something changes; none for a scale that only goes along with one before it."""
    if order.drawn_over is None:
        return
    first, second = order.drawn_over
    seen = set[object]()
    for scale in sweep.scales:
        drawn = level_map(sweep, scale, first, second, order.point, point=bool(order.point))
        other = None
        if against is not None and scale in against.scales:
            other = level_map(against, scale, first, second, order.point, point=bool(order.point))
        shape = tuple(tuple(tuple(found[0] for found in row) for row in one.cells) for one in (drawn, other) if one is not None)
        flat = not any((one.across_first or one.across_second) for one in (drawn, other) if one is not None)
        if flat or shape in seen:
            continue
        seen.add(shape)
        yield drawn, other
        if len(seen) >= most:
            return


def sweep_data(swept: Swept) -> Json:
    """Everything, as JSON."""
    order, sweep, plan = swept.order, swept.sweep, swept.plan
    found: Json = {
        "kind": MARK,
        "plan": plan.id,
        "title": plan.title,
        "digest": plan.digest,
        "at": stamp(sweep.at),
        "cases": swept.tally.cases,
        "drawn": sweep.drawn is not None,
        "seed": sweep.seed,
        "readings": dict(sweep.choices),
        "varied": varied_data(sweep),
        "fixed": fixed_data(sweep, order),
        "rest": order.rest,
        "scales": {scale: tally_data(plan.scales[scale], swept.tally) for scale in sweep.scales},
        "courses": [course_data(sweep, one) for one in swept.courses],
        "maps": [{"map": map_data(one), "against": None if other is None else map_data(other)} for one, other in swept.maps],
        "comparison": None,
    }
    if swept.contrast is not None and order.against is not None:
        found["comparison"] = comparison_data(order, swept.contrast, swept.examples)
    return found


def varied_data(sweep: Sweep) -> list[Json]:
    """What is varied, in words too."""
    return [
        {
            "indicator": one.name,
            "label": one.label,
            "words": sweep.axes[one.name].words(one),
            "unknown": sweep.unknown.get(one.name, 0.0),
        }
        for one in sweep.variables
    ]


def fixed_data(sweep: Sweep, order: Order) -> list[Json]:
    """The fixed facts as they count, in words; those that are as they normally are, only where the order says more of them."""
    facts, plan = sweep.base, sweep.plan
    found = []
    for key, indicator in plan.indicators.items():
        if indicator.type in ("series", "areas"):
            if key in order.given:
                found.append({"indicator": key, "label": indicator.short, "words": "已给定"})
        elif key in order.given or key in facts.derived:
            found.append({"indicator": key, "label": indicator.short, "words": fact_word(plan, key, facts)})
    return found


def rest_word(order: Order) -> str:
    """How the other facts are taken."""
    return RESTS[order.rest]


def tally_data(scale: Scale, tally: Tally) -> Json:
    """Cases by level, by possible levels, by deciding clauses; lowest first, shares of all cases."""

    def share(count: int) -> float:
        return round(count / tally.cases, 6) if tally.cases else 0.0

    return {
        "label": scale.short,
        "levels": [
            {**level_data(scale, rank), "cases": count, "share": share(count)} for rank, count in tally.by_level(scale.id).items()
        ],
        "possible": [
            {"levels": [level_data(scale, rank) for rank in ranks], "cases": count, "share": share(count)}
            for ranks, count in tally.by_possible(scale.id).items()
        ],
        "clauses": [
            {**level_data(scale, rank), "clauses": list(clauses), "cases": count, "share": share(count)}
            for (rank, clauses), count in tally.by_clause(scale.id).items()
        ],
    }


def held_word(sweep: Sweep, held: Mapping[str, Scalar | None]) -> str:
    """The others that are held, in words."""
    known = {one.name: one for one in sweep.variables}
    return "、".join(f"{known[name].label}{'未知' if value is None else known[name].word(value)}" for name, value in held.items())


def course_data(sweep: Sweep, one: Course) -> Json:
    """Where something changes along one indicator."""
    return {
        "indicator": one.variable.name,
        "label": one.variable.label,
        "held": dict(one.held),
        "held_words": held_word(sweep, one.held),
        "parts": [
            {
                "words": part.where.words(one.variable),
                "scales": {
                    scale: {
                        "possible": [level_data(sweep.plan.scales[scale], rank) for rank in ranks],
                        "clauses": list(clauses),
                        "signers": list(part.signers[scale]),
                    }
                    for scale, (ranks, clauses) in part.found.items()
                },
                "duties": len(part.duties),
            }
            for part in one.parts
        ],
        "turns": [_turn_data(sweep, one.variable, turn) for turn in one.turns],
    }


def _turn_data(sweep: Sweep, variable: Variable, turn: Turn) -> Json:
    plan = sweep.plan
    return {
        **threshold_data(variable, turn.after.where),
        "scales": [
            {
                "scale": scale,
                "before": [level_data(plan.scales[scale], rank) for rank in turn.before.found[scale][0]],
                "after": [level_data(plan.scales[scale], rank) for rank in turn.after.found[scale][0]],
                "clauses": list(turn.clauses(scale)),
            }
            for scale in turn.scales
        ],
        "signers": [
            {"scale": scale, "before": list(turn.before.signers[scale]), "after": list(turn.after.signers[scale])}
            for scale in turn.signing
        ],
        "added": [duty_data(plan, duty) for duty in turn.added],
        "removed": [duty_data(plan, duty) for duty in turn.removed],
    }


def comparison_data(order: Order, contrast: Contrast, found: Iterable[Example]) -> Json:
    """Both sides: how many cases at each pair of levels, and the smallest examples."""
    one, two = order.sweep, order.against
    assert two is not None
    scales = {}
    for key in contrast.pairs:
        here, there = one.plan.scales[key], two.plan.scales[key]
        scales[key] = {
            "label": here.short,
            "differing": contrast.differing(key),
            "differing_in_possible": contrast.differing_in_possible(key),
            "table": [
                {"one": level_data(here, ranks[0]), "two": level_data(there, ranks[1]), "cases": count}
                for ranks, count in contrast.table(key).items()
            ],
        }
    return {
        "one": side_data(one),
        "two": side_data(two),
        "two_scales": {key: tally_data(two.plan.scales[key], contrast.two) for key in contrast.pairs},
        "scales": scales,
        "examples": [example_data(order, example) for example in found],
    }


def side_data(sweep: Sweep) -> Json:
    """A side of a comparison: plan, version, readings."""
    plan = sweep.plan
    return {
        "plan": plan.id,
        "title": plan.title,
        "digest": plan.digest,
        "readings": dict(sweep.choices),
        "words": side_word(sweep),
    }


def side_word(sweep: Sweep) -> str:
    """“《…预案》（版本 1a2b3c4d），读法 X-1 取 a：…”."""
    plan = sweep.plan
    switched = [f"读法 {key} 取 {letter}：{plan.readings[key].words(letter)}" for key, letter in sweep.choices.items()]
    return f"《{plan.title}》（版本 {plan.digest[:8]}），{'；'.join(switched) or '用预案所选的读法'}"


def example_data(order: Order, one: Example) -> Json:
    """A smallest example: its facts, and what each side makes of them."""
    first, second = order.sweep.plan.scales[one.scale], (order.against or order.sweep).plan.scales[one.scale]
    sides = zip((first, second), one.levels, one.possible, one.clauses, strict=True)
    return {
        "scale": one.scale,
        "facts": [
            {"indicator": variable.name, "label": variable.label, "words": _value_word(order, one, variable, value)}
            for variable, value in one.facts
        ],
        "series": list(one.series),
        "words": example_word(order, one),
        "sides": [_said(scale, level, possible, clauses) for scale, level, possible, clauses in sides],
    }


def _said(scale: Scale, level: Level, possible: tuple[Level, ...], clauses: tuple[str, ...]) -> Json:
    return {
        "level": level,
        "level_name": level_word(scale, level),
        "possible": list(possible),
        "possible_names": [level_word(scale, one) for one in possible],
        "clauses": list(clauses),
    }


def example_word(order: Order, one: Example) -> str:
    """The facts of an example in words; “什么也不知道” where none is needed."""
    parts = [f"{variable.label}{_value_word(order, one, variable, value)}" for variable, value in one.facts]
    plan = order.sweep.plan
    return "，".join([*parts, *(f"{plan.indicators[key].short}（序列）" for key in one.series)]) or "什么也不知道"


def _value_word(order: Order, one: Example, variable: Variable, value: Scalar | Partial) -> str:
    return (
        fact_word(order.sweep.plan, variable.key, one.given, variable.area)
        if isinstance(value, Partial)
        else variable.word(value)
    )
