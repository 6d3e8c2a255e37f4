"""What a generated drill climbs to: the scale and level that are meant, and the scales that move by themselves behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.plan.finding import UnknownName
from engine.plan.model import Plan, Scale


def wanted(plan: Plan, to: str, scale: str | None) -> tuple[Scale, str]:
    """The scale and level that are meant. Raises UnknownName."""
    if scale is not None:
        found = next((one for one in plan.scales.values() if scale in (one.id, one.label, one.short)), None) or plan.scale(scale)
        return found, plan.level(found.id, to)
    having = [one for one in plan.scales.values() if to in (*one.levels, *one.names)]
    if not having:
        levels = "；".join(f"{one.short}：{'、'.join(one.levels)}" for one in plan.scales.values())
        raise UnknownName(f"《{plan.title}》没有级别“{to}”", where="to", remedy=f"可用：{levels}")
    best = max(having, key=lambda one: sum(plan.level(one.id, to) in duty.at.get(one.id, ()) for duty in plan.duties))
    return best, plan.level(best.id, to)


def leaders(plan: Plan, scale: Scale, level: str, choices: Mapping[str, str]) -> Iterator[tuple[Scale, str]]:
    """The scales that move by themselves, and their levels, by which the level comes about."""
    if scale.follows is not None:
        leader = plan.scales[scale.follows.scale]
        for lead in leader.levels:
            if scale.follows.map_under(choices).get(lead) == level:
                yield leader, lead
    elif scale.highest_of:
        yield from ((plan.scales[part], level) for part in scale.highest_of if level in plan.scales[part].levels)
    else:
        yield scale, level
