"""Counts over areas, exactly: “N个以上县…上述区域…” with some counties known, some partly, some not at all.

City-wide unknowns are chosen outermost. With them fixed, each area can satisfy certain sets of predicates; the sets that
all areas together can come to are counters, one a predicate, added up area by area. Counters that no count can tell apart
any more, whatever the areas still to come add, are taken for one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from engine.plan.model import Plan
from engine.trigger.cells import Domain
from engine.trigger.component import MOST_WORDS, Component, Field, bits
from engine.trigger.diagram import TooComplex, rank_of
from engine.trigger.facts import Facts
from engine.trigger.formula import counts_in, holds

MOST_FOLDS = 5_000
NOTHING: Mapping[str, Any] = {}
Masks = tuple[int, ...]
Value = tuple[tuple[int, ...], int]
"""For each field the rank reached, as a mask of one bit; and a mask of the clauses that hold."""


Fold = tuple[tuple[int, ...], int, int]


class Known:
    """What an area component has worked out so far; none of it depends on how its word is laid out."""

    def __init__(self, areas: int) -> None:
        self.addends: dict[tuple[Masks, Masks], int] = {}
        self.vectors: dict[tuple[Masks, Masks], tuple[int, ...]] = {}
        self.folded: dict[tuple[Masks, tuple[Masks, ...]], tuple[int, ...]] = {}
        self.merged: list[dict[int, int]] = [{} for _ in range(areas)]
        self.decided: dict[int, int] = {}
        self.values: dict[tuple[Masks, int], Value] = {}
        self.folds: dict[tuple[Masks, tuple[Masks, ...], tuple[tuple[object, ...], ...]], Fold] = {}


class AreaComponent(Component):
    """A component some of whose conditions count areas."""

    def __init__(self, keys: frozenset[str], domains: Mapping[str, Domain], fields: Sequence[Field], plan: Plan) -> None:
        super().__init__(keys, domains, fields)
        self.city = tuple(key for key in self.free if "." not in key)
        self.city_keys = (*self.city, *(key for group in self.sums for key in group.keys))
        self.local = tuple(key for key in self.keys if "." in key)
        self.counts = tuple(dict.fromkeys(count for formula in self.formulas for count in counts_in(formula)))
        self.predicates = tuple(dict.fromkeys((count.predicate, count.among) for count in self.counts))
        self.areas_id = self.counts[0].areas
        if any(count.areas != self.areas_id for count in self.counts):
            raise TooComplex("条件把两种区域的个数连在一起", where="scales", remedy="拆开条件，一个条件只数一种区域")
        self.areas = plan.indicators[self.areas_id].areas
        self.width = len(self.areas).bit_length()
        # For each area the counters that count it.
        self._counting = tuple(
            sum(1 << n * self.width for n, (_, among) in enumerate(self.predicates) if not among or area in among)
            for area in self.areas
        )
        self._same = [self._alike_counts(left) for left in range(len(self.areas))]
        self._local_keys = tuple((domains[key], key.split(".", 1)[1], key) for key in self.local)
        self._places = tuple((count, self.predicates.index((count.predicate, count.among)) * self.width) for count in self.counts)
        # The same rules under other readings, or of one scale alone, share what has been worked out.
        cells = tuple((key, domains[key].values or domains[key].cuts) for key in sorted(keys))
        rules = tuple(tuple((clause.rule.rank, clause.formula) for _, clause in found.clauses) for found in fields)
        self._known: Known = plan.memo.setdefault(("areas", cells, rules), Known(len(self.areas)))

    @property
    def plain(self) -> bool:
        """Never: counters decide, not cells alone."""
        return False

    def _alike_counts(self, left: int) -> list[list[int]]:
        """For each predicate and number of areas: the least number that no count tells from it with `left` areas to come."""
        found = []
        for predicate in self.predicates:
            masks = [count.counts for count in self.counts if (count.predicate, count.among) == predicate]
            futures = [
                [tuple(mask >> (n + more) & 1 for mask in masks) for more in range(left + 1)] for n in range(len(self.areas) + 1)
            ]
            found.append([futures.index(future) for future in futures])
        return found

    def word(self, facts: Facts) -> int:
        city = tuple(self.reduced(key, self.domains[key].mask(facts.of(key))) for key in self.city)
        rows = facts.areas.get(self.areas_id, {})
        # An order of areas does not matter to a count, so equal cases are met again.
        local = tuple(
            sorted(
                (*self._local_masks(rows.get(area, NOTHING)), counting)
                for area, counting in zip(self.areas, self._counting, strict=True)
            )
        )
        sums = tuple(group.facts_of(facts) for group in self.sums)
        key = (city, local, sums)
        found = self._words.get(key)
        if found is None:
            if len(self._words) > MOST_WORDS:
                self._words.clear()
            found = self._words[key] = self._fold_areas(city, local, sums)
        return found

    def _local_masks(self, row: Mapping[str, Any]) -> Masks:
        return tuple(self.reduced(key, domain.mask(row.get(name))) for domain, name, key in self._local_keys)

    def _fold_areas(self, city_masks: Masks, local: tuple[Masks, ...], sums: tuple[tuple[object, ...], ...]) -> int:
        key = (city_masks, local, sums)
        found = self._known.folds.get(key)
        if found is None:
            if len(self._known.folds) > MOST_WORDS:
                self._known.folds.clear()
            found = self._known.folds[key] = self._fold(city_masks, local, sums)
        ranks, always, ever = found
        places = {formula: n for n, formula in enumerate(self.formulas)}
        return self._pack(ranks, lambda formula: (bool(always >> places[formula] & 1), bool(ever >> places[formula] & 1)))

    def _fold(self, city_masks: Masks, local: tuple[Masks, ...], sums: tuple[tuple[object, ...], ...]) -> Fold:
        """For each field the possible ranks, and the clauses that always and ever hold."""
        totals = self.totals(sums)
        values: set[Value] = set()
        for cells in product(*(bits(mask) for mask in city_masks)):
            for joint in product(*totals):
                city = (*cells, *(cell for group in joint for cell in group))
                values.update(
                    self._value(city, decided) for decided in {self._decide(state) for state in self._states(city, local)}
                )
        ranks = [0] * len(self.fields)
        always, ever = -1, 0
        for reached, held in values:
            ranks = [one | two for one, two in zip(ranks, reached, strict=True)]
            always &= held
            ever |= held
        return tuple(ranks), always, ever

    def _states(self, city: Masks, local: tuple[Masks, ...]) -> tuple[int, ...]:
        """Every combination of counters that the areas can come to: one integer each, `width` bits a predicate."""
        key = (city, local)
        found = self._known.folded.get(key)
        if found is None:
            states = {0}
            for n, (*masks, counting) in enumerate(local):
                merged = self._known.merged[n]
                vectors = {vector & counting for vector in self._vectors_of(city, tuple(masks))}
                added = {state + vector for state in states for vector in vectors}
                states = {merged[state] if state in merged else self._merge(n, state) for state in added}
            if len(self._known.folded) > MOST_FOLDS:
                self._known.folded.clear()
            found = self._known.folded[key] = tuple(states)
        return found

    def _merge(self, n: int, state: int) -> int:
        """The state that stands for this one after area `n`."""
        one = (1 << self.width) - 1
        same = self._same[len(self.areas) - 1 - n]
        merged = sum(alike[state >> at * self.width & one] << at * self.width for at, alike in enumerate(same))
        if len(self._known.merged[n]) > MOST_WORDS:
            self._known.merged[n].clear()
        self._known.merged[n][state] = merged
        return merged

    def _vectors_of(self, city: Masks, masks: Masks) -> tuple[int, ...]:
        """The sets of predicates that one area can satisfy, each spread out as an addend for the counters."""
        key = (city, masks)
        found = self._known.vectors.get(key)
        if found is None:
            if len(self._known.vectors) > MOST_WORDS:
                self._known.vectors.clear()
            found = self._known.vectors[key] = tuple(
                {self._addend(city, chosen) for chosen in product(*(bits(mask) for mask in masks))}
            )
        return found

    def _addend(self, city: Masks, chosen: Masks) -> int:
        key = (city, chosen)
        found = self._known.addends.get(key)
        if found is None:
            cells = dict(zip((*self.city_keys, *self.local), (*city, *chosen), strict=True))
            found = sum(1 << n * self.width for n, (predicate, _) in enumerate(self.predicates) if holds(predicate, cells))
            if len(self._known.addends) > MOST_WORDS:
                self._known.addends.clear()
            self._known.addends[key] = found
        return found

    def _decide(self, state: int) -> int:
        """Which of the counts are as asked for, a bit each."""
        found = self._known.decided.get(state)
        if found is None:
            one = (1 << self.width) - 1
            found = sum(1 << n for n, (count, at) in enumerate(self._places) if count.counts >> (state >> at & one) & 1)
            if len(self._known.decided) > MOST_WORDS:
                self._known.decided.clear()
            self._known.decided[state] = found
        return found

    def _value(self, city: Masks, decided: int) -> Value:
        """What a choice of city-wide cells and of the counts comes to."""
        key = (city, decided)
        found = self._known.values.get(key)
        if found is None:
            cells = dict(zip(self.city_keys, city, strict=True))
            counts = {count: decided >> n & 1 == 1 for n, count in enumerate(self.counts)}
            ranks = tuple(1 << rank_of(stages, cells, counts) for stages in self.stages)
            held = sum(1 << n for n, formula in enumerate(self.formulas) if holds(formula, cells, counts))
            if len(self._known.values) > MOST_WORDS:
                self._known.values.clear()
            found = self._known.values[key] = ranks, held
        return found
