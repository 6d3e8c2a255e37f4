"""The middle of an incident: what is proposed, why, what is still possible, how far it is, what to ask, on which readings it rests."""

from __future__ import annotations

from api.console.badge import badge, ladder
from api.console.markup import Markup, join, tag
from api.console.parts.proposal import proposal_box
from api.console.parts.proposal_readings import readings_of
from api.console.parts.proposal_why import level_reasons, rule_reasons
from api.console.parts.words import clause, moment
from api.console.screens.incident_view import Under, View, writes
from api.console.tree import Folds
from api.console.verdict import ask, signers, ways
from engine.contract.incident import pending_data
from engine.explain import level_states, readings_used
from engine.plan.model import Scale
from engine.plan.words import level_word

FOLDS = Folds(frozenset(), frozenset())
MOST_SCALES = 2


def proposals(view: View) -> Markup:
    """What waits for a signature; where nothing does, why the level stands."""
    found = pending_data(view.incident, view.at_desk.desk.versions, view.at, view.at_desk.posts)
    signs = writes(view.at_desk) and not view.past
    if found:
        plans = {one.plan.id: one.plan for one in view.under}
        return join(proposal_box(plans[one["plan"]], one, view.at, signs=signs) for one in found)
    if not view.under:
        return tag("p", "还没有启用预案，引擎不研判。先看哪些预案适用。", class_="nothing")
    return join((tag("h2", "没有待签的建议", class_="title"), *(_standing(view, one) for one in view.under)))


def _standing(view: View, one: Under) -> Markup:
    """Why nothing is proposed: what is in force, and what the facts alone would come to."""
    lines = []
    for scale in one.scales()[0][:MOST_SCALES]:
        now, facts = one.course.levels.get(scale.id), one.assessment.levels[scale.id]
        since = moment(one.course.since.get(scale.id), view.at)
        lines.append(
            tag(
                "p", f"{scale.short}现行 ", badge(scale, now, "small"), f"（自 {since}）" if now is not None else "",
                "，与已知事实相符" if now == facts else "，按已知事实为 ", None if now == facts else badge(scale, facts, "small"),
                _why_still(scale, now, facts), data_key=scale.id, class_="stands",
            )
        )  # fmt: skip
    return tag("div", tag("b", one.plan.title), *lines, data_key=one.plan.id)


def _why_still(scale: Scale, now: str | None, facts: str | None) -> str:
    if scale.rank(facts) < scale.rank(now):
        return f"；{level_word(scale, now)}还在行：降级、解除的条件见下，未满足就不降"
    return "" if now == facts else "；已另作决定，或在等条件"


def assessments(view: View) -> Markup:
    """Each plan with its scales."""
    return join(_plan(one, several=len(view.under) > 1) for one in view.under)


def _plan(one: Under, *, several: bool) -> Markup:
    busy, quiet = one.scales()
    asked = ask(one.assessment, one.questions, busy[0].id if busy else next(iter(one.plan.scales)))
    names = "、".join(scale.short for scale in quiet)
    return tag(
        "section",
        tag("h2", one.plan.title, class_="title") if several else None,
        tag("div", asked, class_="ask") if one.questions else tag("p", tag("b", "不必再问："), "已知事实足以定级。"),
        *(_scale(one, scale) for scale in busy[:MOST_SCALES]),
        *(_folded(one, scale) for scale in busy[MOST_SCALES:]),
        tag("p", f"按已知事实已排除：{names}", class_="aside") if quiet else None,
        data_key=one.plan.id,
        data_plan=one.plan.id,
        class_="assessed",
    )


def _folded(one: Under, scale: Scale) -> Markup:
    states = ladder(scale, level_states(one.assessment, scale.id))
    summary = tag(
        "summary", tag("b", scale.short), " ", badge(scale, one.assessment.levels[scale.id], "small"), " ", states, class_="line"
    )
    return tag("details", summary, _scale(one, scale, folded=True), data_key=scale.id)


def _still(one: Under, scale: Scale) -> Markup:
    """What else it may come to."""
    others = [level for level in one.assessment.possible[scale.id] if level != one.assessment.levels[scale.id]]
    if not others:
        return tag("b", "已确定")
    return tag("span", "还可能：", tag("b", "、".join(level_word(scale, level) for level in others)))


def _rests(one: Under, scale: Scale, *, folded: bool) -> Markup:
    """The readings, and the button that unfolds those that the level depends on: by one key, where they are in sight."""
    unfold = tag(
        "button", "展开 ", None if folded else tag("kbd", "R"), type="button", class_="button small unfold", data_unfold=True,
        data_shortcut=None if folded else "r", aria_label=f"展开{scale.short}所依的条款解释",
    ) if readings_used(one.assessment, scale.id) else None  # fmt: skip
    return tag("div", unfold, readings_of(one.assessment, scale), class_="rests")


def _scale(one: Under, scale: Scale, *, folded: bool = False) -> Markup:
    """One scale: reached and possible, why, how far, who signs, readings."""
    in_force = one.course.levels.get(scale.id)
    return tag(
        "article",
        tag(
            "div",
            tag("h3", scale.short, class_="scale"),
            tag("small", "按已知事实"),
            badge(scale, one.assessment.levels[scale.id]),
            _still(one, scale),
            tag(
                "span",
                "依据 ",
                *(join((clause(one.plan.id, name), " ")) for name in one.assessment.basis(scale.id)),
                class_="basis",
            ),
            class_="line",
        ),
        tag(
            "div",
            tag("small", "仍可能（精确）"),
            ladder(scale, level_states(one.assessment, scale.id)),
            tag("small", "在行"),
            badge(scale, in_force, "small"),
            class_="rungs",
        ),
        level_reasons(one.assessment, scale),
        tag("div", ways(one.assessment, scale), class_="ways"),
        tag("div", rule_reasons(one.assessment, scale), class_="rules") if in_force is not None else None,
        tag(
            "details",
            tag("summary", tag("b", "谁提出、决定、签发、发布")),
            tag("div", signers(one.assessment, scale, FOLDS), class_="signing"),
            data_key="signers",
        ),
        _rests(one, scale, folded=folded),
        data_key=scale.id,
        class_="scale-box",
    )
