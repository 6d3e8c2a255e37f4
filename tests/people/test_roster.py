"""The roster as values, in the database, and hand-overs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from api.people.refusal import Conflict, Forbidden, Invalid, Missing, Refusal
from api.people.roster import Gap, Overlap, Shift, gaps, next_shifts, on_duty, overlaps
from tests.people.world import HERE, START, THERE, Office


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def shift(name: str, begins: float, ends: float, place: str = "值班员") -> Shift:
    return Shift(name, name, name, place, HERE, at(begins), at(ends))


A, B, C = shift("a", 0, 24), shift("b", 24, 48), shift("c", 20, 30)
LEADER = shift("leader", 0, 24, "带班领导")


def test_a_shift_holds_from_its_beginning_until_just_before_its_end() -> None:
    assert on_duty([A, B, LEADER], at(0)) == [A, LEADER]
    assert on_duty([A, B], at(24)) == [B]
    assert on_duty([A, B], at(48)) == []


def test_the_next_shift_of_each_place() -> None:
    later = shift("later", 48, 72, "带班领导")
    assert next_shifts([A, B, C, LEADER, later], at(0)) == [C, later]
    assert next_shifts([A, B], at(24)) == []


def test_overlaps_are_cut_where_shifts_begin_and_end() -> None:
    assert overlaps([A, B, LEADER]) == []
    assert overlaps([A, B, C]) == [
        Overlap("值班员", at(20), at(24), ("a", "c")),
        Overlap("值班员", at(24), at(30), ("b", "c")),
    ]


def test_gaps_are_the_times_without_anybody() -> None:
    late = shift("late", 50, 60)
    assert gaps([late, A, B, C, LEADER], at(-1), at(70)) == [
        Gap("值班员", at(-1), at(0)),
        Gap("值班员", at(48), at(50)),
        Gap("值班员", at(60), at(70)),
        Gap("带班领导", at(-1), at(0)),
        Gap("带班领导", at(24), at(70)),
    ]
    assert gaps([A], at(1), at(2), ["值班员"]) == []
    assert gaps([shift("far", 100, 110)], at(0), at(10), ["值班员"]) == [Gap("值班员", at(0), at(10))]


def test_who_is_on_duty_now_and_next(office: Office) -> None:
    zhang, li = office.hire("zhang"), office.hire("li")
    first = office.people.shifts.add(zhang.id, "值班员", HERE, at(0), at(24), "root")
    second = office.people.shifts.add(li.id, "值班员", HERE, at(24), at(48), "root")
    assert first == Shift(first.id, zhang.id, "zhang先生", "值班员", HERE, at(0), at(24))
    assert office.people.shifts.now(HERE) == ([first], [second])
    assert office.people.shifts.now(THERE) == ([], [])
    office.clock.forward(hours=24)
    assert office.people.shifts.now(HERE) == ([second], [])
    assert office.people.shifts.between(HERE, at(23), at(24)) == [first]
    office.people.shifts.remove(second.id, "root")
    assert office.people.shifts.now(HERE) == ([], [])
    with pytest.raises(Missing):
        office.people.shifts.remove(second.id, "root")


def test_a_shift_that_cannot_be_is_refused(office: Office) -> None:
    admin = office.admin()
    zhang, far, gone = office.hire("zhang"), office.hire("far", jurisdiction=THERE), office.hire("gone")
    office.people.accounts.change(gone.id, admin.id, active=False)
    office.people.shifts.add(zhang.id, "值班员", HERE, at(0), at(24), "root")
    cases: list[tuple[tuple[str, str, str, datetime, datetime], type[Refusal], str]] = [
        ((zhang.id, "保安", HERE, at(24), at(48)), Invalid, "place"),
        ((zhang.id, "值班员", HERE, at(48), at(24)), Invalid, "ends"),
        ((zhang.id, "值班员", HERE, at(24), at(24 * 30)), Invalid, "ends"),
        ((zhang.id, "值班员", "*", at(24), at(48)), Invalid, "jurisdiction"),
        (("nobody", "值班员", HERE, at(24), at(48)), Missing, "person"),
        ((gone.id, "值班员", HERE, at(24), at(48)), Conflict, "person"),
        ((far.id, "值班员", HERE, at(24), at(48)), Conflict, "jurisdiction"),
        ((zhang.id, "带班领导", HERE, at(23), at(48)), Conflict, "begins"),
    ]
    for given, kind, where in cases:
        with pytest.raises(kind) as refused:
            office.people.shifts.add(*given, "root")
        assert refused.value.where == where, given
    assert len(office.people.shifts.between(HERE, at(0), at(1000))) == 1


def test_both_sign_a_handover_once(office: Office) -> None:
    zhang, li, third = office.hire("zhang"), office.hire("li"), office.hire("third")
    summary = {"incidents": ["甲"], "unsigned": 2}
    begun = office.people.handovers.begin(zhang.id, li.id, HERE, summary)
    assert (begun.summary, begun.at, begun.is_signed) == (summary, START, False)
    office.clock.forward(minutes=5)
    assert not office.people.handovers.sign(begun.id, zhang.id).is_signed
    with pytest.raises(Conflict):
        office.people.handovers.sign(begun.id, zhang.id)
    with pytest.raises(Forbidden):
        office.people.handovers.sign(begun.id, third.id)
    office.clock.forward(minutes=5)
    done = office.people.handovers.sign(begun.id, li.id)
    assert (done.signed_from_at, done.signed_to_at, done.is_signed) == (
        START + timedelta(minutes=5),
        START + timedelta(minutes=10),
        True,
    )
    assert office.people.handovers.get(begun.id) == done
    assert office.people.handovers.listed(HERE) == [done]
    assert office.people.handovers.listed(THERE) == []
    with pytest.raises(Invalid):
        office.people.handovers.begin(zhang.id, zhang.id, HERE, {})
