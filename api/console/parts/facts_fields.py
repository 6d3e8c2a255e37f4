"""The controls for one fact, by its type: what the officer picks from, and what is typed. The script shows one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.console.groups import area_groups
from api.console.markup import Child, Markup, join, tag
from api.console.names import short_label
from engine.plan.measure import UNITS
from engine.plan.model import Indicator, Plan

HOW = (("", "等于"), ("at_least", "至少"), ("at_most", "至多"), ("between", "之间"))
EXAMPLE = "12、≥10、10~30"
UNKNOWN = "未知"


@dataclass(frozen=True, slots=True)
class Field:
    """A fact that can be entered. plan: the one that it is for; None for every plan that has it. plans: those."""

    key: str
    indicator: Indicator
    plans: tuple[Plan, ...]
    plan: str | None

    @property
    def id(self) -> str:
        """Apart from the same name in a plan that means something else by it."""
        return self.key if self.plan is None else f"{self.key}@{self.plan}"


def fields_of(plans: Iterable[Plan]) -> list[Field]:
    """Every indicator of the plans once; twice where two plans mean something else by it."""
    having: dict[str, list[Plan]] = {}
    for plan in plans:
        for key in plan.indicators:
            having.setdefault(key, []).append(plan)
    found = []
    for key, listed in having.items():
        if len({_shape(plan.indicators[key]) for plan in listed}) == 1:
            found.append(Field(key, listed[0].indicators[key], tuple(listed), None))
        else:
            found += [Field(key, plan.indicators[key], (plan,), plan.id) for plan in listed]
    return found


def _shape(one: Indicator) -> tuple[object, ...]:
    return (one.type, one.unit, one.values, one.areas, tuple((key, _shape(part)) for key, part in one.parts.items()))


def controls(fields: Iterable[Field], name: str) -> Markup:
    """A group of controls a fact, all put away. name: where the value goes in what is sent (`facts`), or `value` itself."""
    return join(_group(one, name) for one in fields)


def _group(one: Field, name: str) -> Markup:
    indicator = one.indicator
    path = name if name == "value" else f"{name}.{one.key}"
    hint = "；".join(part for part in (indicator.plain if indicator.plain != indicator.short else None, indicator.hint) if part)
    return tag(
        "fieldset",
        tag("legend", indicator.short, " ", tag("small", f"{unit_of(indicator)} {indicator.clause}".strip())),
        tag("input", type="hidden", name="plan", value=one.plan) if one.plan is not None and name != "value" else None,
        _control(one, path),
        tag("p", hint, class_="aside hint") if hint else None,
        data_field=one.id,
        data_key=one.id,
        data_still=True,
        hidden=True,
        disabled=True,
        class_=f"of-{indicator.type}",
    )


def _control(one: Field, path: str) -> Markup:
    indicator = one.indicator
    match indicator.type:
        case "boolean":
            return _yes_no(indicator, path)
        case "enum":
            return _select(_words(indicator), path, indicator.short)
        case "series":
            return _series(one, path)
        case "areas":
            return _grid(one, path)
        case _:
            return _number(indicator, path)


def _number(indicator: Indicator, path: str) -> Markup:
    unit = unit_of(indicator)
    return tag(
        "div",
        tag(
            "select", *(tag("option", words, value=value) for value, words in HOW), name="_how", data_how=True,
            aria_label=f"{indicator.short}：知道到什么程度",
        ),
        tag(
            "input", name=path, data_type="quantity", data_unit=unit, inputmode="decimal", autocomplete="off", placeholder=EXAMPLE,
            aria_label=f"{indicator.short}{unit}", data_value=True, class_="number",
        ),
        tag("span", unit, class_="unit"),
        class_="amount",
    )  # fmt: skip


def _yes_no(indicator: Indicator, path: str) -> Markup:
    if path == "value":
        return _select((("true", "是"), ("false", "否")), path, indicator.short, "boolean")
    options = (
        tag(
            "label",
            tag(
                "input",
                type="radio",
                name=path,
                value=value,
                data_type="boolean",
                data_value=value == "true",
                checked=value == "",
            ),
            tag("span", words, class_="hatched" if value == "" else None),
        )
        for value, words in (("true", "是"), ("false", "否"), ("", UNKNOWN))
    )
    return tag("div", *options, class_="choices", role="radiogroup", aria_label=indicator.short)


def _select(options: Iterable[tuple[str, str]], path: str, label: str, kind: str | None = None) -> Markup:
    return tag(
        "select",
        tag("option", UNKNOWN, value=""),
        *(tag("option", words, value=value) for value, words in options),
        name=path,
        data_type=kind,
        data_value=True,
        aria_label=label,
    )


def _words(indicator: Indicator) -> list[tuple[str, str]]:
    return [(value, indicator.word(value)) for value in indicator.values]


def _series(one: Field, path: str) -> Markup:
    """A place to paste rows, to choose a file, and to see them drawn."""
    area = f"paste-{path.partition('.')[0]}-{one.id}"
    return tag(
        "div",
        tag(
            "div",
            tag("textarea", name=path, id=area, data_type="points", data_draws=one.key, data_of=one.plans[0].id, data_value=True,
                placeholder="2026-01-17 08:00\t135\n2026-01-17 09:00\t（缺测留空）", aria_label=f"{one.indicator.short}：每行一个整点，时间和值"),
            tag("label", "从电子表格粘贴，或", tag("span", "选CSV文件", class_="button small"), tag("input", type="file", accept=".csv,.txt,text/csv", data_into=area, class_="unseen"), class_="file-line"),
        ),
        tag("div", tag("p", "粘贴后立即按阈值画出", class_="aside"), data_preview=True, aria_live="polite"),
        class_="pasting",
    )  # fmt: skip


def _grid(one: Field, path: str) -> Markup:
    """Facts of areas: a row a fact, a column an area, an empty cell unknown."""
    areas = one.indicator.areas
    head = tag("tr", tag("td"), *(tag("th", area, scope="col") for area in areas))
    rows: list[Markup] = []
    for group in area_groups(one.plans[0], one.key):
        rows.append(
            tag(
                "tr",
                tag("th", f"{short_label(group.heading)} {group.clause}", colspan=str(len(areas) + 1), scope="colgroup"),
                class_="group",
            )
        )
        rows += [_grid_row(path, name, part, areas) for name, part in group.facts]
    return tag("div", tag("table", tag("thead", head), tag("tbody", *rows)), class_="grid", tabindex="0")


def _grid_row(path: str, name: str, part: Indicator, areas: Iterable[str]) -> Markup:
    cells = (tag("td", _cell(f"{path}.{area}.{name}", part, area)) for area in areas)
    label, unit = short_label(part.label), unit_of(part)
    named = None if label.endswith(f"（{unit}）") else tag("small", unit)
    return tag("tr", tag("th", label, " ", named, scope="row"), *cells)


def _cell(path: str, part: Indicator, area: str) -> Markup:
    label = f"{area} {part.short}"
    if part.type in ("boolean", "enum"):
        options = (("true", "是"), ("false", "否")) if part.type == "boolean" else _words(part)
        return _select(options, path, label, "boolean" if part.type == "boolean" else None)
    return tag(
        "input", name=path, data_type="quantity", data_unit=unit_of(part), inputmode="decimal", autocomplete="off",
        placeholder=UNKNOWN, aria_label=label, data_value=True,
    )  # fmt: skip


def unit_of(indicator: Indicator) -> str:
    """The unit in words; nothing for a bare number."""
    return UNITS[indicator.unit][0] if indicator.unit else ""


def options(fields: Iterable[Field], now: Mapping[str, Child], first: Iterable[str]) -> Markup:
    """The facts to pick from, those that matter first; `now`: what is known of each, by the field's id."""
    order = {key: n for n, key in enumerate(first)}
    ranked = sorted(fields, key=lambda one: order.get(one.key, len(order)))
    return join(_option(one, now.get(one.id), one.key in order) for one in ranked)


def _option(one: Field, now: Child, matters: bool) -> Markup:
    titles = "、".join(plan.title for plan in one.plans)
    return tag(
        "li",
        tag("span", one.indicator.short),
        tag("small", "影响级别", class_="chip") if matters else None,
        tag("span", now, class_="push"),
        tag("small", titles) if one.plan is not None else None,
        role="option",
        id=f"pick-{one.id}",
        data_pick_of=one.id,
        data_label=one.indicator.short,
        data_search=f"{one.indicator.plain} {one.key} {one.indicator.clause}".lower(),
    )
