"""A shift without a mouse: facts by keyboard alone, every key of the help, and nothing that a single key signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from api.console.frame import KEYS
from tests.browser.office import FIRE, POLLUTION, AtBrowser, DutyOffice

pytestmark = pytest.mark.browser
MOUSE = """
for (const kind of ["mousedown", "pointerdown", "touchstart", "wheel"])
  window.addEventListener(kind, () => sessionStorage.setItem("mouse", "used"), true);
"""
FEW = 12
"""Keys besides the text itself: pick, take, go on, send."""


class Keyboard(AtBrowser):
    """Somebody whose mouse is broken."""

    pressed = 0

    def keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def focused(self, selector: str) -> None:
        expect(self.page.locator(f"{selector}:focus")).to_have_count(1)

    def arrives(self, path: str | re.Pattern[str]) -> None:
        self.page.wait_for_url(path)
        self.ready()


Sits = Callable[[str], Keyboard]


@pytest.fixture
def sits(office: DutyOffice) -> Iterator[Sits]:
    """People who never touch the mouse."""
    seated: list[Keyboard] = []

    def sit(login: str) -> Keyboard:
        one = office.sit_down(login, kind=Keyboard)
        assert isinstance(one, Keyboard)
        one.page.context.add_init_script(MOUSE)
        seated.append(one)
        return one

    yield sit
    for one in seated:
        assert one.page.evaluate("() => sessionStorage.getItem('mouse')") is None


def test_a_fact_is_entered_with_few_keys(sits: Sits) -> None:
    officer = sits("first")
    incident = officer.opened(FIRE)
    officer.go(f"/incidents/{incident}")
    officer.pressed = 0
    officer.keys("n")
    officer.focused("[data-pick]")
    officer.type("森林火灾死亡")
    officer.keys("Enter")
    officer.focused("[data-field] [data-value]")
    officer.type("3")
    officer.keys("Tab")
    officer.focused("[data-entry] [name=source]")
    officer.type("县医院电话")
    officer.keys("Enter")
    officer.recorded()
    officer.sees("3人", "县医院电话", within="事实")
    assert officer.pressed <= FEW

    # the next one is asked for at once, its source is remembered
    officer.focused("[data-pick]")
    officer.type("受害森林面积")
    officer.keys("Enter")
    officer.type("≥12")
    officer.keys("Enter")
    officer.recorded()
    officer.sees("至少12公顷", within="事实")


def test_a_first_report_needs_no_mouse(sits: Sits) -> None:
    officer = sits("officer")
    officer.keys("n")
    officer.arrives("**/new")
    officer.focused("[name=report]")
    officer.type("城东冒黑烟，有焦糊味")
    officer.keys("Tab")
    officer.type("市民电话")
    officer.keys("Enter")
    officer.arrives("**/new/*-*")
    officer.sees("城东冒黑烟，有焦糊味", "市民电话")
    officer.focused("[data-filter]")


def test_every_key_of_the_help_does_what_it_says(office: DutyOffice, sits: Sits) -> None:
    officer = sits("officer")
    page, dialogs = officer.page, {name: officer.page.locator(f"dialog#{name}") for name in ("help", "search")}
    other = officer.opened(POLLUTION)
    incident = officer.opened(POLLUTION, aqi_above_200_duration=80)
    vice = office.sit_down("vice")
    body = {"plan": POLLUTION, "scale": "warning", "level": "orange", "post": "主管副市长", "proposal": "P1"}
    assert vice.post(f"/incidents/{incident}/decisions", body).ok
    assert {key for key, _ in KEYS} == {"N", "A", "D", "S", "R", "1–9", "/", "?", "Esc"}

    officer.go("/")
    officer.keys("?")
    expect(dialogs["help"]).to_be_visible()
    for key, words in KEYS:
        expect(dialogs["help"]).to_contain_text(words)
        expect(dialogs["help"].locator("kbd", has_text=key).first).to_be_visible()
    officer.keys("Escape")
    expect(dialogs["help"]).to_be_hidden()

    officer.keys("/")
    expect(dialogs["search"]).to_be_visible()
    officer.focused("dialog#search input")
    officer.type("初报ns1")
    officer.keys("Escape")
    expect(dialogs["search"]).to_be_hidden()
    officer.keys("/")
    expect(dialogs["search"].locator("input")).to_have_value("初报ns1")
    for _ in range(3):
        officer.keys("Backspace")
    officer.keys("Enter")
    officer.arrives("**/search?q=*")
    officer.sees("初报")

    officer.go("/")
    officer.keys("s")
    officer.arrives("**/sign")
    officer.go("/")
    officer.keys("1")
    officer.arrives(f"**/incidents/{other}")
    officer.go("/")
    officer.keys("2")
    officer.arrives(f"**/incidents/{incident}")
    officer.go("/")
    officer.keys("d")
    officer.arrives(f"**/incidents/{incident}#*")

    officer.go(f"/incidents/{incident}")
    officer.keys("n")
    officer.focused("[data-pick]")
    officer.type("二氧化硫")
    officer.keys("Escape", "Escape")
    expect(page.locator("[data-entry] [data-pick]")).to_have_value("二氧化硫")
    seen = []
    for _ in range(2):
        officer.keys("d")
        officer.focused("[data-shortcut=d]")
        seen.append(page.evaluate("() => document.activeElement.closest('[data-row]').id"))
    assert seen[0] != seen[1]
    officer.keys("r")
    officer.focused(".rests details[open] > summary")
    fresh = page.locator("[data-shortcut=a]")
    waiting = fresh.count()
    first = page.locator("[data-row]", has=fresh).first.get_attribute("id")
    officer.keys("a")
    expect(page.locator(f'[id="{first}"]')).to_contain_text("已确认")
    expect(fresh).to_have_count(waiting - 1)
    assert officer.kinds(incident).count("duty_marked") == 1


def test_no_single_key_signs(office: DutyOffice, sits: Sits) -> None:
    incident = office.sit_down("officer").opened(POLLUTION, aqi_above_200_duration=80)
    officer = sits("vice")
    page, sent = officer.page, list[str]()
    page.context.on("request", lambda request: sent.append(request.url) if request.method != "GET" else None)
    start = f"/sign/{incident}/P1"
    for path in (start, "/sign"):
        officer.go(path)
        for key in (*"abcdefghijklmnopqrstuvwxyz0123456789/?. ", "Enter", "Escape", "F2", "Delete"):
            officer.keys(key)
            if not page.url.endswith(path):
                officer.ready()
                officer.go(path)
            elif page.locator("dialog[open]").count():
                officer.keys("Escape")
    assert [url for url in sent if "/api/" in url] == []
    assert "decided" not in officer.kinds(incident)

    # with a level chosen and its word half typed, Enter does nothing yet
    officer.go(start)
    page.locator("form#decision input[value=orange]").focus()
    officer.keys(" ")
    page.locator("[data-confirm]").focus()
    officer.type("橙")
    officer.keys("Enter")
    expect(page.locator("[data-effect-button]")).to_be_disabled()
    officer.type("色")
    expect(page.locator("[data-effect-button]")).to_be_enabled()
    assert "decided" not in officer.kinds(incident)
    officer.keys("Tab", "Enter")
    officer.signed()
    assert officer.kinds(incident).count("decided") == 1
