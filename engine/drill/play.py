"""Playing a drill: begin, take one act after another, to a moment or to the end; rewind, and go on otherwise from there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from engine.drill.run import INCIDENT, Act, Refusal, Run, key_of
from engine.drill.scenario import PREFIX, Scenario
from engine.drill.script import RECORDER, next_act
from engine.incident.chain import BEGINNING, seal
from engine.incident.command import Actor, Command, Note, Open
from engine.incident.decide import carry_out
from engine.incident.state import Incident, evolve
from engine.plan.finding import UnknownName, YuanError
from engine.plan.model import Plan

MOST_ACTS = 100_000
"""A drill that does more than this within its time goes round in circles."""


def begin(
    scenario: Scenario, plans: Iterable[Plan], *, played: Iterable[str] = (), light: bool = False, by: Actor = RECORDER
) -> Run:
    """The exercise at T+0: the first report has come in, and `by` has taken it down.

    plans: of each plan of the scenario the version to play; further versions are at hand for later. played: ids of people whom
    officers play. light: without a journal, for runs of which only the course counts. Raises UnknownName for a plan that is not
    there or a reading that it does not encode.
    """
    known = {plan.digest: plan for plan in plans}
    by_id = {plan.id: plan for plan in known.values()}
    for plan_id, version in scenario.versions.items():
        by_id.update((plan.id, plan) for plan in known.values() if plan.id == plan_id and plan.digest.startswith(version))
    for plan_id in scenario.plans:
        if plan_id not in by_id:
            raise UnknownName(f"没有预案“{plan_id}”", where="plans", remedy=f"可用：{'、'.join(by_id)}")
    chosen = tuple(by_id[plan_id] for plan_id in scenario.plans)
    report = scenario.report
    opening = Open(
        PREFIX + report.title, scenario.jurisdiction, report.words, report.source, scenario.begins, chosen, report.place, demo=True,
        readings=scenario.readings,
    )  # fmt: skip
    start = Run(
        scenario,
        known,
        scenario.begins,
        Incident(INCIDENT),
        played=frozenset(played),
        light=light,
    )
    return take(start, Act(scenario.begins, by, (opening,), "begin"))


def take(run: Run, act: Act) -> Run:
    """The run after an act. A command that the state does not allow is noted, and the exercise goes on.

    What an officer does at a screen is refused to the officer instead: see `carry`.
    """
    after = replace(run, at=max(run.at, act.at))
    refusals: list[Refusal] = []
    for number, command in enumerate(act.commands):
        key = key_of(act.origin, number)
        try:
            after = carry(after, act, command, key)
        except YuanError as error:
            refusals.append(Refusal(act.at, act.origin, error.message))
            after = carry(after, act, Note(f"未办成：{error.message}", act.at), key) if not after.light else after
    changed = after.incident is not run.incident
    return settled(replace(after, refusals=(*after.refusals, *refusals)), act, changed=changed)


def carry(run: Run, act: Act, command: Command, key: str | None) -> Run:
    """One command carried out in the exercise. Raises YuanError where it is refused; nothing has changed then."""
    work = carry_out(run.incident, command, act.by, act.at, run.plans)
    if run.light:
        return replace(run, incident=work.state, events=(*run.events, *((act.at, event) for event, _ in work.events)))
    drafts = work.drafts()
    if not drafts:
        return run
    state = run.incident
    entries = seal(state.id, state.seq, state.hash or BEGINNING, act.at, drafts, key)
    for entry in entries:
        state = evolve(state, entry)
    return replace(run, incident=state, entries=(*run.entries, *entries))


def settled(run: Run, act: Act, *, changed: bool = True) -> Run:
    """The run with the act remembered, and what it dealt with. Time that passed and changed nothing is not remembered."""
    kind, _, name = act.origin.partition(":")
    done, given = run.settled, run.given
    if kind in ("inject", "else", "skip"):
        done = done | {f"inject:{name}"}
        if kind != "skip":
            given = {**given, name: act.at}
    elif kind in ("contingency", "spared"):
        done = done | {f"contingency:{name}"}
    elif kind in ("person", "duty"):
        done = done | {act.origin}
    quiet = kind in ("clock", "look") and not changed
    acts = run.acts if quiet or run.light else (*run.acts, act)
    return replace(run, settled=done, given=given, acts=acts)


def play(run: Run, until: datetime | None = None) -> Run:
    """On to a moment (its own acts included), or to the end of the scenario."""
    end = run.scenario.ends if until is None else min(until, run.scenario.ends)
    for _ in range(MOST_ACTS):
        act = next_act(run)
        if act is None or act.at > end:
            return replace(run, at=max(run.at, end)) if not run.over or run.incident.status == "open" else run
        run = take(run, act)
    raise YuanError("推演的动作没完没了", where="injects", remedy="检查注入的条件和任务的完成时间")


def rewind(run: Run, moment: datetime) -> Run:
    """The run as it was at a moment: everything that was done up to then, officers' acts too, done again."""
    return replayed(run, moment, run.scenario, run.plans.values())


def branch(run: Run, moment: datetime, scenario: Scenario, plans: Iterable[Plan] | None = None) -> Run:
    """The run up to a moment, from which it goes on by another scenario: other facts, times, people.

    Readings and plan versions are those that the incident began under; to change them, `begin` anew.
    """
    kept = replayed(run, moment, run.scenario, run.plans.values() if plans is None else plans)
    return replace(kept, scenario=scenario, planned={})


def replayed(run: Run, moment: datetime, scenario: Scenario, plans: Iterable[Plan]) -> Run:
    """The acts of a run up to a moment, done again."""
    found = begin(scenario, plans, played=run.played, by=run.acts[0].by if run.acts else RECORDER)
    for act in run.acts[1:]:
        if act.at > moment:
            break
        found = take(found, act)
    return replace(found, at=max(found.at, min(moment, scenario.ends)))


def plans_of(scenario: Scenario, versions: Mapping[str, tuple[Plan, ...]]) -> tuple[Plan, ...]:
    """The versions that a scenario plays: those it names, else those in force on its day. Raises UnknownName."""
    found = []
    for plan_id in scenario.plans:
        listed = versions.get(plan_id)
        if not listed:
            raise UnknownName(f"没有预案“{plan_id}”", where="plans", remedy=f"可用：{'、'.join(versions)}")
        wanted = scenario.versions.get(plan_id)
        if wanted is not None:
            named = [plan for plan in listed if plan.digest.startswith(wanted)]
            if len(named) != 1:
                raise UnknownName(
                    f"预案“{plan_id}”没有版本“{wanted}”", where=f"versions.{plan_id}",
                    remedy=f"可用：{'、'.join(plan.digest[:12] for plan in listed)}",
                )  # fmt: skip
            found.append(named[0])
            continue
        begun = [plan for plan in listed if plan.document.in_force <= scenario.begins.date()]
        found.append(begun[-1] if begun else listed[0])
    return tuple(found)
