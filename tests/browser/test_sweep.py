"""情景扫描 in a browser: the map follows what is typed, a mistake is said, another reading stands beside it, and the export is a page of its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.office import POLLUTION, DutyOffice

pytestmark = pytest.mark.browser


def test_the_map_follows_what_is_typed(office: DutyOffice) -> None:
    officer = office.sit_down("officer")
    incident = officer.opened(
        POLLUTION, aqi_above_200_duration=76, so2_hourly_max=612, aqi_24h_mean_max=342, no_improvement_24h=True
    )
    officer.tell(incident, regional_notice="none", consultation_warning="none")
    officer.go(f"/incidents/{incident}")
    officer.page.get_by_role("link", name="情景扫描").click()
    officer.page.wait_for_url(f"**/sweeps?incident={incident}")
    officer.ready()
    page = officer.page
    page.locator("select[name=x]").select_option("aqi_above_200_duration")
    page.locator("select[name=y]").select_option("so2_hourly_max")
    drawn = page.locator('[data-panel="map"] svg').first
    expect(drawn).to_contain_text("现在 76小时，612微克/立方米")
    expect(drawn).to_contain_text("+188 以上")
    expect(page.locator('[data-panel="counts"]')).to_contain_text("全部组合 10,201 例")

    # a range that cannot be is said, and typed on
    span = page.get_by_label("横轴的范围")
    span.fill("120:0")
    expect(page.locator('[data-panel="problems"]')).to_contain_text("下限 120 大于上限 0")
    span.fill("0:60:1")
    expect(page.locator('[data-panel="counts"]')).to_contain_text("全部组合 6,161 例")
    expect(page.locator('[data-panel="problems"]')).to_be_empty()
    expect(span).to_be_focused()
    span.fill("")

    # the other reading
    page.locator("select[name=reading]").select_option("HP-10=a")
    compared = page.locator('[data-panel="compare"]')
    expect(compared).to_contain_text("现在这一点会变：预警级别 橙色 → 黄色")
    expect(compared.locator("svg")).to_have_count(1)

    # its export is a page without a script, marked all over
    page.goto(page.url.partition("/sweeps")[0] + str(page.get_by_role("link", name="导出网页").get_attribute("href")))
    expect(page).to_have_title("[推演] 情景扫描：朔州市重污染天气应急预案")
    assert page.locator("script").count() == 0
    assert page.locator("svg.level-map").count() == 2
    assert officer.kinds(incident).count("fact_observed") == 6
