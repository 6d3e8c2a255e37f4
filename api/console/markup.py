"""Markup in the console: that of all documents, and its addresses under the base of an office."""

from __future__ import annotations

import re
from html import escape

from api.documents.markup import EMPTY, VOID, Child, Markup, join, tag, text

__all__ = ["ADDRESSES", "EMPTY", "VOID", "Child", "Markup", "at_base", "join", "tag", "text"]

ADDRESSES = re.compile(
    r'(?<! data-live) (?:href|src|action|formaction|data-url|data-go)="(?=/(?!/))(?!/(?:login|console\.js)[?"])'
)
"""Where an address of this server begins in markup that `tag` made: a quotation mark in a text or value is escaped there. The login and
the script are the same for all offices, and what bears `data-live` before its address leads to the live one."""


def at_base(markup: Markup, base: str) -> Markup:
    """The markup with its addresses under a base (`/drill/…`)."""
    return markup if not base else Markup(ADDRESSES.sub(lambda found: found[0] + escape(base, quote=True), markup))
