"""The heavy-pollution story at the console, from the forecast to the archive, by four people at their browsers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.office import POLLUTION, POLLUTION_PLAN, AtBrowser, DutyOffice, points

pytestmark = pytest.mark.browser
NOTHING_WORSE = {"区域预警": "无", "会商认为": "无", "二氧化硫小时浓度的最大值": "100", "明显改善": "否"}


def paste(officer: AtBrowser, hours: list[float], back: int) -> None:
    """Hourly values from the forecasters, beginning so many hours ago: drawn at once, then recorded."""
    text = points(officer.office.now - timedelta(hours=back), hours)
    field = officer.pick("城市AQI小时值")
    field.locator("textarea").fill(text)
    expect(field.locator("[data-preview] svg")).to_be_visible()
    officer.page.locator("[data-entry] [name=source]").fill("监测预报组")
    officer.page.locator("[data-entry] button[type=submit]").click()
    officer.recorded()


def test_heavy_pollution_from_the_forecast_to_the_archive(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    vice = office.sit_down("vice")
    page = officer.page

    # the first report, and the plan by what is known
    incident = officer.report("市区能见度下降，空气质量转差", "市生态环境局电话")
    page.locator("input[type=search][data-filter]").fill("AQI日均值>200")
    duration = page.get_by_label("预测AQI日均值>200将持续的时间")
    duration.fill("80")
    verdict = officer.panel("哪些预案适用").locator(f'[data-key="{POLLUTION}"]')
    expect(verdict.locator(".inverse")).to_have_text("适用")
    duration.fill("")
    expect(verdict.locator(".inverse")).to_have_count(0)
    officer.press(f"启用《{POLLUTION_PLAN}》")
    officer.sees("✓ 已启用", within="哪些预案适用")
    page.get_by_role("link", name="打开事件").click()
    page.wait_for_url(f"**/incidents/{incident}")
    officer.ready()
    expect(page.locator('[data-panel="head"]')).to_contain_text("未达级别")

    # the forecast, drawn against the thresholds; orange proposed
    paste(officer, [210] * 24 + [240] * 50, back=23)
    officer.sees("由 主管副市长 签发", "Ⅱ 橙色", within="建议")
    officer.sees("超过 3.2", within="小时序列")
    expect(officer.panel("小时序列").locator("svg")).to_be_visible()
    expect(vice.panel("待签")).to_contain_text("等您签")

    # the duty officer cannot sign, and is told who can
    officer.open_proposal()
    officer.sees("您不能签这一项", "您的职务：值班员", "主管副市长", "副市长丁", within="谁可以签")
    expect(page.locator("form#decision")).to_have_count(0)
    vice.panel("待签").get_by_role("link", name=re.compile("橙色")).click()
    vice.page.wait_for_url("**/sign/**")
    vice.ready()
    effect = vice.page.locator("h1.effect")
    expect(effect).to_contain_text("将以主管副市长签发预警级别橙色，启动响应级别")
    expect(vice.page.locator("[data-effect-button]")).to_be_disabled()
    vice.sign("橙色", "橙色")
    vice.signed()
    officer.sees("已经签过，这一页不能再签", "主管副市长副市长丁签发：预警级别橙色，按建议")

    # the initial report stands on the board with its half hour, is done late, and marked so
    row = officer.get("/deadlines", limit=1)["rows"][0]
    assert row["due"] == {"within": "PT30M"}
    officer.go("/")
    board = officer.panel("时限")
    due = board.locator("li", has=page.locator(f'a[href$="#{row["key"]}"]'))
    expect(board.locator("section", has_text="1 小时内")).to_contain_text(row["action"])
    expect(due).to_contain_text("还剩 29 分")
    office.later(minutes=37)
    expect(board.locator("section", has_text="已逾期")).to_contain_text(row["action"])
    expect(due).to_contain_text("已过 7 分")
    due.get_by_role("link").click()
    page.wait_for_url(f"**/incidents/{incident}#*")
    officer.ready()
    duty = page.locator(f'[id="{row["key"]}"]')
    expect(duty).to_contain_text("已逾期")
    duty.get_by_role("button", name="记进展").click()
    step = page.locator("dialog#step")
    step.get_by_label("完成", exact=False).first.check()
    step.get_by_label("备注").fill("传真已发")
    step.get_by_role("button", name="记下").click()
    expect(step).to_be_hidden()
    expect(duty).to_contain_text("逾期完成")
    expect(duty).to_contain_text("传真已发")

    # worse: red, signed by the mayor
    office.later(hours=2)
    paste(officer, [330] * 100, back=0)
    officer.sees("升至", "Ⅰ 红色", "由 市长 签发", within="建议")
    mayor = office.sit_down("mayor", "/sign")
    mayor.page.get_by_role("link", name="看后签").click()
    mayor.page.wait_for_url("**/sign/*/*")
    mayor.ready()
    mayor.sign("红色", "红色")
    mayor.signed()
    head = page.locator('[data-panel="head"]')
    expect(head).to_contain_text("Ⅰ 红色")
    expect(head).to_contain_text("市长 市长己")

    # better, but for 35 hours only: nothing is proposed, and the hour that is missing is named
    office.later(hours=30)
    officer.enter("监测预报组", NOTHING_WORSE)
    paste(officer, [180] * 22, back=5)
    assessed = officer.panel("研判")
    expect(assessed).to_contain_text("还差1小时")
    officer.sees("没有待签的建议", within="建议")

    # two hours later for 36 hours and more: lowering
    office.later(hours=2)
    paste(officer, [180] * 36 + [140] * 60, back=0)
    officer.sees("降至", "Ⅲ 黄色", "由 市长 签发", within="建议")
    mayor.go("/sign")
    mayor.page.get_by_role("link", name="看后签").click()
    mayor.page.wait_for_url("**/sign/*/*")
    mayor.ready()
    mayor.sign("黄色", "黄色")
    mayor.signed()
    expect(head).to_contain_text("Ⅲ 黄色")

    # it cannot end before the warning is lifted
    leader = office.sit_down("leader", f"/incidents/{incident}")
    end = leader.page.locator("dialog#end")
    leader.page.get_by_text("其他办理").click()
    leader.press("结束事件")
    end.get_by_label("以什么职务").select_option("带班领导")
    end.get_by_label("理由").fill("过程结束")
    end.get_by_role("button", name="结束本事件").click()
    expect(end.locator("[data-said]")).to_contain_text("解除")
    expect(end.get_by_label("理由")).to_have_value("过程结束")

    # lifted
    office.later(hours=20)
    paste(officer, [120] * 57, back=19)
    officer.sees("解除", "由 主管副市长 签发", within="建议")
    vice.go("/sign")
    vice.page.get_by_role("link", name="看后签").click()
    vice.page.wait_for_url("**/sign/*/*")
    vice.ready()
    vice.sign("未达级别", "解除")
    vice.signed()
    expect(head).to_contain_text("未达级别")

    # ended and archived
    leader.page.get_by_text("其他办理").click()
    leader.press("结束事件")
    end.get_by_label("以什么职务").select_option("带班领导")
    end.get_by_label("理由").fill("过程结束，已解除")
    end.get_by_role("button", name="结束本事件").click()
    expect(leader.page.locator('[data-panel="head"]')).to_contain_text("已结束")
    leader.press("归档")
    archive = leader.page.locator("dialog#archive")
    archive.get_by_label("理由").fill("资料齐备")
    archive.get_by_role("button", name="归档").click()
    expect(leader.page.locator('[data-panel="head"]')).to_contain_text("已归档")

    # the journal has it all, and its chain holds
    officer.go(f"/journal?incident={incident}")
    officer.sees(
        "接报登记：市区能见度下降", "主管副市长副市长丁签发：预警级别橙色，按建议", "已完成", "传真已发", "市长市长己签发：预警级别红色，按建议",
        "市长市长己签发：预警级别黄色，按建议", "主管副市长副市长丁签发：解除预警级别", "带班领导结束事件：过程结束，已解除", "归档：资料齐备", within="日志",
    )  # fmt: skip
    officer.press("核对校验链")
    officer.sees("校验链完整")
