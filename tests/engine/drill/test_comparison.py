"""Plays side by side: what differed first and why, levels, duties, signers, deadlines; variants; a drill against its last play."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from api.library import library
from engine.contract.drill_comparison import comparison_data, progress_data
from engine.drill.draw import Draw, fixed
from engine.drill.generation.generate import generate
from engine.drill.play import begin, plans_of, play
from engine.drill.review.burden import seconds, shifts
from engine.drill.review.comparison import Comparison, compare
from engine.drill.review.evaluation import evaluate
from engine.drill.review.progress import progress
from engine.drill.run import Run
from engine.drill.scenario import Completion, Scenario
from engine.drill.variant import (
    DelayChange,
    Dropped,
    FactChange,
    ReadingChange,
    TimeChange,
    VersionChange,
    read_change,
    variant,
)
from engine.incident.event import Assigned
from engine.incident.state import DutyState
from engine.plan.finding import FactInvalid, UnknownName, YuanError
from tests.engine.drill.haze import PLAN, SCENARIO, T0, played

VERSIONS = library().versions
RED = {"aqi_above_200_duration": 100, "aqi_above_300_duration": 50}


def changed(*changes: object) -> Scenario:
    return variant(SCENARIO, changes, VERSIONS)  # type: ignore[arg-type]


def against(scenario: Scenario, base: Run | None = None) -> Comparison:
    return compare([("甲", base or played()), ("乙", played(scenario))])


@pytest.fixture(scope="module")
def redder() -> Comparison:
    return against(changed(FactChange("1", "aqi_above_200_duration", 100), FactChange("1", "aqi_above_300_duration", 50)))


def test_the_first_difference_is_the_changed_fact(redder: Comparison) -> None:
    (one,) = redder.others
    assert one.first is not None and one.first.ours is not None and one.first.theirs is not None
    assert (one.first.kind, one.first.what, one.first.origin) == ("content", "aqi_above_200_duration", "inject:1")
    assert (one.first.ours.body["value"], one.first.theirs.body["value"]) == (50, 100)
    assert one.beyond_time is not None and one.beyond_time.what == "aqi_above_200_duration"


def test_the_first_level_that_differs_has_its_clause_and_decision(redder: Comparison) -> None:
    """乙: red is for the mayor, whom nobody plays: twenty minutes, before the vice mayor's forty in 甲."""
    level = redder.others[0].level
    assert level is not None and level.decision is not None and level.proposal is not None
    assert (level.scale, level.after, level.ours, level.theirs) == ("warning", timedelta(minutes=30), None, "red")
    assert level.decision.post == "市长"
    assert level.proposal.clauses == ("3.2.3",)


def test_duties_signers_and_deadlines_stand_side_by_side(redder: Comparison) -> None:
    (one,) = redder.others
    assert {each.how for each in one.shifts} >= {"added"}
    run = one.play.run
    ours = {duty.assigned.duty for course in played().incident.courses.values() for duty in course.duties.values()}
    theirs = {duty.assigned.duty for course in run.incident.courses.values() for duty in course.duties.values()}
    told = {each.duty.duty for each in one.shifts if each.how == "added"}
    assert told <= theirs - ours
    assert {key: {name: one.post for name, one in signed.items()} for key, signed in redder.signatures.items()} == {
        (PLAN, "warning", "orange"): {"甲": "主管副市长"},
        (PLAN, "warning", "red"): {"乙": "市长"},
    }
    assert [play.evaluation.total.score for play in redder.plays] == [80.0, one.play.evaluation.total.score]


def test_the_sentence_says_it(redder: Comparison) -> None:
    (words,) = [one["words"] for one in comparison_data(redder)["against"]]
    assert words.startswith("第一处不同：T+0:10 事实：“甲”为“预测AQI日均值>200将持续的时间：50小时")
    assert "（注入 1）。级别第一次不同：T+0:30 预警级别，“甲”为未达级别，“乙”为红色；此时市长签发红色，依据 3.2.3。" in words


def test_the_same_play_differs_in_nothing() -> None:
    (one,) = against(SCENARIO).others
    assert (one.first, one.beyond_time, one.level, one.shifts) == (None, None, None, ())
    assert comparison_data(against(SCENARIO))["against"][0]["words"] == "两次的日志逐条相同。"


def test_another_day_is_no_difference() -> None:
    (one,) = against(replace(SCENARIO, begins=T0 + timedelta(days=1))).others
    assert (one.first, one.level) == (None, None)


def test_a_shift_of_time_is_told_from_a_change() -> None:
    (one,) = against(changed(TimeChange("3", fixed(19 * 3600 + 600)))).others
    assert one.first is not None
    assert (one.first.kind, one.first.origin, one.beyond_time, one.level) == ("time", "inject:3", None, None)


def test_a_slower_signature_moves_the_level() -> None:
    (one,) = against(changed(DelayChange("vice", fixed(3600)))).others
    assert one.first is not None and one.level is not None
    assert (one.first.kind, one.first.origin) == ("time", "person:vice:P1")
    assert (one.level.after, one.level.ours, one.level.theirs) == (timedelta(minutes=50), "orange", None)


def test_what_does_not_come_is_one_plays_alone() -> None:
    (one,) = against(changed(Dropped("2"))).others
    assert one.first is not None
    assert (one.first.kind, one.first.theirs, one.first.origin) == ("only", None, "inject:2")


def with_facts(**facts: object) -> Scenario:
    """The first report says just this."""
    first, *rest = SCENARIO.injects
    return replace(SCENARIO, injects=(replace(first, does=replace(first.does, facts=facts)), *rest))


@pytest.mark.parametrize("missing", RED)
def test_a_fact_that_one_play_lacks_is_not_taken_for_the_next_one(missing: str) -> None:
    """Both were said at one moment; the other one only comes a line sooner."""
    whole, part = played(with_facts(**RED)), with_facts(**{key: value for key, value in RED.items() if key != missing})
    (one,) = against(part, whole).others
    assert one.first is not None
    assert (one.first.kind, one.first.what, one.first.theirs, one.first.origin) == ("only", missing, None, "inject:1")
    (turned,) = compare([("甲", played(part)), ("乙", whole)]).others
    assert turned.first is not None
    assert (turned.first.kind, turned.first.what, turned.first.ours) == ("only", missing, None)


def test_what_a_withdrawal_pushes_back_has_not_moved_in_time() -> None:
    """乙 withdraws at T+0:40 what was reported at T+0:10, and says the rest as 甲 does."""
    first, second, *rest = with_facts(**RED).injects
    both = replace(
        SCENARIO, injects=(first, replace(second, does=replace(first.does, facts={"aqi_above_200_duration": 120})), *rest)
    )
    taken = variant(both, [FactChange("2", "aqi_above_300_duration", None)], VERSIONS)
    (one,) = against(taken, played(both)).others
    assert one.first is not None and one.first.theirs is not None
    assert (one.first.kind, one.first.ours, one.first.theirs.kind) == ("only", None, "fact_corrected")


def test_what_is_otherwise_at_another_time_is_told_with_both_times() -> None:
    """甲 hears of orange at T+0:10 and of red at T+1:00; 乙 of red at T+0:05, so that it proposes that at once."""
    first, *rest = SCENARIO.injects
    red = replace(first, id="9", at=fixed(3600), does=replace(first.does, facts=RED, moments={}))
    base = replace(SCENARIO, injects=(first, *rest, red))
    found = against(variant(base, [TimeChange("9", fixed(300))], VERSIONS), played(base))
    (words,) = [one["beyond_time"]["words"] for one in comparison_data(found)["against"]]
    assert words.startswith("建议：“甲”T+1:00 为“建议预警级别升至红色")
    assert "，“乙”T+0:05 为“建议预警级别达到红色" in words


def test_another_reading_is_a_setting() -> None:
    reading, (letter, *_) = next(iter(library().plan(PLAN).switches().items()))
    (one,) = against(changed(ReadingChange(PLAN, reading, letter))).others
    assert one.first is not None
    assert (one.first.kind, one.first.what) == ("setting", reading)


def test_plans_that_one_play_alone_has_are_a_setting_by_their_titles() -> None:
    other = next(
        plan for key, (*_, plan) in sorted(VERSIONS.items()) if key != PLAN and plan.jurisdiction == SCENARIO.jurisdiction
    )
    both, title = replace(SCENARIO, plans=(PLAN, other.id)), f"《{other.title}》"
    for one, two in ((SCENARIO, both), (both, SCENARIO)):
        (found,) = against(two, played(one)).others
        assert found.first is not None
        assert (found.first.kind, found.first.what) == ("setting", title)


def test_plays_of_other_plans_stand_side_by_side() -> None:
    """乙 has a plan that 甲 has not, or the other way round: its duties are added or removed, its signers named."""
    other = max(key for key in VERSIONS if key != PLAN)
    elsewhere = generate(VERSIONS[other][-1], next(iter(VERSIONS[other][-1].scales.values())).levels[-1], begins=T0)
    for one, two in ((SCENARIO, elsewhere), (elsewhere, SCENARIO)):
        data = comparison_data(against(two, played(one)))
        (found,) = data["against"]
        assert {shift["how"] for shift in found["shifts"]} == {"added", "removed"}
        assert {signed["plan"] for signed in data["signatures"]} == {PLAN, other}
        assert found["words"].endswith("没有两次都有的等级体系。")


def duty(name: str, kind: str | None, value: str | int | None, level: str = "II") -> Assigned:
    return Assigned(name, name, "某局", None, "报告", "4.3", "response", level, kind, value)


@pytest.mark.parametrize(
    ("one", "length"),
    [
        (("within", "PT30M"), 1800), (("every", "PT2H"), 7200), (("daily_at", "15:00"), 86_400), (("times_per_day", 2), 43_200),
        (("within_workdays", 2), 172_800), ((None, None), float("inf")), (("within", "P1D"), 86_400),
    ],
)  # fmt: skip
def test_deadlines_compare_by_the_time_that_they_give(one: tuple[str | None, str | int | None], length: float) -> None:
    assert seconds(duty("d", *one)) == length


def test_the_same_duty_with_less_time_or_at_a_higher_level_is_tightened() -> None:
    def run(*duties: Assigned) -> Run:
        found = played(until=T0)
        course = found.incident.courses[PLAN]
        put = {one.key: DutyState(one, T0, 3) for one in duties}
        incident = replace(found.incident, courses={PLAN: replace(course, duties=put)})
        return replace(found, incident=incident)

    base = run(duty("a", "every", "PT4H"), duty("b", None, None), duty("c", "within", "PT1H"), duty("e", "daily_at", "15:00"))
    other = run(
        duty("a", "every", "PT2H"), duty("b", None, None, "I"), duty("c", "within", "PT2H"), duty("f", "daily_at", "15:00")
    )
    told = {(each.duty.duty, each.how, each.why) for each in shifts(base, other)}
    assert told == {("a", "tightened", "时限"), ("b", "tightened", "级别"), ("c", "loosened", "时限")}


def test_progress_tells_better_from_worse() -> None:
    then, now = (
        evaluate(played()),
        evaluate(played(replace(changed(DelayChange("vice", fixed(1200))), duties=SCENARIO.duties[1:]))),
    )
    found = progress(then, now)
    better = {(one.now.what[:8], one.then.outcome, one.now.outcome) for one in found.better}
    assert ("预警级别达到橙色", "late", "met") in better
    assert any("书面初报" in one.now.what for one in found.better)
    assert found.score is not None and found.score > 0
    back = progress(now, then)
    assert len(back.worse) == len(found.better)
    assert back.score == -found.score
    assert progress_data(found, played().plans)["score"] == found.score


def test_later_by_more_is_worse() -> None:
    slower = replace(SCENARIO, duties=(SCENARIO.duties[0], replace(SCENARIO.duties[1], share=fixed(2.5)), *SCENARIO.duties[2:]))
    found = progress(evaluate(played()), evaluate(played(slower)))
    assert [one.now.unit for one in found.worse] == ["朔州经济开发区管委会"]


def test_a_comparison_needs_two() -> None:
    with pytest.raises(ValueError, match="two"):
        compare([("甲", played())])


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("1.aqi_above_200_duration=100", FactChange("1", "aqi_above_200_duration", 100)),
        ("注入1.consultation_warning=yellow", FactChange("1", "consultation_warning", "yellow")),
        ("1.no_improvement_24h=是", FactChange("1", "no_improvement_24h", True)),
        ("1.aqi_above_200_duration=未知", FactChange("1", "aqi_above_200_duration", None)),
        ("1.at=1:30", TimeChange("1", fixed(5400))),
        ("注入2=无", Dropped("2")),
        ("vice.decides=1小时", DelayChange("vice", fixed(3600))),
        (f"{PLAN}.HP-02=a", ReadingChange(PLAN, "HP-02", "a")),
        (f"{PLAN}.version=0ac1", VersionChange(PLAN, "0ac1")),
    ],
)
def test_changes_are_read_as_they_are_written(text: str, change: object) -> None:
    assert read_change(text, SCENARIO) == change


def test_a_post_that_nobody_plays_gets_somebody_and_one_that_there_is_not_is_refused() -> None:
    made = changed(DelayChange("市长", fixed(3600)))
    assert [one.posts for one in made.people] == [("主管副市长",), ("市长",)]
    with pytest.raises(UnknownName, match="没有签发人“市长助手”") as raised:
        changed(DelayChange("市长助手", fixed(3600)))
    assert "是不是“市长”" in raised.value.remedy


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("9.deaths=1", UnknownName, "没有注入“9”"),
        ("1.death=1", UnknownName, "没有指标“death”"),
        ("1.consultation_warning=green", FactInvalid, "green"),
        ("1.at=昨天", FactInvalid, "昨天"),
        ("1.at=40:00", FactInvalid, "晚于推演的结束"),
        ("随便", FactInvalid, "不是一处改动"),
        (f"{PLAN}.HP-99=a", UnknownName, "HP-99"),
        (f"{PLAN}.version=zzz", UnknownName, "没有版本"),
    ],
)
def test_a_wrong_change_says_what_is_wrong(text: str, kind: type[YuanError], words: str) -> None:
    with pytest.raises(kind, match=words) as caught:
        variant(SCENARIO, [read_change(text, SCENARIO)], VERSIONS)
    assert caught.value.remedy
    assert SCENARIO.injects[0].does.facts["aqi_above_200_duration"] == 50


def test_a_post_that_nobody_holds_gets_somebody() -> None:
    scenario = changed(DelayChange("市长", Draw("uniform", (60, 120))))
    assert [one.posts for one in scenario.people] == [("主管副市长",), ("市长",)]
    assert scenario.duties == SCENARIO.duties
    assert isinstance(scenario.duties[0], Completion)
    play(begin(scenario, plans_of(scenario, VERSIONS)))
