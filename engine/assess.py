"""The main job: a plan and facts in, the levels that they establish and those still possible out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from engine.plan.condition import Level
from engine.plan.finding import UnknownName
from engine.plan.model import Plan, Trigger
from engine.trigger.derive import prepare
from engine.trigger.facts import Facts
from engine.trigger.judge import Outcome, judge

NONE: Mapping[str, str] = {}
NOTHING_IN_FORCE: Mapping[str, Level] = {}


class Assessment(NamedTuple):
    """What the known facts establish. Reasons, distances and questions are worked out when asked for (`engine.explain`).

    facts: as they counted (stale ones left out, derived ones put in). given: as they came.
    """

    plan: Plan
    given: Facts
    facts: Facts
    at: datetime.datetime | None
    choices: Mapping[str, str]
    in_force: Mapping[str, Level]
    outcome: Outcome

    @property
    def levels(self) -> Mapping[str, Level]:
        """For each scale the lowest possible level: what holds whatever the unknown facts turn out to be."""
        return self.outcome.levels

    @property
    def possible(self) -> Mapping[str, tuple[Level, ...]]:
        """For each scale every level, and None, that it could still come to, lowest first: exact."""
        return self.outcome.possible

    @property
    def grounds(self) -> Mapping[str, tuple[tuple[Trigger, ...], ...]]:
        """For each scale the triggers that bear its level out, each with those of the scales that it rests on."""
        return self.outcome.grounds

    def basis(self, scale: str) -> tuple[str, ...]:
        """The clauses that establish the scale's level; none where no level is reached."""
        return self.outcome.clauses[scale]


def assess(
    plan: Plan,
    facts: Facts,
    at: datetime.datetime | None = None,
    *,
    readings: Mapping[str, str] = NONE,
    in_force: Mapping[str, Level] = NOTHING_IN_FORCE,
) -> Assessment:
    """Assess validated facts at a time.

    readings: reading id -> letter of an alternative (absent: the plan's own reading); checked by `check_readings`.
    in_force: scale -> level in force now, for indicators that are measured against it.
    """
    counted = prepare(plan, facts, at, in_force, choices=readings)
    return Assessment(plan, facts, counted, at, readings, in_force, judge(plan, readings).outcome(counted))


def check_readings(plan: Plan, readings: Mapping[str, object]) -> dict[str, str]:
    """Readings as `assess` takes them. Raises UnknownName for a reading or alternative that the plan does not encode."""
    switches = plan.switches()
    found = {}
    for reading, letter in readings.items():
        if reading not in plan.readings:
            raise UnknownName(
                f"没有读法“{reading}”", where=f"readings.{reading}", remedy=f"可切换：{'、'.join(switches) or '（无）'}"
            )
        if letter in (None, "chosen"):
            continue
        if letter in plan.readings[reading].fixed:
            raise UnknownName(
                f"读法“{reading}”不能切换为“{letter}”：{plan.readings[reading].fixed[str(letter)]}",
                where=f"readings.{reading}",
                remedy=f"可取：chosen{''.join('、' + one for one in switches.get(reading, ()))}",
            )
        if letter not in switches.get(reading, ()):
            raise UnknownName(
                f"读法“{reading}”不能取“{letter}”",
                where=f"readings.{reading}",
                remedy=f"可取：chosen{''.join('、' + one for one in switches.get(reading, ()))}",
            )
        found[reading] = str(letter)
    return found
