"""The commands behind a journal: what was asked of an incident, when, by whom, so that it can be done again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from engine.drill.run import Act
from engine.incident import command as cmd
from engine.incident import event as ev
from engine.incident.chain import Entry
from engine.incident.command import ENGINE, Actor, Command
from engine.incident.event import BadJournal
from engine.lifecycle.signers import RECORDERS
from engine.plan.model import Plan

PAST = "past"
"""The origin of what a journal shows to have been done: the entry's number stands behind it."""
Read = tuple[Entry, ev.Event]


def opening(entries: Sequence[Entry]) -> ev.Opened:
    """The first report. Raises BadJournal for a journal that does not begin with it."""
    first = ev.from_data(entries[0].kind, entries[0].body) if entries else None
    if not isinstance(first, ev.Opened):
        raise BadJournal("日志不是从登记开始的", where="entries", remedy="给出一件事件从第一条起的完整日志")
    return first


def pins(entries: Sequence[Entry]) -> Iterator[ev.Pin]:
    """Every plan version that an incident ran under, in the order in which it took them up."""
    for entry in entries:
        event = ev.from_data(entry.kind, entry.body)
        match event:
            case ev.Opened():
                yield from event.plans
            case ev.PlanAdded() | ev.PlanMoved():
                yield event.pin


def acts_of(entries: Sequence[Entry], plans: Mapping[str, Plan]) -> Iterator[Act]:
    """Every command of a journal as an act, the opening first; time that brought something about as a tick. plans: by digest.

    What came of a command by itself (levels in effect, proposals, duties) is left to come of it again.
    """
    opening(entries)
    read = [(entry, ev.from_data(entry.kind, entry.body)) for entry in entries]
    names = _names(read)
    place, last = 0, entries[0].at
    while place < len(read):
        entry, event = read[place]
        command, used = _command(read, place, plans)
        if command is not None:
            yield Act(entry.at, _actor(entry, event, names), (command,), f"{PAST}:{entry.seq}")
        elif entry.by == ENGINE.id and entry.at > last and not _of_merging(read, place):
            yield Act(entry.at, ENGINE, (cmd.Tick(),), f"{PAST}:{entry.seq}")
        last = entry.at
        place += used


def _of_merging(read: Sequence[Read], place: int) -> bool:
    """Whether what the engine did comes before the very command that brought it about: duties end before an incident goes on in another."""
    while place + 1 < len(read) and read[place][0].by == ENGINE.id:
        one, following = read[place][0], read[place + 1]
        if (one.at, one.key) != (following[0].at, following[0].key):
            return False
        if isinstance(following[1], ev.Merged) and following[1].into is not None:
            return True
        place += 1
    return False


def _names(read: Sequence[Read]) -> dict[str, str]:
    """People's names by id, as far as the journal says them."""
    found: dict[str, str] = {}
    for entry, event in read:
        match event:
            case ev.OwnerSet():
                found[event.person] = event.name
            case ev.Decided():
                found[entry.by] = event.name
            case ev.HandedOver():
                found |= {event.giver: event.giver_name, event.taker: event.taker_name}
    return found


def _actor(entry: Entry, event: ev.Event, names: Mapping[str, str]) -> Actor:
    """Who did it, in the post that it was done in; whether that was allowed has been checked then."""
    posts: dict[str, str | None] = dict.fromkeys(RECORDERS)
    if isinstance(event, ev.Decided):
        posts = {event.post: event.authority}
    elif isinstance(event, ev.PlanMoved | ev.PhaseMoved | ev.Ended):
        posts = {event.post: None}
    return Actor(entry.by, names.get(entry.by, entry.by), posts)


def _command(read: Sequence[Read], place: int, plans: Mapping[str, Plan]) -> tuple[Command | None, int]:
    """The command that begins at a place, and how many entries are its own; None for an entry that followed by itself."""
    entry, event = read[place]
    match event:
        case ev.Opened():
            return _open(event, plans), 2
        case ev.FactObserved():
            return _observe(read, place)
        case ev.Merged(into=None):
            return _take_in(read, place)
        case ev.HandedOver():
            command = cmd.HandOver(event.giver, event.giver_name, event.taker, event.taker_name, event.handover, event.summary)
            follows = place + 1 < len(read) and isinstance(read[place + 1][1], ev.OwnerSet) and _same(read, place)
            return command, 2 if follows and read[place + 1][1] == ev.OwnerSet(event.taker, event.taker_name) else 1
        case _:
            return (None if entry.by == ENGINE.id else _single(event, plans)), 1


def _open(event: ev.Opened, plans: Mapping[str, Plan]) -> Command:
    return cmd.Open(
        event.title, event.jurisdiction, event.report, event.source, event.reported_at,
        tuple(plans[pin.digest] for pin in event.plans), event.place, event.demo, event.watch,
        {pin.plan: pin.readings for pin in event.plans},
    )  # fmt: skip


def _same(read: Sequence[Read], place: int) -> bool:
    """Whether the next entry may be of the same command."""
    one, following = read[place][0], read[place + 1][0]
    return (one.at, one.by, one.key) == (following.at, following.by, following.key)


def _observe(read: Sequence[Read], place: int) -> tuple[Command, int]:
    first = read[place][1]
    assert isinstance(first, ev.FactObserved)
    facts = {first.indicator: first.value}
    used = 1
    while place + used < len(read) and _same(read, place + used - 1):
        event = read[place + used][1]
        if not isinstance(event, ev.FactObserved) or event.indicator in facts or not _alike(event, first):
            break
        facts[event.indicator] = event.value
        used += 1
    return cmd.Observe(facts, first.source, first.observed_at, first.plan), used


def _alike(one: ev.FactObserved, other: ev.FactObserved) -> bool:
    return (one.source, one.observed_at, one.plan) == (other.source, other.observed_at, other.plan)


def _take_in(read: Sequence[Read], place: int) -> tuple[Command, int]:
    event = read[place][1]
    assert isinstance(event, ev.Merged) and event.taken is not None
    suffix = f"（来自 {event.taken}）"
    facts: list[tuple[str, object, str, datetime, str | None]] = []
    while place + 1 + len(facts) < len(read) and _same(read, place + len(facts)):
        one = read[place + 1 + len(facts)][1]
        if not isinstance(one, ev.FactObserved) or not one.source.endswith(suffix):
            break
        facts.append((one.indicator, one.value, one.source.removesuffix(suffix), one.observed_at, one.plan))
    return cmd.TakeIn(event.taken, event.hash, event.reason, tuple(facts)), 1 + len(facts)


def _single(event: ev.Event, plans: Mapping[str, Plan]) -> Command | None:
    """The command of an event that is a command's only one."""
    match event:
        case ev.PlanAdded():
            return cmd.AddPlan(plans[event.pin.digest], event.reason)
        case ev.PlanMoved():
            return cmd.MoveVersion(plans[event.pin.digest], event.post, event.reason)
        case ev.FactCorrected():
            return cmd.Correct(event.entry, event.value, event.reason, event.source, event.observed_at)
        case ev.Decided():
            return cmd.Sign(
                event.plan, event.scale, event.level, event.post, event.proposal, event.reason, event.decided_at,
                event.effective_from, event.until, event.area,
            )  # fmt: skip
        case ev.PhaseMoved():
            return cmd.MovePhase(event.plan, event.do, event.post, event.reason)
        case ev.MomentRecorded():
            return cmd.RecordMoment(event.plan, event.moment, event.happened_at)
        case ev.DutyMarked():
            return cmd.MarkDuty(event.key, event.step, event.happened_at, event.note)
        case ev.Message():
            return cmd.Tell(event.direction, event.sender, event.recipient, event.medium, event.text, event.happened_at)
        case ev.Noted():
            return cmd.Note(event.text, event.happened_at, event.entry)
        case ev.Linked():
            return cmd.Link(event.incident, event.words)
        case ev.Merged():
            return cmd.MergeInto(event.into or "", event.reason)
        case ev.Split():
            return cmd.SplitOff(event.part, event.origin, event.reason)
        case ev.OwnerSet():
            return cmd.SetOwner(event.person, event.name)
        case ev.Ended():
            return cmd.End(event.post, event.reason)
        case ev.Archived():
            return cmd.Archive(event.reason)
        case _:
            return None
