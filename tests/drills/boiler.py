"""A small scenario on a real plan: a boiler explodes, the dead are counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from engine.drill.draw import Draw, fixed
from engine.drill.scenario import Completion, Happening, Inject, Player, Report, Scenario
from engine.trigger.facts import CHINA

PLAN = "shuozhou-special-equipment"
BEGINS = datetime(2026, 10, 22, 9, tzinfo=CHINA)
VICE_MAYOR = Player("vice-mayor", "副市长（推演）", ("分管特种设备安全工作的副市长",), Draw("triangular", (300, 900, 2400)))
COMMAND = Player("command", "指挥部（推演）", ("市应急指挥部",), fixed(600))
SCENARIO = Scenario(
    "boiler",
    "锅炉爆炸",
    "朔州市",
    (PLAN,),
    BEGINS,
    timedelta(hours=8),
    Report("某厂锅炉爆炸", "锅炉房爆炸，有人被困", "企业值班电话"),
    injects=(
        Inject(
            "1",
            fixed(300),
            Happening("至少一人死亡", "企业值班电话", facts={"boiler_explosion": True, "deaths": {"at_least": 1}}),
        ),
        Inject(
            "2",
            Draw("uniform", (1800, 5400)),
            Happening("死亡三人", "市卫健委", facts={"deaths": 3, "serious_injuries": Draw("choice", (2, 11, 60))}),
        ),
    ),
    people=(VICE_MAYOR, COMMAND),
    duties=(Completion(share=Draw("uniform", (0.3, 1.2))), Completion(takes=fixed(1800))),
    seed=7,
)


def seeded(seed: int | None) -> Scenario:
    return replace(SCENARIO, seed=seed)
