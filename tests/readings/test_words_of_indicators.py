"""What officials read of an indicator are the plan's words, never the ids that a program uses."""

from __future__ import annotations

import re

import pytest

from api.library import library
from engine.assess import assess
from engine.counterfactual import questions
from engine.plan.model import Indicator
from engine.trigger.facts import validate

ENUMS = [
    pytest.param(one, id=f"{plan.id}/{one.id}")
    for plan in library().plans.values()
    for one in plan.indicators.values()
    if one.type == "enum" and one.value_labels
]


def ids_in(text: str, one: Indicator) -> list[str]:
    ids = [value for value, word in zip(one.values, one.value_labels, strict=True) if value != word]
    return [value for value in ids if re.search(rf"(?<![A-Za-z0-9_]){re.escape(value)}(?![A-Za-z0-9_])", text)]


@pytest.mark.parametrize("one", ENUMS)
def test_label_and_hint_name_values_as_the_form_does(one: Indicator) -> None:
    assert not ids_in(f"{one.plain} {one.hint or ''}", one)
    assert one.plain.startswith(one.short[:4])


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("会商认为需要的级别（none为认为不需要）", "会商认为需要的级别（“不需要”为认为不需要）"),
        ("认定的级别（none 为没有认定）", "认定的级别（“不需要”为没有认定）"),
        ("隐患的等级（none不需要、IV一般）", "隐患的等级（不需要、一般）"),
        ("预警级别（不需要、一般）", "预警级别（不需要、一般）"),
        ("noneXIV 的级别", "noneXIV 的级别"),
    ],
)
def test_an_id_in_a_label_is_read_as_its_word(label: str, plain: str) -> None:
    one = Indicator("grade", "enum", label, "1.1", values=("none", "IV"), value_labels=("不需要", "一般"))
    assert one.plain == plain


@pytest.mark.parametrize("plan", library().plans.values(), ids=lambda plan: plan.id)
def test_a_question_to_ask_next_is_in_words(plan) -> None:  # type: ignore[no-untyped-def]
    for asked in questions(assess(plan, validate(plan, {}), None), most=30):
        assert "none" not in asked.label
