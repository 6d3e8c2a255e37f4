"""An assessment's reasons, on demand: what held, what did not and by how much, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.assess import Assessment, assess
from engine.plan.condition import Level, ScaleIs, Switch, walk
from engine.plan.model import Trigger
from engine.trigger.derive import prepare
from engine.trigger.judge import judge
from engine.trigger.reason import Reason, trigger_reason
from engine.trigger.truth import Truth


@dataclass(frozen=True, slots=True)
class LevelReasons:
    """One level of a scale: is it established, still possible or ruled out, and the reason tree of each trigger."""

    level: str
    state: str
    triggers: tuple[Reason, ...]


def level_states(assessment: Assessment, scale: str) -> dict[str, str]:
    """For each level: `established` (the level), `below` (under it), `possible` or `ruled_out`."""
    found = assessment.plan.scale(scale)
    reached = found.rank(assessment.levels[scale])
    possible = assessment.possible[scale]
    states = {}
    for level in found.levels:
        rank = found.rank(level)
        states[level] = (
            "established" if rank == reached else "below" if rank < reached else "possible" if level in possible else "ruled_out"
        )
    return states


def reasons(assessment: Assessment, scale: str) -> tuple[LevelReasons, ...]:
    """Why each level of the scale is reached or not, highest first."""
    plan = assessment.plan
    states = level_states(assessment, scale)
    return tuple(
        LevelReasons(
            level, states[level], tuple(reason_of(assessment, trigger) for trigger in plan.scale(scale).triggers.get(level, ()))
        )
        for level in reversed(plan.scale(scale).levels)
    )


def reason_of(assessment: Assessment, trigger: Trigger) -> Reason:
    """The reason tree of one trigger."""
    return trigger_reason(assessment.plan, trigger, assessment.facts, assessment.choices, assessment.in_force)


def grounds(assessment: Assessment, scale: str) -> tuple[tuple[Reason, ...], ...]:
    """The reason trees of the triggers that bear the level out, each followed by those of the scales that it rests on."""
    return tuple(tuple(reason_of(assessment, trigger) for trigger in chain) for chain in assessment.grounds[scale])


def facts_behind(reason: Reason) -> Iterator[Reason]:
    """The leaves of a reason tree that held and name a fact."""
    if reason.truth is Truth.FAILED:
        return
    if reason.indicator is not None:
        yield reason
    for part in reason.parts:
        yield from facts_behind(part)


def readings_used(assessment: Assessment, scale: str) -> tuple[str, ...]:
    """The readings that the triggers of this scale rest on, and of the scales below it, in the plan's order."""
    plan = assessment.plan
    found: set[str] = set()
    seen: set[str] = set()
    front = [scale]
    while front:
        one = front.pop()
        if one in seen:
            continue
        seen.add(one)
        for triggers in plan.scale(one).triggers.values():
            for trigger in triggers:
                found.update(trigger.readings)
                for node in walk(trigger.condition):
                    found.update(node.basis.readings)
                    if isinstance(node, Switch):
                        found.add(node.reading)
                    if isinstance(node, ScaleIs):
                        front.append(node.scale)
    return tuple(reading for reading in plan.readings if reading in found)


@dataclass(frozen=True, slots=True)
class MergedSpells:
    """What the levels would be if spells that an episode counts as one were merged here too."""

    clauses: tuple[str, ...]
    levels: Mapping[str, Level]
    possible: Mapping[str, tuple[Level, ...]]


def merged_spells(assessment: Assessment) -> MergedSpells | None:
    """A single assessment does not merge spells, an episode does: the difference, or None where there is none."""
    plan = assessment.plan
    if not plan.lifecycle.merges or not assessment.given.series:
        return None
    merged = prepare(plan, assessment.given, assessment.at, assessment.in_force, choices=assessment.choices, episode=True)
    outcome = judge(plan, assessment.choices).outcome(merged)
    if outcome.possible == assessment.possible:
        return None
    return MergedSpells(tuple(merge.clause for merge in plan.lifecycle.merges), outcome.levels, outcome.possible)


@dataclass(frozen=True, slots=True)
class ReadingEffect:
    """What the levels would be if one reading were another: only where something differs."""

    reading: str
    alternative: str
    words: str
    levels: Mapping[str, Level]
    possible: Mapping[str, tuple[Level, ...]]


def reading_effects(assessment: Assessment) -> tuple[ReadingEffect, ...]:
    """The readings that the levels depend on: each alternative under which a level or a possible level would differ."""
    plan = assessment.plan
    found = []
    for reading, letters in plan.switches("level").items():
        for letter in ("chosen", *letters):
            choices = {**assessment.choices, reading: letter}
            if letter == "chosen":
                choices.pop(reading)
            if choices == dict(assessment.choices):
                continue
            other = assess(plan, assessment.given, assessment.at, readings=choices, in_force=assessment.in_force)
            if other.possible != assessment.possible:
                found.append(ReadingEffect(reading, letter, plan.readings[reading].words(letter), other.levels, other.possible))
    return tuple(sorted(found, key=lambda one: list(plan.readings).index(one.reading)))
