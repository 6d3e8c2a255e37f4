"""The sheets on paper: A4, black on white whatever the theme, every page with its head and the journal's state, nothing cut off."""

from __future__ import annotations

import re
import zlib

import pytest
from playwright.sync_api import Browser

from tests.browser.screens import EVERYTHING, Evening, Watched, settled

pytestmark = pytest.mark.browser
A4 = (595, 842)
"""Points."""
PRINTED = """() => {
  const out = [];
  const light = (text) => (text.match(/[\\d.]+/g) ?? []).slice(0, 3).map(Number);
  for (const one of document.querySelectorAll('.paper *')) {
    const own = [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    const box = one.getBoundingClientRect();
    if (!own || !box.width || !box.height) continue;
    const style = getComputedStyle(one);
    const ink = Math.max(...light(style.color));
    if (ink > 100 && !(light(style.backgroundColor).length && Math.max(...light(style.backgroundColor)) < 100)) out.push(`pale ${one.className} ${one.textContent.trim().slice(0, 20)} ${style.color}`);
    if (box.right > document.documentElement.clientWidth + 1) out.push(`cut ${one.className} ${one.textContent.trim().slice(0, 20)}`);
  }
  return out;
}"""


def pages(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page, in points; objects may be packed."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", b"\n".join(parts))
    return [(float(width), float(height)) for width, height in boxes]


@pytest.mark.parametrize("light", [False, True])
def test_every_sheet_is_black_on_white_and_fits(browser: Browser, demo: Evening, light: bool) -> None:
    with Watched(demo.context(browser, EVERYTHING, light=light, viewport={"width": 718, "height": 1000})) as page:
        for one in demo.screens():
            if not one.paper:
                continue
            settled(page, demo.address + one.path)
            page.emulate_media(media="print")
            assert page.evaluate(PRINTED) == [], one.name
            assert page.locator(".top:visible, .rail:visible, .button:visible").count() == 0, one.name
            if not light:
                sizes = pages(page.pdf(prefer_css_page_size=True))
                assert sizes, one.name
                assert all(abs(width - A4[0]) < 2 and abs(height - A4[1]) < 2 for width, height in sizes), (one.name, sizes[:2])
            page.emulate_media(media="screen")


def test_a_sheet_names_plan_version_time_person_and_state_of_the_journal(browser: Browser, demo: Evening) -> None:
    with Watched(demo.context(browser, EVERYTHING)) as page:
        one = next(shown for shown in demo.screens() if shown.name == "print-incident")
        settled(page, demo.address + one.path)
        said = page.locator(".paper").inner_text()
    for words in ("事件摘要", "演示", "版本", "北京时间", "印制人", "日志第", "校验值"):
        assert words in said, words
