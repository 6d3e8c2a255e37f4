"""Sessions, tokens and throttling, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from api.people import tables
from api.people.accounts import NewPerson
from api.people.audit import CONSOLE
from api.people.passwords import Passwords
from api.people.refusal import Conflict, Invalid, LoginRefused, Missing, Refusal, TooManyAttempts
from api.people.service import PeopleService
from api.people.sessions import csrf_token
from api.people.throttle import ADDRESS, LOGIN, Patience
from api.people.tokens import NewToken
from api.store.database import reading
from tests.people.world import CHEAP, HERE, SOUND, START, Office


def refusal(office: Office, login: str, password: str, address: str = "here") -> tuple[str, str] | None:
    """Code and message of what a login is answered; None where it succeeds."""
    try:
        office.people.log_in(login, password, address)
    except Refusal as error:
        return error.code, error.message
    return None


def test_a_session_ends_when_it_is_not_used(office: Office) -> None:
    secret = office.session(office.hire("zhang"))
    office.clock.forward(hours=11)
    assert office.people.by_session(secret) is not None
    office.clock.forward(hours=11)
    assert office.people.by_session(secret) is not None
    office.clock.forward(hours=12)
    assert office.people.by_session(secret) is None


def test_a_session_ends_at_last_however_much_it_is_used(office: Office) -> None:
    secret = office.session(office.hire("zhang"))
    for _ in range(35):
        office.clock.forward(hours=1)
        assert office.people.by_session(secret) is not None
    office.clock.forward(hours=1)
    assert office.people.by_session(secret) is None


def test_sessions_are_listed_and_revoked(office: Office) -> None:
    person = office.hire("zhang")
    first = office.people.sessions.start(person.id, "10.0.0.1", "Firefox")
    office.clock.forward(hours=1)
    second = office.people.sessions.start(person.id, "10.0.0.2", "Chrome")
    assert first is not None
    assert second is not None
    assert office.people.sessions.standing(person.id) == [second[0], first[0]]
    assert second[0].expires_at == START + timedelta(hours=13)
    office.people.sessions.end(first[0].id, person.id)
    assert office.people.sessions.standing() == [second[0]]
    assert office.people.by_session(first[1]) is None
    with pytest.raises(Missing):
        office.people.sessions.end(first[0].id, person.id)


def test_logging_in_again_ends_the_session_that_was_there(office: Office) -> None:
    office.hire("zhang", knows=SOUND)
    _, _, first = office.people.log_in("zhang", SOUND, "here")
    _, _, second = office.people.log_in("zhang", SOUND, "here", replaces=first)
    assert office.people.by_session(first) is None
    assert office.people.by_session(second) is not None


def test_secrets_are_not_in_the_database(office: Office) -> None:
    person = office.hire("zhang", knows=SOUND)
    session = office.session(person)
    _, token = office.people.tokens.create(NewToken(person.id, "x", frozenset({"read"}), START + timedelta(days=1)), CONSOLE)
    with reading(office.engine) as link:
        stored = "".join(
            str(link.execute(select(tables.metadata.tables[table])).all()) for table in ("people", "sessions", "tokens", "audit")
        )
    for secret in (session, token, csrf_token(session), SOUND):
        assert secret not in stored


def test_a_disabled_account_ends_sessions_and_tokens(office: Office) -> None:
    admin, person = office.admin(), office.hire("zhang", knows=SOUND)
    secret = office.session(person)
    _, token = office.people.tokens.create(NewToken(person.id, "x", frozenset({"read"}), START + timedelta(days=1)), CONSOLE)
    assert office.people.by_token(token) is not None
    office.people.accounts.change(person.id, admin.id, active=False)
    assert office.people.by_session(secret) is None
    assert office.people.by_token(token) is None
    assert office.people.sessions.start(person.id) is None
    office.people.accounts.change(person.id, admin.id, active=True)
    assert office.people.by_session(secret) is None
    assert office.people.by_token(token) is None


def test_unknown_disabled_and_wrong_are_answered_alike(office: Office) -> None:
    admin = office.admin()
    office.hire("zhang", knows=SOUND)
    gone = office.hire("gone", knows=SOUND)
    office.people.accounts.change(gone.id, admin.id, active=False)
    answers = {
        refusal(office, "zhang", "a wrong password"),
        refusal(office, "nobody", SOUND),
        refusal(office, "no\0body", SOUND),
        refusal(office, "", ""),
        refusal(office, "gone", SOUND),
    }
    assert answers == {("login-refused", "登录名或密码不对")}


def test_an_unknown_login_costs_a_hash_as_a_known_one_does() -> None:
    class Counting:
        """A hasher that counts how often it verifies."""

        verified = 0

        def hash(self, password: str) -> str:
            return CHEAP.hash(password)

        def verify(self, stored: str, password: str) -> bool:
            self.verified += 1
            return bool(CHEAP.verify(stored, password))

    hasher = Counting()
    passwords = Passwords(hasher)  # type: ignore[arg-type]
    assert not passwords.fits(None, "nobody has this password")
    assert not passwords.fits(passwords.hash("a"), "b")
    assert hasher.verified == 2


def test_each_failure_doubles_the_wait_up_to_the_longest() -> None:
    waits = [LOGIN.wait(failures).total_seconds() for failures in (1, 2, 3, 4, 5, 6, 11, 12, 99, 10**9)]
    assert waits == [0, 0, 1, 2, 4, 8, 256, 300, 300, 300]
    assert ADDRESS.wait(19) == timedelta()
    assert ADDRESS.wait(10**9) == timedelta(minutes=15)


def test_after_some_failures_a_login_waits_even_with_the_right_password(office: Office) -> None:
    office.hire("zhang", knows=SOUND)
    for _ in range(3):
        assert refusal(office, "zhang", "wrong") == ("login-refused", "登录名或密码不对")
    assert refusal(office, "ZHANG", SOUND, "elsewhere") == (
        "too-many-attempts",
        "登录失败次数过多，请等 1 秒后再试",
    )
    office.clock.forward(seconds=1)
    assert refusal(office, "zhang", "wrong") == ("login-refused", "登录名或密码不对")
    office.clock.forward(seconds=0.5)
    with pytest.raises(TooManyAttempts) as waiting:
        office.people.log_in("zhang", SOUND, "here")
    assert waiting.value.wait == 2
    office.clock.forward(seconds=1.5)
    assert refusal(office, "zhang", SOUND) is None
    assert refusal(office, "zhang", "wrong") == ("login-refused", "登录名或密码不对")


def test_an_unknown_login_waits_as_a_known_one_does(office: Office) -> None:
    office.hire("zhang", knows=SOUND)
    answers = {login: [refusal(office, login, "wrong", login) for _ in range(5)] for login in ("zhang", "nobody", "no body")}
    assert answers["zhang"] == answers["nobody"] == answers["no body"]
    assert answers["zhang"][-1] == ("too-many-attempts", "登录失败次数过多，请等 1 秒后再试")


def test_an_address_that_tries_many_logins_waits(office: Office) -> None:
    office.hire("zhang", knows=SOUND)
    for number in range(20):
        assert refusal(office, f"nobody{number}", "wrong", "10.0.0.9") == ("login-refused", "登录名或密码不对")
    assert refusal(office, "zhang", SOUND, "10.0.0.9") == (
        "too-many-attempts",
        "登录失败次数过多，请等 1 秒后再试",
    )
    assert refusal(office, "zhang", SOUND, "10.0.0.8") is None


def test_failures_are_forgotten_after_a_day_and_a_clock_set_back_locks_nobody_out(office: Office) -> None:
    office.hire("zhang", knows=SOUND)
    for _ in range(3):
        refusal(office, "zhang", "wrong")
    office.clock.forward(hours=-5)
    assert refusal(office, "zhang", "wrong") == ("login-refused", "登录名或密码不对")
    office.clock.forward(days=2)
    for _ in range(3):
        assert refusal(office, "zhang", "wrong") == ("login-refused", "登录名或密码不对")


def test_many_attempts_at_once_do_not_slip_through_together(office: Office) -> None:
    office.hire("zhang", knows=SOUND)
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: refusal(office, "zhang", "wrong"), range(24)))
    assert sum(one == ("login-refused", "登录名或密码不对") for one in answers) == 3
    assert sum(one is not None and one[0] == "too-many-attempts" for one in answers) == 21


def test_two_administrators_who_disable_each_other_at_once_leave_one(office: Office) -> None:
    one, other = office.admin(), office.hire("other", "admin", jurisdiction="*")

    def disable(person_id: str) -> bool:
        try:
            return not office.people.accounts.change(person_id, CONSOLE, active=False).active
        except Conflict:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(disable, (one.id, other.id))) == [False, True]


def test_a_token_is_of_its_person_and_ends(office: Office) -> None:
    person = office.hire("feeder", "officer")
    new = NewToken(person.id, "空气质量", frozenset({"feed", "read"}), START + timedelta(days=90), frozenset({"plan/aqi"}))
    token, secret = office.people.tokens.create(new, CONSOLE)
    caller = office.people.by_token(secret)
    assert secret.startswith("yuan_")
    assert caller is not None
    assert caller.token == token
    assert (caller.actor.person_id, caller.session, caller.secret) == (person.id, None, None)
    assert (token.may_feed("plan", "aqi"), token.may_feed("plan", "so2"), token.may_feed("other", "aqi")) == (True, False, False)
    assert [one.used_at for one in office.people.tokens.listed(person.id)] == [START]
    office.clock.forward(days=90)
    assert office.people.by_token(secret) is None


def test_a_revoked_token_is_no_token(office: Office) -> None:
    person = office.hire("feeder", "officer")
    token, secret = office.people.tokens.create(NewToken(person.id, "x", frozenset({"read"}), START + timedelta(days=9)), CONSOLE)
    office.people.tokens.revoke(token.id, CONSOLE)
    assert office.people.by_token(secret) is None
    with pytest.raises(Missing):
        office.people.tokens.revoke(token.id, CONSOLE)


@pytest.mark.parametrize(
    ("scopes", "feeds", "days", "where"),
    [
        (set(), set(), 1, "scopes"),
        ({"sign"}, set(), 1, "scopes"),
        ({"read", "admin"}, set(), 1, "scopes"),
        ({"feed"}, set(), 1, "feeds"),
        ({"read"}, {"plan/aqi"}, 1, "feeds"),
        ({"feed"}, {"aqi"}, 1, "feeds"),
        ({"feed"}, {"plan/a\0"}, 1, "feeds"),
        ({"read"}, set(), 0, "expires_at"),
        ({"read"}, set(), 900, "expires_at"),
    ],
)
def test_a_token_is_never_for_signing_nor_without_an_end(
    office: Office, scopes: set[str], feeds: set[str], days: int, where: str
) -> None:
    person = office.hire("feeder", "officer")
    with pytest.raises(Invalid) as refused:
        new = NewToken(person.id, "x", frozenset(scopes), START + timedelta(days=days), frozenset(feeds))
        office.people.tokens.create(new, CONSOLE)
    assert refused.value.where == where


def test_a_wait_may_be_set(office: Office) -> None:
    from api.people.service import Rules

    strict = Rules(login=Patience(1, timedelta(seconds=4)))
    people = PeopleService(office.engine, office.clock, office.chance, Passwords(CHEAP), strict)
    people.accounts.create(NewPerson("zhang", "张三", HERE, frozenset()), CONSOLE)
    with pytest.raises(LoginRefused):
        people.log_in("zhang", "wrong", "here")
    with pytest.raises(TooManyAttempts):
        people.log_in("zhang", "wrong", "here")
