"""Duties that stand, or stand otherwise, only under some reading of a clause; levels that take duties over under one."""

from __future__ import annotations

from engine.duty.duties import acts_at, duties_at, duties_that_may_come
from engine.duty.effects import DutyEffect, duty_effects
from engine.plan.load import load
from engine.plan.model import Due, Plan
from engine.trigger.facts import Facts
from engine.trigger.truth import Truth

PLAN = """\
plan: tiny
title: 试验预案
jurisdiction: 某市
document: {number: 试〔2020〕1号, issued: 2020-01-01, in_force: 2020-01-01}
clauses: ["2", "3"]
indicators:
  f: {type: boolean, label: 失火, clause: "2"}
  n: {type: integer, unit: person, label: 人数, clause: "2"}
scales:
  grade:
    label: 分级
    clause: "2"
    levels: [III, II]
    triggers: {III: [{n: {at_least: 1人}, clause: "2"}], II: [{n: {at_least: 3人}, clause: "2"}]}
  response:
    label: 响应
    clause: "3"
    levels: [III, II]
    follows:
      scale: grade
      map: {III: III, II: II}
      clauses: {III: "3", II: "3"}
      otherwise: {R-05: {a: {III: III, II: III}}}
    takes_over: {II: [{from: III, clause: "3", under: {R-01: a}}, {from: III, clause: "3", under: {R-01: b}, when: {f: true}}]}
moments: {told: 接到报告, checked: 核实}
roles: [甲, 乙]
organization: {}
procedure:
  - {scale: response, level: any, step: decide, who: 甲, clause: "3", under: {R-02: chosen}}
  - {scale: response, level: any, step: decide, who: 乙, clause: "3", under: {R-02: a}}
lifecycle:
  start: routine
  phases: {routine: 常态}
  transitions: []
  levels: {grade: {raise: {clause: "2"}}}
duties:
  - {at: {response: III}, unit: 甲, do: 值守, clause: "3"}
  - {at: {response: II}, unit: 乙, do: 增援, clause: "3", under: {R-02: a}}
  - at: {response: II}
    clause: "3"
    under: {R-02: [chosen, a]}
    otherwise: {R-03: {a: {at: {response: any}, when: {f: true}}}}
    tasks:
      - {unit: 甲, do: 报告, due: {within: 1小时, from: told}, otherwise: {R-04: {a: {unit: 乙, due: {within: 2小时, from: checked}}}}}
      - {unit: 甲, do: 通报, when: {f: true}, under: {R-03: chosen}, otherwise: {R-04: {a: {when: null}}}}
  - {at: {grade: II}, unit: 乙, do: 调查, clause: "2"}
readings:
  R-01: {clause: "3", question: 承接吗, chosen: 不承接, alternatives: [承接, 失火时承接]}
  R-02: {clause: "3", question: 谁来, chosen: 甲, alternatives: [乙, 都不来]}
  R-03: {clause: "3", question: 哪级, chosen: Ⅱ级, alternatives: [失火时各级]}
  R-04: {clause: "3", question: 何时, chosen: 接报, alternatives: [核实]}
  R-05: {clause: "3", question: 分级吗, chosen: 分, alternatives: [不分]}
"""


def tiny() -> Plan:
    loaded = load({"plans/tiny.yaml": PLAN}, {}, {})
    assert loaded.findings == ()
    return loaded.plans["tiny"]


def listed(
    level: str, facts: Facts | None = None, scale: str = "response", **choices: str
) -> list[tuple[str, str | None, str, str]]:
    """Id, unit, action and level of each duty; readings with a dash for the underscore."""
    found = duties_at(tiny(), scale, level, facts, choices={key.replace("_", "-"): letter for key, letter in choices.items()})
    return [(one.duty.id, one.duty.unit, one.duty.action, one.level) for one in found]


KEEP = ("3#1", "甲", "值守", "III")
REPORT = ("3#2", "甲", "报告", "II")
INFORM = ("3#3", "甲", "通报", "II")
HELP = ("3#alt1", "乙", "增援", "II")
SEEK = ("2#1", "乙", "调查", "II")


def test_without_a_choice_the_plans_own_reading_holds() -> None:
    assert listed("II") == [REPORT, INFORM, SEEK]
    assert listed("III") == [KEEP]


def test_a_duty_stands_only_under_its_choices_and_its_blocks() -> None:
    assert listed("II", R_02="a") == [HELP, REPORT, INFORM, SEEK]
    assert listed("II", R_02="b") == [SEEK]
    assert listed("II", R_03="a") == [REPORT, SEEK]


def test_a_level_takes_over_under_one_reading_and_under_another_if_a_condition_holds() -> None:
    assert listed("II", R_01="a") == [REPORT, INFORM, SEEK, KEEP]
    assert listed("II", Facts({"f": True}), R_01="b") == [REPORT, INFORM, SEEK, KEEP]
    assert listed("II", Facts({"f": False}), R_01="b") == [REPORT, SEEK]
    found = duties_at(tiny(), "response", "II", Facts(), choices={"R-01": "b"})
    assert [(one.duty.action, one.applies) for one in found if one.level == "III"] == [("值守", Truth.UNKNOWN)]


def test_a_duty_keeps_its_id_when_its_level_unit_deadline_or_condition_is_another() -> None:
    assert listed("III", Facts({"f": True}), R_03="a") == [KEEP, ("3#2", "甲", "报告", "III")]
    assert listed("III", Facts({"f": False}), R_03="a") == [KEEP]
    found = {one.duty.id: one.duty for one in duties_at(tiny(), "response", "II", choices={"R-04": "a"})}
    assert (found["3#2"].unit, found["3#2"].unit_id, found["3#2"].due) == ("乙", "tiny/乙", Due("within", "PT2H", "checked"))
    assert found["3#3"].when is None


def test_two_readings_change_one_duty_together() -> None:
    assert listed("III", Facts({"f": True}), R_03="a", R_04="a") == [KEEP, ("3#2", "乙", "报告", "III")]


def test_a_scale_follows_another_by_another_map() -> None:
    assert listed("III", R_05="a") == [KEEP]
    assert listed("II", scale="grade", R_05="a") == [("3#1", "甲", "值守", "II"), SEEK]
    assert listed("II", R_05="a") == [REPORT, INFORM]


def test_the_procedure_follows_the_reading() -> None:
    plan = tiny()
    assert [act.who for act in acts_at(plan, "response", "II")] == ["甲"]
    assert [act.who for act in acts_at(plan, "response", "II", {"R-02": "a"})] == ["乙"]
    assert acts_at(plan, "response", "II", {"R-02": "b"}) == ()


def test_duties_that_may_come_follow_the_reading() -> None:
    found = duties_that_may_come(tiny(), "response", "III", ("III", "II"), Facts({"f": True}), choices={"R-02": "a"})
    assert [one.duty.id for one in found] == ["3#2", "3#alt1", "3#3", "2#1"]


def ids(effect: DutyEffect) -> tuple[str, str, list[str], list[str], list[str], list[str | None], list[str | None]]:
    return (
        effect.reading,
        effect.alternative,
        [one.duty.id for one in effect.added],
        [one.duty.id for one in effect.removed],
        [now.duty.id for now, _ in effect.changed],
        [act.who for act in effect.acts_added],
        [act.who for act in effect.acts_removed],
    )


def test_the_effects_name_what_each_alternative_adds_removes_and_changes() -> None:
    assert [ids(effect) for effect in duty_effects(tiny(), "response", "II")] == [
        ("R-01", "a", ["3#1"], [], [], [], []),
        ("R-01", "b", ["3#1"], [], [], [], []),
        ("R-02", "a", ["3#alt1"], [], [], ["乙"], ["甲"]),
        ("R-02", "b", [], ["3#2", "3#3"], [], [], ["甲"]),
        ("R-03", "a", [], ["3#3"], ["3#2"], [], []),
        ("R-04", "a", [], [], ["3#2", "3#3"], [], []),
        ("R-05", "a", [], ["2#1"], [], [], []),
    ]


def test_under_an_alternative_the_effects_include_the_way_back() -> None:
    found = duty_effects(tiny(), "response", "II", choices={"R-04": "a"})
    assert [ids(effect) for effect in found if effect.reading == "R-04"] == [("R-04", "chosen", [], [], ["3#2", "3#3"], [], [])]
