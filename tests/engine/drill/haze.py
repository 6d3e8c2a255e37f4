"""A short exercise of the pollution plan with everything that an evaluation tells apart: in time, late, missed, not yet due, not begun."""

from __future__ import annotations

from datetime import datetime, timedelta

from api.library import library
from engine.drill.draw import fixed
from engine.drill.play import begin, plans_of, play
from engine.drill.run import Run
from engine.drill.scenario import Completion, Happening, Inject, Objective, Player, Report, Scenario
from engine.trigger.facts import CHINA

PLAN = "shuozhou-heavy-pollution"
ZERO = timedelta(0)
T0 = datetime(2026, 12, 20, 8, tzinfo=CHINA)
MINUTE = 60
SCENARIO = Scenario(
    id="haze",
    title="橙色预警推演",
    jurisdiction="朔州市",
    plans=(PLAN,),
    begins=T0,
    lasts=timedelta(hours=20),
    report=Report("市区重污染天气过程", "预报持续静稳", "监测预报组", "市区"),
    injects=(
        Inject(
            "1",
            fixed(10 * MINUTE),
            Happening(
                "会商意见形成", "监测预报组", facts={"aqi_above_200_duration": 50, "consultation_warning": "orange"},
                moments={"opinion_formed": ZERO},
            ),
            expected="提出橙色预警建议",
        ),
        Inject("2", fixed(30 * MINUTE), Happening("收到会商意见", "监测预报组", medium="传真", moments={"opinion_received": ZERO})),
        Inject("3", fixed(19 * 60 * MINUTE), Happening("预报减轻", "监测预报组", facts={"no_improvement_24h": False})),
    ),
    people=(Player("vice", "副市长甲", ("主管副市长",), fixed(40 * MINUTE)),),
    duties=(
        Completion(clause="4.3", has="30分钟内书面初报"),
        Completion(clause="4.3", unit="朔州经济开发区管委会", share=fixed(1.5)),
        Completion(clause="3.3.2", takes=fixed(20 * MINUTE)),
        Completion(share=fixed(0.5)),
    ),
    objectives=(
        Objective("sign", "半小时内签发", scales=("warning",), decided_within=timedelta(minutes=30)),
        Objective("zone", "开发区按时报送", units=("朔州经济开发区管委会",)),
    ),
)  # fmt: skip


def played(scenario: Scenario = SCENARIO, until: datetime | None = None) -> Run:
    return play(begin(scenario, plans_of(scenario, library().versions)), until)
