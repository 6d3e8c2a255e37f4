"""The schema of the store: brought up to this release when it is opened, refused where it is of a later one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from api.settings import Settings
from api.store.database import connect, database_url, reading, writing
from api.store.failure import StoreUnavailable

MIGRATIONS = Path(__file__).with_name("migrations")
MIGRATING = 0x5975616E
"""The advisory lock under which one process migrates a PostgreSQL database."""


def newest() -> str:
    """The number of the last migration of this release. A migration's file begins with its number, four digits."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def version(connection: Connection) -> str | None:
    """The migration that the database stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def open_store(settings: Settings) -> Engine:
    """The store that the settings name, at this release's schema. Raises StoreUnavailable or BadSetting."""
    engine = connect(database_url(settings))
    migrate(engine)
    return engine


def migrate(engine: Engine, to: str | None = None) -> None:
    """Bring the schema to that of this release (or to migration `to`), in one transaction; other processes wait."""
    goal = to or newest()
    with reading(engine) as connection:
        if _settled(version(connection), goal):
            return
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
        if not _settled(version(connection), goal):
            upgrade(connection, goal)


def _settled(found: str | None, goal: str) -> bool:
    if found is not None and found > newest():
        raise StoreUnavailable(
            f"数据库的版本（{found}）比这一版 Yuan 所知的（{newest()}）新",
            remedy="改用写过它的那一版或更新的 Yuan；或用 YUAN_DATA_DIR、YUAN_DATABASE_URL 指向另一个库",
        )
    return found is not None and found >= goal


def upgrade(connection: Connection, goal: str) -> None:
    """Run the migrations up to `goal` inside the transaction of this connection."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, goal)
