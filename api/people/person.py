"""A person of the office, and the values that its fields may take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from api.people.refusal import Invalid, Missing
from api.people.tables import people, person_posts

ROLES = {"observer": "观察员", "officer": "值班员", "leader": "带班领导", "director": "导调员", "admin": "管理员"}
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


@dataclass(frozen=True, slots=True)
class Person:
    """Who may log in. `posts` are the own ones, as plans print them; `must_change`: the password is a one-time one."""

    id: str
    login: str
    name: str
    jurisdiction: str
    roles: frozenset[str]
    posts: frozenset[str]
    active: bool
    must_change: bool
    created_at: datetime


def person_of(link: Connection, row: RowMapping) -> Person:
    """The person of a row of `people`."""
    posts = link.execute(select(person_posts.c.post).where(person_posts.c.person_id == row["id"])).scalars()
    return build(row, posts)


def build(row: RowMapping, posts: Iterable[str]) -> Person:
    """The person of a row and its posts."""
    return Person(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        jurisdiction=row["jurisdiction"],
        roles=frozenset(row["roles"]),
        posts=frozenset(posts),
        active=row["active"],
        must_change=row["must_change"],
        created_at=row["created_at"],
    )


def row_of(link: Connection, person_id: str, *, lock: bool = False) -> RowMapping:
    """The row of a person. Raises Missing."""
    query = select(people).where(people.c.id == person_id)
    row = link.execute(query.with_for_update(key_share=True) if lock else query).mappings().one_or_none()
    if row is None:
        raise Missing("没有这个人员", where="person", remedy="见 GET /api/v1/people")
    return row


def checked_login(login: str) -> str:
    """The login in small letters. Raises Invalid."""
    small = login.strip().casefold()
    if not LOGIN.fullmatch(small):
        raise Invalid("登录名只能用小写字母、数字和 . _ -，2 到 64 个字符", where="login", remedy="如 zhangsan")
    return small


def checked_text(value: str, where: str, label: str, longest: int = 64) -> str:
    """A short text on one line, without spaces around it. Raises Invalid."""
    text = value.strip()
    if not text or len(text) > longest or not text.isprintable() or "/" in text:
        raise Invalid(f"{label}不能为空，至多 {longest} 个字，在一行内，不含“/”", where=where, remedy=f"改正{label}")
    return text


def checked_roles(roles: Iterable[str]) -> frozenset[str]:
    """Roles that exist. Raises Invalid."""
    found = frozenset(roles)
    if unknown := found - ROLES.keys():
        known = "、".join(f"{key}（{label}）" for key, label in ROLES.items())
        raise Invalid(f"没有角色“{'、'.join(sorted(unknown))}”", where="roles", remedy=f"可用：{known}")
    return found


def fields(**given: Any) -> dict[str, Any]:
    """Those that were given."""
    return {key: value for key, value in given.items() if value is not None}
