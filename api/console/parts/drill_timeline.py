"""A drill over its time: injects given and to come, what is in force in every branch, what the script would lead to, deadlines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.console.markup import Child, Markup, tag
from api.documents.level_mark import MARKS
from api.documents.timeline import STEPS, WORST
from api.people.clock import CHINA, stamp
from engine.contract.drill import after_word

Json = Mapping[str, Any]
MOST_BARS, MOST_ROWS = 12, 4
"""Deadlines that are drawn, and the rows that they may take; the others are in the table."""
MOST_TICKS = 13
SOON = "此后为推算"
CHARACTER = 1.3
"""A character's width at most, in percent of the track: what is written is kept apart."""
ENDS_WITH = {"met": "✓", "late": "✕ 逾期", "missed": "✕ 未完成", "running": "", "waiting": "", "not_applicable": ""}


@dataclass(frozen=True, slots=True)
class Axis:
    """From `begins` to `ends`, in percent of the track."""

    begins: datetime
    ends: datetime

    def at(self, moment: datetime | str) -> float:
        when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        share = (when - self.begins) / max(self.ends - self.begins, timedelta(seconds=1))
        return 100 * min(max(share, 0.0), 1.0)

    def ticks(self) -> Iterator[datetime]:
        step = next((one for one in STEPS if (self.ends - self.begins) / one < MOST_TICKS), STEPS[-1])
        at = self.begins
        while at <= self.ends:
            yield at
            at += step


@dataclass(frozen=True, slots=True)
class Course:
    """A branch as it is drawn. lanes: to its own moment; ahead: to the end, as the script would go on.

    since: where it left another branch, called `parent`.
    """

    label: str
    lanes: Sequence[Json]
    at: datetime
    ahead: Sequence[Json] = ()
    since: datetime | None = None
    parent: str = ""


def drill_timeline(
    axis: Axis,
    now: datetime,
    injects: Sequence[Json],
    courses: Sequence[Course],
    expected: Sequence[Json],
    *,
    director: bool,
) -> Markup:
    """The drawing. injects: as `engine.contract.drill.fed_data`, with `planned_at` and `number`; expected: of the branch looked at.

    director: whether what is to come is drawn.
    """
    rows = [_ticks(axis), _row("情景注入", "", _injects(axis, injects), "injects")]
    for course in courses:
        rows += _lanes(axis, course)
    rows += _deadlines(axis, expected)
    return tag(
        "div", _grid(axis, now, SOON if director else ""), *rows, tag("div", class_="foot-space"), class_="drill-line", role="group",
        aria_label=f"时间线，现在 {after_word(now - axis.begins)}",
    )  # fmt: skip


def _row(name: str, under: str, track: Sequence[Child], kind: str) -> Markup:
    head = tag("div", tag("b", name), tag("small", under) if under else None, class_="head")
    return tag("div", head, tag("div", *track, class_="track"), class_=f"row {kind}")


def _left(percent: float) -> str:
    return f"left:{percent:.2f}%"


def _wide(begins: float, ends: float) -> str:
    return f"left:{begins:.2f}%;width:{max(ends - begins, 0.3):.2f}%"


def _grid(axis: Axis, now: datetime, soon: str) -> Markup:
    """Lines behind the rows, and where time has come; the browser moves that on between two looks."""
    lines = [tag("i", style=_left(axis.at(one)), class_="tick") for one in axis.ticks()]
    place = axis.at(now)
    words = tag("span", tag("b", f"{now.astimezone(CHINA):%H:%M}"), f" {soon}" if now < axis.ends else " 末尾")
    mark = tag(
        "div", words, style=_left(place), class_=f"now{' late' if place > 80 else ''}",
        data_track_from=stamp(axis.begins), data_track_to=stamp(axis.ends),
    )  # fmt: skip
    return tag("div", *lines, tag("i", style=_wide(place, 100), class_="ahead"), mark, class_="grid-lines", aria_hidden="true")


def _ticks(axis: Axis) -> Markup:
    told, day = [], axis.begins.astimezone(CHINA).date()
    for one in axis.ticks():
        local = one.astimezone(CHINA)
        words = f"{local:%H:%M}" if local.date() == day else f"{local:%m-%d %H:%M}"
        day = local.date()
        place = axis.at(one)
        kind = "first" if place < 2 else "last" if place > 96 else None
        told.append(tag("span", tag("b", words), tag("small", after_word(one - axis.begins)), style=_left(place), class_=kind))
    return tag("div", tag("div", class_="head"), tag("div", *told, class_="track"), class_="row ticks", aria_hidden="true")


def _injects(axis: Axis, injects: Sequence[Json]) -> list[Markup]:
    """Numbers where they were given, or are to be given; beside them what they say, as far as there is room."""
    placed = sorted(((axis.at(one["given_at"] or one["planned_at"]), one) for one in injects), key=lambda one: one[0])
    drawn = []
    for n, (place, one) in enumerate(placed):
        room = (placed[n + 1][0] if n + 1 < len(placed) else 100.0) - place
        given = one["given_at"] is not None
        kind = "given" if given else "skipped" if one["how"] == "skipped" else "coming"
        state = one["how_name"] if given or one["how"] == "skipped" else "未到"
        told = f"注入 {one['number']}，{one['given_after'] or one['planned_after']}，{one['from']}：{one['text']}（{state}）"
        says = one["text"].removeprefix("【推演】").split("：")[-1] or "；".join(fact["words"] for fact in one["facts"])
        beside = tag("span", says, class_="says", style=f"max-width:{room - 2.6:.2f}cqw") if room > 9 else None
        drawn.append(
            tag(
                "span",
                tag("b", str(one["number"])),
                beside,
                title=told,
                aria_label=told,
                role="img",
                class_=kind,
                style=_left(place),
            )
        )
    return drawn


def _lanes(axis: Axis, course: Course) -> Iterator[Markup]:
    """A row a scale that is, or would be, in force at some time; what was before a branch parted is the other's too."""
    ahead = {(one["plan"], one["scale"]): one for one in course.ahead}
    shown = [one for one in course.lanes if one["reached"] or ahead.get((one["plan"], one["scale"]), one)["reached"]]
    under = "" if course.since is None else f"{course.since.astimezone(CHINA):%H:%M} 起自{course.parent}"
    if not shown:
        yield _row(
            f"{course.label} 级别",
            under,
            [tag("span", "未达级别", class_="level none", style=_wide(0, axis.at(course.at)))],
            "lane",
        )
    for one in shown:
        parts = [_stretch(axis, each) for each in one["stretches"]]
        later = ahead.get((one["plan"], one["scale"]))
        if later is not None:
            parts += [_stretch(axis, each, after=course.at) for each in later["stretches"] if _comes(each, course.at)]
        if course.since is not None:
            parts.append(tag("span", style=_wide(0, axis.at(course.since)), class_="shared", title=f"与{course.parent}共有"))
            parts.append(tag("i", style=_left(axis.at(course.since)), class_="parting"))
        yield _row(f"{course.label} {one['label']}", under, parts, "lane")
        under = ""


def _comes(one: Json, moment: datetime) -> bool:
    return datetime.fromisoformat(one["ends"]) > moment


def _stretch(axis: Axis, one: Json, after: datetime | None = None) -> Markup:
    """A level in force; dashed where it is only to be expected."""
    begins = datetime.fromisoformat(one["begins"])
    left, right = axis.at(begins if after is None else max(begins, after)), axis.at(one["ends"])
    mark = MARKS.get(one["level"]) if one["level"] is not None else None
    colour = "none" if one["level"] is None else "plain" if mark is None else mark.colour
    name = one["level_name"] if one["level"] is not None else "未达级别"
    told = f"{'' if after is None else '推算：'}{name}，{one['begins'][5:16].replace('T', ' ')} 起"
    shape = tag("span", mark.shape, class_=f"shape {mark.colour}", aria_hidden="true") if mark is not None else None
    narrow = right - left < CHARACTER * (len(name) + 1)
    words = None if narrow else name + ("" if after is None else " 推算")
    return tag(
        "span", shape, tag("span", words), style=_wide(left, right), title=told, aria_label=told, role="img",
        class_=f"level {colour}{'' if after is None else ' expected'}",
    )  # fmt: skip


def _deadlines(axis: Axis, expected: Sequence[Json]) -> Iterator[Markup]:
    """Bars from when an action could be done to when it was, its limit as a stroke; those not kept come first."""
    timed = [one for one in expected if one["due_at"] and one["outcome"] != "not_applicable"]
    chosen = sorted(timed, key=lambda one: WORST.index(one["outcome"]))[:MOST_BARS]
    rows: list[list[Markup]] = []
    ends: list[float] = []
    for one in sorted(chosen, key=lambda one: (one["begins"], one["due_at"])):
        begins, due = axis.at(one["begins"]), axis.at(one["due_at"])
        done = due if one["done_at"] is None else axis.at(one["done_at"])
        words = f"{ENDS_WITH[one['outcome']]} {one['what'] if one['kind'] == 'decision' else one['unit'] + '：' + one['what']}"[
            :18
        ]
        far = max(due, done)
        needs = CHARACTER * (len(words) + 1)
        before = far + needs > 100
        from_, to = (max(begins - needs, 0.0), far) if before else (begins, far + needs)
        place = next((n for n, end in enumerate(ends) if from_ > end), len(rows))
        if place == MOST_ROWS:
            continue
        if place == len(rows):
            rows.append([])
            ends.append(0.0)
        rows[place].append(_bar(one, begins, due, done, words, before=before))
        ends[place] = to
    left = len(timed) - sum(len(row) for row in rows)
    for n, row in enumerate(rows):
        yield _row("签发与时限" if n == 0 else "", f"另有 {left} 项见下表" if left and n == 0 else "", row, "bars")


def _bar(one: Json, begins: float, due: float, done: float, words: str, *, before: bool) -> Markup:
    bad = one["outcome"] in ("late", "missed")
    told = f"{one['unit']}：{one['what']}，时限 {one['due_after']}，{one['outcome_name']}"
    place = f"right:{100 - begins:.2f}%" if before else _left(max(due, done))
    return tag(
        "span",
        tag("i", style=_wide(begins, done), class_=f"bar {one['outcome']}"),
        tag("i", style=_left(due), class_="due"),
        tag("span", words, style=place, class_=f"words{' inverse' if bad else ''}{' before' if before else ''}"),
        title=told, aria_label=told, role="img",
    )  # fmt: skip
