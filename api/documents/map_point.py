"""The current point of a level map, and how far it is from there, straight on, to where something changes."""

from __future__ import annotations

from api.documents.map_lines import way_end
from api.documents.map_plot import LEFT, Plot, px, wide
from api.documents.markup import Markup, join, tag
from engine.plan.measure import digits

SMALL = 400
"""Width of a drawing that has room for the point alone, without words."""


def point(plot: Plot) -> Markup | None:
    """The current point, and how far it is to where something changes, straight on in each direction."""
    drawn, here = plot.drawn, plot.point
    if here is None or drawn.point is None:
        return None
    x, y = here
    worded = plot.width >= SMALL
    return tag(
        "g",
        _ways(plot, x, y, worded=worded),
        tag("circle", cx=px(x), cy=px(y), r="9", class_="point"),
        tag("circle", cx=px(x), cy=px(y), r="3.5", class_="point-core"),
        _now(plot, x, y, f"现在 {drawn.first.word(drawn.point[0])}，{drawn.second.word(drawn.point[1])}") if worded else None,
    )


def _ways(plot: Plot, x: float, y: float, *, worded: bool) -> Markup:
    """A line to each border that is met first, with how much it takes to get there."""
    drawn = plot.drawn
    parts: list[Markup] = []
    for along, rising, piece, _ in drawn.ways():
        pieces, axis, variable, place = (
            (drawn.columns, plot.x, drawn.first, 0) if along else (drawn.rows, plot.y, drawn.second, 1)
        )
        number = pieces.index(piece)
        edge = axis.ends[number] if rising else axis.ends[number + 1]
        end = (LEFT + edge, y) if along else (x, plot.floor - edge)
        parts.append(tag("path", d=f"M{px(x)} {px(y)}L{px(end[0])} {px(end[1])}", class_="way"))
        goal, beyond = way_end(variable, piece, rising=rising)
        value = None if drawn.point is None else drawn.point[place]
        if not worded or goal is None or isinstance(value, bool | str) or value is None:
            continue
        gap = round(abs(goal - value), 6)
        words = f"{'+' if rising else '−'}{digits(gap)}{' 以上' if beyond else ''}"
        across = wide(words, 12)
        room = abs(end[0] - x) - 14 if along else abs(end[1] - y) - 20
        if room < (across if along else 14):
            continue
        beside = x + 7 if x + 7 + across < plot.right else x - 7 - across
        at = ((x + end[0] - across) / 2 + (6 if rising else -6), y - 6) if along else (beside, (y + end[1]) / 2)
        parts.append(tag("text", words, x=px(at[0]), y=px(at[1]), class_="distance"))
    return join(parts)


def _now(plot: Plot, x: float, y: float, words: str) -> Markup:
    """Where it is, in words, beside the point."""
    across = wide(words, 12.5) + 14
    left = min(max(x - across - 12, LEFT + 2), plot.right - across - 2)
    top = y + 12 if y + 36 < plot.floor else y - 34
    return join(
        (
            tag("rect", x=px(left), y=px(top), width=px(across), height="22", rx="3", class_="now-plate"),
            tag("text", words, x=px(left + 7), y=px(top + 15.5), class_="now-words"),
        )
    )
