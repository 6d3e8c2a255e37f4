"""The console: choose a plan, say what is known, read level, reasons, question and duties."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from api.library import library
from tests.browser.machine import Console

pytestmark = pytest.mark.browser

POLLUTION = "朔州市重污染天气应急预案"
FIRE = "五台县森林草原火灾应急预案"
EQUIPMENT = "朔州市特种设备事故应急预案"
WEATHER = "朔州市气象灾害应急预案"


def test_every_plan_can_be_chosen_and_starts_with_nothing_known(console: Console) -> None:
    for plan in library().plans.values():
        if console.page.get_by_label("预案", exact=True).input_value() != plan.id:
            console.choose(plan.title)
        expect(console.page.locator(".banner")).to_have_text("")
        expect(console.page.locator(".count").first).to_contain_text("已知 0")
        assert console.page.locator(".scales .row").count() == len(plan.scales)
        expect(console.conclusion).to_have_text("— 未达级别")


def test_heavy_pollution_gives_level_clause_question_signer_and_duties(console: Console) -> None:
    console.choose(POLLUTION)
    console.type("aqi_above_200_duration", "76")
    console.type("so2_hourly_max", "612")
    expect(console.badge("预警级别")).to_have_text("▲ Ⅱ 橙色")
    expect(console.badge("响应级别")).to_have_text("▲ Ⅱ 二级")
    expect(console.scale("预警级别").locator(".rung.possible")).to_have_text(re.compile("Ⅰ可能"))
    conclusion = console.page.locator(".conclusion")
    expect(conclusion).to_contain_text("3.2.2")
    expect(conclusion).to_contain_text("76小时")
    expect(console.ask).to_contain_text("先问")
    expect(console.ask).to_contain_text("■ Ⅰ 红色")
    expect(console.page.locator(".step.sign")).to_contain_text("主管副市长")
    expect(console.page.locator(".ways")).to_contain_text("还差188微克/立方米以上")
    expect(console.page.locator(".ways")).to_contain_text("再降4小时以上")
    expect(console.duties.locator(".urgent")).to_contain_text("30分钟内")
    expect(console.duties.locator(".urgent")).to_contain_text("4.3")


def test_the_officer_finds_level_question_signer_and_first_duties_without_scrolling(console: Console) -> None:
    console.choose(POLLUTION)
    console.type("aqi_above_200_duration", "76")
    expect(console.badge("响应级别")).to_have_text("▲ Ⅱ 二级")
    for part in (".conclusion .badge", ".because", ".ask .what", ".answers tbody tr", ".step.sign", ".urgent li"):
        box = console.page.locator(part).first.bounding_box()
        assert box is not None and box["y"] >= 0 and box["y"] + box["height"] <= 800, part


def test_forest_fire_gives_levels_without_standard_colours_by_their_word(console: Console) -> None:
    console.choose(FIRE)
    console.type("affected_forest_area", "5")
    expect(console.badge("森林火灾级别")).to_have_text("◆ Ⅲ 较大")
    expect(console.scale("草原火灾级别").locator(".badge")).to_have_text("— 未达级别")
    expect(console.conclusion).to_have_text("县级")
    expect(console.page.locator(".conclusion")).to_contain_text("6.1.2")
    expect(console.page.locator(".step.decide")).to_contain_text("县森防指")
    expect(console.duties).to_contain_text("带领本乡（镇）专业灭火队全体队员")


def test_unknown_is_neither_zero_nor_no(console: Console) -> None:
    console.choose(EQUIPMENT)
    explosion, deaths = console.field("boiler_explosion"), console.field("deaths")
    expect(explosion.get_by_role("radio", name="未知", exact=True)).to_be_checked()
    assert deaths.locator("input.value").get_attribute("placeholder") == "未知"
    assert deaths.locator("input.value").evaluate("one => getComputedStyle(one).borderStyle") == "dashed"
    assert "repeating-linear-gradient" in deaths.locator("input.value").evaluate("one => getComputedStyle(one).backgroundImage")
    console.type("deaths", "0")
    expect(console.page.locator(".count").first).to_have_text("已知 1 · 未知 19")
    assert deaths.locator("input.value").evaluate("one => getComputedStyle(one).borderStyle") == "solid"
    expect(console.badge("事故分级")).to_have_text("— 未达级别")
    expect(console.scale("事故分级").locator(".rung.possible")).to_have_count(4)
    console.say("boiler_explosion", "是")
    expect(console.badge("事故分级")).to_have_text("◆ Ⅲ 较大")
    expect(console.scale("事故分级").locator(".rung.possible")).to_have_count(2)
    console.say("boiler_explosion", "未知")
    expect(console.badge("事故分级")).to_have_text("— 未达级别")
    console.how("deaths", "未知")
    expect(deaths.locator("input.value")).to_have_value("")
    expect(console.page.locator(".count").first).to_have_text("已知 0 · 未知 20")


def test_partial_knowledge_counts(console: Console) -> None:
    console.choose(EQUIPMENT)
    console.how("deaths", "至少")
    console.type("deaths", "10")
    expect(console.badge("事故分级")).to_have_text("▲ Ⅱ 重大")
    expect(console.scale("事故分级").locator(".rung.possible")).to_have_count(1)
    console.field("deaths").locator("input.value").fill("3~9")
    expect(console.field("deaths").locator("select.how")).to_have_value("between")
    expect(console.badge("事故分级")).to_have_text("◆ Ⅲ 较大")


def test_wrong_input_says_so_at_the_field_and_the_rest_still_counts(console: Console) -> None:
    console.choose(EQUIPMENT)
    console.say("boiler_explosion", "是")
    console.type("deaths", "三个")
    deaths = console.field("deaths")
    expect(deaths.locator(".message")).to_contain_text("“三个”不是数")
    expect(deaths.locator("input.value")).to_have_attribute("aria-invalid", "true")
    expect(console.page.locator(".trouble")).to_have_text("填错 1")
    expect(console.badge("事故分级")).to_have_text("◆ Ⅲ 较大")
    deaths.locator("input.value").fill("3.5")
    expect(deaths.locator(".message")).to_contain_text("整数")
    deaths.locator("input.value").fill("１２")
    expect(deaths.locator(".message")).to_have_text("")
    expect(deaths.locator("input.value")).not_to_have_attribute("aria-invalid", "true")
    expect(console.badge("事故分级")).to_have_text("▲ Ⅱ 重大")


def test_money_may_be_written_as_officials_write_it(console: Console) -> None:
    console.choose(EQUIPMENT)
    console.type("direct_economic_loss", "5000万")
    expect(console.badge("事故分级")).to_have_text("▲ Ⅱ 重大")


def test_typing_is_not_disturbed_by_updates(console: Console) -> None:
    console.choose(EQUIPMENT)
    loss = console.field("direct_economic_loss").locator("input.value")
    loss.focus()
    for sign in "12345678":
        console.page.keyboard.type(sign)
        console.page.wait_for_timeout(60)
    expect(loss).to_have_value("12345678")
    expect(loss).to_be_focused()
    console.page.keyboard.press("ArrowLeft")
    console.page.keyboard.type("9")
    expect(console.badge("事故分级")).to_have_text("■ Ⅰ 特别重大")
    expect(loss).to_have_value("123456798")
    assert loss.evaluate("one => one.selectionStart") == 8
    console.page.keyboard.press("Tab")
    expect(console.field("boiler_explosion").locator("input:checked")).to_be_focused()
    console.page.keyboard.press("ArrowRight")
    expect(console.field("boiler_explosion").get_by_role("radio", name="是", exact=True)).to_be_checked()


def test_an_answer_comes_well_within_a_second(console: Console) -> None:
    console.choose(WEATHER)
    for area in ("朔城区", "平鲁区"):
        console.cell("counties.rain_past_24h", area).fill("60")
        console.cell("counties.rain_next_24h", area).fill("60")
    expect(console.badge("暴雨应急响应")).to_have_text("◆ Ⅲ级")
    expect(console.badge("气象灾害应急响应（各灾种中的最高级别）")).to_have_text("◆ Ⅲ级")
    assert int(console.page.locator(".main").get_attribute("data-milliseconds") or "9999") < 1000


def test_a_wrong_cell_is_named_and_the_other_cells_count(console: Console) -> None:
    console.choose(WEATHER)
    for area in ("朔城区", "平鲁区"):
        console.cell("counties.rain_past_24h", area).fill("≥50")
        console.cell("counties.rain_next_24h", area).fill("60")
    console.cell("counties.rain_past_24h", "应县").fill("大")
    expect(console.field("counties.rain_past_24h").locator("xpath=following-sibling::tr[1]")).to_contain_text("应县：“大”不是数")
    expect(console.cell("counties.rain_past_24h", "应县")).to_have_attribute("aria-invalid", "true")
    expect(console.badge("暴雨应急响应")).to_have_text("◆ Ⅲ级")


def test_pasted_series_give_derived_facts_and_bad_lines_are_named(console: Console) -> None:
    console.choose(POLLUTION)
    series = console.field("aqi_hourly")
    series.locator("summary").click()
    rows = [f"2020-12-{20 + hour // 24} {hour % 24:02}:00\t320" for hour in range(96)]
    series.locator("textarea").fill("时间\tAQI\n" + "\n".join(rows))
    expect(series.locator(".state")).to_contain_text("96 点")
    expect(console.field("aqi_above_200_duration").locator(".message")).to_have_text("由序列推得：96小时")
    expect(console.badge("预警级别")).to_have_text("■ Ⅰ 红色")
    rows[1] = "2020-12-20 01:30\t320"
    series.locator("textarea").fill("\n".join(rows))
    expect(series.locator(".message")).to_contain_text("第2行")
    expect(series.locator(".message")).to_contain_text("整点")
    expect(console.badge("预警级别")).to_have_text("— 未达级别")
    expect(series.locator("textarea")).to_have_value(re.compile("01:30\t320"))


def test_all_else_normal_and_clear(console: Console) -> None:
    console.choose(EQUIPMENT)
    console.say("boiler_explosion", "是")
    console.page.get_by_role("button", name="其余均无").click()
    expect(console.page.locator(".count").first).to_have_text("已知 20 · 未知 0")
    expect(console.scale("事故分级").locator(".rung.possible")).to_have_count(0)
    expect(console.field("deaths").locator("input.value")).to_have_value("0")
    expect(console.ask).to_contain_text("不必再问")
    console.page.get_by_role("button", name="清空").click()
    expect(console.page.locator(".count").first).to_have_text("已知 0 · 未知 20")
    expect(console.field("deaths").locator("input.value")).to_have_value("")
    expect(console.field("boiler_explosion").get_by_role("radio", name="未知", exact=True)).to_be_checked()


def test_the_question_leads_to_its_field(console: Console) -> None:
    console.choose(EQUIPMENT)
    console.say("boiler_explosion", "是")
    expect(console.ask).to_contain_text("锅炉的容量")
    console.page.get_by_role("button", name="去填").click()
    expect(console.field("boiler_capacity").locator("input.value")).to_be_focused()
    console.page.keyboard.type("600")
    expect(console.badge("事故分级")).to_have_text("■ Ⅰ 特别重大")


def test_duties_can_be_narrowed_to_a_unit_and_to_deadlines(console: Console) -> None:
    console.choose(POLLUTION)
    console.type("aqi_above_200_duration", "76")
    expect(console.duties.locator("section").first).to_contain_text("不能等")
    every = console.duties.locator("li").count()
    console.page.get_by_label("只看有时限").check()
    expect(console.duties.locator("li")).not_to_have_count(every)
    assert console.duties.locator("li").count() == console.duties.locator("li .due").count()
    console.page.get_by_label("只看有时限").uncheck()
    console.page.get_by_label("单位", exact=True).select_option(value="监测预报组")
    expect(console.duties.locator("section")).to_have_count(2)
    for row in console.duties.locator(".urgent li").all():
        expect(row).to_contain_text("监测预报组")


def test_time_of_assessment(console: Console) -> None:
    console.choose("朔州市抗旱应急预案")
    time = console.field("at")
    time.locator("input").fill("昨天")
    expect(time.locator(".message")).to_contain_text("不是时间")
    time.locator("input").fill("2026-07-17 03:12")
    expect(time.locator(".message")).to_have_text("")
    expect(console.field("season").locator(".message")).to_have_text("由研判时间推得：夏季")
    console.page.get_by_role("button", name="现在").click()
    expect(time.locator("input")).to_have_value(re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d$"))
    console.page.get_by_role("button", name="不填").click()
    expect(time.locator("input")).to_have_value("")


def test_another_reading_can_be_tried_and_is_announced(console: Console) -> None:
    console.choose(POLLUTION)
    console.type("aqi_above_200_duration", "76")
    expect(console.badge("预警级别")).to_have_text("▲ Ⅱ 橙色")
    console.page.get_by_text("条款另读（试算）").click()
    console.page.get_by_label("HP-10").select_option(value="a")
    expect(console.page.locator(".tried")).to_contain_text("HP-10 a")
    expect(console.badge("预警级别")).to_have_text("— 未达级别")


def test_each_tab_has_its_own_case(console: Console, browser: Browser, address: str) -> None:
    console.choose(EQUIPMENT)
    console.say("boiler_explosion", "是")
    expect(console.badge("事故分级")).to_have_text("◆ Ⅲ 较大")
    other = Console(console.page.context.new_page(), address)
    other.choose(EQUIPMENT)
    expect(other.badge("事故分级")).to_have_text("— 未达级别")
    expect(console.badge("事故分级")).to_have_text("◆ Ⅲ 较大")


@pytest.mark.parametrize("light", [False, True])
def test_text_stands_out_in_both_themes(console: Console, light: bool) -> None:
    console.choose(POLLUTION)
    console.type("aqi_above_200_duration", "76")
    console.type("so2_hourly_max", "x")
    expect(console.badge("预警级别")).to_have_text("▲ Ⅱ 橙色")
    if light:
        console.page.get_by_role("button", name="换成日间").click()
        expect(console.page.locator("body.body--light")).to_have_count(1)
    assert console.page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("plan", [POLLUTION, WEATHER])
def test_every_control_has_a_name(console: Console, plan: str) -> None:
    console.choose(plan)
    assert console.page.evaluate(NAMELESS) == []


def test_the_language_of_the_page_is_chinese(page: Page, console: Console) -> None:
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.title() == "Yuan 预案"


NAMELESS = """() => [...document.querySelectorAll('.console input, .console select, .console textarea, .console button')]
  .filter(one => !(one.getAttribute('aria-label') || one.closest('label')?.textContent.trim() || one.textContent.trim()))
  .map(one => one.outerHTML)"""

CONTRAST = """() => {
  const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const behind = one => {
    for (; one; one = one.parentElement) {
      const found = parse(getComputedStyle(one).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const one of document.querySelectorAll('.console *')) {
    const own = [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    const box = one.getBoundingClientRect();
    if (!own || !box.width || !box.height || one.closest('.unseen') || one.tagName === 'OPTION') continue;
    const [a, b] = [light(parse(getComputedStyle(one).color)), light(behind(one))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${one.className} ${one.textContent.trim().slice(0, 20)}`);
  }
  return bad;
}"""


def test_a_clause_is_one_click_away_or_says_why_it_has_no_text(console: Console) -> None:
    console.choose(EQUIPMENT)
    console.type("deaths", "12")
    console.page.locator(".conclusion [data-clause]").first.click()
    dialog = console.page.locator(".original")
    expect(dialog).to_contain_text(f"《{EQUIPMENT}》附件6 一级")
    expect(dialog).to_contain_text("YUAN_GAZETTES")
    dialog.get_by_role("button", name="关闭").click()
    expect(dialog).to_be_hidden()
    expect(console.badge("响应等级")).to_have_text("■ Ⅰ 一级")
