"""The state of the system: what each role sees of it, and the check of the chain."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from sqlalchemy import create_engine, text

from api.console.recent_log import RecentLog
from api.console.screens.status import Status, address
from api.console.visit import Visit
from api.people.person import Person
from api.settings import Settings
from tests.console.small_office import SmallOffice, texts
from tests.desk.setting import eventually


def test_everybody_sees_how_it_stands_and_nobody_but_the_administrator_where(small_office: SmallOffice, tmp_path: Path) -> None:
    small_office.place = replace(small_office.place, settings=Settings(data_dir=tmp_path), tabs=lambda: 3)
    small_office.open()
    seen = small_office.see(Status)
    assert set(seen.panels) == {"store", "chain", "time", "server", "disk", "plans"}
    assert seen.lines("store")[:4] == ["种类", "SQLite（本机文件）", "事件", "1 件在办，共 1 件"]
    assert "3 个（本进程）" in seen.lines("server")
    assert "2026-11-22 03:12:00" in seen.lines("time")
    assert str(tmp_path) not in "".join(seen.panels.values())
    boss = small_office.see(Status, small_office.hire("boss", "admin"))
    assert {"settings", "log"} <= set(boss.panels)
    assert str(tmp_path) in boss.panels["settings"]


def test_a_database_is_named_without_user_and_password() -> None:
    engine = create_engine("postgresql+psycopg://yuan:geheim@db.local:5432/yuan?password=geheim")
    assert address(engine) == "db.local:5432/yuan"


def verified(office: SmallOffice, person: Person) -> list[str]:
    """What the chain's panel says once the check has ended."""
    screen = Status(Visit(office.place, office.staff.session(person), {}, {"verify": "1"}))
    woken: list[bool] = []
    screen.wake = lambda: woken.append(True)
    at_desk = screen.visit.at_desk()
    screen.frame(at_desk)

    def ended() -> bool:
        return bool(woken) and "正在检验" not in screen.panels(at_desk)["chain"]

    eventually(ended)
    return texts(screen.panels(at_desk)["chain"])


def test_the_chain_is_checked_on_demand(small_office: SmallOffice) -> None:
    small_office.open()
    assert verified(small_office, small_office.leader)[0].startswith("✓ 1 个事件、")
    with small_office.office.engine.begin() as link:
        link.execute(text("DROP TRIGGER IF EXISTS entries_never_change"))
        for name in link.execute(text("SELECT name FROM sqlite_master WHERE type='trigger'")).scalars().all():
            link.execute(text(f'DROP TRIGGER "{name}"'))
        link.execute(text("UPDATE entries SET body = replace(body, '被困', '安全') WHERE seq = 1"))
    assert "1 处不符" in verified(small_office, small_office.leader)[0]


def test_who_may_not_check_the_chain_is_told_who_may(small_office: SmallOffice) -> None:
    seen = small_office.see(Status, query={"verify": "1"})
    assert seen.lines("chain") == ["每条记录写下时都带有前一条的校验值。检验全部记录由带班领导或管理员办理。"]


def test_the_last_warnings_are_kept_newest_first() -> None:
    kept, log = RecentLog(2), logging.Logger("a log of this test")
    log.addHandler(kept)
    log.info("nothing")
    log.warning("one %s", "a")
    log.warning("two")
    try:
        raise ValueError("three")
    except ValueError:
        log.exception("failed")
    assert [(one.grave, one.words) for one in kept.listed()] == [(True, "failed：ValueError three"), (False, "two")]
