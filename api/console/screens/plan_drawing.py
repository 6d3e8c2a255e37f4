"""A small flat machine as a picture: states in a row in their order, forward arrows above, backward ones below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.console.markup import Markup, tag
from engine.lifecycle.machine import LIFT, LOWER, RAISE, Picture, Step

BOX, HIGH = 132, 44
NEAR, FAR = 64, 170
"""Between two states: of levels, whose arrows bear no words, and of phases."""
RISE, BASE, TEXT = 22, 26, 13
"""Height of an arc for each state that it passes over, and of the lowest."""
LONG = 7
"""Characters above which a state is written smaller."""
LINES = {RAISE: "raise", LOWER: "lower", LIFT: "lift", "phase": "phase"}
LEGEND = {RAISE: "升级", LOWER: "降级", LIFT: "解除"}


def drawing(picture: Picture, *, lit: bool, marks: Mapping[str, str]) -> Markup:
    """The machine as SVG. `lit`: the state now is filled. `marks`: CSS class of a level."""
    names = list(picture.states)
    steps = _drawn(picture, names)
    gap = FAR if picture.scale is None else NEAR
    forward = [one for one in steps if names.index(one.source) < names.index(one.target)]
    backward = [one for one in steps if one not in forward]
    up, down = (_room(names, steps, picture.scale is None) for steps in (forward, backward))
    wide = len(names) * BOX + (len(names) - 1) * gap + 2
    places = {name: 1 + n * (BOX + gap) for n, name in enumerate(names)}
    arcs = [_arc(one, names, places, up, above=True, worded=picture.scale is None) for one in forward]
    arcs += [_arc(one, names, places, up + HIGH, above=False, worded=picture.scale is None) for one in backward]
    boxes = [
        _box(picture, name, places[name], up, marks.get(name, "") if lit and name == picture.now else "", lit=lit)
        for name in names
    ]
    return tag(
        "div",
        tag(
            "svg",
            _heads(),
            *arcs,
            *boxes,
            viewBox=f"0 0 {wide} {up + HIGH + down}",
            width=str(wide),
            height=str(up + HIGH + down),
            role="img",
            aria_label=_told(picture),
        ),
        _legend(picture) if picture.scale is not None else None,
        class_="drawing",
        tabindex="0",
    )


def _drawn(picture: Picture, names: Sequence[str]) -> list[Step]:
    """The arrows worth drawing: from level to next level, and those to none; that steps may be skipped is said in words."""
    if picture.scale is None:
        return list(picture.steps)
    return [one for one in picture.steps if one.kind == LIFT or abs(names.index(one.source) - names.index(one.target)) == 1]


def _told(picture: Picture) -> str:
    steps = "；".join(f"{picture.states[one.source]}{one.label}到{picture.states[one.target]}" for one in picture.steps)
    return f"{picture.title}：{steps}"


def _room(names: Sequence[str], steps: Sequence[Step], worded: bool) -> int:
    """How high the arcs over these steps reach."""
    spans = [abs(names.index(one.target) - names.index(one.source)) for one in steps]
    if not spans:
        return 6
    return BASE + RISE * max(spans) + (TEXT if worded else 0)


def _heads() -> Markup:
    marks = (
        tag(
            "marker", tag("path", d="M0 0 8 4 0 8z"), id=f"head-{kind}", class_=f"head {kind}", viewBox="0 0 8 8", refX="7", refY="4",
            markerWidth="8", markerHeight="8", orient="auto-start-reverse",
        )
        for kind in LINES.values()
    )  # fmt: skip
    return tag("defs", *marks)


def _arc(step: Step, names: Sequence[str], places: Mapping[str, int], edge: int, *, above: bool, worded: bool) -> Markup:
    """An arrow from edge to edge of two boxes; the further apart, the higher. Ends stand apart by their distance."""
    first, last = names.index(step.source), names.index(step.target)
    passed = abs(last - first)
    lean = min(12 * passed, BOX // 2 - 8) * (1 if last > first else -1)
    begin, end = places[step.source] + BOX // 2 + lean, places[step.target] + BOX // 2 - lean
    height = (BASE // 2 + RISE * passed) * (-1 if above else 1)
    corner = 10 if end > begin else -10
    path = (
        f"M{begin} {edge}V{edge + height - (-10 if above else 10)}q0 {-10 if above else 10} {corner} {-10 if above else 10}"
        f"H{end - corner}q{corner} 0 {corner} {10 if above else -10}V{edge}"
    )
    kind = LINES[step.kind]
    line = tag("path", d=path, class_=f"arc {kind}", marker_end=f"url(#head-{kind})")
    if not worded:
        return line
    words = step.label if step.clause is None else f"{step.label}  {step.clause}"
    at = edge + height + (-5 if above else TEXT + 2)
    return tag("g", line, tag("text", words, x=str((begin + end) // 2), y=str(at), class_="arc-words"))


def _box(picture: Picture, name: str, x: int, y: int, colour: str, *, lit: bool) -> Markup:
    now = " now" if lit and name == picture.now else ""
    start = "" if lit or name != picture.now else " start"
    words = picture.states[name]
    return tag(
        "g",
        tag("rect", x=str(x), y=str(y), width=str(BOX), height=str(HIGH), rx="4"),
        tag("text", words, x=str(x + BOX // 2), y=str(y + HIGH // 2 + 5), class_="long" if len(words) > LONG else None),
        class_=f"state{now}{start} {colour}".strip(),
    )


def _legend(picture: Picture) -> Markup:
    names = list(picture.states)
    kinds = {one.kind for one in picture.steps}
    far = {one.kind for one in picture.steps if abs(names.index(one.source) - names.index(one.target)) > 1} - {LIFT}
    found = (
        tag("span", tag("span", class_=f"sample {kind}", aria_hidden="true"), word, "（可以越级）" if kind in far else None)
        for kind, word in LEGEND.items()
        if kind in kinds
    )
    return tag("div", *found, class_="legend aside")
