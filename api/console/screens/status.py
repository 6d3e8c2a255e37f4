"""系统状态: the store and its chain, plans, connections, ticks, disk, clock, the last errors; for an administrator the settings."""

from __future__ import annotations

import importlib.metadata
import shutil
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Engine

from api.console.demo_parts import removal_form
from api.console.markup import Child, Markup, join, tag
from api.console.parts.words import moment
from api.console.recent_log import RECENT
from api.console.screen import Screen, nothing, panel
from api.console.screens.plans import rejected
from api.http.at_desk import AtDesk
from api.people.clock import CHINA
from api.settings import Settings
from api.store.verification import Verdict, verify
from engine.incident.chain import Entry
from engine.incident.state import Incident
from engine.plan.finding import YuanError

MAY_VERIFY = frozenset({"admin", "leader"})
BACKUPS = "*.jsonl*"
LITTLE = 1_000_000_000
"""Bytes of free disk below which the screen warns."""
SETTINGS = {
    "host": "监听地址（命令行可另给）", "port": "端口（命令行可另给）", "plans_dir": "本单位的预案文件夹", "jurisdiction": "本辖区", "gazettes": "公报文本文件夹",
    "data_dir": "数据文件夹", "tick_every": "推进间隔（秒）",
}  # fmt: skip
"""The settings that are shown. The address of a database may hold a password: it is shown without."""


@dataclass
class Check:
    """A verification under way in its own thread, or its end."""

    begun: datetime
    done: int = 0
    total: int = 0
    verdict: Verdict | None = None
    failed: str | None = None
    took: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Status(Screen):
    """How the system stands. `?verify=1` checks the whole store's chain, for those who may."""

    path: ClassVar[str] = "/status"
    title: ClassVar[str] = "系统状态"
    rail: ClassVar[str | None] = "状态"
    _check: Check | None = None

    def frame(self, at_desk: AtDesk) -> Markup:
        roles = at_desk.caller.actor.roles
        if "verify" in self.visit.query and roles & MAY_VERIFY:
            self._check = Check(at_desk.now)
            work = (self._check, at_desk.desk.journal.engine)
            threading.Thread(target=self._verify, args=work, name="yuan-verify", daemon=True).start()
        admin = "admin" in roles
        return tag(
            "div",
            tag(
                "div",
                panel("store", label="库", heading="库"),
                panel("chain", label="日志链", heading="日志链", live=True),
                panel("disk", label="磁盘和备份", heading="磁盘和备份"),
                class_="stack",
            ),
            tag(
                "div",
                panel("time", label="时间", heading="时间和推进"),
                panel("server", label="服务", heading="服务和连接"),
                panel("settings", label="设置", heading="生效的设置") if admin else None,
                class_="stack",
            ),
            panel("plans", label="预案", heading="预案", classes="wide"),
            panel("log", label="错误", heading="最近的警告和错误", classes="wide") if admin else None,
            removal_form(self.visit.place.office.demo) if admin else None,
            class_="columns status-page",
        )

    def panels(self, at_desk: AtDesk) -> dict[str, Markup]:
        admin = "admin" in at_desk.caller.actor.roles
        settings = self.visit.place.settings
        found = {
            "store": _store(at_desk, admin=admin),
            "chain": self._chain(at_desk),
            "time": self._time(at_desk),
            "server": self._server(at_desk),
            "disk": _disk(at_desk, settings, admin=admin),
            "plans": _plans(at_desk),
        }
        if admin:
            found |= {"settings": _settings(at_desk, settings), "log": _log(at_desk)}
        return found

    def hears(self, entry: Entry, incident: Incident) -> bool:
        return False

    def _verify(self, check: Check, engine: Engine) -> None:
        """In its own thread; the panel follows it."""
        began, told = time.monotonic(), 0.0

        def progress(done: int, total: int) -> None:
            nonlocal told
            check.done, check.total = done, total
            if time.monotonic() - told > 0.5:
                told = time.monotonic()
                self.wake()

        try:
            verdict = verify(engine, None, progress)
            check.took, check.verdict = time.monotonic() - began, verdict
        except YuanError as error:
            check.failed = f"{error.message}。{error.remedy}"
        self.wake()

    def _chain(self, at_desk: AtDesk) -> Markup:
        """The result, or how far it is, or the way to it."""
        check = self._check
        again = tag("a", "检验全部记录" if check is None else "再检验一次", href="/status?verify=1", class_="button")
        if not at_desk.caller.actor.roles & MAY_VERIFY:
            return tag("p", "每条记录写下时都带有前一条的校验值。检验全部记录由带班领导或管理员办理。")
        if check is None:
            return join((tag("p", "每条记录写下时都带有前一条的校验值；检验会逐条重算，找出改动和缺失。"), again))
        if check.failed is not None:
            return join((tag("p", check.failed, class_="inverse"), again))
        if check.verdict is None:
            words = f"正在检验：{check.done} / {check.total or '…'} 条"
            return tag("p", words, tag("progress", value=str(check.done), max=str(max(check.total, 1))))
        return join((_verdict(check.verdict, check, at_desk.now), again))

    def _time(self, at_desk: AtDesk) -> Markup:
        ticker = self.visit.place.office.ticker
        since = ticker.since
        if since is None:
            leads: Child = "由另一进程推进，或还没有开始"
        elif since > 3 * ticker.every + 5:
            leads = tag("b", f"本进程推进，但已 {since:.0f} 秒没有成功", class_="inverse")
        else:
            leads = f"本进程在推进，每 {ticker.every:g} 秒一次"
        return _pairs(
            ("北京时间", f"{at_desk.now.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"),
            ("时区", "东八区（+08:00），各处一律用北京时间"),
            ("本机时钟", tag("span", "—", data_skew=True, data_still=True)),
            ("时限推进", leads),
        )

    def _server(self, at_desk: AtDesk) -> Markup:
        tabs = self.visit.place.tabs
        return _pairs(
            ("版本", version()),
            ("打开的页面", "—" if tabs is None else f"{tabs()} 个（本进程）"),
            ("登录", f"{len(at_desk.people.sessions.standing())} 个"),
            ("实时消息", f"已传到第 {self.visit.place.office.live.position} 条"),
        )


def version() -> str:
    """The release that runs."""
    try:
        return importlib.metadata.version("yuan")
    except importlib.metadata.PackageNotFoundError:
        return "未安装（直接从源码运行）"


def address(engine: Engine) -> str:
    """Where the store is, without user, password and options."""
    url = engine.url
    host = "" if url.host is None else f"{url.host}{'' if url.port is None else f':{url.port}'}/"
    return f"{host}{url.database or ''}"


def _pairs(*rows: tuple[str, Child]) -> Markup:
    return tag("dl", *(join((tag("dt", term), tag("dd", value))) for term, value in rows if value is not None), class_="pairs")


def _store(at_desk: AtDesk, *, admin: bool) -> Markup:
    engine = at_desk.desk.journal.engine
    kind = {"sqlite": "SQLite（本机文件）", "postgresql": "PostgreSQL"}.get(engine.dialect.name, engine.dialect.name)
    listed = at_desk.desk.journal.incidents()
    entries = sum(one.head_seq for one in listed)
    return _pairs(
        ("种类", kind),
        ("位置", address(engine) if admin else None),
        ("事件", f"{sum(one.status == 'open' for one in listed)} 件在办，共 {len(listed)} 件"),
        ("记录", f"{entries} 条"),
        ("最后位置", f"第 {at_desk.desk.journal.position()} 条"),
        ("库的编号", at_desk.desk.journal.instance()),
    )


def _verdict(found: Verdict, check: Check, now: datetime) -> Markup:
    when = f"{moment(check.begun, now)} 检验，用时 {check.took:.1f} 秒"
    if not found.breaks:
        words = f"✓ {found.incidents} 个事件、{found.entries} 条记录，全部与写下时一致"
        return join((tag("p", tag("b", words)), tag("p", when, class_="aside")))
    rows = (tag("li", tag("b", one.incident or "整个库"), f" {one.words}") for one in found.breaks)
    head = f"{found.entries} 条记录中有 {len(found.breaks)} 处不符：停止使用，保留现场，从备份恢复"
    return join((tag("p", head, class_="inverse"), tag("ul", *rows), tag("p", when, class_="aside")))


def _disk(at_desk: AtDesk, settings: Settings | None, *, admin: bool) -> Markup:
    if settings is None:
        return nothing("不知道数据文件夹")
    folder = settings.data_dir.expanduser()
    if not folder.exists():
        return nothing("数据文件夹还没有建立：数据在另一处的数据库里")
    usage = shutil.disk_usage(folder)
    free = f"余 {_size(usage.free)}，共 {_size(usage.total)}"
    used = round(100 * (1 - usage.free / usage.total))
    return join(
        (
            _pairs(
                ("数据", str(folder) if admin else "在服务器上"),
                ("磁盘", tag("b", f"{free}：马上清理", class_="inverse") if usage.free < LITTLE else free),
                ("最近备份", _backup(folder, at_desk.now)),
            ),
            tag("div", tag("div", style=f"width:{used}%"), class_="bar-track", title=f"已用 {used}%"),
        )
    )


def _backup(folder: Path, now: datetime) -> Markup:
    """The newest backup file beside the store; others are where the administrator has put them."""
    found = max((one.stat().st_mtime for one in folder.glob(BACKUPS) if one.is_file()), default=None)
    how = "yuan backup 文件名（不必停止服务；放到另一台机器上）"
    if found is None:
        return tag("span", "数据文件夹里没有备份文件。", tag("div", how, class_="aside"))
    at = datetime.fromtimestamp(found, CHINA)
    return tag("span", moment(at, now), tag("div", how, class_="aside"))


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB"


def _plans(at_desk: AtDesk) -> Markup:
    loaded = at_desk.library.current()
    versions = sum(len(found) for found in loaded.versions.values())
    units = "、".join(f"{place} {len({unit.name for unit in one.by_name.values()})}" for place, one in loaded.units.items())
    words = f"{len(loaded.plans)} 件预案、{versions} 个版本；单位：{units or '没有'}"
    return join((tag("p", words, " ", tag("a", "看预案", href="/plans")), rejected(at_desk.library.rejected)))


def _settings(at_desk: AtDesk, settings: Settings | None) -> Markup:
    if settings is None:
        return nothing("没有设置")
    rows = [
        tag("tr", tag("td", f"YUAN_{key.upper()}"), tag("td", words), tag("td", str(value) if value is not None else "未设置"))
        for key, words in SETTINGS.items()
        for value in (getattr(settings, key),)
    ]
    database = address(at_desk.desk.journal.engine) if settings.database_url else "未设置（用 SQLite）"
    rows.append(tag("tr", tag("td", "YUAN_DATABASE_URL"), tag("td", "数据库（密码不显示）"), tag("td", database)))
    return tag("table", tag("tbody", *rows))


def _log(at_desk: AtDesk) -> Markup:
    rows = [
        tag(
            "tr",
            tag("td", moment(one.at, at_desk.now)),
            tag("td", tag("b", "错误") if one.grave else "警告"),
            tag("td", one.words),
        )
        for one in RECENT.listed()
    ]
    return tag("table", tag("tbody", *rows)) if rows else nothing("本进程启动以来没有警告和错误")
