"""Plays of a drill side by side as a page: what differed first and why, levels over time, signers, deadlines, duties; and progress."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from api.documents.drill_report import TALLY_HEADS, score_word, tally_cells
from api.documents.markup import Child, Markup, tag
from api.documents.page import page, table
from api.documents.timeline import STYLE, Axis, Line, drawing, lane

Json = Mapping[str, Any]
TITLE, PROGRESS = "推演对比", "与上次推演相比"
SIGNS = {"added": "＋", "removed": "－", "tightened": "▲", "loosened": "▽"}


def comparison_page(found: Json, title: str, notes: Mapping[str, str] | None = None) -> str:
    """The whole document; `found` as `engine.contract.drill_comparison.comparison_data` makes it. notes: what is different about each play."""
    about = notes or {}
    body: list[Child] = [
        tag("h2", "一、哪里先不同，为什么"), *_first(found, about),
        tag("h2", "二、在行级别"), tag("figure", tag("div", lanes(found), class_="wide"), tag("figcaption", "横轴为推演时间，各次都从 T+0 起。")),
        tag("h2", "三、谁签发"), _signatures(found),
        tag("h2", "四、时限"), _deadlines(found),
        tag("h2", "五、任务增减（按单位）"), *_shifts(found),
    ]  # fmt: skip
    return page(f"{TITLE}：{title}", *body, style=STYLE)


def _first(found: Json, about: Mapping[str, str]) -> Iterator[Child]:
    base = found["plays"][0]["name"]
    yield tag("p", f"以“{base}”（{about[base]}）为准。" if about.get(base) else f"以“{base}”为准。")
    for one in found["against"]:
        yield tag("h3", f"{one['name']}：{about[one['name']]}" if about.get(one["name"]) else one["name"])
        yield tag("p", one["words"])


def lanes(found: Json) -> Markup:
    """Every scale that came into force in any play, a row a play."""
    length = max((_moment(one["at"]) - _moment(one["begins"]) for one in found["plays"]), default=timedelta(hours=1))
    base = _moment(found["plays"][0]["begins"])
    names = dict.fromkeys(
        (each["plan"], each["scale"], each["label"]) for one in found["plays"] for each in one["lanes"] if each["reached"]
    )
    lines: list[Line] = []
    for plan, scale, label in names:
        lines.append(Line(label))
        for one in found["plays"]:
            axis = Axis(_moment(one["begins"]), _moment(one["begins"]) + length)
            lines += [lane(axis, each, one["name"]) for each in one["lanes"] if (each["plan"], each["scale"]) == (plan, scale)]
    return drawing(Axis(base, base + length), lines, "各次的在行级别")


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)


def _signatures(found: Json) -> Markup:
    names = [one["name"] for one in found["plays"]]
    rows = [
        (f"{one['label']} {one['level_name']}", *(_signed(one["by"].get(name)) for name in names)) for one in found["signatures"]
    ]
    return table(("级别", *names), rows) if rows else tag("p", "没有签发。")


def _signed(one: Json | None) -> str:
    if one is None:
        return "—"
    return f"{one['after']} {one['post']}（{one['name']}）" + ("" if one["approved"] else "，未按建议")


def _deadlines(found: Json) -> Markup:
    return table(
        ("推演", *TALLY_HEADS), ((one["name"], *tally_cells(one["total"])) for one in found["plays"]), numbers=range(1, 9)
    )


def _shifts(found: Json) -> Iterator[Child]:
    for one in found["against"]:
        yield tag("h3", f"“{one['name']}”")
        if not one["shifts"]:
            yield tag("p", "任务没有增减。")
            continue
        yield table(("单位", "变化", "任务", "条款", "原来", "现在"), _shift_rows(one["shifts"]), narrow=(1,))


def _shift_rows(shifts: list[Json]) -> Iterator[tuple[str, ...]]:
    """Unit by unit; what only goes by another level now stands in one row."""
    for unit, listed in groupby(shifts, key=lambda each: each["unit"]):
        same: dict[tuple[str, str, str], int] = {}
        for each in listed:
            sign = f"{SIGNS[each['how']]} {each['how_name']}"
            if each["why"] == "级别":
                key = (sign, each["before"]["level_name"], each["after"]["level_name"])
                same[key] = same.get(key, 0) + 1
                continue
            yield unit, sign, each["action"], each["clause"], _form(each["before"]), _form(each["after"])
        for (sign, before, after), count in same.items():
            yield unit, sign, f"{count}项任务内容和时限不变，级别不同", "—", before, after


def _form(one: Json | None) -> str:
    return "—" if one is None else f"{one['level_name']}，{one['due_words']}"


def progress_page(found: Json, title: str) -> str:
    """A drill against its last play; `found` as `engine.contract.drill_comparison.progress_data` makes it."""
    then, now = found["then"], found["now"]
    change = "" if found["score"] is None else f"（{found['score']:+g}）"
    body: list[Child] = [
        tag("p", f"上次 {then['begins']}：{score_word(then['total'])} 分；本次 {now['begins']}：{score_word(now['total'])} 分{change}。"),
        table(("", *TALLY_HEADS), (("上次", *tally_cells(then["total"])), ("本次", *tally_cells(now["total"]))), numbers=range(1, 9)),
        tag("h2", "好转的"), _changes(found["better"]),
        tag("h2", "变差的"), _changes(found["worse"]),
        tag("p", f"没有变化的 {found['same']} 次；只在本次有的 {len(found['fresh'])} 次，只在上次有的 {len(found['gone'])} 次。"),
        tag("h2", "得分有变化的单位"),
        table(("单位", "上次", "本次"), ((one["unit"], _points(one["then"]), _points(one["now"])) for one in found["units"]), numbers=(1, 2))
        if found["units"] else tag("p", "没有。"),
    ]  # fmt: skip
    return page(f"{PROGRESS}：{title}", *body, style=STYLE)


def _changes(listed: list[Json]) -> Markup:
    if not listed:
        return tag("p", "没有。")
    rows = ((one["unit"], one["what"], "、".join(one["clauses"]), one["then"], one["now"]) for one in listed)
    return table(("单位", "期望行动", "条款", "上次", "本次"), rows)


def _points(score: float | None) -> str:
    return "—" if score is None else f"{score:g}"
