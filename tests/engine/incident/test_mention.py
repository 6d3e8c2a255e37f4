"""Which plans a report speaks of, by words of the report that the plan itself has; before any fact is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.library import library
from engine.incident.mention import mentions
from engine.incident.triage import concerns, concerns_of
from tests.engine.incident.test_story import opened

SHUOZHOU = [plan for plan in library().plans.values() if plan.jurisdiction == "朔州市"]
WUTAI = [plan for plan in library().plans.values() if plan.jurisdiction == "五台县"]


@pytest.mark.parametrize(
    ("report", "plan", "words"),
    [
        ("某厂锅炉房爆炸，有人被困", "shuozhou-special-equipment", ("锅炉", "爆炸")),
        ("连续三个月没下雨，村里人畜饮水困难", "shuozhou-drought", ("人畜饮水困难", "连续")),
        ("今晚到明天有大到暴雪，气温骤降", "shuozhou-meteorological", ("暴雪", "气温")),
        ("市区雾霾，AQI超过300", "shuozhou-heavy-pollution", ("AQI",)),
        ("一食品厂疑似受污染食品流入两个县", "shuozhou-food-safety", ("受污染食品流入",)),
    ],
)
def test_the_plan_whose_words_are_in_the_report_comes_first(report: str, plan: str, words: tuple[str, ...]) -> None:
    found = concerns(SHUOZHOU, {}, None, report)
    assert (found[0].plan.id, found[0].verdict) == (plan, "silent")
    assert set(words) <= set(found[0].mention.words)
    assert found[0].mention.weight > found[1].mention.weight


def test_every_word_shown_stands_in_the_report_and_in_the_plan() -> None:
    report = "通信枢纽楼起火，全县手机打不通，预计蔓延到林地"
    for id_, found in mentions(WUTAI, report).items():
        plan = next(one for one in WUTAI if one.id == id_)
        own = [plan.title, *(scale.label for scale in plan.scales.values())]
        for one in plan.indicators.values():
            own += [one.label, *one.value_labels, *(part.label for part in one.parts.values())]
        for word in found.words:
            assert word in report and any(word in phrase for phrase in own)


def test_words_of_most_plans_say_nothing_about_which() -> None:
    found = mentions(SHUOZHOU, "应急预案")
    assert not any(one.words or one.weight for one in found.values())


def test_rarer_and_longer_words_weigh_more() -> None:
    found = mentions(WUTAI, "通信枢纽楼起火")
    assert found["wutai-communications"].weight > found["wutai-forest-grassland-fire"].weight > 0


@pytest.mark.parametrize("report", ["", "？！", "x" * 10000, "重" * 10000])
def test_nothing_that_was_said_ranks_nothing(report: str) -> None:
    assert [one.plan.id for one in concerns(SHUOZHOU, {}, None, report)] == [plan.id for plan in SHUOZHOU]


def test_facts_go_before_words() -> None:
    found = concerns(SHUOZHOU, {"boiler_explosion": True, "deaths": 4}, None, "连续三个月没下雨，人畜饮水困难")
    assert found[0].plan.id == "shuozhou-special-equipment"
    silent = [one for one in found if one.verdict == "silent"]
    assert silent[0].plan.id == "shuozhou-drought"


def test_an_incident_is_ranked_by_its_own_report() -> None:
    state = replace(opened().state, title="快报", report="某厂锅炉房爆炸，有人被困")
    found = concerns_of(SHUOZHOU, state, state.opened_at)
    assert found[0].plan.id == "shuozhou-special-equipment" and found[0].mention.words == ("锅炉", "爆炸")
