"""What only a demonstration shows: whom a visitor may log in as, and the button that removes it."""

from __future__ import annotations

from api.console.markup import EMPTY, Markup, join, tag
from api.demo.store import Demo


def demo_logins(demo: Demo) -> Markup:
    """The logins by what they may do, and the one password."""
    groups: dict[str, list[str]] = {}
    for one in demo.story.people:
        groups.setdefault(one.shown, []).append(one.login)
    rows = (
        tag("tr", tag("th", shown, scope="row"), tag("td", join((tag("code", login) for login in logins), " ")))
        for shown, logins in groups.items()
    )
    return tag(
        "section",
        tag("h2", tag("span", "演示", class_="chip demo"), " 事件、人员都是虚构的"),
        tag("p", "登录名如下，密码都是 ", tag("code", demo.story.password)),
        tag("table", tag("tbody", join(rows))),
        class_="demo-logins",
        aria_label="演示的登录名",
    )


def removal_form(demo: Demo | None) -> Markup:
    """One click removes it; nothing at an office. Never queued: it is sent now or not at all."""
    if demo is None:
        return EMPTY
    return tag(
        "section",
        tag("h2", tag("span", "演示", class_="chip demo"), " 移除", class_="title"),
        tag("p", f"删去演示的全部数据（{demo.folder}），服务随即停止；正式的库不受影响。"),
        tag(
            "form",
            tag("button", "移除演示", type="submit", class_="button"),
            tag("p", class_="said", data_said=True, data_still=True, tabindex="-1", role="status"),
            data_url="/api/v1/demo/removal",
            data_bare=True,
            data_now_or_never=True,
            data_done="演示已移除，服务随即停止。正式值守请运行 yuan serve",
        ),
        class_="panel wide",
        aria_label="移除演示",
    )
