"""What two plays of an exercise asked of units: duties added, removed, tightened or loosened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.drill.run import Run
from engine.incident.event import Assigned
from engine.plan.model import Plan

How = Literal["added", "removed", "tightened", "loosened"]
HOW_WORDS: dict[How, str] = {"added": "增加", "removed": "减少", "tightened": "加严", "loosened": "放宽"}
SECONDS = {"TM": 60.0, "TH": 3600.0, "D": 86_400.0, "M": 30 * 86_400.0, "Y": 365 * 86_400.0}
DAY = 86_400.0
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Shift:
    """A duty that differs. before, after: as it was put on the unit; None where it was not. why: a shorter time, a higher level."""

    how: How
    plan: str
    before: Assigned | None
    after: Assigned | None
    why: str = ""

    @property
    def duty(self) -> Assigned:
        found = self.after or self.before
        assert found is not None
        return found


def shifts(base: Run, other: Run) -> tuple[Shift, ...]:
    """Every duty that another play asked differently, by unit in the order in which units first occur."""
    mine, theirs = _strongest(base), _strongest(other)
    found = [*_both(mine, theirs, other)]
    gone = {key: one for key, one in mine.items() if key not in theirs}
    new = {key: one for key, one in theirs.items() if key not in mine}
    for key, one in list(gone.items()):  # the same words on the same unit, printed for another level
        twin = next((k for k, v in new.items() if k[0] == key[0] and _same_words(v, one)), None)
        if twin is not None:
            del gone[key]
            changed = _changed(key[0], one, new.pop(twin), other)
            found += [] if changed is None else [changed]
    found += [Shift("added", plan, None, one) for (plan, _), one in new.items()]
    found += [Shift("removed", plan, one, None) for (plan, _), one in gone.items()]
    order: dict[str, int] = {}
    for each in found:
        order.setdefault(each.duty.unit or "", len(order))
    return tuple(sorted(found, key=lambda each: (order[each.duty.unit or ""], list(HOW_WORDS).index(each.how))))


def _both(mine: dict[tuple[str, str], Assigned], theirs: dict[tuple[str, str], Assigned], other: Run) -> Iterator[Shift]:
    for key, one in mine.items():
        there = theirs.get(key)
        changed = None if there is None else _changed(key[0], one, there, other)
        if changed is not None:
            yield changed


def _changed(plan: str, before: Assigned, after: Assigned, run: Run) -> Shift | None:
    then, now = seconds(before), seconds(after)
    if now != then:
        return Shift("tightened" if now < then else "loosened", plan, before, after, "时限")
    if before.scale != after.scale:
        return None
    was, is_now = (_rank(run, plan, one) for one in (before, after))
    if was == is_now:
        return None
    return Shift("tightened" if is_now > was else "loosened", plan, before, after, "级别")


def _strongest(run: Run) -> dict[tuple[str, str], Assigned]:
    """By plan and duty: the form with the highest level and the shortest time in which it was put on a unit."""
    found: dict[tuple[str, str], Assigned] = {}
    for course in run.incident.courses.values():
        for state in course.duties.values():
            one = state.assigned
            key = (course.plan, one.duty)
            if key not in found or _weight(run, course.plan, one) > _weight(run, course.plan, found[key]):
                found[key] = one
    return found


def _weight(run: Run, plan: str, one: Assigned) -> tuple[int, float]:
    return _rank(run, plan, one), -seconds(one)


def _rank(run: Run, plan: str, one: Assigned) -> int:
    known: Plan = run.plans[run.incident.courses[plan].digest]
    scale = known.scales.get(one.scale)
    return scale.rank(one.level) if scale is not None and one.level in scale.levels else 0


def _same_words(one: Assigned, other: Assigned) -> bool:
    return (one.unit_id or one.unit, one.action) == (other.unit_id or other.unit, other.action)


def seconds(one: Assigned) -> float:
    """How much time a duty gives, from one time to the next where it recurs; a working day counts as a day. No deadline: infinite."""
    value = one.due_value
    match one.due_kind:
        case "within" | "every":
            found = re.fullmatch(r"P(T?)([\d.]+)([MHDY])", str(value))
            return NEVER if found is None else float(found[2]) * SECONDS[found[1] + found[3]]
        case "daily_at":
            return DAY
        case "times_per_day":
            return DAY / int(value or 1)
        case "within_workdays":
            return DAY * int(value or 0)
        case _:
            return NEVER
