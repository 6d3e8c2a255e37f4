"""Accounts, on both databases."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from argon2 import PasswordHasher
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from api.people import tables
from api.people.accounts import NewPerson
from api.people.audit import CONSOLE, entries, record
from api.people.passwords import Passwords, check_rules
from api.people.person import Person
from api.people.refusal import Conflict, Invalid, LoginRefused, Missing, PasswordRefused, PasswordWrong
from api.people.service import PeopleService
from api.store.database import reading, writing
from tests.people.world import CHEAP, HERE, SOUND, START, Office


def test_the_migrations_make_the_tables_as_declared(engine: Engine) -> None:
    with reading(engine) as link:
        assert compare_metadata(MigrationContext.configure(link), tables.metadata) == []


def test_the_first_run_makes_an_administrator_once(office: Office) -> None:
    password = office.people.accounts.first_administrator()
    assert password is not None
    person, _, _ = office.people.log_in("admin", password, "here")
    assert (person.roles, person.jurisdiction, person.must_change) == ({"admin"}, "*", True)
    assert office.people.accounts.first_administrator() is None


def test_a_new_person_is_what_was_said(office: Office) -> None:
    new = NewPerson(" Zhang.San ", " 张三 ", HERE, frozenset({"officer"}), frozenset({"值班员", "县应急局"}))
    person, password = office.people.accounts.create(new, CONSOLE)
    assert person == Person(
        id=person.id,
        login="zhang.san",
        name="张三",
        jurisdiction=HERE,
        roles=frozenset({"officer"}),
        posts=frozenset({"值班员", "县应急局"}),
        active=True,
        must_change=True,
        created_at=START,
    )
    assert office.people.accounts.find(person.id) == person
    assert office.people.accounts.everybody() == [person]
    assert office.people.log_in("ZHANG.SAN", password, "here")[0] == person


@pytest.mark.parametrize(
    ("new", "where"),
    [
        (NewPerson("a b", "张三", HERE, frozenset()), "login"),
        (NewPerson("a\0b", "张三", HERE, frozenset()), "login"),
        (NewPerson("张三", "张三", HERE, frozenset()), "login"),
        (NewPerson("zhang", " ", HERE, frozenset()), "name"),
        (NewPerson("zhang", "张\n三", HERE, frozenset()), "name"),
        (NewPerson("zhang", "张三", "", frozenset()), "jurisdiction"),
        (NewPerson("zhang", "张三", HERE, frozenset({"boss"})), "roles"),
        (NewPerson("zhang", "张三", HERE, frozenset(), frozenset({"a/b"})), "posts"),
    ],
)
def test_a_wrong_value_says_where(office: Office, new: NewPerson, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        office.people.accounts.create(new, CONSOLE)
    assert refused.value.where == where
    assert office.people.accounts.everybody() == []
    assert entries(office.engine) == []


def test_a_login_is_taken_once_whatever_its_case(office: Office) -> None:
    office.hire("zhang")
    with pytest.raises(Conflict):
        office.hire("ZHANG")
    assert [one.login for one in office.people.accounts.everybody()] == ["zhang"]


def test_a_one_time_password_is_changed_by_its_owner_and_ends_the_other_sessions(office: Office) -> None:
    person, one_time = office.people.accounts.create(NewPerson("zhang", "张三", HERE, frozenset({"officer"})), CONSOLE)
    _, _, first = office.people.log_in("zhang", one_time, "here")
    _, _, second = office.people.log_in("zhang", one_time, "here")
    caller = office.people.by_session(first)
    assert caller is not None
    assert caller.must_change
    office.people.change_password(caller, one_time, "三点钟的值班室很安静呀", "here")
    after = office.people.by_session(first)
    assert after is not None
    assert not after.must_change
    assert office.people.by_session(second) is None
    with pytest.raises(LoginRefused):
        office.people.log_in("zhang", one_time, "here")
    assert office.people.log_in("zhang", "三点钟的值班室很安静呀", "here")[0].id == person.id


def test_a_password_is_not_changed_without_the_present_one_nor_to_the_same(office: Office) -> None:
    person = office.hire("zhang", knows=SOUND)
    with pytest.raises(PasswordWrong):
        office.people.accounts.change_password(person.id, "a wrong password", "another password", None)
    with pytest.raises(PasswordRefused):
        office.people.accounts.change_password(person.id, SOUND, SOUND, None)
    assert office.people.log_in("zhang", SOUND, "here")[0] == person


@pytest.mark.parametrize(
    "password", ["", "123456789", "zhang.sanfeng", "ZHANG.SANFENG", "gnefnas.gnahz", "ｚｈａｎｇ.ｓａｎｆｅｎｇ", "a" * 201]
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(PasswordRefused):
        check_rules(password, "zhang.sanfeng")


def test_full_width_letters_are_the_same_password() -> None:
    passwords = Passwords(CHEAP)
    assert passwords.fits(passwords.hash("ａｂｃ１２３４５６７"), "abc1234567")


def test_by_default_a_password_is_hashed_with_the_defaults_of_argon2() -> None:
    assert Passwords().hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_password_hashed_with_old_parameters_is_hashed_anew_at_login(office: Office) -> None:
    person = office.hire("zhang", knows=SOUND)
    newer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    people = PeopleService(office.engine, office.clock, office.chance, Passwords(newer))
    people.log_in("zhang", SOUND, "here")
    with reading(office.engine) as link:
        stored = link.execute(text("SELECT password FROM people WHERE id = :id"), {"id": person.id}).scalar_one()
    assert "$m=16,t=2,p=1$" in stored


def test_a_reset_password_ends_the_sessions(office: Office) -> None:
    person = office.hire("zhang", knows=SOUND)
    secret = office.session(person)
    one_time = office.people.accounts.reset_password(person.id, CONSOLE)
    assert office.people.by_session(secret) is None
    with pytest.raises(LoginRefused):
        office.people.log_in("zhang", SOUND, "here")
    assert office.people.log_in("zhang", one_time, "here")[0].must_change


def test_the_last_administrator_stays(office: Office) -> None:
    admin = office.admin()
    for change in ({"active": False}, {"roles": ["officer"]}):
        with pytest.raises(Conflict):
            office.people.accounts.change(admin.id, admin.id, **change)
    other = office.hire("other", "admin")
    assert not office.people.accounts.change(admin.id, other.id, active=False).active
    with pytest.raises(Conflict):
        office.people.accounts.change(other.id, other.id, active=False)


def test_an_office_that_has_no_administrator_yet_changes_its_people(office: Office) -> None:
    person = office.hire("zhang", "officer")
    assert office.people.accounts.change(person.id, CONSOLE, roles=["admin"]).roles == {"admin"}


def test_somebody_unknown_is_missing(office: Office) -> None:
    with pytest.raises(Missing):
        office.people.accounts.find("nobody")
    with pytest.raises(Missing):
        office.people.accounts.change("nobody", CONSOLE, name="x")


def test_every_change_stands_in_the_audit_without_secrets(office: Office) -> None:
    admin = office.admin()
    office.clock.forward(hours=1)
    person = office.hire("zhang", "officer")
    office.people.accounts.change(person.id, admin.id, name="李四", roles=["leader", "officer"])
    office.people.accounts.change(person.id, admin.id, name="李四")
    office.people.accounts.change(person.id, admin.id, active=False)
    office.people.accounts.change(person.id, admin.id, active=True)
    office.people.accounts.reset_password(person.id, admin.id)
    found = [(one.by, one.action, one.subject, one.detail) for one in entries(office.engine)]
    assert found[:-2] == [
        (admin.id, "password.reset", person.id, {}),
        (admin.id, "person.enabled", person.id, {"active": [False, True]}),
        (admin.id, "person.disabled", person.id, {"active": [True, False]}),
        (admin.id, "person.changed", person.id, {"name": ["zhang先生", "李四"], "roles": [["officer"], ["leader", "officer"]]}),
        (
            CONSOLE,
            "person.created",
            person.id,
            {"login": "zhang", "name": "zhang先生", "jurisdiction": HERE, "roles": ["officer"], "posts": []},
        ),
    ]
    assert "one-time" not in str(found)
    assert [one.id for one in entries(office.engine, before=3)] == [2, 1]
    assert [one.at.hour for one in entries(office.engine, limit=1)] == [1]


@pytest.mark.parametrize("statement", ["UPDATE audit SET action = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_rewrite_the_audit(office: Office, statement: str) -> None:
    with writing(office.engine) as link:
        record(link, START, CONSOLE, "something", "x")
    with pytest.raises(DBAPIError, match="append-only"), writing(office.engine) as link:
        link.execute(text(statement))
    assert [one.action for one in entries(office.engine)] == ["something"]
