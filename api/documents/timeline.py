"""An exercise over time as a drawing: injects, levels in force, proposals and deadlines; told apart by shape and text, not by colour alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.documents.level_mark import MARKS
from api.documents.markup import Markup, tag
from engine.contract.drill import after_word

Json = Mapping[str, Any]
LEFT, WIDTH, RIGHT = 200, 900, 14
ROW, TOP = 20, 30
MOST_BARS = 36
"""So many deadlines are drawn; those not kept first. The others are in the table."""
STEPS = tuple(timedelta(minutes=one) for one in (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080))
FILLS = {
    "blue": ("#2D43B2", "#FFFFFF"),
    "yellow": ("#FFF700", "#000000"),
    "orange": ("#F27E24", "#000000"),
    "red": ("#9E0000", "#FFFFFF"),
}
SIGNS = {
    "met": "● 按时",
    "late": "◐ 逾期",
    "missed": "✕ 未完成",
    "running": "○ 未到期",
    "waiting": "… 未起算",
    "not_applicable": "— 不适用",
}
WORST = ("missed", "late", "met", "running", "waiting", "not_applicable")
LABEL = 17
PATTERNS = Markup(
    '<defs><pattern id="late" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="5" height="5" fill="#fff"/><rect width="2.4" height="5" fill="#333"/></pattern></defs>'
)
STYLE = """
.timeline text{font-size:11px;fill:#111}.timeline .label{font-size:11.5px}.timeline .grid{stroke:#bbb;stroke-width:.6}
.timeline .bar{stroke:#111;stroke-width:.9}.timeline .met{fill:#333}.timeline .late{fill:url(#late)}.timeline .missed{fill:#fff}
.timeline .running,.timeline .waiting,.timeline .not_applicable{fill:#fff;stroke-dasharray:3 2}
.timeline .due{stroke:#111;stroke-width:2.2}.timeline .head{font-weight:700}
.timeline .sign{paint-order:stroke;stroke:#fff;stroke-width:3px}
"""


@dataclass(frozen=True, slots=True)
class Axis:
    """From `begins` to `ends` over the drawing's width."""

    begins: datetime
    ends: datetime

    def x(self, moment: datetime) -> float:
        share = (moment - self.begins) / max(self.ends - self.begins, timedelta(seconds=1))
        return LEFT + (WIDTH - LEFT - RIGHT) * min(max(share, 0.0), 1.0)

    @property
    def step(self) -> timedelta:
        """The least round distance of marks that leaves at most twelve."""
        return next((one for one in STEPS if (self.ends - self.begins) / one <= 12), STEPS[-1])


Part = Callable[[float], Markup]
"""Something in a row, drawn at the row's height."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the drawing: its name and what stands in it; a heading has nothing."""

    name: str
    parts: tuple[Part, ...] = ()


def timeline(report: Json) -> Markup:
    """The whole exercise; `report` as `engine.contract.drill.report_data` makes it."""
    evaluation = report["evaluation"]
    axis = Axis(datetime.fromisoformat(evaluation["begins"]), datetime.fromisoformat(evaluation["at"]))
    expected = evaluation["expected"]
    decisions = [one for one in expected if one["kind"] == "decision"]
    duties = [one for one in expected if one["kind"] == "duty"]
    given = [one for one in evaluation["injects"] if one["given_at"]]
    return drawing(
        axis,
        [
            *_headed("注入", [Line("▼ 注入编号", tuple(_inject(axis, one) for one in row)) for row in _apart(axis, given)]),
            *_headed("在行级别", [lane(axis, one) for one in report["lanes"] if one["reached"]]),
            *_headed("建议与签发", [bar(axis, one) for one in first(decisions)]),
            *_headed("任务时限", [bar(axis, one) for one in first(duties)]),
        ],
        "推演时间线：注入、在行级别、签发和任务时限",
    )


def _apart(axis: Axis, given: Sequence[Json]) -> list[list[Json]]:
    """The injects in as many rows as keep their numbers apart."""
    rows: list[list[Json]] = []
    ends: list[float] = []
    for one in sorted(given, key=lambda one: str(one["given_at"])):
        x = axis.x(datetime.fromisoformat(one["given_at"]))
        half = 7 + 4 * len(one["id"])
        place = next((n for n, end in enumerate(ends) if x - half > end), len(rows))
        if place == len(rows):
            rows.append([])
            ends.append(0.0)
        rows[place].append(one)
        ends[place] = x + half
    return rows


def _headed(name: str, lines: Sequence[Line]) -> list[Line]:
    return [Line(name), *lines] if lines else []


def first(expected: Sequence[Json]) -> list[Json]:
    """At most so many, those not kept before the others; in the order of time."""
    running = [one for one in expected if _has_bar(one)]
    chosen = sorted(running, key=lambda one: WORST.index(one["outcome"]))[:MOST_BARS]
    return sorted(chosen, key=lambda one: (one["begins"], one["due_at"] or ""))


def drawing(axis: Axis, lines: Sequence[Line], label: str) -> Markup:
    """The rows under an axis of T+ times."""
    height = TOP + ROW * len(lines) + 8
    shown = list(_grid(axis, height))
    for n, line in enumerate(lines):
        y = TOP + ROW * n
        kind = "label" if line.parts else "label head"
        shown.append(tag("text", _cut(line.name), tag("title", line.name), x="4", y=f"{y + 14}", class_=kind))
        shown += [part(y) for part in line.parts]
    return tag("svg", PATTERNS, *shown, class_="timeline", viewBox=f"0 0 {WIDTH} {height}", role="img", aria_label=label)


def _grid(axis: Axis, height: float) -> Iterator[Markup]:
    at, step = axis.begins, axis.step
    while at <= axis.ends:
        x = axis.x(at)
        yield tag("line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=f"{TOP - 6}", y2=f"{height - 4}", class_="grid")
        end = "end" if x > WIDTH - 40 else "middle"
        yield tag("text", after_word(at - axis.begins), x=f"{x:.1f}", y="14", text_anchor=end)
        at += step


def _cut(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"


def _inject(axis: Axis, one: Json) -> Part:
    x = axis.x(datetime.fromisoformat(one["given_at"]))

    def drawn(y: float) -> Markup:
        said = tag("title", f"{one['given_after']} {one['from']}：{one['text']}")
        return tag("text", said, f"▼{one['id']}", x=f"{x:.1f}", y=f"{y + 14}", text_anchor="start" if x < LEFT + 9 else "middle")

    return drawn


def lane(axis: Axis, one: Json, name: str | None = None) -> Line:
    """A scale's level over time: a bar for each stretch in force, with its name in it."""
    parts = [_stretch(axis, stretch) for stretch in one["stretches"] if stretch["level"] is not None]
    return Line(one["label"] if name is None else name, tuple(parts) or (_nothing,))


def _nothing(y: float) -> Markup:
    return tag("text", "未达级别", x=f"{LEFT + 4}", y=f"{y + 14}")


def _stretch(axis: Axis, one: Json) -> Part:
    left, right = axis.x(datetime.fromisoformat(one["begins"])), axis.x(datetime.fromisoformat(one["ends"]))
    mark = MARKS.get(one["level"])
    fill, ink = ("#ddd", "#000") if mark is None else FILLS[mark.colour]
    name = one["level_name"] if mark is None else f"{mark.shape} {one['level_name']}"

    def drawn(y: float) -> Markup:
        shown = name if right - left > 12 * len(name) else ("" if mark is None or right - left < 14 else mark.shape)
        width = f"{max(right - left, 2):.1f}"
        box = tag("rect", x=f"{left:.1f}", y=f"{y + 2}", width=width, height=f"{ROW - 4}", fill=fill, class_="bar")
        text = tag("text", shown, x=f"{left + 4:.1f}", y=f"{y + 14}", style=f"fill:{ink}")
        return tag("g", tag("title", f"{one['level_name']} {one['begins'][5:16]} 至 {one['ends'][5:16]}"), box, text)

    return drawn


def bar(axis: Axis, one: Json) -> Line:
    """From when an action could be done to when it was, with its limit as a line and its outcome as a sign at the end."""
    begins = axis.x(datetime.fromisoformat(one["begins"]))
    due = None if one["due_at"] is None else axis.x(datetime.fromisoformat(one["due_at"]))
    done = None if one["done_at"] is None else axis.x(datetime.fromisoformat(one["done_at"]))
    far = done if done is not None else due if due is not None else axis.x(axis.ends)
    sign = SIGNS[one["outcome"]]
    times = f"第{one['number']}次 " if one["number"] > 1 else ""
    unit = "" if one["kind"] == "decision" else f"{one['unit']}："

    def drawn(y: float) -> Markup:
        width = f"{max(far - begins, 2):.1f}"
        parts = [tag("rect", x=f"{begins:.1f}", y=f"{y + 5}", width=width, height=f"{ROW - 10}", class_=f"bar {one['outcome']}")]
        if due is not None:
            parts.append(tag("line", x1=f"{due:.1f}", x2=f"{due:.1f}", y1=f"{y + 2}", y2=f"{y + ROW - 2}", class_="due"))
        end = max(far, due or 0.0)
        inside = end > WIDTH - 70
        x, anchor = (
            (begins - 4, "end")
            if inside and begins > LEFT + 80
            else (end - 4 if inside else end + 5, "end" if inside else "start")
        )
        text = tag("text", sign, x=f"{x:.1f}", y=f"{y + 14}", text_anchor=anchor, class_="sign")
        return tag("g", tag("title", f"{unit}{one['what']} {one['outcome_name']}"), *parts, text)

    return Line(f"{times}{unit}{one['what']}", (drawn,))


def legend(report: Json) -> Markup:
    """What the signs and fills mean, and how much is not drawn."""
    said = "；".join(SIGNS.values())
    left = sum(max(0, len(_shown(report, kind)) - MOST_BARS) for kind in ("decision", "duty"))
    more = f"另有{left}次没有画出，见下表。" if left else ""
    return tag("figcaption", f"横轴为推演时间。条从可以办起，到办成为止；粗竖线是时限。{said}。{more}")


def _shown(report: Json, kind: str) -> list[Json]:
    return [one for one in report["evaluation"]["expected"] if one["kind"] == kind and _has_bar(one)]


def _has_bar(one: Json) -> bool:
    return bool(one["due_at"] or one["done_at"] or one["kind"] == "decision")
