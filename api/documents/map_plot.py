"""Where everything of a level map stands: its frame, and cells to pixels."""

from __future__ import annotations

from api.documents.map_axis import MapAxis
from api.documents.map_lines import NUMBERS
from engine.drill.sweeps.level_map import LevelMap

LEFT, RIGHT, TOP, BOTTOM = 84, 34, 30, 58
Size = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Plot:
    """Where everything stands."""

    def __init__(self, drawn: LevelMap, size: Size) -> None:
        self.drawn = drawn
        self.width, self.height = size
        self.x = MapAxis(drawn.first, drawn.columns, self.width - LEFT - RIGHT)
        self.y = MapAxis(drawn.second, drawn.rows, self.height - TOP - BOTTOM)

    @property
    def right(self) -> float:
        return self.width - RIGHT

    @property
    def floor(self) -> float:
        return self.height - BOTTOM

    def left(self, column: int) -> float:
        return LEFT + self.x.ends[column]

    def bottom(self, row: int) -> float:
        return self.floor - self.y.ends[row]

    def box(self, low: int, high: int, under: int, over: int) -> Box:
        return self.left(low), self.bottom(over + 1), self.left(high + 1), self.bottom(under)

    @property
    def point(self) -> tuple[float, float] | None:
        """The current point; None where it lies outside."""
        drawn = self.drawn
        if drawn.at_point is None or drawn.point is None:
            return None
        column, row = drawn.at_point
        return LEFT + self.x.at(drawn.point[0], column), self.floor - self.y.at(drawn.point[1], row)


def wide(words: str, size: float) -> float:
    """About how many pixels a text takes."""
    return sum(size if ord(sign) > 0x2E80 or sign in NUMBERS else size * 0.58 for sign in words)


def px(value: float) -> str:
    """A number of pixels as it is written."""
    return f"{value:.1f}".removesuffix(".0")
