"""推演: the exercise on its clock. Timeline with branches, injects and what they led to, differences, deadlines, people and their parts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from api.console.markup import EMPTY, Child, Markup, join, tag
from api.console.parts.drill_data import (
    Looked,
    ahead_of,
    comparison_of,
    directs,
    evaluation_of,
    found_at,
    lanes_of,
    looked_at,
    numbered,
    of_branch,
)
from api.console.parts.drill_timeline import Axis, Course, drill_timeline
from api.console.screen import Screen, nothing, panel
from api.console.screens.drill_dialogs import assigning, dialogs
from api.console.screens.drill_panels import branches_list, cast_table, deadline_table, difference, inject_table
from api.drills.clock import SPEEDS
from api.drills.data import act_words
from api.http.at_desk import AtDesk
from api.people.clock import CHINA, stamp
from engine.contract.drill import after_word
from engine.drill.run import Act
from engine.drill.script import planned_at
from engine.incident.chain import Entry
from engine.incident.state import Incident

CLOCK = "/api/v1/drill/clock"
MINUTE = timedelta(minutes=1)


class DrillStage(Screen):
    """The first screen of a drill: the director's, who has the clock and sees what is to come; the others see what has come."""

    path, title, rail = "/", "推演", "推演"

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return True

    def frame(self, at_desk: AtDesk) -> Markup:
        one = found_at(self.visit.place)
        if one is None:
            return EMPTY
        director = directs(one, at_desk.caller.actor.person_id)
        return tag(
            "div",
            panel("transport", label="播放", classes="transport"),
            panel("timeline", label="时间线"),
            tag(
                "div",
                panel("injects", label="情景注入", heading="情景注入"),
                panel("apart", label="分支差异", heading="分支差异") if director else panel("own", label="我在推演里", heading="我在推演里"),
                tag(
                    "div",
                    panel("deadlines", label="签发与时限", heading="签发与时限"),
                    panel("branches", label="分支", heading="分支"),
                    tag(
                        "section", tag("h2", "参演人员", class_="title"), tag("div", data_panel="cast", class_="content"),
                        assigning(one, at_desk) if director else None, class_="panel", aria_label="参演人员",
                    ),
                    class_="stack",
                ),
                class_="columns drill-columns",
            ),
            join(dialogs(one, at_desk)) if director and one.drill.ended_at is None else None,
            class_="stack drill-stage",
        )  # fmt: skip

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        one = looked_at(self.visit.place)
        director = directs(one, at_desk.caller.actor.person_id)
        evaluation = evaluation_of(one)
        return {
            "transport": _transport(one, director=director),
            "timeline": _timeline(one, evaluation, director=director),
            "injects": inject_table(one, evaluation, director=director),
            "apart" if director else "own": self._apart(one) if director else _own(one, at_desk),
            "deadlines": deadline_table(evaluation),
            "branches": branches_list(one, director=director),
            "cast": cast_table(one, at_desk),
        }

    def _apart(self, one: Looked) -> Markup:
        """This branch and another: the one chosen in the address, else the one that it came out of, else the first other."""
        others = [each for each in one.drill.branches if each.key != one.branch.key]
        if not others:
            return nothing("只有一个分支。从某一时刻另开一个，这里并排列出先在哪里不同、任务增减、谁签发和各自的时限")
        wanted = self.visit.query.get("against") or one.branch.parent
        other = next((each for each in others if each.key == wanted), others[0])
        return difference(comparison_of([of_branch(one.drill, other), one]), other.label, one.branch.label)


# The clock


def _transport(one: Looked, *, director: bool) -> Markup:
    exercise = one.branch.exercise
    pulse, ended = exercise.clock.pulse(), one.drill.ended_at is not None
    over = ended or one.run.at >= one.run.scenario.ends
    said: list[Child] = [
        tag("b", "推演已结束" if ended else "已演到末尾" if over else "进行中" if pulse.running else "已暂停"),
        tag("span", f"分支{one.branch.label}", class_="aside"),
    ]
    if director and not over:
        upcoming = exercise.upcoming()
        said.append(tag("span", "剧本里没有下一步了" if upcoming is None else f"下一步 {_coming(one, upcoming)}", class_="aside"))
    if exercise.trouble is not None:
        said.append(tag("span", f"剧本停住了：{exercise.trouble}", class_="said error", role="alert"))
    if ended:
        said.append(tag("a", "看复盘", href="/review", class_="button small"))
    if not director:
        said.append(tag("span", "钟由导调掌握；您的待签、任务在左边各屏", class_="push aside"))
    controls = _controls(one, running=pulse.running, speed=pulse.speed, over=over) if director and not ended else None
    return tag("div", controls, tag("div", *said, class_="line"))


def _controls(one: Looked, *, running: bool, speed: float, over: bool) -> Markup:
    play = ("stand", "‖ 暂停") if running else ("run", "▶ 播放")
    coming = next((at for at in _planned(one) if at > one.run.at), None)
    speeds = (
        tag("button", f"{each:g}×", type="submit", name="speed", value=f"{each:g}", data_type="json", class_="button small",
            aria_pressed="true" if each == speed else "false", title=f"以 {each:g} 倍速播放", disabled=over)
        for each in SPEEDS
    )  # fmt: skip
    return tag(
        "div",
        _form({}, tag("button", play[1], _key("空格"), type="submit", name="do", value=play[0], class_="button primary", data_shortcut=" ", disabled=over),
              tag("button", "一步", _key("→"), type="submit", name="do", value="step", class_="button", data_shortcut="arrowright", disabled=over)),
        _form({"do": "run"}, tag("span", *speeds, role="group", aria_label="倍速", class_="line")),
        _form({"do": "to", "to": stamp(coming) or ""}, tag("button", "到下一注入", type="submit", class_="button", disabled=over or coming is None)),
        _opener("倒回", "←", "arrowleft", _before(one), title="倒回就是从那一刻另开一个分支：原来的留着，可以对比"),
        tag("span", class_="push"),
        tag("button", "立即注入", type="button", class_="button", data_open="drill-inject", disabled=over),
        tag("button", "换读法再演", type="button", class_="button", data_open="drill-again"),
        _opener("从此刻另开分支", "B", "b", one.run.at, primary=True),
        class_="line",
    )  # fmt: skip


def _opener(words: str, shown: str, key: str, moment: datetime, *, primary: bool = False, title: str | None = None) -> Markup:
    """A button that opens the branch dialog at a moment."""
    return tag(
        "button", words, _key(shown), type="button", class_=f"button{' primary' if primary else ''}", data_open="drill-branch",
        data_shortcut=key, data_setmoment=_local(moment), title=title,
    )  # fmt: skip


def _key(name: str) -> Markup:
    return tag("kbd", name, aria_hidden="true")


def _form(hidden: dict[str, str], *children: Child) -> Markup:
    fields = (tag("input", type="hidden", name=name, value=value) for name, value in hidden.items())
    said = tag("span", data_said=True, class_="said", role="status", tabindex="-1")
    return tag(
        "form", *fields, *children, said, data_url=CLOCK, data_done="", data_label="演练钟", data_now_or_never=True, class_="line"
    )


def _planned(one: Looked) -> list[datetime]:
    return sorted(planned_at(one.run.scenario, each) for each in one.run.scenario.injects if each.id not in one.run.given)


def _before(one: Looked) -> datetime:
    """Just before what was given last; at the earliest T+0."""
    last = max(one.run.given.values(), default=one.run.scenario.begins)
    return max(last - MINUTE, one.run.scenario.begins)


def _local(moment: datetime) -> str:
    """A moment as officers type it, exactly."""
    local = moment.astimezone(CHINA)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"


def _coming(one: Looked, act: Act) -> str:
    numbers = numbered(one)
    kind, _, name = act.origin.partition(":")
    words = f"注入 {numbers[name]}" if kind == "inject" and name in numbers else act_words(act, one.run)
    return f"{after_word(act.at - one.run.scenario.begins)}：{words}"


# What happened


def _timeline(one: Looked, evaluation: dict[str, Any], *, director: bool) -> Markup:
    """The director's with what is to come and all branches; the others' with what has come in theirs."""
    scenario, numbers = one.run.scenario, numbered(one)
    planned = {each.id: stamp(planned_at(scenario, each)) for each in scenario.injects}
    injects = [
        {**each, "number": numbers[each["id"]], "planned_at": planned[each["id"]]}
        for each in evaluation["injects"]
        if director or each["given_at"] is not None
    ]
    labels = {each.key: each.label for each in one.drill.branches}
    courses = []
    shown = tuple(one.drill.branches) if director else (one.branch,)
    axis = Axis(min(each.scenario.begins for each in shown), max(each.scenario.ends for each in shown))
    for branch in shown:
        each = one if branch.key == one.branch.key else of_branch(one.drill, branch)
        ahead = ahead_of(each) if director else []
        courses.append(
            Course(branch.label, lanes_of(each), each.run.at, ahead, branch.since, labels.get(branch.parent or "", ""))
        )
    return drill_timeline(axis, one.run.at, injects, courses, evaluation["expected"], director=director)


def _own(one: Looked, at_desk: AtDesk) -> Markup:
    """What somebody who does not direct is to do here."""
    actor = at_desk.caller.actor
    posts = list(actor.posts)
    if "leader" in actor.roles or "officer" in actor.roles:
        rows = [
            tag("p", f"您以{'、'.join(posts)}的身份参演。" if posts else "您参演。"),
            tag("p", tag("a", "看事件、记事实", href=f"/incidents/{one.branch.exercise.incident_id}", class_="button"), " ",
                tag("a", "我的待签", href="/sign", class_="button"), " ", tag("a", "任务", href="/duties", class_="button"), class_="line"),
        ]  # fmt: skip
    else:
        rows = [tag("p", "您在观摩：只看，不记、不签。要参演，请导调派定角色。")]
    return tag("div", *rows, tag("p", "后面有什么注入，只有导调知道；这里只列已经给出的。", class_="note"))
