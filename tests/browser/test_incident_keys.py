"""An incident at the browser: the readings by one key, an entry with nothing in it, hours that are only assumed."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.office import EVENING, DutyOffice

POLLUTION = "shuozhou-heavy-pollution"
WEATHER = "shuozhou-meteorological"


def test_one_key_shows_the_readings_that_the_level_depends_on(office: DutyOffice) -> None:
    desk = office.sit_down("officer")
    incident = desk.opened(POLLUTION, aqi_above_200_duration=80, so2_hourly_max=120)
    desk.go(f"/incidents/{incident}")
    folds = desk.page.locator(".rests details")
    assert folds.count() and not desk.page.locator(".rests details[open]").count()
    desk.page.keyboard.press("r")
    expect(desk.page.locator(".rests details[open]").first).to_be_visible()
    assert desk.page.evaluate("document.activeElement.matches('.rests summary')")
    expect(folds.first).to_be_in_viewport()
    desk.page.keyboard.press("?")
    expect(desk.page.locator("#help")).to_contain_text("级别所依的条款解释")
    assert desk.errors == []


def test_an_entry_with_nothing_in_it_is_not_sent(office: DutyOffice) -> None:
    desk = office.sit_down("officer")
    incident = desk.opened(POLLUTION)
    desk.go(f"/incidents/{incident}")
    said = desk.page.locator("[data-entry] [data-said]")
    desk.page.locator("[data-entry] [name=source]").fill("监测预报组")
    desk.page.locator("[data-entry] [name=source]").press("Enter")
    expect(said).to_contain_text("先选一项指标")
    desk.pick("二氧化硫")
    desk.page.locator("[data-entry] button[type=submit]").click()
    expect(said).to_contain_text("还没有填值")
    assert "fact_observed" not in desk.kinds(incident)


def test_counties_are_filled_in_by_arrow_keys_and_what_is_missing_is_said_in_chinese(office: DutyOffice) -> None:
    desk = office.sit_down("officer")
    incident = desk.opened(WEATHER)
    desk.go(f"/incidents/{incident}")
    desk.page.keyboard.press("n")
    desk.page.keyboard.type("各县")
    desk.page.keyboard.press("Enter")
    cell = "() => document.activeElement.getAttribute('aria-label')"
    first = desk.page.evaluate(cell)
    for key, typed in (("ArrowRight", "12"), ("ArrowDown", "34"), ("ArrowLeft", "5"), ("ArrowUp", "")):
        desk.page.keyboard.type(typed)
        desk.page.keyboard.press(key)
        if key == "ArrowLeft":
            desk.page.keyboard.press("Home")
            desk.page.keyboard.press(key)
    assert desk.page.evaluate(cell) == first
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("[data-entry] [data-said]")).to_have_text("没有发出：“来源”还没有填")
    assert desk.page.evaluate("document.activeElement.name") == "source"
    desk.page.keyboard.type("市气象局")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("[data-entry] [data-said]")).to_contain_text("已记下")
    desk.page.get_by_role("button", name="值班记录", exact=True).click()
    assert desk.page.evaluate("document.activeElement.name") == "text"
    assert desk.errors == []


def test_pasted_hours_are_assumed_and_outlive_a_reload(office: DutyOffice) -> None:
    desk = office.sit_down("officer")
    incident = desk.opened(POLLUTION)
    desk.go(f"/incidents/{incident}/what-if")
    box = desk.page.locator("textarea[name='f.aqi_hourly']")
    desk.page.locator("details.assume").filter(has=box).locator("summary").click()
    box.fill("\n".join(f"{EVENING + timedelta(hours=n):%Y-%m-%d %H:%M}\t420" for n in range(1, 91)))
    shown = desk.panel("实况与假设的差别")
    expect(shown).to_contain_text("90个小时值")
    expect(shown.locator("svg").first).to_be_visible()
    desk.reload()
    expect(shown).to_contain_text("90个小时值")
    expect(box).to_be_visible()
    assert desk.errors == []
