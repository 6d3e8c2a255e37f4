"""A drill in the browser: who directs it, who takes down, who signs, each at a screen of his own; the live office notices nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import CONTRAST, violations
from tests.browser.office import POLLUTION_PLAN, AtBrowser, DutyOffice

pytestmark = pytest.mark.browser


def begin(director: AtBrowser, level: str) -> str:
    """A drill that the engine writes from the plan; its address."""
    page = director.page
    director.go("/drills")
    assert page.locator("select[name=generate]").input_value() == ""
    assert page.locator("[name=scenario]:checked").count() == 0
    option = page.locator(f'optgroup[label="{POLLUTION_PLAN}"] option', has_text=level).first
    page.locator("select[name=generate]").select_option(value=option.get_attribute("value"))
    director.press("开始推演", within="两分钟开始")
    page.wait_for_url("**/drill/*/")
    director.ready()
    return page.url.removeprefix(director.office.address).rstrip("/")


def cast(director: AtBrowser, person: str, part: str) -> None:
    place = director.panel("参演人员")
    if not place.get_by_role("button", name="派定").is_visible():
        place.locator("summary").click()
    place.get_by_label("谁").select_option(label=person)
    place.get_by_role("checkbox", name=part).check()
    place.get_by_role("button", name="派定").click()
    expect(place.locator("tr", has_text=part)).to_contain_text(person)


def clock(director: AtBrowser, words: str) -> None:
    """The clock says so, and what was pressed before has been answered: a key finds its button again."""
    expect(director.page.locator('[data-panel="pulse"]')).to_contain_text(words)
    expect(director.page.locator('[data-panel="transport"] [data-shortcut=" "]')).to_be_enabled()


def test_a_drill_with_its_director_an_officer_and_a_signer(office: DutyOffice) -> None:
    live = office.sit_down("officer")
    director = office.sit_down("leader")
    page = director.page
    base = begin(director, "橙色")
    clock(director, "已暂停")
    director.sees("0/", within="情景注入")
    director.sees("剧本代演", within="参演人员")
    cast(director, "值班员乙", "值班员")
    cast(director, "副市长丁", "推演甲")

    night, vice = office.sit_down("night", f"{base}/"), office.sit_down("vice", f"{base}/")
    night.sees("您以值班员", within="我在推演里")
    night.sees("还没有注入", within="情景注入")
    expect(night.page.get_by_role("button", name="播放")).to_have_count(0)
    expect(vice.page.locator("header")).to_contain_text("主管副市长")

    page.keyboard.press("ArrowRight")
    director.sees("1/", "✓ 已给出", within="情景注入")
    night.sees("已给出 1 个", within="情景注入")
    page.keyboard.press("ArrowRight")
    director.sees("2/", within="情景注入")
    expect(vice.page.locator(".rail .count")).to_have_text("1")

    night.page.get_by_role("link", name="看事件、记事实").click()
    night.ready()
    night.enter("监测预报组", {"二氧化硫小时浓度的最大值": "300"})
    vice.page.get_by_role("link", name="我的待签").click()
    vice.ready()
    vice.page.locator('main a[href*="/sign/"]').first.click()
    vice.page.wait_for_url("**/sign/*/*")
    vice.ready()
    vice.sign("黄色", "黄色")
    vice.signed()
    assert vice.page.url.startswith(office.address + base)
    expect(page.locator(".drill-line .level.yellow").first).to_be_visible()

    page.keyboard.press("Space")
    clock(director, "进行中 · 60 倍速")
    page.wait_for_function("() => document.querySelector('[data-elapsed]').textContent !== 'T+45 分'")
    page.keyboard.press("Space")
    clock(director, "已暂停")

    page.keyboard.press("ArrowLeft")
    expect(page.locator("#drill-branch")).to_be_visible()
    page.locator("#drill-branch [name=changes]").fill("第二次，快一些")
    page.get_by_role("button", name="另开分支（推演）").click()
    page.wait_for_url(lambda url: url.endswith("-2/"))
    director.ready()
    director.sees("甲 预警级别", "乙 预警级别", "同甲", within="时间线")
    director.sees("甲 → 乙", "逐条相同", "谁签发", within="分支差异")
    director.sees("第二次，快一些", "与甲对比", within="分支")
    assert violations(page) == []
    page.evaluate("() => document.body.classList.remove('body--dark')")
    assert violations(page, CONTRAST) == []
    for given in (2, 3):
        director.press("到下一注入")
        director.sees(f"{given}/", within="情景注入")
    director.sees("第一处不同", "主管副市长 T+0:45", within="分支差异")
    page.keyboard.press("Space")  # the clock's, though a button was clicked last
    clock(director, "进行中")
    page.keyboard.press("Space")
    clock(director, "已暂停")
    director.sees("3/", within="情景注入")

    page.get_by_role("link", name="复盘").click()
    director.ready()
    director.sees("推演还在进行", within="总评")
    director.press("结束推演")
    director.sees("推演已结束", within="结束推演")
    director.panel("加一个问题").locator("summary").click()
    director.panel("加一个问题").get_by_label("发现了什么").fill("电话占线")
    director.press("加入问题清单")
    director.panel("问题清单").locator("li", has_text="电话占线").locator("summary").click()
    issue = director.panel("问题清单").locator("li", has_text="电话占线").locator("form")
    issue.get_by_label("谁来改").select_option(label="值班员乙")
    issue.get_by_label("何时改好").fill("2027-01-31")
    issue.get_by_label("改到哪一步").select_option(label="整改中")
    issue.get_by_role("button", name="记下").click()
    director.sees("值班员乙 · 2027-01-31 前", within="问题清单")
    with page.expect_download() as download:
        page.get_by_role("link", name="评估报告（网页）").click()
    assert download.value.suggested_filename.startswith("[推演]评估报告")

    expect(live.page.locator(".rail .count")).to_have_count(0)
    assert live.get("/incidents")["incidents"] == []
    live.go("/drills")
    live.sees(re.sub(r"^/drill/|-1$", "", base), "已结束", "复盘", within="推演记录")
