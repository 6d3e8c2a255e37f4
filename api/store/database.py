"""The connection to SQLite or PostgreSQL: durable commits, one writer at a time, errors in our own words."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from api.settings import BadSetting, Settings
from api.store.failure import StoreUnavailable, speaking

PATIENCE = 10.0
"""Seconds that a writer waits for its turn."""
LOOKS = 20
"""How often a new SQLite connection asks for the write-ahead log before it gives up."""
POSTGRES_SESSION = """
    SELECT set_config('lock_timeout', %s, false),
           set_config('idle_in_transaction_session_timeout', '60s', false),
           set_config('tcp_keepalives_idle', '30', false),
           set_config('tcp_keepalives_interval', '10', false),
           set_config('tcp_keepalives_count', '3', false),
           CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', false) END
"""
"""Commits are durable whatever the server's default is; a process that stands still or whose machine is gone frees what it holds."""


def database_url(settings: Settings) -> URL:
    """Where the store is: `YUAN_DATABASE_URL`, or `yuan.db` in the data folder. Raises BadSetting."""
    if settings.database_url is None:
        return URL.create("sqlite", database=str(settings.data_dir.expanduser().resolve() / "yuan.db"))
    remedy = "写成 postgresql://用户:口令@主机/库 或 sqlite:////绝对/路径/yuan.db"
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        raise BadSetting("数据库地址写得不对", where="YUAN_DATABASE_URL", remedy=remedy) from None
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite") or url.database in (None, "", ":memory:"):
        raise BadSetting(f"不支持数据库 {url.render_as_string()}", where="YUAN_DATABASE_URL", remedy=remedy)
    return url


def connect(url: URL, patience: float = PATIENCE) -> Engine:
    """An engine on a database as it stands. Makes the folder of an SQLite file. Raises StoreUnavailable."""
    if url.get_backend_name() == "sqlite":
        return _connect_sqlite(url, patience)
    settings = {"connect_timeout": 10, "application_name": "yuan", "keepalives_idle": 30, "tcp_user_timeout": 60_000}
    connect_args = {name: value for name, value in settings.items() if name not in url.query}
    engine = create_engine(url, pool_pre_ping=True, connect_args=connect_args)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: ConnectionPoolEntry) -> None:
        try:
            connection.autocommit = True
            connection.execute(POSTGRES_SESSION, [f"{int(patience * 1000)}ms"])
            connection.autocommit = False
        except BaseException:
            connection.close()
            raise

    return engine


def connect_to_read(url: URL) -> Engine:
    """An engine whose every connection the database itself lets only read, on a store that stands. Raises StoreUnavailable."""
    engine = connect(url)
    sqlite = url.get_backend_name() == "sqlite"

    @event.listens_for(engine, "connect")
    def forbid_writing(connection: Any, _: ConnectionPoolEntry) -> None:
        if sqlite:
            connection.execute("PRAGMA query_only = ON")
            return
        connection.autocommit = True
        connection.execute("SELECT set_config('default_transaction_read_only', 'on', false)")
        connection.autocommit = False

    return engine


def _connect_sqlite(url: URL, patience: float) -> Engine:
    """The file is made here and never again: one that vanishes from under a running process is missed, not replaced."""
    path = Path(str(url.database))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise StoreUnavailable(
            f"建立不了数据文件：{error.strerror}", where=str(path), remedy="检查权限，或用 YUAN_DATA_DIR 换一个文件夹"
        ) from None

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=patience, check_same_thread=False)

    def remember(connection: Any, record: ConnectionPoolEntry) -> None:
        _prepare_sqlite(connection)
        record.info["file"] = _identity(path)

    def miss(connection: Any, record: ConnectionPoolEntry, proxy: Any) -> None:
        if _identity(path) != record.info["file"]:
            raise DisconnectionError

    engine = create_engine(url, creator=opened, pool_pre_ping=True)
    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", miss)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at this path; in WAL mode SQLite itself goes on writing to one that was moved or deleted."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _prepare_sqlite(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    for left in range(LOOKS, 0, -1):
        try:
            if connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",):
                return
        except sqlite3.OperationalError:  # another process is making this very change, and SQLite does not wait for it
            if left == 1:
                raise
        time.sleep(0.05)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: committed to disk at the end, or nothing of it. Raises StoreUnavailable."""
    with speaking(), engine.execution_options(writes=True).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One snapshot of the store, the same from the first question to the last. Raises StoreUnavailable."""
    with speaking(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
