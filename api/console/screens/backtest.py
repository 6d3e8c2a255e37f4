"""历史回测: a plan run over a series that was uploaded, with progress, and what came of it. Nothing of it reaches the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from api.backtesting import parts
from api.backtesting.shelf import Trial
from api.backtesting.strip import STRIP_STYLE, strip
from api.console.drill_style import SHEET_STYLE
from api.console.markup import Child, Markup, join, tag
from api.console.screen import Screen, error_words, panel
from api.http.at_desk import AtDesk
from engine.drill.scenario import PREFIX
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.plan.model import Plan

LEADS = (("24", "24 小时"), ("48", "48 小时"), ("72", "72 小时"), ("120", "5 天"), ("240", "10 天"), ("480", "20 天"))
ERRORS = (("0", "没有误差（后来的实测）"), ("0.1", "误差 10%"), ("0.2", "误差 20%"), ("0.3", "误差 30%"))
DELAYS = (("0", "即时批准"), ("1", "1 小时后生效"), ("2", "2 小时后生效"), ("4", "4 小时后生效"))
FILLS = (("0", "缺测不补"), ("3", "3 小时以内的补上"), ("24", "24 小时以内的补上"), ("72", "72 小时以内的补上"))
HINT = "CSV：第一行表头，时间列叫 time；其余列叫指标的名称或污染物（pm25、so2…）。每小时或每天一行，缺测留空。"
OTHERWISE = "列名对不上时，一行一个：指标=列名；数连续多少行：指标=列名<0.1:back（到当时）或 :ahead（今后）"


class Backtests(Screen):
    """The form, and the result of `?trial=ID`. The form is sent as it is (`/console/backtests`), for it carries a file."""

    path: ClassVar[str] = "/backtests"
    title: ClassVar[str] = "历史回测"
    rail: ClassVar[str | None] = "回测"
    _drawn: tuple[str, Markup] | None = None
    """The result, drawn once."""

    def name(self, at_desk: AtDesk) -> str:
        return f"{PREFIX}{self.title}"

    def frame(self, at_desk: AtDesk) -> Markup:
        trial = self._trial(at_desk)
        if trial is not None:
            self.visit.place.backtests.follow(trial, self.wake)
        plans = sorted(at_desk.library.current().plans.values(), key=lambda one: one.title)
        asked = dict(trial.asked) if trial is not None else {}
        wanted = self.visit.query.get("plan") or asked.get("plan")
        plan = next((one for one in plans if one.id == wanted), None) or next(iter(plans), None)
        return tag(
            "div",
            tag("style", Markup(SHEET_STYLE + STRIP_STYLE)),
            tag("p", tag("b", f"{PREFIX}用过去的数据试预案；不产生事件，不通知任何人"), class_="drill-mark"),
            tag(
                "section",
                tag("h2", "试哪份预案、哪段数据", class_="title"),
                _choose(plans, plan),
                None if plan is None else _form(plan, asked, trial, self.visit.csrf),
                class_="panel",
                aria_label="回测的条件",
            ),
            panel("result", label="回测结果", heading=f"{PREFIX}结果", live=True),
            class_="stack drill-sheet",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        trial = self._trial(at_desk)
        if trial is None:
            return {"result": tag("p", _none(self.visit.query), class_="nothing")}
        if not trial.ended:
            return {"result": _outcome(trial)}
        if self._drawn is None or self._drawn[0] != trial.id:
            self._drawn = (trial.id, _outcome(trial))
        return {"result": self._drawn[1]}

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return False

    def _trial(self, at_desk: AtDesk) -> Trial | None:
        wanted = self.visit.query.get("trial")
        return None if wanted is None else self.visit.place.backtests.get(wanted, at_desk.caller.actor.person_id)


def _none(query: Mapping[str, str]) -> str:
    gone = "trial" in query
    return (
        "这次回测已不在了（只留最近的几次），请再做一次。"
        if gone
        else "还没有结果。选好预案和文件，按“开始回测”；四年的小时值约需十秒。"
    )


def _choose(plans: list[Plan], chosen: Plan | None) -> Markup:
    """Another plan: the form has its readings."""
    options = (tag("option", one.title, value=one.id, selected=chosen is not None and one.id == chosen.id) for one in plans)
    return tag(
        "form",
        tag(
            "div",
            tag("label", "预案", tag("select", *options, name="plan")),
            tag("button", "换预案", type="submit", class_="button"),
            class_="row",
        ),
        action="/backtests",
        method="get",
    )


def _form(plan: Plan, asked: dict[str, str], trial: Trial | None, csrf: str) -> Markup:
    own = asked.get("plan") == plan.id
    kept = trial is not None and bool(trial.content)
    return tag(
        "form",
        tag("input", type="hidden", name="csrf", value=csrf),
        tag("input", type="hidden", name="plan", value=plan.id),
        tag("input", type="hidden", name="kept", value=trial.id) if kept and trial is not None else None,
        tag(
            "div",
            tag(
                "label",
                f"数据文件（不选则沿用 {trial.name}）" if kept and trial is not None else "数据文件（CSV 或 Parquet）",
                tag("input", type="file", name="file", accept=".csv,.txt,.parquet", required=not kept),
            ),
            _select("lead", "预报时效", LEADS, asked.get("lead", "72")),
            _select("error", "预报", ERRORS, asked.get("error", "0")),
            _select("delay", "批准", DELAYS, asked.get("delay", "0")),
            _select("fill", "缺测", FILLS, asked.get("fill", "0")),
            class_="row",
        ),
        tag(
            "div",
            _select("reading", "读法", _readings(plan, "预案自己的读法"), asked.get("reading", "") if own else ""),
            _select("against", "对照", _readings(plan, "不对照"), asked.get("against", "") if own else ""),
            tag("label", "从", tag("input", name="from", value=asked.get("from", ""), placeholder="2016-11-01，可不填")),
            tag("label", "到", tag("input", name="to", value=asked.get("to", ""), placeholder="2017-03-31，可不填")),
            class_="row",
        ),
        tag(
            "label",
            "列的对应（可不填）",
            tag("textarea", asked.get("map", "") if own else "", name="map", rows="2", placeholder=OTHERWISE),
        ),
        tag("p", HINT, class_="aside"),
        tag("div", tag("button", "开始回测", type="submit", class_="button primary"), class_="line"),
        action="/console/backtests",
        method="post",
        enctype="multipart/form-data",
    )


def _select(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> Markup:
    return tag(
        "label",
        label,
        tag("select", *(tag("option", words, value=value, selected=value == chosen) for value, words in options), name=name),
    )


def _readings(plan: Plan, none: str) -> list[tuple[str, str]]:
    """Each alternative that can be switched, in its words."""
    found = [("", none)]
    for key, letters in plan.switches("level", "lifecycle").items():
        reading = plan.readings[key]
        found += [(f"{key}={letter}", f"{key} {letter}：{_cut(reading.words(letter))}") for letter in letters]
    return found


def _cut(words: str) -> str:
    return words if len(words) <= 30 else f"{words[:29]}…"


def _outcome(trial: Trial) -> Markup:
    """The error, how far it is, or the result."""
    if trial.failed is not None:
        where = f"（{trial.failed.where}）" if trial.failed.where else ""
        return join((error_words(trial.failed), tag("p", where, class_="aside") if where else None))
    if trial.broken is not None:
        return tag("p", tag("b", f"没有算完：{trial.broken}"), class_="said error", role="alert")
    if trial.result is None:
        words = f"正在回测：{trial.done} / {trial.total} 行" if trial.total else "等待开始……"
        return tag("p", words, " ", tag("progress", value=str(trial.done), max=str(max(trial.total, 1))))
    return _result(trial)


def _result(trial: Trial) -> Markup:
    result = trial.result
    assert result is not None
    run = result.run
    links = (
        tag("a", f"下载 {kind}", href=f"/console/backtests/{trial.id}.{ending}", class_="button", download=True)
        for kind, ending in (("报告（可打印）", "html"), ("过程 CSV", "csv"), ("全部 JSON", "json"))
    )
    body: list[Child] = [
        tag("div", *links, tag("span", f"用时 {trial.took:.1f} 秒", class_="aside"), class_="line"),
        parts.made_how(result),
    ]
    for scale in result.scales:
        sides = parts.sides(result, scale)
        body += [tag("h3", scale.short), parts.summary(scale, sides), strip(result, scale)]
        if result.other is not None:
            body.append(_fold("两边对照", parts.comparison_part(result, scale), shown=True))
        for word, side in zip(("", "") if result.other is None else ("左：", "右："), sides, strict=False):
            scored = (parts.scores_table(side), parts.leads_table(side), parts.verdicts_table(side))
            body += [
                _fold(f"{word}预警与实况", join(scored)),
                _fold(f"{word}各季各年的小时和日数", join(parts.periods_tables(run, scale, side))),
                _fold(f"{word}在行过程", parts.episodes_table(scale, side)),
            ]
    body.append(_fold("定义", parts.definitions_list(run)))
    return join(body)


def _fold(words: str, content: Markup, *, shown: bool = False) -> Markup:
    return tag("details", tag("summary", tag("b", words)), content, open=shown)
