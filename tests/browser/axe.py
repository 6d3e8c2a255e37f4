"""axe on a page: WCAG 2 A and AA; what it finds, one line an element."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
BAD = ("serious", "critical")
SCRIPT = Axe().axe_script
PRUNE = """() => {
  const shape = (one) => one.tagName + '.' + one.className + (one.hidden ? '!' : '') + '(' + [...one.children].map(shape).join() + ')';
  for (const parent of document.querySelectorAll('ul, ol, tbody, section, article, div, table')) {
    const seen = new Map();
    for (const child of [...parent.children]) {
      if (!/^(LI|TR|ARTICLE|SECTION|DETAILS|TBODY|LABEL|OPTION)$/.test(child.tagName)) continue;
      const key = shape(child), count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      if (count > 2) child.remove();
    }
  }
}"""
"""Of rows that are built alike two are enough: axe takes seconds for hundreds."""


def prune(page: Page) -> None:
    """Take away the third and further rows that are built alike."""
    page.evaluate(PRUNE)


def violations(page: Page, options: dict[str, Any] | None = None, context: str | None = None) -> list[str]:
    """What axe objects to, seriously or critically."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT)
    found = page.evaluate("([context, options]) => axe.run(context ?? document, options)", [context, options or OPTIONS])[
        "violations"
    ]
    return [
        f"{one['id']} ({one['impact']}) {node['target']} {node['html'][:160]} {_numbers(node)}"
        for one in found
        if one["impact"] in BAD
        for node in one["nodes"]
    ]


def _numbers(node: dict[str, Any]) -> str:
    data = [check["data"] for check in node["any"] if isinstance(check.get("data"), dict)]
    return " ".join(
        f"{one.get('fgColor')} on {one.get('bgColor')} {one.get('contrastRatio')}" for one in data if "fgColor" in one
    )
