"""HTML that is escaped by construction: the only way to markup here is through `tag`."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | None
VOID = frozenset({"br", "hr", "input"})
EMPTY = Markup("")


def text(child: Child) -> str:
    """A child as HTML: escaped unless it is markup; nothing for None."""
    if child is None:
        return ""
    return child if isinstance(child, Markup) else escape(child, quote=True)


def tag(name: str, /, *children: Child, **attributes: str | bool | None) -> Markup:
    """An element. `class_`, `data_key` name the attributes class, data-key; True is a bare attribute, None and False none."""
    written = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        written.append(f" {attribute}" if value is True else f' {attribute}="{escape(value, quote=True)}"')
    opening = f"<{name}{''.join(written)}>"
    if name in VOID:
        return Markup(opening)
    return Markup(f"{opening}{''.join(text(child) for child in children)}</{name}>")


def join(children: Iterable[Child], between: str = "") -> Markup:
    """Children one after another, with escaped text between them."""
    return Markup(escape(between).join(text(child) for child in children if child))
