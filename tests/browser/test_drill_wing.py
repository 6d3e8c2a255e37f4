"""A drill in the browser: the live office's screens over another office, in a dress that nobody takes for the live one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from engine.trigger.facts import CHINA
from tests.browser.axe import CONTRAST, violations
from tests.browser.office import POLLUTION, AtBrowser, DutyOffice, Source

pytestmark = pytest.mark.browser
BASE = "/drill/winter"


@pytest.fixture
def drilling(offices: Source, browser: Browser, tmp_path: Path) -> Iterator[DutyOffice]:
    made = DutyOffice(offices, browser, tmp_path, drill=True)
    yield made
    made.close()


class AtDrill(AtBrowser):
    """Somebody at the drill: the interface is the drill's, but for the session."""

    def opened_there(self) -> str:
        csrf = self.get("/session")["csrf"]
        body = {"report": "能见度下降", "source": "导调", "plans": [POLLUTION]}
        answer = self.page.request.post(f"{BASE}/api/v1/incidents", data=body, headers={"X-CSRF-Token": csrf})
        assert answer.status == 201, answer.text()
        return str(answer.json()["incident"])

    def shown(self) -> datetime:
        """What the exercise's clock shows."""
        text = self.page.evaluate("() => window.yuan.now().toISOString()")
        return datetime.fromisoformat(text).astimezone(CHINA)


def test_a_fact_entered_in_a_drill_changes_its_screen_and_not_the_live_office(drilling: DutyOffice) -> None:
    live = drilling.sit_down("night")
    officer = drilling.sit_down("officer", f"{BASE}/incidents", AtDrill)
    assert isinstance(officer, AtDrill)
    incident = officer.opened_there()
    officer.go(f"{BASE}/incidents/{incident}")

    expect(officer.page).to_have_title(re.compile(r"^\[推演\] .*采暖期前综合演练"))
    expect(officer.page.locator("header")).to_contain_text("不通知任何单位")
    expect(officer.page.locator(".rail")).to_have_text("事件".join(("推演", "待签任务日志复盘回实况")))
    officer.enter("导调", {"AQI日均值>200": "80"})
    officer.sees("橙色")
    expect(officer.page.locator(".rail .count")).to_have_text("1")
    sockets = [one for one in officer.requests if one.startswith("ws")]
    assert sockets and all(f"{BASE}/_nicegui_ws/" in one for one in sockets)

    expect(live.page.locator(".rail .count")).to_have_count(0)
    assert live.get("/incidents")["incidents"] == []
    live.go(f"/incidents/{incident}")
    live.sees("没有事件")


def test_a_decision_in_a_drill_says_so_and_is_signed_there(drilling: DutyOffice) -> None:
    vice = drilling.sit_down("vice", f"{BASE}/incidents", AtDrill)
    assert isinstance(vice, AtDrill)
    incident = vice.opened_there()
    vice.go(f"{BASE}/incidents/{incident}")
    vice.enter("导调", {"AQI日均值>200": "80"})
    vice.open_proposal()
    vice.choose("橙色")
    expect(vice.page.locator("[data-effect-button]")).to_contain_text("（推演）")
    vice.sign("橙色", "橙色")
    vice.signed()
    assert vice.page.url.startswith(drilling.address + BASE)


def test_the_exercises_clock_runs_faster_stands_and_goes_on(drilling: DutyOffice, tmp_path: Path) -> None:
    officer = drilling.sit_down("officer", f"{BASE}/incidents", AtDrill)
    assert isinstance(officer, AtDrill)
    page = officer.page
    expect(page.locator('[data-panel="pulse"]')).to_have_text("进行中 · 60 倍速")
    began = officer.shown()
    page.wait_for_function("began => window.yuan.now() - new Date(began) > 90e3", arg=began.isoformat())

    (tmp_path / "clock.stop").touch()
    expect(page.locator('[data-panel="pulse"]')).to_have_text("已暂停 · 60 倍速")
    stands = officer.shown()
    page.wait_for_timeout(300)
    assert officer.shown() == stands
    expect(page.locator("[data-clock]")).to_contain_text(f"{stands:%H:%M}")
    expect(page.locator("[data-elapsed]")).to_have_text(re.compile(r"^T\+(\d+ 小时 )?\d+ 分$"))

    (tmp_path / "clock.stop").unlink()
    expect(page.locator('[data-panel="pulse"]')).to_have_text("进行中 · 60 倍速")
    page.wait_for_function("stands => window.yuan.now() > new Date(stands)", arg=stands.isoformat())


def test_a_drill_is_legible_in_both_themes(drilling: DutyOffice) -> None:
    officer = drilling.sit_down("officer", f"{BASE}/incidents", AtDrill)
    assert isinstance(officer, AtDrill)
    incident = officer.opened_there()
    for path in ("/incidents", f"/incidents/{incident}", "/sign", f"/print/incident/{incident}"):
        officer.go(f"{BASE}{path}")
        assert violations(officer.page) == []
        officer.page.evaluate("() => document.body.classList.remove('body--dark')")
        assert violations(officer.page, CONTRAST) == []


def test_what_is_the_live_offices_is_left_to_it(drilling: DutyOffice) -> None:
    officer = drilling.sit_down("officer", f"{BASE}/incidents", AtDrill)
    officer.page.goto(f"{BASE}/people")
    expect(officer.page.locator("h1")).to_have_text("推演中不办理这一项")
    officer.page.get_by_role("link", name="回推演").click()
    officer.ready()
    officer.page.get_by_role("link", name="回实况").click()
    officer.page.wait_for_url(f"{drilling.address}/")
    officer.ready()
    expect(officer.page.locator(".drill")).to_have_count(0)
