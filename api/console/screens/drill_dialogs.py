"""What the director of a drill fills in: parts, injects of the moment, branches, other readings and plan versions."""

from __future__ import annotations

import json
from collections.abc import Iterator

from api.console.markup import Child, Markup, tag
from api.console.parts.drill_data import Looked, numbered
from api.console.parts.picking import fact_row, sent_rows
from api.console.screens.drill_panels import parts_of
from api.console.screens.incident_dialogs import dialog, pairs, text
from api.http.at_desk import AtDesk
from engine.contract.drill import fact_word
from engine.drill.draw import Draw
from engine.drill.scenario import Hours, Inject
from engine.plan.model import Plan

BRANCHES = "/api/v1/drill/branches"
CHANGES = "scenario_changes"


def assigning(one: Looked, at_desk: AtDesk) -> Markup:
    """The director gives people their parts; nobody is chosen beforehand."""
    people = [
        (each.id, each.name) for each in at_desk.people.accounts.everybody() if each.active and each.id != one.drill.director
    ]
    boxes = (
        tag(
            "label",
            tag("input", type="checkbox", name="parts", value=part, data_type="item"),
            name,
            " ",
            tag("span", posts, class_="aside"),
        )
        for part, name, posts in parts_of(one)
    )
    form = tag(
        "form", pairs("谁", "person", people), tag("fieldset", tag("legend", "演什么（都不选则只观摩）"), *boxes, class_="parts-to-choose"),
        tag("button", "派定", type="submit", class_="button"), tag("p", data_said=True, class_="said", tabindex="-1", role="status"),
        data_live=True, data_url=f"/api/v1/drills/{one.drill.id}/cast", data_done="已派定", data_label="派定角色", data_guard=True, class_="asking",
    )  # fmt: skip
    return tag("details", tag("summary", "派定角色"), form)


def dialogs(one: Looked, at_desk: AtDesk) -> Iterator[Markup]:
    """All of them."""
    plans = [one.run.plans[course.digest] for course in one.run.incident.courses.values()]
    yield _injecting(plans)
    yield _branching(one, plans)
    yield _again(plans)
    versions = [
        (plan, each) for plan in plans for each in at_desk.library.current().versions[plan.id] if each.digest != plan.digest
    ]
    if versions:
        options = [
            (json.dumps({plan.id: each.digest}), f"{plan.title}：{each.document.number or each.digest[:12]}")
            for plan, each in versions
        ]
        yield dialog(
            "drill-version", "换预案版本，从头再演一支", BRANCHES, _from_json("预案版本", "versions", options), submit="再演一支（推演）", go="{address}"
        )  # fmt: skip


def _injecting(plans: list[Plan]) -> Markup:
    return dialog(
        "drill-inject", "立即注入（推演）", "/api/v1/drill/injects",
        text("说什么", "text"),
        tag("div", tag("label", "谁说的", tag("input", name="from", value="导调", autocomplete="off")),
            tag("label", "方式", tag("input", name="medium", value="电话", autocomplete="off")), class_="pair"),
        _fold(
            "带来的事实（不填则只是一条消息）",
            tag("label", "找指标", tag("input", type="search", data_filter="inject-facts", autocomplete="off")),
            tag("div", sent_rows(plans), id="inject-facts", class_="facts-to-pick"),
        ),
        submit="注入（推演）",
    )  # fmt: skip


def _branching(one: Looked, plans: list[Plan]) -> Markup:
    numbers = numbered(one)
    injects = (_inject(each, numbers[each.id], plans) for each in one.run.scenario.injects)
    people = (
        tag(
            "label",
            f"{each.name} 多久后决定",
            tag("input", name=f"{CHANGES}.people.{each.id}", placeholder="照剧本；如 40分钟", autocomplete="off"),
        )
        for each in one.run.scenario.people
    )
    return dialog(
        "drill-branch", "从某一时刻另开分支（推演）", BRANCHES,
        tag("label", "从哪一时刻（演练时刻，已经演到的）",
            tag("input", name="moment", data_type="moment", required=True, autocomplete="off", placeholder="10-22 14:30")),
        tag("label", "这一支有什么不同，一句话（可不填）", tag("input", name="changes", autocomplete="off")),
        _fold("注入有何不同", *injects, tag("p", "已经给出的，要从它之前的时刻另开才能改", class_="note")) if one.run.scenario.injects else None,
        _fold("有人决定得快些慢些", *people) if one.run.scenario.people else None,
        tag("p", "那一刻以前与本支相同；那一刻以后照剧本和您的改动，参演的人重新决定。原来的一支留着，可以对比。", class_="note"),
        submit="另开分支（推演）", go="{address}",
    )  # fmt: skip


def _inject(one: Inject, number: int, plans: list[Plan]) -> Markup:
    """What may be otherwise in an inject: its time, its facts, whether it comes at all."""
    name = f"{CHANGES}.injects.{one.id}"
    facts = []
    for key, value in one.does.facts.items():
        having = tuple(plan for plan in plans if key in plan.indicators)
        if not having or isinstance(value, Hours):
            continue
        words = "" if isinstance(value, Draw) else fact_word(having, key, value)
        facts.append(fact_row(f"{name}.facts.{key}", having, key, f"照剧本{'：' + words.split('：', 1)[-1] if words else ''}"))
    told = one.does.text.removeprefix("【推演】") or "、".join(one.does.facts)
    return tag(
        "details",
        tag("summary", f"{number} {told[:40]}"),
        tag("div", tag("label", "改到 T+", tag("input", name=f"{name}.at", placeholder="照剧本；如 1:30", autocomplete="off")),
            tag("label", tag("input", type="checkbox", name=f"{name}.drop", value="true", data_type="boolean"), " 不给"), class_="pair"),
        *facts,
        class_="inject-changes",
    )  # fmt: skip


def _again(plans: list[Plan]) -> Markup:
    listed = [(plan, reading, letter) for plan in plans for reading, letters in plan.switches().items() for letter in letters]
    options = [
        (json.dumps({plan.id: {reading: letter}}), f"{reading}（{letter}）{plan.readings[reading].words(letter)[:60]}")
        for plan, reading, letter in listed
    ]
    body = _from_json("读法", "readings", options) if options else tag("p", "这些预案没有可以切换的读法", class_="note")
    return dialog(
        "drill-again", "换一种读法，从头再演一支（推演）", BRANCHES, body,
        tag("label", "怎么称呼这一支（可不填）", tag("input", name="changes", autocomplete="off")),
        tag("p", "同样的剧本、同样的抽取，从 T+0 起另演一支；钟由您走，可与原来的并排对比。", class_="note"),
        submit="再演一支（推演）", go="{address}",
    )  # fmt: skip


def _from_json(label: str, name: str, options: list[tuple[str, str]]) -> Markup:
    """One of these values, each sent as what it stands for."""
    listed = (tag("option", words, value=value) for value, words in options)
    return tag(
        "label", label, tag("select", tag("option", "请选择", value=""), *listed, name=name, required=True, data_type="json")
    )


def _fold(words: str, *children: Child) -> Markup:
    return tag("details", tag("summary", words), *children)
