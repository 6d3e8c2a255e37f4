"""状态图: the plan's machines as diagrams, with where a running incident stands."""

from __future__ import annotations

from collections.abc import Iterable

from api.console.badge import MARKS
from api.console.markup import Markup, tag
from api.console.parts.gaps import open_end
from api.console.parts.words import clause
from api.console.screens.plan_drawing import drawing
from api.http.at_desk import AtDesk
from engine.incident.state import Course, Incident
from engine.lifecycle.machine import KIND_WORDS, LIFT, LOWER, RAISE, Picture, State, pictures, rules_of
from engine.plan.condition import Condition
from engine.plan.model import Plan
from engine.plan.words import condition_word, level_word

STEPS = {"all": "可以一次降到事实所及的级别", "one": "逐级下降"}


def states_part(at_desk: AtDesk, plan: Plan, query: dict[str, str]) -> Markup:
    """The part. An incident that is pinned to another version is shown by its own."""
    running = [one for one in at_desk.open_incidents() if plan.id in one.courses]
    incident = at_desk.incident(query["incident"]) if "incident" in query else None
    course = None if incident is None else incident.courses.get(plan.id)
    if course is not None:
        plan = at_desk.desk.versions[course.digest]
    found = pictures(plan, None if course is None else State(course.phase, dict(course.levels)))
    return tag(
        "div",
        _choice(plan, running, incident, course),
        *(_machine(plan, one, lit=course is not None) for one in found),
        *_followers(plan),
        class_="stack",
    )


def _choice(plan: Plan, running: Iterable[Incident], chosen: Incident | None, course: Course | None) -> Markup:
    links = [
        tag(
            "a",
            one.title,
            href=f"/plans/{plan.id}?part=states&incident={one.id}",
            class_="button",
            aria_current="true" if chosen is not None and one.id == chosen.id else None,
        )
        for one in running
    ]
    said: str | Markup = "实心框是这个事件现在的状态" if course else "没有选定事件"
    if chosen is not None and course is None:
        said = tag("b", f"“{chosen.title}”没有适用这件预案")
    return tag(
        "div",
        tag("span", "看一个在办事件现在的状态：" if links else "没有事件在按这件预案办理", class_="aside"),
        *links,
        tag("span", said, class_="aside push"),
        class_="line",
    )


def _machine(plan: Plan, picture: Picture, *, lit: bool) -> Markup:
    return tag(
        "section",
        tag(
            "h2",
            picture.title,
            tag("span", f" 现在：{picture.states[picture.now]}", class_="chip chosen") if lit else None,
            class_="title",
        ),
        drawing(picture, lit=lit, marks={key: mark.colour for key, mark in MARKS.items()}),
        _phase_rules(plan) if picture.scale is None else _level_rules(plan, picture.scale),
        class_="panel machine",
        data_key=picture.scale or "phases",
    )


def _when(plan: Plan, condition: Condition | None, otherwise: str) -> Markup | str:
    return otherwise if condition is None else condition_word(plan, condition)


def _phase_rules(plan: Plan) -> Markup:
    phases = plan.lifecycle.phases
    going = {RAISE: "随{}升级", LIFT: "随{}解除"}
    rows = [
        tag(
            "tr",
            tag("td", tag("b", one.label)),
            tag("td", f"{'、'.join(phases[source] for source in one.sources)} → {phases[one.target]}"),
            tag("td", _when(plan, one.when, "—")),
            tag("td", going[one.goes_with[1]].format(plan.scales[one.goes_with[0]].short) if one.goes_with else "由带班人员登记"),
            tag("td", clause(plan.id, one.clause)),
        )
        for one in plan.lifecycle.transitions
    ]
    heads = (tag("th", word, scope="col") for word in ("转移", "从 → 到", "条件", "怎样发生", "条款"))
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))


def _level_rules(plan: Plan, scale_id: str) -> Markup:
    """Raising is by the thresholds; lowering and lifting by rules, or not written."""
    scale, rules = plan.scales[scale_id], rules_of(plan, scale_id)
    if scale.highest_of and not rules:
        return tag("p", "随各项中的最高级别升降", class_="aside")
    rows = []
    for kind in (RAISE, LOWER, LIFT):
        rule = rules.get(kind)
        if rule is None and kind == LOWER and len(scale.levels) == 1:
            continue
        if rule is None and kind == RAISE:
            rows.append(tag("tr", tag("td", tag("b", KIND_WORDS[kind])), tag("td", "达到分级条件即建议", colspan="2"), tag("td")))
        elif rule is None:
            rows.append(
                tag("tr", tag("td", tag("b", KIND_WORDS[kind])), tag("td", open_end("预案没有写"), colspan="2"), tag("td"))
            )
        else:
            otherwise = "达到分级条件即建议" if kind == RAISE else "条件没有写，由有权的人决定"
            how = STEPS[rule.steps] if kind == LOWER else ""
            rows.append(
                tag(
                    "tr",
                    tag("td", tag("b", KIND_WORDS[kind])),
                    tag("td", _when(plan, rule.when, otherwise)),
                    tag("td", how, class_="aside"),
                    tag("td", clause(plan.id, rule.clause)),
                )
            )
    heads = (tag("th", word, scope="col") for word in ("变动", "条件", "", "条款"))
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))


def _followers(plan: Plan) -> list[Markup]:
    """Scales that have no machine of their own."""
    found = []
    for scale in plan.scales.values():
        if scale.follows is not None:
            leading = plan.scales[scale.follows.scale]
            pairs = "；".join(f"{level_word(leading, of)} → {level_word(scale, to)}" for of, to in scale.follows.map.items())
            words = f"随{leading.short}而定，没有自己的状态图：{pairs}"
            found.append(tag("section", tag("h2", scale.label, class_="title"), tag("p", words), class_="panel"))
    return found
