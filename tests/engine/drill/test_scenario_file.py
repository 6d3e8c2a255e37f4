"""Scenario files: every mistake with its place in one run; amounts, facts and conditions as directors write them; written out again."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.library import library, plans_folder
from engine.drill.authoring.amounts import (
    BadAmount,
    clock_words,
    draw_tree,
    duration_words,
    read_clock,
    read_draw,
    read_duration,
    read_number,
    read_share,
)
from engine.drill.authoring.fact_values import fact_tree, read_fact
from engine.drill.authoring.scenario_file import ReadScenario, read_scenario
from engine.drill.authoring.scenario_text import scenario_text
from engine.drill.cue import AllOf, AnyOf, Cue, DutyIs, Given, LevelAtLeast, NotSo, Waits
from engine.drill.draw import Draw, fixed
from engine.drill.scenario import (
    Completion,
    Contingency,
    Deviation,
    Happening,
    Hours,
    Inject,
    Objective,
    Player,
    Report,
    Scenario,
)
from engine.plan.finding import FactInvalid
from engine.plan.model import Indicator
from engine.trigger.facts import parse_time

PLAN = "shuozhou-special-equipment"
HEAD = f"""drill: one
title: 一
plans: [{PLAN}]
begins: 2026-10-22T09:00
lasts: 5小时
report: {{title: 事故, words: 接报, source: 现场}}
"""


def read(text: str, name: str = "one") -> ReadScenario:
    return read_scenario(text, f"plans/drills/{name}.yaml", library().versions)


def sound(body: str) -> Scenario:
    found = read(HEAD + body)
    assert found.findings == ()
    assert found.scenario is not None
    return found.scenario


def findings(body: str, head: str = HEAD) -> list[tuple[str, str]]:
    """(line:column, code) of all findings; the head has six lines."""
    found = read(head + body)
    assert found.scenario is None or all(one.severity == "warning" for one in found.findings)
    assert all(one.remedy and one.expected and one.found for one in found.findings)
    return [(f"{one.place.line}:{one.place.column}", one.code) for one in found.findings]


def test_a_bare_scenario_takes_the_usual_for_everything_else() -> None:
    assert sound("") == Scenario(
        id="one",
        title="一",
        jurisdiction="朔州市",
        plans=(PLAN,),
        begins=parse_time("2026-10-22T09:00", ""),
        lasts=timedelta(hours=5),
        report=Report("事故", "接报", "现场"),
    )


def test_what_an_inject_says() -> None:
    (one,) = sound(
        """
injects:
  - id: a
    at: T+1:30
    from: 县局
    to: 指挥部
    medium: 传真
    text: 报告
    facts:
      死亡人数: 2人
      serious_injuries: {at_least: 5}
      direct_economic_loss: {draw: {between: [500万元, 0.2亿元]}}
      toxic_leak_evacuees: {draw: {one_of: [900, 1000人]}}
      锅炉爆炸: 是
      hidden_danger_grade: 较大
      boiler_capacity: {one_of: [300, 600兆瓦]}
      elevator_entrapment_duration: 未知
    observed: 10分钟前
    expected: 定级
"""
    ).injects
    assert one == Inject(
        "a",
        fixed(5_400),
        Happening(
            "报告",
            "县局",
            "指挥部",
            "传真",
            {
                "deaths": 2,
                "serious_injuries": {"at_least": 5},
                "direct_economic_loss": Draw("uniform", (5_000_000, 20_000_000)),
                "toxic_leak_evacuees": Draw("choice", (900, 1000)),
                "boiler_explosion": True,
                "hidden_danger_grade": "III",
                "boiler_capacity": {"one_of": [300, 600]},
                "elevator_entrapment_duration": None,
            },
            observed=timedelta(minutes=10),
        ),
        expected="定级",
    )


def test_conditions_alternatives_and_contingencies() -> None:
    first, second = sound(
        """
injects:
  - {id: a, at: 90分钟, text: 甲}
  - id: b
    at: {triangular: ["1:00", "1:30", "3:00"]}
    when:
      all:
        - {given: a}
        - {level: {scale: 响应等级, at_least: 二级}}
        - any:
            - {waits: {scale: grade, level: II}}
            - {not: {duty: {clause: "7.1", state: 已完成}}}
            - {level: {scale: grade, at_least: 无, plan: shuozhou-special-equipment}}
    within: 1小时
    text: 乙
    else: {text: 丙, from: 丁}
    contingency:
      unless: {waits: {scale: response}}
      after: {between: [10分钟, 半]}
      text: 催
""".replace("半", "30分钟")
    ).injects
    assert first.when is None
    assert second.at == Draw("triangular", (3_600, 5_400, 10_800))
    assert second.when == AllOf(
        (
            Given("a"),
            LevelAtLeast("response", "II"),
            AnyOf(
                (
                    Waits("grade", "II"),
                    NotSo(DutyIs("7.1", "done")),
                    LevelAtLeast("grade", None, PLAN),
                )
            ),
        )
    )
    assert second.within == timedelta(hours=1)
    assert second.otherwise == Happening("丙", "丁")
    assert second.contingency == Contingency(Waits("response"), Draw("uniform", (600, 1_800)), Happening("催"))


def test_people_duties_objectives_readings_versions_and_the_seed() -> None:
    found = sound(
        f"""
seed: 7
versions: {{{PLAN}: 2020-12-06}}
readings: {{{PLAN}: {{SE-23: a, SE-02: chosen}}}}
people:
  - id: p
    name: 甲
    posts: [分管特种设备安全工作的副市长, 市长]
    decides: {{median: 20分钟, p95: 1小时}}
    otherwise: [{{scale: response, proposed: 一级, level: 无, reason: 待核实}}]
duties:
  - {{clause: "7.1", unit: 市财政局, has: 经费, never: true}}
  - {{share: {{between: [40%, 1.1]}}, step: started}}
objectives:
  - {{id: o, words: 目标, clauses: ["7.1"], units: [市财政局], scales: [事故分级], decided_within: 30分钟}}
"""
    )
    plan = library().plans[PLAN]
    assert (found.seed, found.versions) == (7, {PLAN: plan.digest})
    assert found.readings == {PLAN: {"SE-23": "a"}}
    assert found.people == (
        Player(
            "p",
            "甲",
            ("分管特种设备安全工作的副市长", "市长"),
            Draw("lognormal", (1_200, 3_600)),
            (Deviation("response", "I", None, "待核实"),),
        ),
    )
    assert found.duties == (
        Completion("7.1", "市财政局", "经费"),
        Completion(share=Draw("uniform", (0.4, 1.1)), step="started"),
    )
    assert found.objectives == (Objective("o", "目标", ("7.1",), ("市财政局",), ("grade",), timedelta(minutes=30)),)


def test_hours_of_a_series_are_written_short() -> None:
    head = HEAD.replace(PLAN, "shuozhou-heavy-pollution")
    found = read(
        head + "injects: [{id: a, at: 0, facts: {aqi_hourly: {hours: {begins: -24小时, every: 6, values: [60×4, 210, 未知]}}}}]"
    )
    assert found.findings == ()
    assert found.scenario is not None
    assert found.scenario.injects[0].does.facts == {"aqi_hourly": Hours(-24, 6, (60.0, 60.0, 60.0, 60.0, 210.0, None))}


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("▶colour: red", ["unknown-key"]),
        ("▶seed: 七", ["bad-amount"]),
        ("injects: [{id: a, ▶at: 99:00, text: 迟}]", ["after-end"]),
        ("injects: [{id: a, ▶at: -1:00, text: 早}]", ["bad-amount"]),
        ("injects: [{id: a, ▶at: 1:75, text: 乱}]", ["bad-amount"]),
        ("injects: [▶{id: a, at: 0}]", ["empty"]),
        ("injects: [{id: a, at: 0, text: 一}, {▶id: a, at: 0, text: 二}]", ["duplicate-id"]),
        ("injects: [{id: a, at: 0, facts: {▶death: 1}}]", ["unknown-indicator"]),
        ("injects: [{id: a, at: 0, facts: {▶deaths: -1}}]", ["fact-invalid"]),
        ("injects: [{id: a, at: 0, facts: {▶deaths: 1.5}}]", ["fact-invalid"]),
        ("injects: [{id: a, at: 0, facts: {▶deaths: 1米}}]", ["fact-invalid"]),
        ("injects: [{id: a, at: 0, facts: {▶deaths: [1]}}]", ["fact-invalid"]),
        ("injects: [{id: a, at: 0, facts: {▶deaths: {draw: {between: [3, 1]}}}}]", ["fact-invalid"]),
        ("injects: [{id: a, at: 0, facts: {▶deaths: {draw: {between: [-3, 1]}}}}]", ["fact-invalid"]),
        ("injects: [{id: a, at: 0, facts: {▶boiler_explosion: 或许}}]", ["fact-invalid"]),
        ("injects: [{id: a, at: 0, facts: {▶hidden_danger_grade: 很大}}]", ["fact-invalid"]),
        ("injects: [{id: a, at: 0, facts: {deaths: 1, ▶死亡人数: 2}}]", ["duplicate-id"]),
        ("injects: [{id: a, at: 0, text: 一, ▶moments: [found]}]", ["unknown-moment"]),
        ("injects: [{id: a, at: 0, text: 一, ▶plan: shuozhou-drought}]", ["unknown-plan"]),
        ("injects: [{id: a, at: 0, text: 一, when: {▶given: b}}]", ["unknown-inject"]),
        ("injects: [{id: a, at: 0, text: 一, ▶when: {given: a}}]", ["never-given"]),
        ("injects: [{id: a, at: 0, text: 一, when: {level: {▶scale: grad, at_least: I}}}]", ["unknown-scale"]),
        ("injects: [{id: a, at: 0, text: 一, when: {level: {scale: grade, ▶at_least: V}}}]", ["unknown-level"]),
        ("injects: [{id: a, at: 0, text: 一, when: {▶level: {scale: grade}}}]", ["bad-condition"]),
        ("injects: [{id: a, at: 0, text: 一, when: {duty: {▶clause: '9.9', ▶state: 迟}}}]", ["unknown-clause", "bad-condition"]),
        ("injects: [{id: a, at: 0, text: 一, ▶when: 总是}]", ["bad-condition"]),
        ("injects: [{id: a, at: 0, text: 一, ▶else: {text: 二}}]", ["bad-condition"]),
        ("people: [{id: p, name: 甲, ▶posts: [分管特种设备安全工作的付市长]}]", ["cannot-sign"]),
        ("people: [{id: p, name: 甲, posts: [带班领导], ▶decides: -5分钟}]", ["bad-amount"]),
        ("people: [{id: p, name: 甲, posts: [带班领导], ▶decides: {median: 9分钟, p95: 5分钟}}]", ["bad-amount"]),
        ("people: [{id: p, name: 甲, posts: [带班领导], otherwise: [{scale: grade, ▶proposed: VI, level: II, reason: 因}]}]", ["unknown-level"]),
        ("duties: [▶{clause: '7.1', takes: 5分钟, never: true}]", ["bad-completion"]),
        ("duties: [{▶clause: '77', takes: 5分钟}]", ["unknown-clause"]),
        ("duties: [{▶unit: 财政厅, takes: 5分钟}]", ["unknown-unit"]),
        ("duties: [{takes: 5分钟, ▶step: finished}]", ["bad-completion"]),
        ("duties: [{▶share: 多}]", ["bad-amount"]),
        ("objectives: [{id: o, words: 标, scales: [▶warn], clauses: [▶'99'], units: [▶无名]}]", ["unknown-scale", "unknown-clause", "unknown-unit"]),
        ("readings: {shuozhou-special-equipment: {▶SE-23: z, ▶SE-99: a}, ▶other: {}}", ["unknown-reading", "unknown-reading", "unknown-plan"]),
        ("versions: {▶shuozhou-special-equipment: 1999-01-01}", ["unknown-version"]),
    ],
)  # fmt: skip
def test_each_mistake_is_found_at_its_place(body: str, codes: list[str]) -> None:
    """▶ stands where a finding should point to."""
    places = [f"7:{part + 1}" for part in _marks(body)]
    assert findings(body.replace("▶", "")) == list(zip(places, codes, strict=True))


def _marks(body: str) -> list[int]:
    """The columns of the marks, as they are without them."""
    return [at - n for n, at in enumerate(place for place, mark in enumerate(body) if mark == "▶")]


def test_mistakes_in_the_head() -> None:
    head = """drill: two
title: 一
plans: [shuozhou-droght]
begins: 2026-13-01
lasts: 0分钟
report: {title: 事故, words: 接报}
"""
    assert findings("", head) == [
        ("1:1", "wrong-name"),
        ("3:9", "unknown-plan"),
        ("4:1", "bad-time"),
        ("5:1", "bad-amount"),
        ("6:1", "missing-key"),
    ]


def test_injects_that_wait_for_each_other_are_found_unless_one_has_an_alternative() -> None:
    body = """
injects:
  - {id: a, at: 0, text: 一, when: {given: b}}
  - {id: b, at: 0, text: 二, when: {any: [{given: a}, {all: [{given: a}, {given: c}]}]}%s}
  - {id: c, at: 0, text: 三}
"""
    assert [code for _, code in findings(body % "")] == ["never-given", "never-given"]
    assert sound(body % ", else: {text: 四}").injects[2].id == "c"


def test_a_person_who_may_not_sign_what_he_is_to_sign_instead_is_found() -> None:
    body = "people: [{id: p, name: 甲, posts: [市应急指挥部], otherwise: [{scale: grade, proposed: II, level: III, reason: 因}]}]"
    found = read(HEAD + body)
    assert [(one.place.column, one.code, one.severity) for one in found.findings] == [
        (body.index("level") + 1, "cannot-sign", "warning")
    ]


def test_a_warning_alone_lets_the_scenario_be_played() -> None:
    found = read(HEAD + "people: [{id: p, name: 甲, posts: [联络员]}]")
    assert [(one.code, one.severity) for one in found.findings] == [("cannot-sign", "warning")]
    assert found.scenario is not None


@pytest.mark.parametrize("text", ["", "- a", "drill: [", "a: &x 1", "plans: {}", "\x00", "injects: 5\ndrill: one", "begins: {}"])
def test_no_text_brings_the_reader_down(text: str) -> None:
    found = read(text)
    assert found.scenario is None
    assert found.findings


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.text("ab:-[]{}#&*天1 \n", max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "given",
                        "level",
                        "draw",
                        "hours",
                        "between",
                        "scale",
                        "all",
                        "not",
                        "median",
                        "p95",
                        "values",
                        "deaths",
                        "one_of",
                    ]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=8,
    )
)
def test_no_value_brings_the_reader_down(value: Any) -> None:
    raw = json.dumps(value, ensure_ascii=False)
    read(HEAD + f"injects: [{{id: a, at: {raw}, when: {raw}, text: 一, facts: {{deaths: {raw}, boiler_explosion: {raw}}}}}]")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20分钟", 1_200),
        ("1小时30分钟", 5_400),
        ("1.5小时", 5_400),
        ("2天", 172_800),
        ("90秒", 90),
        ("0", 0),
        ("1天 2小时", 93_600),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "分钟", "-5分钟", "5分钟后", "400天", None, [], "1" * 80 + "天"])
def test_what_is_no_duration(text: Any) -> None:
    with pytest.raises(BadAmount):
        read_duration(text)


@given(st.integers(0, 366 * 86_400))
def test_durations_and_times_written_out_read_back(seconds: int) -> None:
    assert read_duration(duration_words(seconds)) == seconds
    assert read_clock(clock_words(seconds)) == seconds


@given(st.lists(st.integers(1, 100_000), min_size=2, max_size=3, unique=True).map(sorted))
def test_draws_written_out_read_back(values: list[int]) -> None:
    kinds = {2: ("uniform", "lognormal", "choice"), 3: ("triangular", "choice")}[len(values)]
    for kind in kinds:
        draw = Draw(kind, tuple(values))  # type: ignore[arg-type]
        assert read_draw(draw_tree(draw, duration_words), read_duration) == draw


@pytest.mark.parametrize(("text", "share"), [("80%", 0.8), ("0.8", 0.8), ("120％", 1.2), ("1", 1)])
def test_shares(text: str, share: float) -> None:
    assert read_share(text) == share


def test_what_is_no_number() -> None:
    for text in ("nan", "inf", "1e999999", "1,5", "", None):
        with pytest.raises(BadAmount):
            read_number(text)


PLAIN = [
    (plan, one)
    for plan in library().plans.values()
    for one in plan.indicators.values()
    if one.type in ("number", "integer", "boolean", "enum")
]


def values(indicator: Indicator) -> st.SearchStrategy[Any]:
    match indicator.type:
        case "boolean":
            return st.booleans()
        case "enum":
            return st.sampled_from(indicator.values)
        case "integer":
            return st.integers(0, 10**9)
        case _:
            return st.integers(0, 10**9) | st.floats(0, 10**9).map(lambda one: round(one, 3))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_facts_written_out_read_back(data: st.DataObject) -> None:
    plan, indicator = data.draw(st.sampled_from(PLAIN))
    one = data.draw(values(indicator))
    facts: list[Any] = [one, None]
    if indicator.type in ("number", "integer"):
        facts += [{"at_least": one}, {"at_most": one}, {"between": [one, one + 1]}]
        facts.append(Draw("uniform", (one, one + 3), whole=indicator.type == "integer"))
    for fact in facts:
        tree = fact_tree(indicator, fact)
        assert read_fact((plan,), indicator, tree) == fact


def test_areas_are_read_by_their_names() -> None:
    plan = library().plans["shuozhou-meteorological"]
    counties = plan.indicators["counties"]
    area = counties.areas[0]
    part = counties.parts["rain_next_24h"]
    assert read_fact((plan,), counties, {area: {part.short: "50毫米", "rain_past_24h": {"at_least": "10"}}}) == {
        area: {"rain_next_24h": 50, "rain_past_24h": {"at_least": 10}}
    }
    for wrong in ({"他县": {"rain_next_24h": "1"}}, {area: {"雨": "1"}}, {area: "1"}, {}, {area: {"rain_next_24h": None}}, "50"):
        with pytest.raises(FactInvalid):
            read_fact((plan,), counties, wrong)


WORDS = st.text("甲乙丙ab 1:#-'\"{}[],，。!?%@&*\n\t\\", min_size=1, max_size=20).filter(str.strip)


def cues(injects: list[str]) -> st.SearchStrategy[Cue]:
    leaves = st.one_of(
        st.sampled_from(injects).map(Given),
        st.builds(LevelAtLeast, st.just("grade"), st.sampled_from(["IV", "I", None]), st.sampled_from([None, PLAN])),
        st.builds(Waits, st.just("response"), st.sampled_from([None, "II"])),
        st.builds(DutyIs, st.just("7.1"), st.sampled_from(["done", "overdue"]), st.none(), st.none() | st.just("经费")),
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=2).map(tuple).map(AllOf)
            | st.lists(inner, min_size=1, max_size=2).map(tuple).map(AnyOf)
            | inner.map(NotSo)
        ),
        max_leaves=3,
    )


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_scenario_written_out_reads_back(data: st.DataObject) -> None:
    happenings = st.builds(
        Happening,
        WORDS,
        WORDS,
        WORDS,
        WORDS,
        st.dictionaries(st.sampled_from(["deaths", "serious_injuries"]), st.integers(0, 50) | st.none(), max_size=2),
        observed=st.integers(0, 50).map(lambda n: timedelta(minutes=n)),
        plan=st.sampled_from([None, PLAN]),
    )
    injects = tuple(
        Inject(
            name,
            fixed(data.draw(st.integers(0, 18_000))),
            data.draw(happenings),
            data.draw(st.none() | cues(["b"])) if name == "a" else None,
            contingency=data.draw(st.none() | st.builds(Contingency, cues(["a", "b"]), st.just(fixed(60)), happenings)),
            expected=data.draw(st.just("") | WORDS),
        )
        for name in ("a", "b")
    )
    scenario = Scenario(
        id="one",
        title=data.draw(WORDS),
        jurisdiction=data.draw(WORDS),
        plans=(PLAN,),
        begins=parse_time("2026-10-22T09:00", ""),
        lasts=timedelta(hours=5),
        report=Report(data.draw(WORDS), data.draw(WORDS), data.draw(WORDS), data.draw(st.none() | WORDS)),
        injects=injects,
        people=(Player("p", data.draw(WORDS), ("带班领导",), fixed(data.draw(st.integers(0, 9_000)))),),
        objectives=(Objective("o", data.draw(WORDS)),),
        seed=data.draw(st.none() | st.integers(0, 10**9)),
        background=data.draw(st.just("") | WORDS),
    )
    found = read(scenario_text(scenario, (library().plans[PLAN],)))
    assert found.findings == ()
    assert found.scenario == scenario


def test_what_the_manual_shows_can_be_played() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (plans_folder() / "drills" / "README.md").read_text("utf-8"), re.S)
    whole, *parts = blocks
    assert len(parts) == 5
    plans = "[wutai-mayday-work-safety, wutai-communications]"
    head = re.sub(
        r"plans: \[.*?\]",
        f"plans: {plans}",
        "".join(line for line in whole.splitlines(True) if "…" not in line and "预案id" not in line),
    )
    found = read(head + "".join(parts), "quarry-collapse")
    assert found.findings == ()
    assert found.scenario is not None
    assert [one.id for one in found.scenario.injects] == ["名单核对", "上级任务"]
