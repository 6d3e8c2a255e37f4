"""Rules that share an indicator, judged together; rules that share none are independent, and their levels combine by maximum.

What a component says is one integer, so that the components of a plan are combined by `|`. For each scale it holds
  U  the levels that the component can come to, a bit a rank (0: none of its rules holds);
  T  the ranks below the lowest of them, as a run of ones: the union of the runs is the run of the maximum;
  B  the rules that bear the lowest of them out, a bit for each (rule, rank).
So `U & ~T` over all components is the set of possible levels, exactly: a maximum of independent choices can be any
rank that one of them can take, not below the largest of their minima.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from engine.plan.finding import YuanError
from engine.trigger.cells import Domain
from engine.trigger.facts import Facts, Partial
from engine.trigger.formula import Formula, Residual, holds, keys_in_order, keys_of, restrict
from engine.trigger.rules import Rule

MOST_COMPLETIONS = 4_000
MOST_NODES = 200_000


class TooComplex(YuanError):
    """A component whose decision diagram has more nodes than are allowed; `yuan check` finds such plans."""

    code = "too-complex"


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule lowered to cells. `bits`: for each rank up to its own, its B bit."""

    rule: Rule
    formula: Formula
    bits: tuple[int, ...]


@dataclass(slots=True)
class Raw:
    """What holds over a set of completions, per scale: possible ranks, and per clause whether it holds in all or in some."""

    ranks: list[int]
    always: int
    ever: int


@dataclass
class Field:
    """Where one scale's U and T lie in the integer."""

    scale: str
    size: int
    possible_at: int
    below_at: int
    clauses: list[tuple[int, Clause]] = field(default_factory=list)


class Component:
    """Rules over a set of keys that no other rule of the same scale shares."""

    def __init__(self, keys: frozenset[str], domains: Mapping[str, Domain], fields: Sequence[Field]) -> None:
        self.fields = fields
        self.keys = tuple(sorted(key for key in keys if "+" not in key))
        self.sums = tuple(sorted(key for key in keys if "+" in key))
        self.domains = domains
        self.formulas = [clause.formula for found in fields for _, clause in found.clauses]
        self._words: dict[tuple[int, ...], int] = {}

    @property
    def plain(self) -> bool:
        """Whether cells alone decide: no sums and no areas."""
        return not self.sums

    def word(self, facts: Facts) -> int:
        """What the component says of these facts."""
        masks = tuple(self.domains[key].mask(facts.of(key)) for key in self.keys)
        if self.sums:
            return self._pack(self._fold(self._sum_cells(facts)))
        found = self._words.get(masks)
        if found is None:
            found = self._words[masks] = self.of_masks(masks)
        return found

    def of_masks(self, masks: tuple[int, ...]) -> int:
        """The word for sets of cells, in the order of `keys`."""
        total = 1
        for mask in masks:
            total *= mask.bit_count()
        if total <= MOST_COMPLETIONS:
            return self._pack(self._fold(self._cells(masks)))
        return self._pack(self._diagram(dict(zip(self.keys, masks, strict=True))))

    def _cells(self, masks: tuple[int, ...]) -> Iterator[dict[str, int]]:
        for cells in product(*(_bits(mask) for mask in masks)):
            yield dict(zip(self.keys, cells, strict=True))

    def _diagram(self, masks: Mapping[str, int]) -> Raw:
        """The fold over all completions as a decision diagram: one key at a time, equal remainders met once. Exact."""
        order = list(dict.fromkeys(key for formula in self.formulas for key in keys_in_order(formula)))
        memo: dict[tuple[int, tuple[Residual, ...]], Raw] = {}

        def fold(at: int, residuals: tuple[Residual, ...]) -> Raw:
            if all(isinstance(one, bool) for one in residuals):
                leaf = self.nothing()
                self.add(leaf, residuals)  # type: ignore[arg-type]
                return leaf
            found = memo.get((at, residuals))
            if found is None:
                if len(memo) > MOST_NODES:
                    raise TooComplex(f"条件牵连的指标太多：{'、'.join(self.keys)}", where="scales", remedy="拆开条件，少把不同指标放进同一个条件")
                found = self.nothing()
                key = order[at]
                for left in dict.fromkeys(tuple(restrict(one, key, cell) for one in residuals) for cell in _bits(masks[key])):
                    part = fold(at + 1, left)
                    found.always &= part.always
                    found.ever |= part.ever
                    found.ranks = [one | two for one, two in zip(found.ranks, part.ranks, strict=True)]
                memo[(at, residuals)] = found
            return found

        return fold(0, tuple(self.formulas))

    def _sum_cells(self, facts: Facts) -> Iterator[dict[str, int]]:
        """Cells of the keys with every cell that a sum can have with them; summands are whole numbers, so sums leave no gap."""
        masks = tuple(self.domains[key].mask(facts.of(key)) for key in self.keys)
        ranges = {key: _ranges(self.domains[key], facts.of(key)) for pair in self.sums for key in pair.split("+")}
        for cells in self._cells(masks):
            options = []
            for pair in self.sums:
                one, two = pair.split("+")
                options.append(_sum_mask(self.domains[pair], ranges[one][cells[one]], ranges[two][cells[two]]))
            for chosen in product(*(_bits(mask) for mask in options)):
                yield {**cells, **dict(zip(self.sums, chosen, strict=True))}

    def _fold(self, completions: Iterator[dict[str, int]]) -> Raw:
        raw = self.nothing()
        for cells in completions:
            self.add(raw, [holds(formula, cells) for formula in self.formulas])
        return raw

    def nothing(self) -> Raw:
        return Raw([0] * len(self.fields), (1 << len(self.formulas)) - 1, 0)

    def add(self, raw: Raw, values: Sequence[bool]) -> None:
        """Count one completion in, given the value of each clause."""
        held = sum(1 << n for n, value in enumerate(values) if value)
        raw.always &= held
        raw.ever |= held
        n = 0
        for at, found in enumerate(self.fields):
            rank = 0
            for _, clause in found.clauses:
                if values[n] and clause.rule.rank > rank:
                    rank = clause.rule.rank
                n += 1
            raw.ranks[at] |= 1 << rank

    def _pack(self, raw: Raw) -> int:
        word = 0
        n = 0
        for at, found in enumerate(self.fields):
            ranks = raw.ranks[at]
            least = (ranks & -ranks).bit_length() - 1
            word |= ranks << found.possible_at | ((1 << least) - 1) << found.below_at
            sure = cover = 0
            for _, clause in found.clauses:
                if least and clause.rule.rank >= least and raw.ever >> n & 1:
                    cover |= 1 << clause.bits[least]
                    if clause.rule.rank == least and raw.always >> n & 1:
                        sure |= 1 << clause.bits[least]
                n += 1
            word |= sure or cover
        return word


def _bits(mask: int) -> list[int]:
    return [n for n in range(mask.bit_length()) if mask >> n & 1]


def _ranges(domain: Domain, fact: object) -> dict[int, list[tuple[int, int | None]]]:
    """For each cell the whole numbers of it that the fact allows, as closed ranges (None: no end)."""
    found: dict[int, list[tuple[int, int | None]]] = {}
    if fact is None:
        given: list[tuple[int, int | None]] = [(0, None)]
    elif isinstance(fact, Partial):
        given = [(int(b.low or 0), None if b.high is None else int(b.high)) for b in fact.intervals]
    else:
        given = [(int(fact), int(fact))]  # type: ignore[call-overload]
    for cell in range(domain.size):
        bounds = domain.interval(cell)
        low = int(bounds.low or 0)
        high = None if bounds.high is None else int(bounds.high) - bounds.high_open
        for first, last in given:
            start = max(low, first)
            end = last if high is None else high if last is None else min(high, last)
            if end is None or start <= end:
                found.setdefault(cell, []).append((start, end))
    return found


def _sum_mask(domain: Domain, ones: list[tuple[int, int | None]], twos: list[tuple[int, int | None]]) -> int:
    mask = 0
    for first, last in ones:
        for start, end in twos:
            low = domain.cell(first + start)
            high = domain.size - 1 if last is None or end is None else domain.cell(last + end)
            mask |= (1 << (high + 1)) - (1 << low)
    return mask


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

