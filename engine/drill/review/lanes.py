"""What was in force when: a lane for each level scale, and what waited for a signature; read off a journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.incident import event as ev
from engine.incident.chain import Entry
from engine.plan.condition import Level
from engine.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Stretch:
    """A level in force (None: none) from `begins` to `ends`. entry: of what brought it about. cause: as in LevelSet."""

    level: Level
    begins: datetime
    ends: datetime
    entry: int
    cause: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One scale of one plan over time, without gaps. digest: of the plan's last version."""

    plan: str
    digest: str
    scale: str
    stretches: tuple[Stretch, ...]

    def at(self, moment: datetime) -> Level:
        """The level at a moment; at a change the new one."""
        found = [one for one in self.stretches if one.begins <= moment]
        return found[-1].level if found else None

    @property
    def reached(self) -> tuple[Stretch, ...]:
        """The stretches in which something was in force."""
        return tuple(one for one in self.stretches if one.level is not None)


@dataclass(frozen=True, slots=True)
class Wait:
    """A proposal that waited for a signature. answer: decided, superseded, or None where it waits still; by: the entry of that.

    why: it was superseded, in words.
    """

    proposal: ev.Proposed
    entry: int
    begins: datetime
    ends: datetime
    answer: str | None
    by: int | None
    why: str = ""


def lanes(entries: Iterable[Entry], plans: Mapping[str, Plan], until: datetime) -> tuple[Lane, ...]:
    """Every scale of every plan of an incident, in the plans' order, up to `until`. plans: by digest."""
    found: dict[tuple[str, str], Lane] = {}
    for entry in entries:
        event = ev.from_data(entry.kind, entry.body)
        if isinstance(event, ev.Opened | ev.PlanAdded):
            for pin in event.plans if isinstance(event, ev.Opened) else (event.pin,):
                for scale in plans[pin.digest].scales:
                    none = Stretch(None, entry.at, until, entry.seq, "")
                    found[pin.plan, scale] = Lane(pin.plan, pin.digest, scale, (none,))
        elif isinstance(event, ev.LevelSet):
            _move(found, event.plan, event.levels, event.effective_at, entry.seq, event.cause, until)
        elif isinstance(event, ev.PlanMoved):
            for scale in plans[event.pin.digest].scales:
                before = found.get((event.plan, scale))
                kept = (Stretch(None, entry.at, until, entry.seq, ""),) if before is None else before.stretches
                found[event.plan, scale] = Lane(event.plan, event.pin.digest, scale, kept)
            _move(found, event.plan, event.levels, entry.at, entry.seq, "version", until)
    return tuple(found.values())


def _move(
    found: dict[tuple[str, str], Lane], plan: str, levels: ev.Levels, at: datetime, entry: int, cause: str, until: datetime
) -> None:
    for scale, level in levels.items():
        lane = found.get((plan, scale))
        if lane is None or lane.stretches[-1].level == level:
            continue
        last = lane.stretches[-1]
        begins = max(at, last.begins)
        kept = (*lane.stretches[:-1], replace(last, ends=begins)) if begins > last.begins else lane.stretches[:-1]
        found[plan, scale] = replace(lane, stretches=(*kept, Stretch(level, begins, until, entry, cause)))


def waits(entries: Sequence[Entry], until: datetime) -> tuple[Wait, ...]:
    """Every proposal that was made, with how long it waited."""
    found: dict[str, Wait] = {}
    for entry in entries:
        event = ev.from_data(entry.kind, entry.body)
        if isinstance(event, ev.Proposed):
            found[event.id] = Wait(event, entry.seq, entry.at, until, None, None)
        elif isinstance(event, ev.Superseded):
            _answer(found, event.proposal, "superseded", entry, event.why)
        elif isinstance(event, ev.Decided) and event.proposal is not None:
            _answer(found, event.proposal, "decided", entry)
        elif isinstance(event, ev.Ended | ev.PlanMoved):
            for name in list(found):
                if isinstance(event, ev.Ended) or found[name].proposal.plan == event.plan:
                    _answer(found, name, "superseded", entry, "事件已结束" if isinstance(event, ev.Ended) else "预案版本已更换")
    return tuple(found.values())


def _answer(found: dict[str, Wait], proposal: str, answer: str, entry: Entry, why: str = "") -> None:
    one = found.get(proposal)
    if one is not None and one.answer is None:
        found[proposal] = replace(one, ends=entry.at, answer=answer, by=entry.seq, why=why)
