"""Where a plan makes use of the alternatives of its readings: everything that answers differently under one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from engine.plan.condition import Condition, Switch, walk
from engine.plan.model import Plan, Under

Kind = Literal["level", "duty", "lifecycle"]


class Use(NamedTuple):
    """One alternative that something depends on, and what: a scale's level, the duties and the procedure, or the lifecycle."""

    reading: str
    letter: str
    kind: Kind


def uses(plan: Plan) -> Iterator[Use]:
    """Every use in the plan, repeats included. Whatever else a reading may move is added here."""
    for scale in plan.scales.values():
        for triggers in scale.triggers.values():
            for trigger in triggers:
                yield from _in_condition(trigger.condition, "level")
        for takeover in scale.takes_over:
            yield from _in_under(plan, takeover.under)
            yield from _in_condition(takeover.when, "duty")
        for reading, letter, _ in scale.follows.otherwise if scale.follows else ():
            yield Use(reading, letter, "duty")
    for duty in plan.duties:
        yield from _in_under(plan, duty.under)
        yield from _in_condition(duty.when, "duty")
        for one in duty.otherwise:
            yield Use(one.reading, one.letter, "duty")
            yield from _in_condition(one.fields.get("when"), "duty")
    for act in plan.procedure:
        yield from _in_under(plan, act.under)
        yield from _in_condition(act.when, "duty")
    for transition in plan.lifecycle.transitions:
        yield from _in_condition(transition.when, "lifecycle")
    for rules in plan.lifecycle.levels.values():
        for rule in rules.values():
            yield from _in_condition(rule.when, "lifecycle")
            yield from _in_changes(rule.by_reading, "lifecycle")
    for notice in plan.lifecycle.notices.values():
        yield from _in_changes(notice.by_reading, "lifecycle")
    for merge in plan.lifecycle.merges:
        yield from _in_changes(merge.by_reading, "lifecycle")
    for indicator in plan.indicators.values():
        if indicator.derived_from is not None:
            yield from _in_changes(indicator.derived_from.by_reading, "level")


def _in_condition(condition: Condition | None, kind: Kind) -> Iterator[Use]:
    if condition is not None:
        for node in walk(condition):
            if isinstance(node, Switch):
                yield from (Use(node.reading, letter, kind) for letter, _ in node.options if letter != "chosen")


def _in_changes(changes: Mapping[str, Iterable[str]], kind: Kind) -> Iterator[Use]:
    """The alternatives under which a rule or a derivation is written otherwise."""
    for reading, letters in changes.items():
        yield from (Use(reading, letter, kind) for letter in letters)


def _in_under(plan: Plan, under: Under) -> Iterator[Use]:
    """The alternatives under which something stands that otherwise does not, or the other way round."""
    for reading, letters in under.items():
        for letter in plan.readings[reading].letters:
            if (letter in letters) != ("chosen" in letters):
                yield Use(reading, letter, "duty")
