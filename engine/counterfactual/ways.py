"""The ways to make a condition true or false by changing facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice, product

from engine.assess import Assessment
from engine.counterfactual.change import Change
from engine.plan.condition import All, Any, Bounds, Compare, Condition, Count, Member, Not, Scalar, Sum
from engine.plan.measure import Number
from engine.plan.words import find_indicator
from engine.trigger.facts import Facts, Partial
from engine.trigger.reason import area_facts
from engine.trigger.truth import Truth, truth

MOST_WAYS = 64


class Ways:
    """The ways to make a condition true or false by changing facts."""

    """`fixed`: facts that are not to be changed, (indicator, area)."""

    def __init__(self, assessment: Assessment, fixed: Collection[tuple[str, str | None]] = ()) -> None:
        self.plan = assessment.plan
        self.facts = assessment.facts
        self.choices = assessment.choices
        self.fixed = fixed
        self._truths: dict[tuple[int, str | None], tuple[Condition, Truth]] = {}
        self._areas: dict[str, Facts] = {}

    def ways(self, condition: Condition, wanted: bool, area: str | None = None) -> Iterator[frozenset[Change]]:
        """Sets of changes, each of which makes the condition `wanted`; the empty set where it is so already."""
        if self._is(condition, wanted, area):
            yield frozenset()
            return
        match condition:
            case Not(part):
                yield from self.ways(part, not wanted, area)
            case All(parts) | Any(parts):
                if isinstance(condition, All) == wanted:
                    yield from self._jointly(parts, wanted, area)
                else:
                    for part in parts:
                        yield from self.ways(part, wanted, area)
            case Compare(key) | Member(key) if (key, self._area(key, area)) in self.fixed:
                return
            case Compare(key, bounds):
                yield from self._compare(key, bounds.low, bounds.low_open, bounds.high, bounds.high_open, wanted, area)
            case Member(key, values):
                indicator = find_indicator(self.plan, key)
                order: tuple[str | bool, ...] = (False, True) if indicator.type == "boolean" else indicator.values
                for value in order:
                    if (value in values) == wanted:
                        yield frozenset({Change(key, self._area(key, area), self._now(key, area), value)})
            case Sum(keys, bounds):
                yield from self._sum(keys, bounds.low, bounds.low_open, bounds.high, bounds.high_open, wanted)
            case Count(areas_id, bounds, where, _, among):
                yield from self._count(among or self.plan.indicators[areas_id].areas, bounds, where, wanted)
            case _:
                return

    def _is(self, condition: Condition, wanted: bool, area: str | None) -> bool:
        return self._truth(condition, area) is (Truth.HELD if wanted else Truth.FAILED)

    def _truth(self, condition: Condition, area: str | None) -> Truth:
        """The condition's truth now; asked of the same condition again and again."""
        key = (id(condition), area)
        if key not in self._truths:
            facts = self.facts if area is None else self._facts_of(area)
            self._truths[key] = condition, truth(self.plan, condition, facts, choices=self.choices)
        return self._truths[key][1]

    def _facts_of(self, area: str) -> Facts:
        if area not in self._areas:
            areas_id = next(key for key, indicator in self.plan.indicators.items() if area in indicator.areas)
            self._areas[area] = area_facts(areas_id, area, self.facts)
        return self._areas[area]

    def _area(self, key: str, area: str | None) -> str | None:
        return area if "." in key else None

    def _now(self, key: str, area: str | None) -> Scalar | None:
        value = self.facts.of(key, self._area(key, area))
        return None if isinstance(value, Partial) else value

    def _jointly(self, parts: tuple[Condition, ...], wanted: bool, area: str | None) -> Iterator[frozenset[Change]]:
        options = [list(islice(self.ways(part, wanted, area), 8)) for part in parts]
        for combination in islice(product(*options), MOST_WAYS * 4):
            merged = _merge(combination)
            if merged is not None:
                yield merged

    def _compare(
        self, key: str, low: Number | None, low_open: bool, high: Number | None, high_open: bool, wanted: bool, area: str | None
    ) -> Iterator[frozenset[Change]]:
        indicator = find_indicator(self.plan, key)
        now = self._now(key, area)
        place = self._area(key, area)
        whole = indicator.type == "integer"

        def change(to: Number, beyond: bool, rising: bool) -> frozenset[Change]:
            if whole and beyond:
                to, beyond = to + (1 if rising else -1), False
            return frozenset({Change(key, place, now, to, beyond, rising)})

        number = now if isinstance(now, int | float) else None
        if wanted:
            if low is not None and (number is None or number <= low):
                yield change(low, low_open, True)
            elif high is not None and (number is None or number >= high):
                if number is None and low is None and not indicator.signed:
                    yield change(0, False, False)
                else:
                    yield change(high, high_open, False)
            return
        if low is not None and (indicator.signed or low > 0 or low_open):
            yield change(low, not low_open, False)
        if high is not None:
            yield change(high, not high_open, True)

    def _sum(
        self, keys: tuple[str, str], low: Number | None, low_open: bool, high: Number | None, high_open: bool, wanted: bool
    ) -> Iterator[frozenset[Change]]:
        for key, other in (keys, keys[::-1]):
            if (key, None) in self.fixed:
                continue
            rest = self._least(other)
            least = None if low is None else low - rest
            most = None if high is None else high - rest
            for ways in self._compare(key, least, low_open, most, high_open, wanted, None):
                if all(isinstance(change.to, int | float) and change.to >= 0 for change in ways):
                    yield ways

    def _least(self, key: str) -> Number:
        """What a count is at least."""
        value = self.facts.of(key)
        if isinstance(value, Partial):
            return min(bounds.low or 0 for bounds in value.intervals)
        return value if isinstance(value, int | float) else 0

    def _count(self, areas: tuple[str, ...], bounds: Bounds, where: Condition, wanted: bool) -> Iterator[frozenset[Change]]:
        """The cheapest areas to change, as many as it takes, upwards and downwards."""
        total = len(areas)
        low = 0 if bounds.low is None else int(bounds.low) + bounds.low_open
        high = total if bounds.high is None else int(bounds.high) - bounds.high_open
        goals = [(low, high)] if wanted else [(0, low - 1), (high + 1, total)]
        for least, most in goals:
            if least > most or least > total or most < 0:
                continue
            # At least so many must satisfy the condition, and so many must surely not.
            merged = _merge((*self._cheapest(areas, where, True, least), *self._cheapest(areas, where, False, total - most)))
            if merged:
                yield merged

    def _cheapest(self, areas: tuple[str, ...], where: Condition, wanted: bool, needed: int) -> tuple[frozenset[Change], ...]:
        """The cheapest changes by which so many areas do (or do not) satisfy a condition; areas that do so already come free."""
        settled = Truth.HELD if wanted else Truth.FAILED
        costs = []
        for area in areas:
            if self._truth(where, area) is settled:
                needed -= 1
                continue
            ways = list(islice(self.ways(where, wanted, area), 8))
            if ways:
                best = min(ways, key=lambda way: (len(way), sum(change.size() for change in way)))
                costs.append((len(best), sum(change.size() for change in best), best))
        if needed <= 0:
            return ()
        return tuple(best for _, _, best in sorted(costs, key=lambda cost: cost[:2])[:needed]) if len(costs) >= needed else ()


def _merge(sets: Iterable[frozenset[Change]]) -> frozenset[Change] | None:
    """All changes together: the farther of two in the same direction; None where they contradict each other."""
    found: dict[tuple[str, str | None], Change] = {}
    for changes in sets:
        for change in changes:
            key = (change.indicator, change.area)
            other = found.get(key)
            if other is None or other == change:
                found[key] = change
            elif other.rising != change.rising or not isinstance(change.to, int | float) or not isinstance(other.to, int | float):
                return None
            elif (change.to, change.beyond) != (other.to, other.beyond):
                farther = (change.to > other.to) == change.rising if change.to != other.to else change.beyond
                found[key] = change if farther else other
    return frozenset(found.values())
