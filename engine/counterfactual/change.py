"""A change of one fact, and facts with it made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.plan.condition import Bounds, Scalar
from engine.plan.measure import Number
from engine.plan.model import Indicator, Plan
from engine.plan.words import bounds_word, difference_word, find_indicator, value_word
from engine.trigger.facts import Facts


@dataclass(frozen=True, slots=True)
class Change:
    """One fact to another value. `beyond`: the value itself is not enough, anything past it is (以上不含本数)."""

    indicator: str
    area: str | None
    now: Scalar | None
    to: Scalar
    beyond: bool = False
    rising: bool = True

    def words(self, plan: Plan) -> str:
        """“死亡人数还差2人，到10人”; of an unknown fact just the goal: “重伤人数50人以上”."""
        indicator = find_indicator(plan, self.indicator)
        name = f"{self.area or ''}{indicator.short}"
        lacks = self.lacks(plan)
        if lacks is None:
            return f"{name}{self.goal(plan)}"
        if self.now == self.to:
            return f"{name}须{self.goal(plan)}，{lacks}"
        return f"{name}{lacks}，到{self.goal(plan)}"

    def goal(self, plan: Plan) -> str:
        """Where to: “10人以上”, “变为“是””."""
        indicator = find_indicator(plan, self.indicator)
        if isinstance(self.to, bool | str):
            return f"变为“{value_word(indicator, self.to)}”"
        return bounds_word(self._goal(), indicator.unit or "1")

    def lacks(self, plan: Plan) -> str | None:
        """How far it is: “还差2人”; None of a fact that is unknown or has no size."""
        indicator = find_indicator(plan, self.indicator)
        if isinstance(self.to, bool | str) or isinstance(self.now, bool) or not isinstance(self.now, int | float):
            return None
        if self.now == self.to:
            return f"现为{value_word(indicator, self.now)}"
        return difference_word(indicator, self.now, self.to, beyond=self.beyond)

    def _goal(self) -> Bounds:
        assert isinstance(self.to, int | float)
        return Bounds(self.to, self.beyond, None, False) if self.rising else Bounds(None, False, self.to, self.beyond)

    def size(self) -> float:
        """How large the change is beside the value that it goes to."""
        if isinstance(self.to, bool | str):
            return 1.0
        start = self.now if isinstance(self.now, int | float) else 0
        return abs(self.to - start) / (abs(self.to) or abs(start) or 1)

    def applied(self, plan: Plan, facts: Facts) -> Facts:
        """The facts with this change made: just past the value where it is `beyond`."""
        return with_fact(facts, self.indicator, self.past(plan), self.area)

    def past(self, plan: Plan) -> Scalar:
        """The value itself, or one just past it where it is `beyond`."""
        if not self.beyond or isinstance(self.to, bool | str):
            return self.to
        return _just_past(find_indicator(plan, self.indicator), self.to, rising=self.rising)


def grouped(plan: Plan, changes: Iterable[Change]) -> list[tuple[str, tuple[str, ...]]]:
    """Changes in words; those that ask the same of several areas as one, with the areas and what each lacks."""
    together: dict[tuple[object, ...], list[Change]] = {}
    for one in changes:
        what = (one.indicator, one.to, one.beyond, one.rising, one.area is None)
        together.setdefault(what, []).append(one)
    found: list[tuple[str, tuple[str, ...]]] = []
    for same in together.values():
        first = same[0]
        if len(same) == 1:
            found.append((first.words(plan), ()))
            continue
        lacks = ((one.area or "", one.lacks(plan)) for one in same)
        areas = tuple(area if lack is None else f"{area}（{lack}）" for area, lack in lacks)
        found.append((f"各自{find_indicator(plan, first.indicator).short}{first.goal(plan)}", areas))
    return found


def changes_words(plan: Plan, changes: Iterable[Change]) -> str:
    """All of them in one line."""
    return "，且".join(f"{'、'.join(areas)}{words}" for words, areas in grouped(plan, changes))


def with_fact(facts: Facts, key: str, value: Scalar | None, area: str | None = None) -> Facts:
    """The facts with one of them set; None makes it unknown."""
    if area is not None:
        areas_id, name = key.split(".", 1)
        rows = facts.areas.get(areas_id, {})
        row = {one: kept for one, kept in rows.get(area, {}).items() if one != name}
        if value is not None:
            row[name] = value
        return replace(facts, areas={**facts.areas, areas_id: {**rows, area: row}})
    known = {one: kept for one, kept in facts.known.items() if one != key}
    partial = {one: kept for one, kept in facts.partial.items() if one != key}
    if value is not None:
        known[key] = value
    return replace(facts, known=known, partial=partial)


def _just_past(indicator: Indicator, value: Number, *, rising: bool) -> Number:
    if indicator.type == "integer":
        return value + (1 if rising else -1)
    step = max(abs(value) * 1e-9, 1e-9)
    return value + (step if rising else -step)
