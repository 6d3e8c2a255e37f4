"""A journal as a drill: done again it is the same journal; as a scenario, with its decisions, it leads to the same proposals."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.library import library
from engine.drill.exchange.from_incident import fork, left_out, replay, scenario_from_incident
from engine.drill.play import begin, play, rewind, take
from engine.drill.run import Act
from engine.drill.scenario import PREFIX
from engine.drill.script import RECORDER
from engine.incident.chain import Entry, first_break
from engine.incident.command import Actor, Correct, MarkDuty, MergeInto, Note, Observe, Open, Sign, Tell, Tick
from engine.incident.event import BadJournal
from engine.plan.finding import YuanError
from engine.plan.model import Plan
from tests.engine.incident.desk import START, Desk
from tests.engine.incident.test_equals_episode import random_steps
from tests.journals.record import story as fresh_story

SAID = (
    "plan",
    "scale",
    "before",
    "level",
    "kind",
    "own",
    "imposed",
    "clauses",
    "possible",
    "signers",
    "readings",
    "cause",
    "words",
)


@functools.cache
def story() -> Desk:
    return fresh_story()


def proposals(entries: Iterable[Entry]) -> list[str]:
    """What was proposed, in order, without the entries' numbers and times."""
    return [
        json.dumps([entry.body.get(key) for key in SAID], ensure_ascii=False) for entry in entries if entry.kind == "proposed"
    ]


def content(entry: Entry) -> tuple[Any, ...]:
    body = dict(entry.body)
    if entry.kind == "opened":
        body = {**body, "title": body["title"].removeprefix(PREFIX), "demo": True, "watch": False, "reported_at": None}
    return entry.seq, entry.by, entry.kind, json.dumps(body, sort_keys=True)


def same(entries: Sequence[Entry], again: Sequence[Entry]) -> None:
    assert [content(one) for one in again] == [content(one) for one in entries]
    assert [one.at for one in again[2:]] == [one.at for one in entries[2:]]


def test_a_kept_story_is_done_again_entry_by_entry() -> None:
    desk = story()
    run = fork(desk.entries, desk.plans)
    assert run.refusals == ()
    same(desk.entries, run.entries)
    assert first_break(run.entries) is None
    assert run.incident.title.startswith(PREFIX)


def test_a_fork_goes_on_from_any_moment_and_rewinds_into_the_past() -> None:
    desk = story()
    moment = START + timedelta(minutes=20)
    run = fork(desk.entries, desk.plans, moment=moment, goes_on=timedelta(hours=2))
    known = [one for one in desk.entries if one.at <= moment]
    same(known, run.entries)
    assert run.at == moment
    assert not run.over
    after = take(run, Act(moment, RECORDER, (Observe({"so2_hourly_max": 900}, "导调", moment),), "director"))
    assert len(after.entries) > len(run.entries)
    assert rewind(after, moment).incident == after.incident
    assert [content(one) for one in rewind(after, moment - timedelta(minutes=19)).entries] == [
        content(one) for one in desk.entries if one.at <= moment - timedelta(minutes=19)
    ]
    assert play(after).at == moment + timedelta(hours=2)


def test_the_scenario_of_a_kept_story_leads_to_its_proposals() -> None:
    """Up to where a plan was taken up, and a version changed, in the middle: that the scenario does not repeat."""
    desk = story()
    last = next(n for n, entry in enumerate(desk.entries) if entry.kind == "plan_added" and entry.seq > 10)
    entries = desk.entries[:last]
    scenario = scenario_from_incident(entries, desk.plans)
    run = replay(scenario, entries, desk.plans)
    assert run.refusals == ()
    assert proposals(run.entries) == proposals(entries)
    assert {"发出的消息", "交接班", "没有建议而作的决定"} <= set(left_out(entries))


def random_incident(plan: Plan, seed: int) -> Desk:
    """Some hours of an office: facts, corrections, withdrawals, decisions as proposed and otherwise, duties done, time passing."""
    random = Random(seed)
    desk = Desk({plan.digest: plan})
    desk.do(Open("试验", plan.jurisdiction, "试验", "试验", desk.at, (plan,)))
    for planned, raw in random_steps(plan, seed):
        desk.at = at = max(planned, desk.at)
        facts = dict(random.sample(sorted(raw.items(), key=lambda item: item[0]), min(len(raw), random.randint(1, 6))))
        if facts:
            desk.do(Observe(facts, random.choice("甲乙"), at - timedelta(minutes=random.choice((0, 0, 7)))))
        for _ in range(random.randint(0, 3)):
            desk.later(seconds=random.randint(0, 3000), microseconds=random.randint(0, 999_999))
            _something(desk, plan, random)
    return desk


def _something(desk: Desk, plan: Plan, random: Random) -> None:
    course = desk.state.courses[plan.id]
    match random.randint(0, 6):
        case 0 | 1 | 2 if course.pending:
            one = random.choice(list(course.pending.values()))
            level = one.level if random.random() < 0.7 else random.choice((None, *plan.scales[one.scale].levels))
            post = one.signers[0]
            _try(desk, Sign(plan.id, one.scale, level, post, one.id, "另有考虑"), Actor("u9", "签发人", {post: None}))
        case 3:
            listed = [one for found in desk.state.facts.values() for one in found if one.value is not None]
            if listed:
                one_fact = random.choice(listed)
                value = None if random.random() < 0.5 else one_fact.value
                _try(desk, Correct(one_fact.entry, value, "听错了"))
        case 4 if course.duties:
            key = random.choice(list(course.duties))
            _try(desk, MarkDuty(key, random.choice(("notified", "done")), desk.at))  # type: ignore[arg-type]
        case 5:
            desk.do(Tell(random.choice(("in", "out")), "甲", "乙", "电话", "收到", desk.at))  # type: ignore[arg-type]
            desk.do(Note("记下", desk.at))
        case _:
            desk.do(Tick())


def _try(desk: Desk, command: Any, actor: Actor | None = None) -> None:
    with suppress(YuanError):
        desk.do(command, *(() if actor is None else (actor,)))


def check(plan: Plan, seed: int) -> int:
    desk = random_incident(plan, seed)
    run = fork(desk.entries, desk.plans)
    assert run.refusals == ()
    same(desk.entries, run.entries)
    scenario = scenario_from_incident(desk.entries, desk.plans)
    again = replay(scenario, desk.entries, desk.plans)
    assert proposals(again.entries) == proposals(desk.entries)
    return len(proposals(desk.entries))


@pytest.mark.parametrize("plan_id", sorted(library().plans))
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_random_incidents_are_done_again(plan_id: str, seed: int) -> None:
    check(library().plan(plan_id), seed)


@pytest.mark.long
@pytest.mark.parametrize("plan_id", sorted(library().plans))
@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_many_random_incidents_are_done_again(plan_id: str, seed: int) -> None:
    check(library().plan(plan_id), seed)


def test_random_incidents_are_not_idle() -> None:
    plan = library().plan("shuozhou-special-equipment")
    assert sum(check(plan, seed) for seed in range(8)) > 10


def test_people_are_those_who_signed_with_the_time_that_they_took() -> None:
    desk = Desk({(plan := library().plan("shuozhou-special-equipment")).digest: plan})
    desk.do(Open("试验", plan.jurisdiction, "爆炸", "企业", desk.at, (plan,)))
    desk.do(Observe({"boiler_explosion": True, "deaths": {"at_least": 1}}, "企业", desk.at))
    desk.later(minutes=12)
    one = desk.state.courses[plan.id].pending["grade"]
    post = one.signers[0]
    desk.do(Sign(plan.id, "grade", one.level, post, one.id), Actor("u7", "副市长庚", {post: None}))
    scenario = scenario_from_incident(desk.entries, desk.plans)
    (signed,) = scenario.people
    assert (signed.id, signed.name, signed.posts, signed.decides.values) == ("u7", "副市长庚", (post,), (720,))
    run = play(begin(scenario, desk.plans.values()), desk.at)
    decisions = [entry for entry in run.entries if entry.kind == "decided" and entry.body["scale"] == "grade"]
    assert [(entry.by, entry.at) for entry in decisions] == [("u7", desk.at)]


def test_whoever_was_to_sign_and_did_not_takes_longer_than_it_waited() -> None:
    desk = Desk({(plan := library().plan("shuozhou-special-equipment")).digest: plan})
    desk.do(Open("试验", plan.jurisdiction, "爆炸", "企业", desk.at, (plan,)))
    desk.do(Observe({"boiler_explosion": True, "deaths": {"at_least": 1}}, "企业", desk.at))
    desk.later(hours=3)
    desk.do(Note("还没有签", desk.at))
    people = scenario_from_incident(desk.entries, desk.plans).people
    assert [one.posts for one in people] == [one.signers[:1] for one in desk.state.courses[plan.id].pending.values()]
    assert all(one.decides.values[0] > 3 * 3600 for one in people)


def test_a_journal_without_its_beginning_is_refused() -> None:
    desk = story()
    with pytest.raises(BadJournal, match="不是从登记开始"):
        fork(desk.entries[1:], desk.plans)


def test_an_incident_that_went_on_in_another_is_done_again() -> None:
    desk = Desk({(plan := library().plan("shuozhou-special-equipment")).digest: plan})
    desk.do(Open("试验", plan.jurisdiction, "爆炸", "企业", desk.at, (plan,)))
    desk.do(Observe({"boiler_explosion": True, "deaths": 3}, "企业", desk.at))
    one = desk.state.courses[plan.id].pending["grade"]
    desk.do(Sign(plan.id, "grade", one.level, one.signers[0], one.id), Actor("u7", "庚", {one.signers[0]: None}))
    desk.later(minutes=9)
    assert desk.do(MergeInto("E-2", "同一件事")) == ["duties_changed", "merged"]
    run = fork(desk.entries, desk.plans)
    assert [entry.kind for entry in run.entries] == [entry.kind for entry in desk.entries]
    assert (run.incident.status, run.refusals) == ("merged", ())
    assert proposals(replay(scenario_from_incident(desk.entries, desk.plans), desk.entries, desk.plans).entries) == proposals(
        desk.entries
    )


def test_nothing_of_the_incident_is_changed() -> None:
    desk = story()
    before = [(entry.hash, json.dumps(dict(entry.body), sort_keys=True)) for entry in desk.entries]
    plans: Mapping[str, Plan] = dict(desk.plans)
    play(fork(desk.entries, plans))
    assert [(entry.hash, json.dumps(dict(entry.body), sort_keys=True)) for entry in desk.entries] == before
    assert dict(plans) == dict(desk.plans)
