"""Pictures of every screen: `python -m tests.browser.shots [names…]` writes them to build/screenshots, in both themes and two sizes."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.machine import ROOT, browsing, find_chromium
from tests.browser.screens import EVERYTHING, Evening, Shown, evening, settled

FOLDER = ROOT / "build" / "screenshots"
SIZES = ((1280, 800), (1920, 1080))
LARGE = ("overview", "incident-pollution", "decision", "duties", "wall", "report")
"""Screens shown in large type too."""


def shoot(browser: Browser, found: Evening, screens: tuple[Shown, ...], folder: Path = FOLDER) -> int:
    """Every screen in both themes and sizes, some in large type, the sheets as PDF too; how many pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for large in (False, True):
        for light in (False, True):
            wanted = [one for one in screens if not large or one.name in LARGE]
            for width, height in SIZES[:1] if large else SIZES:
                context = found.context(
                    browser, EVERYTHING, light=light, large=large, viewport={"width": width, "height": height}
                )
                page = context.new_page()
                for one in wanted:
                    settled(page, found.address + one.path)
                    theme = "light" if light else "dark"
                    page.screenshot(path=folder / f"{one.name}-{theme}-{width}{'-large' if large else ''}.png")
                    count += 1
                    if one.paper and not light and width == SIZES[0][0]:
                        page.pdf(path=folder / f"{one.name}.pdf", format="A4", prefer_css_page_size=True)
                context.close()
    return count


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        sys.exit("no chromium on this machine")
    with evening() as found, browsing(chromium) as browser:
        screens = tuple(one for one in found.screens() if not sys.argv[1:] or one.name in sys.argv[1:])
        print(f"{shoot(browser, found, screens)} pictures in {FOLDER}")


if __name__ == "__main__":
    main()
