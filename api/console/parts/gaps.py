"""What a plan itself leaves open: never filled in silently, always under the hatch of the unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from api.console.markup import Child, Markup, tag
from engine.duty.duties import duties_at
from engine.lifecycle.signers import RECORDERS, signers
from engine.plan.model import Plan, Scale
from engine.plan.words import STEPS, level_word

UNWRITTEN = ("没有写", "未写", "没有规定", "没有定义", "没有标准")
MISSING = ("没有公布", "没有附", "未附", "没有印", "未印")
"""How readings say that the document is silent, and that an annex is not there."""


class Gap(NamedTuple):
    """One thing that the plan does not say: its kind, in words, its clauses, and the part of the screen where it stands."""

    kind: str
    words: str
    clauses: tuple[str, ...]
    part: str


def open_end(words: Child) -> Markup:
    """Something that is not written, under the hatch."""
    return tag("span", tag("span", words, class_="plate"), class_="unknown")


def gaps(plan: Plan) -> list[Gap]:
    """Everything that the plan leaves open, the weightiest first."""
    return [*_levels(plan), *_procedure(plan), *_moves(plan), *_duties(plan), *_organization(plan), *_readings(plan)]


def _levels(plan: Plan) -> Iterator[Gap]:
    for scale in plan.scales.values():
        for level in scale.levels:
            if not has_conditions(scale, level):
                yield Gap("没有条件", f"{scale.short}{level_word(scale, level)}没有写达到的条件", (scale.clause,), "levels")


def has_conditions(scale: Scale, level: str) -> bool:
    """Whether the plan says when the level is reached."""
    if scale.follows is not None:
        return level in scale.follows.map.values()
    return bool(scale.triggers.get(level)) or bool(scale.highest_of)


def _procedure(plan: Plan) -> Iterator[Gap]:
    for act in plan.procedure_under():
        if act.who is None:
            levels = "" if act.scale is None or act.every_level else _level_words(plan.scales[act.scale], act.levels)
            yield Gap(
                "没有写谁", f"{levels}由谁{STEPS[act.step]}{f'（{act.does}）' if act.does else ''}", (act.clause,), "people"
            )
    for scale in plan.scales.values():
        if scale.follows is None and set(signers(plan, scale.id, None, scale.levels[-1])) & set(RECORDERS):
            yield Gap("没有程序", f"{scale.short}由谁认定没有写，由值班员记录", (scale.clause,), "people")


def _level_words(scale: Scale, levels: tuple[str, ...]) -> str:
    return "、".join(level_word(scale, one) for one in levels)


def _moves(plan: Plan) -> Iterator[Gap]:
    words = {"lower": "降级", "lift": "解除"}
    for scale in plan.scales.values():
        if scale.follows is None and not scale.highest_of:
            rules = plan.lifecycle.levels.get(scale.id, {})
            missing = [
                word for kind, word in words.items() if kind not in rules and not (kind == "lower" and len(scale.levels) == 1)
            ]
            if missing:
                yield Gap("没有规则", f"{scale.short}怎样{'、'.join(missing)}没有写", (scale.clause,), "states")


def _duties(plan: Plan) -> Iterator[Gap]:
    duties = plan.duties_under()
    nobody = [one for one in duties if one.unit is None]
    if nobody:
        clauses = tuple(dict.fromkeys(one.clause for one in nobody))
        yield Gap("没有单位", f"{len(nobody)} 项任务没有写由谁办", clauses[:3], "duties")
    if duties and not any(one.due for one in duties):
        yield Gap("没有时限", "全文没有时限，不自行添加", (), "duties")
    for scale in plan.scales.values():
        if any(scale.id in one.at for one in duties):
            for level in scale.levels:
                if not duties_at(plan, scale.id, level):
                    yield Gap("没有任务", f"{scale.short}{level_word(scale, level)}没有任务", (scale.clause,), "duties")


def _organization(plan: Plan) -> Iterator[Gap]:
    command = plan.organization.command
    if command is None:
        yield Gap("没有指挥部", "没有写指挥机构", (), "people")
    elif not command.head:
        yield Gap("没有负责人", f"{command.name}由谁负责没有写", (command.clause,), "people")
    for group in plan.organization.groups:
        if not group.lead:
            yield Gap("没有牵头", f"{group.name}没有写牵头单位", (group.clause,), "people")


def _readings(plan: Plan) -> Iterator[Gap]:
    for reading in plan.readings.values():
        said = f"{reading.question} {reading.chosen} {reading.because or ''}"
        if any(word in said for word in MISSING):
            yield Gap("缺附件", f"{reading.id} {reading.chosen}", (reading.clause,), "readings")
        elif any(word in said for word in UNWRITTEN):
            yield Gap("由读法补足", f"{reading.id} {reading.question}", (reading.clause,), "readings")
