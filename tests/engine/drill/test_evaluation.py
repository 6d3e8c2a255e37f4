"""How a drill went: outcomes against times worked out by hand, the score by its formula, problems with their evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from engine.drill.cue import Cue, LevelAtLeast
from engine.drill.draw import fixed
from engine.drill.play import begin, plans_of, play, take
from engine.drill.review.evaluation import Evaluation, covers, evaluate
from engine.drill.review.expected import Expected, Outcome, tally
from engine.drill.review.issue import BadIssue, issue_data, remark
from engine.drill.review.lanes import lanes, waits
from engine.drill.run import Act
from engine.drill.scenario import Deviation, Happening, Inject, Objective, Player
from engine.drill.script import RECORDER
from engine.incident.command import MarkDuty
from tests.engine.drill.haze import SCENARIO, T0, played

ZONE = "朔州经济开发区管委会"


@pytest.fixture(scope="module")
def found() -> Evaluation:
    return evaluate(played())


def about(found: Evaluation, words: str, unit: str | None = None) -> list[Expected]:
    return [one for one in found.expected if words in one.what and unit in (None, one.unit)]


def clock(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%d %H:%M}"


def test_a_decision_is_late_by_the_objective(found: Evaluation) -> None:
    (one,) = about(found, "预警级别达到橙色")
    assert (one.outcome, clock(one.begins), clock(one.due_at), clock(one.done_at)) == ("late", "20 08:10", "20 08:40", "20 08:50")
    assert (one.took, one.late_by) == (timedelta(minutes=40), timedelta(minutes=10))
    assert (one.done_by, one.as_proposed, one.objectives) == ("主管副市长 副市长甲", True, ("sign",))


def test_deadlines_met_missed_late_not_yet_due_and_not_begun(found: Evaluation) -> None:
    told = {
        "1小时内以电子邮件": [("met", "20 09:10", "20 09:10")],
        "30分钟内书面初报": [("missed", "20 09:20", None)],
        "预警解除后2个工作日内": [("waiting", None, None)],
        "每日至少发起会商2次": [("met", "21 00:00", "20 16:25"), ("running", "21 12:00", None)],
    }
    for words, wanted in told.items():
        assert [(one.outcome, clock(one.due_at), clock(one.done_at)) for one in about(found, words)] == wanted
    zone = about(found, "每日12:00前", ZONE)
    assert [(one.number, one.outcome, clock(one.done_at)) for one in zone] == [(1, "late", "20 13:35"), (2, "running", None)]


def test_a_deadline_that_had_passed_when_the_duty_came_is_marked_so() -> None:
    """The opinion was formed at 06:10, so the hour was over before the signature of 08:50 put the duty on anybody."""
    first, *rest = SCENARIO.injects
    sooner = replace(first, does=replace(first.does, moments={"opinion_formed": timedelta(hours=2)}))
    found = evaluate(played(replace(SCENARIO, injects=(sooner, *rest))))
    (one,) = about(found, "1小时内以电子邮件")
    assert (one.outcome, clock(one.due_at), one.note) == ("late", "20 07:10", "下达时已过时限")
    assert {each.note for each in about(evaluate(played()), "1小时内以电子邮件")} == {""}


def test_entries_are_those_of_the_journal(found: Evaluation) -> None:
    run = played()
    kinds = {entry.seq: entry.kind for entry in run.entries}
    for one in found.expected:
        last = "decided" if one.kind == "decision" else "duty_marked"
        assert kinds[one.entries[0]] == ("proposed" if one.kind == "decision" else "duties_changed")
        assert [kinds[number] for number in one.entries[1:]] == ([last] if one.done_at is not None else [])


def test_the_score_is_the_mean_of_proposals_and_duties(found: Evaluation) -> None:
    """Ten count: the decision ½, seven duties 1, the zone's ½, the first report 0."""
    assert dict(found.total.counts) == {"late": 2, "met": 10, "running": 2, "waiting": 2, "missed": 1}
    assert found.total.score == 80.0
    assert found.total.share == pytest.approx(10 / 13)
    assert found.by_unit[ZONE].score == 50.0
    assert found.by_clause["3.3.2"].score == 100.0
    assert found.by_objective["zone"].score == 50.0
    assert sum(one.counted for one in found.by_unit.values()) == found.total.counted


def made(of: str, *outcomes: Outcome) -> list[Expected]:
    return [
        Expected("duty", of, n, "", "p", "s", None, ("1",), None, None, T0, T0, None, outcome)
        for n, outcome in enumerate(outcomes)
    ]


def test_a_recurring_duty_counts_once() -> None:
    counted = tally(
        [*made("a", "met", "missed", "missed", "late"), *made("b", "met"), *made("c", "running", "waiting", "not_applicable")]
    )
    assert counted.items == (Fraction(3, 8), Fraction(1))
    assert counted.score == 68.8
    assert tally(made("c", "running")).score is None


def test_while_it_runs_nothing_is_missed_that_may_still_come() -> None:
    early = evaluate(played(until=T0 + timedelta(minutes=20)))
    assert not early.over
    assert [(one.kind, one.outcome) for one in early.expected] == [("decision", "running")]
    assert [one.how for one in early.fed] == ["given", "waiting", "waiting"]
    later = evaluate(played(until=T0 + timedelta(minutes=45)))
    assert [(one.kind, one.outcome) for one in later.expected] == [("decision", "missed")]


def test_what_nobody_signs_is_missed_and_what_facts_overtake_is_not() -> None:
    slow = (Player("vice", "副市长甲", ("主管副市长",), fixed(30 * 3600)),)
    alone = evaluate(played(replace(SCENARIO, people=slow, objectives=())))
    assert [(one.outcome, one.due_at) for one in alone.expected] == [("missed", None)]
    assert [one.kind for one in alone.issues] == ["unanswered"]
    lower = replace(
        SCENARIO.injects[1].does,
        facts={"consultation_warning": "none", "aqi_above_200_duration": 0},
        moments={},
        text="会商后撤回",
    )
    injects = (SCENARIO.injects[0], replace(SCENARIO.injects[1], does=lower))
    overtaken = evaluate(played(replace(SCENARIO, injects=injects)))
    assert [(one.outcome, one.note) for one in overtaken.expected if one.kind == "decision"] == [
        ("not_applicable", "事实变化，不再需要这项建议")
    ]


def test_a_decision_otherwise_than_proposed_is_a_finding() -> None:
    person = replace(SCENARIO.people[0], otherwise=(Deviation("warning", "orange", "yellow", "先发黄色"),))
    one = evaluate(played(replace(SCENARIO, people=(person,))))
    (issue,) = [issue for issue in one.issues if issue.kind == "deviation"]
    assert issue.what == "建议“预警级别达到橙色”，签发为“黄色”；理由：先发黄色"
    assert issue.unit == "主管副市长 副市长甲"


def test_what_does_not_apply_does_not_count() -> None:
    run = played(until=T0 + timedelta(hours=1))
    keys = [
        key
        for course in run.incident.courses.values()
        for key, duty in course.duties.items()
        if "书面初报" in duty.assigned.action
    ]
    act = Act(run.at, RECORDER, (MarkDuty(keys[0], "not_applicable", run.at, "省里已知悉"),), "director")
    (one,) = about(evaluate(play(take(run, act))), "30分钟内书面初报")
    assert (one.outcome, one.note) == ("not_applicable", "省里已知悉")
    act = Act(run.at, RECORDER, (MarkDuty(keys[0], "impossible", run.at, "传真不通"),), "director")
    (one,) = about(evaluate(play(take(run, act))), "30分钟内书面初报")
    assert (one.outcome, one.note) == ("missed", "无法完成：传真不通")


def test_problems_are_found_with_their_evidence(found: Evaluation) -> None:
    told = {one.kind: one for one in found.issues}
    assert list(told) == ["missed", "late", "slow", "not_started", "no_unit"]
    assert [one.id for one in found.issues] == ["A1", "A2", "A3", "A4", "A5"]
    assert "12-20 09:20" in told["missed"].what
    assert (told["late"].unit, told["late"].clause) == (ZONE, "4.3")
    assert "1小时35分" in told["late"].what
    assert "40分" in told["slow"].what
    assert "预警解除" not in told["not_started"].what


def test_a_person_adds_problems_with_owner_and_date(found: Evaluation) -> None:
    one = remark(found.issues, " 视频会商掉线 ", owner="市工信局", due=date(2027, 1, 15), entries=(3,))
    other = remark((*found.issues, one), "没有备用传真")
    assert (one.id, other.id, one.what) == ("R1", "R2", "视频会商掉线")
    assert (one.owner, issue_data(one)["due"], one.entries) == ("市工信局", "2027-01-15", (3,))
    with pytest.raises(BadIssue, match="没有写明问题"):
        remark((), "  ")


def test_injects_given_instead_and_skipped_are_told_apart() -> None:

    never: Cue = LevelAtLeast("warning", "red")
    injects = (
        *SCENARIO.injects,
        Inject("4", fixed(7200), Happening("加码"), when=never, otherwise=Happening("照旧")),
        Inject("5", fixed(7200), Happening("加码"), when=never),
    )
    fed = {one.inject.id: one for one in evaluate(played(replace(SCENARIO, injects=injects))).fed}
    assert [fed[name].how for name in "12345"] == ["given", "given", "given", "instead", "skipped"]
    assert (fed["4"].does.text, fed["5"].given_at) == ("照旧", None)


def test_an_objective_that_names_nothing_is_about_everything() -> None:
    assert covers(Objective("o", ""), (), (), "warning")
    assert covers(Objective("o", "", clauses=("4.3",)), ("4.3",), (), "x")
    assert not covers(Objective("o", "", units=("甲",)), ("4.3",), ("乙",), "warning")


def test_a_run_without_a_journal_is_not_evaluated() -> None:
    plans = plans_of(SCENARIO, {plan.id: (plan,) for plan in played().plans.values()})
    with pytest.raises(ValueError, match="journal"):
        evaluate(play(begin(SCENARIO, plans, light=True)))


def test_lanes_and_waits_follow_the_journal() -> None:
    run = played()
    warning, response = lanes(run.entries, run.plans, run.at)
    assert [(one.level, clock(one.begins), clock(one.ends)) for one in warning.stretches] == [
        (None, "20 08:00", "20 08:50"), ("orange", "20 08:50", "21 04:00"),
    ]  # fmt: skip
    assert [one.level for one in response.stretches] == [None, "II"]
    assert warning.at(T0) is None
    assert warning.at(T0 + timedelta(minutes=50)) == "orange"
    (wait,) = waits(run.entries, run.at)
    assert (wait.answer, clock(wait.begins), clock(wait.ends)) == ("decided", "20 08:10", "20 08:50")
