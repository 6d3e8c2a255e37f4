"""What an assumption changes, plan by plan: the live state and the assumed one side by side, with what differs marked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api.console.badge import badge, ladder
from api.console.markup import Markup, tag
from api.console.parts.chart_lines import series_chart
from api.console.parts.words import clause
from engine.contract.comparison import difference_data
from engine.contract.known import fact_words
from engine.explain import level_states
from engine.incident.whatif import Difference
from engine.plan.model import Plan

Json = dict[str, Any]
MOST_DUTIES = 40


def problem(message: str, remedy: str) -> Markup:
    return tag("p", tag("b", message), "　", remedy, class_="said error", role="alert")


def difference(one: Difference, facts: Json, at: datetime) -> Markup:
    """One plan: facts, levels, possible levels, signers, counts side by side; duties and deadlines that differ; assumed series drawn."""
    plan, found = one.plan, difference_data(one)
    return tag(
        "section",
        tag("h2", plan.title, " ", tag("small", "没有差别" if found["same"] else "有差别"), class_="title"),
        tag(
            "table",
            tag("thead", tag("tr", tag("td"), tag("th", "实况", scope="col"), tag("th", "假设", scope="col"))),
            tag("tbody", *_facts(one, facts), *_levels(plan, one, found), *_counts(found)),
        ),
        _duties(plan, "新增的任务", "＋", found["added"]),
        _duties(plan, "不再有的任务", "－", found["removed"]),
        _moved(plan, found["moved"]),
        *(_drawn(one, key, at) for key in facts if key in plan.indicators and plan.indicators[key].type == "series"),
        data_key=plan.id,
        data_plan=plan.id,
    )


def _pair(name: str, now: Markup | str, then: Markup | str) -> Markup:
    changed = now != then
    mark = tag("b", "变 ", class_="changed") if changed else None
    return tag("tr", tag("th", name, scope="row"), tag("td", now), tag("td", mark, then, class_="differs" if changed else None))


def _facts(one: Difference, facts: Json) -> list[Markup]:
    """What is assumed, and what follows from it by itself."""
    plan, found = one.plan, []
    for key, indicator in plan.indicators.items():
        now, then = (fact_words(plan, key, side.assessment.facts) for side in (one.now, one.then))
        if key in facts or now != then:
            found.append(_pair(indicator.short if key in facts else f"　随之：{indicator.short}", now, then))
    return found


def _drawn(one: Difference, key: str, at: datetime) -> Markup:
    """A series as it is assumed, against the thresholds."""
    chart = series_chart(one.plan, key, one.then.assessment.facts, at)
    return tag("div", tag("b", f"假设的{one.plan.indicators[key].short}"), chart, data_key=f"drawn-{key}")


def _levels(plan: Plan, one: Difference, found: Json) -> list[Markup]:
    now, then = found["now"], found["then"]
    rows = []
    for key, scale in plan.scales.items():
        quiet = now["levels"].get(key) is None and then["levels"].get(key) is None
        possible = [ladder(scale, level_states(side.assessment, key)) for side in (one.now, one.then)]
        if quiet and possible[0] == possible[1] and len(plan.scales) > 3:
            continue
        rows.append(
            _pair(f"{scale.short}（按建议办理后）", badge(scale, now["levels"].get(key)), badge(scale, then["levels"].get(key)))
        )
        rows.append(_pair("　仍可能", possible[0], possible[1]))
        signers = ["、".join(side["signers"].get(key, ())) or "不须签发" for side in (now, then)]
        if scale.follows is None and not scale.highest_of:
            rows.append(_pair("　由谁签发", signers[0], signers[1]))
            rows.append(_pair("　依据", "、".join(now["basis"][key]) or "—", "、".join(then["basis"][key]) or "—"))
    return rows


def _counts(found: Json) -> list[Markup]:
    now, then = found["now"], found["then"]
    return [_pair("任务", f"{now['units']} 个单位，{now['duties']} 项", f"{then['units']} 个单位，{then['duties']} 项")]


def _duties(plan: Plan, title: str, sign: str, listed: list[Json]) -> Markup | None:
    if not listed:
        return None
    rows = (
        tag(
            "li", tag("b", sign, aria_hidden="true"), tag("span", one["unit"] or "（未写明）"), tag("span", one["action"]), clause(plan.id, one["clause"]),
            tag("b", one.get("due_words", ""), class_="push"), class_="line", data_key=one["id"],
        )
        for one in listed[:MOST_DUTIES]
    )  # fmt: skip
    more = tag("p", f"还有 {len(listed) - MOST_DUTIES} 项", class_="aside") if len(listed) > MOST_DUTIES else None
    return tag(
        "details",
        tag("summary", tag("b", f"{title} {len(listed)} 项")),
        tag("ul", *rows),
        more,
        data_key=title,
        open=len(listed) <= 12,
    )


def _moved(plan: Plan, listed: list[Json]) -> Markup | None:
    if not listed:
        return None
    rows = (
        tag(
            "li", tag("span", one["unit"] or "（未写明）"), tag("span", one["action"]), clause(plan.id, one["clause"]),
            tag("s", one["before_words"]), tag("b", f"→ {one['due_words']}"), class_="line", data_key=one["duty"],
        )
        for one in listed
    )  # fmt: skip
    return tag(
        "details", tag("summary", tag("b", f"时限改变的任务 {len(listed)} 项")), tag("ul", *rows), data_key="moved", open=True
    )
