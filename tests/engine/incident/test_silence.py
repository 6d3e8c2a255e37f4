"""What silence does: a fact that grows too old takes no unsigned warning back, newer facts do."""

from __future__ import annotations

from engine.incident.command import Observe, Open, Tick
from engine.plan.model import Plan
from tests.engine.incident.desk import Desk
from tests.engine.tiny import tiny_plan


def plan() -> Plan:
    return tiny_plan(
        'water: {type: number, unit: m, label: 水位, clause: "2", max_age: 6小时}\nrain: {type: number, unit: mm, label: 雨量, clause: "2"}\n',
        """
        flood:
          label: 洪水
          clause: "2"
          levels: [II, I]
          triggers:
            II: [{rain: {at_least: 50毫米}, clause: "2"}]
            I: [{water: {at_least: 10米}, clause: "2"}]
        """,
        moved=("flood",),
    )


def proposed(desk: Desk) -> str | None:
    pending = desk.state.courses["tiny"].pending.get("flood")
    return None if pending is None else pending.level


def test_an_unsigned_proposal_to_raise_outlives_the_age_of_its_facts() -> None:
    flood = plan()
    desk = Desk({flood.digest: flood})
    desk.do(Open("洪水", flood.jurisdiction, "涨水", "水文站", desk.at, (flood,)))
    desk.do(Observe({"water": 11}, "水文站", desk.at))
    assert proposed(desk) == "I"
    desk.later(hours=7)
    assert desk.do(Tick()) == []
    assert desk.do(Observe({"rain": 60}, "雨量站", desk.at)) == ["fact_observed"]
    assert proposed(desk) == "I"
    assert desk.do(Observe({"water": 9}, "水文站", desk.at)) == ["fact_observed", "superseded", "proposed"]
    assert proposed(desk) == "II"
