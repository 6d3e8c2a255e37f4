"""No screen, dark or light, has a serious or critical violation of WCAG 2 A or AA."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import CONTRAST, prune, violations
from tests.browser.screens import EVERYTHING, Evening, Watched, settled

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("part", range(4))
def test_every_screen_in_both_themes(browser: Browser, demo: Evening, part: int) -> None:
    """All rules in the dark theme; colours, which alone differ, in the light one too."""
    found = {}
    with Watched(demo.context(browser, EVERYTHING)) as page:
        for one in demo.screens()[part::4]:
            settled(page, demo.address + one.path)
            assert page.locator("main, [role=main]").count() == 1, one
            prune(page)
            found[one.name, "dark"] = violations(page)
            page.evaluate("() => { localStorage.setItem('yuan-light', 'on'); document.body.classList.remove('body--dark'); }")
            if one.name != "assess":
                assert page.locator("body.body--dark").count() == 0
            found[one.name, "light"] = violations(page, CONTRAST)
            page.evaluate("() => localStorage.setItem('yuan-light', 'off')")
    assert {where: said for where, said in found.items() if said} == {}


def test_the_login_page_in_both_themes(browser: Browser, demo: Evening) -> None:
    for light in ("on", "off"):
        context = browser.new_context(locale="zh-CN")
        context.add_init_script(f"localStorage.setItem('yuan-light', '{light}')")
        with Watched(context) as page:
            page.goto(f"{demo.address}/login")
            assert violations(page) == []


@pytest.mark.long
def test_every_dialog(browser: Browser, demo: Evening) -> None:
    found = {}
    with Watched(demo.context(browser, EVERYTHING)) as page:
        for one in demo.screens():
            settled(page, demo.address + one.path)
            for number in range(page.locator("dialog").count()):
                name = page.evaluate(
                    "n => { const one = document.querySelectorAll('dialog')[n]; one.showModal(); one.dataset.axe = ''; return one.id; }",
                    number,
                )
                found[one.name, name] = violations(page, context="dialog[data-axe]")
                page.evaluate(
                    "() => { const one = document.querySelector('dialog[data-axe]'); one.close(); delete one.dataset.axe; }"
                )
    assert {where: said for where, said in found.items() if said} == {}


@pytest.mark.long
def test_every_row_of_every_screen_in_both_themes_and_large_type(browser: Browser, demo: Evening) -> None:
    found = {}
    for light, large in ((False, True), (True, False), (True, True)):
        with Watched(demo.context(browser, EVERYTHING, light=light, large=large)) as page:
            for one in demo.screens():
                settled(page, demo.address + one.path)
                found[one.name, light, large] = violations(page)
    assert {where: said for where, said in found.items() if said} == {}
