"""The counts of a sweep as a table for spreadsheets. Every row bears 推演."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from engine.contract.sweep import Swept
from engine.drill.scenario import MARK
from engine.drill.sweeps.sweep import Tally
from engine.plan.model import Scale
from engine.plan.words import level_word

HEADS = ("标记", "一边", "等级", "确立的级别", "还可能的级别", "条款", "另一边的级别", "例数", "占比")
ONE, TWO, BOTH = "甲", "乙", "甲与乙"


def sweep_csv(swept: Swept) -> str:
    """CSV with a mark for spreadsheets that it is UTF-8: cases by level, possible levels and clauses; then both sides by pairs of levels."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows((MARK, *row) for row in _rows(swept))
    return "\ufeff" + out.getvalue()


def _rows(swept: Swept) -> Iterator[tuple[str, ...]]:
    for scale in swept.sweep.scales:
        yield from _counts(ONE, swept.plan.scales[scale], swept.tally)
    contrast, against = swept.contrast, swept.order.against
    if contrast is None or against is None:
        return
    for scale in against.scales:
        yield from _counts(TWO, against.plan.scales[scale], contrast.two)
    for scale, pairs in ((key, contrast.table(key)) for key in contrast.pairs):
        one, two = swept.plan.scales[scale], against.plan.scales[scale]
        for (here, there), count in pairs.items():
            words = (level_word(one, one.level_at(here)), "", "", level_word(two, two.level_at(there)))
            yield (BOTH, one.short, *words, str(count), f"{count / contrast.cases:.6f}")


def _counts(side: str, scale: Scale, tally: Tally) -> Iterator[tuple[str, ...]]:
    for (ranks, clauses), count in sorted(tally.found[scale.id].items()):
        names = [level_word(scale, scale.level_at(rank)) for rank in ranks]
        yield (
            side,
            scale.short,
            names[0],
            "、".join(names[1:]),
            "、".join(clauses),
            "",
            str(count),
            f"{count / tally.cases:.6f}",
        )
