"""People and posts: what each role sees, and which forms it has."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.console.screens.people import People
from api.console.screens.people_person import OnePerson
from api.people.delegations import NewDelegation
from api.people.person import Person
from api.people.refusal import Missing
from api.people.tokens import NewToken
from tests.console.small_office import SmallOffice

HOSTILE = '<script>alert("x")<'


@pytest.fixture
def admin(small_office: SmallOffice) -> Person:
    return small_office.hire("boss", "admin")


def lend(office: SmallOffice) -> str:
    new = NewDelegation(
        "带班领导", office.officer.id, "某政函1号", office.clock() + timedelta(days=2), by_person=office.leader.id
    )
    return office.staff.people.delegations.create(new, office.leader.id).delegated.id


def test_the_list_shows_roles_posts_and_state(small_office: SmallOffice) -> None:
    lend(small_office)
    away = small_office.hire("away", "officer")
    small_office.staff.people.accounts.change(away.id, "yuan", active=False)
    small_office.staff.hire("fresh", jurisdiction="某市")
    small_office.hire("other", "officer", place="别处")
    assert small_office.see(People).lines("people") == [
        "姓名", "登录名", "辖区", "角色", "岗位", "状态",
        "fresh先生", "fresh", "某市", "没有角色", "—", "一次性密码，还没有改",
        "leader先生", "leader", "某市", "带班领导", "带班领导", "可用",
        "officer先生", "officer", "某市", "值班员", "值班员", "、", "带班领导（代行）", "可用",
        "away先生", "away", "某市", "值班员", "—", "停用",
    ]  # fmt: skip


def test_delegations_say_who_for_whom_by_what_and_until_when(small_office: SmallOffice) -> None:
    name = lend(small_office)
    assert small_office.see(People).lines("delegations") == [
        "officer先生", "代行", "带班领导", "leader先生授权 · 某政函1号", "03:12 起，至 11-24 03:12",
    ]  # fmt: skip
    url = f'data-url="/api/v1/delegations/{name}"'
    assert url not in small_office.see(People).panels["delegations"]
    assert url in small_office.see(People, small_office.leader).panels["delegations"]
    small_office.later(days=3)
    assert small_office.see(People).lines("delegations")[:2] == ["现在没有有效的授权", "已结束 1 项"]


def test_only_an_administrator_has_the_forms_and_the_audit(small_office: SmallOffice, admin: Person) -> None:
    as_admin, as_officer = small_office.see(People, admin), small_office.see(People)
    assert 'data-url="/api/v1/people"' in as_admin.frame
    assert 'data-url="/api/v1/people"' not in as_officer.frame
    assert set(as_officer.panels) == {"people", "delegations"}
    assert {"建立人员", "修改密码"} <= set(as_admin.lines("audit"))


def test_posts_are_chosen_from_those_that_the_plans_print(small_office: SmallOffice, admin: Person) -> None:
    frame = small_office.see(People, admin).frame
    assert '<optgroup label="某地某类事件应急预案"><option value="市指挥部">市指挥部</option></optgroup>' in frame
    assert '<option value="值班员">值班员</option>' in frame


def test_who_has_no_administrators_role_delegates_only_own_posts(small_office: SmallOffice) -> None:
    frame = small_office.see(People, small_office.leader).frame
    assert f'<input type="hidden" name="by_person" value="{small_office.leader.id}">' in frame
    assert '<select name="post" required><option value="带班领导">' in frame
    bare = small_office.hire("bare", "officer")
    assert "您没有自己的岗位" in small_office.see(People, bare).frame


def test_one_person_can_be_changed_by_an_administrator_alone(small_office: SmallOffice, admin: Person) -> None:
    who = small_office.officer.id
    url = f'data-url="/api/v1/people/{who}'
    as_admin = small_office.see(OnePerson, admin, person_id=who)
    assert url in as_admin.frame
    assert f'{url}/posts/%E5%80%BC%E7%8F%AD%E5%91%98"' in as_admin.panels["posts"]
    as_leader = small_office.see(OnePerson, small_office.leader, person_id=who)
    assert url not in as_leader.frame + as_leader.panels["posts"]
    assert set(as_leader.panels) == {"error", "person", "posts"}


def test_ones_own_page_has_password_tokens_and_sessions(small_office: SmallOffice) -> None:
    new = NewToken(small_office.officer.id, HOSTILE, frozenset({"read"}), small_office.clock() + timedelta(days=3))
    small_office.staff.people.tokens.create(new, small_office.officer.id)
    seen = small_office.see(OnePerson, person_id=small_office.officer.id)
    assert 'data-url="/api/v1/session/password"' in seen.frame
    assert seen.lines("tokens")[:3] == [HOSTILE, "读取", "至 2026-11-25 03:12，没有用过"]
    assert "就是这里" in seen.lines("sessions")
    assert "修改我的密码" not in small_office.see(OnePerson, small_office.leader, person_id=small_office.officer.id).frame


def test_somebody_of_another_place_is_as_if_not_there(small_office: SmallOffice) -> None:
    other = small_office.hire("other", "officer", place="别处")
    with pytest.raises(Missing):
        small_office.see(OnePerson, person_id=other.id)


def test_hostile_names_stay_text(small_office: SmallOffice, admin: Person) -> None:
    small_office.staff.people.accounts.change(small_office.officer.id, admin.id, name=HOSTILE)
    one = small_office.see(OnePerson, admin, person_id=small_office.officer.id)
    for seen in (one, small_office.see(People, admin)):
        assert "<script" not in seen.frame + "".join(seen.panels.values())


def test_no_secret_is_ever_in_a_page(small_office: SmallOffice, admin: Person) -> None:
    password = small_office.staff.people.accounts.reset_password(small_office.officer.id, admin.id)
    for seen in (small_office.see(People, admin), small_office.see(OnePerson, admin, person_id=small_office.officer.id)):
        assert password not in seen.frame + "".join(seen.panels.values())
        assert "argon2" not in "".join(seen.panels.values())


def test_an_observer_sees_himself_alone(small_office: SmallOffice) -> None:
    guest = small_office.hire("guest", "observer")
    assert "修改我的密码" in small_office.see(OnePerson, guest, person_id=guest.id).frame
    assert "全部人员" not in small_office.see(OnePerson, guest, person_id=guest.id).frame
    with pytest.raises(Missing):
        small_office.see(OnePerson, guest, person_id=small_office.officer.id)
    assert not guest.roles & People.roles
