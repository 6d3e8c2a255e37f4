"""Screens that stay true while people work at them: facts of others, a lost line, a server that starts again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from api.console.screens import SCREENS
from tests.browser.office import POLLUTION, AtBrowser, DutyOffice

pytestmark = pytest.mark.browser
HERE = """() => {
  const one = document.activeElement, panel = document.querySelector(".facts-panel");
  return { same: one === window.yuanHeld, value: one.value, caret: one.selectionStart, end: one.selectionEnd,
           page: window.scrollY, work: document.querySelector("#work").scrollTop, panel: panel.scrollTop };
}"""


def place(one: AtBrowser) -> dict[str, Any]:
    """Where the focus, the caret and the scrolls are."""
    found: dict[str, Any] = one.page.evaluate(HERE)
    return found


@pytest.mark.long
def test_a_fact_entered_on_one_screen_appears_on_all_others(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    incident = officer.opened(POLLUTION)
    officer.go(f"/incidents/{incident}")
    others = {path: office.sit_down(login, path) for login, path in (
        ("night", f"/incidents/{incident}"), ("vice", "/"), ("vice2", "/sign"), ("leader", "/journal"), ("watcher", "/wall"),
    )}  # fmt: skip
    officer.enter("监测预报组", {"AQI日均值>200": "80"})
    for path, one in others.items():
        expect(one.page.locator("body")).to_contain_text("80小时" if path.startswith(("/inc", "/journal")) else "橙色")
    expect(others["/sign"].page.get_by_role("link", name="看后签")).to_be_visible()


def test_typing_is_not_disturbed_by_facts_that_arrive(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    incident = officer.opened(POLLUTION, aqi_above_200_duration=80)
    night = office.sit_down("night", f"/incidents/{incident}")
    page, source = night.page, "县环保站王站长电话"
    fold = page.locator(".facts-panel details summary").last
    fold.click()
    page.evaluate(
        "() => { window.scrollTo(0, 120); document.querySelector('#work').scrollTop = 120; document.querySelector('.facts-panel').scrollTop = 60; }"
    )
    field = night.pick("二氧化硫小时浓度的最大值")
    field.locator("[data-value]").fill("6")
    page.locator("[data-entry] [name=source]").focus()
    page.keyboard.type("环保站电话")
    page.keyboard.press("Home")
    page.keyboard.type("县")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.type("王站长")
    page.evaluate(
        "() => { window.yuanHeld = document.activeElement; getSelection(); document.activeElement.setSelectionRange(2, 4); }"
    )
    before = place(night)
    assert (before["same"], before["value"]) == (True, "县环保站王站长电话")
    for hours in range(81, 87):
        officer.tell(incident, aqi_above_200_duration=hours)
        night.sees(f"{hours}小时", within="事实")
        assert place(night) == before
    expect(page.locator(".facts-panel details[open] summary").last).to_be_visible()
    page.evaluate("() => document.activeElement.setSelectionRange(9, 9)")
    for n, letter in enumerate("转局长"):
        officer.tell(incident, aqi_above_200_duration=90 + n)
        page.keyboard.type(letter)
        night.sees(f"{90 + n}小时", within="事实")
    assert place(night)["value"] == f"{source}转局长"
    field.locator("[data-value]").focus()
    page.keyboard.press("End")
    page.keyboard.type("00")
    page.keyboard.press("Enter")
    night.recorded()
    officer.go(f"/incidents/{incident}")
    officer.sees("600微克/立方米", f"{source}转局长", within="事实")


def test_a_dialog_that_is_being_filled_in_stays_as_it_is(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    incident = officer.opened(POLLUTION)
    night = office.sit_down("night", f"/incidents/{incident}")
    night.press("值班记录")
    dialog = night.page.locator("dialog#note")
    dialog.get_by_label("记什么").focus()
    night.page.keyboard.type("市长来电，")
    officer.tell(incident, aqi_above_200_duration=80)
    night.sees("Ⅱ 橙色", within="建议")
    night.page.keyboard.type("问何时发布")
    expect(dialog.get_by_label("记什么")).to_have_value("市长来电，问何时发布")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="记下").click()
    expect(dialog).to_be_hidden()
    officer.go(f"/incidents/{incident}")
    officer.sees("市长来电，问何时发布", within="值班日志")


def test_a_server_that_stops_is_noticed_what_is_typed_is_kept_and_what_is_sent_arrives_once(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    incident = officer.opened(POLLUTION)
    officer.go(f"/incidents/{incident}")
    officer.line_may_fail = True
    page = officer.page
    line = page.locator("[data-line]")
    expect(line).to_be_hidden()
    field = officer.pick("AQI日均值>200")
    office.kill()
    expect(line).to_contain_text("未连接；最后同步")
    expect(line).to_contain_text("可继续记")
    expect(page.locator("footer [data-linked]")).to_have_text("未连接")
    expect(page.locator("#popup")).not_to_be_visible()

    field.locator("[data-value]").fill("80")
    page.locator("[data-entry] [name=source]").fill("监测预报组")
    page.locator("[data-entry] button[type=submit]").click()
    expect(page.locator("[data-entry] [data-said]")).to_have_text("未连接：已排队，连上后自动发送")
    expect(line).to_contain_text("1 条排队")
    entered = office.now
    night_field = officer.pick("二氧化硫小时浓度的最大值")
    night_field.locator("[data-value]").fill("1")
    page.keyboard.type("2")

    office.start()
    expect(line).to_be_hidden(timeout=30_000)
    officer.ready()
    officer.sees("80小时", within="事实")
    officer.sees("Ⅱ 橙色", within="建议")
    assert officer.kinds(incident).count("fact_observed") == 1
    (fact,) = [one for one in officer.get(f"/incidents/{incident}/journal")["entries"] if one["kind"] == "fact_observed"]
    assert fact["body"]["observed_at"][:16] == f"{entered:%Y-%m-%dT%H:%M}"
    expect(page.locator("[data-entry] fieldset:not([hidden]) [data-value]")).to_have_value("12")

    # and the page that came back is live
    office.sit_down("night").tell(incident, so2_hourly_max=900)
    officer.sees("900微克/立方米", within="事实")


def test_what_was_recorded_without_an_answer_is_sent_again_and_recorded_once(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    incident = officer.opened(POLLUTION)
    officer.go(f"/incidents/{incident}")
    officer.line_may_fail = True

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    officer.page.route("**/facts", lose, times=1)
    officer.pick("AQI日均值>200").locator("[data-value]").fill("80")
    officer.page.locator("[data-entry] [name=source]").fill("监测预报组")
    officer.page.locator("[data-entry] button[type=submit]").click()
    expect(officer.page.locator("[data-entry] [data-said]")).to_contain_text("已排队")
    with officer.page.expect_response("**/facts") as sent:
        officer.page.evaluate("() => window.dispatchEvent(new Event('online'))")
    assert sent.value.ok
    expect(officer.page.locator("[data-line]")).to_be_hidden()
    officer.sees("80小时", within="事实")
    assert officer.kinds(incident).count("fact_observed") == 1


def test_several_facts_without_a_line_wait_in_their_order(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    incident = officer.opened(POLLUTION)
    officer.go(f"/incidents/{incident}")
    officer.line_may_fail = True
    page = officer.page
    page.context.set_offline(True)
    for n, hours in enumerate(("50", "75", "99"), start=1):
        officer.pick("AQI日均值>200").locator("[data-value]").fill(hours)
        page.locator("[data-entry] [name=source]").fill("监测预报组")
        page.locator("[data-entry] button[type=submit]").click()
        expect(page.locator("[data-line]")).to_contain_text(f"{n} 条排队")
    expect(page.locator("[data-line]")).to_contain_text("未连接")
    page.context.set_offline(False)
    expect(page.locator("[data-line]")).to_be_hidden(timeout=30_000)
    officer.sees("99小时", within="事实")
    told = [one["words"] for one in officer.get(f"/incidents/{incident}/journal")["entries"] if one["kind"] == "fact_observed"]
    assert [words.split("：")[1].split("（")[0] for words in told] == ["50小时", "75小时", "99小时"]


def test_whoever_logs_in_anew_in_another_tab_goes_on_in_this_one(office: DutyOffice) -> None:
    officer, night = office.sit_down("officer"), office.sit_down("night")
    incident = officer.opened(POLLUTION)
    officer.go(f"/incidents/{incident}")
    officer.pick("AQI日均值>200").locator("[data-value]").fill("80")
    with officer.page.expect_event("load"):
        officer.log_in()
        night.tell(incident, so2_hourly_max=100)
    officer.ready()
    expect(officer.page.locator("[data-entry] fieldset:not([hidden]) [data-value]")).to_have_value("80")
    officer.page.locator("[data-entry] [name=source]").fill("监测预报组")
    officer.page.locator("[data-entry] button[type=submit]").click()
    officer.sees("80小时", "100微克/立方米", within="事实")


def test_a_form_sent_in_the_moment_after_a_new_login_is_sent_with_it(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    incident = officer.opened(POLLUTION)
    officer.go(f"/incidents/{incident}")
    officer.pick("AQI日均值>200").locator("[data-value]").fill("80")
    officer.page.locator("[data-entry] [name=source]").fill("监测预报组")
    officer.log_in()
    with officer.page.expect_response(lambda answer: answer.url.endswith("/facts") and answer.ok):
        officer.page.locator("[data-entry] button[type=submit]").click()
    officer.sees("80小时", within="事实")
    assert officer.kinds(incident).count("fact_observed") == 1


def test_what_one_person_typed_is_never_sent_as_another(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    incident = officer.opened(POLLUTION)
    officer.go(f"/incidents/{incident}")
    field = officer.pick("AQI日均值>200")
    field.locator("[data-value]").fill("80")
    officer.page.locator("[data-entry] [name=source]").fill("监测预报组")
    officer.login = "night"
    officer.log_in()
    officer.page.evaluate("() => document.querySelector('[data-entry]').requestSubmit()")
    officer.tell(incident, so2_hourly_max=100)
    expect(officer.page.locator("header .person b")).to_have_text("值班员乙")
    officer.ready()
    expect(officer.page.locator("[data-entry] [data-pick]")).to_have_value("")
    officer.sees("100微克/立方米", within="事实")
    assert officer.kinds(incident).count("fact_observed") == 1


@pytest.mark.long
def test_no_screen_asks_anything_of_another_machine(office: DutyOffice) -> None:
    officer, night = office.sit_down("officer"), office.sit_down("night")
    incident = officer.opened(POLLUTION, aqi_above_200_duration=80)
    watch = officer.post("/watches", {"title": "空气质量", "plans": [POLLUTION]}).json()["incident"]
    handover = officer.post("/handovers", {"to_person": night.get("/session")["person"]["id"]}).json()["id"]
    person = officer.get("/session")["person"]["id"]
    for kind in SCREENS:
        path = kind.path.format(
            incident_id=watch if kind.path.startswith("/watches") else incident, proposal_id="P1", plan_id=POLLUTION, plan=POLLUTION,
            scale="warning", handover_id=handover, person_id=person,
        )  # fmt: skip
        officer.requests.clear()
        officer.go(path)
        officer.page.evaluate("() => document.fonts.ready")
        assert officer.page.locator(f'.yuan[data-path="{kind.path}"]').count(), path
        assert any(one.endswith("/console.js") for one in officer.requests)
        assert officer.abroad == []
    officer.page.goto("/login")
    assert officer.abroad == []
