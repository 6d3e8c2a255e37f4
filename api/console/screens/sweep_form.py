"""The form of the sweep screen: plan, indicators and ranges, the current point, fixed facts, scale, what it is compared with. It only asks."""

from __future__ import annotations

from api.console.markup import Markup, tag
from api.console.parts.facts_fields import unit_of
from api.console.screens.sweep_asked import OTHER, UNKNOWN, Asked, placeholder
from engine.drill.sweeps.variable import Variable
from engine.plan.model import Indicator, Plan
from engine.trigger.reason import fact_word

SAME = "照现在"


def forms(asked: Asked) -> Markup:
    """The plan, which changes everything else; then everything else."""
    return tag("section", _plan(asked), _ask(asked), class_="panel sweep-form", aria_label="怎么扫")


def _plan(asked: Asked) -> Markup:
    """Another plan is another page: its indicators are others."""
    own = asked.at_desk.own_place
    plans = sorted(asked.at_desk.library.current().plans.values(), key=lambda one: own is not None and one.jurisdiction != own)
    options = [(one.id, one.title) for one in plans]
    kept = [tag("input", type="hidden", name="incident", value=asked.incident.id)] if asked.incident is not None else []
    return tag(
        "form",
        tag("h2", "怎么扫", class_="title"),
        tag("label", "预案", _select("plan", options, asked.plan.id)),
        *kept,
        tag("button", "换这份预案", type="submit", class_="button"),
        action="/sweeps",
        method="get",
    )


def _ask(asked: Asked) -> Markup:
    names = [
        (one.name, f"{one.label}{f'（{unit_of(one.indicator)}）' if unit_of(one.indicator) else ''}") for one in asked.variables
    ]
    first = asked.axes[0].name if asked.axes else ""
    second = asked.axes[1].name if len(asked.axes) > 1 else ""
    scales = [("", "级别有变化的全部"), *((key, scale.short) for key, scale in asked.plan.scales.items())]
    kept = [tag("input", type="hidden", name="plan", value=asked.plan.id)]
    if asked.incident is not None:
        kept.append(tag("input", type="hidden", name="incident", value=asked.incident.id))
    return tag(
        "form",
        *kept,
        _axis(asked, "x", "横轴", names, first),
        _axis(asked, "y", "纵轴", [("none", "不用，只变一个"), *names], second or "none"),
        tag("p", "范围如 0:120 或 0:120:2；列举如 0,10,50；* 为全部。不写则到最高一道门槛以上。", class_="aside"),
        tag("label", "其余事实", _select("rest", [("", "未知"), ("normal", "取常值")], asked.query.get("rest", ""))),
        tag("label", "等级", _select("scale", scales, asked.query.get("scale", ""))),
        tag("label", "与什么比较（另一种读法、版本或预案）", _select("reading", _others(asked), asked.query.get("reading", ""))),
        tag("details", tag("summary", "固定的事实"), tag("div", *_fixed(asked), class_="held-facts"), open=True),
        data_ask=True,
    )  # fmt: skip


def _axis(asked: Asked, name: str, label: str, names: list[tuple[str, str]], now: str) -> Markup:
    query = asked.query
    place = "xy".index(name)
    variable = asked.axes[place] if place < len(asked.axes) else None
    usual = placeholder(asked.plan, variable, asked.choices) if variable is not None else "0:40"
    known = None if variable is None else variable.of(asked.known[1])
    shown = (
        "现在"
        if variable is None or known is None
        else fact_word(asked.plan, variable.key, asked.known[1], variable.area)
        if not variable.areas
        else "现在"
    )
    return tag(
        "div",
        tag("label", label, _select(name, names, now)),
        tag(
            "div",
            tag("input", name=f"{name}r", value=query.get(f"{name}r"), autocomplete="off", placeholder=usual, aria_label=f"{label}的范围"),
            tag("input", name=f"{name}p", value=query.get(f"{name}p"), autocomplete="off", placeholder=shown, aria_label=f"{label}现在的值"),
            class_="two",
        ),
        class_="axis",
    )  # fmt: skip


def _others(asked: Asked) -> list[tuple[str, str]]:
    """What it can be compared with: readings that a level depends on, other versions, and plans that have the same indicators."""
    found = [("", "不比较")]
    for key, letters in asked.plan.switches("level").items():
        reading = asked.plan.readings[key]
        now = asked.choices.get(key, "chosen")
        found += [
            (f"{key}={letter}", f"{key} {reading.question}——{reading.words(letter)}")
            for letter in ("chosen", *letters)
            if letter != now
        ]
    loaded = asked.at_desk.library.current()
    for version in loaded.versions.get(asked.plan.id, ()):
        if version.digest != asked.plan.digest:
            found.append((f"{OTHER}={version.digest[:12]}", f"版本 {version.digest[:8]}（{version.document.in_force} 施行）"))
    for plan in loaded.plans.values():
        if plan.id != asked.plan.id and all(_alike(one, plan) for one in asked.axes):
            found.append((f"{OTHER}={plan.id}", f"《{plan.title}》"))
    return found


def _alike(variable: Variable, plan: Plan) -> bool:
    """Whether a plan has the same indicator."""
    own, other = variable.indicator, plan.indicators.get(variable.name)
    return other is not None and (own.type, own.unit, own.values) == (other.type, other.unit, other.values)


def _fixed(asked: Asked) -> list[Markup]:
    return [
        tag("label", tag("span", one.short, " ", tag("small", unit_of(one))), _control(asked, one))
        for one in asked.plan.indicators.values()
        if one.type not in ("series", "areas")
    ]


def _control(asked: Asked, indicator: Indicator) -> Markup:
    name, now = f"f.{indicator.id}", asked.query.get(f"f.{indicator.id}", "")
    base = "未知" if asked.incident is None else SAME
    if asked.query.get("rest") == "normal" and asked.incident is None:
        base = "常值"
    if indicator.type in ("boolean", "enum"):
        values = (
            [("true", "是"), ("false", "否")]
            if indicator.type == "boolean"
            else [(one, indicator.word(one)) for one in indicator.values]
        )
        options = [("", base), *values, *([(UNKNOWN, "假设不知道")] if asked.incident is not None else [])]
        return _select(name, options, now)
    return tag("input", name=name, value=now, autocomplete="off", placeholder=base, inputmode="decimal")


def _select(name: str, options: list[tuple[str, str]], now: str) -> Markup:
    listed = (tag("option", words, value=value, selected=value == now) for value, words in options)
    return tag("select", *listed, name=name)
