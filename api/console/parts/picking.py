"""Facts to be filled in, over all indicators of some plans, found by their Chinese names; and what was filled in, as the core takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.console.entry import BadEntry, problem_of, read_number
from api.console.markup import Child, Markup, join, tag
from engine.plan.finding import FactInvalid
from engine.plan.measure import UNITS
from engine.plan.model import Indicator, Plan
from engine.trigger.facts import validate

FACT, AREA = "f.", "a."
"""How the questions of an address begin: a fact, and the area that the facts of an areas indicator are of."""
YES_NO = (("true", "是"), ("false", "否"))
SHARED = "几份预案都用"


@dataclass
class Picked:
    """What an address tells: facts, and what is wrong with the rest, in words."""

    facts: dict[str, Any] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)


def indicators_of(plans: Iterable[Plan]) -> dict[str, tuple[Indicator, tuple[Plan, ...]]]:
    """Every indicator, by its shortest name, with the plans that have it; those of most plans first, series last."""
    found: dict[str, tuple[Indicator, tuple[Plan, ...]]] = {}
    for plan in plans:
        for key, one in plan.indicators.items():
            known, having = found.get(key, (one, ()))
            found[key] = (min(known, one, key=lambda each: len(each.short)), (*having, plan))
    return dict(sorted(found.items(), key=lambda item: (item[1][0].type == "series", -len(item[1][1]))))


def picked(plans: Iterable[Plan], query: Mapping[str, str]) -> Picked:
    """The facts in an address. What cannot be understood is said, and counts as unknown."""
    known, found = indicators_of(plans), Picked()
    for name, text in query.items():
        key, _, part = name.removeprefix(FACT).partition(".")
        if not name.startswith(FACT) or not text.strip() or key not in known:
            continue
        indicator, having = known[key]
        inner = indicator.parts.get(part) if part else indicator
        if inner is None:
            continue
        try:
            value = _value(inner, text)
            area = query.get(f"{AREA}{key}")
            if part and area is None:
                raise BadEntry(f"先选是哪里的{indicator.short}")
            given = {area: {part: value}} if part else value
            for plan in having:
                validate(plan, {key: given})
        except BadEntry as error:
            found.troubles.append(f"{inner.short}：{error}")
        except FactInvalid as error:
            found.troubles.append(f"{inner.short}：{problem_of(error)}")
        else:
            if part:
                found.facts.setdefault(key, {}).setdefault(area, {})[part] = value
            else:
                found.facts[key] = given
    return found


def _value(indicator: Indicator, text: str) -> Any:
    if indicator.type == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if indicator.type == "enum":
        return text
    return read_number(indicator, "exactly", text)[1]


def asked_rows(plans: Iterable[Plan], query: Mapping[str, str]) -> Markup:
    """A row for each indicator, for a form that only asks: those of several plans, then plan by plan as given; no series."""
    plans = tuple(plans)
    groups: dict[str, list[Markup]] = {name: [] for name in (SHARED, *(plan.title for plan in plans))}
    for key, (one, having) in indicators_of(plans).items():
        if one.type == "series":
            continue
        rows = groups[having[0].title if len(having) == 1 else SHARED]
        if one.type == "areas":
            rows += _area_rows(key, one, having, query)
        else:
            rows.append(_row(f"{FACT}{key}", one, having, query.get(f"{FACT}{key}", ""), None))
    return join(tag("section", tag("h3", name), *rows, class_="pick-group") for name, rows in groups.items() if rows)


def _area_rows(key: str, one: Indicator, having: tuple[Plan, ...], query: Mapping[str, str]) -> list[Markup]:
    where = tag(
        "div",
        tag("label", tag("span", f"{one.short}：哪里", class_="label"),
            _select(f"{AREA}{key}", [(area, area) for area in one.areas], query.get(f"{AREA}{key}", ""), "选地方")),
        data_words=" ".join((one.plain, *(part.plain for part in one.parts.values()))), class_="pick",
    )  # fmt: skip
    names = ((f"{FACT}{key}.{part}", inner) for part, inner in one.parts.items())
    return [where, *(_row(name, inner, having, query.get(name, ""), None) for name, inner in names)]


def sent_rows(plans: Iterable[Plan]) -> Markup:
    """A row for each indicator, for a form that sends facts; series are pasted or read from a file."""
    rows = []
    for key, (one, having) in indicators_of(plans).items():
        if one.type == "areas":
            rows += [
                _row(f"facts.{key}.{area}.{part}", inner, having, "", area)
                for area in one.areas for part, inner in one.parts.items()
            ]  # fmt: skip
        elif one.type == "series":
            rows.append(_series(key, one, having))
        else:
            rows.append(_row(f"facts.{key}", one, having, "", None, typed=True))
    return join(rows)


def fact_row(name: str, having: tuple[Plan, ...], key: str, none: str) -> Markup:
    """A row for one indicator of these plans. none: what is said where nothing is filled in."""
    return _row(name, having[0].indicators[key], having, "", None, typed=True, none=none)


def _series(key: str, one: Indicator, having: tuple[Plan, ...]) -> Markup:
    area = tag(
        "textarea", id=f"series-{key}", name=f"facts.{key}", data_type="points", rows="3", aria_label=one.plain,
        placeholder="从表格粘贴，一行一个：2026-11-22 08:00 87",
    )  # fmt: skip
    upload = tag("input", type="file", accept=".csv,.txt", data_into=f"series-{key}", aria_label=f"{one.plain}：选文件")
    fold = tag("details", tag("summary", _name(one, having), tag("span", "（粘贴或选文件）", class_="aside")), upload, area)
    return tag("div", fold, data_words=_words(one, having, None), class_="pick wide")


def _row(
    name: str, one: Indicator, having: tuple[Plan, ...], value: str, area: str | None, *, typed: bool = False, none: str = "未知"
) -> Markup:
    unit = UNITS[one.unit][0] if one.unit else ""
    typed = typed or area is not None
    control: Child
    if one.type == "boolean":
        control = _select(name, YES_NO, value, none, "boolean" if typed else None)
    elif one.type == "enum":
        control = _select(name, [(value, one.word(value)) for value in one.values], value, none)
    else:
        control = tag(
            "input", name=name, value=value or None, autocomplete="off", inputmode="decimal", data_type="quantity" if typed else None,
            data_unit=unit or None,
            placeholder=none, title="可写 3、≥3、3以上、3~5",
        )  # fmt: skip
    return tag(
        "div",
        tag("label", _name(one, having, area), control),
        tag("span", unit, class_="unit"),
        data_words=_words(one, having, area),
        class_="pick",
    )


def _name(one: Indicator, having: tuple[Plan, ...], area: str | None = None) -> Markup:
    plans = "、".join(plan.title for plan in having)
    return tag("span", f"{area}：" if area else None, one.short, class_="label", title=f"{one.plain}（{plans}）")


def _words(one: Indicator, having: tuple[Plan, ...], area: str | None) -> str:
    """What a row is found by: its names in all plans, and theirs."""
    names = (plan.indicators[one.id].label for plan in having if one.id in plan.indicators)
    return " ".join((area or "", one.plain, *names, *(plan.title for plan in having)))


def _select(name: str, options: Iterable[tuple[str, str]], value: str, none: str, kind: str | None = None) -> Markup:
    listed = (tag("option", word, value=key, selected=key == value) for key, word in options)
    return tag("select", tag("option", none, value=""), *listed, name=name, data_type=kind)


def choose(name: str, options: Iterable[tuple[str, str]], value: str, none: str | None, label: str) -> Markup:
    """A choice with its label; `none` is the word for no choice."""
    listed = (tag("option", word, value=key, selected=key == value) for key, word in options)
    first = None if none is None else tag("option", none, value="")
    return tag("label", label, tag("select", first, *listed, name=name))


def number(text: str | None) -> int | None:
    """A number of an address; None where it is none."""
    return int(text) if text is not None and text.isdecimal() and len(text) < 16 else None
