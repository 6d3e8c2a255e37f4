"""The duties in force, by unit, those that cannot wait first; and those that may still come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.console import texts
from api.console.badge import badge
from api.console.markup import EMPTY, Child, Markup, join, tag
from api.console.tree import clause, unknown_plate
from engine.assess import Assessment
from engine.duty.duties import DutyInForce, duties_at, duties_that_may_come
from engine.plan.model import Duty, Plan
from engine.plan.words import condition_word, due_word
from engine.trigger.truth import Truth

NO_UNIT = "?"


@dataclass(frozen=True, slots=True)
class Filter:
    """What the officer wants to see. `unit`: "" for every unit, NO_UNIT for duties whose unit the plan does not name."""

    unit: str = ""
    only_due: bool = False

    def passes(self, one: DutyInForce) -> bool:
        timed = one.duty.due is not None or one.duty.immediate
        return (not self.unit or self.unit == (one.duty.unit or NO_UNIT)) and (timed or not self.only_due)


def in_force(assessment: Assessment) -> list[DutyInForce]:
    """The duties of every level established, each once."""
    found: dict[str, DutyInForce] = {}
    for scale, level in assessment.levels.items():
        if level is not None:
            for one in duties_at(
                assessment.plan, scale, level, assessment.facts, choices=assessment.choices, in_force=assessment.in_force
            ):
                found.setdefault(one.duty.id, one)
    return list(found.values())


def may_come(assessment: Assessment) -> list[DutyInForce]:
    """The duties of levels still possible, each once, without those in force; those that cannot wait first."""
    now = {one.duty.id for one in in_force(assessment)}
    found: dict[str, DutyInForce] = {}
    for scale, level in assessment.levels.items():
        may = duties_that_may_come(
            assessment.plan, scale, level, assessment.possible[scale], assessment.facts, choices=assessment.choices
        )
        for one in may:
            if one.duty.id not in now:
                found.setdefault(one.duty.id, one)
    return sorted(found.values(), key=lambda one: not one.cannot_wait)


def units_of(duties: Iterable[DutyInForce]) -> list[tuple[str, int]]:
    """The units with their number of duties, in the plan's order; duties without a unit last."""
    counts: dict[str, int] = {}
    for one in duties:
        counts[one.duty.unit or NO_UNIT] = counts.get(one.duty.unit or NO_UNIT, 0) + 1
    return sorted(counts.items(), key=lambda pair: pair[0] == NO_UNIT)


def standing_in(assessment: Assessment) -> Markup:
    """The levels whose duties these are."""
    scales = assessment.plan.scales
    return tag(
        "span",
        *(badge(scales[key], level, "small") for key, level in assessment.levels.items() if level is not None),
        class_="levels",
    )


def listing(plan: Plan, duties: Sequence[DutyInForce], chosen: Filter) -> Markup:
    """Those that cannot wait, then each unit's: with a deadline first, what must stand at all times last."""
    shown = [one for one in duties if chosen.passes(one)]
    if not duties:
        return tag("p", texts.DUTIES_NONE, class_="aside")
    if not shown:
        return tag("p", texts.DUTIES_FILTERED_OUT, class_="aside")
    urgent = [one for one in shown if one.cannot_wait]
    rest = sorted((one for one in shown if not one.cannot_wait), key=_rank)
    parts: list[Child] = []
    if urgent:
        parts.append(_section(texts.CANNOT_WAIT, "urgent", [_row(plan, one, with_unit=True) for one in urgent]))
    for unit, _ in units_of(rest):
        mine = [_row(plan, one) for one in rest if (one.duty.unit or NO_UNIT) == unit]
        parts.append(_section(unknown_plate(texts.UNIT_UNWRITTEN) if unit == NO_UNIT else unit, "unit", mine))
    parts.append(tag("p", texts.NO_DUE, class_="aside"))
    return join(parts)


def coming(plan: Plan, duties: Sequence[DutyInForce]) -> Markup:
    """Duties that may still come, each with the level that would bring it."""
    return tag("ul", *(_row(plan, one, with_unit=True, with_level=True) for one in duties), class_="duties")


def _rank(one: DutyInForce) -> int:
    return 0 if one.duty.due is not None else 2 if one.duty.standing else 1


def _section(title: Child, kind: str, rows: Sequence[Markup]) -> Markup:
    heading = tag("h3", tag("span", title), tag("span", str(len(rows)), class_="count"))
    return tag("section", heading, tag("ul", *rows, class_="duties"), class_=kind)


def _row(plan: Plan, one: DutyInForce, *, with_unit: bool = False, with_level: bool = False) -> Markup:
    duty = one.duty
    due: Child = None
    since = ""
    if duty.due is not None:
        length, _, since = due_word(duty.due, plan.moments).partition("，")
        due = tag("span", length, class_="due")
    elif duty.immediate:
        due = tag("span", texts.AT_ONCE, class_="due")
    unit = (tag("b", duty.unit) if duty.unit else unknown_plate(texts.UNIT_UNWRITTEN)) if with_unit else None
    level = badge(plan.scales[one.scale], one.level, "small") if with_level else None
    foot = join((level, tag("b", since) if since else None, _when(plan, one), *_details(duty)))
    do = tag("span", unit, duty.action, " ", clause(duty.clause), class_="do")
    return tag("li", do, due, tag("span", foot, class_="foot") if foot else None)


def _when(plan: Plan, one: DutyInForce) -> Markup:
    if one.duty.when is None:
        return EMPTY
    text = condition_word(plan, one.duty.when)
    if one.applies is Truth.UNKNOWN:
        return unknown_plate(texts.WHEN_UNKNOWN.format(text=text))
    return tag("span", texts.WHEN.format(text=text))


def _details(duty: Duty) -> Iterable[Markup]:
    for name, value in duty.quantity.items():
        yield tag("b", texts.QUANTITY.get(name, texts.QUANTITY_OTHER).format(value=value))
    if duty.standing:
        yield tag("span", texts.STANDING)
    if duty.group:
        yield tag("span", texts.GROUP.format(group=duty.group))
    for reading in duty.readings:
        yield tag("span", reading, class_="id")
    if duty.note:
        yield tag("span", duty.note)
