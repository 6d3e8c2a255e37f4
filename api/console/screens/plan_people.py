"""组织: command, office and groups, and who proposes, decides and signs at each level."""

from __future__ import annotations

from collections.abc import Iterable

from api.console.badge import badge
from api.console.markup import Child, Markup, join, tag
from api.console.parts.gaps import open_end
from api.console.parts.words import clause
from api.http.at_desk import AtDesk
from engine.lifecycle.machine import LIFT, LOWER, rules_of
from engine.lifecycle.signers import signers
from engine.plan.condition import Level
from engine.plan.measure import iso_words
from engine.plan.model import Act, Body, Group, Plan, Scale
from engine.plan.words import STEPS, condition_word


def people_part(at_desk: AtDesk, plan: Plan, query: dict[str, str]) -> Markup:
    """The part."""
    organization = plan.organization
    bodies = [
        _body(plan, "指挥机构", organization.command) if organization.command else _missing("指挥机构"),
        _body(plan, "现场指挥机构", organization.on_site_command) if organization.on_site_command else _missing("现场指挥机构"),
    ]
    acting = [scale for scale in plan.scales.values() if any(act.scale == scale.id for act in plan.procedure_under())]
    general = [act for act in plan.procedure_under() if act.scale is None]
    others = [scale for scale in plan.scales.values() if scale not in acting]
    return tag(
        "div",
        tag("div", *(_procedure(plan, scale) for scale in (*acting, *others)), _general(plan, general), class_="stack"),
        tag("div", *bodies, _groups(plan, organization.groups), class_="stack"),
        class_="columns people-columns",
    )


def _missing(word: str) -> Markup:
    return tag("section", tag("h2", word, class_="title"), open_end("预案没有写"), class_="panel")


def _body(plan: Plan, word: str, body: Body) -> Markup:
    office: Child = body.office_name or body.office
    if body.office_name and body.office:
        office = f"{body.office_name}（设在{body.office}）"
    rows = (
        ("负责人", _people(body.head)),
        ("副职", _people(body.deputies) if body.deputies else None),
        ("办公室", office),
        ("办公室主任", body.office_head),
        ("成员", _folded(body.members)),
    )
    return tag(
        "section",
        tag("h2", word, class_="title"),
        tag("p", tag("b", body.name), " ", clause(plan.id, body.clause)),
        tag("p", f"又称 {'、'.join(body.aliases)}", class_="aside") if body.aliases else None,
        tag("dl", *(join((tag("dt", term), tag("dd", value))) for term, value in rows if value), class_="pairs"),
        class_="panel",
    )


def _people(names: Iterable[str]) -> Child:
    found = "、".join(names)
    return found or open_end("没有写")


def _folded(members: tuple[str, ...]) -> Markup | None:
    """A long list of members folds."""
    if not members:
        return None
    return tag("details", tag("summary", f"{len(members)} 个"), "、".join(members))


def _groups(plan: Plan, groups: tuple[Group, ...]) -> Markup | None:
    if not groups:
        return _missing("工作组")
    rows = (
        tag(
            "li",
            tag("b", one.name),
            " ",
            clause(plan.id, one.clause),
            tag("div", "牵头 ", "、".join(one.lead) if one.lead else open_end("没有写")),
            tag("div", "成员 ", _folded(one.members)) if one.members else None,
            tag("div", one.does, class_="aside") if one.does else None,
        )
        for one in groups
    )
    return tag("section", tag("h2", f"工作组 {len(groups)}", class_="title"), tag("ul", *rows, class_="groups"), class_="panel")


def _procedure(plan: Plan, scale: Scale) -> Markup:
    """The steps as printed, and the posts whose signature the system accepts: levels that share them share a row."""
    if scale.follows is not None and not any(act.scale == scale.id for act in plan.procedure_under()):
        leading = plan.scales[scale.follows.scale]
        words = f"{scale.short}随{leading.short}而定，不另签发"
        return tag("section", tag("h2", scale.label, class_="title"), tag("p", words), class_="panel")
    acts = [act for act in plan.procedure_under() if act.scale == scale.id]
    steps = [step for step in STEPS if any(act.step == step for act in acts)]
    heads = (tag("th", word, scope="col") for word in ("级别", *(STEPS[step] for step in steps), "可签发的岗位"))
    alike: dict[Markup, list[str]] = {}
    for level in scale.levels:
        cells = [tag("td", *(_act(plan, act) for act in acts if act.step == step and _is_for(act, level))) for step in steps]
        alike.setdefault(join((*cells, tag("td", _posts(plan, scale, None, level)))), []).append(level)
    rows = [tag("tr", tag("td", *(badge(scale, level) for level in levels)), cells) for cells, levels in alike.items()]
    rules = rules_of(plan, scale.id)
    below = {LOWER: scale.levels[0], LIFT: None}
    ends = [
        tag("p", tag("span", word, class_="aside"), " ", _posts(plan, scale, scale.levels[-1], below[kind]))
        for kind, word in (
            (LOWER, f"由{scale.name(scale.levels[-1])}降级，可签："),
            (LIFT, f"由{scale.name(scale.levels[-1])}解除，可签："),
        )
        if kind in rules and (kind == LIFT or len(scale.levels) > 1)
    ]
    return tag(
        "section",
        tag("h2", f"{scale.label}：谁提出、谁签发", class_="title"),
        tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="procedure"),
        *ends,
        class_="panel",
    )


def _is_for(act: Act, level: str) -> bool:
    return act.every_level or level in act.levels


def _posts(plan: Plan, scale: Scale, before: Level, after: Level) -> Child:
    if scale.follows is not None:
        return "—"
    return tag("b", "、".join(signers(plan, scale.id, before, after)))


def _act(plan: Plan, act: Act) -> Markup:
    within = None if act.within is None else (iso_words(act.within) if act.within.startswith("P") else act.within)
    more = "，".join(one for one in (act.does, act.form, f"{within}内" if within else None) if one)
    return tag(
        "div",
        act.who or open_end("没有写谁"),
        " ",
        clause(plan.id, act.clause),
        tag("div", more, class_="aside") if more else None,
        tag("div", f"条件：{condition_word(plan, act.when)}", class_="aside") if act.when else None,
        class_="act",
    )


def _general(plan: Plan, acts: list[Act]) -> Markup | None:
    if not acts:
        return None
    rows = (tag("tr", tag("td", STEPS[act.step]), tag("td", _act(plan, act))) for act in acts)
    return tag(
        "section",
        tag("h2", "不随级别的程序", class_="title"),
        tag("table", tag("tbody", *rows), class_="procedure"),
        class_="panel",
    )
