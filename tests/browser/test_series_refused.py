"""A pasted or chosen table with something wrong in it: the refusal names row and column, and what was pasted stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.office import EVENING, DutyOffice

POLLUTION = "shuozhou-heavy-pollution"


def rows(*values: str) -> list[str]:
    return [f"{EVENING + timedelta(hours=n):%Y-%m-%d %H}:00\t{value}" for n, value in enumerate(values, 1)]


WRONG = (
    ("时间\tAQI\n" + "\n".join(rows("120", "很高", "130")), "第 3 行第 2 列（值）：“很高”不是数"),
    ("\n".join([*rows("120"), "昨天下午\t130"]), "第 2 行第 1 列（时间）：“昨天下午”不是时间"),
    ("\n".join([*rows("120", "130"), rows("1")[0]]), "第 3 行第 1 列（时间）"),
    ("\n\n" + "\n".join(rows("120", "-5")), "第 4 行第 2 列（值）"),
)


def test_the_row_and_the_column_are_named_and_the_text_stays(office: DutyOffice, tmp_path: Path) -> None:
    desk = office.sit_down("officer")
    incident = desk.opened(POLLUTION)
    desk.go(f"/incidents/{incident}")
    desk.pick("城市AQI小时值")
    form = desk.page.locator("[data-entry]")
    area = form.locator("textarea:visible")
    form.locator("[name=source]").fill("监测预报组")
    for number, (text, said) in enumerate(WRONG):
        file = tmp_path / f"hours-{number}.csv"
        file.write_text(text, "utf-8")
        form.locator("input[type=file]:not([disabled])").first.set_input_files(file)
        expect(area).to_have_value(text)
        form.locator("button[type=submit]").click()
        expect(form.locator("[data-said]")).to_contain_text(said)
        expect(area).to_have_value(text)
    assert "fact_observed" not in desk.kinds(incident)
