"""Every screen visited by every role: what a role may not see is refused with words and a remedy; nothing breaks."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.screens import EVERYTHING, ROLES, SIGNERS, WORK, Evening, Watched, settled

pytestmark = pytest.mark.browser
REFUSED = re.compile(r'class="yuan refused"><h1>(.+?)</h1><p>(.+?)</p>')
COUNTY = "xianzhiban1"
REFUSALS = r"status of (403|404)"
"""What the browser itself writes into its log of a page that is refused, in words, with its status."""


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_its_screens_and_is_refused_the_others(demo: Evening, role: str) -> None:
    visitor = demo.login(ROLES[role])
    for one in demo.screens():
        status, page = visitor.page(one.path)
        elsewhere = role in WORK and one.name == "incident-fire"
        assert status == (200 if role in one.roles else 403), one
        if role not in one.roles:
            assert REFUSED.findall(page) == [("您的角色不能看这一屏", "需要别的角色，请管理员授予")], one
        elif one.name == "person" and role == "observer":
            assert "没有这个人员" in page
        elif not elsewhere:
            assert "data-path" in page or one.name == "assess", one
            assert not REFUSED.search(page), one


def test_what_belongs_to_another_place_is_as_if_it_were_not_there(demo: Evening) -> None:
    county = demo.login(COUNTY)
    for one in demo.screens():
        if not re.search(r"\d{8}-\d{3}", one.path):
            continue
        page = county.page(one.path)[1]
        there = one.name == "incident-fire"
        assert ("没有事件" in page) != there, one
        assert ("检查事件的编号" in page) != there, one


ODD = (
    ("/incidents/NOPE", "没有事件“NOPE”", "检查事件的编号"),
    ("/incidents/<b>x", "没有事件“", "检查事件的编号"),
    ("/new/NOPE", "没有事件“NOPE”", "检查事件的编号"),
    ("/watches/NOPE", "没有事件“NOPE”", "检查事件的编号"),
    ("/incidents/NOPE/what-if", "没有事件“NOPE”", "检查事件的编号"),
    ("/print/incident/NOPE", "没有事件“NOPE”", "检查事件的编号"),
    ("/print/duties/NOPE", "没有事件“NOPE”", "检查事件的编号"),
    ("/sign/NOPE/P1", "没有事件“NOPE”", "检查事件的编号"),
    ("/sign/NOPE/a/b/new", "没有事件“NOPE”", "检查事件的编号"),
    ("/plans/none", "没有预案“none”", "从“预案”一屏选"),
    ("/plans/none/assess", "没有预案“none”", "从“预案”一屏选"),
    ("/plans/shuozhou-heavy-pollution?version=zz", "没有版本“zz”", "可用："),
    ("/people/none", "没有这个人员", "从“用户”一屏选"),
    ("/handover/none", "没有这次交接班", "见交接班列表"),
    ("/no-such-screen", "没有这个地址", "见 /docs 列出的地址"),
)


@pytest.mark.parametrize(("path", "words", "remedy"), ODD)
def test_an_address_that_leads_nowhere_says_so_and_what_to_do(demo: Evening, path: str, words: str, remedy: str) -> None:
    status, page = demo.everything().page(path)
    assert status in (200, 404)
    assert words in page
    assert remedy in page


@pytest.mark.parametrize(
    "path",
    [
        "/duties?view={x}&state={x}&text={x}",
        "/journal?kind={x}&by={x}&q={x}&before=abc&after=-1",
        "/journal?before=99999999999999999999999",
        "/search?q={x}",
        "/incidents?before=abc&status={x}&plan={x}&q={x}",
        "/incidents?after=99999999999999999999",
        "/handover?place={x}",
        "/contacts?place={x}",
        "/plans/shuozhou-heavy-pollution?part={x}&incident={x}",
        "/status?verify={x}",
        "/new?text={x}",
        "/sign?x={x}",
    ],
)
def test_a_hostile_query_breaks_nothing(demo: Evening, path: str) -> None:
    hostile = "<script>alert(1)</script>\"'"
    status, text = demo.everything().get(path.replace("{x}", quote(hostile)))
    assert status == 200
    assert "<script>alert(1)" not in text


def test_in_a_browser_no_role_meets_an_error(browser: Browser, demo: Evening) -> None:
    """The screens that look different to them; test_axe visits every screen as one who sees all, and watches the browser's log."""
    for login in (ROLES["observer"], ROLES["admin"], SIGNERS[0]):
        with Watched(demo.context(browser, login), REFUSALS) as page:
            for one in demo.screens():
                if one.name in ("overview", "incident-pollution", "decision", "people", "status"):
                    settled(page, demo.address + one.path)
                    assert page.locator("[data-panel=error]:not(:empty)").count() == 0, one


@pytest.mark.long
@pytest.mark.parametrize("login", [*ROLES.values(), *SIGNERS, EVERYTHING])
def test_in_a_browser_every_screen_opens_for_everybody(browser: Browser, demo: Evening, login: str) -> None:
    with Watched(demo.context(browser, login), REFUSALS) as page:
        for one in demo.screens():
            settled(page, demo.address + one.path)
            expect(page.locator(".yuan, .console").first).to_be_visible()


def test_who_is_not_logged_in_is_led_to_the_login_and_back(browser: Browser, demo: Evening) -> None:
    with Watched(browser.new_context(locale="zh-CN")) as page:
        page.goto(f"{demo.address}/duties")
        expect(page).to_have_url(f"{demo.address}/login?next=/duties")
        page.get_by_role("textbox", name="登录名").fill("guancha")
        page.get_by_label("密码", exact=True).fill("yuan-yanshi")
        page.get_by_role("button", name="登录").click()
        expect(page).to_have_url(f"{demo.address}/duties")
