"""Wrong input on every form: the error says what and what to do, stands at the form, and nothing of what was typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screens import EVERYTHING, Evening, Watched, settled

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"
LONG = HOSTILE * 1500
REFUSALS = r"Failed to load resource: the server responded with a status of 4"
SCREENS = ("report", "incident-pollution", "people", "person", "watches", "watch")
FILL = """([number, text]) => {
  const form = document.querySelectorAll('form[data-url]')[number];
  const texts = [...form.elements].filter(one => ['INPUT', 'TEXTAREA'].includes(one.tagName) && !one.disabled &&
    !['hidden', 'checkbox', 'radio', 'file', 'submit', 'button', 'date', 'datetime-local', 'password'].includes(one.type));
  for (const one of form.elements) {
    if (one.tagName === 'SELECT' && !one.value) { const first = [...one.options].find(other => other.value); if (first) one.value = first.value; }
    if (one.type === 'datetime-local') one.value = '2026-11-22T10:00';
  }
  for (const one of texts) { one.value = text; one.dispatchEvent(new Event('input', {bubbles: true})); }
  const button = form.querySelector('button[type=submit]');
  const closed = !button || button.disabled;
  if (texts.length && !closed) { form.querySelector('[data-said]').textContent = ''; form.requestSubmit(button); }
  return texts.length && !closed ? texts.length : 0;
}"""
HELD = """([number, length]) => {
  const form = document.querySelectorAll('form[data-url]')[number];
  const said = form.querySelector('[data-said]');
  return [said.className, said.textContent, [...form.elements].filter(one => (one.value ?? '').length === length).length];
}"""


def said_of(page: Page, number: int, length: int) -> Any:
    page.wait_for_function(
        "n => document.querySelectorAll('form[data-url]')[n].querySelector('[data-said]').textContent", arg=number
    )
    return page.evaluate(HELD, [number, length])


def test_what_is_too_long_or_hostile_is_refused_at_every_form_and_kept(browser: Browser, demo: Evening) -> None:
    """Every text field of every form holds far too much, all of it markup."""
    tried = 0
    with Watched(demo.context(browser, EVERYTHING), REFUSALS) as page:
        for one in demo.screens():
            if one.name not in SCREENS:
                continue
            settled(page, demo.address + one.path)
            for number in range(page.locator("form[data-url]").count()):
                filled = page.evaluate(FILL, [number, LONG])
                if not filled:
                    continue
                kind, said, kept = said_of(page, number, len(LONG))
                assert kind == "said error", (one.name, number, said)
                assert re.search(r"太长。改短后再发|先选|没有这个地址|超过|写|填", said), (one.name, number, said)
                assert "/docs" not in said and "<" not in said, said
                assert kept >= 1, (one.name, number)
                tried += 1
                page.evaluate("() => sessionStorage.clear()")
        assert page.evaluate("() => window.hacked") is None
    assert tried >= 12


def test_nothing_can_be_sent_empty(browser: Browser, demo: Evening) -> None:
    """A form that needs something has its button off, or the browser names the field; none is sent."""
    sent: list[str] = []
    with Watched(demo.context(browser, EVERYTHING), REFUSALS) as page:
        page.on(
            "request", lambda request: sent.append(request.url) if request.method == "POST" and "/api/" in request.url else None
        )
        for name in ("report", "incident-pollution", "people", "watches"):
            one = next(shown for shown in demo.screens() if shown.name == name)
            settled(page, demo.address + one.path)
            for number in range(page.locator("form[data-url]").count()):
                page.evaluate(
                    """n => { const form = document.querySelectorAll('form[data-url]')[n];
                    const needs = [...form.elements].some(one => one.required && !one.value && !one.disabled && !one.closest('[hidden]'));
                    const button = form.querySelector('button[type=submit]'); if (needs && button && !button.disabled) form.requestSubmit(button); }""",
                    number,
                )
    assert sent == []


def test_a_nonsense_value_says_how_to_write_it_and_stays(browser: Browser, demo: Evening) -> None:
    boiler = next(one["id"] for one in demo.everything().ask("/incidents")["incidents"] if one["title"] == "某厂锅炉房爆炸")
    with Watched(demo.context(browser, EVERYTHING), REFUSALS) as page:
        settled(page, f"{demo.address}/incidents/{boiler}")
        entry = page.locator("form[data-entry]")
        page.keyboard.press("n")
        page.keyboard.type("死亡")
        page.keyboard.press("Enter")
        page.keyboard.type("很多人")
        entry.get_by_label("来源").fill("某人")
        page.keyboard.press("Enter")
        said = entry.locator("[data-said]")
        expect(said).to_contain_text("很多人")
        expect(said).to_contain_text("填")
        assert "很多人" in page.evaluate("() => [...document.querySelector('form[data-entry]').elements].map(one => one.value)")
        assert entry.locator("[aria-invalid=true]").count() == 1


def test_hostile_words_are_shown_as_words_everywhere(browser: Browser, demo: Evening) -> None:
    """Accepted as a report: it is somebody's text, and nothing but text on every screen."""
    with Watched(demo.context(browser, EVERYTHING), REFUSALS) as page:
        settled(page, f"{demo.address}/new")
        page.get_by_label("接到了什么").fill(f"{HOSTILE}来电。")
        page.get_by_label("谁报的").fill(HOSTILE)
        page.get_by_label("地点").fill(HOSTILE)
        page.get_by_label("辖区").select_option("朔州市")
        page.get_by_role("button", name=re.compile("记下")).click()
        page.wait_for_url(re.compile("/new/"))
        incident = page.url.rsplit("/", 1)[1]
        for path in ("/", "/incidents", f"/incidents/{incident}", f"/new/{incident}", "/journal", "/search?q=onerror", "/wall", "/sign", "/handover",
                     f"/print/incident/{incident}"):  # fmt: skip
            settled(page, demo.address + path)
            assert page.evaluate("() => [window.hacked ?? null, document.querySelectorAll('img[src=x]').length]") == [None, 0], (
                path
            )
        expect(page.locator("body")).to_contain_text("<img src=x")
