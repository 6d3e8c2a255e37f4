"""Names as short as they can be without losing their meaning; the full one stands in the title and in the hint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

from engine.plan.model import Scale

BRACKETS = re.compile(r"（[^（）]{4,}）")
LEAST_LEFT = 2


def short_label(label: str) -> str:
    """The label without what is explained in brackets; a word or two in brackets, such as （现状）, tells facts apart and stays."""
    return BRACKETS.sub("", label) or label


def scale_names(scales: Iterable[Scale], *, shorter: bool) -> Mapping[str, str]:
    """The names of scales side by side; if `shorter`, without the ending that all of them share."""
    names = {scale.id: short_label(scale.label) for scale in scales}
    shared = _shared_ending(list(names.values())) if shorter else 0
    if shared < LEAST_LEFT or min(map(len, names.values())) - shared < LEAST_LEFT:
        return names
    return {scale: name[:-shared] for scale, name in names.items()}


def _shared_ending(names: Sequence[str]) -> int:
    """How many last characters all names have in common."""
    return sum(1 for _ in takewhile(lambda signs: len(set(signs)) == 1, zip(*(name[::-1] for name in names), strict=False)))
