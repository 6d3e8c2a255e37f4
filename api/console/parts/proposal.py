"""A proposal, big: what signing it would do, its badge, clauses, facts, readings, and the way to sign it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.console.badge import badge
from api.console.markup import Markup, join, tag
from api.console.parts.words import ago, clause, moment
from engine.plan.model import Plan

Json = dict[str, Any]
CAUSES = {"notice": "因上级通报", "provisional_end": "暂定期满"}
KINDS = {"raise": "建议", "lower": "建议降至", "lift": "建议解除", "keep": "建议维持"}


def proposal_box(plan: Plan, one: Json, now: datetime, *, signs: bool, link: bool = True) -> Markup:
    """One proposal that waits for a signature (`proposal_data`)."""
    scale = plan.scales[one["scale"]]
    shown = one["before"] if one["kind"] == "lift" else one["level"]
    sign = tag(
        "a", "打开待签件", href=f"/sign/{one['incident']}/{one['id']}", class_="button primary push"
    ) if signs and link else None  # fmt: skip
    mine = tag("b", f"等您以{'、'.join(one['mine'])}签", class_="soon") if one["mine"] else None
    return tag(
        "article",
        tag(
            "div",
            tag("span", f"建议 {one['id']} · {moment(one['proposed_at'], now)} 提出"),
            tag("span", "已等 ", ago(one["proposed_at"], ""), class_="age"),
            tag("span", CAUSES.get(one["cause"], "")) if one["cause"] in CAUSES else None,
            tag("span", "由 ", tag("b", "、".join(one["signers"])), " 签发", class_="push"),
            class_="line aside",
        ),
        tag(
            "div",
            tag("b", _verb(one), class_="verb"),
            badge(scale, shown, "large"),
            *(tag("span", f"{also['label']} {also['level_name']}", class_="chip") for also in one["effect"]["also"]),
            mine,
            sign,
            class_="line head",
        ),
        tag("p", one["effect"]["words"], class_="effect"),
        tag(
            "div",
            tag("span", f"现行：{one['before_name']}", class_="aside"),
            tag("span", "依据 ", *(join((clause(plan.id, name), " ")) for name in one["clauses"])),
            class_="line",
        ),
        _facts(one, now),
        class_="advice",
        data_key=one["id"],
        data_plan=plan.id,
    )


def _verb(one: Json) -> str:
    if one["kind"] == "raise":
        return "升至" if one["before"] is not None else "签发"
    return {"lower": "降至", "lift": "解除", "keep": "维持"}[str(one["kind"])]


def _facts(one: Json, now: datetime) -> Markup | None:
    """The reports that bear it out."""
    if not one["facts"]:
        return None
    rows = (
        tag(
            "li",
            tag("span", fact["label"]),
            tag("b", fact["words"]),
            tag("span", f"{fact['source']}，{moment(fact['observed_at'], now)}，第{fact['entry']}条", class_="aside push"),
            class_="line",
            data_key=str(fact["entry"]),
        )
        for fact in one["facts"]
    )
    return tag("ul", *rows, class_="bearing")
