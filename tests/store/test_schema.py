"""The migrations make exactly the tables that the code knows."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from api.store.contents import tables
from api.store.database import reading
from api.store.tables import metadata


def test_the_migrations_make_the_tables_of_the_code(engine: Engine) -> None:
    names = tables()
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection, {"compare_type": True}), metadata) == []
        assert set(inspect(connection).get_table_names()) == {*names, "alembic_version"}
