"""The journal: incidents, entries, plan texts, the counter of positions."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER entries_kept BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END",
        "CREATE TRIGGER entries_never_deleted BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION entries_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'entries are append-only'; END $$",
        "CREATE TRIGGER entries_kept BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION entries_append_only()",
        "CREATE TRIGGER entries_never_emptied BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION entries_append_only()",
    ),
}


def upgrade() -> None:
    """The tables, what keeps the entries append-only, the one row of the counter, and the id of this store."""
    meta = op.create_table(
        "meta",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    counter = op.create_table(
        "counter",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_counter"),
        sa.CheckConstraint("id = 1", name="ck_counter_one_row"),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("jurisdiction", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("opened_at", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("head_seq", sa.Integer, nullable=False),
        sa.Column("head_hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sa.UniqueConstraint("position", name="uq_incidents_position"),
    )
    op.create_index("ix_incidents_status", "incidents", ["status", "position"])
    op.create_table(
        "entries",
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("incident", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("incident", "seq", name="pk_entries"),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name="fk_entries_incident"),
        sa.UniqueConstraint("position", name="uq_entries_position"),
        sa.UniqueConstraint("incident", "key", "n", name="uq_entries_incident"),
    )
    op.create_table(
        "plan_texts",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("common", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_plan_texts"),
    )
    op.bulk_insert(counter, [{"id": 1, "position": 0}])
    op.bulk_insert(meta, [{"name": "instance", "value": str(uuid.uuid4())}])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
