"""Who signs which level, plan by plan: from the printed procedure and organization."""

from __future__ import annotations

import pytest

from api.library import library
from engine.lifecycle.signers import posts_for, rank, signers

RAISING = [
    ("shuozhou-heavy-pollution", "warning", "yellow", ("主管副市长",)),
    ("shuozhou-heavy-pollution", "warning", "red", ("市长",)),
    ("shuozhou-special-equipment", "response", "I", ("市应急指挥部", "分管特种设备安全工作的副市长")),
    ("shuozhou-special-equipment", "grade", "II", ("分管特种设备安全工作的副市长", "带班领导", "值班员")),
    ("shuozhou-meteorological", "gale_response", "II", ("市指挥部指挥长", "联系气象工作的副市长", "市指挥部")),
    ("shuozhou-drought", "warning", "blue", ("指挥部", "分管应急与水利工作的副市长")),
    ("shuozhou-food-safety", "response", "III", ("市指挥部", "分管市场监管工作的副市长")),
    ("wutai-communications", "response", "II", ("领导小组", "分管副县长")),
    ("wutai-communications", "response", "III", ("相关电信企业",)),
    ("wutai-forest-grassland-fire", "response", "county", ("县森防指", "县委副书记、县长", "县森防指总指挥或其授权的副总指挥")),
    ("wutai-mayday-covid", "scenario", "2", ("县新冠肺炎疫情防控领导小组",)),
    ("wutai-forest-grassland-fire", "response", "township", ("县委副书记、县长",)),
    ("wutai-mayday-covid", "scenario", "1", ("县新冠肺炎疫情防控领导小组",)),
    ("wutai-mayday-work-safety", "grade", "IV", ("分管副县长",)),
    ("wutai-metallurgy-trade-accident", "response", "IV", ("指挥长", "县政府分管副县长")),
    ("wutai-metallurgy-trade-accident", "response", "III", ("县应急救援总指挥部总指挥",)),
]
ENDING = [
    ("shuozhou-heavy-pollution", "warning", "orange", None, ("主管副市长",)),
    ("shuozhou-heavy-pollution", "warning", "red", "orange", ("市长",)),
    ("shuozhou-special-equipment", "warning", "blue", None, ("分管特种设备安全工作的副市长",)),
    ("shuozhou-meteorological", "gale_response", "IV", None, ("联系气象工作的副市长", "市气象局局长")),
    ("wutai-forest-grassland-fire", "response", "township", None, ("县委副书记、县长",)),
    ("wutai-communications", "response", "I", None, ("领导小组", "分管副县长")),
    ("wutai-metallurgy-trade-accident", "response", "II", None, ("县现场指挥部指挥长", "县政府分管副县长")),
    ("wutai-metallurgy-trade-accident", "response", "IV", None, ("县现场指挥部指挥长", "县政府分管副县长")),
]


@pytest.mark.parametrize(("plan", "scale", "level", "expected"), RAISING)
def test_who_raises(plan: str, scale: str, level: str, expected: tuple[str, ...]) -> None:
    assert signers(library().plan(plan), scale, None, level) == expected


@pytest.mark.parametrize(("plan", "scale", "before", "after", "expected"), ENDING)
def test_who_lowers_and_lifts(plan: str, scale: str, before: str, after: str | None, expected: tuple[str, ...]) -> None:
    assert signers(library().plan(plan), scale, before, after) == expected


def test_somebody_signs_every_change_of_every_plan() -> None:
    for plan in library().plans.values():
        for scale in plan.scales.values():
            for level in scale.levels:
                assert signers(plan, scale.id, None, level) and signers(plan, scale.id, level, None)


def test_a_body_acts_by_its_head() -> None:
    plan = library().plan("shuozhou-meteorological")
    assert posts_for(plan, "市指挥部副指挥长（市指挥部办公室主任）") == ("市指挥部副指挥长（市指挥部办公室主任）", "市气象局局长")
    assert posts_for(plan, "市指挥部办公室") == ("市指挥部办公室", "市气象局局长")
    assert posts_for(plan, "县应急救援总指挥部总指挥") == ("县应急救援总指挥部总指挥",)


def test_who_may_raise_higher_stands_higher() -> None:
    plan = library().plan("shuozhou-heavy-pollution")
    assert rank(plan, "warning", "市长") > rank(plan, "warning", "主管副市长") > rank(plan, "warning", "值班员")
