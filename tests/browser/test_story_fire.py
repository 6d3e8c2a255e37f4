"""The forest fire story at the console: an area and nothing else, then deaths, the county's response, and the change of shift."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.office import FIRE, FIRE_PLAN, DutyOffice

pytestmark = pytest.mark.browser
LOOKED_AGAIN = 30_000
"""Milliseconds: a hand-over that is not signed by both is in no journal, and is seen when the screen next looks by itself."""


def test_a_forest_fire_whose_first_report_knows_only_the_area_and_a_shift_that_changes_hands(office: DutyOffice) -> None:
    first = office.sit_down("first")
    page = first.page

    # only the area is known: the plan applies, worse is still possible
    incident = first.report("台怀镇后山冒烟。有村民看见明火", "村民电话", "台怀镇")
    first.sees("台怀镇后山冒烟", "已记下，编号")
    page.locator("input[type=search][data-filter]").fill("受害森林面积")
    page.get_by_label("受害森林面积").fill("12")
    verdict = first.panel("哪些预案适用").locator(f'[data-key="{FIRE}"]')
    expect(verdict.locator(".inverse")).to_have_text("适用")
    expect(verdict).to_contain_text("较大")
    expect(verdict.locator(".rung.possible").first).to_be_visible()
    expect(verdict).to_contain_text("先问：")
    first.press(f"启用《{FIRE_PLAN}》")
    expect(page.get_by_label("这些事实的来源")).to_have_value("村民电话")
    first.press("记入 1 项事实，打开事件")
    page.wait_for_url(f"**/incidents/{incident}")
    first.ready()
    first.sees("受害森林面积", "12公顷", "村民电话", "未知 · 从未报告", within="事实")
    assessed = first.panel("研判")
    expect(assessed).to_contain_text("还可能：Ⅱ级（重大）、Ⅰ级（特别重大）")
    expect(assessed.locator(".ask")).to_contain_text("森林火灾死亡人数")
    proposals = first.panel("建议").locator("article.advice")
    expect(proposals).to_have_count(2)
    expect(proposals.nth(0)).to_contain_text("Ⅲ 较大")
    expect(proposals.nth(1)).to_contain_text("县级")

    # deaths come in
    first.enter("县医院电话", {"森林火灾死亡": "12"})
    expect(first.panel("建议")).to_contain_text("Ⅱ 重大")
    expect(assessed).to_contain_text("还可能：Ⅰ级（特别重大）")
    first.sees("12人", "县医院电话", within="事实")

    # the county's response is signed by the head of the county
    head = office.sit_down("head", f"/incidents/{incident}")
    county = head.panel("建议").locator("article.advice").filter(has=head.page.locator('.badge:has-text("县级")'))
    expect(county).to_contain_text("等您以")
    county.get_by_role("link", name="打开待签件").click()
    head.page.wait_for_url("**/sign/*/*")
    head.ready()
    expect(head.page.locator("h1.effect")).to_contain_text("分级响应")
    head.sees("森林火灾死亡人数", "12人", "县医院电话", within="为什么")
    head.sign("县级", "县级")
    head.signed()
    expect(page.locator('[data-panel="head"]')).to_contain_text("县级")
    expect(first.panel("任务")).to_contain_text("县")

    # the change of shift, signed by both
    office.later(hours=1)
    second = office.sit_down("second", "/handover")
    first.go("/handover")
    page.get_by_label("交班给").select_option("县值班员乙")
    first.sees("台怀镇后山冒烟", "重大", "县值班员甲", within="要交代的")
    first.press("按此刻的情况作成交接单")
    waiting = second.panel("待签的交接班")
    expect(waiting).to_contain_text("县值班员甲 交给 县值班员乙", timeout=LOOKED_AGAIN)
    expect(waiting).to_contain_text("未签，请本人登录后签")
    first.press("签交班")
    expect(waiting).to_contain_text("已签", timeout=LOOKED_AGAIN)
    head.go("/handover")
    expect(head.panel("待签的交接班").get_by_role("button")).to_have_count(0)
    assert first.get("/handovers")[0]["signed"] is False
    second.press("签接班")
    for one in (first, second):
        expect(one.panel("以前的交接班")).to_contain_text("县值班员甲 交给 县值班员乙", timeout=LOOKED_AGAIN)
    second.go(f"/incidents/{incident}")
    expect(second.page.locator('[data-panel="head"]')).to_contain_text("负责 县值班员乙")
    second.sees("县值班员甲交班给县值班员乙，双方已签", within="值班日志")
