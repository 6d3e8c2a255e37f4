"""What can go wrong with the store, in words that an official can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from engine.incident.chain import Entry
from engine.plan.finding import YuanError

RESEND = "已确认的记录都在；没有得到确认的，恢复后用同一个幂等键重发"


class StoreUnavailable(YuanError):
    """The store cannot serve now: gone, full, locked, not writable, or of another release. Nothing was recorded halfway."""

    code = "store-unavailable"


class StoreDamaged(YuanError):
    """What is stored, or a file that was to be read in, is not what was once sealed."""

    code = "store-damaged"


class Conflict(YuanError):
    """Others were faster: `came` holds the entries recorded since the number that the caller had seen, oldest first."""

    code = "conflict"

    def __init__(self, incident: str, came: tuple[Entry, ...]) -> None:
        said = "；".join(f"{one.at:%Y-%m-%d %H:%M:%S} {one.by} 记下第{one.seq}条（{one.kind}）" for one in came[:5])
        more = f"；共{len(came)}条" if len(came) > 5 else ""
        super().__init__(
            f"在此期间已有新的记录：{said}{more}" if came else "这个事件的记录不是所说的状态",
            where=incident,
            remedy="看过新的记录后再操作",
        )
        self.incident = incident
        self.came = came


class KeyReused(YuanError):
    """An idempotency key that stands for another command already."""

    code = "key-reused"


class NoIncident(YuanError):
    """An incident that the store does not have."""

    code = "no-incident"


class BadText(YuanError):
    """Text that cannot be stored: a NUL character, or half of a surrogate pair."""

    code = "bad-input"


SQLITE = {
    sqlite3.SQLITE_FULL: ("磁盘或数据库已满，这一条没有记下", f"腾出空间；{RESEND}"),
    sqlite3.SQLITE_BUSY: ("数据库被占用太久，这一条没有记下", f"稍候再试；{RESEND}"),
    sqlite3.SQLITE_LOCKED: ("数据库被占用太久，这一条没有记下", f"稍候再试；{RESEND}"),
    sqlite3.SQLITE_CANTOPEN: ("打不开数据库文件", "检查数据文件夹（YUAN_DATA_DIR）还在，并且可以读写"),
    sqlite3.SQLITE_READONLY: ("数据库文件不可写", "检查数据文件夹（YUAN_DATA_DIR）的权限和磁盘"),
    sqlite3.SQLITE_PERM: ("数据库文件不可读写", "检查数据文件夹（YUAN_DATA_DIR）的权限"),
    sqlite3.SQLITE_IOERR: ("读写数据库文件出错", "检查磁盘；必要时用 yuan restore 恢复备份"),
}
POSTGRES = {
    "53100": ("数据库服务器的磁盘已满，这一条没有记下", f"腾出空间；{RESEND}"),
    "53300": ("数据库的连接已用完", "稍候再试，或提高 max_connections"),
    "55P03": ("数据库被占用太久，这一条没有记下", f"稍候再试；{RESEND}"),
    "57014": ("数据库回答太慢，操作已取消", f"稍候再试；{RESEND}"),
    "40P01": ("数据库忙，操作已取消", f"稍候再试；{RESEND}"),
    "40001": ("数据库忙，操作已取消", f"稍候再试；{RESEND}"),
    "25006": ("数据库是只读的（可能是备机）", "检查 YUAN_DATABASE_URL 是否指向主库"),
    "28P01": ("数据库拒绝这个用户或口令", "改正 YUAN_DATABASE_URL"),
    "28000": ("数据库拒绝这个用户", "改正 YUAN_DATABASE_URL"),
    "3D000": ("没有这个数据库", "建立它，或改正 YUAN_DATABASE_URL"),
    "42P01": ("数据库缺少表", "重新启动 Yuan，启动时会建表"),
}
GONE = ("连不上数据库", f"检查数据库是否在运行、YUAN_DATABASE_URL 是否正确；{RESEND}")


@contextmanager
def speaking() -> Iterator[None]:
    """Turn a driver's errors into ours. Errors of our own making (a broken constraint, a wrong statement) pass as they are."""
    try:
        yield
    except SQLAlchemyError as error:
        ours = _ours(error)
        if ours is None:
            raise
        raise ours from error
    except UnicodeEncodeError:
        raise _bad_text() from None


def busy() -> StoreUnavailable:
    """Too many want the store at once."""
    return StoreUnavailable("同时使用数据库的请求太多", remedy=f"稍候再试；{RESEND}")


def _bad_text() -> BadText:
    return BadText("文字里有不能保存的字符", remedy="去掉不可见的控制字符和残缺的表情符号")


def _ours(error: SQLAlchemyError) -> YuanError | None:
    if isinstance(error, PoolTimeout):
        return busy()
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error.orig)
    return _of_postgres(error)


def _of_sqlite(error: sqlite3.Error) -> YuanError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "Could not decode" in str(error):
        return StoreDamaged("数据库文件已损坏", remedy="用 yuan journal verify 找出坏处，用 yuan restore 恢复备份")
    found = POSTGRES["42P01"] if "no such table" in str(error) else SQLITE.get(code)
    return None if found is None else StoreUnavailable(found[0], remedy=found[1])


def _of_postgres(error: DBAPIError) -> YuanError | None:
    state = getattr(error.orig, "sqlstate", None)
    found = POSTGRES.get(state or "")
    if isinstance(error, DataError):
        return _bad_text()
    if found is None:
        operational = type(error.orig).__name__ in ("OperationalError", "AdminShutdown", "InterfaceError")
        if not (error.connection_invalidated or (state or "")[:2] in ("08", "57", "58") or (state is None and operational)):
            return None
        found = GONE
    return StoreUnavailable(found[0], remedy=found[1])
