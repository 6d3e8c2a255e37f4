"""The frame around every screen: top bar with clock, line and person; rail; search and help; the foot."""

from __future__ import annotations

from collections.abc import Sequence

from api.console import drill_frame
from api.console.markup import Markup, join, tag
from api.console.screen import Screen
from api.console.visit import ROLES
from api.http.at_desk import AtDesk
from api.people.clock import stamp

KEYS = (
    ("N", "新事实；没有打开事件时为快报"),
    ("A", "确认收到（下一项未确认的任务）"),
    ("D", "下一个时限"),
    ("S", "待签"),
    ("R", "事件屏：级别所依的条款解释，再按为下一个"),
    ("1–9", "打开第几件事件"),
    ("/", "查找：预案、条款、单位、事件"),
    ("?", "本页"),
    ("Esc", "关闭，已填的保留"),
)
SHORT_KEYS = (
    ("N", "记一条"), ("A", "确认"), ("D", "下一时限"), ("S", "待签"), ("1–9", "打开事件"), ("/", "查找"), ("?", "全部按键"),
)  # fmt: skip
"""Those that are always to be seen."""
FACTS_HERE = ("/incidents/", "/watches", "/new")
"""Screens on which N goes to their own form."""
BRAND, SUB = "值班台", "预案 Yuan"


def head(screen: Screen, at_desk: AtDesk) -> str:
    """What the script needs to know."""
    visit = screen.visit
    metas = (("csrf", visit.csrf), ("person", at_desk.caller.actor.person_id), ("now", stamp(at_desk.now) or ""))
    told = join(tag("meta", name=f"yuan-{name}", content=content) for name, content in metas)
    if at_desk.wing is None:
        return told
    real = visit.now() if visit.place.live is None else visit.place.live.desk.now()
    return told + drill_frame.head(at_desk.wing, visit.base, stamp(real) or "")


def around(screen: Screen, rail: Sequence[type[Screen]], at_desk: AtDesk, inner: Markup) -> Markup:
    """The whole page."""
    wing = at_desk.wing
    drill, over = ("", None) if wing is None else (" drill", drill_frame.watermark())
    if screen.bare:
        mark = None if wing is None else drill_frame.bare_mark(wing)
        return tag("div", mark, tag("div", data_panel="error"), inner, over, class_=f"yuan bare{drill}", data_path=screen.path)
    return tag(
        "div",
        tag("a", "跳到正文", href="#work", class_="skip"),
        _top(screen, at_desk) if wing is None else drill_frame.top(screen, at_desk, wing),
        tag("div", hidden=True, data_line=True, class_="line-down", role="alert"),
        tag("div", hidden=True, data_notice=True, class_="notice", role="alert"),
        tag("div", data_announce=True, class_="unseen", aria_live="polite"),
        tag(
            "div",
            _rail(screen, rail, at_desk) if wing is None else drill_frame.rail(screen, rail, at_desk),
            tag("main", tag("div", data_panel="error"), inner, id="work", class_="work", tabindex="-1"),
            class_="middle",
        ),
        _foot() if wing is None else drill_frame.foot(SHORT_KEYS),
        _search(),
        _help(KEYS if wing is None else (*KEYS, *drill_frame.KEYS)),
        _clause(),
        over,
        class_=f"yuan{drill}",
        data_path=screen.path,
    )


def _top(screen: Screen, at_desk: AtDesk) -> Markup:
    actor = at_desk.caller.actor
    roles = "、".join(ROLES[role] for role in ROLES if role in actor.roles)
    return tag(
        "header",
        tag("div", tag("b", BRAND), tag("span", SUB), class_="brand"),
        tag("div", " ", tag("small"), data_clock=True, class_="clock", role="timer", aria_label="北京时间"),
        tag("div", data_today=True, class_="today"),
        tag("span", "演示", class_="chip demo") if screen.visit.place.office.demo else None,
        tag("div", screen.name(at_desk), class_="where"),
        tag("div", data_panel="duty", class_="on-duty"),
        tag("a", "查找", href="/search", class_="button", data_shortcut="/", data_open="search", role="button"),
        tag("button", "浅色", type="button", class_="button", data_toggle="light", aria_pressed="false"),
        tag("button", "大字", type="button", class_="button", data_toggle="large", aria_pressed="false"),
        tag("button", "？", type="button", class_="button", data_open="help", data_shortcut="?", aria_label="按键"),
        tag(
            "a",
            tag("b", actor.name),
            tag("small", roles),
            href=f"/people/{actor.person_id}",
            class_="person",
            title="我的密码、令牌和登录",
        ),
        tag("button", "退出", type="button", class_="button", data_logout=True),
        class_="top",
    )


def _rail(screen: Screen, rail: Sequence[type[Screen]], at_desk: AtDesk) -> Markup:
    roles = at_desk.caller.actor.roles
    links = [
        tag(
            "a", one.rail, tag("span", data_panel="to-sign") if one.path == "/sign" else None, href=one.path, aria_current="page" if _here(one.path, screen.path) else None,
            data_shortcut=_key(one.path, screen.path),
        )
        for one in rail if one.rail is not None and roles & one.roles
    ]  # fmt: skip
    return tag("nav", join(links), class_="rail", aria_label="各屏")


def _key(path: str, here: str) -> str | None:
    """N is a first report where no facts are entered."""
    if path == "/new":
        return None if here.startswith(FACTS_HERE) else "n"
    return {"/sign": "s"}.get(path)


def _here(listed: str, shown: str) -> bool:
    """Whether the screen shown is the listed one, or one below it."""
    return shown == listed or (listed != "/" and shown.startswith(f"{listed}/"))


def _foot() -> Markup:
    return tag(
        "footer",
        tag("span", data_linked=True),
        tag("span", *(tag("span", tag("kbd", key), f" {words}") for key, words in SHORT_KEYS), class_="keys"),
        tag("span", "引擎只提建议，由有权的人签发；每一行都可追到条款和事实", class_="motto"),
        tag("span", data_panel="foot"),
        class_="foot",
    )


def _search() -> Markup:
    return tag(
        "dialog",
        tag(
            "form",
            tag("label", "查找预案、条款、单位、事件", tag("input", name="q", type="search", autocomplete="off", autofocus=True)),
            tag(
                "div",
                tag("button", "查找", type="submit", class_="button primary"),
                tag("button", "关闭", type="button", class_="button", data_close=True),
                class_="line",
            ),
            action="/search",
            method="get",
        ),
        id="search",
        aria_label="查找",
    )


def _clause() -> Markup:
    return tag(
        "dialog",
        tag("h2", data_part="name", class_="title"),
        tag("p", data_part="note", class_="note"),
        tag("p", data_part="text", class_="printed"),
        tag("p", data_part="source", class_="source"),
        tag("button", "关闭", type="button", class_="button", data_close=True),
        id="clause",
        aria_label="条款原文",
    )


def _help(keys: Sequence[tuple[str, str]]) -> Markup:
    rows = (tag("tr", tag("th", tag("kbd", key), scope="row"), tag("td", words)) for key, words in keys)
    return tag(
        "dialog",
        tag("h2", "按键", class_="title"),
        tag("table", tag("tbody", join(rows))),
        tag("p", "没有一个按键会直接签发、发送：签发都要在对话框里确认。"),
        tag("button", "关闭", type="button", class_="button", data_close=True),
        id="help",
        aria_label="按键",
    )
