"""One axis of a level map: pieces to pixels. Pieces that would be too narrow to see are given room; then it is no longer to scale."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from engine.drill.sweeps.stretch import Stretch
from engine.drill.sweeps.variable import Variable
from engine.plan.condition import Scalar
from engine.plan.measure import UNITS, Number, words

LEAST = 30.0
"""Pixels of the narrowest piece, where there are few."""
BEYOND = 0.04
"""Part of the length that a last piece without a width of its own is given."""


class MapAxis:
    """Places along `length` pixels. `to_scale`: every piece has its true share."""

    def __init__(self, variable: Variable, pieces: Sequence[Stretch], length: float) -> None:
        self.variable = variable
        self.pieces = pieces
        self.length = length
        true = self._true_widths()
        total = sum(true)
        shares = [length * one / total for one in true]
        least = min(LEAST, length / (2 * len(pieces)))
        given = [max(one, least) for one in shares]
        self.to_scale = all(one >= least for one in shares)
        if not self.to_scale:
            wide = sum(one for one in given if one > least)
            room = length - sum(one for one in given if one <= least)
            given = [one * room / wide if one > least else one for one in given] if wide else given
        self.ends = [0.0, *accumulate(given)]

    def _true_widths(self) -> list[float]:
        """Whole numbers take the room up to the next; words all the same."""
        if self.pieces[0].value is not None:
            return [1.0] * len(self.pieces)
        edges = [float(one.bounds.low or 0) for one in self.pieces]
        last = float(self.pieces[-1].bounds.high or 0)
        span = last - edges[0]
        end = last + 1 if self.variable.whole else max(last, edges[-1] + (span or 1.0) * BEYOND)
        return [max(high - low, 0.0) for low, high in zip(edges, [*edges[1:], end], strict=True)]

    def at(self, value: Scalar, piece: int) -> float:
        """The place of a value that lies in a piece."""
        start, end = self.ends[piece], self.ends[piece + 1]
        one = self.pieces[piece]
        if one.value is not None or isinstance(value, str | bool):
            return (start + end) / 2
        width = self._true_widths()[piece]
        share = 0.5 if not width else (value - float(one.bounds.low or 0) + (0.5 if self.variable.whole else 0)) / width
        return start + (end - start) * min(max(share, 0.0), 1.0)

    def tick(self, piece: int) -> str:
        """What stands where a piece begins."""
        low = self.pieces[piece].bounds.low
        return short_number(low, self.variable)

    @property
    def end_words(self) -> tuple[str, str]:
        """The ends of the axis."""
        first, last = self.pieces[0].bounds.low, self.pieces[-1].bounds.high
        return short_number(first, self.variable), short_number(last, self.variable)


def short_number(value: Number | None, variable: Variable) -> str:
    """A number without its unit, which the axis names once; with 万 and 亿 where money is counted."""
    if value is None:
        return ""
    unit = variable.indicator.unit or "1"
    return words(value, unit).removesuffix(UNITS[unit][0])
