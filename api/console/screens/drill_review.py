"""复盘: how the exercise went, by objective and unit; what was found, who mends it by when; reports to take away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.console.markup import EMPTY, Child, Markup, join, tag
from api.console.parts.drill_data import Looked, directs, drills_of, evaluation_of, found_at, issues_of, looked_at
from api.console.parts.words import clause
from api.console.screen import Screen, nothing, panel
from api.console.screens.incident_dialogs import pairs, text
from api.drills.record import Record
from api.http.at_desk import AtDesk
from api.people.actor import EVERYWHERE
from engine.drill.review.issue import STATUS_WORDS
from engine.drill.scenario import PREFIX

HEADS = ("应完成", "按时", "逾期", "未完成", "未到期", "不适用", "得分")
KEYS = ("counted", "met", "late", "missed", "running", "not_applicable")
EXPORTS = (
    ("report.html", "评估报告（网页）"),
    ("report.docx", "评估报告（Word）"),
    ("journal.jsonl", "日志"),
)
WITH_SCRIPT = (("scenario.yaml", "情景文件，可再演、再改"), ("cexf.json", "情景文件（CEXF）"), ("feature", "验收用例"))
"""What says what is still to come: the director's, until the exercise has ended."""
WRITES_DOWN = frozenset({"officer", "leader", "director"})


class DrillReview(Screen):
    """What an exercise taught."""

    path, title, rail = "/review", "复盘", "复盘"

    def frame(self, at_desk: AtDesk) -> Markup:
        one = found_at(self.visit.place)
        if one is None:
            return EMPTY
        director = directs(one, at_desk.caller.actor.person_id)
        return tag(
            "div",
            tag(
                "div",
                tag(
                    "p",
                    tag("b", f"{PREFIX}{one.run.scenario.title}（{one.branch.label}）复盘"),
                    f"　推演编号 {one.drill.id}，日志 ",
                    tag("span", data_panel="sealed"),
                    class_="printed-only",
                ),
                panel("score", label="总评", heading="总评"),
                panel("units", label="按单位", heading="按单位"),
                panel("expected", label="没有按时完成的", heading="没有按时完成的"),
                class_="stack",
            ),
            tag(
                "div",
                panel("issues", label="问题清单", heading="问题清单"),
                _adding(one) if at_desk.caller.actor.roles & WRITES_DOWN else None,
                panel("take", label="带走", heading="报告和导出", classes="no-print"),
                panel("ending", label="结束推演", classes="no-print") if director else None,
                class_="stack",
            ),
            class_="columns drill-review",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        one = looked_at(self.visit.place)
        found = evaluation_of(one)
        issues = issues_of(self.visit.place, one)
        director = directs(one, at_desk.caller.actor.person_id)
        return {
            "sealed": Markup(f"{found['hash'][:8]}…{found['hash'][-4:]}"),
            "score": _score(found),
            "units": _tallies([(unit["unit"], unit) for unit in found["units"]]),
            "expected": _late(found),
            "issues": _issues(issues, one, at_desk, director=director),
            "take": _take(
                one, drills_of(self.visit.place).earlier(one.drill.id), whole=director or one.drill.ended_at is not None
            ),
        } | ({"ending": _ending(one)} if director else {})


def _score(found: dict[str, Any]) -> Markup:
    total = found["total"]
    score = "—" if total["score"] is None else f"{total['score']:g} 分"
    objectives = [(each["words"], each) for each in found["objectives"]]
    return tag(
        "div",
        tag(
            "p",
            tag("b", score, class_="big-number"),
            tag("span", "" if found["over"] else " 推演还在进行，到此刻为止", class_="aside"),
        ),
        _tallies([("全部", total), *objectives]),
        tag("p", found["formula"], " ", found["grade"], class_="note"),
    )


def _tallies(rows: list[tuple[str, dict[str, Any]]]) -> Markup:
    head = tag("thead", tag("tr", *(tag("th", word, scope="col") for word in ("", *HEADS))))
    body = (
        tag("tr", tag("th", name, scope="row"), *(tag("td", str(one[key]), class_="number") for key in KEYS),
            tag("td", "—" if one["score"] is None else f"{one['score']:g}", class_="number"))
        for name, one in rows
    )  # fmt: skip
    return tag("table", head, tag("tbody", *body), class_="tallies")


def _late(found: dict[str, Any]) -> Markup:
    listed = [one for one in found["expected"] if one["outcome"] in ("late", "missed")]
    if not listed:
        return nothing("到此刻为止，该完成的都按时完成了")
    rows = (
        tag(
            "tr", tag("td", one["unit"]), tag("td", one["what"], tag("div", one["note"], class_="aside") if one["note"] else None),
            tag("td", join((clause(one["plan"], each) for each in one["clauses"][:2]), " ")), tag("td", one["due_after"] or "—", class_="when"),
            tag("td", tag("span", one["outcome_name"] + (f" {one['late_by']}" if one["late_by"] else ""), class_="inverse")),
        )
        for one in listed
    )  # fmt: skip
    head = tag("thead", tag("tr", *(tag("th", word, scope="col") for word in ("谁", "什么", "条款", "时限", "结果"))))
    return tag("table", head, tag("tbody", *rows))


def _issues(issues: list[dict[str, Any]], one: Looked, at_desk: AtDesk, *, director: bool) -> Markup:
    if not issues:
        return nothing("还没有问题。错过和逾期的时限、未按建议的决定会自动列出，也可以自己加")
    return tag("ul", *(_issue(each, one, at_desk, director=director) for each in issues), class_="issues")


def _issue(each: dict[str, Any], one: Looked, at_desk: AtDesk, *, director: bool) -> Markup:
    due = "" if each["due"] is None else f"{each['due']} 前"
    owner = " · ".join(part for part in (each["owner"], due) if part)
    return tag(
        "li",
        tag("div", tag("span", each["kind_name"], class_="chip"), tag("b", each["what"])),
        tag("div", join(_about(each, one)), class_="aside"),
        tag(
            "div",
            tag("span", each["status_name"], class_="chip"),
            tag("span", owner or "还没有责任人和期限", class_=None if owner else "soon"),
            class_="line",
        ),
        _owning(each, one, at_desk) if director else None,
        data_key=f"issue-{each['id']}",
    )


def _about(each: dict[str, Any], one: Looked) -> Iterator[Child]:
    plan = next(iter(one.run.plans.values())).id
    if each.get("clause"):
        yield clause(plan, each["clause"])
    if each.get("unit"):
        yield f" {each['unit']} "
    if each.get("suggestion"):
        yield f" 建议：{each['suggestion']}"


def _owning(each: dict[str, Any], one: Looked, at_desk: AtDesk) -> Markup:
    place = one.run.scenario.jurisdiction
    people = [
        (it.id, it.name) for it in at_desk.people.accounts.everybody() if it.active and it.jurisdiction in (EVERYWHERE, place)
    ]
    form = tag(
        "form",
        tag("input", type="hidden", name="branch", value=one.branch.key),
        pairs("谁来改", "owner", people),
        tag("label", "何时改好", tag("input", name="due", type="date", required=True)),
        pairs("改到哪一步", "status", STATUS_WORDS.items()),
        tag("button", "记下", type="submit", class_="button small"),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        data_live=True, data_url=f"{_issues_url(one)}/{each['id']}", data_method="PATCH", data_done="已记下", data_still=True,
        data_label="问题", data_key=f"own-{each['id']}", class_="one-line",
    )  # fmt: skip
    return tag("details", tag("summary", "定责任人和期限"), form, data_key=f"owning-{each['id']}")


def _issues_url(one: Looked) -> str:
    return f"/api/v1/drills/{one.drill.id}/issues"


def _adding(one: Looked) -> Markup:
    form = tag(
        "form",
        tag("input", type="hidden", name="branch", value=one.branch.key),
        text("发现了什么", "what"),
        tag("div", tag("label", "条款", tag("input", name="clause", autocomplete="off")),
            tag("label", "单位", tag("input", name="unit", autocomplete="off")), class_="pair"),
        tag("label", "建议怎样改", tag("textarea", name="suggestion", rows="2")),
        tag("button", "加入问题清单", type="submit", class_="button"),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        data_live=True, data_url=_issues_url(one), data_done="已加入", data_draft="issue", data_guard=True, data_label="问题", class_="asking",
    )  # fmt: skip
    return tag("section", tag("details", tag("summary", "加一个问题"), form), class_="panel", aria_label="加一个问题")


def _take(one: Looked, before: Record | None, *, whole: bool) -> Markup:
    base = f"/api/v1/drills/{one.drill.id}"
    links = (
        tag("li", tag("a", word, data_live=True, href=f"{base}/branches/{one.branch.key}/{name}", download=True))
        for name, word in (*EXPORTS, *(WITH_SCRIPT if whole else ()))
    )
    keys = [one.branch.key, *(each.key for each in one.drill.branches if each.key != one.branch.key)]
    compare = tag("li", tag("a", "各分支对比", data_live=True, href=f"{base}/comparison.html?branches={','.join(keys)}", download=True)) if len(keys) > 1 and whole else None  # fmt: skip
    since = None if before is None else tag(
        "li", tag("a", f"与上次推演（{before.id}）相比", data_live=True, href=f"{base}/branches/{one.branch.key}/progress.html", download=True)
    )  # fmt: skip
    return tag("div", tag("ul", *links, compare, since), tag("p", "文件名和每一页都带 [推演]", class_="note"))


def _ending(one: Looked) -> Markup:
    if one.drill.ended_at is not None:
        return tag("p", "推演已结束，只能查看。记录留在实况的“推演”一屏 ", tag("a", "去那里", data_live=True, href="/drills"))
    return tag(
        "form", tag("p", "结束后各分支都停住，不能再注入、签发和办理；可以继续看、导出、记问题。"),
        tag("button", "结束推演", type="submit", class_="button"),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        data_live=True, data_url=f"/api/v1/drills/{one.drill.id}/end", data_done="已结束", data_label="结束推演", data_bare=True, data_now_or_never=True,
    )  # fmt: skip
