"""Make the picture of the console for the README: `python -m tests.browser.screenshot`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browser.machine import Console, browsing, find_chromium, serving

FOLDER = Path(__file__).parent / "screenshots"


def main() -> None:
    """A boiler has exploded; some things are known, some only partly, most not at all."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit("no chromium on this machine")
    FOLDER.mkdir(exist_ok=True)
    with serving() as address, browsing(chromium) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        console = Console(page, address)
        console.choose("朔州市特种设备事故应急预案")
        console.field("at").locator("input").fill("2026-01-17 03:12")
        console.say("boiler_explosion", "是")
        console.say("pressure_vessel_explosion", "否")
        console.type("deaths", "1")
        console.how("serious_injuries", "至少")
        console.type("serious_injuries", "6")
        console.type("direct_economic_loss", "800万")
        page.locator(".ways").get_by_text("还差4200万元").wait_for()
        page.locator(".console").evaluate("() => document.activeElement.blur()")
        page.screenshot(path=FOLDER / "page.png")
    print(FOLDER / "page.png")


if __name__ == "__main__":
    main()
