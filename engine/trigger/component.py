"""Rules that share an indicator, judged together; rules that share none are independent, and their levels combine by maximum.

What a component says is one integer, so that the components of a plan are combined by `|`. For each scale it holds
  U  the levels that the component can come to, a bit a rank (0: none of its rules holds);
  T  the ranks below the lowest of them, as a run of ones: the union of the runs is the run of the maximum;
  B  the rules that bear the lowest of them out, a bit for each (rule, rank).
So `U & ~T` over all components is the set of possible levels, exactly: a maximum of independent choices can be any
rank that one of them can take, not below the largest of their minima.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from engine.trigger.cells import Domain
from engine.trigger.diagram import Stages, TooComplex, always_ever, possible_ranks, rank_of, stages_of
from engine.trigger.facts import Facts
from engine.trigger.formula import Formula, Residual, keys_in_order, keys_of, literals_in, restrict
from engine.trigger.rules import Rule
from engine.trigger.sums import make_groups

__all__ = ["Clause", "Component", "Field", "TooComplex", "bits", "groups"]

FEW_COMPLETIONS = 64
MOST_WORDS = 50_000


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule lowered to cells. `bits`: for each rank up to its own, its B bit."""

    rule: Rule
    formula: Formula
    bits: tuple[int, ...]


@dataclass
class Field:
    """Where one scale's U and T lie in the integer."""

    scale: str
    size: int
    possible_at: int
    below_at: int
    clauses: list[tuple[int, Clause]] = field(default_factory=list)

    def stages(self) -> Stages:
        """The field's clauses as one formula a rank, highest first."""
        return stages_of([(clause.rule.rank, clause.formula) for _, clause in self.clauses])


class Component:
    """Rules over a set of keys that no other rule of the same scale shares."""

    def __init__(self, keys: frozenset[str], domains: Mapping[str, Domain], fields: Sequence[Field]) -> None:
        self.fields = fields
        self.keys = tuple(sorted(key for key in keys if "+" not in key))
        self.sums = make_groups(sorted(key for key in keys if "+" in key), domains)
        added = {key for group in self.sums for key in group.summands}
        self.free = tuple(key for key in self.keys if key not in added)
        self.domains = domains
        self.formulas = [clause.formula for found in fields for _, clause in found.clauses]
        self.stages = tuple(found.stages() for found in fields)
        order = dict.fromkeys(key for formula in self.formulas for key in keys_in_order(formula))
        self.order = tuple(key for key in order if key in self.free)
        self._alike = {key: self._classes(key) for key in keys}
        self._reductions: dict[str, dict[int, int]] = {key: {} for key in keys}
        self._words: dict[tuple[object, ...], int] = {}
        self._chosen: dict[tuple[tuple[str, int], ...], tuple[Stages, ...]] = {}

    def _classes(self, key: str) -> tuple[int, ...]:
        """For each cell of a key the first that no literal here tells from it: other components may cut finer."""
        masks = {literal.mask for formula in self.formulas for literal in literals_in(formula) if literal.key == key}
        signs = [tuple(mask >> cell & 1 for mask in masks) for cell in range(self.domains[key].size)]
        return tuple(signs.index(sign) for sign in signs)

    def reduced(self, key: str, mask: int) -> int:
        """A mask with one cell for all that are alike."""
        found = self._reductions[key].get(mask)
        if found is None:
            found = self._reductions[key][mask] = _union(1 << self._alike[key][cell] for cell in bits(mask))
        return found

    def totals(self, sums: tuple[tuple[object, ...], ...]) -> list[tuple[tuple[int, ...], ...]]:
        """For each group of sums its joint cells, alike ones once."""
        return [
            tuple(
                dict.fromkeys(
                    tuple(self._alike[key][cell] for key, cell in zip(group.keys, cells, strict=True))
                    for cells in group.cells(known)
                )
            )
            for group, known in zip(self.sums, sums, strict=True)
        ]

    @property
    def plain(self) -> bool:
        """Whether cells alone decide: no sums and no areas."""
        return not self.sums

    def word(self, facts: Facts) -> int:
        """What the component says of these facts."""
        if not self.sums:
            return self.word_of(facts.of)
        masks = tuple(self.reduced(key, self.domains[key].mask(facts.of(key))) for key in self.free)
        sums = tuple(group.facts_of(facts) for group in self.sums)
        key = (masks, sums)
        found = self._words.get(key)
        if found is None:
            if len(self._words) > MOST_WORDS:
                self._words.clear()
            found = self._words[key] = self._with_sums(masks, sums)
        return found

    def word_of(self, get: Callable[[str], Any]) -> int:
        """What a component without sums says, given what is known of each key."""
        masks = tuple(self.reduced(key, self.domains[key].mask(get(key))) for key in self.keys)
        found = self._words.get(masks)
        if found is None:
            if len(self._words) > MOST_WORDS:
                self._words.clear()
            found = self._words[masks] = self.of_masks(masks)
        return found

    def of_masks(self, masks: tuple[int, ...]) -> int:
        """The word for sets of cells, in the order of `keys`; without sums."""
        masks = tuple(self.reduced(key, mask) for key, mask in zip(self.keys, masks, strict=True))
        cells = dict(zip(self.keys, masks, strict=True))
        total = 1
        for mask in masks:
            total *= mask.bit_count()
        if total <= FEW_COMPLETIONS:
            completions = [dict(zip(self.keys, chosen, strict=True)) for chosen in product(*(bits(mask) for mask in masks))]
            ranks = tuple(_union(1 << rank_of(stages, one) for one in completions) for stages in self.stages)
        else:
            ranks = possible_ranks(self.stages, self.order, cells)
        return self._pack(ranks, lambda formula: always_ever(formula, self.order, cells))

    def _with_sums(self, masks: tuple[int, ...], sums: tuple[tuple[object, ...], ...]) -> int:
        """The fold with the cells of counts and totals chosen outermost; what they leave equal is folded once."""
        cells = dict(zip(self.free, masks, strict=True))
        keys = [key for group in self.sums for key in group.keys]
        chosen = [
            tuple(zip(keys, (cell for joint in joints for cell in joint), strict=True)) for joints in product(*self.totals(sums))
        ]
        left = {self._left(one) for one in chosen}
        found = [possible_ranks(stages, self.order, cells) for stages in left]
        ranks = tuple(_union(one) for one in zip(*found, strict=True))

        def extremes(formula: Formula) -> tuple[bool, bool]:
            each = [always_ever(part, self.order, cells) for part in {_restricted(formula, one) for one in chosen}]
            return all(always for always, _ in each), any(ever for _, ever in each)

        return self._pack(ranks, extremes)

    def _left(self, chosen: tuple[tuple[str, int], ...]) -> tuple[Stages, ...]:
        """What is left of the stages once the cells of counts and totals are chosen."""
        found = self._chosen.get(chosen)
        if found is None:
            if len(self._chosen) > MOST_WORDS:
                self._chosen.clear()
            found = tuple(tuple((rank, _restricted(formula, chosen)) for rank, formula in stages) for stages in self.stages)
            self._chosen[chosen] = found
        return found

    def _pack(self, ranks: tuple[int, ...], extremes: Callable[[Formula], tuple[bool, bool]]) -> int:
        """The word for the possible ranks of each field. extremes: whether a formula holds in all completions, and in any."""
        word = 0
        for possible, found in zip(ranks, self.fields, strict=True):
            least = (possible & -possible).bit_length() - 1
            word |= possible << found.possible_at | ((1 << least) - 1) << found.below_at
            if not least:
                continue
            reaching = [clause for _, clause in found.clauses if clause.rule.rank >= least]
            held = {n: extremes(clause.formula) for n, clause in enumerate(reaching)}
            sure = _union(
                1 << clause.bits[least] for n, clause in enumerate(reaching) if clause.rule.rank == least and held[n][0]
            )
            word |= sure or _union(1 << clause.bits[least] for n, clause in enumerate(reaching) if held[n][1])
        return word


def bits(mask: int) -> list[int]:
    """The positions of a mask's ones."""
    return [n for n in range(mask.bit_length()) if mask >> n & 1]


def _union(masks: Iterator[int] | tuple[int, ...]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _restricted(formula: Residual, cells: tuple[tuple[str, int], ...]) -> Residual:
    for key, cell in cells:
        formula = restrict(formula, key, cell)
    return formula


def groups(formulas: Mapping[int, Formula], domains: Mapping[str, Domain]) -> list[tuple[frozenset[str], list[int]]]:
    """The connected components of formulas: (keys, formula numbers). All keys of an area count belong together."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for formula in formulas.values():
        keys = sorted(keys_of(formula))
        for key in keys[1:]:
            parent[root(key)] = root(keys[0])
    members: dict[str, list[int]] = {}
    for n, formula in formulas.items():
        keys = sorted(keys_of(formula))
        members.setdefault(root(keys[0]) if keys else "", []).append(n)
    return [(frozenset().union(*(keys_of(formulas[n]) for n in found)), found) for found in members.values()]
