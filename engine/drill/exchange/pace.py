"""How long people took to sign, and units to do their duties, read off a journal; as a scenario says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from statistics import median

from engine.drill.draw import Draw, fixed
from engine.drill.review.lanes import Wait, waits
from engine.drill.scenario import DECIDES, Completion, Deviation, Player
from engine.duty.occurrences import occurrences
from engine.incident import event as ev
from engine.incident.board import done_at, due_of
from engine.incident.chain import Entry
from engine.incident.state import DutyState, Incident


def people_of(entries: Sequence[Entry]) -> Iterator[Player]:
    """Who signed, with the delays that they took; and for what nobody signed, a person who takes longer than it waited."""
    waited = {one.proposal.id: one for one in waits(entries, entries[-1].at)}
    found: dict[str, tuple[str, dict[str, None], list[float], list[Deviation]]] = {}
    for entry in entries:
        event = ev.from_data(entry.kind, entry.body)
        if not isinstance(event, ev.Decided):
            continue
        _, posts, delays, otherwise = found.setdefault(entry.by, (event.name, {}, [], []))
        posts[event.post] = None
        wait = waited.get(event.proposal or "")
        if wait is not None:
            delays.append(max(0.0, (wait.ends - wait.begins).total_seconds()))
            if not event.approved:
                otherwise.append(Deviation(event.scale, event.proposed, event.level, event.reason or "按原决定"))
    held = {post for _, posts, _, _ in found.values() for post in posts}
    for person, (name, posts, delays, otherwise) in found.items():
        yield Player(person, name, tuple(posts), _delay(delays), tuple(dict.fromkeys(otherwise)))
    for post, longest in _unanswered(waited.values(), held).items():
        yield Player(post, f"{post}（当时未签）", (post,), fixed(int(longest) + DECIDES.values[0]))


def _delay(delays: Sequence[float]) -> Draw:
    """One delay as it was; of several each as likely as the others, in order, so that the middle one is the median."""
    seconds = sorted(int(one) for one in delays) or [0]
    return fixed(seconds[0]) if len(set(seconds)) == 1 else Draw("choice", tuple(seconds))


def _unanswered(found: Iterable[Wait], held: set[str]) -> dict[str, float]:
    longest: dict[str, float] = {}
    for one in found:
        if one.answer != "decided" and not set(one.proposal.signers) & held:
            post = one.proposal.signers[0]
            longest[post] = max(longest.get(post, 0.0), (one.ends - one.begins).total_seconds())
    return longest


def completions_of(incident: Incident, at: datetime) -> Iterator[Completion]:
    """For each duty that was done, how long it took; for one that recurs, the median share of the time given."""
    seen: set[tuple[str, str | None, str]] = set()
    for course in incident.courses.values():
        for duty in course.duties.values():
            one = duty.assigned
            name = (one.clause, one.unit, one.action)
            if not duty.done or name in seen:
                continue
            seen.add(name)
            shares = _shares(duty, at)
            if shares:
                yield Completion(one.clause, one.unit, one.action, share=fixed(round(median(shares), 4)))
            else:
                start = one.starts or duty.assigned_at
                takes = max(0, int((duty.done[0] - start).total_seconds()))
                yield Completion(one.clause, one.unit, one.action, takes=fixed(takes))


def _shares(duty: DutyState, at: datetime) -> list[float]:
    """Of a recurring duty: each time that it was done, after what share of the time given."""
    one = duty.assigned
    if one.due_kind in (None, "within", "within_workdays"):
        return []
    found = occurrences(due_of(one), one.starts, done_at(duty), at, duty.ended_at, standing=one.standing)
    return [(each.done_at - each.opens_at) / (each.due_at - each.opens_at) for each in found if each.done_at is not None]
