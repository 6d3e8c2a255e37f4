"""Counts that are added up: the cells that they and their totals can lie in together, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from engine.trigger.cells import Domain, make_domain
from engine.trigger.diagram import TooComplex
from engine.trigger.facts import Facts, Partial

MOST_KEPT = 5_000
MOST_VALUES = 2_000_000
Range = tuple[int, int | None]
"""Whole numbers from the first to the last, both included; None: no end."""


class SumGroup:
    """Totals that share counts, with those counts. `keys`: the counts, then the totals ("a+b")."""

    def __init__(self, sums: Sequence[str], domains: Mapping[str, Domain]) -> None:
        self.sums = tuple(sums)
        self.summands = tuple(sorted({key for pair in sums for key in pair.split("+")}))
        self.keys = (*self.summands, *self.sums)
        self.domains = domains
        self._kept: dict[tuple[object, ...], tuple[tuple[int, ...], ...]] = {}

    def facts_of(self, facts: Facts) -> tuple[object, ...]:
        """What is known of the counts: more than their cells, for it moves the totals."""
        return tuple(facts.of(key) for key in self.summands)

    def cells(self, known: tuple[object, ...]) -> tuple[tuple[int, ...], ...]:
        """Every combination of cells that the counts and totals can have, in the order of `keys`."""
        found = self._kept.get(known)
        if found is None:
            if len(self._kept) > MOST_KEPT:
                self._kept.clear()
            each = self._pair(known) if len(self.sums) == 1 else self._many(known)
            found = self._kept[known] = tuple(dict.fromkeys(each))
        return found

    def _pair(self, known: tuple[object, ...]) -> Iterator[tuple[int, ...]]:
        """Two counts and their total: the total of two ranges without gaps is a range without gaps."""
        total = self.domains[self.sums[0]]
        names = self.sums[0].split("+")
        if names[0] == names[1]:
            yield from self._many(known)
            return
        ones, twos = (ranges(self.domains[key], known[self.summands.index(key)]) for key in self.summands)
        for (one, first), (two, second) in product(ones.items(), twos.items()):
            mask = _total_mask(total, first, second)
            yield from ((one, two, cell) for cell in range(mask.bit_length()) if mask >> cell & 1)

    def _many(self, known: tuple[object, ...]) -> Iterator[tuple[int, ...]]:
        """Totals that share counts: by values. Past the largest cut of any total, one value of each cell of a count stands for all."""
        top = max((int(cut) for key in self.sums for cut, _ in self.domains[key].cuts), default=0)
        options = [self._values(key, fact, top) for key, fact in zip(self.summands, known, strict=True)]
        count = 1
        for values in options:
            count *= len(values)
        if count > MOST_VALUES:
            raise TooComplex(
                f"合计牵连的指标太多：{'、'.join(self.summands)}", where="scales", remedy="拆开合计，少让几个合计共用一个指标"
            )
        for chosen in product(*options):
            each = dict(zip(self.summands, chosen, strict=True))
            totals = (self.domains[pair].cell(sum(each[key] for key in pair.split("+"))) for pair in self.sums)
            yield (*(self.domains[key].cell(value) for key, value in each.items()), *totals)

    def _values(self, key: str, fact: object, top: int) -> list[int]:
        found: set[int] = set()
        for parts in ranges(self.domains[key], fact).values():
            for first, last in parts:
                end = max(first, top) if last is None else min(last, max(first, top))
                found.update(range(first, end + 1))
        return sorted(found)


def finer(key: str, domain: Domain, groups: Sequence[SumGroup], facts: Facts) -> Domain:
    """A count's domain cut also where one of its totals turns, given what is known of the other counts."""
    cuts = set(domain.cuts)
    for group in groups:
        if key not in group.summands:
            continue
        if len(group.sums) > 1 or len(group.summands) == 1:
            top = max((int(cut) for pair in group.sums for cut, _ in group.domains[pair].cuts), default=0)
            cuts.update((n, False) for n in range(1, top + 1))
            continue
        other = next(one for one in group.summands if one != key)
        ends = {
            end
            for parts in ranges(group.domains[other], facts.of(other)).values()
            for part in parts
            for end in part
            if end is not None
        }
        cuts.update((int(cut) - end, False) for cut, _ in group.domains[group.sums[0]].cuts for end in ends)
    return make_domain(key, domain.indicator, cuts, domain.areas) if len(cuts) > len(domain.cuts) else domain


def make_groups(sums: Sequence[str], domains: Mapping[str, Domain]) -> tuple[SumGroup, ...]:
    """The totals in groups that share no count."""
    groups: list[list[str]] = []
    for pair in sums:
        names = set(pair.split("+"))
        near = [group for group in groups if any(names & set(other.split("+")) for other in group)]
        groups = [group for group in groups if group not in near] + [[*(other for group in near for other in group), pair]]
    return tuple(SumGroup(group, domains) for group in groups)


def ranges(domain: Domain, fact: object) -> dict[int, list[Range]]:
    """For each cell of a count the whole numbers of it that the fact allows."""
    given: list[Range]
    if fact is None:
        given = [(0, None)]
    elif isinstance(fact, Partial):
        given = [(int(b.low or 0), None if b.high is None else int(b.high)) for b in fact.intervals]
    else:
        given = [(int(fact), int(fact))]  # type: ignore[call-overload]
    found: dict[int, list[Range]] = {}
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


def _total_mask(total: Domain, ones: list[Range], twos: list[Range]) -> int:
    mask = 0
    for (first, last), (start, end) in product(ones, twos):
        low = total.cell(first + start)
        high = total.size - 1 if last is None or end is None else total.cell(last + end)
        mask |= (1 << (high + 1)) - (1 << low)
    return mask
