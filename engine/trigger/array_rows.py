"""Components for which cells alone do not decide, or that have too many of them: each distinct row of a chunk is looked up.

A row holds digits of city-wide facts, amounts of counts that are added up (cut off where no total tells them apart any
more), and for areas the classes of their facts in order of size: which area it was makes no difference to a count. What a
row says is worked out once, by the component itself, on facts that the row stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from threading import RLock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.trigger.areas import AreaComponent
from engine.trigger.array_blocks import Cases, Index
from engine.trigger.component import Component, bits
from engine.trigger.facts import Facts
from engine.trigger.formula import holds, keys_of

MOST_ENTRIES = 1 << 22
MOST_CLASSIFIED = 20_000
MOST_MIXED = 1 << 62


class AreaCases(Cases, Protocol):
    """Cases with facts of areas and amounts of counts."""

    def amount(self, key: str, top: int) -> int | NDArray[Any]: ...

    def area_digits(self, key: str) -> Sequence[int | NDArray[Any]]: ...


class RowBlock:
    """A block of one component whose index numbers the distinct words met so far."""

    def __init__(self, component: Component) -> None:
        self._component = component
        tops: dict[str, int] = {}
        for group in component.sums:
            cuts = [int(cut) for key in group.keys for cut, _ in component.domains[key].cuts]
            tops |= dict.fromkeys(group.summands, max(cuts, default=0))
        self._tops = tops
        self._city = tuple(key for key in component.free if "." not in key)
        self._places = Places(component) if isinstance(component, AreaComponent) else None
        self._radices = (
            *(component.domains[key].size + 1 for key in self._city),
            *(top + 2 for top in tops.values()),
            *(self._places.radices if self._places else ()),
        )
        entries = 1
        for radix in self._radices:
            entries *= radix
        self._table = np.full(entries, -1, np.intp) if entries <= MOST_ENTRIES else None
        self._rows: dict[bytes, int] = {}
        self._words: list[int] = []
        self._ids: dict[int, int] = {}
        self._lock = RLock()

    @property
    def width(self) -> int:
        return max(1, len(self._words))

    def word(self, index: int) -> int:
        return self._words[index]

    def index(self, cases: AreaCases) -> Index:
        """The number of each case's word."""
        row: list[Index] = [cases.digit(key) for key in self._city]
        row += [cases.amount(key, top) for key, top in self._tops.items()]
        if self._places:
            row += self._places.row(cases)
        if all(isinstance(one, int) for one in row):
            return self._look_up(np.array([row], np.int64))[0]
        if self._table is None:
            return self._distinct(row)
        at: Any = 0
        for one, radix in zip(row, self._radices, strict=True):
            at = at * radix + (one if isinstance(one, int) else one.astype(np.intp))
        found: NDArray[Any] = np.take(self._table, at, mode="clip")
        if found.min() < 0:
            places, first = np.unique(at[found < 0], return_index=True)
            where = np.flatnonzero(found < 0)[first]
            self._table[places] = self._look_up(_rows(row, where))
            found = np.take(self._table, at, mode="clip")
        return found

    def _distinct(self, row: list[Index]) -> NDArray[Any]:
        """Without a table: rows told apart in this chunk, then looked up one by one."""
        at: Any = 0
        so_far = 1
        for one, radix in zip(row, self._radices, strict=True):
            if so_far * radix > MOST_MIXED:
                at = np.unique(at, return_inverse=True)[1]
                so_far = int(at.max()) + 1
            at = at * radix + (one if isinstance(one, int) else one.astype(np.int64))
            so_far *= radix
        _, first, inverse = np.unique(at, return_index=True, return_inverse=True)
        return np.array(self._look_up(_rows(row, first)), np.intp)[inverse]

    def _look_up(self, rows: NDArray[np.int64]) -> list[int]:
        with self._lock:
            return [self._number(row) for row in rows]

    def _number(self, row: NDArray[np.int64]) -> int:
        """The number of a row's word."""
        key = row.tobytes()
        found = self._rows.get(key)
        if found is None:
            word = self._component.word(self._facts(row.tolist()))
            found = self._ids.get(word)
            if found is None:
                self._words.append(word)
                found = self._ids[word] = len(self._words) - 1
            if len(self._rows) > MOST_ENTRIES:
                self._rows.clear()
            self._rows[key] = found
        return found

    def _facts(self, row: list[int]) -> Facts:
        """Facts that the row stands for."""
        domains = self._component.domains
        known = {key: domains[key].sample(digit - 1) for key, digit in zip(self._city, row, strict=False) if digit}
        amounts = zip(self._tops, row[len(self._city) :], strict=False)
        known |= {key: amount - 1 for key, amount in amounts if amount}
        if not self._places:
            return Facts(known)
        return Facts(known, areas=self._places.facts(row[len(self._city) + len(self._tops) :]))


def _rows(row: list[Index], where: NDArray[Any]) -> NDArray[np.int64]:
    """The rows of some cases, one below the other."""
    found = np.empty((len(where), len(row)), np.int64)
    for n, one in enumerate(row):
        found[:, n] = one if isinstance(one, int) else one[where]
    return found


class Places:
    """The areas of a component: the facts of one come to a class, and areas that the same counts count are interchangeable."""

    def __init__(self, component: AreaComponent) -> None:
        self._component = component
        self._keys = component.local
        self._sizes = tuple(component.domains[key].size + 1 for key in self._keys)
        self._classes, self._examples = _classes(component, self._sizes)
        alike: dict[tuple[bool, ...], list[int]] = {}
        for n, area in enumerate(component.areas):
            counted = tuple(not among or area in among for _, among in component.predicates)
            alike.setdefault(counted, []).append(n)
        self._alike = tuple(alike.values())
        self.radices = (len(self._examples),) * len(component.areas)

    def row(self, cases: AreaCases) -> list[Index]:
        """The class of each area, those of interchangeable areas in order of size."""
        each: list[Any] = [0] * len(self._component.areas)
        for key, size in zip(self._keys, self._sizes, strict=True):
            for n, digit in enumerate(cases.area_digits(key)):
                each[n] = each[n] * size + (digit if isinstance(digit, int) else digit.astype(np.intp))
        classes = [int(self._classes[one]) if isinstance(one, int) else np.take(self._classes, one) for one in each]
        found: list[Index] = []
        for places in self._alike:
            ours = [classes[n] for n in places]
            if all(isinstance(one, int) for one in ours):
                found += sorted(ours)
            elif len(ours) == 1:
                found += ours
            else:
                together = np.stack(np.broadcast_arrays(*ours))
                together.sort(axis=0)
                found += list(together)
        return found

    def facts(self, classes: Sequence[int]) -> dict[str, dict[str, dict[str, Any]]]:
        """Facts of the areas that have these classes."""
        rows: dict[str, dict[str, Any]] = {}
        at = iter(classes)
        for places in self._alike:
            for n in places:
                rows[self._component.areas[n]] = self._row_of(self._examples[next(at)])
        return {self._component.areas_id: rows}

    def _row_of(self, digits: tuple[int, ...]) -> dict[str, Any]:
        domains = self._component.domains
        return {
            key.split(".", 1)[1]: domains[key].sample(digit - 1) for key, digit in zip(self._keys, digits, strict=True) if digit
        }


def _classes(component: AreaComponent, sizes: tuple[int, ...]) -> tuple[NDArray[np.uint16], list[tuple[int, ...]]]:
    """For the digits of an area, as one number, their class, and for each class digits of it.

    Digits are of one class if, whatever the city-wide facts are, an area that has them can satisfy the same sets of
    predicates. Where that is too much to work out, if no condition tells their cells apart.
    """
    signs: dict[Any, int] = {}
    classes: list[int] = []
    examples: list[tuple[int, ...]] = []
    seen: dict[Any, Any] = {}
    vectors = _Vectors(component)
    for digits in product(*(range(size) for size in sizes)):
        masks = tuple(
            component.reduced(key, 1 << digit - 1 if digit else component.domains[key].every)
            for key, digit in zip(component.local, digits, strict=True)
        )
        if masks not in seen:
            seen[masks] = vectors.of(masks) if vectors.few else masks
        sign = seen[masks]
        if sign not in signs:
            signs[sign] = len(signs)
            examples.append(digits)
        classes.append(signs[sign])
    return np.array(classes, np.uint16), examples


class _Vectors:
    """The sets of predicates that one area can satisfy, for each choice of the city-wide cells that they depend on."""

    def __init__(self, component: AreaComponent) -> None:
        self._component = component
        self._predicates = tuple(dict.fromkeys(predicate for predicate, _ in component.predicates))
        asked = frozenset().union(*(keys_of(predicate) for predicate in self._predicates))
        self._city = tuple(key for key in component.city_keys if key in asked)
        count = 1
        for key in (*self._city, *component.local):
            count *= component.domains[key].size
        self.few = count <= MOST_CLASSIFIED
        self._memo: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[bool, ...]] = {}

    def of(self, masks: tuple[int, ...]) -> tuple[frozenset[tuple[bool, ...]], ...]:
        """For each city-wide choice the vectors of an area whose cells lie in the masks."""
        return tuple(
            frozenset(self._vector(city, local) for local in product(*(bits(mask) for mask in masks))) for city in self._choices()
        )

    def _choices(self) -> Iterator[tuple[int, ...]]:
        return product(*(range(self._component.domains[key].size) for key in self._city))

    def _vector(self, city: tuple[int, ...], local: tuple[int, ...]) -> tuple[bool, ...]:
        key = (city, local)
        if key not in self._memo:
            cells: Mapping[str, int] = dict(zip((*self._city, *self._component.local), (*city, *local), strict=True))
            self._memo[key] = tuple(holds(predicate, cells) for predicate in self._predicates)
        return self._memo[key]
