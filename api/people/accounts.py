"""Accounts: who there is, their passwords, and the end of an account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.people.actor import EVERYWHERE
from api.people.audit import CONSOLE, record
from api.people.chance import Chance
from api.people.clock import Clock
from api.people.passwords import Passwords, check_rules
from api.people.person import LOGIN, Person, build, checked_login, checked_roles, checked_text, fields, person_of, row_of
from api.people.refusal import Conflict, PasswordRefused, PasswordWrong
from api.people.tables import people, person_posts, sessions, tokens
from api.store.database import reading, writing


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What must be said of a new person."""

    login: str
    name: str
    jurisdiction: str
    roles: frozenset[str]
    posts: frozenset[str] = field(default=frozenset())


class Accounts:
    """People in the database. `by` is who does it: a person's id, or CONSOLE."""

    def __init__(self, engine: Engine, clock: Clock, chance: Chance, passwords: Passwords) -> None:
        self._engine = engine
        self._clock = clock
        self._chance = chance
        self._passwords = passwords

    def everybody(self) -> list[Person]:
        """All people, disabled ones too, by login."""
        with reading(self._engine) as link:
            posts: dict[str, list[str]] = defaultdict(list)
            for person_id, post in link.execute(select(person_posts.c.person_id, person_posts.c.post)):
                posts[person_id].append(post)
            rows = link.execute(select(people).order_by(people.c.login)).mappings()
            return [build(row, posts[row["id"]]) for row in rows]

    def find(self, person_id: str) -> Person:
        """One person. Raises Missing."""
        with reading(self._engine) as link:
            return person_of(link, row_of(link, person_id))

    def create(self, new: NewPerson, by: str) -> tuple[Person, str]:
        """A new person, and the one-time password. Raises Invalid or Conflict."""
        login, posts = checked_login(new.login), sorted({checked_text(post, "posts", "岗位") for post in new.posts})
        values = {
            "login": login,
            "name": checked_text(new.name, "name", "姓名"),
            "jurisdiction": checked_text(new.jurisdiction, "jurisdiction", "辖区"),
            "roles": sorted(checked_roles(new.roles)),
        }
        password, now, person_id = self._chance.password(), self._clock(), self._chance.name()
        stored = self._passwords.hash(password)
        try:
            with writing(self._engine) as link:
                link.execute(
                    insert(people).values(id=person_id, active=True, must_change=True, password=stored, created_at=now, **values)
                )
                for post in posts:
                    link.execute(insert(person_posts).values(person_id=person_id, post=post))
                record(link, now, by, "person.created", person_id, **values, posts=posts)
                return person_of(link, row_of(link, person_id)), password
        except IntegrityError:
            raise Conflict(f"登录名“{login}”已有人用", where="login", remedy="换一个登录名；停用的人员可以重新启用") from None

    def first_administrator(self) -> str | None:
        """At the first run: make `admin`, and return the one-time password to be shown once. None where there are people already."""
        with reading(self._engine) as link:
            if link.execute(select(people.c.id).limit(1)).first() is not None:
                return None
        try:
            return self.create(NewPerson("admin", "管理员", EVERYWHERE, frozenset({"admin"})), CONSOLE)[1]
        except Conflict:
            return None

    def change(
        self,
        person_id: str,
        by: str,
        *,
        name: str | None = None,
        jurisdiction: str | None = None,
        roles: Iterable[str] | None = None,
        active: bool | None = None,
    ) -> Person:
        """Change what is given. A disabled person's sessions and tokens end. Raises Missing, Invalid or Conflict."""
        given = fields(
            name=None if name is None else checked_text(name, "name", "姓名"),
            jurisdiction=None if jurisdiction is None else checked_text(jurisdiction, "jurisdiction", "辖区"),
            roles=None if roles is None else sorted(checked_roles(roles)),
            active=active,
        )
        now = self._clock()
        with writing(self._engine) as link:
            _lock_administrators(link)
            before = row_of(link, person_id, lock=True)
            changed = {key: value for key, value in given.items() if before[key] != value}
            if changed:
                link.execute(update(people).where(people.c.id == person_id).values(**changed))
                if before["active"] and "admin" in before["roles"]:
                    _keep_an_administrator(link)
                record(link, now, by, _action(changed), person_id, **{key: [before[key], new] for key, new in changed.items()})
            if changed.get("active") is False:
                end_sessions(link, person_id, now)
                link.execute(
                    update(tokens).where(tokens.c.person_id == person_id, tokens.c.revoked_at.is_(None)).values(revoked_at=now)
                )
            return person_of(link, row_of(link, person_id))

    def reset_password(self, person_id: str, by: str) -> str:
        """A new one-time password; the person's sessions end. Raises Missing."""
        password, now = self._chance.password(), self._clock()
        stored = self._passwords.hash(password)
        with writing(self._engine) as link:
            row_of(link, person_id, lock=True)
            link.execute(update(people).where(people.c.id == person_id).values(password=stored, must_change=True))
            end_sessions(link, person_id, now)
            record(link, now, by, "password.reset", person_id)
        return password

    def change_password(self, person_id: str, present: str, new: str, keep_session: str | None) -> None:
        """The person's own change; other sessions end. Raises PasswordWrong or PasswordRefused."""
        with reading(self._engine) as link:
            row = row_of(link, person_id)
        if not self._passwords.fits(row["password"], present):
            raise PasswordWrong("现在的密码不对", where="present", remedy="重新输入现在的密码；忘记密码请管理员重置")
        check_rules(new, row["login"])
        if self._passwords.fits(row["password"], new):
            raise PasswordRefused("新密码不能与现在的密码相同", where="new", remedy="换一个密码")
        now, stored = self._clock(), self._passwords.hash(new)
        with writing(self._engine) as link:
            same = (people.c.id == person_id, people.c.password == row["password"])
            if link.execute(update(people).where(*same).values(password=stored, must_change=False)).rowcount != 1:
                raise Conflict("密码刚被改过", where="password", remedy="重新登录")
            end_sessions(link, person_id, now, keep=keep_session)
            record(link, now, person_id, "password.changed", person_id)

    def verified(self, login: str, password: str) -> Person | None:
        """The person whose login and password these are; None, after the same work, for a wrong or unknown or disabled one."""
        small = login.strip().casefold()
        query = select(people).where(people.c.login == (small if LOGIN.fullmatch(small) else ""))
        with reading(self._engine) as link:
            row = link.execute(query).mappings().one_or_none()
            person = None if row is None else person_of(link, row)
        usable = row is not None and row["active"]
        if not self._passwords.fits(row["password"] if row is not None and usable else None, password) or row is None:
            return None
        if self._passwords.is_outdated(row["password"]):
            stored = self._passwords.hash(password)
            with writing(self._engine) as link:
                same = (people.c.id == row["id"], people.c.password == row["password"])
                link.execute(update(people).where(*same).values(password=stored))
        return person


def end_sessions(link: Connection, person_id: str, now: datetime, keep: str | None = None) -> None:
    """End the person's sessions, all but one."""
    of_person = (sessions.c.person_id == person_id, sessions.c.ended_at.is_(None), sessions.c.id != (keep or ""))
    link.execute(update(sessions).where(*of_person).values(ended_at=now))


def _action(changed: dict[str, Any]) -> str:
    return {True: "person.enabled", False: "person.disabled"}.get(changed.get("active"), "person.changed")  # type: ignore[arg-type]


def _lock_administrators(link: Connection) -> None:
    """Two administrators who disable each other at the same time go one after the other. SQLite has one writer anyway."""
    link.execute(select(people.c.id).where(people.c.active).order_by(people.c.id).with_for_update(key_share=True)).all()


def _keep_an_administrator(link: Connection) -> None:
    roles = link.execute(select(people.c.roles).where(people.c.active)).scalars()
    if not any("admin" in one for one in roles):
        raise Conflict("至少要留一名可用的管理员", where="roles", remedy="先让另一人成为管理员")
