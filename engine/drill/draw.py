"""Uncertain amounts, drawn by key: the same seed and key give the same value, whatever else is drawn before or beside.

Two variants of a scenario therefore meet the same chances where they are the same (common random numbers), and a run
depends on no order.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

Kind = Literal["fixed", "uniform", "triangular", "lognormal", "choice"]
NORMAL = NormalDist()
P95 = NORMAL.inv_cdf(0.95)
TWO_TO_64 = float(2**64)


@dataclass(frozen=True, slots=True)
class Draw:
    """An amount, given or drawn.

    fixed: (value); uniform: (low, high); triangular: (low, most likely, high); lognormal: (median, 95 % quantile);
    choice: the values, each as likely as the others. Durations are in seconds. whole: of things that are counted; the nearest
    whole number.
    """

    kind: Kind
    values: tuple[Any, ...]
    whole: bool = False

    @property
    def sure(self) -> bool:
        """Whether it is always the same."""
        return self.kind == "fixed" or len(set(self.values)) == 1

    @property
    def middle(self) -> Any:
        """The median: what a run without chance takes."""
        return self.at(0.5)

    def at(self, share: float) -> Any:
        """The value below which this share (0 to 1) of all draws lie."""
        found = self._at(share)
        return math.floor(found + 0.5) if self.whole and isinstance(found, float) else found

    def _at(self, share: float) -> Any:
        match self.kind:
            case "fixed":
                return self.values[0]
            case "uniform":
                low, high = self.values
                if self.whole:
                    return min(math.floor(low + (high - low + 1) * share), high)
                return low + (high - low) * share
            case "triangular":
                low, mode, high = self.values
                if high == low:
                    return low
                turn = (mode - low) / (high - low)
                if share < turn:
                    return low + math.sqrt(share * (high - low) * (mode - low))
                return high - math.sqrt((1 - share) * (high - low) * (high - mode))
            case "lognormal":
                median, upper = self.values
                spread = math.log(upper / median) / P95
                return median * math.exp(spread * NORMAL.inv_cdf(min(max(share, 1e-12), 1 - 1e-12)))
            case "choice":
                return self.values[min(int(share * len(self.values)), len(self.values) - 1)]

    def drawn(self, seed: int | None, *key: object) -> Any:
        """The value under a seed and a key; without a seed the median."""
        if self.kind == "fixed":
            return self.values[0]
        return self.middle if seed is None else self.at(chance(seed, *key))


def chance(seed: int, *key: object) -> float:
    """A number in (0, 1) that seed and key alone decide."""
    text = "\x1f".join(str(part) for part in (seed, *key))
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
    return (number + 0.5) / TWO_TO_64


def fixed(value: Any) -> Draw:
    return Draw("fixed", (value,))
