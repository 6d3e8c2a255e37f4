"""The lines of a level map in words: where, by which clauses, and who signs on their two sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.contract.sweep_map import ranks_word, threshold_word
from engine.drill.sweeps.level_map import Border, LevelMap
from engine.drill.sweeps.stretch import Stretch
from engine.drill.sweeps.sweep_change import signer_of
from engine.drill.sweeps.variable import Variable
from engine.plan.measure import Number
from engine.plan.model import Scale
from engine.plan.words import difference_word

MOST_NUMBERED = 20
NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class Line:
    """A threshold in words: where, by which clauses, and what signing changes there."""

    number: str
    where: str
    clauses: tuple[str, ...]
    signing: tuple[str, ...]


def lines(drawn: LevelMap) -> Iterator[Line]:
    """Every threshold line in words: those of the first indicator, then those of the second."""
    number = 0
    for variable, pieces, borders in (
        (drawn.first, drawn.columns, drawn.across_first),
        (drawn.second, drawn.rows, drawn.across_second),
    ):
        for one in borders:
            mark = NUMBERS[number] if number < len(NUMBERS) else ""
            number += 1
            yield Line(
                mark,
                f"{variable.label} {threshold_word(variable, pieces[one.place])}",
                one.clauses,
                tuple(_signing(drawn, one, across_first=variable is drawn.first)),
            )


def _signing(drawn: LevelMap, one: Border, *, across_first: bool) -> Iterator[str]:
    """Who signs below the line and beyond it, each pair once."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], None] = {}
    for low, high in one.signing:
        for other in range(low, high + 1):
            before = drawn.cell(one.place - 1, other) if across_first else drawn.cell(other, one.place - 1)
            after = drawn.cell(one.place, other) if across_first else drawn.cell(other, one.place)
            posts = [signer_of(drawn.plan, drawn.scale, ranks[0]) for ranks, _ in (before, after)]
            found[posts[0], posts[1]] = None
    for before_posts, after_posts in found:
        yield f"签发人 {_posts(before_posts)} → {_posts(after_posts)}"


def _posts(posts: tuple[str, ...]) -> str:
    return "或".join(posts) or "（未达级别，不须签发）"


def told(drawn: LevelMap) -> str:
    """The map in a sentence."""
    scale = drawn.plan.scales[drawn.scale]
    parts = [f"{scale.short}级别图：横轴{drawn.first.label}，纵轴{drawn.second.label}"]
    parts += [f"{one.where}起变（{'、'.join(one.clauses)}）" for one in list(lines(drawn))[:MOST_NUMBERED]]
    if drawn.at_point is not None:
        parts.append(f"当前点{ranks_word(scale, drawn.cell(*drawn.at_point)[0])}")
    return "；".join(parts)


def map_title(scale: Scale) -> str:
    """“预警级别图”, “事故分级图”."""
    return f"{scale.short}图" if scale.short.endswith(("级别", "等级", "分级")) else f"{scale.short}级别图"


def ways_words(drawn: LevelMap) -> Iterator[str]:
    """How far it is from the current point, straight on in each direction, to where something changes, and to what."""
    if drawn.point is None:
        return
    scale = drawn.plan.scales[drawn.scale]
    for along, rising, piece, found in drawn.ways():
        variable, value = (drawn.first, drawn.point[0]) if along else (drawn.second, drawn.point[1])
        end, is_open = way_end(variable, piece, rising=rising)
        then = f"{ranks_word(scale, found[0])}，{'或'.join(signer_of(drawn.plan, drawn.scale, found[0][0])) or '不须'}签发"
        if isinstance(value, bool | str) or end is None:
            yield f"{variable.label}变为“{piece.words(variable)}”：{then}"
        else:
            gap = difference_word(variable.indicator, value, end, beyond=is_open)
            yield f"{variable.label}{gap}（{piece.words(variable)}）：{then}"


def way_end(variable: Variable, piece: Stretch, *, rising: bool) -> tuple[Number | None, bool]:
    """The first number of a piece, coming from below (or above), and whether it takes more than to get there."""
    end, is_open = (piece.bounds.low, piece.bounds.low_open) if rising else (piece.bounds.high, piece.bounds.high_open)
    if end is not None and is_open and variable.whole:
        return end + (1 if rising else -1), False
    return end, is_open
