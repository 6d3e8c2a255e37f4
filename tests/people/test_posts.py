"""Posts and delegations, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.people.actor import Actor, Delegated, may_see
from api.people.delegations import NewDelegation
from api.people.posts import Holder
from api.people.refusal import Conflict, Invalid, Missing, Refusal
from tests.people.world import HERE, START, THERE, Office

NIGHT = START + timedelta(hours=12)


def delegate(office: Office, **changes: Any) -> Delegated:
    """市长 of one person to another, for twelve hours, unless changed."""
    given = {"post": "市长", "authority": "市政府〔2026〕8号", "until": NIGHT} | changes
    return office.people.delegations.create(NewDelegation(**given), "root").delegated


def test_a_post_is_given_and_taken(office: Office) -> None:
    person = office.hire("wang", posts=("指挥长",))
    assert office.people.posts.give(person.id, "市长", "root").posts == {"指挥长", "市长"}
    assert office.people.actor(person.id).posts == {"市长": None, "指挥长": None}
    with pytest.raises(Conflict):
        office.people.posts.give(person.id, "市长", "root")
    assert office.people.posts.take(person.id, "指挥长", "root").posts == {"市长"}
    with pytest.raises(Missing):
        office.people.posts.take(person.id, "指挥长", "root")


def test_a_delegate_acts_in_the_post_from_then_until_then(office: Office) -> None:
    mayor, deputy = office.hire("mayor", "leader", posts=("市长",)), office.hire("deputy", "leader", posts=("主管副市长",))
    lent = delegate(office, by_person=mayor.id, to_person=deputy.id, since=START + timedelta(hours=1))
    before = office.people.actor(deputy.id)
    office.clock.forward(hours=1)
    during = office.people.actor(deputy.id)
    office.clock.forward(hours=11)
    after = office.people.actor(deputy.id)
    assert lent == Delegated(lent.id, "市长", mayor.id, None, deputy.id, "市政府〔2026〕8号", START + timedelta(hours=1), NIGHT)
    assert during == Actor(deputy.id, "deputy先生", frozenset({"leader"}), HERE, {"主管副市长": None, "市长": lent.id}, (lent,))
    assert before.posts == after.posts == {"主管副市长": None}
    assert before.delegations == after.delegations == ()


def test_who_holds_a_post_now(office: Office) -> None:
    mayor, deputy = office.hire("mayor", posts=("市长",)), office.hire("deputy", posts=("主管副市长",))
    far = office.hire("far", posts=("市长",), jurisdiction=THERE)
    lent = delegate(office, by_person=mayor.id, to_person=deputy.id)
    here = [
        Holder(mayor.id, "mayor先生", HERE, "市长", None),
        Holder(deputy.id, "deputy先生", HERE, "市长", lent),
    ]
    assert office.people.posts.holders("市长", HERE) == here
    assert office.people.posts.holders("市长") == [Holder(far.id, "far先生", THERE, "市长", None), *here]
    assert [one.post for one in office.people.posts.holders()] == ["主管副市长", "市长", "市长", "市长"]


def test_an_own_post_counts_before_a_delegated_one_and_the_later_end_of_two(office: Office) -> None:
    mayor, deputy = office.hire("mayor", posts=("市长", "指挥长")), office.hire("deputy", posts=("指挥长",))
    delegate(office, by_person=mayor.id, to_person=deputy.id, post="指挥长")
    later = delegate(office, by_person=mayor.id, to_person=deputy.id, until=NIGHT + timedelta(hours=1))
    delegate(office, by_person=mayor.id, to_person=deputy.id)
    actor = office.people.actor(deputy.id)
    assert (actor.posts, actor.delegations) == ({"指挥长": None, "市长": later.id}, (later,))


def test_a_delegation_by_a_post_needs_no_person(office: Office) -> None:
    deputy = office.hire("deputy")
    lent = delegate(office, by_post="市人民政府", to_person=deputy.id)
    assert office.people.actor(deputy.id).posts == {"市长": lent.id}


@pytest.mark.parametrize("end", ["revoked", "post taken", "giver disabled", "taker disabled"])
def test_a_delegation_lapses(office: Office, end: str) -> None:
    admin = office.admin()
    mayor, deputy = office.hire("mayor", posts=("市长",)), office.hire("deputy")
    lent = delegate(office, by_person=mayor.id, to_person=deputy.id)
    if end == "revoked":
        office.people.delegations.revoke(lent.id, mayor.id)
        assert office.people.delegations.get(lent.id).revoked_at == START
        with pytest.raises(Missing):
            office.people.delegations.revoke(lent.id, mayor.id)
    elif end == "post taken":
        office.people.posts.take(mayor.id, "市长", admin.id)
    else:
        office.people.accounts.change((mayor if end == "giver disabled" else deputy).id, admin.id, active=False)
    assert [one for one in office.people.posts.holders("市长") if one.delegation is not None] == []
    if end == "taker disabled":
        with pytest.raises(Missing):
            office.people.actor(deputy.id)
    else:
        assert office.people.actor(deputy.id).posts == {}
    assert [one.delegated for one in office.people.delegations.listed()] == [lent]


def test_a_delegation_that_cannot_be_is_refused(office: Office) -> None:
    admin = office.admin()
    mayor, deputy = office.hire("mayor", posts=("市长",)), office.hire("deputy")
    third, far = office.hire("third"), office.hire("far", jurisdiction=THERE)
    gone = office.hire("gone")
    office.people.accounts.change(gone.id, admin.id, active=False)
    delegate(office, by_person=mayor.id, to_person=deputy.id)
    cases: list[tuple[dict[str, Any], type[Refusal], str]] = [
        ({"to_person": deputy.id}, Invalid, "by_person"),
        ({"by_person": mayor.id, "by_post": "市政府", "to_person": deputy.id}, Invalid, "by_person"),
        ({"by_person": mayor.id, "to_person": mayor.id}, Invalid, "to_person"),
        ({"by_person": mayor.id, "to_person": deputy.id, "until": START}, Invalid, "until"),
        ({"by_person": mayor.id, "to_person": deputy.id, "since": NIGHT}, Invalid, "until"),
        ({"by_person": mayor.id, "to_person": deputy.id, "authority": " "}, Invalid, "authority"),
        ({"by_person": mayor.id, "to_person": "nobody"}, Missing, "person"),
        ({"by_person": mayor.id, "to_person": gone.id}, Conflict, "to_person"),
        ({"by_person": mayor.id, "to_person": far.id}, Conflict, "to_person"),
        ({"by_person": third.id, "to_person": deputy.id}, Conflict, "by_person"),
        ({"by_person": deputy.id, "to_person": third.id}, Conflict, "by_person"),
    ]
    for changes, kind, where in cases:
        with pytest.raises(kind) as refused:
            delegate(office, **changes)
        assert refused.value.where == where, changes
    assert len(office.people.delegations.listed()) == 1


def test_one_sees_the_own_place_or_all() -> None:
    here, all_over = Actor("a", "a", frozenset(), HERE), Actor("b", "b", frozenset(), "*")
    assert [may_see(actor, place) for actor in (here, all_over) for place in (HERE, THERE)] == [True, False, True, True]
    assert not may_see(here, "*")
