"""Peers on the same rules: GoRules' zen-engine with a decision table, and a naive three-valued interpreter of the plan's conditions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.plan import condition as c
from engine.plan.model import Plan, Scale
from engine.trigger.rules import disjuncts

Facts = Mapping[str, Any]


# --- zen-engine --------------------------------------------------------------------------------------------------------


def zen_grade(plan: Plan, *, trace: bool) -> Callable[[Facts], Any]:
    """The grade's rules as a decision table of zen-engine, highest level first. Raises ImportError without the bench extra."""
    import zen

    decision = zen.ZenEngine().create_decision(json.dumps(_table(plan.scales["grade"])))
    options = {"trace": trace}

    def grade(facts: Facts) -> Any:
        return decision.evaluate(facts, options)["result"].get("grade")

    return grade


def _table(scale: Scale) -> dict[str, Any]:
    rows: list[tuple[str, dict[str, str]]] = []
    for level in reversed(scale.levels):
        for trigger in scale.triggers[level]:
            for part in disjuncts(c.resolve(trigger.condition, {})):
                rows.append((level, _cells(part)))
    columns = sorted({key for _, cells in rows for key in cells})
    inputs = [{"id": f"c{n}", "name": key, "field": key} for n, key in enumerate(columns)]
    rules = [
        {"_id": f"r{m}", "o": f'"{level}"', **{f"c{n}": cells.get(key, "") for n, key in enumerate(columns)}}
        for m, (level, cells) in enumerate(rows)
    ]
    content = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "o", "name": "grade", "field": "grade"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {"id": "table", "name": "table", "type": "decisionTableNode", "position": {"x": 1, "y": 0}, "content": content},
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return {"nodes": nodes, "edges": edges}


def _cells(condition: c.Condition) -> dict[str, str]:
    match condition:
        case c.Compare(key, bounds):
            tests = []
            if bounds.low is not None:
                tests.append(f"{'>' if bounds.low_open else '>='} {bounds.low}")
            if bounds.high is not None:
                tests.append(f"{'<' if bounds.high_open else '<='} {bounds.high}")
            return {key: " and ".join(tests)}
        case c.Member(key, values):
            return {key: ", ".join("true" if value is True else "false" if value is False else f'"{value}"' for value in values)}
        case c.All(parts):
            return {key: cell for part in parts for key, cell in _cells(part).items()}
    raise TypeError(type(condition).__name__)


# --- a naive interpreter -----------------------------------------------------------------------------------------------


def kleene_levels(plan: Plan, facts: Facts) -> dict[str, tuple[c.Level, set[c.Level]]]:
    """Level and possible levels of every scale clause by clause, with None for unknown: simple, slow, and not exact on unknowns."""
    ranks: dict[str, tuple[int, set[int]]] = {}

    def of(scale_id: str) -> tuple[int, set[int]]:
        if scale_id not in ranks:
            scale = plan.scales[scale_id]
            level, possible = 0, {0}
            for rank, name in enumerate(scale.levels, 1):
                truths = [value(trigger.condition) for trigger in scale.triggers.get(name, ())]
                if True in truths:
                    level, possible = rank, {rank}
                elif None in truths:
                    possible.add(rank)
            ranks[scale_id] = level, possible
        return ranks[scale_id]

    def value(condition: c.Condition) -> bool | None:
        match condition:
            case c.Compare(key, bounds):
                fact = facts.get(key)
                return None if fact is None else fact in bounds
            case c.Member(key, values):
                fact = facts.get(key)
                return None if fact is None else fact in values
            case c.ScaleIs(scale, levels):
                wanted = {plan.scales[scale].rank(level) for level in levels}
                possible = of(scale)[1]
                return True if possible <= wanted else None if possible & wanted else False
            case c.All(parts):
                return _all([value(part) for part in parts])
            case c.Any(parts):
                found = _all([_not(value(part)) for part in parts])
                return _not(found)
            case c.Not(part):
                return _not(value(part))
            case c.Switch():
                return value(condition.pick({}))
        raise TypeError(type(condition).__name__)

    found = {scale: of(scale) for scale in plan.scales}
    return {
        scale: (plan.scales[scale].level_at(level), {plan.scales[scale].level_at(one) for one in possible})
        for scale, (level, possible) in found.items()
    }


def _all(truths: list[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def _not(truth: bool | None) -> bool | None:
    return None if truth is None else not truth
