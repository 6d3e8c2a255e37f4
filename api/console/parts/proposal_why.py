"""Why a scale stands where it does: each level's conditions with value, threshold and distance; and what lets it down again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.console.badge import badge
from api.console.markup import EMPTY, Child, Markup, join, tag
from api.console.parts.words import clause
from api.console.tree import mark, unknown_plate
from engine.assess import Assessment
from engine.explain import level_states, reason_of, reasons
from engine.plan.condition import All, Any, Compare, Condition, Not, ScaleIs, parts_of, resolve, walk
from engine.plan.measure import words
from engine.plan.model import Scale, Trigger
from engine.plan.words import UNKNOWN
from engine.trigger.reason import Reason
from engine.trigger.truth import Truth

ORDER = {Truth.HELD: 0, Truth.UNKNOWN: 1, Truth.FAILED: 2}
KINDS: dict[type[object], str] = {All: "同时满足", Any: "任一即可", Not: "并非"}
STATES = {"established": "为什么达到", "possible": "为什么还可能", "below": "以下一级，已超过", "ruled_out": "为什么没有达到"}
MOVES = {"raise": "升级", "lower": "降级", "lift": "解除"}


def level_reasons(assessment: Assessment, scale: Scale) -> Markup:
    """Every level with its conditions: what is reached and the next one up unfolded."""
    states = level_states(assessment, scale.id)
    rank = scale.rank(assessment.levels[scale.id])
    found = sorted(
        reasons(assessment, scale.id), key=lambda one: (scale.rank(one.level) < rank, abs(scale.rank(one.level) - rank))
    )
    rows = []
    for one in found:
        triggers = scale.triggers.get(one.level, ())
        if not triggers:
            continue
        near = rank <= scale.rank(one.level) <= rank + 1
        several = tag("span", "任一即可", class_="aside") if len(triggers) > 1 else None
        summary = tag("summary", tag("b", STATES[states[one.level]]), " ", badge(scale, one.level, "small"), " ", several)
        rows.append(tag("details", summary, _conditions(assessment, scale, triggers), data_key=f"level-{one.level}", open=near))
    return join(rows)


def rule_reasons(assessment: Assessment, scale: Scale) -> Markup:
    """Under what conditions the level in force may move, each as far as it holds now."""
    rules = assessment.plan.lifecycle.levels.get(scale.id, {})
    rows = []
    for kind in ("lower", "lift"):
        rule = rules.get(kind)
        if rule is None:
            continue
        rule = rule.read(assessment.choices)
        head: list[Child] = [tag("b", f"{MOVES[kind]}的条件"), " ", clause(assessment.plan.id, rule.clause)]
        if rule.when is None:
            rows.append(tag("p", *head, " ", tag("span", "预案没有另写条件", class_="aside")))
            continue
        trigger = Trigger(scale.id, "", rule.when, rule.clause, rule.readings)
        rows.append(tag("div", tag("p", *head), _conditions(assessment, scale, (trigger,)), data_key=kind))
    return join(rows)


def _conditions(assessment: Assessment, scale: Scale, triggers: Sequence[Trigger]) -> Markup:
    ranked = sorted(((reason_of(assessment, one), one) for one in triggers), key=lambda pair: ORDER[pair[0].truth])
    draw = _Drawing(assessment, _bounds(scale))
    return tag(
        "ul", *(draw.node(reason, resolve(one.condition, dict(assessment.choices))) for reason, one in ranked), class_="why"
    )


def _bounds(scale: Scale) -> dict[str, list[float]]:
    """All thresholds that the scale's conditions have for an indicator."""
    found: dict[str, list[float]] = {}
    for triggers in scale.triggers.values():
        for trigger in triggers:
            for key, bound in _compared(trigger.condition):
                found.setdefault(key, []).append(bound)
    return {key: sorted(set(listed)) for key, listed in found.items()}


def _compared(condition: Condition) -> Iterator[tuple[str, float]]:
    for one in walk(condition):
        if isinstance(one, Compare):
            bound = one.bounds.low if one.bounds.low is not None else one.bounds.high
            if bound is not None:
                yield one.indicator, float(bound)


class _Drawing:
    """Reasons as rows: mark, condition, value, gauge, distance, clause."""

    def __init__(self, assessment: Assessment, bounds: dict[str, list[float]], below: int = 0) -> None:
        self.assessment, self.bounds, self.below = assessment, bounds, below

    def node(self, reason: Reason, condition: Condition) -> Markup:
        parts = parts_of(condition)
        if reason.parts and len(reason.parts) == len(parts):
            inner = tag("ul", *(self.node(one, part) for one, part in zip(reason.parts, parts, strict=True)))
            return tag(
                "li",
                self._row(reason, tag("span", KINDS.get(type(condition), "各区域"), class_="aside"), None),
                _areas(reason),
                inner,
            )
        return tag("li", self._row(reason, reason.text, condition), _areas(reason), self._scale(condition))

    def _row(self, reason: Reason, text: Child, condition: Condition | None) -> Markup:
        name = reason.clause
        return tag(
            "span",
            mark(reason.truth),
            tag("span", text, class_="text"),
            _fact(reason),
            self._gauge(reason, condition) or tag("span"),
            _margin(reason),
            clause(self.assessment.plan.id, name) if name else tag("span"),
            class_=f"row is-{reason.truth}",
        )

    def _gauge(self, reason: Reason, condition: Condition | None) -> Markup | None:
        """The value as a bar, all thresholds as ticks, the one in question heavy; hatched where the value is unknown."""
        if not isinstance(condition, Compare):
            return None
        own = condition.bounds.low if condition.bounds.low is not None else condition.bounds.high
        if own is None:
            return None
        value = self.assessment.facts.of(condition.indicator) if "." not in condition.indicator else None
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        ticks = self.bounds.get(condition.indicator, [float(own)])
        most = max([*ticks, float(own), number or 0.0]) * 1.1 or 1.0
        parts = [] if number is None else [tag("span", class_="fill", style=f"width:{_share(number, most)}%")]
        parts += (
            []
            if number is None
            else [tag("span", class_="tick", style=f"left:{_share(one, most)}%") for one in ticks if one != float(own)]
        )
        parts.append(tag("span", class_="tick own", style=f"left:{_share(float(own), most)}%"))
        return tag("span", *parts, class_="gauge" + ("" if number is not None else " hatched"), aria_hidden="true")

    def _scale(self, condition: Condition) -> Markup:
        """Of a level of another scale: what that level asks for."""
        if not isinstance(condition, ScaleIs) or self.below:
            return EMPTY
        scale = self.assessment.plan.scales[condition.scale]
        draw = _Drawing(self.assessment, _bounds(scale), self.below + 1)
        rows = []
        for level in scale.levels:
            triggers = scale.triggers.get(level, ())
            if level not in condition.levels or not triggers:
                continue
            inner = (
                draw.node(reason_of(self.assessment, one), resolve(one.condition, dict(self.assessment.choices)))
                for one in triggers
            )
            summary = tag("summary", badge(scale, level, "small"), " ", tag("span", scale.short, class_="aside"))
            rows.append(tag("details", summary, tag("ul", *inner, class_="why"), data_key=f"{scale.id}-{level}"))
        return join(rows)


def _share(value: float, most: float) -> str:
    return f"{min(max(value / most, 0.0), 1.0) * 100:.1f}"


def _fact(reason: Reason) -> Markup:
    if reason.unknown is not None and reason.fact in (None, "未知"):
        return tag("span", unknown_plate(f"未知 · {UNKNOWN[reason.unknown]}"), class_="fact-value")
    if reason.fact is None:
        return tag("span", class_="fact-value")
    value = tag("b", reason.fact) if reason.unknown is None else unknown_plate(reason.fact)
    return tag("span", value, class_="fact-value", title=reason.mark.source if reason.mark is not None else None)


def _margin(reason: Reason) -> Markup:
    """“还差20小时”, “多4小时”: in the plan's own unit."""
    if reason.margin is None:
        return tag("span")
    amount = words(round(abs(reason.margin), 9), reason.unit or "1")
    held = reason.truth is Truth.HELD
    if not reason.margin:
        return tag("span", "正好" if held else "正在界上", class_="margin")
    return tag("span", "多" if held else "还差", tag("b", amount), class_="margin")


def _areas(reason: Reason) -> Markup:
    if reason.areas is None:
        return EMPTY
    return tag("span", *(tag("span", mark(truth), area) for area, truth in reason.areas.items()), class_="areas")
