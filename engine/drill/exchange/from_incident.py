"""A live or finished incident's journal as an exercise: done again command by command (a fork), or as a scenario to write on.

`fork` carries out again everything that was asked of the incident, at its own time and under its own plan versions, and
the drill goes on from there: its journal is the incident's, except for the drill's mark. `scenario_from_incident` puts the
same into a scenario: what came in are injects, who signed are people with the delays that they took, who did duties took
as long as recorded. Journal entries are read, never written: nothing here is handed a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from engine.drill.draw import fixed
from engine.drill.exchange.pace import completions_of, people_of
from engine.drill.exchange.past import PAST, acts_of, opening
from engine.drill.play import begin, play, take
from engine.drill.review.lanes import waits
from engine.drill.run import Act, Run
from engine.drill.scenario import PREFIX, Happening, Hours, Inject, Player, Report, Scenario
from engine.incident import event as ev
from engine.incident.chain import Entry
from engine.incident.command import ENGINE, Actor, Sign, Tick
from engine.incident.fact import counts_for
from engine.incident.state import FactEntry, Incident, evolve, fold
from engine.plan.model import Plan

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
LEFT_OUT = {
    "plan_added": "中途启用的预案，改为一开始就启用",
    "plan_moved": "中途更换的预案版本，按开始时的版本",
    "phase_moved": "人工改变的阶段",
    "linked": "与其他事件的关联",
    "merged": "事件的并入、并来（并来的事实已列入）",
    "split": "事件的分出",
    "handed_over": "交接班",
    "noted": "值班记录",
    "ended": "事件的结束",
    "archived": "归档",
}


def fork(
    entries: Sequence[Entry], plans: Mapping[str, Plan], *, goes_on: timedelta = 12 * HOUR, moment: datetime | None = None
) -> Run:
    """A drill that begins as the incident did and has come as far as it (or as far as it was at `moment`).

    plans: by digest, all versions that the incident was pinned to. goes_on: how much longer the drill may last. What the journal
    shows to have been asked is carried out again under the same people's ids; those who signed may sign further.
    """
    until = entries[-1].at if moment is None else moment
    kept = [one for one in entries if one.at <= until]
    scenario = scenario_from_incident(kept, plans)
    first = tuple(pin.plan for pin in opening(kept).plans)
    bare = replace(scenario, plans=first, injects=(), duties=(), lasts=until - scenario.begins + goes_on)
    acts = acts_of(kept, plans)
    run = begin(bare, plans.values(), by=next(acts).by)
    for act in acts:
        run = take(run, act)
    return replace(run, at=max(run.at, until))


def scenario_from_incident(entries: Sequence[Entry], plans: Mapping[str, Plan]) -> Scenario:
    """The incident as a scenario. plans: by digest. What it cannot say is listed by `left_out`. Facts and times are fixed;
    a person's delays, where there were several, are drawn from them (without a seed: their median).
    """
    opened = opening(entries)
    begins = min(opened.reported_at, entries[0].at)
    incident = fold(entries[0].incident, entries)
    pins = {pin.plan: pin for pin in reversed(list(_pins(entries)))}
    injects = tuple(_injects(entries, plans, begins))
    last = max(entries[-1].at, begins + HOUR)
    return Scenario(
        id=f"from-{entries[0].incident}",
        title=f"据事件复演：{opened.title.removeprefix(PREFIX)}",
        jurisdiction=opened.jurisdiction,
        plans=tuple(reversed(pins)),
        begins=begins,
        lasts=timedelta(seconds=int((last - begins).total_seconds()) + 1),
        report=Report(opened.title.removeprefix(PREFIX), opened.report, opened.source, opened.place),
        injects=injects,
        people=tuple(people_of(entries)),
        duties=tuple(completions_of(incident, entries[-1].at)),
        readings={pin.plan: pin.readings for pin in pins.values() if pin.readings},
        versions={pin.plan: pin.digest for pin in pins.values()},
        background=f"由事件 {entries[0].incident} 的日志（{len(entries)}条，至 {entries[-1].at:%Y-%m-%d %H:%M}）生成。",
    )


def left_out(entries: Iterable[Entry]) -> tuple[str, ...]:
    """What the scenario of a journal does not repeat, in words, each once."""
    found: dict[str, None] = {}
    for entry in entries:
        event = ev.from_data(entry.kind, entry.body)
        if entry.kind in LEFT_OUT:
            found[LEFT_OUT[entry.kind]] = None
        elif isinstance(event, ev.Message) and event.direction == "out":
            found["发出的消息"] = None
        elif isinstance(event, ev.Decided) and event.proposal is None:
            found["没有建议而作的决定"] = None
        elif isinstance(event, ev.DutyMarked) and event.step != "done":
            found["任务的中间进展和“不适用”“无法完成”"] = None
    return tuple(found)


def replay(scenario: Scenario, entries: Sequence[Entry], plans: Mapping[str, Plan]) -> Run:
    """The scenario of a journal, with its decisions taken when they were taken, by whom, and as they were: the proposals are the journal's."""
    posts = dict.fromkeys(post for one in waits(entries, entries[-1].at) for post in one.proposal.signers)
    nobody = Player("past", "（按原决定）", tuple(posts), fixed(2 * scenario.lasts.total_seconds()))
    run = begin(replace(scenario, people=(nobody,)), plans.values())
    for act in _decisions(entries, plans, scenario.begins):
        run = take(play(run, act.at), act) if act.by is ENGINE else _answered(play(run, act.at), act)
    return play(run)


def _answered(run: Run, act: Act) -> Run:
    """The run after a decision, as an answer to what is proposed now on its scale."""
    (one,) = act.commands
    assert isinstance(one, Sign)
    pending = run.incident.courses[one.plan].pending.get(one.scale)
    return take(run, replace(act, commands=(replace(one, proposal=None if pending is None else pending.id),)))


def _decisions(entries: Sequence[Entry], plans: Mapping[str, Plan], begins: datetime) -> Iterator[Act]:
    """What was signed, and the times at which time alone brought something about."""
    ticks = {act.origin for act in acts_of(entries, plans) if act.by is ENGINE}
    for entry, event, at in _timed(entries, begins):
        if f"{PAST}:{entry.seq}" in ticks:
            yield Act(at, ENGINE, (Tick(),), "clock")
        elif isinstance(event, ev.Decided):
            actor = Actor(entry.by, event.name, {event.post: event.authority})
            sign = Sign(
                event.plan, event.scale, event.level, event.post, None, event.reason or "按原决定", None,
                max(event.effective_from, at), event.until, event.area,
            )  # fmt: skip
            yield Act(at, actor, (sign,), "officer")


def _timed(entries: Sequence[Entry], begins: datetime) -> Iterator[tuple[Entry, ev.Event, datetime]]:
    """Every entry with its time on the exercise's clock, in whole seconds: what followed a decision never falls on the same second."""
    earliest = begins
    for entry in entries:
        event = ev.from_data(entry.kind, entry.body)
        at = max(begins + (entry.at - begins) // SECOND * SECOND, earliest)
        yield entry, event, at
        earliest = at + SECOND if isinstance(event, ev.Decided) else at


def _pins(entries: Iterable[Entry]) -> Iterator[ev.Pin]:
    """The versions that an incident began under, in the order in which its plans came in."""
    for entry in entries:
        event = ev.from_data(entry.kind, entry.body)
        if isinstance(event, ev.Opened):
            yield from event.plans
        elif isinstance(event, ev.PlanAdded):
            yield event.pin


def _pinned(entries: Iterable[Entry], plans: Mapping[str, Plan]) -> tuple[Plan, ...]:
    return tuple(plans[pin.digest] for pin in _pins(entries))


def _injects(entries: Sequence[Entry], plans: Mapping[str, Plan], begins: datetime) -> Iterator[Inject]:
    """What came in, one inject for what one report said."""
    state = Incident(entries[0].incident)
    group: list[tuple[Entry, ev.FactObserved, datetime]] = []
    number = 0
    pinned = _pinned(entries, plans)

    def made(at: datetime, does: Happening) -> Inject:
        nonlocal number
        number += 1
        return Inject(str(number), fixed(int((at - begins).total_seconds())), does)

    for entry, event, at in _timed(entries, begins):
        known, state = state, evolve(state, entry)
        if group and not (isinstance(event, ev.FactObserved) and _together(group[-1], entry, event)):
            yield made(group[0][2], _reported(group, begins))
            group = []
        if isinstance(event, ev.FactObserved):
            group.append((entry, event, at))
        elif isinstance(event, ev.FactCorrected):
            before = next(one for one in known.facts[event.indicator] if one.entry == event.entry)
            changed = (event.value, event.source or before.source, event.observed_at or before.observed_at)
            if changed == (before.value, before.source, before.observed_at):
                continue
            yield made(at, _corrected(event, before, known, pinned, at, begins))
        elif isinstance(event, ev.Message) and event.direction == "in":
            yield made(at, Happening(event.text, event.sender, event.recipient, event.medium))
        elif isinstance(event, ev.MomentRecorded):
            ago = max(at - event.happened_at, timedelta(0))
            yield made(at, Happening(moments={event.moment: ago}, plan=event.plan))
    if group:
        yield made(group[0][2], _reported(group, begins))


def _together(last: tuple[Entry, ev.FactObserved, datetime], entry: Entry, event: ev.FactObserved) -> bool:
    """Whether a fact came with the one before: one report, nothing in between."""
    before, said, _ = last
    return (
        entry.seq == before.seq + 1
        and (entry.at, entry.by, entry.key) == (before.at, before.by, before.key)
        and (event.source, event.observed_at, event.plan) == (said.source, said.observed_at, said.plan)
    )


def _reported(group: Sequence[tuple[Entry, ev.FactObserved, datetime]], begins: datetime) -> Happening:
    _, event, at = group[0]
    facts = {one.indicator: _relative(one.value, begins) for _, one, _ in group}
    return Happening(sender=event.source, facts=facts, observed=at - event.observed_at, plan=event.plan)


def _corrected(
    event: ev.FactCorrected, before: FactEntry, known: Incident, plans: Iterable[Plan], at: datetime, begins: datetime
) -> Happening:
    """A correction is a later word of the same source about the same time; what is withdrawn leaves what else was said.

    (Unlike a correction it is a new report: a proposal that was lifted by a person's word may be made again on it.)
    """
    source, observed_at = event.source or before.source, event.observed_at or before.observed_at
    if event.value is not None:
        value = _relative(event.value, begins)
        return Happening(sender=source, facts={event.indicator: value}, observed=at - observed_at, plan=before.plan)
    others = [
        one for one in known.facts[event.indicator]
        if one.entry != event.entry and any(counts_for(one, plan) for plan in plans)
    ]  # fmt: skip
    if not others:
        return Happening(sender=source, facts={event.indicator: None}, plan=before.plan)
    standing = max(others, key=lambda one: (one.observed_at, one.entry))
    value = _relative(standing.value, begins)
    return Happening(sender=source, facts={event.indicator: value}, observed=at - before.observed_at, plan=before.plan)


def _relative(value: object, begins: datetime) -> object:
    """A series hour by hour, without gaps, as hours of the exercise's clock; anything else as it is."""
    if not isinstance(value, list) or not value or not all(isinstance(one, list) and len(one) == 2 for one in value):
        return value
    times = [datetime.fromisoformat(str(one[0])) for one in value]
    hour = begins.replace(minute=0, second=0, microsecond=0)
    if any(later - earlier != HOUR for earlier, later in pairwise(times)) or (times[0] - hour) % HOUR:
        return value
    return Hours((times[0] - hour) // HOUR, 1, tuple(one[1] for one in value))
