"""The address book: units, numbers, and how old they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.console.screens.contacts import Contacts
from api.library import Library
from tests.console.small_office import SmallOffice
from tests.desk.setting import plans_folder

UNITS = """jurisdiction: 某市
units:
  - {name: 某市水务局, level: 市, aliases: [市水务局]}
  - {name: 某市公安局, level: 市, aliases: [公安]}
  - {name: 某省政府, level: 省}
contacts:
  - {unit: 某市水务局, post: 值班室, phone: 0000-1, person: "<i>张</i>", verified_at: 2026-11-20}
  - {unit: 某市水务局, post: 主要负责人, phone: 0000-2, verified_at: 2026-04-01}
  - {unit: 公安, post: 值班室, phone: 0000-3, verified_at: 2025-01-01}
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    folder = plans_folder(tmp_path)
    (folder / "units").mkdir()
    (folder / "units" / "units.yaml").write_text(UNITS)
    made = SmallOffice(tmp_path, Library([folder]))
    yield made
    made.close()


def test_units_stand_by_level_with_numbers_and_the_age_of_their_verification(office: SmallOffice) -> None:
    assert office.see(Contacts).lines("units") == [
        "单位", "岗位、号码、最近核对", "按预案要做的",
        "省 · 1", "某省政府", "值班室、主要负责人", "没有号码", "—",
        "市 · 2", "某市水务局", "又称 市水务局", "值班室", "0000-1", "<i>张</i>", "2 天前核对",
        "主要负责人", "0000-2", "235 天前核对（2026-04-01），该核对了", "—",
        "某市公安局", "又称 公安", "值班室", "0000-3", "已 690 天没有核对（2025-01-01）", "主要负责人", "没有号码", "—",
    ]  # fmt: skip


def test_old_numbers_and_missing_ones_are_counted_and_seen(office: SmallOffice) -> None:
    seen = office.see(Contacts)
    assert seen.lines("summary") == ["3 个单位", "3 个号码", "1 个过期", "1 个单位没有号码"]
    assert '<b class="inverse">已 690 天没有核对' in seen.panels["units"]
    assert '<span class="soon">235 天前核对' in seen.panels["units"]


def test_what_is_searched_for_is_in_each_row(office: SmallOffice) -> None:
    html = office.see(Contacts, query={"q": '水务"><b>'}).panels["units"]
    assert 'data-words="某市水务局 市水务局 值班室 主要负责人 0000-1 &lt;i&gt;张&lt;/i&gt; 0000-2 "' in html
    assert 'value="水务&quot;&gt;&lt;b&gt;"' in office.see(Contacts, query={"q": '水务"><b>'}).frame


def test_it_says_where_numbers_come_from(office: SmallOffice) -> None:
    lines = office.see(Contacts).lines("origin")
    assert any("YUAN_PLANS_DIR" in one and "还没有设置" in one for one in lines)


def test_a_place_without_units_says_so(small_office: SmallOffice) -> None:
    assert small_office.see(Contacts).lines("units") == ["没有登记单位。单位写在 units 文件夹里，保存后列在这里"]
