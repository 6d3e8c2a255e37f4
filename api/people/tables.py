"""The tables of people. Moments are stored in UTC; secrets only as hashes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from api.store.tables import metadata


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without its time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment


def _person(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(32), ForeignKey("people.id"), nullable=nullable)


people = Table(
    "people",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("jurisdiction", String(64), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password", String(255), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)
person_posts = Table(
    "person_posts",
    metadata,
    Column("person_id", String(32), ForeignKey("people.id"), primary_key=True),
    Column("post", String(64), primary_key=True),
)
sessions = Table(
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    _person("person_id"),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("ix_sessions_person_id", "person_id"),
)
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    _person("person_id"),
    Column("label", String(64), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("feeds", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("used_at", Moment),
    Index("ix_tokens_person_id", "person_id"),
)
attempts = Table(
    "attempts",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("blocked_until", Moment, nullable=False),
    Index("ix_attempts_last_at", "last_at"),
)
delegations = Table(
    "delegations",
    metadata,
    Column("id", String(32), primary_key=True),
    _person("by_person", nullable=True),
    Column("by_post", String(64)),
    _person("to_person"),
    Column("post", String(64), nullable=False),
    Column("authority", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("revoked_at", Moment),
    Index("ix_delegations_to_person", "to_person"),
)
shifts = Table(
    "shifts",
    metadata,
    Column("id", String(32), primary_key=True),
    _person("person_id"),
    Column("place", String(64), nullable=False),
    Column("jurisdiction", String(64), nullable=False),
    Column("begins", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Index("ix_shifts_begins", "begins"),
)
handovers = Table(
    "handovers",
    metadata,
    Column("id", String(32), primary_key=True),
    _person("from_person"),
    _person("to_person"),
    Column("jurisdiction", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("signed_from_at", Moment),
    Column("signed_to_at", Moment),
    Index("ix_handovers_at", "at"),
)
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("by", String(32), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("detail", JSON, nullable=False),
    Index("ix_audit_at", "at"),
    sqlite_autoincrement=True,
)
"""Append-only: triggers of migration 0002 hold it."""
