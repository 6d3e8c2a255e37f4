"""A level map as a drawing of our own: regions with words and patterns, threshold lines with numbers, the point, where the signer changes.

Legible in black and white: a level is a word, a shape and a pattern besides its colour.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.documents.level_mark import MARKS, marked_words, short_name
from api.documents.map_axis import MapAxis
from api.documents.map_lines import MOST_NUMBERED, NUMBERS, Line, lines, told, ways_words
from api.documents.map_plot import BOTTOM, LEFT, TOP, Box, Plot, Size, px, wide
from api.documents.map_point import point
from api.documents.markup import Markup, join, tag
from engine.drill.sweeps.level_map import Border, LevelMap, regions
from engine.drill.sweeps.variable import Variable
from engine.plan.measure import UNITS
from engine.plan.model import Scale

PAGE: tuple[float, float] = (680, 450)
"""Width and height of a drawing that stands alone, in pixels of its text."""
LABEL_HIGH = 22.0
CLEAR = 44.0
"""Room for the point and its words that a label keeps."""
LARGE = 0.10
"""Share of the drawing from which on a region is labelled even where another like it is."""
Ranks = tuple[int, ...]


def drawing(drawn: LevelMap, key: str, size: Size = PAGE) -> Markup:
    """The map as SVG. key: sets the names inside it apart from those of other drawings of the page."""
    plot = Plot(drawn, size)
    return tag(
        "svg",
        _patterns(key),
        _regions(plot, key),
        _borders(plot),
        _axes(plot),
        _labels(plot),
        point(plot),
        viewBox=f"0 0 {px(plot.width)} {px(plot.height)}",
        role="img",
        aria_label=told(drawn),
        class_="level-map",
    )


def figure(drawn: LevelMap, key: str, size: Size = PAGE) -> Markup:
    """The drawing with its lines in words."""
    plot = Plot(drawn, size)
    bent = [one.variable.label for one in (plot.x, plot.y) if not one.to_scale]
    signing = any(one.signing for one in (*drawn.across_first, *drawn.across_second))
    notes = ["双线：签发人改变"] if signing else []
    notes += [f"{'、'.join(bent)}的轴不按比例，窄段放宽"] if bent else []
    listed = tuple(lines(drawn))
    if len(listed) > MOST_NUMBERED:
        notes.append(f"另有 {len(listed) - MOST_NUMBERED} 条界线没有编号")
    rows = [
        tag(
            "li",
            tag("b", f"{one.number} {one.where}"),
            f"　{'、'.join(one.clauses)}" if one.clauses else None,
            *_signing_words(one),
        )
        for one in listed[:MOST_NUMBERED]
    ]
    return tag(
        "figure",
        drawing(drawn, key, size),
        tag("figcaption", "；".join(notes)) if notes else None,
        tag("ul", *(tag("li", words) for words in ways_words(drawn)), class_="thresholds") if drawn.at_point else None,
        tag("ol", *rows, class_="thresholds") if rows else tag("p", "在这个范围内级别不变", class_="nothing"),
        class_="map",
    )


def _signing_words(one: Line) -> list[Markup]:
    return [tag("span", f"　{words}", class_="signing") for words in one.signing]


def _patterns(key: str) -> Markup:
    """For each level a pattern of its own, and stripes for what is still possible: white ones on a level, grey ones where none is reached."""
    ink = {"class_": "ink"}
    shapes = {
        "blue": (14, tag("circle", cx="7", cy="7", r="1.1", **ink)),
        "yellow": (9, tag("circle", cx="4.5", cy="4.5", r="1.3", **ink)),
        "orange": (7, tag("path", d="M3.5 0V7", class_="rule")),
        "red": (7, tag("path", d="M0 3.5H7M3.5 0V7", class_="rule")),
        "open": (10, tag("path", d="M-2 2L2 -2M0 10L10 0M8 12L12 8", class_="open")),
        "possible": (14, tag("path", d="M-2 2L2 -2M0 14L14 0M12 16L16 12", class_="stripe")),
    }
    return tag(
        "defs",
        *(
            tag("pattern", shape, id=f"{name}-{key}", width=str(size), height=str(size), patternUnits="userSpaceOnUse")
            for name, (size, shape) in shapes.items()
        ),
    )


def _colour(scale: Scale, rank: int) -> str:
    level = scale.level_at(rank)
    mark = None if level is None else MARKS.get(level)
    return "none" if level is None else "plain" if mark is None else mark.colour


def _regions(plot: Plot, key: str) -> Markup:
    drawn = plot.drawn
    scale = drawn.plan.scales[drawn.scale]
    parts: list[Markup] = []
    for low, high, under, over in regions(drawn):
        ranks = drawn.cell(low, under)[0]
        left, top, right, bottom = plot.box(low, high, under, over)
        place = {"x": px(left), "y": px(top), "width": px(right - left), "height": px(bottom - top)}
        colour = _colour(scale, ranks[0])
        parts.append(tag("rect", **place, class_=f"region {colour}"))
        if colour not in ("none", "plain"):
            parts.append(tag("rect", **place, fill=f"url(#{colour}-{key})"))
        if len(ranks) > 1:
            stripes = "open" if colour in ("none", "plain") else "possible"
            parts.append(tag("rect", **place, fill=f"url(#{stripes}-{key})"))
    return join(parts)


def _borders(plot: Plot) -> Markup:
    """The lines between regions; where the signer changes, a double one."""
    drawn = plot.drawn
    plain: list[str] = []
    signing: list[str] = []
    for one in drawn.across_first:
        x = px(plot.left(one.place))
        plain += [f"M{x} {px(plot.bottom(low))}V{px(plot.bottom(high + 1))}" for low, high in one.runs]
        signing += [f"M{x} {px(plot.bottom(low))}V{px(plot.bottom(high + 1))}" for low, high in one.signing]
    for one in drawn.across_second:
        y = px(plot.bottom(one.place))
        plain += [f"M{px(plot.left(low))} {y}H{px(plot.left(high + 1))}" for low, high in one.runs]
        signing += [f"M{px(plot.left(low))} {y}H{px(plot.left(high + 1))}" for low, high in one.signing]
    return join(
        (
            tag("path", d="".join(plain), class_="border") if plain else None,
            tag("path", d="".join(signing), class_="border signer") if signing else None,
            tag("path", d="".join(signing), class_="border core") if signing else None,
        )
    )


def _axes(plot: Plot) -> Markup:
    drawn = plot.drawn
    parts = [
        tag("rect", x=px(LEFT), y=px(TOP), width=px(plot.x.length), height=px(plot.y.length), class_="frame"),
        tag("text", _axis_title(drawn.first, plot.x.length), x=px((LEFT + plot.right) / 2), y=px(plot.height - 10), class_="axis-title middle"),
        tag(
            "text", _axis_title(drawn.second, plot.y.length + BOTTOM), x="0", y="0", class_="axis-title middle",
            transform=f"translate(16 {px((TOP + plot.floor) / 2)}) rotate(-90)",
        ),
    ]  # fmt: skip
    parts += _ticks(plot, plot.x, drawn.across_first, upright=False)
    parts += _ticks(plot, plot.y, drawn.across_second, upright=True)
    last = 0.0
    for n, one in enumerate(drawn.across_first[: len(NUMBERS)]):
        at = plot.left(one.place)
        if at - last >= 15:
            parts.append(tag("text", NUMBERS[n], x=px(at), y=px(TOP - 8), class_="tick middle number"))
            last = at
    last = plot.height * 2
    rest = NUMBERS[len(drawn.across_first) :]
    for number, one in zip(rest, drawn.across_second, strict=False):
        at = plot.bottom(one.place)
        if last - at >= 13:
            parts.append(tag("text", number, x=px(plot.right + 8), y=px(at + 5), class_="tick number"))
            last = at
    return join(parts)


def _ticks(plot: Plot, axis: MapAxis, borders: Sequence[Border], *, upright: bool) -> list[Markup]:
    """Thresholds in bold, the longest first, then the ends of the axis, its words in the middle of their bands; none that would touch."""
    if axis.pieces[0].value is not None:
        bands = zip(axis.ends, axis.ends[1:], axis.pieces, strict=False)
        wanted = [((low + high) / 2, one.words(axis.variable), "") for low, high, one in bands]
    else:
        first, last = axis.end_words
        long = sorted(borders, key=lambda one: -sum(high - low + 1 for low, high in one.runs))
        wanted = [(axis.ends[one.place], axis.tick(one.place), " strong") for one in long]
        wanted += [(0.0, first, ""), (axis.length, last, "")]
    found: list[Markup] = []
    taken: list[tuple[float, float]] = []
    for at, words, kind in wanted:
        half = _room(words, upright) / 2
        if any(abs(at - other) < half + room for other, room in taken):
            continue
        taken.append((at, half))
        x, y, side = (LEFT - 7, plot.floor - at + 5, "end") if upright else (LEFT + at, plot.floor + 18, "middle")
        found.append(tag("text", words, x=px(x), y=px(y), class_=f"tick {side}{kind}"))
    return found


def _room(words: str, upright: bool) -> float:
    return 15.0 if upright else wide(words, 12.5) + 6


def _axis_title(variable: Variable, room: float) -> str:
    """The name and unit; shortened where there is no room, for the lines below name it in full."""
    unit = UNITS[variable.indicator.unit or "1"][0]
    whole = f"{variable.label}（{unit}）" if unit else variable.label
    for text in (whole, variable.label):
        if wide(text, 13) <= room:
            return text
    return f"{variable.label[: int(room / 13) - 1]}…"


def _labels(plot: Plot) -> Markup:
    """What the regions are: each kind once in its largest rectangle, and in every other large one."""
    drawn = plot.drawn
    boxes: dict[Ranks, list[Box]] = {}
    for low, high, under, over in regions(drawn):
        boxes.setdefault(drawn.cell(low, under)[0], []).append(plot.box(low, high, under, over))
    whole = plot.x.length * plot.y.length
    found = []
    for ranks, listed in boxes.items():
        ordered = sorted(listed, key=_area, reverse=True)
        found += [_label(plot, ranks, box) for n, box in enumerate(ordered) if n == 0 or _area(box) > LARGE * whole]
    return join(found)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _label(plot: Plot, ranks: Ranks, box: Box) -> Markup | None:
    scale = plot.drawn.plan.scales[plot.drawn.scale]
    first = marked_words(scale, scale.level_at(ranks[0]))
    second = f"可能 {'、'.join(short_name(scale, scale.levels[rank - 1]) for rank in ranks[1:])}" if len(ranks) > 1 else ""
    rows = [one for one in (first, second) if one]
    across = max(wide(one, 13.5) for one in rows) + 14
    room_x, room_y = box[2] - box[0], box[3] - box[1]
    if across > room_x or LABEL_HIGH * len(rows) > room_y:
        level = scale.level_at(ranks[0])
        short = "—" if level is None else short_name(scale, level)
        rows, across = [short + ("…" if second else "")], wide(short, 13.5) + 14 + (8 if second else 0)
        if across > room_x or room_y < LABEL_HIGH - 4:
            return None
    high = LABEL_HIGH * len(rows)
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    here = plot.point
    if here is not None and abs(here[0] - x) < across / 2 + CLEAR and abs(here[1] - y) < high / 2 + CLEAR:
        y = box[1] + high / 2 + 5 if here[1] - box[1] > box[3] - here[1] else box[3] - high / 2 - 5
    plate = tag("rect", x=px(x - across / 2), y=px(y - high / 2), width=px(across), height=px(high), rx="3", class_="plate")
    texts = (
        tag(
            "text",
            one,
            x=px(x),
            y=px(y - high / 2 + LABEL_HIGH * (n + 0.72)),
            class_="level middle" if n == 0 else "level middle maybe",
        )
        for n, one in enumerate(rows)
    )
    return tag("g", plate, *texts)
