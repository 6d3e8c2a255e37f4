"""What the duties and the procedure of a level would be if one reading were another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.duty.duties import NOTHING, DutyInForce, acts_at, duties_at
from engine.plan.condition import Level
from engine.plan.model import NO_CHOICES, Act, Plan
from engine.trigger.facts import Facts


@dataclass(frozen=True, slots=True)
class DutyEffect:
    """The difference that one alternative makes at a level; `changed` holds pairs of the same duty, now and then."""

    reading: str
    alternative: str
    words: str
    added: tuple[DutyInForce, ...]
    removed: tuple[DutyInForce, ...]
    changed: tuple[tuple[DutyInForce, DutyInForce], ...]
    acts_added: tuple[Act, ...]
    acts_removed: tuple[Act, ...]


def duty_effects(
    plan: Plan,
    scale: str,
    level: str,
    facts: Facts | None = None,
    *,
    choices: Mapping[str, str] = NO_CHOICES,
    in_force: Mapping[str, Level] = NOTHING,
) -> tuple[DutyEffect, ...]:
    """Each alternative of each reading that moves duties or the procedure of this level, in the plan's order.

    Raises UnknownName for a scale or level that is not there.
    """
    level = plan.level(scale, level)
    now = {one.duty.id: one for one in duties_at(plan, scale, level, facts, choices=choices, in_force=in_force)}
    acts = acts_at(plan, scale, level, choices)
    switches = plan.switches("duty") if facts is None else plan.switches()
    found = []
    for reading in plan.readings.values():
        for letter in ("chosen", *switches.get(reading.id, ())) if reading.id in switches else ():
            if letter == choices.get(reading.id, "chosen"):
                continue
            other = {**choices, reading.id: letter}
            then = {one.duty.id: one for one in duties_at(plan, scale, level, facts, choices=other, in_force=in_force)}
            others = acts_at(plan, scale, level, other)
            if then == now and others == acts:
                continue
            found.append(
                DutyEffect(
                    reading.id,
                    letter,
                    reading.words(letter),
                    tuple(one for key, one in then.items() if key not in now),
                    tuple(one for key, one in now.items() if key not in then),
                    tuple((one, then[key]) for key, one in now.items() if key in then and then[key] != one),
                    tuple(act for act in others if act not in acts),
                    tuple(act for act in acts if act not in others),
                )
            )
    return tuple(found)
