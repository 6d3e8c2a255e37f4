"""The after-action report of a drill as a page: what was exercised, what came in, how it went, the score, problems to mend, the journal.

Its parts follow the order in which GB/T 46792 and AQ/T 9009 have evaluation reports say things.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.documents.markup import Child, Markup, tag
from api.documents.page import facts, page, table
from api.documents.timeline import STYLE, legend, timeline
from engine.drill.review.expected import OUTCOME_WORDS

Json = Mapping[str, Any]
TITLE = "应急推演评估报告"
SIGNS = {"met": "●", "late": "◐", "missed": "✕", "running": "○", "waiting": "…", "not_applicable": "—"}
EXPECTED = "期望行动由预案推出：每项建议须有人签发，每项有时限的任务须按时完成；周期任务每次各算一次。"
MOST_ENTRIES = 3
BLANK = "　　　　"
RULES = """
.score{font-size:30px;font-weight:700}.score small{font-size:14px;font-weight:400}
.strip{display:flex;height:16px;border:1px solid #111;margin:2mm 0}.strip span{display:block}.strip .met{background:#333}
.strip .late{background:repeating-linear-gradient(45deg,#333 0 2px,#fff 2px 5px)}.strip .missed{background:#fff}
td.entry{font-size:11.5px}
"""


def report_page(report: Json) -> str:
    """The whole document; `report` as `engine.contract.drill.report_data` makes it."""
    evaluation = report["evaluation"]
    body: list[Child] = [
        tag("h2", "一、推演概况"), overview(report),
        tag("h2", "二、情景与注入"), *_scenario(report),
        tag("h2", "三、过程时间线"), tag("figure", tag("div", timeline(report), class_="wide"), legend(report)), *_levels(report),
        tag("h2", "四、期望行动与完成情况"), *_expected(evaluation),
        tag("h2", "五、评分"), *_score(evaluation),
        tag("h2", "六、问题与改进"), *_issues(evaluation),
        tag("h2", "附：日志"), _journal(report),
        tag("footer", f"日志末条校验值 {evaluation['hash']}"),
    ]  # fmt: skip
    return page(f"{TITLE}：{report['scenario']['title']}", *body, style=STYLE + RULES)


def time_word(stamp: str | None) -> str:
    """“2026-10-22 09:05” of an ISO time."""
    return "" if stamp is None else stamp[:16].replace("T", " ")


def overview_lines(report: Json) -> list[tuple[str, str]]:
    """What was exercised, line by line: name and words."""
    scenario, evaluation = report["scenario"], report["evaluation"]
    total = evaluation["total"]
    state = "已结束" if evaluation["over"] else "进行中，以下是到此时为止的情况"
    return [
        ("推演名称", scenario["title"]),
        ("辖区", scenario["jurisdiction"]),
        ("所用预案", "；".join(f"《{one['title']}》（{one['number']}，版本 {one['digest'][:12]}）" for one in scenario["plans"])),
        ("条款读法", "；".join(f"{one['reading']} 取“{one['words']}”" for one in scenario["readings"]) or "均按预案文件所定"),
        ("推演时间", f"{time_word(evaluation['begins'])} 至 {time_word(evaluation['at'])}（推演时钟），{state}"),
        ("推演目标", "；".join(one["words"] for one in scenario["objectives"]) or "检验预案规定的签发和时限"),
        ("签发人", "；".join(f"{one['name']}（{'、'.join(one['posts'])}）" for one in scenario["people"]) or "由预案规定的职务签发"),
        ("随机种子", "不抽取，取中位值" if scenario["seed"] is None else str(scenario["seed"])),
        ("结果", f"应办 {total['counted']} 次：按时 {total['met']}，逾期 {total['late']}，未完成 {total['missed']}；得分 {score_word(total)}"),
    ]  # fmt: skip


def overview(report: Json) -> Markup:
    return facts(overview_lines(report))


def score_word(one: Json) -> str:
    return "—" if one["score"] is None else f"{one['score']:g}"


def share_word(one: Json) -> str:
    return "—" if one["share"] is None else f"{one['share']:.0%}"


def _scenario(report: Json) -> Iterator[Child]:
    scenario = report["scenario"]
    if scenario["background"]:
        yield tag("p", scenario["background"])
    yield tag("p", first_report(scenario))
    injects = report["evaluation"]["injects"]
    if injects:
        yield table(INJECT_HEADS, inject_rows(injects), narrow=(0, 1, 4))


def first_report(scenario: Json) -> str:
    """What was reported at T+0."""
    first = scenario["report"]
    place = f"，地点：{first['place']}" if first["place"] else ""
    return f"首报（{time_word(scenario['begins'])}，{first['source']}）：{first['words']}{place}"


INJECT_HEADS = ("编号", "时间", "来自 → 发往（方式）", "内容和事实变化", "结果")


def inject_rows(injects: list[Json]) -> Iterator[tuple[str, ...]]:
    for one in injects:
        said = "；".join(part for part in (one["text"], *(fact["words"] for fact in one["facts"])) if part)
        result = one["how_name"] + (f"；{one['contingency_name']}" if one["contingency_name"] else "")
        hoped = f"（预期：{one['expected']}）" if one["expected"] else ""
        time = one["given_after"] or one["planned_after"]
        yield one["id"], time, f"{one['from']} → {one['to']}（{one['medium']}）", said + hoped, result


LEVEL_HEADS = ("预案", "等级", "经过")


def level_rows(report: Json) -> Iterator[tuple[str, ...]]:
    """Each scale that came into force: from when to when at which level."""
    for one in report["lanes"]:
        if one["reached"]:
            told = [f"{time_word(each['begins'])[5:]} {each['level_name']}" for each in one["stretches"]]
            yield f"《{one['plan_title']}》", one["label"], " → ".join(told)


def _levels(report: Json) -> Iterator[Child]:
    rows = list(level_rows(report))
    yield table(LEVEL_HEADS, rows) if rows else tag("p", "推演期间没有级别生效。")


DECISION_HEADS = ("建议", "依据", "应签", "提出", "签发", "用时", "结果", "日志")
DUTY_HEADS = ("单位", "任务", "条款", "起", "时限", "完成", "结果", "日志")


def outcome_word(one: Json) -> str:
    """“◐ 逾期35分”."""
    return f"{SIGNS[one['outcome']]} {one['outcome_name']}{one['late_by'] or ''}"


def entries_word(one: Json) -> str:
    """The numbers of the first entries that bear it out."""
    numbers = [str(number) for number in one["entries"]]
    return "、".join(numbers[:MOST_ENTRIES]) + ("…" if len(numbers) > MOST_ENTRIES else "")


def decision_rows(evaluation: Json) -> Iterator[tuple[str, ...]]:
    for one in evaluation["expected"]:
        if one["kind"] == "decision":
            signed = (
                f"{one['done_by']}"
                if one["as_proposed"] in (True, None)
                else f"{one['done_by']}，改为{one['decided_name']}：{one['note']}"
            )
            result = outcome_word(one) + (f"（{one['note']}）" if one["note"] and one["as_proposed"] is None else "")
            yield (
                one["what"], "、".join(one["clauses"]), one["unit"], one["begins_after"], f"{one['done_after'] or '—'} {signed}".strip(),
                one["took"] or "—", result, entries_word(one),
            )  # fmt: skip


def duty_rows(evaluation: Json) -> Iterator[tuple[str, ...]]:
    for one in evaluation["expected"]:
        if one["kind"] == "duty":
            times = f"（第{one['number']}次）" if one["number"] > 1 else ""
            note = f"（{one['note']}）" if one["note"] else ""
            yield (
                one["unit"], one["what"] + times, "、".join(one["clauses"]), one["begins_after"], one["due_after"] or "—",
                one["done_after"] or "—", outcome_word(one) + note, entries_word(one),
            )  # fmt: skip


def undated_word(evaluation: Json) -> str:
    undated = evaluation["undated"]
    return f"另有没有时限的任务 {undated['all']} 项，记录完成 {undated['done']} 项，不计分。"


def _expected(evaluation: Json) -> Iterator[Child]:
    decisions, duties = list(decision_rows(evaluation)), list(duty_rows(evaluation))
    yield tag("p", EXPECTED)
    yield tag("h3", "签发")
    yield table(DECISION_HEADS, decisions, narrow=(3, 5, 7)) if decisions else tag("p", "没有提出建议。")
    yield tag("h3", "有时限的任务")
    yield table(DUTY_HEADS, duties, narrow=(3, 4, 5, 7)) if duties else tag("p", "没有有时限的任务生效。")
    yield tag("p", undated_word(evaluation))


TALLY_HEADS = (*OUTCOME_WORDS.values(), "按时率", "得分")


def tally_cells(one: Json) -> tuple[str, ...]:
    return (*(str(one[outcome]) for outcome in OUTCOME_WORDS), share_word(one), score_word(one))


def _score(evaluation: Json) -> Iterator[Child]:
    total = evaluation["total"]
    yield tag("p", tag("span", score_word(total), tag("small", " 分（满分100）"), class_="score"))
    if total["counted"]:
        parts = [
            tag("span", class_=outcome, style=f"width:{100 * total[outcome] / total['counted']:.2f}%")
            for outcome in ("met", "late", "missed")
        ]
        words = f"按时 {total['met']}（黑）、逾期 {total['late']}（斜纹）、未完成 {total['missed']}（白）"
        yield tag("figure", tag("div", *parts, class_="strip", role="img", aria_label=words), tag("figcaption", words))
    yield tag("p", evaluation["formula"])
    yield tag("p", evaluation["grade"])
    for name, key, rows in tally_tables(evaluation):
        yield tag("h3", f"按{name}")
        yield table((name, *TALLY_HEADS), ((one[key], *tally_cells(one)) for one in rows), numbers=range(1, 9))


def tally_tables(evaluation: Json) -> Iterator[tuple[str, str, list[Json]]]:
    """By objective, unit and clause: the name of the first column, its key, and the rows."""
    for name, key, rows in (
        ("目标", "words", evaluation["objectives"]),
        ("单位", "unit", evaluation["units"]),
        ("条款", "clause", evaluation["clauses"]),
    ):
        if rows:
            yield name, key, rows


ISSUE_HEADS = ("编号", "类别", "问题", "条款", "日志", "改进建议", "责任单位", "期限", "状态")


def issue_rows(evaluation: Json) -> Iterator[tuple[str, ...]]:
    for one in evaluation["issues"]:
        yield (
            one["id"], one["kind_name"], (f"{one['unit']}：" if one["unit"] and one["kind"] in ("missed", "late") else "") + one["what"],
            one["clause"] or "—", entries_word(one) or "—", one["suggestion"],
            one["owner"] or BLANK, one["due"] or BLANK, one["status_name"],
        )  # fmt: skip


def _issues(evaluation: Json) -> Iterator[Child]:
    rows = list(issue_rows(evaluation))
    yield table(ISSUE_HEADS, rows, narrow=(0, 1, 4, 6, 7, 8)) if rows else tag("p", "没有发现问题。")
    if evaluation["refusals"]:
        yield tag("h3", "脚本中没有办成的动作")
        yield tag("ul", *(tag("li", refusal_word(one)) for one in evaluation["refusals"]))


def refusal_word(one: Json) -> str:
    return f"{time_word(one['at'])} {one['origin']}：{one['words']}"


JOURNAL_HEADS = ("序号", "时间", "谁", "类别", "内容")


def journal_rows(report: Json) -> Iterator[tuple[str, ...]]:
    for one in report["entries"]:
        yield str(one["seq"]), f"{one['after']} {time_word(one['at'])[5:]}", one["by_name"], one["kind_name"], one["words"]


def _journal(report: Json) -> Markup:
    return table(JOURNAL_HEADS, journal_rows(report), numbers=(0,), narrow=(1,))
