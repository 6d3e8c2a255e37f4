"""The people of one store, and how a caller becomes known: by login, session or token."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from api.people.accounts import Accounts
from api.people.actor import Actor
from api.people.chance import Chance, SystemChance
from api.people.changes import Changes
from api.people.clock import Clock, system_clock
from api.people.delegations import Delegations
from api.people.handovers import Handovers
from api.people.passwords import Passwords
from api.people.person import Person, person_of, row_of
from api.people.posts import Posts, actor_of
from api.people.refusal import LoginRefused, Missing, PasswordRefused
from api.people.sessions import Lifetime, Session, Sessions
from api.people.shifts import Shifts
from api.people.throttle import ADDRESS, LOGIN, Patience, Throttle
from api.people.tokens import PREFIX, Token, Tokens
from api.store.database import reading

log = logging.getLogger("yuan")


@dataclass(frozen=True, slots=True)
class Rules:
    """How long sessions last, and how patient the login is."""

    lifetime: Lifetime = field(default_factory=Lifetime)
    login: Patience = LOGIN
    address: Patience = ADDRESS


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a person with a session (and its secret), or a program with a token of a person."""

    actor: Actor
    must_change: bool = False
    session: Session | None = None
    secret: str | None = None
    token: Token | None = None


class PeopleService:
    """Everything about people, over one engine, clock and source of randomness."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock = system_clock,
        chance: Chance | None = None,
        passwords: Passwords | None = None,
        rules: Rules | None = None,
    ) -> None:
        chance, rules = chance or SystemChance(), rules or Rules()
        self.engine = engine
        self.rules = rules
        self.clock = clock
        self.changes = Changes()
        self.accounts = Accounts(engine, clock, chance, passwords or Passwords())
        self.sessions = Sessions(engine, clock, chance, rules.lifetime)
        self.tokens = Tokens(engine, clock, chance)
        self.posts = Posts(engine, clock)
        self.delegations = Delegations(engine, clock, chance)
        self.shifts = Shifts(engine, clock, chance)
        self.handovers = Handovers(engine, clock, chance)
        self._throttle = Throttle(engine, clock, rules.login, rules.address)

    def log_in(
        self, login: str, password: str, address: str, agent: str = "", replaces: str | None = None
    ) -> tuple[Person, Session, str]:
        """A session and its secret. Raises TooManyAttempts, or LoginRefused: the same for whatever does not fit."""
        self._throttle.enter(login, address)
        person = self.accounts.verified(login, password)
        started = None if person is None else self.sessions.start(person.id, address, agent, replaces)
        if person is None or started is None:
            log.warning("login refused: %r from %s", login[:64], address)
            raise LoginRefused("登录名或密码不对", where="login", remedy="重新输入；忘记密码请管理员重置")
        self._throttle.succeed(login, address)
        return person, *started

    def change_password(self, caller: Caller, present: str, new: str, address: str) -> None:
        """The caller's own change, under the same throttling as a login. Raises TooManyAttempts, PasswordWrong, PasswordRefused."""
        login = self.accounts.find(caller.actor.person_id).login
        self._throttle.enter(login, address)
        session = None if caller.session is None else caller.session.id
        try:
            self.accounts.change_password(caller.actor.person_id, present, new, session)
        except PasswordRefused:
            self._throttle.succeed(login, address)
            raise
        self._throttle.succeed(login, address)

    def by_session(self, secret: str) -> Caller | None:
        """The caller with this cookie, while session and account stand."""
        with reading(self.engine) as link:
            caller = self.seen(link, secret)
        if caller is not None and caller.session is not None:
            self.sessions.touch(caller.session)
        return caller

    def seen(self, link: Connection, secret: str) -> Caller | None:
        """The caller with this cookie, without noting that the session was used."""
        session = self.sessions.find(link, secret)
        person = None if session is None else self._active(link, session.person_id)
        if session is None or person is None:
            return None
        return Caller(actor_of(link, person, self.clock()), person.must_change, session=session, secret=secret)

    def by_token(self, secret: str) -> Caller | None:
        """The caller with this token, while token and account stand."""
        if not secret.startswith(PREFIX):
            return None
        with reading(self.engine) as link:
            token = self.tokens.find(link, secret)
            person = None if token is None else self._active(link, token.person_id)
            actor = None if person is None else actor_of(link, person, self.clock())
        if token is None or actor is None:
            return None
        self.tokens.touch(token)
        return Caller(actor, token=token)

    def actor(self, person_id: str) -> Actor:
        """A person as an actor now. Raises Missing, for a disabled one too."""
        with reading(self.engine) as link:
            person = self._active(link, person_id)
            if person is None:
                raise Missing("没有这个人员，或已停用", where="person", remedy="见 GET /api/v1/people")
            return actor_of(link, person, self.clock())

    def _active(self, link: Connection, person_id: str) -> Person | None:
        person = person_of(link, row_of(link, person_id))
        return person if person.active else None
