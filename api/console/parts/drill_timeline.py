"""A drill over its time: injects given and to come, what is in force in every branch, what the script would lead to, deadlines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from api.console.markup import Child, Markup, join, tag
from api.documents.level_mark import MARKS
from api.documents.timeline import STEPS
from api.people.clock import CHINA, stamp
from engine.contract.drill import after_word

Json = Mapping[str, Any]
FIRST = ("missed", "late", "running", "waiting", "met")
MOST_BARS, MOST_ROWS = 14, 5
"""Deadlines that are drawn, and the rows that they may take; the others are in the table."""
MOST_TICKS = 13
SOON = "此后为推算"
MARKED = "【推演】"
BOX, INJECT = 2.7, 24
"""How wide an inject's number is in percent of the track, and how high its row in pixels."""
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
    rows = [_ticks(axis), _injects(axis, injects)]
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


def _injects(axis: Axis, injects: Sequence[Json]) -> Markup:
    """Numbers where they were given, or are to be given, in rows that keep them apart; beside the last of a row what it says."""
    rows: list[list[tuple[float, list[Json]]]] = []
    for place, group in _groups(axis, injects):
        row = next((row for row in rows if place - row[-1][0] > _box(row[-1][1])), None)
        if row is None:
            row = []
            rows.append(row)
        row.append((place, group))
    drawn = []
    for n, row in enumerate(rows):
        for at, (place, group) in enumerate(row):
            room = (row[at + 1][0] if at + 1 < len(row) else 100.0) - place - _box(group)
            drawn.append(_inject(group, f"{_left(place)};top:{n * INJECT + 2}px", room))
    head = tag("div", tag("b", "情景注入"), class_="head")
    track = tag("div", *drawn, class_="track", style=f"height:{max(len(rows), 1) * INJECT + 4}px")
    return tag("div", head, track, class_="row injects")


def _groups(axis: Axis, injects: Sequence[Json]) -> Iterator[tuple[float, list[Json]]]:
    """Those that come at the same moment, and stand alike, are one."""
    placed = sorted(
        ((axis.at(one["given_at"] or one["planned_at"]), one) for one in injects), key=lambda one: (one[0], one[1]["number"])
    )
    for (place, _), group in groupby(placed, key=lambda one: (round(one[0], 1), _state(one[1]))):
        yield place, [one for _, one in group]


def _state(one: Json) -> str:
    return "given" if one["given_at"] is not None else "skipped" if one["how"] == "skipped" else "coming"


def _name(group: Sequence[Json]) -> str:
    numbers = [one["number"] for one in group]
    together = len(numbers) > 1 and numbers[-1] - numbers[0] == len(numbers) - 1
    return f"{numbers[0]}–{numbers[-1]}" if together else "、".join(str(one) for one in numbers)


def _box(group: Sequence[Json]) -> float:
    return BOX + CHARACTER * (len(_name(group)) - 1)


def _inject(group: Sequence[Json], style: str, room: float) -> Markup:
    told = "；".join(
        f"注入 {one['number']}，{one['given_after'] or one['planned_after']}，{one['from']}：{one['text'] or _facts(one)}"
        f"（{'未到' if _state(one) == 'coming' else one['how_name']}）"
        for one in group
    )
    says = group[0]["text"].removeprefix(MARKED).split("：")[-1] or _facts(group[0])
    beside = tag("span", says, class_="says", style=f"max-width:{room:.2f}cqw") if room > 8 else None
    return tag(
        "span", tag("b", _name(group)), beside, title=told, aria_label=told, role="img", class_=_state(group[0]), style=style
    )


def _facts(one: Json) -> str:
    return "；".join(fact["words"] for fact in one["facts"])


def _lanes(axis: Axis, course: Course) -> Iterator[Markup]:
    """A row a scale that is, or would be, in force at some time; what was before a branch parted is the other's."""
    ahead = {(one["plan"], one["scale"]): one for one in course.ahead}
    shown = [one for one in course.lanes if one["reached"] or ahead.get((one["plan"], one["scale"]), one)["reached"]]
    under = "" if course.since is None else f"{course.since.astimezone(CHINA):%H:%M} 起自{course.parent}"
    begins = axis.begins if course.since is None else course.since
    before = [] if course.since is None else [_shared(axis, course.since, course.parent)]
    if not shown:
        none = tag("span", "未达级别", class_="level none", style=_wide(axis.at(begins), axis.at(course.at)))
        yield _row(f"{course.label} 级别", under, [*before, none], "lane")
    for one in shown:
        parts = [_stretch(axis, each, begins) for each in one["stretches"] if _comes(each, begins)]
        later = ahead.get((one["plan"], one["scale"]))
        if later is not None:
            parts += [_stretch(axis, each, course.at, expected=True) for each in later["stretches"] if _comes(each, course.at)]
        yield _row(f"{course.label} {one['label']}", under, [*before, *parts], "lane")
        under = ""


def _shared(axis: Axis, since: datetime, parent: str) -> Markup:
    place = axis.at(since)
    words = f"{since.astimezone(CHINA):%H:%M} 以前与{parent}共有"
    shown = words if place > CHARACTER * len(words) else f"同{parent}" if place > 4 else None
    return join(
        [tag("span", shown, style=_wide(0, place), class_="shared", title=words), tag("i", style=_left(place), class_="parting")]
    )


def _comes(one: Json, moment: datetime) -> bool:
    return datetime.fromisoformat(one["ends"]) > moment


def _stretch(axis: Axis, one: Json, after: datetime, *, expected: bool = False) -> Markup:
    """A level in force, as far as it is after a moment; dashed where it is only to be expected."""
    left, right = axis.at(max(datetime.fromisoformat(one["begins"]), after)), axis.at(one["ends"])
    mark = MARKS.get(one["level"]) if one["level"] is not None else None
    colour = "none" if one["level"] is None else "plain" if mark is None else mark.colour
    name = one["level_name"] if one["level"] is not None else "未达级别"
    told = f"{'推算：' if expected else ''}{name}，{one['begins'][5:16].replace('T', ' ')} 起"
    shape = tag("span", mark.shape, class_=f"shape {mark.colour}", aria_hidden="true") if mark is not None else None
    narrow = right - left < CHARACTER * (len(name) + 1)
    words = None if narrow else f"{name} 推算" if expected else name
    return tag(
        "span", shape, tag("span", words), style=_wide(left, right), title=told, aria_label=told, role="img",
        class_=f"level {colour}{' expected' if expected else ''}",
    )  # fmt: skip


def _deadlines(axis: Axis, expected: Sequence[Json]) -> Iterator[Markup]:
    """Bars from when an action could be done to when it was, its limit as a stroke; those not kept come first."""
    timed = [one for one in expected if one["due_at"] and one["outcome"] != "not_applicable"]
    chosen = sorted(timed, key=lambda one: (FIRST.index(one["outcome"]), _later(one)))[:MOST_BARS]
    rows: list[list[Markup]] = []
    ends: list[float] = []
    for one in sorted(chosen, key=lambda one: (one["begins"], one["due_at"])):
        begins, due = axis.at(one["begins"]), axis.at(one["due_at"])
        done = due if one["done_at"] is None else axis.at(one["done_at"])
        words = f"{ENDS_WITH[one['outcome']]} {one['what'][:14]}".strip()
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


def _later(one: Json) -> float:
    """The later a limit, the earlier it is drawn."""
    return -datetime.fromisoformat(one["due_at"]).timestamp()


def _bar(one: Json, begins: float, due: float, done: float, words: str, *, before: bool) -> Markup:
    bad = one["outcome"] in ("late", "missed")
    told = f"{one['unit']}：{one['what']}，时限 {one['due_after']}，{one['outcome_name']}"
    over = before and begins < CHARACTER * (len(words) + 1)
    place = _left(begins) if over else f"right:{100 - begins:.2f}%" if before else _left(max(due, done))
    return tag(
        "span",
        tag("i", style=_wide(begins, done), class_=f"bar {one['outcome']}"),
        tag("i", style=_left(due), class_="due"),
        tag("span", words, style=place, class_=f"words{' inverse' if bad else ''}{' before' if before else ''}"),
        title=told, aria_label=told, role="img",
    )  # fmt: skip
