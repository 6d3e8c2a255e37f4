"""预案: every plan by jurisdiction, the office's own first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from api.console.markup import Markup, join, tag
from api.console.parts.gaps import open_end
from api.console.screen import Screen, nothing, panel
from api.http.at_desk import AtDesk
from api.people.actor import EVERYWHERE
from engine.plan.finding import Finding
from engine.plan.model import Plan


class Plans(Screen):
    """The list of plans."""

    path, title, rail = "/plans", "预案", "预案"

    def frame(self, at_desk: AtDesk) -> Markup:
        return tag(
            "div",
            panel("rejected", label="没有采用的文件"),
            panel("plans", label="预案", heading="预案"),
            class_="stack plans",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        return {"rejected": rejected(at_desk.library.rejected), "plans": _shelves(at_desk)}


def own_place(at_desk: AtDesk) -> str | None:
    """The place whose plans are one's own; None: all places."""
    actor = at_desk.caller.actor.jurisdiction
    return actor if actor != EVERYWHERE else at_desk.own_place


def is_own(at_desk: AtDesk, plan: Plan) -> bool:
    """Whether the plan is of the office's own place, and not for reading only."""
    own = own_place(at_desk)
    return own is None or plan.jurisdiction == own


def findings_of(plan: Plan, findings: Iterable[Finding]) -> list[Finding]:
    """The findings in the plan's files, whichever version."""
    return [one for one in findings if one.place.file.rsplit("/", 1)[-1].removesuffix(".yaml").split("@")[0] == plan.id]


def check_state(plan: Plan, findings: Iterable[Finding]) -> Markup:
    """What the check-up says of the plan's newest file."""
    found = findings_of(plan, findings)
    if not found:
        return tag("span", "体检通过", class_="aside")
    return tag("b", f"新文件有 {len(found)} 处错误，没有采用", class_="inverse")


def rejected(findings: Iterable[Finding]) -> Markup:
    """The files that were not taken up, and why."""
    rows = [
        tag("tr", tag("td", str(one.place)), tag("td", tag("b", one.found)), tag("td", one.expected), tag("td", one.remedy))
        for one in findings
    ]
    if not rows:
        return tag("p", "所有预案文件都已采用，没有体检意见。", class_="aside")
    heads = (tag("th", word, scope="col") for word in ("文件:行:列", "写的是", "应为", "处理"))
    return join(
        (
            tag("p", tag("b", f"{len(rows)} 处错误：改动的文件没有采用，仍用原来的版本", class_="inverse")),
            tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows)),
        )
    )


def _shelves(at_desk: AtDesk) -> Markup:
    listed = at_desk.library.current().plans.values()
    if not listed:
        return nothing("没有预案。预案文件放在 YUAN_PLANS_DIR 所指的文件夹，保存后一秒内出现在这里")
    running = Counter(plan for one in at_desk.open_incidents() for plan in one.courses if not one.watch)
    places = sorted({plan.jurisdiction for plan in listed}, key=lambda place: (place != own_place(at_desk), place))
    return join(_shelf(at_desk, place, [one for one in listed if one.jurisdiction == place], running) for place in places)


def _shelf(at_desk: AtDesk, place: str, plans: list[Plan], running: Mapping[str, int]) -> Markup:
    viewing = None if is_own(at_desk, plans[0]) else tag("span", "仅供查看", class_="chip")
    heads = (
        tag("th", word, scope="col", class_="number" if word in ("任务", "读法", "版本", "在办") else None)
        for word in ("预案", "文号", "施行", "任务", "读法", "版本", "体检", "在办", "")
    )
    return tag(
        "section",
        tag("h3", place, " ", viewing, tag("small", f" {len(plans)} 件"), class_="place"),
        tag(
            "table",
            tag("thead", tag("tr", *heads)),
            tag("tbody", *(_row(at_desk, one, running.get(one.id, 0)) for one in sorted(plans, key=lambda one: one.title))),
        ),
        data_key=place,
    )


def _row(at_desk: AtDesk, newest: Plan, running: int) -> Markup:
    plan = at_desk.plan(newest.id)
    versions = at_desk.library.current().versions[plan.id]
    later = f"，另有 {newest.document.in_force} 起施行的" if newest is not plan else ""
    return tag(
        "tr",
        tag("td", tag("a", plan.title, href=f"/plans/{plan.id}", class_="name")),
        tag("td", plan.document.number),
        tag("td", f"{plan.document.in_force} 起{later}"),
        tag("td", str(len(plan.duties)), class_="number") if plan.duties else tag("td", open_end("没有任务")),
        tag("td", str(len(plan.readings)), class_="number"),
        tag("td", str(len(versions)), class_="number"),
        tag("td", check_state(plan, at_desk.library.rejected)),
        tag("td", tag("b", f"{running} 件") if running else "—", class_="number"),
        tag("td", tag("a", "研判", href=f"/plans/{plan.id}/assess"), class_="number"),
        data_key=plan.id,
    )
