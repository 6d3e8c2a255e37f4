"""What of a word matters to a scale: its level, its possible levels, and the rules that bear the level out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.trigger.component import Field


@dataclass(frozen=True)
class Layout:
    """Where one scale's parts lie in a word.

    by_rank: for each rank the bits of the rules that may bear it out; clauses: those of each such bit's rule, in order.
    """

    possible_at: int
    below_at: int
    ones: int
    by_rank: tuple[int, ...]
    clauses: Mapping[int, tuple[str, ...]]

    def least(self, word: int) -> int:
        """The rank of the level: the lowest possible one."""
        return (word >> self.below_at & self.ones).bit_length()

    def possible(self, word: int) -> int:
        """The possible ranks, a bit each."""
        least = self.least(word)
        return (word >> self.possible_at & self.ones) >> least << least

    def kept(self, word: int) -> int:
        """The part of the word that can still matter."""
        least = (word >> self.below_at & self.ones).bit_length()
        possible = (word >> self.possible_at & self.ones) >> least << least
        return (1 << least) - 1 << self.below_at | possible << self.possible_at | word & self.by_rank[least]

    def basis(self, word: int) -> int:
        """The bits of the rules that bear the level out."""
        return word & self.by_rank[self.least(word)]

    def clauses_of(self, basis: int) -> tuple[str, ...]:
        """The clauses of such bits."""
        found: dict[str, None] = {}
        while basis:
            least = basis & -basis
            found.update(dict.fromkeys(self.clauses[least.bit_length() - 1]))
            basis ^= least
        return tuple(found)


def layout_of(fields: Sequence[Field]) -> Layout:
    """The layout of one scale, from its fields in all components."""
    first = fields[0]
    by_rank = [0] * first.size
    clauses = {}
    for one in fields:
        for _, clause in one.clauses:
            for rank, bit in enumerate(clause.bits[1:], 1):
                by_rank[rank] |= 1 << bit
                clauses[bit] = tuple(trigger.clause for trigger in clause.rule.chain)
    return Layout(first.possible_at, first.below_at, (1 << first.size) - 1, tuple(by_rank), clauses)


class Numbers:
    """Words numbered as they are met. `words`: what each number says; 0 stands for none."""

    def __init__(self, layouts: Sequence[Layout]) -> None:
        self.words = [0]
        self._layouts = tuple(layouts)
        self._numbers: dict[int, int] = {}

    def number(self, word: int) -> int:
        """The number of what can still matter of a word."""
        kept = 0
        for layout in self._layouts:
            kept |= layout.kept(word)
        found = self._numbers.get(kept)
        if found is None:
            found = self._numbers[kept] = len(self.words)
            self.words.append(kept)
        return found


class Readings:
    """For each state the rank of one scale's level, its possible ranks, and a code of the clauses that bear it out."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._by_basis: dict[int, int] = {}
        self._codes: dict[tuple[str, ...], int] = {}
        self.ranks = np.zeros(0, np.uint8)
        self.possible = np.zeros(0, np.uint16)
        self.codes = np.zeros(0, np.int32)
        self.clauses: tuple[tuple[str, ...], ...] = ()

    def read(self, words: Sequence[int]) -> None:
        """Read the states that are new."""
        new = words[len(self.ranks) :]
        if not new:
            return
        layout = self._layout
        self.ranks = np.append(self.ranks, np.array([layout.least(word) for word in new], np.uint8))
        self.possible = np.append(self.possible, np.array([layout.possible(word) for word in new], np.uint16))
        self.codes = np.append(self.codes, np.array([self._code(layout.basis(word)) for word in new], np.int32))
        self.clauses = tuple(self._codes)

    def _code(self, basis: int) -> int:
        found = self._by_basis.get(basis)
        if found is None:
            clauses = self._layout.clauses_of(basis)
            found = self._by_basis[basis] = self._codes.setdefault(clauses, len(self._codes))
        return found
