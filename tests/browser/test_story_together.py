"""Two people at one decision: who came first is told to the other; a proposal that facts overtake can no longer be signed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.office import POLLUTION, AtBrowser, DutyOffice

pytestmark = pytest.mark.browser


def at_the_form(one: AtBrowser, incident: str) -> None:
    """The proposal is read, and all but signed."""
    one.go(f"/sign/{incident}/P1")
    one.choose("橙色")
    one.page.locator("form#decision [data-confirm]").fill("橙色")
    expect(one.page.locator("[data-effect-button]")).to_be_enabled()


def dead(one: AtBrowser) -> None:
    """The form cannot be used any more."""
    form = one.page.locator("form#decision")
    expect(form).to_have_class("decision-form stopped")
    assert form.evaluate("form => form.inert")


def test_the_second_of_two_who_sign_sees_who_decided_what_and_when(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    incident = officer.opened(POLLUTION, aqi_above_200_duration=80)
    vice, second = office.sit_down("vice"), office.sit_down("vice2")
    for one in (vice, second):
        at_the_form(one, incident)
    held: list[Route] = []
    second.page.route("**/decisions", lambda route: held.append(route))  # noqa: PLW0108 -- playwright marks the function
    with second.page.expect_request("**/decisions"):
        second.page.locator("[data-effect-button]").click()

    vice.page.locator("[data-effect-button]").click()
    vice.signed()
    at = f"{office.now:%H:%M}"
    held[0].continue_()
    ended = second.page.locator('[data-panel="ended"]')
    expect(ended).to_contain_text("已经签过，这一页不能再签")
    expect(ended).to_contain_text("主管副市长副市长丁签发：预警级别橙色，按建议")
    expect(ended).to_contain_text(at[:3])
    expect(second.page.locator("form#decision [data-said]")).to_contain_text("主管副市长（副市长丁）已于 12-20 20:0")
    dead(second)
    assert officer.kinds(incident).count("decided") == 1


def test_a_proposal_overtaken_while_it_is_signed_stops_the_form_and_says_by_which_facts(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    incident = officer.opened(POLLUTION, aqi_above_200_duration=80)
    vice = office.sit_down("vice")
    at_the_form(vice, incident)
    vice.page.locator("form#decision [name=reason]").fill("按预报")
    officer.go(f"/incidents/{incident}")
    officer.enter("监测预报组", {"二氧化硫小时浓度的最大值": "900"})
    ended = vice.page.locator('[data-panel="ended"]')
    expect(ended).to_contain_text("已被更新的事实取代，这一页不能再签")
    expect(ended).to_contain_text("值班员甲")
    expect(ended).to_contain_text("900微克/立方米")
    dead(vice)
    vice.page.keyboard.press("Enter")
    vice.page.get_by_role("link", name="看现在的建议 P2").click()
    vice.page.wait_for_url("**/sign/*/P2")
    vice.ready()
    red = vice.page.locator("label.choice").filter(has=vice.page.locator('.badge:has-text("红色")'))
    expect(red).to_contain_text("您不能签")
    expect(red).to_contain_text("市长")
    expect(red.locator("input")).to_be_disabled()
    assert "decided" not in officer.kinds(incident)
