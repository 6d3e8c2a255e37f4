"""API tokens: for programs, in the name of a person; shown once, kept as a hash, scoped, with an end."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from api.people.audit import record
from api.people.chance import Chance, digest
from api.people.clock import Clock
from api.people.person import checked_text, row_of
from api.people.refusal import Conflict, Invalid, Missing
from api.people.tables import tokens
from api.store.database import reading, writing
from api.store.failure import StoreUnavailable

PREFIX = "yuan_"
SCOPES = {"read": "读取", "facts": "录入事实", "feed": "向指定指标追加序列"}
"""What a token may be for. Signing is none of it: a person signs."""
LONGEST = timedelta(days=731)
TOUCH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as listed. `feeds`: the indicators that a `feed` token may append to, as `plan/indicator`."""

    id: str
    person_id: str
    label: str
    scopes: frozenset[str]
    feeds: frozenset[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None

    def may_feed(self, plan: str, indicator: str) -> bool:
        """Whether it may append to this indicator."""
        return "feed" in self.scopes and f"{plan}/{indicator}" in self.feeds


@dataclass(frozen=True, slots=True)
class NewToken:
    """What must be said of a new token."""

    person_id: str
    label: str
    scopes: frozenset[str]
    expires_at: datetime
    feeds: frozenset[str] = frozenset()


class Tokens:
    """Tokens in the database."""

    def __init__(self, engine: Engine, clock: Clock, chance: Chance) -> None:
        self._engine = engine
        self._clock = clock
        self._chance = chance

    def create(self, new: NewToken, by: str) -> tuple[Token, str]:
        """A token and its secret, which is shown this once. Raises Missing, Invalid or Conflict."""
        now, token_id, secret = self._clock(), self._chance.name(), PREFIX + self._chance.secret()
        label = checked_text(new.label, "label", "用途")
        _check(new, now)
        with writing(self._engine) as link:
            if not row_of(link, new.person_id, lock=True)["active"]:
                raise Conflict("这个人员已停用", where="person", remedy="先启用，或换一个人员")
            values = {"label": label, "scopes": sorted(new.scopes), "feeds": sorted(new.feeds)}
            link.execute(
                insert(tokens).values(
                    id=token_id,
                    digest=digest(secret),
                    person_id=new.person_id,
                    created_at=now,
                    expires_at=new.expires_at,
                    **values,
                )
            )
            until = new.expires_at.isoformat()
            record(link, now, by, "token.created", token_id, person=new.person_id, expires_at=until, **values)
            return _token(link.execute(select(tokens).where(tokens.c.id == token_id)).mappings().one()), secret

    def find(self, link: Connection, secret: str) -> Token | None:
        """The token of a secret, while it is good."""
        row = link.execute(select(tokens).where(tokens.c.digest == digest(secret))).mappings().one_or_none()
        good = row is not None and row["revoked_at"] is None and self._clock() < row["expires_at"]
        return _token(row) if row is not None and good else None

    def touch(self, token: Token) -> None:
        """Note it as used, once a minute at most; not where the store cannot."""
        now = self._clock()
        if token.used_at is None or now - token.used_at >= TOUCH:
            with suppress(StoreUnavailable), writing(self._engine) as link:
                link.execute(update(tokens).where(tokens.c.id == token.id).values(used_at=now))

    def listed(self, person_id: str | None = None) -> list[Token]:
        """All tokens, of a person or of everybody, newest first; ended ones too."""
        query = select(tokens).order_by(tokens.c.created_at.desc(), tokens.c.id)
        if person_id is not None:
            query = query.where(tokens.c.person_id == person_id)
        with reading(self._engine) as link:
            return [_token(row) for row in link.execute(query).mappings()]

    def get(self, token_id: str) -> Token:
        """One token. Raises Missing."""
        with reading(self._engine) as link:
            row = link.execute(select(tokens).where(tokens.c.id == token_id)).mappings().one_or_none()
        if row is None:
            raise _missing()
        return _token(row)

    def revoke(self, token_id: str, by: str) -> None:
        """End a token. Raises Missing where none stands."""
        now = self._clock()
        with writing(self._engine) as link:
            standing = (tokens.c.id == token_id, tokens.c.revoked_at.is_(None))
            if link.execute(update(tokens).where(*standing).values(revoked_at=now)).rowcount != 1:
                raise _missing()
            record(link, now, by, "token.revoked", token_id)


def _check(new: NewToken, now: datetime) -> None:
    if not new.scopes:
        raise Invalid("令牌至少要有一个范围", where="scopes", remedy=_known(SCOPES))
    if unknown := new.scopes - SCOPES.keys():
        raise Invalid(
            f"令牌没有范围“{'、'.join(sorted(unknown))}”；签发只能由人登录后进行", where="scopes", remedy=_known(SCOPES)
        )
    if ("feed" in new.scopes) != bool(new.feeds):
        raise Invalid("feed 范围和它的指标要同时给出", where="feeds", remedy="写成 预案id/指标id，如 某预案/aqi_hourly")
    for feed in new.feeds:
        if feed.count("/") != 1 or not all(feed.split("/")) or len(feed) > 200 or not feed.isprintable():
            raise Invalid(f"指标“{feed}”写得不对", where="feeds", remedy="写成 预案id/指标id")
    if not now < new.expires_at <= now + LONGEST:
        raise Invalid("令牌的截止时间要在将来，至多两年", where="expires_at", remedy="改正截止时间")


def _known(names: dict[str, str]) -> str:
    return "可用：" + "、".join(f"{key}（{label}）" for key, label in names.items())


def _missing() -> Missing:
    return Missing("没有这个令牌，或已经撤销", where="token", remedy="见 GET /api/v1/tokens")


def _token(row: RowMapping) -> Token:
    return Token(
        id=row["id"],
        person_id=row["person_id"],
        label=row["label"],
        scopes=frozenset(row["scopes"]),
        feeds=frozenset(row["feeds"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        used_at=row["used_at"],
    )
