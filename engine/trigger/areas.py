"""Counts over areas, exactly: “N个以上县…上述区域…” with some counties known, some partly, some not at all.

City-wide unknowns are chosen outermost. With them fixed, each area can satisfy certain sets of predicates; the sets that
all areas together can come to are counters, one a predicate, added up area by area.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from engine.plan.model import Plan
from engine.trigger.cells import Domain
from engine.trigger.component import Component, Field, Raw, _bits
from engine.trigger.facts import Facts
from engine.trigger.formula import CountIs, Formula, counts_in, holds


class AreaComponent(Component):
    """A component some of whose conditions count areas."""

    def __init__(self, keys: frozenset[str], domains: Mapping[str, Domain], fields: Sequence[Field], plan: Plan) -> None:
        super().__init__(keys, domains, fields)
        self.city = tuple(key for key in self.keys if "." not in key)
        self.local = tuple(key for key in self.keys if "." in key)
        found: dict[CountIs, None] = {}
        for formula in self.formulas:
            for count in counts_in(formula):
                found.setdefault(count)
        self.counts = tuple(found)
        predicates: dict[Formula, None] = {}
        for count in self.counts:
            predicates.setdefault(count.predicate)
        self.predicates = tuple(predicates)
        self.areas_id = self.counts[0].areas
        self.areas = plan.indicators[self.areas_id].areas
        self.width = len(self.areas).bit_length()
        self._vectors: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[int, ...]] = {}
        self._values: dict[tuple[tuple[int, ...], int], tuple[bool, ...]] = {}
        self._folded: dict[tuple[tuple[int, ...], tuple[tuple[int, ...], ...]], tuple[int, ...]] = {}

    @property
    def plain(self) -> bool:
        return False

    def word(self, facts: Facts) -> int:
        city_masks = tuple(self.domains[key].mask(facts.of(key)) for key in self.city)
        rows = facts.areas.get(self.areas_id, {})
        # An order of areas does not matter to a count, so equal cases are met again.
        local = tuple(sorted(self._local_masks(rows.get(area, {})) for area in self.areas))
        key = (*city_masks, -1, *(mask for masks in local for mask in masks))
        found = self._words.get(key)
        if found is None:
            if len(self._words) > 50_000:
                self._words.clear()
            found = self._words[key] = self._pack(self._fold_areas(city_masks, local))
        return found

    def _local_masks(self, row: Mapping[str, object]) -> tuple[int, ...]:
        return tuple(self.domains[key].mask(row.get(key.split(".", 1)[1])) for key in self.local)  # type: ignore[arg-type]

    def _fold_areas(self, city_masks: tuple[int, ...], local: tuple[tuple[int, ...], ...]) -> Raw:
        raw = self.nothing()
        for city in product(*(_bits(mask) for mask in city_masks)):
            for state in self._states(city, local):
                self.add(raw, self._value(city, state))
        return raw

    def _states(self, city: tuple[int, ...], local: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
        """Every combination of counters that the areas can come to: one integer each, `width` bits a predicate."""
        key = (city, local)
        found = self._folded.get(key)
        if found is None:
            states = {0}
            for masks in local:
                vectors = self._vectors_of(city, masks)
                states = {state + vector for state in states for vector in vectors}
            if len(self._folded) > 5_000:
                self._folded.clear()
            found = self._folded[key] = tuple(states)
        return found

    def _vectors_of(self, city: tuple[int, ...], masks: tuple[int, ...]) -> tuple[int, ...]:
        """The sets of predicates that one area can satisfy, each spread out as an addend for the counters."""
        key = (city, masks)
        found = self._vectors.get(key)
        if found is None:
            cells = dict(zip(self.city, city, strict=True))
            vectors = set()
            for chosen in product(*(_bits(mask) for mask in masks)):
                cells.update(zip(self.local, chosen, strict=True))
                vectors.add(sum(1 << n * self.width for n, predicate in enumerate(self.predicates) if holds(predicate, cells)))
            found = self._vectors[key] = tuple(vectors)
        return found

    def _value(self, city: tuple[int, ...], state: int) -> tuple[bool, ...]:
        """The value of each clause for a choice of city-wide cells and counters."""
        key = (city, state)
        found = self._values.get(key)
        if found is None:
            cells = dict(zip(self.city, city, strict=True))
            one = (1 << self.width) - 1
            numbers = {predicate: state >> n * self.width & one for n, predicate in enumerate(self.predicates)}
            decided = {count: count.counts >> numbers[count.predicate] & 1 == 1 for count in self.counts}
            found = self._values[key] = tuple(holds(formula, cells, decided) for formula in self.formulas)
        return found

    def _cells(self, masks: tuple[int, ...]) -> Iterator[dict[str, int]]:
        raise TypeError("an area component is not a table of cells")
