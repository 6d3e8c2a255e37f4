"""Whom a visitor of the demonstration may log in as, on the login page."""

from __future__ import annotations

from api.console.markup import Markup, join, tag
from api.demo.store import Demo


def demo_logins(demo: Demo) -> Markup:
    """The logins with what each may do, and the one password."""
    rows = (
        tag(
            "tr",
            tag("th", tag("code", one.login), scope="row"),
            tag("td", one.shown),
            tag("td", one.jurisdiction.replace("*", "全部")),
        )
        for one in demo.story.people
    )
    return tag(
        "section",
        tag("h2", tag("span", "演示", class_="chip demo"), " 事件、人员都是虚构的"),
        tag("p", "密码都是 ", tag("code", demo.story.password), "。登录名："),
        tag("table", tag("tbody", join(rows))),
        class_="demo-logins",
        aria_label="演示的登录名",
    )
