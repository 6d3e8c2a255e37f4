"""What formulas can come to over sets of cells, as decision diagrams: one key at a time, equal remainders met once. Exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.plan.finding import YuanError
from engine.trigger.formula import Cells, CountIs, Formula, Or, Residual, holds, restrict

MOST_NODES = 20_000
Stages = tuple[tuple[int, Residual], ...]
"""For each rank, highest first, the formula under which it is reached."""


class TooComplex(YuanError):
    """Conditions that tie together more than can be worked out exactly; `yuan check` finds such plans."""

    code = "too-complex"


def stages_of(rules: Sequence[tuple[int, Formula]]) -> Stages:
    """Rules of (rank, formula) as one formula a rank, highest first."""
    by_rank: dict[int, dict[Formula, None]] = {}
    for rank, formula in rules:
        by_rank.setdefault(rank, {})[formula] = None
    return tuple(
        (rank, found[0] if len(found := tuple(by_rank[rank])) == 1 else Or(found)) for rank in sorted(by_rank, reverse=True)
    )


def rank_of(stages: Stages, cells: Cells, counts: Mapping[CountIs, bool] | None = None) -> int:
    """The highest rank whose formula holds with every cell chosen; 0 if none does."""
    return next(
        (rank for rank, formula in stages if formula is True or (formula is not False and holds(formula, cells, counts))), 0
    )


def possible_ranks(fields: Sequence[Stages], order: Sequence[str], masks: Mapping[str, int]) -> tuple[int, ...]:
    """For each field the ranks that it can come to, as a mask. Each field by itself: no two fields are asked about together."""
    return tuple(_ranks(stages, order, masks) for stages in fields)


def _ranks(stages: Stages, order: Sequence[str], masks: Mapping[str, int]) -> int:
    memo: dict[tuple[int, Stages], int] = {}

    def fold(at: int, left: Stages) -> int:
        if not left:
            return 1
        if left[0][1] is True:
            return 1 << left[0][0]
        found = memo.get((at, left))
        if found is None:
            _check(len(memo), order)
            key = order[at]
            found = 0
            for part in dict.fromkeys(
                _settled((rank, restrict(formula, key, cell)) for rank, formula in left) for cell in _bits(masks[key])
            ):
                found |= fold(at + 1, part)
            memo[(at, left)] = found
        return found

    return fold(0, _settled(stages))


def _settled(stages: object) -> Stages:
    """Without ranks that can no longer be reached, and without those below one that is."""
    found: list[tuple[int, Residual]] = []
    for rank, formula in stages:  # type: ignore[attr-defined]
        if formula is False:
            continue
        found.append((rank, formula))
        if formula is True:
            break
    return tuple(found)


def always_ever(formula: Residual, order: Sequence[str], masks: Mapping[str, int]) -> tuple[bool, bool]:
    """Whether a formula holds in all completions, and whether in any."""
    memo: dict[tuple[int, Formula], tuple[bool, bool]] = {}

    def fold(at: int, left: Residual) -> tuple[bool, bool]:
        if isinstance(left, bool):
            return left, left
        found = memo.get((at, left))
        if found is None:
            _check(len(memo), order)
            key = order[at]
            always, ever = True, False
            for part in dict.fromkeys(restrict(left, key, cell) for cell in _bits(masks[key])):
                one = fold(at + 1, part)
                always, ever = always and one[0], ever or one[1]
                if ever and not always:
                    break
            found = memo[(at, left)] = always, ever
        return found

    return fold(0, formula)


def _bits(mask: int) -> list[int]:
    return [n for n in range(mask.bit_length()) if mask >> n & 1]


def _check(nodes: int, order: Sequence[str]) -> None:
    if nodes > MOST_NODES:
        raise TooComplex(f"条件牵连的指标太多：{'、'.join(order)}", where="scales", remedy="拆开条件，少把不同指标放进同一个条件")
