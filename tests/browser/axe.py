"""axe on a page: WCAG 2 A and AA; what it finds, one line an element."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
BAD = ("serious", "critical")


def violations(page: Page, impacts: tuple[str, ...] = BAD) -> list[str]:
    """What axe objects to, of these impacts."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{one['id']} ({one['impact']}) {node['target']} {node['html'][:160]} {_numbers(node)}"
        for one in found
        if one["impact"] in impacts
        for node in one["nodes"]
    ]


def _numbers(node: dict) -> str:
    data = [check["data"] for check in node["any"] if isinstance(check.get("data"), dict)]
    return " ".join(f"{one.get('fgColor')} on {one.get('bgColor')} {one.get('contrastRatio')}" for one in data if "fgColor" in one)
