"""Make the picture of the console for the README: `python -m tests.browser.screenshot`. The others are made by `tests.browser.shots`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browser.machine import browsing, find_chromium
from tests.browser.screens import evening, settled

FOLDER = Path(__file__).parent / "screenshots"


def main() -> None:
    """The first screen of the duty officer on the demonstration's evening."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit("no chromium on this machine")
    FOLDER.mkdir(exist_ok=True)
    with evening() as found, browsing(chromium) as browser:
        page = found.context(browser, "zhiban1").new_page()
        settled(page, f"{found.address}/")
        page.screenshot(path=FOLDER / "page.png")
    print(FOLDER / "page.png")


if __name__ == "__main__":
    main()
