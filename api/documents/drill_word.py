"""The after-action report of a drill as a Word file: what the page says, with the timeline as a table of shaded cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from api.documents import drill_report as page
from api.documents.level_mark import MARKS
from api.documents.timeline import FILLS, SIGNS, Axis, first
from api.documents.word import Word
from engine.contract.drill import after_word

Json = Mapping[str, Any]
Cells = Sequence[tuple[str, str]]
COLUMNS = 20
OUTCOMES = {"met": "333333", "late": "8C8C8C", "missed": "", "running": "", "waiting": "", "not_applicable": ""}


def report_word(report: Json) -> bytes:
    """The whole file; `report` as `engine.contract.drill.report_data` makes it."""
    evaluation = report["evaluation"]
    word = Word(f"{page.TITLE}：{report['scenario']['title']}", datetime.fromisoformat(evaluation["at"]))
    word.heading("一、推演概况")
    word.facts(page.overview_lines(report))
    word.heading("二、情景与注入")
    _scenario(word, report)
    word.heading("三、过程时间线")
    _timeline(word, report)
    word.heading("四、期望行动与完成情况")
    _expected(word, evaluation)
    word.heading("五、评分")
    _score(word, evaluation)
    word.heading("六、问题与改进")
    _issues(word, evaluation)
    word.heading("附：日志")
    word.table(page.JOURNAL_HEADS, list(page.journal_rows(report)), (12, 32, 32, 20, 78))
    word.text(f"日志末条校验值 {evaluation['hash']}")
    return word.bytes()


def _scenario(word: Word, report: Json) -> None:
    scenario = report["scenario"]
    if scenario["background"]:
        word.text(scenario["background"])
    word.text(page.first_report(scenario))
    injects = report["evaluation"]["injects"]
    if injects:
        word.table(page.INJECT_HEADS, list(page.inject_rows(injects)), (14, 20, 40, 72, 28))


def _timeline(word: Word, report: Json) -> None:
    evaluation = report["evaluation"]
    axis = Axis(datetime.fromisoformat(evaluation["begins"]), datetime.fromisoformat(evaluation["at"]))
    slots = _slots(axis)
    word.strips([after_word(begins - axis.begins).removeprefix("T+") for begins, _ in slots], list(_rows(report, slots)), 44)
    word.text(
        "横向为推演时间，每格的表头是这一格开始的时刻（时:分）。填充为在行级别，或任务从可以办起到办成、到时限为止；符号是结果。"
    )
    levels = list(page.level_rows(report))
    if levels:
        word.table(page.LEVEL_HEADS, levels, (54, 24, 96))


def _slots(axis: Axis) -> list[tuple[datetime, datetime]]:
    step = max((axis.ends - axis.begins) / COLUMNS, timedelta(minutes=1))
    return list(pairwise(axis.begins + n * step for n in range(COLUMNS + 1)))


def _rows(report: Json, slots: Sequence[tuple[datetime, datetime]]) -> Iterator[tuple[str, Cells]]:
    evaluation = report["evaluation"]
    given = [(datetime.fromisoformat(one["given_at"]), one["id"]) for one in evaluation["injects"] if one["given_at"]]
    if given:
        last = slots[-1][1]
        yield (
            "注入（编号）",
            [("、".join(name for at, name in given if begins <= at < ends or at == ends == last), "") for begins, ends in slots],
        )
    for lane in report["lanes"]:
        if lane["reached"]:
            yield lane["label"], _lane(lane, slots)
    for one in first(evaluation["expected"]):
        unit = "" if one["kind"] == "decision" else f"{one['unit']}："
        times = f"（第{one['number']}次）" if one["number"] > 1 else ""
        yield f"{unit}{one['what'][:18]}{times}", _bar(one, slots)


def _lane(lane: Json, slots: Sequence[tuple[datetime, datetime]]) -> Cells:
    cells: list[tuple[str, str]] = []
    shown = None
    for begins, ends in slots:
        found = [
            one for one in lane["stretches"] if datetime.fromisoformat(one["begins"]) < ends and one["ends"] > begins.isoformat()
        ]
        now = found[-1] if found else None
        if now is None or now["level"] is None:
            cells.append(("", ""))
            shown = None
            continue
        mark = MARKS.get(now["level"])
        fill = "D9D9D9" if mark is None else FILLS[mark.colour][0].removeprefix("#")
        short = now["level_name"][:2] if mark is None else mark.shape
        cells.append((short if now["level"] != shown else "", fill))
        shown = now["level"]
    return cells


def _bar(one: Json, slots: Sequence[tuple[datetime, datetime]]) -> Cells:
    begins = datetime.fromisoformat(one["begins"])
    end = datetime.fromisoformat(one["done_at"] or one["due_at"] or slots[-1][1].isoformat())
    due = None if one["due_at"] is None else datetime.fromisoformat(one["due_at"])
    cells = []
    for low, high in slots:
        inside = begins < high and end >= low
        last = low <= end < high or (high == slots[-1][1] and end >= high)
        text = (
            SIGNS[one["outcome"]].split()[0]
            if last
            else ("‖" if due is not None and low <= due < high else "·" if inside else "")
        )
        cells.append((text, OUTCOMES[one["outcome"]] if inside else ""))
    return cells


def _expected(word: Word, evaluation: Json) -> None:
    decisions, duties = list(page.decision_rows(evaluation)), list(page.duty_rows(evaluation))
    word.text(page.EXPECTED)
    word.heading("签发", 3)
    if decisions:
        word.table(page.DECISION_HEADS, decisions, (34, 22, 28, 16, 30, 18, 16, 10))
    else:
        word.text("没有提出建议。")
    word.heading("有时限的任务", 3)
    if duties:
        word.table(page.DUTY_HEADS, duties, (32, 48, 14, 16, 16, 18, 18, 12))
    else:
        word.text("没有有时限的任务生效。")
    word.text(page.undated_word(evaluation))


def _score(word: Word, evaluation: Json) -> None:
    word.text(f"得分 {page.score_word(evaluation['total'])}（满分100）")
    word.text(evaluation["formula"])
    word.text(evaluation["grade"])
    for name, key, rows in page.tally_tables(evaluation):
        word.heading(f"按{name}", 3)
        word.table((name, *page.TALLY_HEADS), [(one[key], *page.tally_cells(one)) for one in rows], (54, *[15.0] * 8))


def _issues(word: Word, evaluation: Json) -> None:
    rows = list(page.issue_rows(evaluation))
    if rows:
        word.table(page.ISSUE_HEADS, rows, (11, 16, 46, 16, 14, 31, 16, 12, 12))
    else:
        word.text("没有发现问题。")
    for one in evaluation["refusals"]:
        word.text(f"没有办成：{page.refusal_word(one)}")
