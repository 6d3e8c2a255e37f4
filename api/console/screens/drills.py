"""推演 at the live office: begin one in two minutes, see those that run and those that were."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta

from api.console.markup import Markup, tag
from api.console.screen import Screen, nothing, panel
from api.console.screens.drills_list import earlier, running
from api.drills.beginning import NEAR_CHANGE, near_change
from api.http.at_desk import AtDesk
from api.people.actor import EVERYWHERE
from api.scenarios import read_scenarios
from engine.drill.authoring.amounts import duration_words
from engine.drill.scenario import Scenario
from engine.incident.chain import Entry
from engine.incident.proposal import leading
from engine.incident.state import Incident
from engine.plan.model import Plan
from engine.plan.words import level_word

MAY_START = frozenset({"officer", "leader", "director", "admin"})
START = "/api/v1/drills"


class DrillsScreen(Screen):
    """Beginning a drill, and the list."""

    path, title, rail = "/drills", "推演", "推演"

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return False

    def frame(self, at_desk: AtDesk) -> Markup:
        starts = bool(at_desk.caller.actor.roles & MAY_START) and self.visit.place.drills is not None
        return tag(
            "div",
            tag(
                "div",
                _from_plan(at_desk) if starts else None,
                _from_file(at_desk) if starts else None,
                _from_incident(at_desk, self.visit.query.get("incident")) if starts else None,
                panel("refused", label="谁能开始") if not starts else None,
                class_="stack",
            ),
            tag(
                "div",
                panel("warnings", label="开始以前", live=True),
                panel("running", label="正在推演", heading="正在推演", classes="drills-list"),
                panel("earlier", label="推演记录", heading="推演记录", classes="drills-list"),
                _others(),
                class_="stack",
            ),
            class_="columns drills-columns",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        drills = self.visit.place.drills
        who = "开始推演要有值班员、带班领导、导调员或管理员的角色；派给您角色的推演列在这里"
        return {
            "refused": tag("p", who if drills is not None else "这个进程不开推演；到开着值班台的那个进程"),
            "warnings": _warnings(at_desk),
            "running": running(drills, at_desk),
            "earlier": earlier(drills, at_desk),
        }


def _from_plan(at_desk: AtDesk) -> Markup:
    """Plan and level: a scenario is written from the plan itself."""
    plans = [one for one in at_desk.library.current().plans.values() if at_desk.sees(one.jurisdiction)]
    options = (
        tag(
            "optgroup",
            *(
                tag("option", words, value=json.dumps({"plan": plan.id, "scale": scale, "to": level}))
                for scale, level, words in _goals(plan)
            ),
            label=plan.title,
        )
        for plan in plans
    )
    form = tag(
        "form",
        tag("label", "演哪份预案、到哪一级", tag("select", tag("option", "请选择", value=""), *options, name="generate", required=True, data_type="json", data_first=True)),
        _more(),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        tag("button", "开始推演", type="submit", class_="button primary"),
        data_url=START, data_go="{address}", data_label="开始推演", data_now_or_never=True,
    )  # fmt: skip
    note = tag(
        "p",
        "不必写剧本：事实由低到高，逐级在阈值之下、正好、之上，有一项关键事实暂时不明；期望的行动就是预案自己的任务和时限。",
        class_="note",
    )
    return tag("section", tag("h2", "两分钟开始", class_="title"), note, form, class_="panel", aria_label="两分钟开始")


def _goals(plan: Plan) -> Iterator[tuple[str, str, str]]:
    for scale in leading(plan):
        for level in scale.levels:
            yield scale.id, level, f"{scale.short} {level_word(scale, level)}"


def _more() -> Markup:
    """What need not be chosen."""
    return tag(
        "details",
        tag("summary", "更多"),
        tag(
            "label",
            "随机种子（不填：各项取中位，每次都一样）",
            tag("input", name="seed", inputmode="numeric", data_type="number", autocomplete="off"),
        ),
        tag(
            "label",
            "演练时刻从（不填：现在）",
            tag("input", name="begins", data_type="ahead", placeholder="10-22 09:00", autocomplete="off"),
        ),
    )


def _from_file(at_desk: AtDesk) -> Markup:
    read = read_scenarios(at_desk.library.current().versions)
    scenarios = {
        name: one.scenario for name, one in read.items() if one.scenario is not None and at_desk.sees(one.scenario.jurisdiction)
    }
    wrong = [name for name, one in read.items() if one.scenario is None]
    titles = {plan.id: plan.title for plan in at_desk.library.current().plans.values()}
    rows = (
        tag(
            "label", tag("input", type="radio", name="scenario", value=name, required=True),
            tag("span", tag("b", one.title), tag("span", _about(one, titles), class_="aside"), class_="told"), class_="scenario",
        )
        for name, one in scenarios.items()
    )  # fmt: skip
    form = tag(
        "form", tag("div", *rows, class_="scenario-list"), _more(),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        tag("button", "按剧本开始", type="submit", class_="button"),
        data_url=START, data_go="{address}", data_label="开始推演", data_now_or_never=True,
    )  # fmt: skip
    broken = (
        tag(
            "p",
            f"{len(wrong)} 个情景文件有错误，没有列出：{'、'.join(wrong)}（yuan drill --check 列出全部）",
            class_="said error",
        )
        if wrong
        else None
    )
    body = form if scenarios else nothing("没有情景文件；放在预案文件夹的 drills 里")
    return tag("section", tag("h2", "用现成的剧本", class_="title"), broken, body, class_="panel", aria_label="用现成的剧本")


def _about(one: Scenario, titles: Mapping[str, str]) -> str:
    plans = "、".join(titles.get(plan, plan) for plan in one.plans)
    return f"{plans}；{duration_words(one.lasts.total_seconds())}，{len(one.injects)} 个注入"


def _from_incident(at_desk: AtDesk, chosen: str | None) -> Markup:
    incidents = [(one.id, one.title) for one in at_desk.open_incidents() if not one.watch]
    if not incidents:
        return tag(
            "section",
            tag("h2", "从正在处置的事件", class_="title"),
            nothing("没有正在处置的事件"),
            class_="panel",
            aria_label="从正在处置的事件",
        )
    options = (tag("option", f"{title}（{name}）", value=name, selected=name == chosen) for name, title in incidents)
    form = tag(
        "form", tag("label", "哪一件", tag("select", tag("option", "请选择", value=""), *options, name="incident", required=True)),
        tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        tag("button", "从这件事件推演", type="submit", class_="button"),
        data_url=START, data_go="{address}", data_label="开始推演", data_now_or_never=True,
    )  # fmt: skip
    note = tag("p", "抄出到此刻为止的事实和决定，在另一个库里接着演；实况不受影响。", class_="note")
    return tag(
        "section", tag("h2", "从正在处置的事件", class_="title"), note, form, class_="panel", aria_label="从正在处置的事件"
    )


def _warnings(at_desk: AtDesk) -> Markup:
    """What speaks against beginning just now."""
    open_now = [one for one in at_desk.open_incidents() if not one.watch]
    waiting = sum(len(course.pending) for one in open_now for course in one.courses.values())
    said = []
    if waiting:
        said.append(f"实况有 {waiting} 项建议等候签发：先办实况")
    elif open_now:
        said.append(f"实况有 {len(open_now)} 件事件在处置：推演的人手另安排")
    said += _shift_change(at_desk)
    if not said:
        return tag("p", "推演在另一个库里进行，不通知任何单位；全程有紫色条纹框和 [推演] 标记。", class_="note")
    return tag("ul", *(tag("li", words, class_="soon") for words in said))


def _shift_change(at_desk: AtDesk) -> list[str]:
    """A change of shifts within half an hour."""
    actor = at_desk.caller.actor
    place = at_desk.own_place if actor.jurisdiction == EVERYWHERE else actor.jurisdiction
    if place is None or place == EVERYWHERE:
        return []
    near = NEAR_CHANGE + timedelta(seconds=1)
    return list(near_change(at_desk.people.shifts.between(place, at_desk.now - near, at_desk.now + near), at_desk.now))


def _others() -> Markup:
    return tag(
        "section", tag("h2", "不用人演的", class_="title"),
        tag("ul", tag("li", tag("a", "情景扫描", href="/sweeps"), tag("span", "变动一两项事实，看级别、签发人和任务在哪里变", class_="aside"), class_="line"),
            tag("li", tag("a", "历史回测", href="/backtests"), tag("span", "把预案放到过去几年的数据上", class_="aside"), class_="line")),
        class_="panel", aria_label="情景扫描和历史回测",
    )  # fmt: skip
