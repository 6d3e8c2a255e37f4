"""Where two plays of an exercise part: the first entry of their journals that differs, and the first level.

The engine's answers follow from what it is told: so the first entry in which two journals differ says why everything
after it differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from engine.drill.review.lanes import Lane
from engine.drill.run import Run, origin_of
from engine.incident import event as ev
from engine.incident.chain import Entry, canonical
from engine.incident.command import ENGINE
from engine.plan.condition import Level
from engine.plan.model import Plan

Where = Literal["setting", "content", "time", "only"]


@dataclass(frozen=True, slots=True)
class Parting:
    """The first entry in which two plays differ.

    kind: `setting` (plans, versions, readings), `content` (another fact, decision, proposal …), `time` (the same, at another
    time), `only` (one play has it, the other has not). ours, theirs: the entries; None where a play has none. origin: of the
    act that made it, as in Run. what: the part that differs: a reading's id, an indicator, a scale, a clause; may be empty.
    """

    kind: Where
    ours: Entry | None
    theirs: Entry | None
    origin: str | None
    what: str = ""

    @property
    def after(self) -> Entry:
        """The entry that came first."""
        found = [one for one in (self.ours, self.theirs) if one is not None]
        return min(found, key=lambda one: one.at)


@dataclass(frozen=True, slots=True)
class LevelParting:
    """The first moment (from T+0) at which another level is in force. decision, proposal: of the entry that made ours or theirs, if any."""

    plan: str
    scale: str
    after: timedelta
    ours: Level
    theirs: Level
    decision: ev.Decided | None
    proposal: ev.Proposed | None


def first_parting(base: Run, other: Run) -> Parting | None:
    """The first entry that is not the same in both, times (from T+0) included; None where the journals are the same."""
    return _first({**base.plans, **other.plans}, _tokens(base), _tokens(other))


def parting_beyond_time(base: Run, other: Run) -> Parting | None:
    """The first entry that the other play does not have at any time; None where all differences are of time."""
    return _beyond_time(_tokens(base), _tokens(other))


@dataclass(frozen=True, slots=True)
class _Token:
    """An entry as it counts in a comparison: T+ when, and what it says, without times and running numbers."""

    entry: Entry
    after: timedelta
    said: str


def _tokens(run: Run) -> list[_Token]:
    begins = run.scenario.begins
    return [
        _Token(one, one.at - begins, canonical([one.kind, _said(ev.from_data(one.kind, one.body), begins)]))
        for one in run.entries
    ]


def _said(event: ev.Event, begins: datetime) -> Any:
    """What an event says that may differ: no times (but those of an observation, from T+0), no numbers of entries."""
    match event:
        case ev.Opened():
            pins = [[pin.plan, pin.digest, sorted(pin.readings.items())] for pin in event.plans]
            return [event.jurisdiction, event.report, event.source, event.place, pins]
        case ev.FactObserved() | ev.FactCorrected():
            return [event.indicator, _shifted(event.value, begins)]
        case ev.Proposed():
            return [event.plan, event.scale, event.before, event.level, event.kind, event.clauses, event.readings, event.signers]
        case ev.Decided():
            return [event.plan, event.scale, event.level, event.post, event.approved]
        case ev.LevelSet():
            return [event.plan, event.scale, event.kind, event.levels]
        case ev.DutiesChanged():
            ended = sorted(key.rpartition(":")[0] for key in event.ended)
            return [sorted([one.duty, one.unit, one.due_kind, str(one.due_value), one.level] for one in event.assigned), ended]
        case ev.DutyMarked():
            return [event.key.rpartition(":")[0], event.step]
        case ev.Message():
            return [event.direction, event.sender, event.recipient, event.medium, event.text]
        case ev.MomentRecorded():
            return [event.plan, event.moment]
        case ev.PhaseMoved():
            return [event.plan, event.phase]
        case ev.PlanAdded():
            return [event.pin.plan, event.pin.digest]
        case ev.Noted():
            return event.text
        case _:
            return ""


def _shifted(value: Any, begins: datetime) -> Any:
    """A series counted from T+0, so that exercises of two days may be compared."""
    if isinstance(value, list) and value and all(isinstance(one, list | tuple) and len(one) == 2 for one in value):
        hour = begins.replace(minute=0, second=0, microsecond=0)
        return [[(datetime.fromisoformat(str(at)) - hour).total_seconds(), found] for at, found in value]
    return value


def _first(plans: Mapping[str, Plan], ours: Sequence[_Token], theirs: Sequence[_Token]) -> Parting | None:
    """The first entry that is not the same in both, times included."""
    for one, other in zip(ours, theirs, strict=False):
        if (one.after, one.said) == (other.after, other.said):
            continue
        if one.said == other.said:
            return Parting("time", one.entry, other.entry, origin_of(one.entry), _what(one, other))
        if one.entry.kind == other.entry.kind == ev.NAMES[ev.Opened]:
            return Parting("setting", one.entry, other.entry, None, _setting(one.entry, other.entry, plans))
        if _instead(one, other, ours, theirs):
            return Parting("content", one.entry, other.entry, origin_of(other.entry), _what(one, other))
        return _only(one, other, ours, theirs)
    if len(ours) == len(theirs):
        return None
    longer = ours if len(ours) > len(theirs) else theirs
    extra = longer[min(len(ours), len(theirs))]
    return _alone(extra, ours=longer is ours)


def _alone(token: _Token, *, ours: bool) -> Parting:
    """What one play alone has."""
    pair = (token.entry, None) if ours else (None, token.entry)
    return Parting("only", pair[0], pair[1], origin_of(token.entry), _name(token))


def _instead(one: _Token, other: _Token, ours: Sequence[_Token], theirs: Sequence[_Token]) -> bool:
    """Whether one play has an entry in the place of the other's: of a kind and moment, and about the same, or neither comes elsewhere."""
    if one.entry.kind != other.entry.kind or one.after != other.after:
        return False
    alike = _name(one) == _name(other) != ""
    return alike or not (any(token.said == one.said for token in theirs) or any(token.said == other.said for token in ours))


def _only(one: _Token, other: _Token, ours: Sequence[_Token], theirs: Sequence[_Token]) -> Parting:
    """The earlier of two different entries: what one play has and the other has later, or never.

    Of one moment, the one that the other play does not have then; where that is so of both, what was told, not what followed.
    """
    pushed_back = any((token.after, token.said) == (one.after, one.said) for token in theirs)
    followed = one.entry.by == ENGINE.id != other.entry.by
    mine = one.after < other.after or (one.after == other.after and not pushed_back and not followed)
    first, rest = (one, theirs) if mine else (other, ours)
    later = next((token for token in rest if token.said == first.said and token.after >= first.after), None)
    if later is None:
        return _alone(first, ours=mine)
    pair = (first.entry, later.entry) if mine else (later.entry, first.entry)
    return Parting("time", pair[0], pair[1], origin_of(first.entry), _name(first))


def _beyond_time(ours: Sequence[_Token], theirs: Sequence[_Token]) -> Parting | None:
    """The first entry that the other play does not have at any time."""
    more, less = _missing(ours, theirs), _missing(theirs, ours)
    if more is None and less is None:
        return None
    if more is not None and less is not None and more.entry.kind == less.entry.kind and _name(more) == _name(less):
        kind: Where = "setting" if more.entry.kind == ev.NAMES[ev.Opened] else "content"
        return Parting(kind, more.entry, less.entry, origin_of(less.entry), _what(more, less))
    if less is None or (more is not None and more.after <= less.after):
        assert more is not None
        return _alone(more, ours=True)
    return _alone(less, ours=False)


def _missing(tokens: Sequence[_Token], others: Sequence[_Token]) -> _Token | None:
    left = Counter(one.said for one in others)
    for one in tokens:
        if left[one.said] == 0:
            return one
        left[one.said] -= 1
    return None


def _name(token: _Token) -> str:
    """What an entry is about: an indicator, a scale, a moment, a duty."""
    body: Mapping[str, Any] = token.entry.body
    return next((str(body[key]) for key in ("indicator", "scale", "moment", "key") if key in body), "")


def _what(one: _Token, other: _Token) -> str:
    """What two entries of a kind differ in: their subject, or the clauses where proposals name others."""
    mine, theirs = one.entry.body, other.entry.body
    if "clauses" in mine and mine.get("level") == theirs.get("level") and mine["clauses"] != theirs.get("clauses"):
        return "、".join(dict.fromkeys([*mine["clauses"], *theirs.get("clauses", [])]))
    return _name(other)


def _setting(one: Entry, other: Entry, plans: Mapping[str, Plan]) -> str:
    """Plans, versions and readings that two openings do not share. plans: by digest."""
    mine, theirs = ev.from_data(one.kind, one.body), ev.from_data(other.kind, other.body)
    assert isinstance(mine, ev.Opened) and isinstance(theirs, ev.Opened)
    found = []
    others = {pin.plan: pin for pin in theirs.plans}
    for pin in mine.plans:
        there = others.pop(pin.plan, None)
        title = f"《{plans[pin.digest].title}》"
        if there is None:
            found.append(title)
        elif there.digest != pin.digest:
            found.append(f"{title}{plans[pin.digest].document.in_force} 和 {plans[there.digest].document.in_force} 起施行的版本")
        else:
            keys = dict.fromkeys([*pin.readings, *there.readings])
            found += [key for key in keys if pin.readings.get(key) != there.readings.get(key)]
    found += [f"《{plans[pin.digest].title}》" for pin in others.values()]
    return "、".join(found)


def level_parting(base: Run, lanes: Sequence[Lane], other: Run, other_lanes: Sequence[Lane]) -> LevelParting | None:
    """The earliest moment at which a scale that both have stands elsewhere."""
    theirs = {(lane.plan, lane.scale): lane for lane in other_lanes}
    found: list[LevelParting] = []
    for lane in lanes:
        there = theirs.get((lane.plan, lane.scale))
        if there is None:
            continue
        after = _first_apart(lane, base.scenario.begins, there, other.scenario.begins)
        if after is not None:
            found.append(_level_parting(lane, base, there, other, after))
    return min(found, key=lambda one: one.after, default=None)


def _first_apart(lane: Lane, begins: datetime, other: Lane, other_begins: datetime) -> timedelta | None:
    times = sorted({one.begins - begins for one in lane.stretches} | {one.begins - other_begins for one in other.stretches})
    last = min(lane.stretches[-1].ends - begins, other.stretches[-1].ends - other_begins)
    return next((at for at in times if at <= last and lane.at(begins + at) != other.at(other_begins + at)), None)


def _level_parting(lane: Lane, base: Run, there: Lane, other: Run, after: timedelta) -> LevelParting:
    """The levels then, and the decision by which one of the two has just changed."""
    decision = proposal = None
    for one, run in ((lane, base), (there, other)):
        begun = next((s for s in one.stretches if s.begins - run.scenario.begins == after and s.cause), None)
        if begun is not None and decision is None:
            decision, proposal = _behind(run, begun.cause)
    return LevelParting(
        lane.plan, lane.scale, after, lane.at(base.scenario.begins + after), there.at(other.scenario.begins + after), decision, proposal
    )  # fmt: skip


def _behind(run: Run, cause: str) -> tuple[ev.Decided | None, ev.Proposed | None]:
    events = [ev.from_data(one.kind, one.body) for one in run.entries if one.kind in ("decided", "proposed")]
    decision = next((one for one in events if isinstance(one, ev.Decided) and one.id == cause), None)
    answered = None if decision is None else decision.proposal
    proposal = next((one for one in events if isinstance(one, ev.Proposed) and one.id == answered), None)
    return decision, proposal
