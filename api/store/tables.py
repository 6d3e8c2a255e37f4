"""The tables of the journal. Every table of Yuan hangs on the one `metadata` here; migrations make them."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the store knows about itself: `instance`, its own id."""

counter = Table(
    "counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""One row: the position of the last entry. Whoever writes entries locks it first, so positions follow the order of commits."""

incidents = Table(
    "incidents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("jurisdiction", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("position", BigInteger, nullable=False, unique=True),
    Column("head_seq", Integer, nullable=False),
    Column("head_hash", Text, nullable=False),
    Index("ix_incidents_status", "status", "position"),
)
"""One row an incident. `position` is that of its first entry: the order of opening. `status` repeats what its entries say, for lists."""

entries = Table(
    "entries",
    metadata,
    Column("position", BigInteger, nullable=False, unique=True),
    Column("incident", Text, ForeignKey("incidents.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("key", Text),
    Column("n", Integer, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("incident", "key", "n"),
)
"""The journal. `at` and `body` are the very texts that were sealed; `n` numbers the entries of one command, 0 where it has no key."""

plan_texts = Table(
    "plan_texts",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("plan", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("common", Text, nullable=False),
)
"""The plan versions that incidents are pinned to. `common` is canonical JSON: the files of units and indexes that it was loaded with."""
